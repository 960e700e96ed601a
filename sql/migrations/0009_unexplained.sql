-- What of a snapshot's change since the one before neither prices nor holdings nor flows explain, in USD; null: nothing.
alter table public.snapshots add column unexplained_usd numeric;
