-- set_account_state: pause an account, take it up again, or close it for good; true where that changed anything.
-- p_state: active, paused, closed. Closing destroys the sealed key and forgets whose it was, so that the same account of
-- the exchange may be added anew; what is stored of it stays. What there is to tell is kept where something changed.
-- Retry: safe. Errors: account_not_found (404); account_closed (409) where a closed one is to be paused or taken up;
-- unknown_state (422).
create or replace function public.set_account_state(
    p_account text, p_state text, p_at timestamptz, p_run text, p_logs jsonb default '[]')
returns boolean
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_is text;
begin
    if p_state not in ('active', 'paused', 'closed') then
        raise sqlstate 'PT422' using message = 'unknown_state';
    end if;
    select case when a.closed_at is not null then 'closed' when a.paused_at is not null then 'paused' else 'active' end
      into v_is from public.accounts as a where a.id = p_account for update;
    if v_is is null then
        raise sqlstate 'PT404' using message = 'account_not_found';
    elsif v_is = p_state then
        return false;
    elsif v_is = 'closed' then
        raise sqlstate 'PT409' using message = 'account_closed';
    end if;
    update public.accounts as a
       set version = a.version + 1,
           paused_at = case p_state when 'active' then null when 'paused' then p_at else a.paused_at end,
           closed_at = case p_state when 'closed' then p_at end,
           watched_since = null,
           sealed_key = case p_state when 'closed' then null else a.sealed_key end,
           uid = case p_state when 'closed' then null else a.uid end
     where a.id = p_account;
    -- What was the matter is not looked at any more, and its end would be told by nobody.
    delete from public.alert_episodes as e where e.account_id = p_account;
    delete from public.alert_messages as m where m.account_id = p_account;
    perform private.write_logs(p_run, p_logs);
    return true;
end
$$;
revoke execute on function public.set_account_state(text, text, timestamptz, text, jsonb)
    from public, anon, authenticated;
grant execute on function public.set_account_state(text, text, timestamptz, text, jsonb) to service_role;
