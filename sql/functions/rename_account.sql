-- rename_account: call an account by another name; true where that changed anything, and then what there is to tell is
-- kept. Its id stays. Retry: safe. Errors: account_not_found (404) where it is not there or closed; account_exists (409)
-- where another open one has the name.
create or replace function public.rename_account(
    p_account text, p_name text, p_run text, p_logs jsonb default '[]')
returns boolean
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_was text;
begin
    select a.name into v_was from public.accounts as a where a.id = p_account and a.closed_at is null for update;
    if v_was is null then
        raise sqlstate 'PT404' using message = 'account_not_found';
    elsif v_was = p_name then
        return false;
    end if;
    update public.accounts as a set name = p_name, version = a.version + 1 where a.id = p_account;
    perform private.write_logs(p_run, p_logs);
    return true;
exception when unique_violation then
    -- The words of the database would repeat the row.
    raise sqlstate 'PT409' using message = 'account_exists';
end
$$;
revoke execute on function public.rename_account(text, text, text, jsonb) from public, anon, authenticated;
grant execute on function public.rename_account(text, text, text, jsonb) to service_role;
