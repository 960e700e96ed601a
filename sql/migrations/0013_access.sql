-- Who may come in: the generation that every session carries, the tries to log in, and the links that show percentages.
-- One row: raising the generation ends every session. password_mark tells whether the password is still the same one; it
-- is an HMAC under a key that is not here, so nothing of the password can be told from it.
create table public.session_generation (
    single boolean primary key default true check (single),
    generation bigint not null default 1,
    password_mark text
);
insert into public.session_generation default values;

-- Tries to log in that were not right. `caller` stands for an address, as an HMAC of it.
create table public.login_tries (
    number bigint generated always as identity primary key,
    caller text not null,
    at timestamptz not null
);
create index login_tries_at on public.login_tries (at);

-- Links that show percentages of one account, or (null) of all. The token itself is kept nowhere.
create table public.shares (
    id text primary key check (id <> ''),
    token_hash text not null unique,
    account_id text references public.accounts (id) on delete cascade,
    created_at timestamptz not null,
    last_opened_at timestamptz
);
create index shares_account on public.shares (account_id);

alter table public.session_generation enable row level security;
alter table public.login_tries enable row level security;
alter table public.shares enable row level security;
revoke all on public.session_generation, public.login_tries, public.shares from public, anon, authenticated;
revoke all on sequence public.login_tries_number_seq from public, anon, authenticated;
grant select, update on public.session_generation to service_role;
grant select, insert, delete on public.login_tries to service_role;
grant select, insert, update, delete on public.shares to service_role;

-- Erasing an account takes all that is stored of it along.
alter table public.snapshots drop constraint snapshots_account_id_fkey,
    add constraint snapshots_account_id_fkey foreign key (account_id)
        references public.accounts (id) on delete cascade;
alter table public.snapshot_details drop constraint snapshot_details_account_id_slot_fkey,
    add constraint snapshot_details_account_id_slot_fkey foreign key (account_id, slot)
        references public.snapshots (account_id, slot) on delete cascade;
alter table public.flows drop constraint flows_account_id_fkey,
    add constraint flows_account_id_fkey foreign key (account_id) references public.accounts (id) on delete cascade;
alter table public.rebalances drop constraint rebalances_account_id_fkey,
    add constraint rebalances_account_id_fkey foreign key (account_id)
        references public.accounts (id) on delete cascade;
alter table public.benchmark_events drop constraint benchmark_events_account_id_fkey,
    add constraint benchmark_events_account_id_fkey foreign key (account_id)
        references public.accounts (id) on delete cascade;
alter table public.flow_decisions drop constraint flow_decisions_account_id_flow_id_fkey,
    add constraint flow_decisions_account_id_flow_id_fkey foreign key (account_id, flow_id)
        references public.flows (account_id, id) on delete cascade,
    drop constraint flow_decisions_account_id_by_flow_id_fkey,
    add constraint flow_decisions_account_id_by_flow_id_fkey foreign key (account_id, by_flow_id)
        references public.flows (account_id, id) on delete cascade;
alter table public.policy_changes drop constraint policy_changes_account_id_fkey,
    add constraint policy_changes_account_id_fkey foreign key (account_id)
        references public.accounts (id) on delete cascade;
grant delete on public.accounts to service_role;
