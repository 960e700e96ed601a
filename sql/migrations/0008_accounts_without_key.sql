-- An account restored from a history file has no key, and nobody knows yet which of the exchange's accounts it is.
-- Without a key nothing is collected.
alter table public.accounts alter column sealed_key drop not null;
alter table public.accounts alter column uid drop not null;
