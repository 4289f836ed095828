-- Why: what the next weeks cost and bring is worked out from years of days and takes seconds; so it is done each morning
-- and read from here.
-- Additive: safe while the previous version serves.
create table forecasts (
    org_id  uuid not null references organizations (id),
    kind    text not null check (kind in ('pay', 'revenue')),
    place   uuid not null,
    through date not null,
    outlook jsonb not null,
    primary key (org_id, kind, place)
);
comment on table forecasts is 'The newest forecast of a daily series, day by day with its bands and the past errors of its totals. place: a site, or the organization itself for all of it; through: the last day that was known.';

select protect_tenant_table('forecasts');
