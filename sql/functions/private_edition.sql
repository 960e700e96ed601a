-- private.edition: what an account's history follows from, as a few characters: the same text, the same history. The birth
-- stands beside the version since an id may come back with another account.
create or replace function private.edition(p_id text, p_version bigint, p_created_at timestamptz)
returns text
language sql immutable security invoker set search_path = ''
as $$
    select p_id || ' ' || p_version || ' ' || (extract(epoch from p_created_at) * 1000000)::bigint;
$$;
revoke execute on function private.edition(text, bigint, timestamptz) from public, anon, authenticated;
grant execute on function private.edition(text, bigint, timestamptz) to service_role;
