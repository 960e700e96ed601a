-- finish_run: end the leases that a run still holds, note why its failed accounts failed, keep what it tells, and
-- once a day by p_at drop the oldest log entries and thin what old snapshots were made of.
-- p_failures: {account: {"code", "detail"}}. An account that another run took over or that was committed keeps its
-- status. p_deferred: the accounts whose turn did not come; they count as not tried by this run. p_banned_until: when
-- the exchange's ban of the run's address ends. Retry: safe, save that its log entries are kept once more.
drop function if exists public.finish_run(text, jsonb);
drop function if exists public.finish_run(text, jsonb, jsonb, timestamptz, integer, bigint);
create or replace function public.finish_run(
    p_run text, p_failures jsonb, p_logs jsonb default '[]', p_at timestamptz default null,
    p_log_days integer default 30, p_log_entries bigint default 1000000,
    p_deferred text[] default '{}', p_banned_until timestamptz default null)
returns void
language sql volatile security invoker set search_path = ''
as $$
    update public.accounts as a
       set leased_until = null, lease_run = null,
           last_tried_at = case when a.id = any (p_deferred) then a.tried_before else a.last_tried_at end,
           status_code = coalesce(p_failures -> a.id ->> 'code', a.status_code),
           status_detail = case when p_failures ? a.id then p_failures -> a.id ->> 'detail' else a.status_detail end
     where a.lease_run = p_run;
    insert into public.bans as b (exchange, ends_at)
    select 'binance', p_banned_until where p_banned_until is not null
        on conflict (exchange) do update set ends_at = excluded.ends_at;
    select private.write_logs(p_run, p_logs);
    select private.prune_logs(p_at, p_log_days, p_log_entries) where p_at is not null;
    select private.prune_details(p_at) where p_at is not null;
$$;
revoke execute on function public.finish_run(text, jsonb, jsonb, timestamptz, integer, bigint, text[], timestamptz)
    from public, anon, authenticated;
grant execute on function public.finish_run(text, jsonb, jsonb, timestamptz, integer, bigint, text[], timestamptz)
    to service_role;
