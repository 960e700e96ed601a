-- try_log_in: count a try to log in before its password is looked at, unless there were too many lately.
-- 0 where the try is counted and may go on; else the microseconds until the next one may, and this one is not counted.
-- One caller after another: tries at one moment cannot pass the limit together. Time: p_at comes from the caller.
create or replace function public.try_log_in(
    p_caller text, p_at timestamptz, p_window_s integer, p_of_caller integer, p_of_all integer)
returns bigint
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_since timestamptz := p_at - make_interval(secs => p_window_s);
    v_again timestamptz;
begin
    perform from public.session_generation for update;
    delete from public.login_tries as t where t.at <= v_since;
    -- The try that has to grow old before another one fits, of this caller's and of everybody's.
    select max(t.at) + make_interval(secs => p_window_s) into v_again
      from (select r.at,
                   case when r.caller = p_caller
                        then row_number() over (partition by r.caller order by r.at desc, r.number desc) end as own_place,
                   row_number() over (order by r.at desc, r.number desc) as place
              from public.login_tries as r) as t
     where t.own_place = p_of_caller or t.place = p_of_all;
    if v_again is null then
        insert into public.login_tries (caller, at) values (p_caller, p_at);
        return 0;
    end if;
    return greatest((extract(epoch from v_again - p_at) * 1000000)::bigint, 1);
end
$$;
revoke execute on function public.try_log_in(text, timestamptz, integer, integer, integer)
    from public, anon, authenticated;
grant execute on function public.try_log_in(text, timestamptz, integer, integer, integer) to service_role;
