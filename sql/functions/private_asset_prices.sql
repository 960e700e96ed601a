-- private.asset_prices: the prices of some assets from the one in force at an instant on as columns, oldest first;
-- times in microseconds, numbers as text joined by commas: a parser's work grows with the number of strings.
create or replace function private.asset_prices(p_assets text[], p_since timestamptz)
returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object('asset', w.asset, 'at', joined.at, 'usd', joined.usd)
                              order by w.asset), '[]')
      from (select distinct u.asset from unnest(p_assets) as u (asset)) as w
      join lateral (
          select string_agg((extract(epoch from p.at) * 1000000)::bigint::text, ',') as at,
                 string_agg(p.usd, ',') as usd
            from (select q.at, split_part(q.usd, ',', l.place) as usd
                    from (select k.id, array_position(k.assets, w.asset) as place from public.price_lists as k
                           where w.asset = any (k.assets) offset 0) as l
                    join public.prices as q on q.list = l.id
                   where q.at >= coalesce((select b.at from public.prices as b
                                             join public.price_lists as o on o.id = b.list
                                            where w.asset = any (o.assets) and b.at <= p_since
                                            order by b.at desc limit 1), p_since)
                   order by q.at) as p
      ) as joined on true;
$$;
revoke execute on function private.asset_prices(text[], timestamptz) from public, anon, authenticated;
grant execute on function private.asset_prices(text[], timestamptz) to service_role;
