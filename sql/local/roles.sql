-- The roles and the schema that a hosted project brings with it; on a Postgres of one's own they are made here.
-- Retry: safe. Roles belong to the whole server: two databases may come here at once, hence the caught errors.
do $$
declare
    wanted text;
begin
    foreach wanted in array array[
        'anon nologin noinherit',
        'authenticated nologin noinherit',
        'service_role nologin noinherit bypassrls',
        'authenticator login noinherit'
    ] loop
        if not exists (select from pg_catalog.pg_roles where rolname = split_part(wanted, ' ', 1)) then
            begin
                execute 'create role ' || wanted;
            exception when duplicate_object or unique_violation then
                null;
            end;
        end if;
    end loop;
end
$$;

-- Whoever speaks for a role must be a member of it.
do $$
declare
    speaker text;
    role_name text;
begin
    foreach speaker in array array['authenticator', current_user::text] loop
        foreach role_name in array array['anon', 'authenticated', 'service_role'] loop
            if not exists (
                select from pg_catalog.pg_auth_members as m
                 where m.roleid = role_name::regrole and m.member = quote_ident(speaker)::regrole
            ) and not (select rolsuper from pg_catalog.pg_roles where rolname = speaker) then
                execute format('grant %I to %I', role_name, speaker);
            end if;
        end loop;
    end loop;
end
$$;

create schema if not exists extensions;
grant usage on schema public, extensions to anon, authenticated, service_role;
