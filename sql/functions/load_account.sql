-- load_account: one account as claim_accounts gives it, without a lease; null where there is none.
create or replace function public.load_account(p_account text)
returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select jsonb_build_object('id', a.id, 'name', a.name, 'version', a.version, 'policy', a.policy,
                              'state', a.state, 'sealed_key', a.sealed_key)
      from public.accounts as a where a.id = p_account;
$$;
revoke execute on function public.load_account(text) from public, anon, authenticated;
grant execute on function public.load_account(text) to service_role;
