-- end_messages: forget the messages that were sent, let go of them that were not, and keep what there is to tell of it.
-- Retry: safe, save that log entries are kept once more.
create or replace function public.end_messages(
    p_run text, p_numbers bigint[], p_sent boolean, p_logs jsonb default '[]')
returns void
language sql volatile security invoker set search_path = ''
as $$
    delete from public.alert_messages as m where p_sent and m.number = any (p_numbers);
    update public.alert_messages as m set leased_until = null where not p_sent and m.number = any (p_numbers);
    select private.write_logs(p_run, p_logs);
$$;
revoke execute on function public.end_messages(text, bigint[], boolean, jsonb) from public, anon, authenticated;
grant execute on function public.end_messages(text, bigint[], boolean, jsonb) to service_role;
