-- read_history: all that is stored of one account over time, or (null) of each, oldest first, in the order they were
-- added; an empty list where there is no such account. Prices of the policy's assets only where p_prices.
-- With p_points only the rows that a history of that range and so many points needs are there (private.drawn_rows), and
-- beside them what befell between the first and the last of those to be drawn: flows, events (and the last one before, for
-- what the benchmark held), partial snapshots, and estimates where the range has the start in it. Everything else is whole.
-- Where p_together only what each account was worth is there of its rows, for what all were together follows from that,
-- and with the first account the prices of the assets of every policy.
-- Columns of equal length, times in microseconds, numbers as text; the long ones are joined by commas.
drop function if exists public.read_history(text, boolean);
drop function if exists public.read_history(text, boolean, integer, interval, timestamptz, timestamptz);
create or replace function public.read_history(
    p_account text default null, p_prices boolean default false, p_points integer default null,
    p_length interval default null, p_since timestamptz default null, p_until timestamptz default null,
    p_together boolean default false
)
returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', a.id, 'edition', private.edition(a.id, a.version, a.created_at), 'name', a.name, 'policy', a.policy,
        'inception', (extract(epoch from a.inception) * 1000000)::bigint,
        'paused_at', (extract(epoch from a.paused_at) * 1000000)::bigint,
        'closed_at', (extract(epoch from a.closed_at) * 1000000)::bigint,
        'benchmark', a.state -> 'checkpoint' -> 'benchmark',
        'rows', case when p_together then (
            select jsonb_build_object(
                'at', string_agg((extract(epoch from s.at) * 1000000)::bigint::text, ','),
                'slot', string_agg((extract(epoch from s.slot) * 1000000)::bigint::text, ','),
                'slot_minutes', string_agg(s.slot_minutes::text, ','),
                'nav_usd', string_agg(s.nav_usd::text, ','),
                'benchmark_usd', string_agg(s.benchmark_usd::text, ','))
              from (select * from public.snapshots as p
                     where p.account_id = a.id and p.complete order by p.at) as s)
        else coalesce(drawn.rows, (
            select jsonb_build_object(
                'at', string_agg((extract(epoch from s.at) * 1000000)::bigint::text, ','),
                'slot', string_agg((extract(epoch from s.slot) * 1000000)::bigint::text, ','),
                'slot_minutes', string_agg(s.slot_minutes::text, ','),
                'nav_usd', string_agg(s.nav_usd::text, ','),
                'benchmark_usd', string_agg(s.benchmark_usd::text, ','),
                'nav_index', string_agg(s.nav_index::text, ','),
                'benchmark_index', string_agg(s.benchmark_index::text, ','),
                'flow_usd', string_agg(s.flow_usd::text, ','),
                'rung', string_agg(coalesce(s.rung::text, ''), ','),
                'note', string_agg(coalesce(s.note, ''), ','))
              from (select * from public.snapshots as p
                     where p.account_id = a.id and p.complete order by p.at) as s)) end,
        'partials', (
            select coalesce(jsonb_agg(jsonb_build_object(
                       'at', (extract(epoch from s.at) * 1000000)::bigint,
                       'slot', (extract(epoch from s.slot) * 1000000)::bigint,
                       'missing', s.missing) order by s.at), '[]')
              from public.snapshots as s
             where s.account_id = a.id and not s.complete
               and (span.base_at is null or greatest(s.at, s.slot) > span.base_at
                    and (s.slot < span.end_at or span.end_at = span.newest_at))),
        'unexplained', (
            select coalesce(jsonb_agg(jsonb_build_object(
                       'at', (extract(epoch from s.at) * 1000000)::bigint,
                       'usd', s.unexplained_usd::text) order by s.at), '[]')
              from public.snapshots as s where s.account_id = a.id and s.complete and s.unexplained_usd is not null),
        'events', (
            select coalesce(jsonb_agg(jsonb_build_object(
                       'at', (extract(epoch from e.at) * 1000000)::bigint, 'kind', e.kind,
                       'usd', e.usd::text, 'value_usd', e.value_usd::text, 'units', e.units,
                       'exhausted_at', (extract(epoch from e.exhausted_at) * 1000000)::bigint,
                       'shortfall_usd', e.shortfall_usd::text) order by e.at, e.seq), '[]')
              from public.benchmark_events as e
             where e.account_id = a.id
               and (span.base_at is null or e.at <= span.end_at and e.at >= least(span.base_at, (
                        select max(b.at) from public.benchmark_events as b
                         where b.account_id = a.id and b.at <= span.end_at)))),
        'rebalances', (
            select coalesce(jsonb_agg((extract(epoch from r.at) * 1000000)::bigint order by r.at), '[]')
              from public.rebalances as r where r.account_id = a.id),
        'estimates', (
            select coalesce(jsonb_agg(jsonb_build_object(
                       'at', (extract(epoch from e.at) * 1000000)::bigint, 'usd', e.usd::text) order by e.at), '[]')
              from public.estimates as e
             where e.account_id = a.id and (span.base_at is null or span.base_at = a.inception)),
        'restated', (
            select coalesce(jsonb_agg(jsonb_build_object(
                       'id', l.id, 'at', (extract(epoch from l.at) * 1000000)::bigint, 'level', l.level,
                       'event', l.event, 'message', l.message, 'run', l.run, 'account', l.account_id, 'data', l.data)
                       order by l.id), '[]')
              from (select * from public.logs as k
                     where k.account_id = a.id and k.event = 'account.restated' order by k.id desc limit 10) as l),
        'flows', private.flows(a.id, coalesce(span.base_at, '-infinity'), coalesce(span.end_at, 'infinity')),
        'prices', case when p_prices then private.policy_prices(a.id)
                       when p_together and a.place = (select min(b.place) from public.accounts as b)
                       then private.common_prices() else '[]' end) order by a.place), '[]')
      from public.accounts as a
     cross join lateral (select case when p_points is not null then
                             private.drawn_rows(a.id, p_points, p_length, p_since, p_until) end as rows offset 0) as drawn
     cross join lateral (select * from private.drawn_span(drawn.rows) offset 0) as span
     where p_account is null or a.id = p_account;
$$;
revoke execute on function public.read_history(text, boolean, integer, interval, timestamptz, timestamptz, boolean)
    from public, anon, authenticated;
grant execute on function public.read_history(text, boolean, integer, interval, timestamptz, timestamptz, boolean)
    to service_role;
