-- What made the benchmark what it is. Derived: rewritten from the instant on at which history is restated.
create table public.benchmark_events (
    account_id text not null references public.accounts (id),
    at timestamptz not null,
    seq integer not null,                           -- the order within one instant
    kind text not null,
    usd numeric not null,
    value_usd numeric not null,
    units jsonb not null,                           -- coins as text, by asset
    exhausted_at timestamptz,
    shortfall_usd numeric not null,
    primary key (account_id, at, seq)
);

alter table public.benchmark_events enable row level security;
revoke all on public.benchmark_events from public, anon, authenticated;
grant select, insert, delete on public.benchmark_events to service_role;
