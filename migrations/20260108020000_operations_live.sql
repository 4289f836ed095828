-- Why: who looks at the next 48 hours sees a clock-in within a second. So each statement that changes what the board counts
-- says on the channel `operations` which sites it touched: ids alone, one notice per organization and site, and one for the
-- whole organization where it touched many, so that an import of a million rows is one notice. Postgres gives them out when
-- the transaction commits.
-- Additive: safe while the previous version serves.

-- Each notice is `ORG SITE`, or `ORG` alone: any of its sites. Statement-level triggers of a partitioned table see the rows of
-- every partition. The one argument is the query that says which sites the changed rows touch; it is ours, never input.
create function tell_operations() returns trigger
    language plpgsql set search_path = public, pg_temp as $$
declare
    most_rows constant integer := 1000;
    most_sites constant integer := 32;
    notices text[];
begin
    if (select count(*) = 0 from (select from changed limit 1) any_row) then
        return null;
    end if;
    if (select count(*) <= most_rows from (select from changed limit most_rows + 1) few) then
        execute format('select array_agg(notice) from (select distinct org_id || '' '' || site_id as notice from (%s) touched
            where site_id is not null limit %s) told', tg_argv[0], most_sites + 1) into notices;
    end if;
    -- None is known when the owner mends rows of an organization that row-level security hides.
    if notices is null or cardinality(notices) > most_sites then
        notices := case when current_org() is null
            then (select array_agg(distinct org_id::text) from changed) else array[current_org()::text] end;
    end if;
    perform pg_notify('operations', notice) from unnest(notices) notice;
    return null;
end $$;
comment on function tell_operations() is 'Says on the channel operations which sites a statement touched.';

-- A shift touches its site, and the home site of whoever has it or had it: they are available there or not.
create trigger tell_operations_inserted after insert on shifts referencing new table as changed for each statement
    execute function tell_operations('select org_id, site_id from changed
        union select w.org_id, w.home_site_id from changed c join workers w on w.org_id = c.org_id and w.id = c.worker_id');
create trigger tell_operations_deleted after delete on shifts referencing old table as changed for each statement
    execute function tell_operations('select org_id, site_id from changed
        union select w.org_id, w.home_site_id from changed c join workers w on w.org_id = c.org_id and w.id = c.worker_id');
create trigger tell_operations_updated after update on shifts referencing old table as former new table as changed for each statement
    execute function tell_operations('select org_id, site_id from changed union select org_id, site_id from former
        union select w.org_id, w.home_site_id from (select org_id, worker_id from changed union select org_id, worker_id from former) c
            join workers w on w.org_id = c.org_id and w.id = c.worker_id');

do $$
declare
    of_shift constant text := 'select s.org_id, s.site_id from changed c join shifts s on s.org_id = c.org_id and s.id = c.%I';
    of_worker constant text := 'select w.org_id, w.home_site_id as site_id from changed c join workers w on w.org_id = c.org_id and w.id = c.worker_id';
    watched record;
begin
    for watched in select * from (values
        ('attendance', format(of_shift, 'id')),
        ('shift_offers', format(of_shift, 'shift_id')),
        ('leave', of_worker),
        ('worker_availability', of_worker),
        ('workers', 'select org_id, home_site_id as site_id from changed')) watch (name, sites)
    loop
        execute format('create trigger tell_operations_inserted after insert on %I referencing new table as changed for each statement
            execute function tell_operations(%L)', watched.name, watched.sites);
        execute format('create trigger tell_operations_updated after update on %I referencing new table as changed for each statement
            execute function tell_operations(%L)', watched.name, watched.sites);
        execute format('create trigger tell_operations_deleted after delete on %I referencing old table as changed for each statement
            execute function tell_operations(%L)', watched.name, watched.sites);
    end loop;
end $$;
