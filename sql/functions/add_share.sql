-- add_share: keep a link that shows percentages of one account, or (null) of all; of its token only the hash.
-- Errors: account_not_found (404).
create or replace function public.add_share(p_id text, p_token_hash text, p_account text, p_created_at timestamptz)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    insert into public.shares (id, token_hash, account_id, created_at)
    values (p_id, p_token_hash, p_account, p_created_at);
exception when foreign_key_violation then
    raise sqlstate 'PT404' using message = 'account_not_found';
end
$$;
revoke execute on function public.add_share(text, text, text, timestamptz) from public, anon, authenticated;
grant execute on function public.add_share(text, text, text, timestamptz) to service_role;
