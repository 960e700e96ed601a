-- Whoever erases an account asks, for each of its entries, which decisions name it as the one that came instead.
create index flow_decisions_by on public.flow_decisions (account_id, by_flow_id) where by_flow_id is not null;
