-- private.price_of: the stored price of an asset at exactly an instant, in USD; null where there is none.
create or replace function private.price_of(p_asset text, p_at timestamptz)
returns numeric
language sql stable security invoker set search_path = ''
as $$
    select split_part(p.usd, ',', array_position(l.assets, p_asset))::numeric
      from public.prices as p join public.price_lists as l on l.id = p.list where p.at = p_at;
$$;
revoke execute on function private.price_of(text, timestamptz) from public, anon, authenticated;
grant execute on function private.price_of(text, timestamptz) to service_role;
