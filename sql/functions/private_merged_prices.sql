-- private.merged_prices: the rows of public.prices as they become with these prices, of the instants alone that gain one:
-- what is stored stays, what is not joins it; of one that is given twice the first. Assets in the order of their names, and
-- in that order the prices, joined by commas, without zeros at their ends.
drop function if exists private.merged_prices(jsonb);
create or replace function private.merged_prices(p_prices jsonb)
returns table (at timestamptz, assets text[], usd text)
language sql stable security invoker set search_path = ''
as $$
    with fresh as materialized (
        select distinct on (b.at, b.asset) b.at, b.asset, trim_scale(b.usd)::text as usd
          from private.beside_prices(p_prices) as b where b.kept_usd is null
         order by b.at, b.asset, b.place
    ), together as (
        select f.at, f.asset, f.usd from fresh as f
        union all
        select p.at, kept.asset, kept.usd
          from (select distinct f.at from fresh as f) as gaining
          join public.prices as p on p.at = gaining.at
          join public.price_lists as l on l.id = p.list
         cross join unnest(l.assets, string_to_array(p.usd, ',')) as kept (asset, usd)
    )
    select t.at, array_agg(t.asset order by t.asset), string_agg(t.usd, ',' order by t.asset)
      from together as t group by t.at;
$$;
revoke execute on function private.merged_prices(jsonb) from public, anon, authenticated;
grant execute on function private.merged_prices(jsonb) to service_role;
