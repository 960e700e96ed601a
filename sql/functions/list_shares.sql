-- list_shares: every link, newest first, without what opens it. Times in microseconds.
create or replace function public.list_shares()
returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object(
               'id', s.id, 'account', s.account_id,
               'created_at', (extract(epoch from s.created_at) * 1000000)::bigint,
               'last_opened_at', (extract(epoch from s.last_opened_at) * 1000000)::bigint)
               order by s.created_at desc, s.id), '[]')
      from public.shares as s;
$$;
revoke execute on function public.list_shares() from public, anon, authenticated;
grant execute on function public.list_shares() to service_role;
