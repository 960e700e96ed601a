-- private.watched: what there is to judge of every account that is collected, with what is the matter with it already.
-- Times in microseconds, numbers as text. peak_index and wiped_out are read only where a limit asks for them. waiting:
-- there are messages that nobody is sending.
create or replace function private.watched()
returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select jsonb_build_object(
        'waiting', exists (select from public.alert_messages as m
                            where m.leased_until is null or m.leased_until < clock_timestamp()),
        'accounts', coalesce(jsonb_agg(jsonb_build_object(
            'id', a.id, 'name', a.name,
            'status', jsonb_build_object('code', a.status_code, 'detail', a.status_detail, 'cause', a.status_cause),
            'since', (extract(epoch from a.watched_since) * 1000000)::bigint,
            'behind', a.alert_behind::text, 'drawdown', a.alert_drawdown::text, 'digest', a.digest,
            'digest_until', (extract(epoch from a.digest_until) * 1000000)::bigint,
            'latest', latest.snapshot, 'last_try', tried.attempt,
            'peak_index', case when a.alert_drawdown is not null then private.peak_index(a.id)::text end,
            'jumps', coalesce(a.state -> 'jumps', '[]'),
            'episodes', coalesce((
                select jsonb_agg(jsonb_build_object(
                           'kind', e.kind, 'subject', e.subject, 'detail', e.detail,
                           'since', (extract(epoch from e.since) * 1000000)::bigint) order by e.since, e.kind, e.subject)
                  from public.alert_episodes as e where e.account_id = a.id), '[]')) order by a.place), '[]'))
      from public.accounts as a
      left join lateral (
          select jsonb_build_object(
                     'at', (extract(epoch from s.at) * 1000000)::bigint, 'slot_minutes', s.slot_minutes,
                     'nav_index', s.nav_index::text, 'benchmark_index', s.benchmark_index::text,
                     'wiped_out', case when a.alert_behind is not null then exists (
                         select from public.snapshots as w
                          where w.account_id = a.id and w.complete and w.note = 'wiped_out') end) as snapshot
            from public.snapshots as s where s.account_id = a.id and s.complete
           order by s.at desc limit 1) as latest on true
      left join lateral (
          select jsonb_build_object('at', (extract(epoch from s.at) * 1000000)::bigint,
                                    'missing', coalesce(s.missing, '{}')) as attempt
            from public.snapshots as s where s.account_id = a.id
           order by s.slot desc limit 1) as tried on true
     where a.paused_at is null and a.closed_at is null and a.sealed_key is not null;
$$;
revoke execute on function private.watched() from public, anon, authenticated;
grant execute on function private.watched() to service_role;
