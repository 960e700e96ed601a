-- read_bases: for each instant the last whole snapshot before it, in the order asked for; null where there is none
-- or where what it was made of is no longer kept. Times in microseconds.
create or replace function public.read_bases(p_account text, p_instants timestamptz[])
returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select coalesce(jsonb_agg(
               case when d.slot is not null then
                   jsonb_build_object('at', (extract(epoch from s.at) * 1000000)::bigint,
                                     'holdings', d.made -> 'holdings', 'positions', d.made -> 'positions')
               end order by asked.place), '[]')
      from unnest(p_instants) with ordinality as asked (at, place)
      left join lateral (
          select w.slot, w.at
            from ((select p.slot, p.at from public.snapshots as p
                    where p.account_id = p_account and p.complete and p.at < asked.at
                    order by p.at desc limit 1)
                  union all
                  (select p.slot, p.at from public.snapshots as p
                    where p.account_id = p_account and p.whole and not p.complete and p.at < asked.at
                    order by p.at desc limit 1)) as w
           order by w.at desc limit 1) as s on true
      left join public.snapshot_details as d on d.account_id = p_account and d.slot = s.slot;
$$;
revoke execute on function public.read_bases(text, timestamptz[]) from public, anon, authenticated;
grant execute on function public.read_bases(text, timestamptz[]) to service_role;
