-- read_logs: log entries, newest first, at most p_limit; with p_after the ones written next after that id, still
-- newest first, with p_before those before it. p_text is looked for in event and message, whatever its case.
-- Which ones is decided by id, so that who goes on misses none. They stand in the order of their own times: a run tells
-- of an account when that is done, after what another one told later of a quicker one.
create or replace function public.read_logs(
    p_limit integer, p_levels text[] default null, p_account text default null, p_event text default null,
    p_run text default null, p_text text default null, p_after bigint default null, p_before bigint default null)
returns jsonb
language sql stable security invoker set search_path = ''
as $$
    with fitting as (
        select l.* from public.logs as l
         where (p_levels is null or l.level = any (p_levels))
           and (p_account is null or l.account_id = p_account)
           and (p_event is null or l.event = p_event or starts_with(l.event, p_event || '.'))
           and (p_run is null or l.run = p_run)
           and (p_text is null or strpos(lower(l.event || ' ' || l.message), lower(p_text)) > 0)
           and (p_after is null or l.id > p_after)
           and (p_before is null or l.id < p_before)
    ), chosen as (
        (select f.* from fitting as f where p_after is not null order by f.id limit p_limit)
        union all
        (select f.* from fitting as f where p_after is null order by f.id desc limit p_limit)
    )
    select coalesce(jsonb_agg(jsonb_build_object(
               'id', c.id, 'at', (extract(epoch from c.at) * 1000000)::bigint, 'level', c.level, 'event', c.event,
               'message', c.message, 'run', c.run, 'account', c.account_id, 'data', c.data) order by c.at desc, c.id desc), '[]')
      from chosen as c;
$$;
revoke execute on function public.read_logs(integer, text[], text, text, text, text, bigint, bigint)
    from public, anon, authenticated;
grant execute on function public.read_logs(integer, text[], text, text, text, text, bigint, bigint) to service_role;
