-- private.policy_prices: the prices of the policy's assets since the inception, as private.asset_prices gives them.
create or replace function private.policy_prices(p_account text)
returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select private.asset_prices(array(select jsonb_object_keys(a.policy -> 'weights')), a.inception)
      from public.accounts as a where a.id = p_account;
$$;
revoke execute on function private.policy_prices(text) from public, anon, authenticated;
grant execute on function private.policy_prices(text) to service_role;
