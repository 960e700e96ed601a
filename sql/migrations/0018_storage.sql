-- Prices: one row an instant instead of one a coin and instant, which took three times the room. The coins of a row lie
-- apart, once for all rows that are about the same ones: usd[n] is the price of the list's assets[n]. A list is never
-- taken away. Still the first price stored of a coin and instant is the one in force (private.write_prices).
create table public.price_lists (
    id integer primary key generated always as identity,
    assets text[] not null unique check (cardinality(assets) > 0 and array_position(assets, null) is null)
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
