-- The hourly call from the database itself, for a hosted project on a free plan. Paste it into the SQL editor; it is no
-- part of the schema and is applied nowhere else. First put the two secrets into the vault (docs/deployment.md):
--     select vault.create_secret('https://YOUR-PROJECT.vercel.app', 'monitor_address');
--     select vault.create_secret('YOUR_CRON_SECRET', 'monitor_cron_secret');
-- Retry: safe, a job of the same name is replaced. The jobs hold names of secrets, never a secret.
create extension if not exists pg_cron;
create extension if not exists pg_net;

do $$
declare
    wanted text;
begin
    foreach wanted in array array['monitor_address', 'monitor_cron_secret'] loop
        if not exists (select from vault.decrypted_secrets as s where s.name = wanted and s.decrypted_secret <> '') then
            raise exception 'the vault has no secret %', wanted
                using hint = format('select vault.create_secret(''...'', %L); then run this again', wanted);
        end if;
    end loop;
end
$$;

-- Twice an hour: who comes second has nothing to do, unless the first call was lost or could not read everything.
-- pg_net waits two seconds unless told otherwise, and never asks again.
select cron.schedule('monitor-collect', '2,32 * * * *', $job$
    select net.http_post(
        url := (select rtrim(s.decrypted_secret, '/') from vault.decrypted_secrets as s
                 where s.name = 'monitor_address') || '/api/collect',
        headers := jsonb_build_object(
            'Content-Type', 'application/json',
            'Authorization', 'Bearer ' || (select s.decrypted_secret from vault.decrypted_secrets as s
                                            where s.name = 'monitor_cron_secret')),
        body := '{}'::jsonb,
        timeout_milliseconds := 120000)
$job$);

-- What pg_cron writes of each job it never takes away.
select cron.schedule('monitor-trim', '47 4 * * *', $job$
    delete from cron.job_run_details where end_time < now() - interval '7 days'
$job$);
