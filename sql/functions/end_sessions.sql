-- end_sessions: raise the generation, so that no session opened until now is one any more. Retry: safe.
create or replace function public.end_sessions()
returns bigint
language sql volatile security invoker set search_path = ''
as $$
    update public.session_generation as g set generation = g.generation + 1 where g.single returning g.generation;
$$;
revoke execute on function public.end_sessions() from public, anon, authenticated;
grant execute on function public.end_sessions() to service_role;
