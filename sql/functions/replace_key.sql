-- replace_key: put another key in the place of an account's, of the same account at the exchange. One that was restored
-- from a file has none yet and learns here whose it is. It counts as new until a run has read it.
-- Retry: safe. Errors: account_not_found (404) where it is not there or closed; other_uid (409) where the key is of
-- another account of the exchange; account_exists (409) where another one here is of that account.
create or replace function public.replace_key(
    p_account text, p_uid text, p_sealed_key text, p_run text, p_logs jsonb default '[]')
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_uid text;
begin
    select a.uid into v_uid from public.accounts as a where a.id = p_account and a.closed_at is null for update;
    if not found then
        raise sqlstate 'PT404' using message = 'account_not_found';
    elsif v_uid <> p_uid then
        raise sqlstate 'PT409' using message = 'other_uid';
    end if;
    update public.accounts as a
       set uid = p_uid, sealed_key = p_sealed_key, version = a.version + 1,
           status_code = 'new', status_detail = null, status_cause = null
     where a.id = p_account;
    perform private.write_logs(p_run, p_logs);
exception when unique_violation then
    raise sqlstate 'PT409' using message = 'account_exists';
end
$$;
revoke execute on function public.replace_key(text, text, text, text, jsonb) from public, anon, authenticated;
grant execute on function public.replace_key(text, text, text, text, jsonb) to service_role;
