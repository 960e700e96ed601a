-- What snapshots were made of is thinned with age (private.prune_details).
grant delete on public.snapshot_details to service_role;
