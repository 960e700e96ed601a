-- private.peak_index: the highest index of an account's present segment; one that began anew began at 1.
create or replace function private.peak_index(p_account text)
returns numeric
language sql stable security invoker set search_path = ''
as $$
    with anew (at) as (
        select max(s.at) from public.snapshots as s
         where s.account_id = p_account and s.complete and s.note = 'new_segment'
    )
    select greatest(max(s.nav_index), case when (select at from anew) is not null then 1 end)
      from public.snapshots as s
     where s.account_id = p_account and s.complete
       and s.at >= coalesce((select at from anew), '-infinity');
$$;
revoke execute on function private.peak_index(text) from public, anon, authenticated;
grant execute on function private.peak_index(text) to service_role;
