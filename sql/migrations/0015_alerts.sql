-- Alerts: what an account's owner wants to be told of, what is the matter now, and what is still to be sent.
-- status_cause: the code of the error behind needs_attention or error. watched_since: from when on it was looked at;
-- none where nobody is told, and while it is paused. Limits are ratios (0.05 is 5 %), none where it is not watched.
-- digest_until: the end of the newest period that a digest told of, or when digests were switched on.
alter table public.accounts
    add column status_cause text,
    add column watched_since timestamptz,
    add column alert_behind numeric check (alert_behind > 0 and alert_behind < 1),
    add column alert_drawdown numeric check (alert_drawdown > 0 and alert_drawdown < 1),
    add column digest text not null default 'off' check (digest in ('off', 'daily', 'weekly')),
    add column digest_until timestamptz;

-- What is the matter with an account at the moment: one row an episode, gone when it is over. subject tells episodes
-- of one kind apart: of unexplained jumps the snapshot's time; empty where there can be only one.
create table public.alert_episodes (
    account_id text not null references public.accounts (id) on delete cascade,
    kind text not null check (kind <> ''),
    subject text not null default '',
    since timestamptz not null,
    detail text not null,
    primary key (account_id, kind, subject)
);

-- Messages that no service has taken yet. Who sends them holds them until leased_until, by the database's own clock.
create table public.alert_messages (
    number bigint generated always as identity primary key,
    account_id text not null references public.accounts (id) on delete cascade,
    title text not null,
    body text not null,
    created_at timestamptz not null,
    leased_until timestamptz
);
create index alert_messages_account on public.alert_messages (account_id);

alter table public.alert_episodes enable row level security;
alter table public.alert_messages enable row level security;
revoke all on public.alert_episodes, public.alert_messages from public, anon, authenticated;
revoke all on sequence public.alert_messages_number_seq from public, anon, authenticated;
grant select, insert, delete on public.alert_episodes to service_role;
grant select, insert, update, delete on public.alert_messages to service_role;
