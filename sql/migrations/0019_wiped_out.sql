-- Whether an account ever lost all is asked with every list of accounts: no walk through years of its hours for that.
create index snapshots_wiped_out on public.snapshots (account_id) where complete and note = 'wiped_out';
