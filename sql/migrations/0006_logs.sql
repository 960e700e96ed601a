-- What runs tell: one batch with each commit. The id rises with the time of writing, and is the cursor of readers.
create table public.logs (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    level text not null check (level in ('debug', 'info', 'warning', 'error')),
    event text not null,
    message text not null,
    run text not null,
    account_id text references public.accounts (id) on delete cascade,
    data jsonb not null
);
create index logs_account on public.logs (account_id, id);
create index logs_run on public.logs (run);
create index logs_at on public.logs (at);

-- When a chore was done last, so that it is done once a day by whichever run comes first.
create table public.chores (
    name text primary key,
    done_at timestamptz not null
);

alter table public.logs enable row level security;
alter table public.chores enable row level security;
revoke all on public.logs, public.chores from public, anon, authenticated;
revoke all on sequence public.logs_id_seq from public, anon, authenticated;
grant select, insert, delete on public.logs to service_role;
grant select, insert, update on public.chores to service_role;
