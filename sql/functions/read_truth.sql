-- read_truth: all that the figures of an account follow from, oldest first; null where there is no such account.
-- Times in microseconds, numbers as text; long columns are joined by commas.
create or replace function public.read_truth(p_account text)
returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select jsonb_build_object(
        'points', (
            select jsonb_build_object(
                'at', string_agg((extract(epoch from s.at) * 1000000)::bigint::text, ','),
                'slot', string_agg((extract(epoch from s.slot) * 1000000)::bigint::text, ','),
                'nav_usd', string_agg(s.nav_usd::text, ','))
              from (select * from public.snapshots as p
                     where p.account_id = a.id and p.complete order by p.at) as s),
        'flows', private.flows(a.id),
        'prices', private.policy_prices(a.id),
        'rebalances', (
            select coalesce(jsonb_agg((extract(epoch from r.at) * 1000000)::bigint order by r.at), '[]')
              from public.rebalances as r where r.account_id = a.id))
      from public.accounts as a where a.id = p_account;
$$;
revoke execute on function public.read_truth(text) from public, anon, authenticated;
grant execute on function public.read_truth(text) to service_role;
