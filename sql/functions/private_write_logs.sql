-- private.write_logs: keep a batch of log entries in their order. An account that is not there any more is left out
-- of its entry, and what cannot be kept is let go: telling about a commit can never fail it.
create or replace function private.write_logs(p_run text, p_logs jsonb)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    insert into public.logs (at, level, event, message, run, account_id, data)
    select l.at, l.level, l.event, l.message, p_run, a.id, l.data
      from jsonb_array_elements(p_logs) with ordinality as e (entry, place)
     cross join lateral jsonb_to_record(e.entry) as l (
           at timestamptz, level text, event text, message text, account text, data jsonb)
      left join public.accounts as a on a.id = l.account
     order by e.place;
exception when others then
    raise warning 'log entries of run % were lost: %', p_run, sqlerrm;
end
$$;
revoke execute on function private.write_logs(text, jsonb) from public, anon, authenticated;
grant execute on function private.write_logs(text, jsonb) to service_role;
