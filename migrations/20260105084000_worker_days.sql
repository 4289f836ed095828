-- Why: additive numerators and denominators per worker and day, so that a rate is always a sum divided once.
-- No random id, no write time: a rebuild gives the same bytes.

create table worker_daily_metrics (
    org_id                uuid not null,
    day                   date not null,
    worker_id             uuid not null,
    site_id               uuid not null,
    scheduled             integer not null default 0,
    attended              integer not null default 0,
    on_time               integer not null default 0,
    ncns                  integer not null default 0,
    late_minutes          integer not null default 0,
    geofence_checked      integer not null default 0,
    geofence_inside       integer not null default 0,
    overtime_offered      integer not null default 0,
    overtime_accepted     integer not null default 0,
    tasks_due             integer not null default 0,
    tasks_completed       integer not null default 0,
    tasks_sla_judged      integer not null default 0,
    tasks_sla_hit         integer not null default 0,
    tasks_checked         integer not null default 0,
    tasks_passed_first    integer not null default 0,
    tasks_quality_n       integer not null default 0,
    tasks_quality_sum     integer not null default 0,
    tours_planned         integer not null default 0,
    tours_completed       integer not null default 0,
    checkpoints_planned   integer not null default 0,
    checkpoints_visited   integer not null default 0,
    checkpoints_on_time   integer not null default 0,
    incidents_found       integer not null default 0,
    incidents_missed      integer not null default 0,
    orders_closed         integer not null default 0,
    orders_sla_judged     integer not null default 0,
    orders_sla_hit        integer not null default 0,
    orders_timed          integer not null default 0,
    orders_time_score     bigint  not null default 0,
    orders_rated          integer not null default 0,
    orders_rating_sum     integer not null default 0,
    orders_quality_n      integer not null default 0,
    orders_quality_sum    integer not null default 0,
    orders_implausible    integer not null default 0,
    certs_required        integer not null default 0,
    certs_current         integer not null default 0,
    trainings_required    integer not null default 0,
    trainings_complete    integer not null default 0,
    documents_n           integer not null default 0,
    documents_quality_sum integer not null default 0,
    attributable          integer not null default 0,
    night_shifts          integer not null default 0,
    minutes_regular       integer not null default 0,
    minutes_overtime      integer not null default 0,
    pay                   numeric(14,2) not null default 0,
    score_attendance      double precision,
    score_tasks           double precision,
    score_patrol          double precision,
    score_service         double precision,
    score_safety          double precision,
    bpi                   double precision,
    primary key (org_id, worker_id, day)
) partition by range (day);
comment on table worker_daily_metrics is 'What a worker did on a business day, as sums; and the scores of the 28 days that end with it.';
comment on column worker_daily_metrics.orders_time_score is 'Sum over timed orders of clamp(2 - actual/target, 0, 1), in millionths.';
comment on column worker_daily_metrics.orders_implausible is 'Orders closed before they were opened, or due before: left out of resolution time, reported.';
create index worker_daily_metrics_day on worker_daily_metrics (org_id, day);

create table team_daily_metrics (
    org_id              uuid not null references organizations (id),
    day                 date not null,
    site_id             uuid not null,
    headcount           integer not null,
    active_workers      integer not null,
    scheduled           integer not null,
    attended            integer not null,
    on_time             integer not null,
    ncns                integer not null,
    late_minutes        integer not null,
    geofence_checked    integer not null,
    geofence_inside     integer not null,
    tasks_due           integer not null,
    tasks_completed     integer not null,
    tasks_sla_judged    integer not null,
    tasks_sla_hit       integer not null,
    tours_planned       integer not null,
    tours_completed     integer not null,
    checkpoints_planned integer not null,
    checkpoints_visited integer not null,
    checkpoints_on_time integer not null,
    orders_closed       integer not null,
    orders_sla_judged   integer not null,
    orders_sla_hit      integer not null,
    incidents           integer not null,
    attributable        integer not null,
    shifts_total        integer not null,
    shifts_filled       integer not null,
    minutes_regular     bigint not null,
    minutes_overtime    bigint not null,
    pay                 numeric(14,2) not null,
    bpi_n               integer not null,
    bpi_p25             double precision,
    bpi_p50             double precision,
    bpi_p75             double precision,
    primary key (org_id, site_id, day)
);
comment on table team_daily_metrics is 'A site''s day: sums over the workers whose home it is, fill rate of its shifts, quartiles of the stored BPI.';
create index team_daily_metrics_day on team_daily_metrics (org_id, day);

create table dirty_days (
    org_id    uuid not null references organizations (id),
    day       date not null,
    worker_id uuid not null,
    primary key (org_id, day, worker_id)
);
comment on table dirty_days is 'Worker-days whose facts arrived late or changed; the nil worker stands for everybody. The next run rebuilds these only.';

create table restatements (
    org_id    uuid not null references organizations (id),
    worker_id uuid not null,
    day       date not null,
    at        timestamptz not null,
    reason    text not null,
    primary key (org_id, worker_id, day, at)
);
comment on table restatements is 'Which published days were computed again, when and why, so that the past never changes in silence.';

create table score_policies (
    org_id     uuid not null references organizations (id),
    version    integer not null,
    weights    jsonb not null,
    created_at timestamptz not null,
    created_by uuid,
    reason     text not null,
    primary key (org_id, version)
);
comment on table score_policies is 'Weights of components and parts; the highest version is in force. None: the defaults of the product.';

create table cohort_benchmarks (
    org_id         uuid not null references organizations (id),
    week           date not null,
    cohort         text not null,
    metric         text not null,
    n              integer not null,
    mean           double precision not null,
    sd             double precision not null,
    p10            double precision not null,
    p25            double precision not null,
    p50            double precision not null,
    p75            double precision not null,
    p90            double precision not null,
    prior_strength double precision,
    primary key (org_id, cohort, metric, week)
);
comment on table cohort_benchmarks is 'Distribution over workers of a cohort, trailing 28 days to the day before week (a Sunday). Cohorts under 5 are not kept.';

create table worker_cohorts (
    org_id    uuid not null references organizations (id),
    week      date not null,
    worker_id uuid not null,
    job_role  text not null,
    vertical  text not null,
    tenure    text not null,
    pattern   text not null,
    cohort    text,
    shifts    integer not null,
    bpi       double precision,
    primary key (org_id, worker_id, week)
);
comment on table worker_cohorts is 'With whom a worker is compared that week: the narrowest cohort of 10, else the role from 5, else null. bpi: of the same window.';
create index worker_cohorts_week on worker_cohorts (org_id, week, job_role, vertical);

insert into partitioned_tables values ('worker_daily_metrics');
select protect_tenant_table(t) from unnest(array['worker_daily_metrics','team_daily_metrics','dirty_days','restatements',
    'score_policies','cohort_benchmarks','worker_cohorts']::regclass[]) t;
