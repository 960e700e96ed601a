-- drawn_rows: of an account's complete snapshots those that a history needs to be told in full: about p_points to draw
-- (lib/domain/series.py, thin), and those from which all figures of the range follow as they do from every row: its ends,
-- the start, the newest, flows, the last of each UTC day and the last in it that was not idle, the day before the end,
-- where an index leaves its highest so far as far as a point drawn needs it, and what the deepest falls turn on.
-- `drawn` are the positions, in `rows`, of those to draw; `gaps` the pairs of the range that lie too far apart.
-- The range ends at p_until, or at the last snapshot, and begins at p_since or p_length before it; its base is the last
-- snapshot at or before that, else the first. Null where all value was ever gone in it: then every row is needed.
-- A long range is read from public.days, and row by row only in the days that it begins and ends in.
create or replace function private.drawn_rows(
    p_account text, p_points integer, p_length interval, p_since timestamptz, p_until timestamptz
)
returns jsonb
language sql stable security invoker set search_path = '' set work_mem = '32MB'
as $$
    with ends as materialized (
        select z.*, ((z.base_at - interval '1 microsecond') at time zone 'UTC')::date as base_day,
               ((z.end_at - interval '1 microsecond') at time zone 'UTC')::date as end_day
          from (select x.first_at, x.end_at, x.newest_at,
                       coalesce((select max(s.at) from public.snapshots as s
                                  where s.account_id = p_account and s.complete
                                    and s.at <= least(x.begin_at, x.end_at)), x.first_at) as base_at,
                       (select max(s.at) from public.snapshots as s
                         where s.account_id = p_account and s.complete
                           and s.at <= x.end_at - interval '1 day') as day_at
                  from (select y.first_at, y.newest_at, y.end_at,
                               coalesce(p_since, case when p_until is null then y.end_at - p_length end, y.first_at)
                                   as begin_at
                          from (select (select min(s.at) from public.snapshots as s
                                         where s.account_id = p_account and s.complete) as first_at,
                                       (select max(s.at) from public.snapshots as s
                                         where s.account_id = p_account and s.complete) as newest_at,
                                       (select max(s.at) from public.snapshots as s
                                         where s.account_id = p_account and s.complete
                                           and s.at <= coalesce(p_until, 'infinity')) as end_at) as y) as x) as z
    ), part as materialized (
        -- The range as whole days, save the one that it begins in and the one that it ends in: those are rows.
        select d.day, d.last_at as until, d.many, d.flows, d.wiped_out, coalesce(d.stirred_at, d.last_at) as stirred_at,
               d.lowest_usd, d.lowest_at, d.highest_usd, d.highest_at, d.index_high, d.index_high_at,
               d.benchmark_high, d.benchmark_high_at
          from ends as e
          join public.days as d on d.account_id = p_account and d.day > e.base_day and d.day < e.end_day
        union all
        select b.day, s.at, 1, (s.flow_usd <> 0)::integer,
               coalesce(s.note in ('wiped_out', 'new_segment'), false),
               case when s.note is distinct from 'idle' then s.at end,
               s.nav_usd, s.at, s.nav_usd, s.at,
               case when s.nav_index > 1e-150 then least(s.nav_index, 1e150) else 0 end::double precision, s.at,
               case when s.benchmark_index > 1e-150 then least(s.benchmark_index, 1e150) else 0 end::double precision,
               s.at
          from ends as e
         cross join lateral (values
             (true, e.base_day, e.base_at, least(e.end_at, (e.base_day + 1)::timestamp at time zone 'UTC')),
             (e.end_day > e.base_day, e.end_day, e.end_day::timestamp at time zone 'UTC' + interval '1 microsecond',
              e.end_at)
         ) as b (counts, day, since, until)
          join public.snapshots as s
            on s.account_id = p_account and s.complete and s.at >= b.since and s.at <= b.until
         where b.counts
    ), walked as materialized (
        select p.*, coalesce(p.index_high > max(p.index_high) over earlier, true) as index_higher,
               coalesce(p.benchmark_high > max(p.benchmark_high) over earlier, true) as benchmark_higher
          from part as p
        window earlier as (order by p.until rows between unbounded preceding and 1 preceding)
    ), counted as materialized (
        select c.*, c.many <= p_points as all_drawn, c.many > p_points and c.days >= c.stretches as by_day
          from (select sum(w.many) as many, count(distinct w.day) as days, bool_or(w.wiped_out) as wiped_out,
                       greatest((p_points - sum(w.flows)
                                 - count(*) filter (where w.until in (e.base_at, e.end_at) and w.flows = 0)) / 2, 1)
                           as stretches
                  from walked as w cross join ends as e) as c
    ), rows as materialized (
        -- Days that are fewer than the stretches are cut within: by rows.
        select s.at, s.nav_usd, row_number() over (order by s.at) - 1 as place
          from counted as c cross join ends as e
          join public.snapshots as s
            on s.account_id = p_account and s.complete and s.at between e.base_at and e.end_at
         where not c.by_day
    ), placed as (
        select (dense_rank() over (order by w.day) * c.stretches - 1) / c.days as stretch,
               w.lowest_usd, w.lowest_at, w.highest_usd, w.highest_at
          from walked as w cross join counted as c where c.by_day
        union all
        select ((r.place + 1) * c.stretches - 1) / c.many, r.nav_usd, r.at, r.nav_usd, r.at
          from rows as r cross join counted as c where not c.all_drawn
    ), drawn as materialized (
        select x.at
          from (select (array_agg(p.lowest_at order by p.lowest_usd, p.lowest_at))[1] as low,
                       (array_agg(p.highest_at order by p.highest_usd desc, p.highest_at))[1] as high
                  from placed as p group by p.stretch) as y
         cross join lateral (values (y.low), (y.high)) as x (at)
        union
        select x.at from ends as e cross join lateral (values (e.base_at), (e.end_at)) as x (at)
         where x.at is not null
        union
        select s.at
          from ends as e
          join walked as w on w.flows > 0
         cross join lateral (
             select t.at, t.flow_usd from public.snapshots as t
              where t.account_id = p_account and t.complete and t.at <= w.until
                and t.at >= e.base_at and t.at > w.day::timestamp at time zone 'UTC' offset 0) as s
         where s.flow_usd <> 0
        union
        select r.at from rows as r cross join counted as c where c.all_drawn
    ), highs as (
        -- A point that is drawn before its day was at its highest has the highest so far within that day.
        select h.at
          from drawn as d
          join walked as w on w.day = ((d.at - interval '1 microsecond') at time zone 'UTC')::date and w.many > 1
           and (w.index_higher and d.at < w.index_high_at or w.benchmark_higher and d.at < w.benchmark_high_at)
         cross join lateral (
             select (array_agg(s.at order by s.nav_index desc, s.at))[1] as index_at,
                    (array_agg(s.at order by s.benchmark_index desc, s.at))[1] as benchmark_at
               from public.snapshots as s
              where s.account_id = p_account and s.complete and s.at <= d.at
                and s.at > w.day::timestamp at time zone 'UTC') as x
         cross join lateral (values (x.index_at), (x.benchmark_at)) as h (at)
         where h.at is not null
        union
        select w.index_high_at from walked as w where w.index_higher
        union
        select w.benchmark_high_at from walked as w where w.benchmark_higher
    ), kept as (
        select d.at from drawn as d
        union
        select h.at from highs as h
        union
        select x.at
          from (select max(w.until) as last_at, max(w.stirred_at) as stirred_at from walked as w group by w.day) as y
         cross join lateral (values (y.last_at), (y.stirred_at)) as x (at) where x.at is not null
        union
        select f.at
          from ends as e
         cross join lateral (values (false), (true)) as x (benchmark)
         cross join lateral private.fall_turns(p_account, e.base_at, e.end_at, x.benchmark) as f (at)
        union
        select x.at from ends as e cross join lateral (values (e.first_at), (e.newest_at), (e.day_at)) as x (at)
         where x.at is not null
        union
        select s.at
          from ends as e
          join public.snapshots as s
            on s.account_id = p_account and s.complete and s.at >= e.day_at and s.at < e.base_at
        union
        select s.at
          from ends as e
          join public.days as d on d.account_id = p_account and d.flows > 0 and d.day <= e.base_day
         cross join lateral (
             select t.at, t.flow_usd from public.snapshots as t
              where t.account_id = p_account and t.complete and t.at < e.base_at
                and t.at > d.day::timestamp at time zone 'UTC' and t.at <= (d.day + 1)::timestamp at time zone 'UTC'
             offset 0) as s
         where s.flow_usd <> 0
    ), told as (
        select s.*, d.at is not null as drawn, row_number() over (order by k.at) - 1 as position
          from kept as k
          left join drawn as d on d.at = k.at
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
                       (extract(epoch from g.start) * 1000000)::bigint,
                       (extract(epoch from g.until) * 1000000)::bigint) order by g.start), '[]')
              from ends as e
              join public.days as d on d.account_id = p_account and d.day between e.base_day and e.end_day
             cross join lateral unnest(d.gaps_from, d.gaps_to) as g (start, until)
             where g.start >= e.base_at and g.until <= e.end_at))
      from told as r
    having not coalesce((select c.wiped_out from counted as c), false);
$$;
revoke execute on function private.drawn_rows(text, integer, interval, timestamptz, timestamptz)
    from public, anon, authenticated;
grant execute on function private.drawn_rows(text, integer, interval, timestamptz, timestamptz) to service_role;
