-- What changed an account's value: futures income, summed up by kind over the time up to a snapshot, and where two
-- sums stood at each whole snapshot (null: taken before they were known). It is kept for good: the exchange forgets
-- income after three months, and what a snapshot was made of is thinned.
create table public.income (
    account_id text not null references public.accounts (id) on delete cascade,
    until timestamptz not null,                     -- of the first whole snapshot that contains it
    realised numeric not null default 0,
    funding numeric not null default 0,
    commission numeric not null default 0,
    rewards numeric not null default 0,
    other numeric not null default 0,
    primary key (account_id, until)
);

alter table public.income enable row level security;
revoke all on public.income from public, anon, authenticated;
grant select, insert, update on public.income to service_role;

alter table public.snapshots add column unrealised_usd numeric;
alter table public.snapshots add column revalued_usd numeric;
