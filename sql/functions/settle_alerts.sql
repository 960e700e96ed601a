-- settle_alerts: keep which episodes began and ended and which digests are due, each with its message, and hand out the
-- messages that nobody is sending, for p_lease_s by the database's clock.
-- p_changes: [{"account", "change": "begin" | "end" | "digest", "kind", "subject", "detail", "at", "title", "body"}].
-- An episode that is there begins no second time, one that is gone ends no second time, and a period gets one digest;
-- then nothing is to be sent for it either. Without a title there is no message. p_oldest: what waited since before
-- then is dropped, and counted in the answer. Retry: safe; messages are handed out again once the lease has ended.
-- Order: while somebody has an older message of an account, its newer ones wait: nobody may hear that it is over, and
-- then that it began. One call at a time, so that no two take messages of one account at once.
create or replace function public.settle_alerts(
    p_run text, p_changes jsonb, p_at timestamptz, p_oldest timestamptz, p_lease_s integer, p_logs jsonb default '[]')
returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_change record;
    v_new boolean;
    v_messages jsonb;
    v_dropped bigint;
begin
    perform pg_advisory_xact_lock(hashtext('public.settle_alerts'));
    for v_change in
        select c.*
          from jsonb_array_elements(p_changes) with ordinality as e (change, place)
         cross join lateral jsonb_to_record(e.change) as c (
               account text, change text, kind text, subject text, detail text, at timestamptz, title text, body text)
          join public.accounts as a on a.id = c.account
         where a.paused_at is null and a.closed_at is null
         order by e.place
    loop
        case v_change.change
            when 'begin' then
                insert into public.alert_episodes (account_id, kind, subject, since, detail)
                values (v_change.account, v_change.kind, v_change.subject, v_change.at, v_change.detail)
                    on conflict (account_id, kind, subject) do nothing;
            when 'end' then
                delete from public.alert_episodes as e
                 where e.account_id = v_change.account and e.kind = v_change.kind and e.subject = v_change.subject
                   and e.since = v_change.at;
            when 'digest' then
                update public.accounts as a set digest_until = v_change.at
                 where a.id = v_change.account and a.digest <> 'off' and a.digest_until < v_change.at;
        end case;
        v_new := found;
        if v_new and v_change.title is not null then
            insert into public.alert_messages (account_id, title, body, created_at)
            values (v_change.account, v_change.title, v_change.body, p_at);
        end if;
    end loop;
    delete from public.alert_messages as m where m.created_at < p_oldest;
    get diagnostics v_dropped = row_count;
    with free as (
        select m.number from public.alert_messages as m
         where (m.leased_until is null or m.leased_until < clock_timestamp())
           and not exists (select from public.alert_messages as o
                            where o.account_id = m.account_id and o.number < m.number
                              and o.leased_until >= clock_timestamp())
         order by m.number for update skip locked
    ), taken as (
        update public.alert_messages as m
           set leased_until = clock_timestamp() + make_interval(secs => p_lease_s)
          from free where free.number = m.number
        returning m.number, m.title, m.body
    )
    select coalesce(jsonb_agg(to_jsonb(t) order by t.number), '[]') into v_messages from taken as t;
    perform private.write_logs(p_run, p_logs);
    return jsonb_build_object('messages', v_messages, 'dropped', v_dropped);
end
$$;
revoke execute on function public.settle_alerts(text, jsonb, timestamptz, timestamptz, integer, jsonb)
    from public, anon, authenticated;
grant execute on function public.settle_alerts(text, jsonb, timestamptz, timestamptz, integer, jsonb) to service_role;
