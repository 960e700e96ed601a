-- The ledger: money that crossed an account's boundary. An entry is never changed, save for the value before it,
-- which becomes another where a flow that came to light later lies before it.
create table public.flows (
    account_id text not null references public.accounts (id),
    id text not null check (id <> ''),
    at timestamptz not null,
    usd numeric not null,
    asset text not null,
    quantity numeric not null,
    value_before_usd numeric,
    source text not null,
    detail text not null,
    booked_run text not null,
    primary key (account_id, id)
);
create index flows_at on public.flows (account_id, at);

-- Prices that figures follow from, in USD; the first one stored for an instant is the one in force.
create table public.prices (
    asset text not null,
    at timestamptz not null,
    usd numeric not null check (usd >= 0),
    primary key (asset, at)
);

-- Rebalances that a person asked for; those by the calendar follow from the policy.
create table public.rebalances (
    account_id text not null references public.accounts (id),
    at timestamptz not null,
    reason text not null,
    primary key (account_id, at)
);

alter table public.flows enable row level security;
alter table public.prices enable row level security;
alter table public.rebalances enable row level security;
revoke all on public.flows, public.prices, public.rebalances from public, anon, authenticated;
grant select, insert on public.flows, public.prices, public.rebalances to service_role;
grant update (value_before_usd) on public.flows to service_role;
