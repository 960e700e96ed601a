-- private.beside_prices: prices to be stored in the order given, each with the one that is stored of the same asset and
-- instant already (null: none).
create or replace function private.beside_prices(p_prices jsonb)
returns table (place bigint, at timestamptz, asset text, usd numeric, kept_usd numeric)
language sql stable security invoker set search_path = ''
as $$
    select w.place, w.at, w.asset, w.usd, split_part(p.usd, ',', array_position(l.assets, w.asset))::numeric
      from rows from (jsonb_to_recordset(p_prices) as (asset text, at timestamptz, usd numeric))
           with ordinality as w (asset, at, usd, place)
      left join public.prices as p on p.at = w.at
      left join public.price_lists as l on l.id = p.list;
$$;
revoke execute on function private.beside_prices(jsonb) from public, anon, authenticated;
grant execute on function private.beside_prices(jsonb) to service_role;
