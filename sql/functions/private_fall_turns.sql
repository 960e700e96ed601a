-- private.fall_turns: the snapshots on which the deepest fall of an index within a range turns, as lib/domain/statistics.py
-- (max_drawdown) tells it: the last at the peak before it, its bottom (of equal ones the first), and the first that is
-- back at the peak. The index is the account's, or with p_benchmark the benchmark's. Nothing where it never fell.
-- Days tell where to look; what is found there, and the days in which the range begins and ends, is read row by row.
create or replace function private.fall_turns(
    p_account text, p_base timestamptz, p_end timestamptz, p_benchmark boolean)
returns setof timestamptz
language sql stable security invoker set search_path = ''
as $$
    with days as (
        select ((p_base - interval '1 microsecond') at time zone 'UTC')::date as base_day,
               ((p_end - interval '1 microsecond') at time zone 'UTC')::date as end_day
    ), part as materialized (
        select d.last_at as until, case when p_benchmark then d.benchmark_high else d.index_high end as high,
               case when p_benchmark then d.benchmark_low else d.index_low end as low,
               case when p_benchmark then d.benchmark_left else d.index_left end as least_left
          from days as x
          join public.days as d on d.account_id = p_account and d.day > x.base_day and d.day < x.end_day
        union all
        select s.at, n.index, n.index, 1
          from days as x
         cross join lateral (values
             (true, p_base, least(p_end, (x.base_day + 1)::timestamp at time zone 'UTC')),
             (x.end_day > x.base_day, x.end_day::timestamp at time zone 'UTC' + interval '1 microsecond', p_end)
         ) as b (counts, since, until)
          join public.snapshots as s
            on s.account_id = p_account and s.complete and s.at >= b.since and s.at <= b.until
         cross join lateral (select case when p_benchmark then s.benchmark_index else s.nav_index end as exact) as e
         cross join lateral (
             select case when e.exact > 1e-150 then least(e.exact, 1e150) else 0 end::double precision as index) as n
         where b.counts
    ), walked as materialized (
        select p.until, lag(p.until) over (order by p.until) as after, p.high, p.low, p.least_left,
               max(p.high) over (order by p.until rows between unbounded preceding and 1 preceding) as peak
          from part as p
    ), deep as materialized (
        select w.after, w.until, w.peak,
               least(w.least_left, case when w.low < w.peak then w.low / w.peak else 1 end) as least_left
          from walked as w
    ), bottom as materialized (
        -- Ratios of floats: two that differ by less are equal. What is left of an index, too, is nothing below 1e-30.
        select d.after, d.until, d.peak from deep as d
         where d.least_left < 1
           and d.least_left <= (select min(e.least_left) from deep as e) * (1 + 1e-15::double precision) + 1e-30
         order by d.until limit 1
    ), before as materialized (
        -- Where the peak was met last before the day of the bottom.
        select w.after, w.until from bottom as b
          join walked as w on w.until < b.until and w.high >= b.peak * (1 - 1e-15::double precision)
         order by w.until desc limit 1
    ), near as materialized (
        select s.at, s.at > b.after as is_bottom, s.index, max(s.index) over (order by s.at) as peak
          from bottom as b
         cross join lateral (select f.after, f.until from before as f union all select b.after, b.until) as x
         cross join lateral (
             select r.at, case when p_benchmark then r.benchmark_index else r.nav_index end as index
               from public.snapshots as r
              where r.account_id = p_account and r.complete
                and r.at <= x.until and r.at >= coalesce(x.after + interval '1 microsecond', p_base) offset 0) as s
    ), trough as materialized (
        select l.at, l.peak
          from (select n.at, n.peak, n.index / n.peak as ratio, min(n.index / n.peak) over () as least
                  from near as n where n.is_bottom and n.peak > 0) as l
         where l.ratio <= l.least + 1e-30
         order by l.at limit 1
    ), back as materialized (
        -- Where the peak may be met first after the day of the bottom.
        select w.after, w.until from bottom as b cross join trough as t
          join walked as w
            on w.until > b.until
           and w.high >= case when t.peak > 1e-150 then least(t.peak, 1e150) else 0 end::double precision
                         * (1 - 1e-15::double precision)
         order by w.until limit 1
    ), later as (
        select s.at, s.index
          from back as x
         cross join lateral (
             select r.at, case when p_benchmark then r.benchmark_index else r.nav_index end as index
               from public.snapshots as r
              where r.account_id = p_account and r.complete and r.at <= x.until and r.at > x.after offset 0) as s
        union all
        select n.at, n.index from near as n
    )
    select t.at from trough as t
    union
    select max(n.at) from near as n join trough as t on n.at < t.at and n.index >= t.peak * (1 - 1e-30)
    having count(*) > 0
    union
    select min(l.at) from later as l join trough as t on l.at > t.at and l.index >= t.peak * (1 - 1e-30)
    having count(*) > 0;
$$;
revoke execute on function private.fall_turns(text, timestamptz, timestamptz, boolean) from public, anon, authenticated;
grant execute on function private.fall_turns(text, timestamptz, timestamptz, boolean) to service_role;
