-- private.packed: a document as it is kept compressed. Postgres compresses no row below 2,032 bytes, which is where what a
-- snapshot is made of lies: blanks behind it, which take no room in the end, make it long enough.
create or replace function private.packed(p_document jsonb)
returns json
language sql immutable security invoker set search_path = ''
as $$
    select rpad(p_document::text, greatest(2032, length(p_document::text)))::json;
$$;
revoke execute on function private.packed(jsonb) from public, anon, authenticated;
grant execute on function private.packed(jsonb) to service_role;
