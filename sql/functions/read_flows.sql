-- read_flows: of one account, or (null) of each in the order they were added: every entry of the ledger in
-- (p_from, p_until], newest first, with what was decided about it, and the movements that are not booked yet.
-- Entries have times in microseconds and numbers as text; movements are as the account's memory keeps them.
create or replace function public.read_flows(
    p_account text default null, p_from timestamptz default null, p_until timestamptz default null)
returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object(
               'id', a.id, 'entries', booked.entries,
               'pending', coalesce(a.state -> 'pending', '[]'),
               'waiting', coalesce(a.state -> 'unpriced', '[]') || coalesce(a.state -> 'waiting', '[]'))
               order by a.place), '[]')
      from public.accounts as a
     cross join lateral (
        select coalesce(jsonb_agg(jsonb_build_object(
                   'id', f.id, 'at', (extract(epoch from f.at) * 1000000)::bigint, 'usd', f.usd::text,
                   'value_before_usd', f.value_before_usd::text, 'asset', f.asset, 'quantity', f.quantity::text,
                   'source', f.source, 'detail', f.detail, 'decision', d.decision, 'by_flow_id', d.by_flow_id,
                   'reason', d.reason, 'decided_at', (extract(epoch from d.decided_at) * 1000000)::bigint)
                   order by f.at desc, f.id desc), '[]') as entries
          from public.flows as f
          left join public.flow_decisions as d on d.account_id = f.account_id and d.flow_id = f.id
         where f.account_id = a.id
           and (p_from is null or f.at > p_from) and (p_until is null or f.at <= p_until)) as booked
     where p_account is null or a.id = p_account;
$$;
revoke execute on function public.read_flows(text, timestamptz, timestamptz) from public, anon, authenticated;
grant execute on function public.read_flows(text, timestamptz, timestamptz) to service_role;
