-- commit_outcome: store what one run decided for one account, whole or not at all, and end the run's lease.
-- A partial snapshot never replaces a complete one, nor one that is not whole a whole one; a complete one replaces all.
-- A snapshot that is given up stays partial for good.
-- A decision about an entry, and a new policy, come with the outcome they lead to; without a status it stays as it is.
-- Retry: a second call with the same version changes nothing and answers version_moved.
-- Errors: version_moved (409) unless the account is at p_version, or where a flow is booked already, or where another
-- price of an instant is stored than a run counted with or remembers: what was decided on is old; account_not_found
-- (404); row_without_snapshot (422) where a row fits no complete snapshot.
create or replace function public.commit_outcome(p_account text, p_run text, p_version bigint, p_outcome jsonb)
returns bigint
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_version bigint;
    v_count bigint;
    v_snapshot jsonb := nullif(p_outcome -> 'snapshot', 'null');
    v_made json;
    v_rows jsonb := p_outcome -> 'rows';
    v_restated_from timestamptz := (p_outcome ->> 'restated_from')::timestamptz;
    v_completed timestamptz[] := array(select jsonb_array_elements_text(p_outcome -> 'completed')::timestamptz);
    v_fresh timestamptz := case when v_snapshot -> 'missing' = '[]' then (v_snapshot ->> 'slot')::timestamptz end;
    -- From when on a complete snapshot is another than it was, or is new.
    v_since timestamptz := least(
        (select min(r.at) from jsonb_to_recordset(v_rows) as r (at timestamptz)),
        (select s.at from public.snapshots as s where s.account_id = p_account and s.slot = v_fresh and s.complete));
begin
    update public.accounts as a
       set version = a.version + 1,
           state = p_outcome -> 'state',
           inception = (p_outcome #>> '{state,checkpoint,inception}')::timestamptz,
           status_code = coalesce(p_outcome #>> '{status,code}', a.status_code),
           status_detail = case when p_outcome -> 'status' = 'null' then a.status_detail
                                else p_outcome #>> '{status,detail}' end,
           status_cause = case when p_outcome -> 'status' = 'null' then a.status_cause end,
           leased_until = case when a.lease_run = p_run then null else a.leased_until end,
           lease_run = case when a.lease_run = p_run then null else a.lease_run end
     where a.id = p_account and a.version = p_version
    returning a.version into v_version;
    if v_version is null then
        if exists (select from public.accounts as a where a.id = p_account) then
            raise sqlstate 'PT409' using message = 'version_moved';
        end if;
        raise sqlstate 'PT404' using message = 'account_not_found';
    end if;

    if jsonb_array_length(p_outcome -> 'booked') > 0 then
        insert into public.flows (account_id, id, at, usd, asset, quantity, value_before_usd, source, detail, booked_run)
        select p_account, f.id, f.at, f.usd, f.asset, f.quantity, f.value_before_usd, f.source, f.detail, p_run
          from jsonb_to_recordset(p_outcome -> 'booked') as f (
               id text, at timestamptz, usd numeric, asset text, quantity numeric, value_before_usd numeric,
               source text, detail text)
            on conflict (account_id, id) do nothing;
        get diagnostics v_count = row_count;
        if v_count <> jsonb_array_length(p_outcome -> 'booked') then
            raise sqlstate 'PT409' using message = 'version_moved', detail = 'a flow is in the ledger already';
        end if;
    end if;

    insert into public.flow_decisions (account_id, flow_id, decision, by_flow_id, reason, decided_at)
    select p_account, d.flow_id, d.decision, d.by_flow_id, d.reason, d.decided_at
      from jsonb_to_recordset(coalesce(p_outcome -> 'decisions', '[]')) as d (
           flow_id text, decision text, by_flow_id text, reason text, decided_at timestamptz);

    if nullif(p_outcome -> 'policy', 'null') is not null then
        insert into public.policy_changes (account_id, changed_at, was, became)
        select a.id, (p_outcome ->> 'decided_at')::timestamptz, a.policy, p_outcome -> 'policy'
          from public.accounts as a where a.id = p_account;
        update public.accounts as a set policy = p_outcome -> 'policy' where a.id = p_account;
    end if;

    if jsonb_array_length(p_outcome -> 'revalued') > 0 then
        update public.flows as kept
           set value_before_usd = f.value_before_usd
          from jsonb_to_recordset(p_outcome -> 'revalued') as f (id text, value_before_usd numeric)
         where kept.account_id = p_account and kept.id = f.id;
    end if;

    -- Earlier snapshots first: one that becomes complete now must not be replaced by a partial one of its slot.
    if jsonb_array_length(v_rows) > (v_fresh is not null)::integer then
        update public.snapshots as s
           set complete = true, whole = true, missing = null,
               benchmark_usd = r.benchmark_usd, nav_index = r.nav_index, benchmark_index = r.benchmark_index,
               flow_usd = r.flow_usd, rung = r.rung, note = r.note
          from jsonb_to_recordset(v_rows) as r (
               slot timestamptz, at timestamptz, benchmark_usd numeric, nav_index numeric, benchmark_index numeric,
               flow_usd numeric, rung smallint, note text)
         where s.account_id = p_account and s.slot = r.slot and s.at = r.at
           and r.slot is distinct from v_fresh and (s.complete or s.slot = any (v_completed));
        get diagnostics v_count = row_count;
        if v_count <> jsonb_array_length(v_rows) - (v_fresh is not null)::integer then
            raise sqlstate 'PT422' using message = 'row_without_snapshot';
        end if;
    end if;

    update public.snapshots as s
       set whole = false, missing = s.missing || 'flows:between'::text
     where s.account_id = p_account and not s.complete
       and s.slot in (select g::timestamptz from jsonb_array_elements_text(coalesce(p_outcome -> 'given_up', '[]')) as g);

    if v_snapshot is not null then
        insert into public.snapshots as s (
               account_id, slot, at, slot_minutes, nav_usd, complete, whole, missing, unreconciled,
               unrealised_usd, revalued_usd, benchmark_usd, nav_index, benchmark_index, flow_usd, rung, note)
        select p_account, n.slot, n.at, n.slot_minutes, n.nav_usd, n.missing = '{}', n.whole, nullif(n.missing, '{}'),
               n.unreconciled, n.unrealised_usd, n.revalued_usd, r.benchmark_usd, r.nav_index, r.benchmark_index,
               r.flow_usd, r.rung, r.note
          from jsonb_to_record(v_snapshot) as n (
               slot timestamptz, at timestamptz, slot_minutes integer, nav_usd numeric, whole boolean, missing text[],
               unreconciled boolean, unrealised_usd numeric, revalued_usd numeric)
          left join jsonb_to_recordset(v_rows) as r (
               slot timestamptz, at timestamptz, benchmark_usd numeric, nav_index numeric, benchmark_index numeric,
               flow_usd numeric, rung smallint, note text) on r.slot = n.slot and r.at = n.at and n.missing = '{}'
            on conflict (account_id, slot) do update
           set at = excluded.at, slot_minutes = excluded.slot_minutes, nav_usd = excluded.nav_usd,
               complete = excluded.complete, whole = excluded.whole, missing = excluded.missing,
               unreconciled = excluded.unreconciled, unrealised_usd = excluded.unrealised_usd,
               revalued_usd = excluded.revalued_usd, benchmark_usd = excluded.benchmark_usd,
               nav_index = excluded.nav_index, benchmark_index = excluded.benchmark_index,
               flow_usd = excluded.flow_usd, rung = excluded.rung, note = excluded.note,
               unexplained_usd = null
         where excluded.complete or (not s.complete and (excluded.whole or not s.whole));
        if found then
            v_made := private.packed(jsonb_build_object(
                'holdings', v_snapshot -> 'holdings', 'positions', v_snapshot -> 'positions',
                'checks', v_snapshot -> 'checks'));
            -- No key keeps a slot from being in both parts of the table: what is there is found wherever it lies.
            update public.snapshot_details as d set made = v_made
             where d.account_id = p_account and d.slot = (v_snapshot ->> 'slot')::timestamptz;
            if not found then
                insert into public.snapshot_details (account_id, slot, made)
                values (p_account, (v_snapshot ->> 'slot')::timestamptz, v_made);
            end if;
        end if;
    end if;

    if exists (select from unnest(v_completed) as c (slot)
                where not exists (select from public.snapshots as s
                                   where s.account_id = p_account and s.slot = c.slot and s.complete)) then
        raise sqlstate 'PT422' using message = 'row_without_snapshot', detail = 'a completed slot has no row';
    end if;

    if v_since is not null then
        perform private.write_days(p_account, v_since);
    end if;

    update public.snapshots as s
       set unexplained_usd = nullif(j.usd, 0)
      from jsonb_to_recordset(coalesce(p_outcome -> 'jumps', '[]')) as j (slot timestamptz, at timestamptz, usd numeric)
     where s.account_id = p_account and s.slot = j.slot and s.at = j.at;

    perform private.write_prices(p_outcome -> 'prices');
    -- Of an instant the first price stays. What a person restates counts with what is stored; a run may have counted with
    -- another, or remember it for what it holds, for all it knew was stored when it read.
    if (v_snapshot is not null or (v_restated_from is null and jsonb_array_length(v_rows) > 0)) and exists (
           select from private.beside_prices(p_outcome -> 'prices') as b where b.kept_usd <> b.usd) then
        raise sqlstate 'PT409' using message = 'version_moved', detail = 'another price of an instant is stored';
    end if;

    if jsonb_array_length(p_outcome -> 'rebalances') > 0 then
        insert into public.rebalances (account_id, at, reason)
        select p_account, r.at::timestamptz, 'asked'
          from jsonb_array_elements_text(p_outcome -> 'rebalances') as r (at)
            on conflict (account_id, at) do nothing;
    end if;

    if v_restated_from is not null then
        delete from public.benchmark_events as e where e.account_id = p_account and e.at >= v_restated_from;
    end if;
    if jsonb_array_length(p_outcome -> 'events') > 0 then
        insert into public.benchmark_events (
               account_id, at, seq, kind, usd, value_usd, units, exhausted_at, shortfall_usd)
        select p_account, (e.event ->> 'at')::timestamptz,
               row_number() over (partition by (e.event ->> 'at')::timestamptz order by e.place),
               e.event ->> 'kind', (e.event ->> 'usd')::numeric, (e.event ->> 'value_usd')::numeric,
               e.event -> 'units', (e.event ->> 'exhausted_at')::timestamptz, (e.event ->> 'shortfall_usd')::numeric
          from jsonb_array_elements(p_outcome -> 'events') with ordinality as e (event, place);
    end if;
    perform private.write_income(p_account, coalesce(p_outcome -> 'earned', '[]'));
    perform private.write_estimates(p_account, coalesce(p_outcome -> 'estimates', '[]'));
    perform private.write_logs(p_run, coalesce(p_outcome -> 'logs', '[]'));
    return v_version;
end
$$;
revoke execute on function public.commit_outcome(text, text, bigint, jsonb) from public, anon, authenticated;
grant execute on function public.commit_outcome(text, text, bigint, jsonb) to service_role;
