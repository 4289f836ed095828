-- Why: two who want the same new month at once: the second waited for the first, then still did not see its table, and failed.
-- Additive: the same function, which takes a table that is there already for made.
create or replace function ensure_partitions(parent text, first date, last date) returns integer
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
            begin
                execute format('create table %I partition of %I for values from (%L) to (%L)',
                    child, parent, month, (month + interval '1 month')::date);
                perform protect_tenant_table(child::regclass);
                made := made + 1;
            exception when duplicate_table then
                null;
            end;
        end if;
        month := (month + interval '1 month')::date;
    end loop;
    return made;
end $$;
