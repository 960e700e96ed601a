-- private.write_logs: keep a batch of log entries in their order. What is told of an account that is not there any more
-- is let go, for an erased one leaves no trace; so is what cannot be kept: telling about a commit can never fail it.
-- Who writes waits for who has written and not committed yet: ids then appear in their order, and a reader who goes on
-- after the newest id misses none. So it is the last thing that a transaction does, and it holds its accounts before:
-- nobody who waits here for a writer has what that one still wants.
create or replace function private.write_logs(p_run text, p_logs jsonb)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    perform from public.accounts as a
      where a.id in (select e ->> 'account' from jsonb_array_elements(p_logs) as e) order by a.id for key share;
    perform pg_advisory_xact_lock(hashtextextended('public.logs', 0));
    insert into public.logs (at, level, event, message, run, account_id, data)
    select l.at, l.level, l.event, l.message, p_run, a.id, l.data
      from jsonb_array_elements(p_logs) with ordinality as e (entry, place)
     cross join lateral jsonb_to_record(e.entry) as l (
           at timestamptz, level text, event text, message text, account text, data jsonb)
      left join public.accounts as a on a.id = l.account
     where l.account is null or a.id is not null
     order by e.place;
exception when others then
    raise warning 'log entries of run % were lost: %', p_run, sqlerrm;
end
$$;
revoke execute on function private.write_logs(text, jsonb) from public, anon, authenticated;
grant execute on function private.write_logs(text, jsonb) to service_role;
