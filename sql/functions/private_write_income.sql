-- private.write_income: add futures income to the sums of the snapshots that contain it. Income later than the last
-- whole snapshot is summed up at the time of its newest part: no snapshot will ever lie in between.
-- Retry: not safe by itself; the version of the account's state, which knows what was counted, keeps it from that.
create or replace function private.write_income(p_account text, p_earned jsonb)
returns void
language sql volatile security invoker set search_path = ''
as $$
    insert into public.income as i (account_id, until, realised, funding, commission, rewards, other)
    select p_account, e.until,
           coalesce(sum(e.usd) filter (where e.kind = 'realised'), 0),
           coalesce(sum(e.usd) filter (where e.kind = 'funding'), 0),
           coalesce(sum(e.usd) filter (where e.kind = 'commission'), 0),
           coalesce(sum(e.usd) filter (where e.kind = 'rewards'), 0),
           coalesce(sum(e.usd) filter (where e.kind = 'other'), 0)
      from (select r.kind, r.usd,
                   coalesce(least((select min(s.at) from public.snapshots as s
                                    where s.account_id = p_account and s.complete and s.at >= r.at),
                                  (select min(s.at) from public.snapshots as s
                                    where s.account_id = p_account and s.whole and not s.complete and s.at >= r.at)),
                            max(r.at) over ()) as until
              from jsonb_to_recordset(p_earned) as r (at timestamptz, kind text, usd numeric)) as e
     group by e.until
        on conflict (account_id, until) do update
       set realised = i.realised + excluded.realised, funding = i.funding + excluded.funding,
           commission = i.commission + excluded.commission, rewards = i.rewards + excluded.rewards,
           other = i.other + excluded.other;
$$;
revoke execute on function private.write_income(text, jsonb) from public, anon, authenticated;
grant execute on function private.write_income(text, jsonb) to service_role;
