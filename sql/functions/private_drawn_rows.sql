-- drawn_rows: of an account's complete snapshots those that a history needs to be told in full: about p_points to draw
-- (lib/domain/series.py, thin), and those from which all figures of the range follow as they do from every row: its ends,
-- the start, the newest, flows, where notes change, the last of each UTC day, the day before the end, and what a drawdown
-- turns on: where the index leaves or meets its highest so far, and each deepest fall so far.
-- `drawn` are the positions, in `rows`, of those to draw; `gaps` the pairs of the range that lie too far apart.
-- The range ends at p_until, or at the last snapshot, and begins at p_since or p_length before it; its base is the last
-- snapshot at or before that, else the first. Null where all value was ever gone in it: then every row is needed.
create or replace function private.drawn_rows(
    p_account text, p_points integer, p_length interval, p_since timestamptz, p_until timestamptz
)
returns jsonb
language sql stable security invoker set search_path = '' set work_mem = '32MB'
as $$
    with ends as materialized (
        select x.first_at, x.end_at, x.newest_at, timestamptz '2020-01-01T00:00:00Z' as midnight,
               coalesce((select max(s.at) from public.snapshots as s
                          where s.account_id = p_account and s.complete and s.at <= least(x.begin_at, x.end_at)),
                        x.first_at) as base_at,
               (select max(s.at) from public.snapshots as s
                 where s.account_id = p_account and s.complete and s.at <= x.end_at - interval '1 day') as day_at
          from (select y.first_at, y.newest_at, y.end_at,
                       coalesce(p_since, case when p_until is null then y.end_at - p_length end, y.first_at) as begin_at
                  from (select (select min(s.at) from public.snapshots as s
                                 where s.account_id = p_account and s.complete) as first_at,
                               (select max(s.at) from public.snapshots as s
                                 where s.account_id = p_account and s.complete) as newest_at,
                               (select max(s.at) from public.snapshots as s
                                 where s.account_id = p_account and s.complete
                                   and s.at <= coalesce(p_until, 'infinity')) as end_at) as y) as x
    ), part as (
        select s.at, s.slot_minutes, s.nav_usd, s.nav_index, s.benchmark_index, s.note, s.flow_usd <> 0 as flowed,
               row_number() over w - 1 as place, lead(s.at) over w as next_at,
               greatest(s.slot_minutes, lead(s.slot_minutes) over w) as longer,
               max(s.nav_index) over earlier as peak, max(s.benchmark_index) over earlier as benchmark_peak,
               lag(s.nav_index) over w as before, lead(s.nav_index) over w as after,
               lag(s.benchmark_index) over w as benchmark_before, lead(s.benchmark_index) over w as benchmark_after,
               lag(s.note) over w is distinct from s.note or lead(s.note) over w is distinct from s.note as changes
          from public.snapshots as s cross join ends as e
         where s.account_id = p_account and s.complete and s.at between e.base_at and e.end_at
        window w as (order by s.at), earlier as (order by s.at rows between unbounded preceding and 1 preceding)
    ), rows as materialized (
        -- A row on the way up, between two others that are highest so far, turns nothing.
        select p.place, p.at, p.next_at, p.longer, p.nav_usd, p.nav_index, p.benchmark_index, p.note, p.flowed,
               p.changes
               or p.nav_index + 1e-15 >= p.peak
                  and not (p.nav_index >= p.peak and p.before >= p.peak and p.after >= p.nav_index)
               or p.benchmark_index + 1e-15 >= p.benchmark_peak
                  and not (p.benchmark_index >= p.benchmark_peak and p.benchmark_before >= p.benchmark_peak
                           and p.benchmark_after >= p.benchmark_index) as turns,
               p.flowed or p.place = 0 or p.next_at is null as stays,
               case when p.nav_index < p.peak then p.peak end as below,
               case when p.benchmark_index < p.benchmark_peak then p.benchmark_peak end as benchmark_below
          from part as p
    ), counted as materialized (
        select count(*) as many, greatest((p_points - count(*) filter (where r.stays)) / 2, 1) as buckets
          from rows as r
    ), stretches as materialized (
        select ((r.place + 1) * c.buckets - 1) / c.many as stretch, min(r.nav_usd) as lowest, max(r.nav_usd) as highest
          from rows as r cross join counted as c where c.many > p_points group by 1
    ), drawn as (
        select x.place
          from (select min(r.place) filter (where r.nav_usd = t.lowest) as low,
                       min(r.place) filter (where r.nav_usd = t.highest) as high
                  from rows as r cross join counted as c
                  join stretches as t on t.stretch = ((r.place + 1) * c.buckets - 1) / c.many
                 where r.nav_usd in (t.lowest, t.highest) group by t.stretch) as e
         cross join lateral (values (e.low), (e.high)) as x (place)
        union
        select r.place from rows as r cross join counted as c where r.stays or c.many <= p_points
    ), bottoms as (
        select min(r.place) as place
          from rows as r
          join (select q.below, min(q.nav_index) as lowest from rows as q where q.below is not null group by 1) as x
            on x.below = r.below and r.nav_index <= x.lowest * (1 + 1e-29)
         group by r.below
        union
        select min(r.place)
          from rows as r
          join (select q.benchmark_below, min(q.benchmark_index) as lowest
                  from rows as q where q.benchmark_below is not null group by 1) as x
            on x.benchmark_below = r.benchmark_below and r.benchmark_index <= x.lowest * (1 + 1e-29)
         group by r.benchmark_below
    ), kept as (
        select r.at, d.place is not null as drawn
          from rows as r cross join ends as e
          left join drawn as d on d.place = r.place
          left join bottoms as b on b.place = r.place
         where d.place is not null or b.place is not null or r.turns or r.at = e.day_at
            or date_bin('1 day', r.at - interval '1 microsecond', e.midnight)
               <> date_bin('1 day', r.next_at - interval '1 microsecond', e.midnight)
        union all
        select s.at, false
          from public.snapshots as s cross join ends as e
         where s.account_id = p_account and s.complete
           and (e.end_at is null or s.at < e.base_at or s.at > e.end_at)
           and (s.at in (e.first_at, e.newest_at) or s.at < e.base_at and (s.at >= e.day_at or s.flow_usd <> 0))
    ), told as (
        select s.*, k.drawn, row_number() over (order by k.at) - 1 as position
          from kept as k
         cross join lateral (select * from public.snapshots as t
                              where t.account_id = p_account and t.complete and t.at = k.at offset 0) as s
         order by k.at
    )
    select jsonb_build_object(
        'at', string_agg((extract(epoch from r.at) * 1000000)::bigint::text, ','),
        'slot', string_agg((extract(epoch from r.slot) * 1000000)::bigint::text, ','),
        'slot_minutes', string_agg(r.slot_minutes::text, ','),
        'nav_usd', string_agg(r.nav_usd::text, ','),
        'benchmark_usd', string_agg(r.benchmark_usd::text, ','),
        'nav_index', string_agg(r.nav_index::text, ','),
        'benchmark_index', string_agg(r.benchmark_index::text, ','),
        'flow_usd', string_agg(r.flow_usd::text, ','),
        'rung', string_agg(coalesce(r.rung::text, ''), ','),
        'note', string_agg(coalesce(r.note, ''), ','),
        'drawn', string_agg(r.position::text, ',') filter (where r.drawn),
        'gaps', (
            select coalesce(jsonb_agg(jsonb_build_array(
                       (extract(epoch from t.at) * 1000000)::bigint,
                       (extract(epoch from t.next_at) * 1000000)::bigint) order by t.at), '[]')
              from rows as t where t.next_at - t.at > t.longer * interval '90 seconds'))
      from told as r
    having not exists (select from rows as t where t.note in ('wiped_out', 'new_segment'));
$$;
revoke execute on function private.drawn_rows(text, integer, interval, timestamptz, timestamptz)
    from public, anon, authenticated;
grant execute on function private.drawn_rows(text, integer, interval, timestamptz, timestamptz) to service_role;
