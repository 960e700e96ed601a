-- finish_run: end the leases that a run still holds, note why its failed accounts failed, keep what it tells, and
-- once a day by p_at drop the oldest log entries and thin what old snapshots were made of.
-- p_failures: {account: {"code", "detail", "cause"}}. An account that another run took over or that was committed keeps
-- its status. p_deferred: the accounts whose turn did not come; they count as not tried by this run. p_banned_until: when
-- the exchange's ban of the run's address ends. Retry: safe, save that its log entries are kept once more.
-- Answers with what there is to judge of every account where p_watch says that somebody is told, else with null.
drop function if exists public.finish_run(text, jsonb);
drop function if exists public.finish_run(text, jsonb, jsonb, timestamptz, integer, bigint);
drop function if exists public.finish_run(text, jsonb, jsonb, timestamptz, integer, bigint, text[], timestamptz);
create or replace function public.finish_run(
    p_run text, p_failures jsonb, p_logs jsonb default '[]', p_at timestamptz default null,
    p_log_days integer default 30, p_log_entries bigint default 1000000,
    p_deferred text[] default '{}', p_banned_until timestamptz default null, p_watch boolean default false)
returns jsonb
language sql volatile security invoker set search_path = ''
as $$
    update public.accounts as a
       set leased_until = null, lease_run = null,
           last_tried_at = case when a.id = any (p_deferred) then a.tried_before else a.last_tried_at end,
           status_code = coalesce(p_failures -> a.id ->> 'code', a.status_code),
           status_detail = case when p_failures ? a.id then p_failures -> a.id ->> 'detail' else a.status_detail end,
           status_cause = case when p_failures ? a.id then p_failures -> a.id ->> 'cause' else a.status_cause end
     where a.lease_run = p_run;
    insert into public.bans as b (exchange, ends_at)
    select 'binance', p_banned_until where p_banned_until is not null
        on conflict (exchange) do update set ends_at = excluded.ends_at;
    select private.write_logs(p_run, p_logs);
    select private.prune_logs(p_at, p_log_days, p_log_entries) where p_at is not null;
    select private.prune_details(p_at) where p_at is not null;
    update public.accounts as a set watched_since = p_at
     where p_watch and a.watched_since is null and a.paused_at is null and a.closed_at is null;
    select case when p_watch then private.watched() end;
$$;
revoke execute on function public.finish_run(
    text, jsonb, jsonb, timestamptz, integer, bigint, text[], timestamptz, boolean)
    from public, anon, authenticated;
grant execute on function public.finish_run(
    text, jsonb, jsonb, timestamptz, integer, bigint, text[], timestamptz, boolean)
    to service_role;
