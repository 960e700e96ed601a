-- About what an account was worth on days before its first snapshot. They are drawn; no figure follows from them.
create table public.estimates (
    account_id text not null references public.accounts (id) on delete cascade,
    at timestamptz not null,
    usd numeric not null,
    primary key (account_id, at)
);

alter table public.estimates enable row level security;
revoke all on public.estimates from public, anon, authenticated;
grant select, insert on public.estimates to service_role;
