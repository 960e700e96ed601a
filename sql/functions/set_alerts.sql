-- set_alerts: change what an account's owner wants to be told of; true where that changed anything, and then what there
-- is to tell is kept. p_alerts: the parts that change, of behind, drawdown (a ratio as text, or null for none) and
-- digest. A digest that is switched on tells of the periods that end after p_at. Figures do not follow from any of it,
-- so the version stays. Retry: safe. Errors: account_not_found (404) where it is not there or closed.
create or replace function public.set_alerts(
    p_account text, p_alerts jsonb, p_at timestamptz, p_run text, p_logs jsonb default '[]')
returns boolean
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_was public.accounts;
    v_behind numeric;
    v_drawdown numeric;
    v_digest text;
begin
    select a.* into v_was from public.accounts as a where a.id = p_account and a.closed_at is null for update;
    if v_was.id is null then
        raise sqlstate 'PT404' using message = 'account_not_found';
    end if;
    v_behind := case when p_alerts ? 'behind' then (p_alerts ->> 'behind')::numeric else v_was.alert_behind end;
    v_drawdown := case when p_alerts ? 'drawdown' then (p_alerts ->> 'drawdown')::numeric else v_was.alert_drawdown end;
    v_digest := coalesce(p_alerts ->> 'digest', v_was.digest);
    if (v_behind, v_drawdown, v_digest) is not distinct from (v_was.alert_behind, v_was.alert_drawdown, v_was.digest) then
        return false;
    end if;
    update public.accounts as a
       set alert_behind = v_behind, alert_drawdown = v_drawdown, digest = v_digest,
           digest_until = case when v_digest = 'off' then null when v_digest <> v_was.digest then p_at
                               else a.digest_until end
     where a.id = p_account;
    perform private.write_logs(p_run, p_logs);
    return true;
end
$$;
revoke execute on function public.set_alerts(text, jsonb, timestamptz, text, jsonb) from public, anon, authenticated;
grant execute on function public.set_alerts(text, jsonb, timestamptz, text, jsonb) to service_role;
