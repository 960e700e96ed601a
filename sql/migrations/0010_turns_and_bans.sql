-- When an account was tried before the present try: a turn that did not come is taken back as if it had not been.
alter table public.accounts add column tried_before timestamptz;

-- Until when the exchange has banned the address that a run called from. Addresses change: a later run asks first.
create table public.bans (
    exchange text primary key,
    ends_at timestamptz not null
);

alter table public.bans enable row level security;
revoke all on public.bans from public, anon, authenticated;
grant select, insert, update on public.bans to service_role;
