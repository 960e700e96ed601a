-- private.prune_details: once a day by p_at, thin what snapshots older than p_days were made of to one a day: that of
-- the day's last whole snapshot, or its last one where none is whole. A day is (00:00, 24:00] UTC; no snapshot is touched.
-- What an account held at its inception stays as well: its benchmark `initial` is made of that. What stays moves to where
-- nothing is thinned any more, so that the index behind it is empty and is given back.
create or replace function private.prune_details(p_at timestamptz, p_days integer default 35)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    insert into public.chores as c (name, done_at) values ('prune_details', p_at)
        on conflict (name) do update set done_at = excluded.done_at
     where c.done_at <= excluded.done_at - interval '1 day';
    if found then
        with old as materialized (
            select d.account_id, d.slot,
                   exists (select from public.accounts as a
                            where a.id = s.account_id and a.inception = s.at and s.complete)
                   or 1 = row_number() over (
                       partition by d.account_id, date_trunc('day', s.at - interval '1 microsecond', 'UTC')
                           order by s.whole desc, s.at desc) as stays
              from public.snapshot_details as d
              join public.snapshots as s on s.account_id = d.account_id and s.slot = d.slot
             where s.at <= date_trunc('day', p_at, 'UTC') - make_interval(days => p_days)
        ), thinned as (
            delete from public.snapshot_details as d using old as o
             where d.account_id = o.account_id and d.slot = o.slot and not o.stays
        )
        update public.snapshot_details as d set lasting = true
          from old as o
         where d.account_id = o.account_id and d.slot = o.slot and o.stays and not d.lasting;
    end if;
end
$$;
revoke execute on function private.prune_details(timestamptz, integer) from public, anon, authenticated;
grant execute on function private.prune_details(timestamptz, integer) to service_role;
