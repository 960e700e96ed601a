-- add_account: store a new account.
-- Errors: account_exists (409) where its id, its name among the open ones, or its uid is there already.
create or replace function public.add_account(
    p_id text, p_name text, p_uid text, p_sealed_key text, p_policy jsonb, p_state jsonb, p_created_at timestamptz)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    insert into public.accounts (id, name, uid, sealed_key, policy, state, created_at)
    values (p_id, p_name, p_uid, p_sealed_key, p_policy, p_state, p_created_at);
exception when unique_violation then
    -- The words of the database would repeat the row.
    raise sqlstate 'PT409' using message = 'account_exists';
end
$$;
revoke execute on function public.add_account(text, text, text, text, jsonb, jsonb, timestamptz)
    from public, anon, authenticated;
grant execute on function public.add_account(text, text, text, text, jsonb, jsonb, timestamptz) to service_role;
