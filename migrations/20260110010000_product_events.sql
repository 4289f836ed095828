-- Why: whoever runs Muster as a business must know who comes, who stays and what is used; an organization must know whether
-- its own people find their way. Events are noted only of those who agreed, never with an address, a name or a query.
-- Additive: safe while the previous version serves.

-- The platform's own organization: totals over all organizations are written there, and nowhere else.
alter table organizations add column is_platform boolean not null default false;
comment on column organizations.is_platform is 'The platform itself, of which there is one at most: it holds totals over all organizations and nobody''s rows.';
create unique index organizations_one_platform on organizations (is_platform) where is_platform;

create table analytics_events (
    org_id       uuid not null,
    day          date not null,
    id           uuid not null,
    at           timestamptz not null,
    name         text not null,
    user_id      uuid,
    visit        text,
    properties   jsonb not null default '{}' check (jsonb_typeof(properties) = 'object'),
    device       text check (device in ('desktop', 'tablet', 'phone', 'program')),
    browser      text check (browser in ('chrome', 'edge', 'firefox', 'safari', 'other')),
    subnet       cidr check (masklen(subnet) <= case family(subnet) when 4 then 24 else 48 end),
    page_load_ms integer check (page_load_ms >= 0),
    primary key (org_id, day, id)
) partition by range (day);
comment on table analytics_events is 'What was done with the product, by those who agreed. Names and properties are the closed list of docs/events.md. Kept 24 months.';
comment on column analytics_events.day is 'Local date of the organization.';
comment on column analytics_events.user_id is 'Null: a first of the organization itself, such as its first roster.';
comment on column analytics_events.visit is 'The same for one sign-in while one process runs; made with a key that is in memory alone, so that it leads back to no session.';
comment on column analytics_events.subnet is 'Where from: 24 bits of an IPv4 address or 48 of an IPv6 address, never more.';
comment on column analytics_events.page_load_ms is 'Milliseconds until the page was answered, or until it was there if the browser said so.';
create index analytics_events_at on analytics_events (org_id, at);
create index analytics_events_user on analytics_events (org_id, user_id, day) where user_id is not null;

-- How long the rows of a partitioned table are kept, where that is the same for every organization.
alter table partitioned_tables add column kept interval check (kept >= interval '1 month');
comment on column partitioned_tables.kept is 'Partitions that ended so long ago may be dropped; null: rows are kept for ever.';
insert into partitioned_tables (name, kept) values ('analytics_events', interval '24 months');

-- Drops the partitions of a listed table whose last day is `kept` before `today` or longer. Never by a wrong clock: the
-- database's own date must say so too. Runs as the owner, because the serving role drops nothing by itself.
create function drop_expired_partitions(parent text, today date) returns integer
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    keep interval := (select kept from partitioned_tables where name = parent);
    child record;
    gone integer := 0;
begin
    if keep is null then
        raise exception 'table % keeps its rows', parent;
    end if;
    perform pg_advisory_xact_lock(hashtext(parent));
    for child in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = to_regclass(parent) and c.relname ~ ('^' || parent || '_\d{6}$')
          and (to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month')::date <= (least(today, current_date) - keep)::date
    loop
        execute format('drop table %I', child.relname);
        gone := gone + 1;
    end loop;
    return gone;
end $$;
revoke all on function drop_expired_partitions(text, date) from public;
grant execute on function drop_expired_partitions(text, date) to muster_app;

create table analytics_daily_metrics (
    org_id           uuid not null references organizations (id),
    day              date not null,
    events           integer not null default 0,
    active_users     integer not null default 0,
    sessions         integer not null default 0,
    session_seconds  bigint not null default 0,
    features_used    integer not null default 0,
    errors           integer not null default 0,
    acts             integer not null default 0,
    rosters          integer not null default 0,
    roster_shifts    integer not null default 0,
    roster_filled    integer not null default 0,
    rosters_clean    integer not null default 0,
    solved           integer not null default 0,
    solve_ms         bigint not null default 0,
    shifts_created   integer not null default 0,
    workers_added    integer not null default 0,
    cost_scheduled   numeric(14,2) not null default 0,
    primary key (org_id, day)
);
comment on table analytics_daily_metrics is 'One organization''s day with the product, in sums. Derived: the job product-days makes the same bytes again from the facts.';
comment on column analytics_daily_metrics.active_users is 'Users with an event; of those who agreed to events.';
comment on column analytics_daily_metrics.acts is 'What was done with rosters and shifts, by whomever: tells whether an organization was active, without telling who.';
comment on column analytics_daily_metrics.rosters is 'Rosters generated on the day; cost, shifts, filled, clean and solve time are theirs. Fill rate is roster_filled / roster_shifts, compliance rosters_clean / rosters, cost per shift cost_scheduled / roster_filled.';
comment on column analytics_daily_metrics.solved is 'Rosters whose solve time is known.';

create table dirty_product_days (
    org_id uuid not null references organizations (id),
    day    date not null,
    primary key (org_id, day)
);
comment on table dirty_product_days is 'Days of the product whose rosters changed: to be summed again.';

-- A roster that is imported or changed later changes the day on which it was generated.
create function mark_product_days() returns trigger
    language plpgsql set search_path = public, pg_temp as $$
begin
    insert into dirty_product_days (org_id, day)
    select distinct c.org_id, (c.generated_at at time zone o.time_zone)::date
    from changed c join organizations o on o.id = c.org_id
    on conflict do nothing;
    return null;
end $$;
comment on function mark_product_days() is 'Marks the days on which the changed rosters were generated.';
create trigger mark_product_days_inserted after insert on rosters referencing new table as changed for each statement
    execute function mark_product_days();
create trigger mark_product_days_updated after update on rosters referencing new table as changed for each statement
    execute function mark_product_days();
create trigger mark_product_days_deleted after delete on rosters referencing old table as changed for each statement
    execute function mark_product_days();

select protect_tenant_table(t) from unnest(array['analytics_events','analytics_daily_metrics','dirty_product_days']::regclass[]) t;
