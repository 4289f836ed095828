-- Why: a number is worth what its facts are; what is wrong with them must be found, counted and shown down to the row.
-- Additive: safe while the previous version serves.
create table data_quality_settings (
    org_id         uuid not null references organizations (id),
    warning_below  smallint not null default 80 check (warning_below between 1 and 100),
    critical_below smallint not null default 60 check (critical_below between 0 and 99),
    days           smallint not null default 30 check (days between 7 and 90),
    stale_hours    integer not null default 72 check (stale_hours between 24 and 720),
    burst          integer not null default 20 check (burst between 3 and 1000),
    robust_z       numeric(4,1) not null default 6 check (robust_z between 3 and 50),
    changed_at     timestamptz not null,
    changed_by     uuid,
    primary key (org_id),
    check (critical_below < warning_below)
);
comment on table data_quality_settings is 'What the checks of the data hold to. No row: the defaults of the product.';
comment on column data_quality_settings.stale_hours is 'A source is stale when its newest day is longer ago than that.';
comment on column data_quality_settings.burst is 'So many clock-ins by one device of a site, or orders of one customer, within a minute are a burst.';
comment on column data_quality_settings.robust_z is 'A daily count so many robust standard deviations from the usual is an anomaly.';

create table data_quality_runs (
    org_id    uuid not null references organizations (id),
    id        uuid not null,
    made_at   timestamptz not null,
    first_day date not null,
    last_day  date not null,
    score     numeric(4,1) check (score between 0 and 100),
    primary key (org_id, id),
    check (last_day >= first_day)
);
comment on table data_quality_runs is 'One look at the recent facts. score: the mean of the checks that had something to judge, 0–100; null: none had.';
create index data_quality_runs_latest on data_quality_runs (org_id, made_at desc);

create table data_quality_checks (
    org_id     uuid not null references organizations (id),
    run_id     uuid not null,
    check_code text not null,
    judged     bigint not null default 0 check (judged >= 0),
    bad        bigint not null default 0 check (bad between 0 and judged),
    error      text,
    primary key (org_id, run_id, check_code),
    foreign key (org_id, run_id) references data_quality_runs (org_id, id) on delete cascade
);
comment on table data_quality_checks is 'What a check of a run found: so many bad rows of so many judged. error: it could not be made.';

create table data_quality_findings (
    org_id     uuid not null references organizations (id),
    check_code text not null,
    nth        integer not null check (nth > 0),
    run_id     uuid not null,
    source     text not null,
    row_key    text not null,
    day        date,
    what       text not null,
    primary key (org_id, check_code, nth),
    foreign key (org_id, run_id) references data_quality_runs (org_id, id) on delete cascade
);
comment on table data_quality_findings is 'The bad rows of the newest run, up to 10,000 of a check: in which table, by which key, of which day, and what is wrong. No names.';
create index data_quality_findings_run on data_quality_findings (org_id, run_id);
select protect_tenant_table(t) from unnest(array['data_quality_settings', 'data_quality_runs', 'data_quality_checks', 'data_quality_findings']::regclass[]) t;
