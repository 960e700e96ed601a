-- private.common_prices: the prices of the assets of every policy, each once, since the first inception of any account, as
-- private.asset_prices gives them.
create or replace function private.common_prices()
returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select private.asset_prices(array(select jsonb_object_keys(a.policy -> 'weights') from public.accounts as a),
                                (select min(b.inception) from public.accounts as b));
$$;
revoke execute on function private.common_prices() from public, anon, authenticated;
grant execute on function private.common_prices() to service_role;
