-- private.days_of: what the days of an account come to by its snapshots, from the day of p_since on, as public.days
-- tells it. The highest of a day is found by the index as it is stored: as floats two may be equal.
create or replace function private.days_of(p_account text, p_since timestamptz default '-infinity')
returns setof public.days
language sql stable security invoker set search_path = ''
as $$
    with begun as (
        select d.day,
               (select max(s.at) from public.snapshots as s
                 where s.account_id = p_account and s.complete
                   and s.at <= d.day::timestamp at time zone 'UTC') as before_at
          from (select ((p_since - interval '1 microsecond') at time zone 'UTC')::date as day) as d
    ), rows as (
        select s.at, s.nav_usd, s.nav_index, s.benchmark_index, s.flow_usd, s.note, n.day, n.index, n.benchmark,
               lag(s.at) over w as before_at, greatest(s.slot_minutes, lag(s.slot_minutes) over w) as longer,
               n.index / nullif(max(n.index) over d, 0) as index_left,
               n.benchmark / nullif(max(n.benchmark) over d, 0) as benchmark_left
          from begun as b
          join public.snapshots as s
            on s.account_id = p_account and s.complete and s.at >= coalesce(b.before_at, '-infinity')
         cross join lateral (
             select ((s.at - interval '1 microsecond') at time zone 'UTC')::date as day,
                    case when s.nav_index > 1e-150 then least(s.nav_index, 1e150) else 0 end::double precision as index,
                    case when s.benchmark_index > 1e-150 then least(s.benchmark_index, 1e150) else 0 end::double precision
                        as benchmark) as n
        window w as (order by s.at), d as (partition by n.day order by s.at)
    )
    select p_account, r.day, count(*)::integer, (count(*) filter (where r.flow_usd <> 0))::integer,
           count(*) filter (where r.note in ('wiped_out', 'new_segment')) > 0, max(r.at),
           nullif(max(r.at) filter (where r.note is distinct from 'idle'), max(r.at)),
           (array_agg(r.at order by r.nav_usd, r.at))[1], (array_agg(r.at order by r.nav_usd desc, r.at))[1],
           (array_agg(r.at order by r.nav_index desc, r.at))[1],
           (array_agg(r.at order by r.benchmark_index desc, r.at))[1],
           min(r.index), max(r.index), coalesce(min(r.index_left), 1),
           min(r.benchmark), max(r.benchmark), coalesce(min(r.benchmark_left), 1), min(r.nav_usd), max(r.nav_usd),
           array_agg(r.before_at order by r.at) filter (where r.at - r.before_at > r.longer * interval '90 seconds'),
           array_agg(r.at order by r.at) filter (where r.at - r.before_at > r.longer * interval '90 seconds')
      from rows as r
     where r.day >= (select b.day from begun as b)
     group by r.day;
$$;
revoke execute on function private.days_of(text, timestamptz) from public, anon, authenticated;
grant execute on function private.days_of(text, timestamptz) to service_role;
