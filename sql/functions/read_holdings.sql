-- read_holdings: of one account, or (null) of each in the order they were added, what its last whole snapshot at or
-- before p_at (null: the newest) was made of, and the reconciliations of the p_before whole ones before it, oldest
-- first. A partial one is found by its very time where one account is asked for: it never enters a sum. A snapshot
-- whose detail is no longer kept is passed over. Times in microseconds, numbers as text.
create or replace function public.read_holdings(
    p_account text default null, p_at timestamptz default null, p_before integer default 60)
returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object(
               'id', a.id,
               'inception', (extract(epoch from a.inception) * 1000000)::bigint,
               'left_at', (extract(epoch from least(a.paused_at, a.closed_at)) * 1000000)::bigint,
               'snapshot', last.snapshot,
               'before', earlier.checks) order by a.place), '[]')
      from public.accounts as a
      left join lateral (
          select s.at, jsonb_build_object(
                     'at', (extract(epoch from s.at) * 1000000)::bigint,
                     'slot', (extract(epoch from s.slot) * 1000000)::bigint,
                     'slot_minutes', s.slot_minutes, 'nav_usd', s.nav_usd::text,
                     'missing', coalesce(s.missing, '{}'),
                     'holdings', d.made -> 'holdings', 'positions', d.made -> 'positions',
                     'checks', d.made -> 'checks') as snapshot
            from ((select w.slot from public.snapshots as w
                     join public.snapshot_details as k on k.account_id = w.account_id and k.slot = w.slot
                    where w.account_id = a.id and w.complete and (p_at is null or w.at <= p_at)
                    order by w.at desc limit 1)
                  union all
                  (select w.slot from public.snapshots as w
                     join public.snapshot_details as k on k.account_id = w.account_id and k.slot = w.slot
                    where w.account_id = a.id and w.whole and not w.complete and (p_at is null or w.at <= p_at)
                    order by w.at desc limit 1)
                  union all
                  (select t.slot from public.snapshots as t
                    where t.account_id = a.id and t.account_id = p_account and not t.complete and not t.whole
                      and t.at = p_at)) as found
            join public.snapshots as s on s.account_id = a.id and s.slot = found.slot
            join public.snapshot_details as d on d.account_id = s.account_id and d.slot = s.slot
           order by s.at desc limit 1) as last on true
      left join lateral (
          select coalesce(jsonb_agg(jsonb_build_object(
                     'at', (extract(epoch from p.at) * 1000000)::bigint,
                     'slot', (extract(epoch from p.slot) * 1000000)::bigint, 'checks', p.checks) order by p.at), '[]'
                 ) as checks
            from ((select s.at, s.slot, d.made -> 'checks' as checks from public.snapshots as s
                     join public.snapshot_details as d on d.account_id = s.account_id and d.slot = s.slot
                    where s.account_id = a.id and s.complete and s.at < last.at
                    order by s.at desc limit p_before)
                  union all
                  (select s.at, s.slot, d.made -> 'checks' from public.snapshots as s
                     join public.snapshot_details as d on d.account_id = s.account_id and d.slot = s.slot
                    where s.account_id = a.id and s.whole and not s.complete and s.at < last.at
                    order by s.at desc limit p_before)
                   order by at desc limit p_before) as p) as earlier on true
     where p_account is null or a.id = p_account;
$$;
revoke execute on function public.read_holdings(text, timestamptz, integer) from public, anon, authenticated;
grant execute on function public.read_holdings(text, timestamptz, integer) to service_role;
