-- Prices: one text an instant, where a list of numerics took twice the room. They stand in the order of the list's assets,
-- joined by commas, without zeros at their ends: as they are told.
alter table public.prices rename to numeric_prices;
alter table public.numeric_prices rename constraint prices_pkey to numeric_prices_pkey;
create table public.prices (
    at timestamptz not null,
    list integer not null,                          -- of public.price_lists
    usd text not null,
    constraint prices_pkey primary key (at) with (fillfactor = 100),  -- instants come in order
    constraint prices_usd_are_plain check (usd ~ '^[0-9]+([.][0-9]*[1-9])?(,[0-9]+([.][0-9]*[1-9])?)*$')
);
insert into public.prices (at, list, usd)
select p.at, p.list, (select string_agg(trim_scale(u.usd)::text, ',' order by u.place)
                        from unnest(p.usd) with ordinality as u (usd, place))
  from public.numeric_prices as p
 order by p.at;
drop table public.numeric_prices;
alter table public.prices enable row level security;
revoke all on public.prices from public, anon, authenticated;
grant select, insert on public.prices to service_role;
grant update (list, usd) on public.prices to service_role;

-- Snapshots: null where nothing is missing, which is nearly always, and the columns in the order of what they are aligned
-- to, so that none leaves a gap before the next: an id before an instant left up to seven bytes.
alter table public.snapshots rename to loose_snapshots;
alter table public.loose_snapshots rename constraint snapshots_pkey to loose_snapshots_pkey;
drop index public.snapshots_complete_at, public.snapshots_partial_at, public.snapshots_held_at,
    public.snapshots_wiped_out;
create table public.snapshots (
    slot timestamptz not null,
    at timestamptz not null,
    slot_minutes smallint not null check (slot_minutes > 0),
    rung smallint,
    complete boolean not null,
    whole boolean not null,                         -- all of the value is known; at most flows or a candle are missing
    unreconciled boolean not null,
    account_id text not null references public.accounts (id) on delete cascade,
    nav_usd numeric not null,
    benchmark_usd numeric,
    nav_index numeric,
    benchmark_index numeric,
    flow_usd numeric,
    unrealised_usd numeric,
    revalued_usd numeric,
    unexplained_usd numeric,
    missing text[],                                 -- null: nothing
    note text,
    constraint snapshots_pkey primary key (account_id, slot) with (fillfactor = 100),  -- entries come in order
    constraint snapshots_complete_lacks_nothing
        check (complete = (missing is null) and (missing is null or missing <> '{}')),
    constraint snapshots_complete_is_whole check (whole or not complete),
    constraint snapshots_complete_has_figures check (
        complete = (benchmark_usd is not null)
        and complete = (nav_index is not null)
        and complete = (benchmark_index is not null)
        and complete = (flow_usd is not null)
    )
);
insert into public.snapshots (
       slot, at, slot_minutes, rung, complete, whole, unreconciled, account_id, nav_usd, benchmark_usd, nav_index,
       benchmark_index, flow_usd, unrealised_usd, revalued_usd, unexplained_usd, missing, note)
select s.slot, s.at, s.slot_minutes, s.rung, s.complete, s.whole, s.unreconciled, s.account_id, s.nav_usd,
       s.benchmark_usd, s.nav_index, s.benchmark_index, s.flow_usd, s.unrealised_usd, s.revalued_usd, s.unexplained_usd,
       nullif(s.missing, '{}'), s.note
  from public.loose_snapshots as s
 order by s.slot;
create unique index snapshots_complete_at on public.snapshots (account_id, at) with (fillfactor = 100) where complete;
create index snapshots_held_at on public.snapshots (account_id, at) where whole and not complete;
create index snapshots_partial_at on public.snapshots (account_id, at) where not complete;
create index snapshots_wiped_out on public.snapshots (account_id) where complete and note = 'wiped_out';
alter table public.snapshots enable row level security;
revoke all on public.snapshots from public, anon, authenticated;
grant select, insert, update on public.snapshots to service_role;

-- Details: those that thinning left lie apart from those that it will come to. An index is given back by whole pages, and
-- one row of 24, left where it was, kept every page of it. Both are one table to whoever reads or writes.
alter table public.snapshot_details rename to mingled_details;
alter table public.mingled_details rename constraint snapshot_details_pkey to mingled_details_pkey;
alter table public.mingled_details
    rename constraint snapshot_details_account_id_slot_fkey to mingled_details_account_id_slot_fkey;
create table public.snapshot_details (
    slot timestamptz not null,
    lasting boolean not null default false,         -- stays for good (private.prune_details)
    account_id text not null,
    made json not null,                             -- {holdings, positions, checks} (private.packed)
    constraint snapshot_details_pkey primary key (account_id, slot, lasting),  -- of a slot there is one (commit_outcome)
    constraint snapshot_details_account_id_slot_fkey foreign key (account_id, slot)
        references public.snapshots (account_id, slot) on delete cascade
) partition by list (lasting);
create table public.snapshot_details_passing partition of public.snapshot_details for values in (false);
create table public.snapshot_details_lasting partition of public.snapshot_details for values in (true);
alter table public.snapshot_details alter column made set storage main;
-- A day's worth of rows is thinned at once: the room is there again for the next day's.
alter table public.snapshot_details_passing set (autovacuum_vacuum_scale_factor = 0.01);
insert into public.snapshot_details (account_id, lasting, slot, made)
select d.account_id,
       s.at <= coalesce((select date_trunc('day', c.done_at, 'UTC') from public.chores as c
                          where c.name = 'prune_details'), '-infinity') - interval '35 days',
       d.slot, d.made
  from public.mingled_details as d
  join public.snapshots as s on s.account_id = d.account_id and s.slot = d.slot
 order by d.slot;
drop table public.mingled_details;
drop table public.loose_snapshots;
alter table public.snapshot_details enable row level security;
alter table public.snapshot_details_passing enable row level security;
alter table public.snapshot_details_lasting enable row level security;
revoke all on public.snapshot_details, public.snapshot_details_passing, public.snapshot_details_lasting
    from public, anon, authenticated;
grant select, insert, update, delete on public.snapshot_details to service_role;
