-- read_editions: the edition of one account, or (null) of each, in the order they were added; empty where there is none.
create or replace function public.read_editions(p_account text default null)
returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select coalesce(jsonb_agg(private.edition(a.id, a.version, a.created_at) order by a.place), '[]')
      from public.accounts as a where p_account is null or a.id = p_account;
$$;
revoke execute on function public.read_editions(text) from public, anon, authenticated;
grant execute on function public.read_editions(text) to service_role;
