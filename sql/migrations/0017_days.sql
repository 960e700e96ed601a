-- What each UTC day, (00:00, 24:00], of an account's complete snapshots comes to: derived, so a cache, which
-- private.write_days keeps in the transaction that writes what it follows from. A long history is read from it.
-- `index` is the account's, `benchmark` the benchmark's. Both are searched in and nothing else, so they are floats, and
-- what no float can hold in a ratio is 0 or 1e150.
create table public.days (
    account_id text not null references public.accounts (id) on delete cascade,
    day date not null,
    many integer not null,                          -- complete snapshots, and those of them with a flow
    flows integer not null,
    wiped_out boolean not null,                     -- a wipe-out is in it, or a new segment
    last_at timestamptz not null,
    stirred_at timestamptz,                         -- the last that was not idle; null where the day's last was not
    lowest_at timestamptz not null,                 -- the first at the day's lowest NAV, and at the highest
    highest_at timestamptz not null,
    index_high_at timestamptz not null,             -- the first at the day's highest index
    benchmark_high_at timestamptz not null,
    index_low double precision not null,
    index_high double precision not null,
    index_left double precision not null,           -- the least that was left of the day's own highest so far, a ratio
    benchmark_low double precision not null,
    benchmark_high double precision not null,
    benchmark_left double precision not null,
    lowest_usd numeric not null,
    highest_usd numeric not null,
    gaps_from timestamptz[],                        -- neighbours that lie too far apart, the later of them in this day
    gaps_to timestamptz[],
    primary key (account_id, day)
);

alter table public.days enable row level security;
revoke all on public.days from public, anon, authenticated;
grant select, insert, delete on public.days to service_role;

insert into public.days (
       account_id, day, many, flows, wiped_out, last_at, stirred_at, lowest_at, highest_at, index_high_at,
       benchmark_high_at, index_low, index_high, index_left, benchmark_low, benchmark_high, benchmark_left,
       lowest_usd, highest_usd, gaps_from, gaps_to)
with rows as (
    select s.account_id, s.at, s.nav_usd, s.nav_index, s.benchmark_index, s.flow_usd, s.note,
           n.day, n.index, n.benchmark, lag(s.at) over w as before_at,
           greatest(s.slot_minutes, lag(s.slot_minutes) over w) as longer,
           n.index / nullif(max(n.index) over d, 0) as index_left,
           n.benchmark / nullif(max(n.benchmark) over d, 0) as benchmark_left
      from public.snapshots as s
     cross join lateral (
         select ((s.at - interval '1 microsecond') at time zone 'UTC')::date as day,
                case when s.nav_index > 1e-150 then least(s.nav_index, 1e150) else 0 end::double precision as index,
                case when s.benchmark_index > 1e-150 then least(s.benchmark_index, 1e150) else 0 end::double precision
                    as benchmark) as n
     where s.complete
    window w as (partition by s.account_id order by s.at), d as (partition by s.account_id, n.day order by s.at)
)
select r.account_id, r.day, count(*), count(*) filter (where r.flow_usd <> 0),
       count(*) filter (where r.note in ('wiped_out', 'new_segment')) > 0, max(r.at),
       nullif(max(r.at) filter (where r.note is distinct from 'idle'), max(r.at)),
       (array_agg(r.at order by r.nav_usd, r.at))[1], (array_agg(r.at order by r.nav_usd desc, r.at))[1],
       (array_agg(r.at order by r.nav_index desc, r.at))[1], (array_agg(r.at order by r.benchmark_index desc, r.at))[1],
       min(r.index), max(r.index), coalesce(min(r.index_left), 1),
       min(r.benchmark), max(r.benchmark), coalesce(min(r.benchmark_left), 1), min(r.nav_usd), max(r.nav_usd),
       array_agg(r.before_at order by r.at) filter (where r.at - r.before_at > r.longer * interval '90 seconds'),
       array_agg(r.at order by r.at) filter (where r.at - r.before_at > r.longer * interval '90 seconds')
  from rows as r
 group by r.account_id, r.day;
