-- Why: what a worker is thanked for, and how a wrong fact is put right.

create table worker_streaks (
    org_id       uuid not null references organizations (id),
    worker_id    uuid not null,
    kind         text not null check (kind in ('on_time', 'perfect_patrol', 'sla_hit', 'zero_ncns')),
    current      integer not null,
    since        date,
    best         integer not null,
    best_ended   date,
    through      date not null,
    primary key (org_id, worker_id, kind)
);
comment on table worker_streaks is 'Applicable days in a row up to through. Rebuilt from worker days, so a second run counts nothing twice.';

create table achievements (
    org_id      uuid not null references organizations (id),
    code        text not null,
    name        text not null,
    tier        text not null check (tier in ('bronze', 'silver', 'gold')),
    rule        text not null,
    threshold   double precision not null,
    window_kind text not null,
    description text not null,
    position    integer not null,
    primary key (org_id, code)
);
comment on table achievements is 'What can be earned, as data. A rule the program does not know stops it at start.';

create table worker_achievements (
    org_id     uuid not null references organizations (id),
    worker_id  uuid not null,
    code       text not null,
    period     date not null,
    awarded_on date not null,
    evidence   jsonb not null,
    primary key (org_id, worker_id, code, period),
    foreign key (org_id, code) references achievements (org_id, code)
);
comment on table worker_achievements is 'Earned once per period (its first day), with the numbers that earned it.';

create table achievement_progress (
    org_id    uuid not null references organizations (id),
    worker_id uuid not null,
    code      text not null,
    period    date not null,
    value     double precision not null,
    target    double precision not null,
    primary key (org_id, worker_id, code),
    foreign key (org_id, code) references achievements (org_id, code)
);
comment on table achievement_progress is 'How far the running period has come towards each achievement.';

create table disputes (
    org_id    uuid not null references organizations (id),
    id        uuid not null,
    worker_id uuid not null,
    fact      text not null check (fact in ('shift', 'task', 'tour', 'work_order')),
    fact_id   uuid not null,
    day       date not null,
    note      text not null check (length(note) between 1 and 2000),
    filed_by  uuid not null,
    filed_at  timestamptz not null,
    state     text not null default 'open' check (state in ('open', 'upheld', 'rejected')),
    ruled_by  uuid,
    ruled_at  timestamptz,
    ruling    text,
    primary key (org_id, id),
    foreign key (org_id, worker_id) references workers (org_id, id),
    check ((state = 'open') = (ruled_at is null))
);
comment on table disputes is 'A worker says a scored fact is wrong. An upheld one removes the fact from the sums of its day.';
create unique index disputes_once on disputes (org_id, fact, fact_id);
create index disputes_worker on disputes (org_id, worker_id, filed_at desc);
create index disputes_upheld on disputes (org_id, day) where state = 'upheld';

select protect_tenant_table(t) from unnest(array['worker_streaks','achievements','worker_achievements','achievement_progress','disputes']::regclass[]) t;
