-- The schema that no key reaches, what has been applied, and the question whether it is enough.
create schema private;
revoke all on schema private from public, anon, authenticated;
grant usage on schema private to service_role;

create table private.migrations (
    number integer primary key check (number > 0),
    name text not null,
    checksum text not null
);
alter table private.migrations enable row level security;
revoke all on private.migrations from public, anon, authenticated;
grant select on private.migrations to service_role;

-- What is applied again whenever it changes (functions, policies), each kind as a whole.
create table private.reapplied (
    name text primary key,
    checksum text not null
);
alter table private.reapplied enable row level security;
revoke all on private.reapplied from public, anon, authenticated;

-- require_schema: refuse to serve code that is newer than the schema.
-- Errors: migrations_behind (503) where a migration up to p_schema is missing; a newer schema is fine.
create function private.require_schema(p_schema integer)
returns void
language plpgsql stable security invoker set search_path = ''
as $$
declare
    newest integer := coalesce((select max(m.number) from private.migrations as m), 0);
begin
    if newest < p_schema then
        raise sqlstate 'PT503' using
            message = 'migrations_behind',
            detail = format('The code needs migration %s, the newest applied one is %s.', p_schema, newest),
            hint = 'Run ./monitor migrate.';
    end if;
end
$$;
revoke execute on function private.require_schema(integer) from public, anon, authenticated;
grant execute on function private.require_schema(integer) to service_role;
