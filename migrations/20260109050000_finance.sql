-- Why: who closes the month asks what each person was paid and what is planned until its end; summing the shifts each time
-- would take a hundred times as long. And what is kept in memory of an answer must go when what it rests on is rewritten.
-- Additive: safe while the previous version serves; what is new is filled in by the next night.

create table worker_monthly_pay (
    org_id           uuid not null references organizations (id),
    month            date not null check (extract(day from month) = 1),
    site_id          uuid not null,
    worker_id        uuid not null,
    shifts           integer not null,
    overtime_minutes bigint not null,
    minutes          bigint not null,
    regular          numeric(14,2) not null,
    overtime         numeric(14,2) not null,
    premium          numeric(14,2) not null,
    travel           numeric(14,2) not null,
    primary key (org_id, month, site_id, worker_id)
);
comment on table worker_monthly_pay is 'What a worker was paid in a month at a site, of the same shifts as site_daily_costs up to the last complete day: derived from the facts by the night. Purpose: payroll.';
comment on column worker_monthly_pay.minutes is 'Planned length of the shifts paid; of it overtime_minutes.';

create table months_to_pay (
    org_id uuid not null references organizations (id),
    month  date not null check (extract(day from month) = 1),
    primary key (org_id, month)
);
comment on table months_to_pay is 'Months whose costs were rewritten since the payroll was: what the night has still to do, also after it was killed.';

create table site_planned_costs (
    org_id   uuid not null references organizations (id),
    day      date not null,
    site_id  uuid not null,
    shifts   integer not null,
    unfilled integer not null,
    pay      numeric(14,2) not null,
    primary key (org_id, day, site_id)
);
comment on table site_planned_costs is 'Shifts of the days that are not over, with the planned pay of those with a worker: derived from the facts by the night.';

create table data_versions (
    org_id  uuid not null references organizations (id),
    topic   text not null,
    version bigint not null,
    primary key (org_id, topic)
);
comment on table data_versions is 'How often what is asked for by a topic was rewritten, counted in the transaction that rewrites: part of the key of every answer that is kept in memory.';

select protect_tenant_table(t) from unnest(array['worker_monthly_pay','months_to_pay','site_planned_costs','data_versions']::regclass[]) t;
