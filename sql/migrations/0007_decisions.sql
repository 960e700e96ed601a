-- What a person decided about an entry of the ledger: void, internal, or superseded by another entry. The entry itself
-- is never changed; it is in force while nothing was decided about it.
create table public.flow_decisions (
    account_id text not null,
    flow_id text not null,
    decision text not null check (decision in ('void', 'internal', 'superseded')),
    by_flow_id text,
    reason text not null check (reason <> ''),
    decided_at timestamptz not null,
    primary key (account_id, flow_id),
    foreign key (account_id, flow_id) references public.flows (account_id, id),
    foreign key (account_id, by_flow_id) references public.flows (account_id, id),
    check ((decision = 'superseded') = (by_flow_id is not null))
);

-- Changes of a benchmark's policy: when, from what, to what.
create table public.policy_changes (
    number bigint generated always as identity primary key,
    account_id text not null references public.accounts (id),
    changed_at timestamptz not null,
    was jsonb not null,
    became jsonb not null
);
create index policy_changes_account on public.policy_changes (account_id, number);

alter table public.flow_decisions enable row level security;
alter table public.policy_changes enable row level security;
revoke all on public.flow_decisions, public.policy_changes from public, anon, authenticated;
revoke all on sequence public.policy_changes_number_seq from public, anon, authenticated;
grant select, insert on public.flow_decisions, public.policy_changes to service_role;
