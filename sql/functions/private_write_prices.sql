-- private.write_prices: store the prices that are not stored yet; of an asset and instant the first one stays.
-- Accounts of one run bring the same prices: who has something new waits until another that does has ended, looks again,
-- and writes what is still missing. So no price is lost, nobody waits in a ring, and nothing new rewrites nothing.
-- Retry: safe.
create or replace function private.write_prices(p_prices jsonb)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if not exists (select from private.beside_prices(p_prices) as b where b.kept_usd is null) then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('public.prices', 0));
    insert into public.price_lists (assets)
    select distinct m.assets from private.merged_prices(p_prices) as m
        on conflict do nothing;
    insert into public.prices as p (at, list, usd)
    select m.at, l.id, m.usd
      from private.merged_prices(p_prices) as m
      join public.price_lists as l on l.assets = m.assets
     order by m.at
        on conflict (at) do update set list = excluded.list, usd = excluded.usd;
end
$$;
revoke execute on function private.write_prices(jsonb) from public, anon, authenticated;
grant execute on function private.write_prices(jsonb) to service_role;
