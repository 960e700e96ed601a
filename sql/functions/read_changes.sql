-- read_changes: for each period (an account, from, until) what is stored of what changed its value, in the order asked
-- for: sums of futures income in (from, until], the levels at its end, those at its beginning or at the first snapshot
-- after it that knows them, and how far income was read. `moved_usd` is what prices did to coins that came or left
-- between that and the first complete snapshot since, of which the coin's price is stored (of some it is not).
-- Times in microseconds, numbers as text.
create or replace function public.read_changes(p_periods jsonb)
returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object(
        'begin', (
            select jsonb_build_object('at', (extract(epoch from s.at) * 1000000)::bigint,
                                      'unrealised_usd', s.unrealised_usd::text, 'revalued_usd', s.revalued_usd::text)
              from public.snapshots as s
             where s.account_id = p.account and s.complete and s.at between p.since and p.until
               and s.revalued_usd is not null
             order by s.at limit 1),
        'end', (
            select jsonb_build_object('at', (extract(epoch from s.at) * 1000000)::bigint,
                                      'unrealised_usd', s.unrealised_usd::text, 'revalued_usd', s.revalued_usd::text)
              from public.snapshots as s
             where s.account_id = p.account and s.complete and s.at = p.until and s.revalued_usd is not null),
        'income', (
            select jsonb_build_object(
                'realised', coalesce(sum(i.realised), 0)::text, 'funding', coalesce(sum(i.funding), 0)::text,
                'commission', coalesce(sum(i.commission), 0)::text, 'rewards', coalesce(sum(i.rewards), 0)::text,
                'other', coalesce(sum(i.other), 0)::text)
              from public.income as i
             where i.account_id = p.account and i.until > p.since and i.until <= p.until),
        'moved_usd', (
            select coalesce(sum(f.quantity * private.price_of(f.asset, seen.at) - f.usd), 0)::text
              from public.flows as f
             cross join lateral (select min(s.at) as at from public.snapshots as s
                                  where s.account_id = f.account_id and s.complete and s.at >= f.at) as seen
             where f.account_id = p.account and f.at > p.since and f.at <= p.until
               and not exists (select from public.flow_decisions as d
                                where d.account_id = f.account_id and d.flow_id = f.id)),
        'marks', (select coalesce(a.state -> 'income', '{}') from public.accounts as a where a.id = p.account)
        ) order by p.place), '[]')
      from (select e.place, e.period ->> 0 as account, (e.period ->> 1)::timestamptz as since,
                   (e.period ->> 2)::timestamptz as until
              from jsonb_array_elements(p_periods) with ordinality as e (period, place)) as p;
$$;
revoke execute on function public.read_changes(jsonb) from public, anon, authenticated;
grant execute on function public.read_changes(jsonb) to service_role;
