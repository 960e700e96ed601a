-- read_record: what a history file of an account carries; null where there is no such account. Beside the truth: name,
-- policy, when it was left, the lengths of the slots, and the prices of p_assets, the policy's assets and day one's.
-- Times in microseconds, numbers as text; long columns are joined by commas.
create or replace function public.read_record(p_account text, p_assets text[])
returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select public.read_truth(a.id) || jsonb_build_object(
        'name', a.name, 'policy', a.policy,
        'closed_at', (extract(epoch from least(a.closed_at, a.paused_at)) * 1000000)::bigint,
        'slot_minutes', (
            select string_agg(s.slot_minutes::text, ',')
              from (select p.slot_minutes from public.snapshots as p
                     where p.account_id = a.id and p.complete order by p.at) as s),
        'prices', private.asset_prices(
            p_assets || array(select jsonb_object_keys(a.policy -> 'weights'))
                     || array(select jsonb_array_elements_text(coalesce(a.state -> 'day_one', '[]'))), a.inception))
      from public.accounts as a where a.id = p_account;
$$;
revoke execute on function public.read_record(text, text[]) from public, anon, authenticated;
grant execute on function public.read_record(text, text[]) to service_role;
