-- Prices: one row an instant instead of one a coin and instant, which took three times the room. The coins of a row lie
-- apart, once for all rows that are about the same ones: usd[n] is the price of the list's assets[n]. A list is never
-- taken away. Still the first price stored of a coin and instant is the one in force (private.write_prices).
create table public.price_lists (
    id integer primary key generated always as identity,
    assets text[] not null check (cardinality(assets) > 0 and array_position(assets, null) is null),
    -- No list twice. A tree's entries end at 2,700 bytes, which is some three hundred coins.
    constraint price_lists_assets exclude using hash (assets with =)
);

alter table public.prices rename to prices_by_asset;
alter table public.prices_by_asset rename constraint prices_pkey to prices_by_asset_pkey;
create table public.prices (
    at timestamptz not null,
    list integer not null,                          -- of public.price_lists
    usd numeric[] not null check (0 <= all (usd) and array_position(usd, null) is null),
    constraint prices_pkey primary key (at) with (fillfactor = 100)  -- instants come in order
);

insert into public.price_lists (assets)
select distinct array_agg(p.asset order by p.asset) from public.prices_by_asset as p group by p.at order by 1;
insert into public.prices (at, list, usd)
select p.at, l.id, p.usd
  from (select b.at, array_agg(b.asset order by b.asset) as assets, array_agg(b.usd order by b.asset) as usd
          from public.prices_by_asset as b group by b.at) as p
  join public.price_lists as l on l.assets = p.assets
 order by p.at;
drop table public.prices_by_asset;

alter table public.price_lists enable row level security;
alter table public.prices enable row level security;
revoke all on public.price_lists, public.prices from public, anon, authenticated;
revoke all on sequence public.price_lists_id_seq from public, anon, authenticated;
grant select, insert on public.price_lists, public.prices to service_role;
grant update (list, usd) on public.prices to service_role;

-- What a snapshot was made of: one piece of JSON as text, which Postgres compresses to half where three binary columns
-- were just too short for that (private.packed). {holdings, positions, checks}, the three as they were.
create table public.packed_details (
    account_id text not null,
    slot timestamptz not null,
    made json not null,
    constraint packed_details_pkey primary key (account_id, slot)
);
alter table public.packed_details alter column made set storage main;
-- A day's worth of rows is thinned at once: the room is there again for the next day's.
alter table public.packed_details set (autovacuum_vacuum_scale_factor = 0.01);
insert into public.packed_details (account_id, slot, made)
select d.account_id, d.slot,
       rpad(m.made, greatest(2032, length(m.made)))::json
  from public.snapshot_details as d
 cross join lateral (select jsonb_build_object('holdings', d.holdings, 'positions', d.positions,
                                               'checks', d.checks)::text as made) as m
 order by d.slot;
drop table public.snapshot_details;
alter table public.packed_details rename to snapshot_details;
alter table public.snapshot_details rename constraint packed_details_pkey to snapshot_details_pkey;
alter table public.snapshot_details
    add constraint snapshot_details_account_id_slot_fkey foreign key (account_id, slot)
        references public.snapshots (account_id, slot) on delete cascade;
alter table public.snapshot_details enable row level security;
revoke all on public.snapshot_details from public, anon, authenticated;
grant select, insert, update, delete on public.snapshot_details to service_role;

-- Nearly every whole snapshot is complete, and has its entry in that index already.
drop index public.snapshots_whole_at;
create index snapshots_held_at on public.snapshots (account_id, at) where whole and not complete;
alter index public.snapshots_pkey set (fillfactor = 100);  -- of both the entries come in order
alter index public.snapshots_complete_at set (fillfactor = 100);

-- An account's row is written twice an hour. Inside its page, with room for the next version and no index to be told, the
-- version before is cleared away by whoever looks next, without waiting for a vacuum.
drop index public.accounts_lease_run;
alter table public.accounts set (fillfactor = 50, toast_tuple_target = 4000);
