-- rebuild_days: compare what is kept of an account's days with what its snapshots come to; keep that if it differs.
-- Answers how many days were others, or were missing, or were too many; if any, the version moves, for what was told
-- from them is asked anew then. No run can commit in between.
-- Errors: account_not_found (404). Retry: safe.
create or replace function public.rebuild_days(p_account text)
returns bigint
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_changed bigint;
begin
    perform from public.accounts as a where a.id = p_account for update;
    if not found then
        raise sqlstate 'PT404' using message = 'account_not_found';
    end if;
    select count(*) into v_changed
      from (select d as kept from public.days as d where d.account_id = p_account) as k
      full join private.days_of(p_account) as n on (k.kept).day = n.day
     where k.kept is distinct from n;
    if v_changed > 0 then
        perform private.write_days(p_account);
        update public.accounts as a set version = a.version + 1 where a.id = p_account;
    end if;
    return v_changed;
end
$$;
revoke execute on function public.rebuild_days(text) from public, anon, authenticated;
grant execute on function public.rebuild_days(text) to service_role;
