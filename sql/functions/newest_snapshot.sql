-- newest_snapshot: the time of the newest complete snapshot of any account, in microseconds; null where there is none.
create or replace function public.newest_snapshot()
returns bigint
language sql stable security invoker set search_path = ''
as $$
    select (extract(epoch from max(newest.at)) * 1000000)::bigint
      from public.accounts as a
      join lateral (select s.at from public.snapshots as s where s.account_id = a.id and s.complete
                     order by s.at desc limit 1) as newest on true;
$$;
revoke execute on function public.newest_snapshot() from public, anon, authenticated;
grant execute on function public.newest_snapshot() to service_role;
