-- private.prune_logs: once a day by p_at, drop log entries older than p_days or beyond the newest p_most.
create or replace function private.prune_logs(p_at timestamptz, p_days integer, p_most bigint)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    insert into public.chores as c (name, done_at) values ('prune_logs', p_at)
        on conflict (name) do update set done_at = excluded.done_at
     where c.done_at <= excluded.done_at - interval '1 day';
    if found then
        delete from public.logs as l where l.at < p_at - make_interval(days => p_days);
        delete from public.logs as l
         where l.id <= (select k.id from public.logs as k order by k.id desc offset p_most limit 1);
    end if;
end
$$;
revoke execute on function private.prune_logs(timestamptz, integer, bigint) from public, anon, authenticated;
grant execute on function private.prune_logs(timestamptz, integer, bigint) to service_role;
