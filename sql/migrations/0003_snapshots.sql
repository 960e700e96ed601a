-- Snapshots: the value of an account at one instant. The columns after `unreconciled` are derived: a cache that is
-- written in the transaction that writes what they follow from, for complete snapshots and no others.
create table public.snapshots (
    account_id text not null references public.accounts (id),
    slot timestamptz not null,
    at timestamptz not null,
    slot_minutes integer not null check (slot_minutes > 0),
    nav_usd numeric not null,
    complete boolean not null,
    whole boolean not null,                         -- all of the value is known; at most flows or a candle are missing
    missing text[] not null,
    unreconciled boolean not null,
    benchmark_usd numeric,
    nav_index numeric,
    benchmark_index numeric,
    flow_usd numeric,
    rung smallint,
    note text,
    primary key (account_id, slot),
    constraint snapshots_complete_lacks_nothing check (complete = (missing = '{}')),
    constraint snapshots_complete_is_whole check (whole or not complete),
    constraint snapshots_complete_has_figures check (
        complete = (benchmark_usd is not null)
        and complete = (nav_index is not null)
        and complete = (benchmark_index is not null)
        and complete = (flow_usd is not null)
    )
);
create unique index snapshots_complete_at on public.snapshots (account_id, at) where complete;
create index snapshots_whole_at on public.snapshots (account_id, at) where whole;
create index snapshots_partial_at on public.snapshots (account_id, at) where not complete;

-- What a snapshot was made of; thinned with age, so it lies apart.
create table public.snapshot_details (
    account_id text not null,
    slot timestamptz not null,
    holdings jsonb not null,                        -- [wallet, asset, quantity, price, priced at if not then]
    positions jsonb not null,                       -- [wallet, symbol, side, quantity, price]
    checks jsonb,                                   -- [wallet, ours, theirs]; null: unreconciled
    primary key (account_id, slot),
    foreign key (account_id, slot) references public.snapshots (account_id, slot)
);

alter table public.snapshots enable row level security;
alter table public.snapshot_details enable row level security;
revoke all on public.snapshots, public.snapshot_details from public, anon, authenticated;
grant select, insert, update on public.snapshots, public.snapshot_details to service_role;
