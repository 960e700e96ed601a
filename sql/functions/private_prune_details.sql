-- private.prune_details: once a day by p_at, thin what snapshots older than p_days were made of to one a day: that of
-- the day's last whole snapshot, or its last one where none is whole. A day is (00:00, 24:00] UTC; no snapshot is touched.
-- What an account held at its inception stays as well: its benchmark `initial` is made of that.
create or replace function private.prune_details(p_at timestamptz, p_days integer default 35)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    insert into public.chores as c (name, done_at) values ('prune_details', p_at)
        on conflict (name) do update set done_at = excluded.done_at
     where c.done_at <= excluded.done_at - interval '1 day';
    if found then
        with placed as (
            select d.account_id, d.slot, row_number() over (
                       partition by d.account_id, date_trunc('day', s.at - interval '1 microsecond', 'UTC')
                           order by s.whole desc, s.at desc) as place
              from public.snapshot_details as d
              join public.snapshots as s on s.account_id = d.account_id and s.slot = d.slot
             where s.at <= date_trunc('day', p_at, 'UTC') - make_interval(days => p_days)
        )
        delete from public.snapshot_details as d using placed
         where d.account_id = placed.account_id and d.slot = placed.slot and placed.place > 1
           and not exists (select from public.snapshots as s
                             join public.accounts as a on a.id = s.account_id and a.inception = s.at
                            where s.account_id = d.account_id and s.slot = d.slot and s.complete);
    end if;
end
$$;
revoke execute on function private.prune_details(timestamptz, integer) from public, anon, authenticated;
grant execute on function private.prune_details(timestamptz, integer) to service_role;
