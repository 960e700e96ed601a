-- list_accounts: every account with its newest complete snapshot and its newest try, in the order they were added.
-- The cause of a status is the code of the error behind it, no_key where there is none to try.
-- Times in microseconds, numbers as text; the benchmark is the state's, as of the newest complete snapshot.
create or replace function public.list_accounts()
returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object(
               'id', a.id, 'name', a.name,
               'state', case when a.closed_at is not null then 'closed'
                             when a.paused_at is not null then 'paused' else 'active' end,
               'created_at', (extract(epoch from a.created_at) * 1000000)::bigint,
               'inception', (extract(epoch from a.inception) * 1000000)::bigint,
               'status', jsonb_build_object(
                   'code', a.status_code, 'detail', a.status_detail,
                   'cause', case when a.sealed_key is null then 'no_key' else a.status_cause end),
               'alerts', jsonb_build_object(
                   'behind', a.alert_behind::text, 'drawdown', a.alert_drawdown::text, 'digest', a.digest),
               'episodes', coalesce((
                   select jsonb_agg(jsonb_build_object(
                              'kind', e.kind, 'subject', e.subject, 'detail', e.detail,
                              'since', (extract(epoch from e.since) * 1000000)::bigint)
                          order by e.since, e.kind, e.subject)
                     from public.alert_episodes as e where e.account_id = a.id), '[]'),
               'wiped_out', exists (select from public.snapshots as w
                                     where w.account_id = a.id and w.complete and w.note = 'wiped_out'),
               'latest', latest.snapshot, 'last_try', tried.attempt,
               'benchmark', a.state -> 'checkpoint' -> 'benchmark') order by a.place), '[]')
      from public.accounts as a
      left join lateral (
          select jsonb_build_object(
                     'at', (extract(epoch from s.at) * 1000000)::bigint,
                     'slot', (extract(epoch from s.slot) * 1000000)::bigint,
                     'slot_minutes', s.slot_minutes, 'nav_usd', s.nav_usd::text,
                     'benchmark_usd', s.benchmark_usd::text, 'nav_index', s.nav_index::text,
                     'benchmark_index', s.benchmark_index::text, 'flow_usd', s.flow_usd::text,
                     'rung', s.rung, 'note', s.note,
                     'holdings', coalesce(d.made -> 'holdings', '[]'), 'checks', d.made -> 'checks') as snapshot
            from public.snapshots as s
            left join public.snapshot_details as d on d.account_id = s.account_id and d.slot = s.slot
           where s.account_id = a.id and s.complete
           order by s.at desc limit 1) as latest on true
      left join lateral (
          select jsonb_build_object(
                     'at', (extract(epoch from s.at) * 1000000)::bigint, 'missing', coalesce(s.missing, '{}'),
                     'wallets', (select coalesce(jsonb_agg(distinct held -> 0), '[]')
                                   from jsonb_array_elements((d.made -> 'holdings')::jsonb) as held)) as attempt
            from public.snapshots as s
            left join public.snapshot_details as d on d.account_id = s.account_id and d.slot = s.slot
           where s.account_id = a.id
           order by s.slot desc limit 1) as tried on true;
$$;
revoke execute on function public.list_accounts() from public, anon, authenticated;
grant execute on function public.list_accounts() to service_role;
