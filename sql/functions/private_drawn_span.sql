-- private.drawn_span: from when to when the rows that are to be drawn reach (private.drawn_rows gives them and `drawn`, their
-- positions), and when the newest row is. Null where there is nothing to be drawn, or every row was given.
create or replace function private.drawn_span(p_rows jsonb, out base_at timestamptz, out end_at timestamptz,
                                              out newest_at timestamptz)
language sql immutable security invoker set search_path = ''
as $$
    select timestamptz 'epoch' + split_part(p_rows ->> 'at', ',', split_part(p_rows ->> 'drawn', ',', 1)::integer + 1
                                 )::bigint * interval '1 microsecond',
           timestamptz 'epoch' + split_part(p_rows ->> 'at', ',', split_part(p_rows ->> 'drawn', ',', -1)::integer + 1
                                 )::bigint * interval '1 microsecond',
           timestamptz 'epoch' + split_part(p_rows ->> 'at', ',', -1)::bigint * interval '1 microsecond';
$$;
revoke execute on function private.drawn_span(jsonb) from public, anon, authenticated;
grant execute on function private.drawn_span(jsonb) to service_role;
