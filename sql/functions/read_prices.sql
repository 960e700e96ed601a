-- read_prices: the stored prices of some assets from an instant on, as private.asset_prices gives them.
create or replace function public.read_prices(p_assets text[], p_since timestamptz)
returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select private.asset_prices(p_assets, p_since);
$$;
revoke execute on function public.read_prices(text[], timestamptz) from public, anon, authenticated;
grant execute on function public.read_prices(text[], timestamptz) to service_role;
