-- restore_account: store an account as a history file carries it, whole or not at all: complete snapshots with their
-- figures, then all that commit_outcome stores. It has no key, so it is never claimed.
-- Errors: account_exists (409); prices_differ (409) where another price of the same instant is stored already.
create or replace function public.restore_account(
    p_id text, p_name text, p_policy jsonb, p_created_at timestamptz, p_closed_at timestamptz, p_run text,
    p_outcome jsonb)
returns bigint
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_version bigint;
begin
    perform public.add_account(p_id, p_name, null, null, p_policy, p_outcome -> 'state', p_created_at);
    update public.accounts as a set closed_at = p_closed_at where a.id = p_id and p_closed_at is not null;
    insert into public.snapshots (
           account_id, slot, at, slot_minutes, nav_usd, complete, whole, unreconciled,
           benchmark_usd, nav_index, benchmark_index, flow_usd, rung, note)
    select p_id, r.slot, r.at, r.slot_minutes, r.nav_usd, true, true, true,
           r.benchmark_usd, r.nav_index, r.benchmark_index, r.flow_usd, r.rung, r.note
      from jsonb_to_recordset(p_outcome -> 'rows') as r (
           slot timestamptz, at timestamptz, slot_minutes integer, nav_usd numeric, benchmark_usd numeric,
           nav_index numeric, benchmark_index numeric, flow_usd numeric, rung smallint, note text);
    perform private.write_days(p_id);
    v_version := public.commit_outcome(p_id, p_run, 1, p_outcome || '{"rows": []}');
    if exists (select from private.beside_prices(p_outcome -> 'prices') as b where b.kept_usd <> b.usd) then
        raise sqlstate 'PT409' using message = 'prices_differ';
    end if;
    return v_version;
end
$$;
revoke execute on function public.restore_account(text, text, jsonb, timestamptz, timestamptz, text, jsonb)
    from public, anon, authenticated;
grant execute on function public.restore_account(text, text, jsonb, timestamptz, timestamptz, text, jsonb)
    to service_role;
