-- read_session_generation: the generation that a session must carry to be one.
create or replace function public.read_session_generation()
returns bigint
language sql stable security invoker set search_path = ''
as $$
    select g.generation from public.session_generation as g;
$$;
revoke execute on function public.read_session_generation() from public, anon, authenticated;
grant execute on function public.read_session_generation() to service_role;
