-- open_session: after the right password, forget the caller's tries and tell the generation that its session carries.
-- Another password than the last one raises it, which ends the sessions of the old one. Retry: safe.
create or replace function public.open_session(p_caller text, p_password_mark text)
returns bigint
language sql volatile security invoker set search_path = ''
as $$
    delete from public.login_tries as t where t.caller = p_caller;
    update public.session_generation as g
       set generation = g.generation + case when g.password_mark <> p_password_mark then 1 else 0 end,
           password_mark = p_password_mark
     where g.single
    returning g.generation;
$$;
revoke execute on function public.open_session(text, text) from public, anon, authenticated;
grant execute on function public.open_session(text, text) to service_role;
