-- erase_account: delete an account and all that is stored of it, its log lines too; its name must be typed for that.
-- Prices stay: they are nobody's. A run that holds the account finds it gone and stores nothing.
-- Errors: account_not_found (404), of a second call too; other_name (409).
create or replace function public.erase_account(p_account text, p_name text, p_run text, p_logs jsonb default '[]')
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_name text;
begin
    select a.name into v_name from public.accounts as a where a.id = p_account for update;
    if v_name is null then
        raise sqlstate 'PT404' using message = 'account_not_found';
    elsif v_name <> p_name then
        raise sqlstate 'PT409' using message = 'other_name';
    end if;
    delete from public.accounts as a where a.id = p_account;
    perform private.write_logs(p_run, p_logs);
end
$$;
revoke execute on function public.erase_account(text, text, text, jsonb) from public, anon, authenticated;
grant execute on function public.erase_account(text, text, text, jsonb) to service_role;
