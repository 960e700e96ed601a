-- Accounts: whom we watch, what the next run must remember of them (state), and who is at work on them (lease).
create table public.accounts (
    id text primary key check (id <> ''),
    place bigint generated always as identity,      -- the order they were added in
    name text not null check (name <> ''),
    uid text not null unique,                       -- the exchange's own identity of the account
    sealed_key text not null check (sealed_key <> ''),
    policy jsonb not null,
    state jsonb not null,
    version bigint not null default 1,              -- raised by every change of state; guards each commit
    status_code text not null default 'new',
    status_detail text,
    created_at timestamptz not null,
    paused_at timestamptz,
    closed_at timestamptz,
    inception timestamptz,                          -- the first complete snapshot
    lease_run text,
    leased_until timestamptz,
    last_tried_at timestamptz
);
create unique index accounts_open_name on public.accounts (name) where closed_at is null;
create index accounts_lease_run on public.accounts (lease_run) where lease_run is not null;

alter table public.accounts enable row level security;
revoke all on public.accounts from public, anon, authenticated;
revoke all on sequence public.accounts_place_seq from public, anon, authenticated;
grant select, insert, update on public.accounts to service_role;
