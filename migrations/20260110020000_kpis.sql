-- Why: whoever runs the operation asks whether it is on course. That takes targets, which an organization may set for
-- itself, and what each measure was on each day, kept as what it is made of.
-- Additive: safe while the previous version serves.

create table kpi_targets (
    org_id     uuid not null references organizations (id),
    kpi        text not null check (kpi ~ '^[a-z][a-z0-9_]{1,40}$'),
    target     double precision not null check (target > 0 and target < 1e9),
    weight     double precision not null check (weight >= 0 and weight <= 100),
    warning    double precision not null check (abs(warning) < 1e9),
    critical   double precision not null check (abs(critical) < 1e9),
    changed_by uuid not null,
    changed_at timestamptz not null,
    primary key (org_id, kpi),
    foreign key (org_id, changed_by) references users (org_id, id)
);
comment on table kpi_targets is 'What an organization asks of a KPI where that is not the default of the catalogue in code. Each change is in the audit log.';
comment on column kpi_targets.target is 'In the measure''s own unit: a share is 0–1. warning and critical likewise: worse than these is a warning, is critical.';
comment on column kpi_targets.weight is 'How much it counts in the score; nought: it is shown and does not count.';

create table kpi_values (
    org_id      uuid not null references organizations (id),
    kpi         text not null,
    day         date not null,
    numerator   double precision,
    denominator double precision check (denominator > 0),
    missing     text check (length(missing) between 1 and 300),
    primary key (org_id, kpi, day),
    check ((numerator is null) = (denominator is null)),
    check ((numerator is null) = (missing is not null))
);
comment on table kpi_values is 'What a KPI was on a day: numerator divided by denominator, or why there is none. Derived by the night from facts and rebuilt by it: the same facts always give the same rows. Money is in hundredths.';
comment on column kpi_values.day is 'The last day of the time that the value is about; the catalogue says how long that is.';

select protect_tenant_table(t) from unnest(array['kpi_targets','kpi_values']::regclass[]) t;
