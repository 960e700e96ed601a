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
