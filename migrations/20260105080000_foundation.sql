-- Why: every later table leans on these: the role that serves requests and cannot bypass row-level security,
-- the one function that protects a tenant table, and the one that makes monthly partitions.

do $$
begin
    if not exists (select from pg_roles where rolname = 'muster_app') then
        create role muster_app nologin nosuperuser nobypassrls nocreatedb nocreaterole;
    end if;
exception when duplicate_object or unique_violation then
    null; -- another database of this cluster made it at the same moment
end $$;

do $$ begin execute format('grant muster_app to %I', current_user); exception when others then null; end $$;
grant usage on schema public to muster_app;

-- The organization of the running transaction; null outside one, so that every policy fails closed.
create function current_org() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('app.org_id', true), '')::uuid;

-- Row-level security as every tenant table has it. Called once per table, and per partition.
create function protect_tenant_table(target regclass) returns void language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format('create policy tenant on %s using (org_id = (select current_org())) with check (org_id = (select current_org()))', target);
    execute format('grant select, insert, update, delete on %s to muster_app', target);
end $$;

-- The tables that are range partitioned by month of their business day.
create table partitioned_tables (name text primary key);
comment on table partitioned_tables is 'Which tables are partitioned by month. Global: it names tables, not tenants.';
grant select on partitioned_tables to muster_app;

-- Makes the monthly partitions of one listed table that [first, last] touches. Runs as the owner, because the
-- serving role creates nothing by itself; hence the closed list and the fixed search_path.
create function ensure_partitions(parent text, first date, last date) returns integer
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    month date := date_trunc('month', first)::date;
    child text;
    made integer := 0;
begin
    if not exists (select from partitioned_tables where name = parent) then
        raise exception 'table % is not partitioned', parent;
    end if;
    if last - first > 40000 then
        raise exception 'a range of % days is not a range of facts', last - first;
    end if;
    while month <= last loop
        child := format('%s_%s', parent, to_char(month, 'YYYYMM'));
        if to_regclass(child) is null then
            perform pg_advisory_xact_lock(hashtext(parent));
            if to_regclass(child) is null then
                execute format('create table %I partition of %I for values from (%L) to (%L)',
                    child, parent, month, (month + interval '1 month')::date);
                perform protect_tenant_table(child::regclass);
                made := made + 1;
            end if;
        end if;
        month := (month + interval '1 month')::date;
    end loop;
    return made;
end $$;
revoke all on function ensure_partitions(text, date, date) from public;
grant execute on function ensure_partitions(text, date, date) to muster_app;
revoke all on function protect_tenant_table(regclass) from public;

-- The newest migration applied, for /ready: the serving role may not read sqlx's own table.
create function muster_schema_version() returns bigint
    language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return (select max(version) from _sqlx_migrations where success);
end $$;
grant execute on function muster_schema_version() to muster_app;
