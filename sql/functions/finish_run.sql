-- finish_run: end the leases that a run still holds, note why its failed accounts failed, keep what it tells, and
-- once a day by p_at drop the oldest log entries.
-- p_failures: {account: {"code", "detail"}}. An account that another run took over or that was committed keeps its
-- status. Retry: safe, save that its log entries are kept once more.
drop function if exists public.finish_run(text, jsonb);
create or replace function public.finish_run(
    p_run text, p_failures jsonb, p_logs jsonb default '[]', p_at timestamptz default null,
    p_log_days integer default 30, p_log_entries bigint default 1000000)
returns void
language sql volatile security invoker set search_path = ''
as $$
    update public.accounts as a
       set leased_until = null, lease_run = null,
           status_code = coalesce(p_failures -> a.id ->> 'code', a.status_code),
           status_detail = case when p_failures ? a.id then p_failures -> a.id ->> 'detail' else a.status_detail end
     where a.lease_run = p_run;
    select private.write_logs(p_run, p_logs);
    select private.prune_logs(p_at, p_log_days, p_log_entries) where p_at is not null;
$$;
revoke execute on function public.finish_run(text, jsonb, jsonb, timestamptz, integer, bigint)
    from public, anon, authenticated;
grant execute on function public.finish_run(text, jsonb, jsonb, timestamptz, integer, bigint) to service_role;
