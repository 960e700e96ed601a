-- list_accounts_unless: what list_accounts tells, with a mark of it; null instead where p_known is that mark already. A page
-- that stays open asks every minute, and something is new once an hour.
create or replace function public.list_accounts_unless(p_known text)
returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select jsonb_build_object('mark', m.mark, 'accounts', case when m.mark is distinct from p_known then l.accounts end)
      from (select public.list_accounts() as accounts offset 0) as l
     cross join lateral (select md5(l.accounts::text) as mark) as m;
$$;
revoke execute on function public.list_accounts_unless(text) from public, anon, authenticated;
grant execute on function public.list_accounts_unless(text) to service_role;
