-- private.write_estimates: keep what an account was about worth before its first snapshot; what is there stays.
create or replace function private.write_estimates(p_account text, p_estimates jsonb)
returns void
language sql volatile security invoker set search_path = ''
as $$
    insert into public.estimates (account_id, at, usd)
    select p_account, e.at, e.usd
      from jsonb_to_recordset(p_estimates) as e (at timestamptz, usd numeric)
        on conflict (account_id, at) do nothing;
$$;
revoke execute on function private.write_estimates(text, jsonb) from public, anon, authenticated;
grant execute on function private.write_estimates(text, jsonb) to service_role;
