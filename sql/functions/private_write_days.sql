-- private.write_days: keep what the days of an account come to, anew from the day of p_since on; earlier ones stay.
create or replace function private.write_days(p_account text, p_since timestamptz default '-infinity')
returns void
language sql volatile security invoker set search_path = ''
as $$
    delete from public.days as d
     where d.account_id = p_account and d.day >= ((p_since - interval '1 microsecond') at time zone 'UTC')::date;
    insert into public.days select d.* from private.days_of(p_account, p_since) as d;
$$;
revoke execute on function private.write_days(text, timestamptz) from public, anon, authenticated;
grant execute on function private.write_days(text, timestamptz) to service_role;
