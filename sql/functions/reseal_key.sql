-- reseal_key: put the same key, sealed anew, in the place of the one that was read; false where that one is not there
-- any more, be it replaced or destroyed. Nothing else changes, not even the version: a run that goes on meanwhile has
-- opened its key already, and commits as if nothing had been. Retry: safe; a second call finds nothing to replace.
create or replace function public.reseal_key(p_account text, p_was text, p_sealed_key text)
returns boolean
language sql volatile security invoker set search_path = ''
as $$
    with resealed as (
        update public.accounts as a set sealed_key = p_sealed_key
         where a.id = p_account and a.sealed_key = p_was
        returning a.id
    )
    select exists (select from resealed);
$$;
revoke execute on function public.reseal_key(text, text, text) from public, anon, authenticated;
grant execute on function public.reseal_key(text, text, text) to service_role;
