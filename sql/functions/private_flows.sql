-- private.flows: the entries of an account's ledger that are in force, of all time or of [p_since, p_until], as columns,
-- oldest first; times in microseconds, numbers as text.
drop function if exists private.flows(text);
create or replace function private.flows(
    p_account text, p_since timestamptz default '-infinity', p_until timestamptz default 'infinity'
)
returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select jsonb_build_object(
        'id', coalesce(jsonb_agg(f.id), '[]'),
        'at', coalesce(jsonb_agg((extract(epoch from f.at) * 1000000)::bigint), '[]'),
        'usd', coalesce(jsonb_agg(f.usd::text), '[]'),
        'value_before_usd', coalesce(jsonb_agg(f.value_before_usd::text), '[]'),
        'asset', coalesce(jsonb_agg(f.asset), '[]'),
        'quantity', coalesce(jsonb_agg(f.quantity::text), '[]'),
        'source', coalesce(jsonb_agg(f.source), '[]'),
        'detail', coalesce(jsonb_agg(f.detail), '[]'))
      from (select * from public.flows as l
             where l.account_id = p_account and l.at between p_since and p_until
               and not exists (select from public.flow_decisions as d
                                where d.account_id = l.account_id and d.flow_id = l.id)
             order by l.at, l.id) as f;
$$;
revoke execute on function private.flows(text, timestamptz, timestamptz) from public, anon, authenticated;
grant execute on function private.flows(text, timestamptz, timestamptz) to service_role;
