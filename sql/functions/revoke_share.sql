-- revoke_share: withdraw a link; true where there was one. Retry: safe.
create or replace function public.revoke_share(p_id text)
returns boolean
language sql volatile security invoker set search_path = ''
as $$
    with gone as (delete from public.shares as s where s.id = p_id returning s.id)
    select exists (select from gone);
$$;
revoke execute on function public.revoke_share(text) from public, anon, authenticated;
grant execute on function public.revoke_share(text) to service_role;
