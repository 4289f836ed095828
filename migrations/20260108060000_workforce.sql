-- Why: the people page asks what everybody did over weeks and months; adding up days each time reads a hundred megabytes.
-- Additive: safe while the previous version serves.

create table worker_weeks (
    org_id    uuid not null references organizations (id),
    worker_id uuid not null,
    week      date not null check (extract(isodow from week) = 1),
    days      smallint not null,
    minutes   integer not null,
    overtime  integer not null,
    worked    smallint not null,
    nights    smallint not null,
    weekends  smallint not null,
    scheduled smallint not null,
    attended  smallint not null,
    on_time   smallint not null,
    offered   smallint not null,
    answered  smallint not null,
    accepted  smallint not null,
    primary key (org_id, worker_id, week)
);
comment on table worker_weeks is 'A worker''s week, Monday to Sunday, as sums of the worker days and of the offers: derived, by the night and for dirty days. Purpose: fair sharing of work.';
comment on column worker_weeks.week is 'Its Monday.';
comment on column worker_weeks.days is 'Days employed.';
comment on column worker_weeks.worked is 'Days with work; nights and weekends are of these.';
create index worker_weeks_week on worker_weeks (org_id, week);

create table workforce_summaries (
    org_id    uuid not null references organizations (id),
    first_day date not null,
    last_day  date not null,
    made_at   timestamptz not null,
    body      jsonb not null,
    primary key (org_id, first_day, last_day)
);
comment on table workforce_summaries is 'The people page of the whole organization for a period, worked out ahead by the night: figures of groups of five and more. Purpose: fair sharing of work.';

select protect_tenant_table(t) from unnest(array['worker_weeks','workforce_summaries']::regclass[]) t;
