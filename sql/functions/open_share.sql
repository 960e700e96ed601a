-- open_share: note that a link was opened, and tell which account it shows (null: all); null where there is no such link.
create or replace function public.open_share(p_token_hash text, p_at timestamptz)
returns jsonb
language sql volatile security invoker set search_path = ''
as $$
    update public.shares as s set last_opened_at = p_at
     where s.token_hash = p_token_hash
    returning jsonb_build_object('account', s.account_id);
$$;
revoke execute on function public.open_share(text, timestamptz) from public, anon, authenticated;
grant execute on function public.open_share(text, timestamptz) to service_role;
