-- claim_accounts: lease the accounts that are due, longest untried first; one value, so no row cap applies.
-- Time:  p_slot comes from the caller; only the lease's end is told by the database. Retry: safe.
-- Beside each account stands the end of the newest ban by the exchange, in microseconds: the same for all, or null.
-- p_force also claims an account whose slot is complete; a lease, a pause and a close hold all the same, and
-- one without a key has nothing to be read with.
-- Errors: migrations_behind where the schema is older than p_schema.
create or replace function public.claim_accounts(
    p_run text, p_slot timestamptz, p_lease_s integer, p_limit integer, p_schema integer,
    p_account text default null, p_force boolean default false)
returns jsonb
language sql volatile security invoker set search_path = ''
as $$
    select private.require_schema(p_schema);
    with due as (
        select a.id, a.last_tried_at from public.accounts as a
         where a.paused_at is null and a.closed_at is null and a.sealed_key is not null
           and (p_account is null or a.id = p_account)
           and (a.leased_until is null or a.leased_until < clock_timestamp())
           and (p_force or not exists (select from public.snapshots as s
                                        where s.account_id = a.id and s.slot = p_slot and s.complete))
         order by a.last_tried_at nulls first, a.id
         limit p_limit
           for update of a skip locked
    ), claimed as (
        update public.accounts as a
           set lease_run = p_run, last_tried_at = p_slot, tried_before = a.last_tried_at,
               leased_until = clock_timestamp() + make_interval(secs => p_lease_s)
          from due where a.id = due.id
        returning due.last_tried_at as tried, a.id, a.name, a.version, a.policy, a.state, a.sealed_key, a.status_code,
                  (select (extract(epoch from b.ends_at) * 1000000)::bigint from public.bans as b) as banned_until
    )
    select coalesce(jsonb_agg(to_jsonb(c) - 'tried' order by c.tried nulls first, c.id), '[]'::jsonb) from claimed as c;
$$;
revoke execute on function public.claim_accounts(text, timestamptz, integer, integer, integer, text, boolean)
    from public, anon, authenticated;
grant execute on function public.claim_accounts(text, timestamptz, integer, integer, integer, text, boolean)
    to service_role;
