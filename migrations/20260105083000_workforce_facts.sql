-- Why: the facts everything is computed from. Large append-only tables are partitioned by the month of their
-- business day (the site's local date on which the shift starts); their references are checked by intake's
-- set-based joins, because a foreign key per row would halve the import.

create table requirements (
    org_id   uuid not null references organizations (id),
    id       uuid not null,
    kind     text not null check (kind in ('certification', 'training')),
    name     text not null,
    job_role text,
    site_id  uuid,
    primary key (org_id, id),
    unique nulls not distinct (org_id, kind, name, job_role, site_id),
    foreign key (org_id, site_id) references sites (org_id, id)
);
comment on table requirements is 'Which certification or training a job role or a site asks for. Both null: everybody.';

create table certifications (
    org_id     uuid not null references organizations (id),
    id         uuid not null,
    worker_id  uuid not null,
    name       text not null,
    issued_on  date not null,
    expires_on date,
    primary key (org_id, id),
    unique (org_id, worker_id, name, issued_on),
    foreign key (org_id, worker_id) references workers (org_id, id),
    check (expires_on is null or expires_on >= issued_on)
);
comment on table certifications is 'Held from issued_on up to and including expires_on.';

create table trainings (
    org_id       uuid not null references organizations (id),
    id           uuid not null,
    worker_id    uuid not null,
    name         text not null,
    completed_on date not null,
    expires_on   date,
    primary key (org_id, id),
    unique (org_id, worker_id, name, completed_on),
    foreign key (org_id, worker_id) references workers (org_id, id)
);
comment on table trainings is 'Training completed; counts up to and including expires_on.';

create table leave (
    org_id    uuid not null references organizations (id),
    id        uuid not null,
    worker_id uuid not null,
    first_day date not null,
    last_day  date not null,
    kind      text not null,
    approved  boolean not null,
    primary key (org_id, id),
    unique (org_id, worker_id, first_day),
    foreign key (org_id, worker_id) references workers (org_id, id),
    check (last_day >= first_day)
);
comment on table leave is 'Absence agreed in advance. An approved day leaves what is scheduled.';

create table calendar_days (
    org_id uuid not null references organizations (id),
    day    date not null,
    name   text not null,
    kind   text not null check (kind in ('holiday', 'event')),
    primary key (org_id, day, name)
);
comment on table calendar_days is 'Public holidays and events.';

create table mentoring_pairs (
    org_id     uuid not null references organizations (id),
    id         uuid not null,
    mentor_id  uuid not null,
    mentee_id  uuid not null,
    started_on date not null,
    ended_on   date,
    primary key (org_id, id),
    unique (org_id, mentor_id, mentee_id, started_on),
    foreign key (org_id, mentor_id) references workers (org_id, id),
    foreign key (org_id, mentee_id) references workers (org_id, id),
    check (mentor_id <> mentee_id)
);
comment on table mentoring_pairs is 'Who shows whom the work.';

create table shifts (
    org_id           uuid not null references organizations (id),
    id               uuid not null,
    ref              text not null,
    site_id          uuid not null,
    worker_id        uuid,
    day              date not null,
    starts_at        timestamptz not null,
    ends_at          timestamptz not null,
    required_skill   text,
    state            text not null default 'planned' check (state in ('planned', 'cancelled')),
    assigned_by      text,
    posted_at        timestamptz,
    filled_at        timestamptz,
    overtime_minutes integer not null default 0 check (overtime_minutes >= 0),
    pay_regular      numeric(14,2) not null default 0,
    pay_overtime     numeric(14,2) not null default 0,
    pay_premium      numeric(14,2) not null default 0,
    pay_travel       numeric(14,2) not null default 0,
    primary key (org_id, id),
    unique (org_id, ref),
    foreign key (org_id, site_id) references sites (org_id, id),
    check (ends_at > starts_at and ends_at <= starts_at + interval '36 hours')
);
comment on table shifts is 'One person''s turn at a site. worker_id null: unfilled. day: the site''s local date on which it starts.';
comment on column shifts.assigned_by is 'How the worker came to it: roster, offer, swap or manual.';
create index shifts_day on shifts (org_id, day);
create index shifts_worker on shifts (org_id, worker_id, day) where worker_id is not null;

create table attendance (
    org_id          uuid not null,
    day             date not null,
    id              uuid not null,
    worker_id       uuid not null,
    clock_in        timestamptz,
    clock_out       timestamptz,
    latitude        double precision,
    longitude       double precision,
    device          text,
    inside_geofence boolean,
    called_in       boolean not null default false,
    primary key (org_id, day, id),
    check (clock_out is null or clock_in is not null)
) partition by range (day);
comment on table attendance is 'What became of a shift: id is the shift''s id, day the shift''s day. clock_in null: did not come; called_in: said so before.';

create table tasks (
    org_id            uuid not null,
    day               date not null,
    id                uuid not null,
    ref               text not null,
    site_id           uuid not null,
    worker_id         uuid not null,
    shift_id          uuid,
    title             text,
    assigned_at       timestamptz,
    due_at            timestamptz not null,
    started_at        timestamptz,
    completed_at      timestamptz,
    sla_minutes       integer check (sla_minutes > 0),
    passed_first_time boolean,
    quality           smallint check (quality between 0 and 100),
    primary key (org_id, day, id)
) partition by range (day);
comment on table tasks is 'Work handed out. day: of the shift it belongs to, else the site''s local date it is due.';
create index tasks_ref on tasks (org_id, ref);
create index tasks_worker on tasks (org_id, worker_id, day);

create table tours (
    org_id           uuid not null references organizations (id),
    id               uuid not null,
    ref              text not null,
    site_id          uuid not null,
    worker_id        uuid not null,
    shift_id         uuid,
    day              date not null,
    planned_start    timestamptz not null,
    started_at       timestamptz,
    completed_at     timestamptz,
    incidents_found  integer not null default 0 check (incidents_found >= 0),
    incidents_missed integer not null default 0 check (incidents_missed >= 0),
    primary key (org_id, id),
    unique (org_id, ref),
    foreign key (org_id, site_id) references sites (org_id, id),
    foreign key (org_id, worker_id) references workers (org_id, id)
);
comment on table tours is 'One patrol round. day: of the shift it belongs to, else the site''s local date it was planned to start.';
create index tours_day on tours (org_id, day);
create index tours_worker on tours (org_id, worker_id, day);

create table checkpoints (
    org_id     uuid not null,
    day        date not null,
    id         uuid not null,
    tour_id    uuid not null,
    position   smallint not null check (position > 0),
    name       text,
    planned_at timestamptz not null,
    visited_at timestamptz,
    primary key (org_id, day, id),
    unique (org_id, day, tour_id, position)
) partition by range (day);
comment on table checkpoints is 'A point of a tour: when it was due, when it was visited. day: the tour''s.';

create table work_orders (
    org_id       uuid not null references organizations (id),
    id           uuid not null,
    ref          text not null,
    site_id      uuid not null,
    worker_id    uuid,
    opened_at    timestamptz not null,
    assigned_at  timestamptz,
    resolved_at  timestamptz,
    sla_due_at   timestamptz,
    closed_day   date,
    priority     text,
    category     text,
    area         text,
    satisfaction smallint check (satisfaction between 1 and 5),
    quality      smallint check (quality between 0 and 100),
    primary key (org_id, id),
    unique (org_id, ref),
    foreign key (org_id, site_id) references sites (org_id, id),
    check ((closed_day is null) = (resolved_at is null))
);
comment on table work_orders is 'A request with its deadline. closed_day: the site''s local date it was resolved; it is judged on that day.';
comment on column work_orders.area is 'Where on or around the site: building, floor, neighbourhood.';
create index work_orders_closed on work_orders (org_id, closed_day);
create index work_orders_worker on work_orders (org_id, worker_id, closed_day);

create table incidents (
    org_id                uuid not null references organizations (id),
    id                    uuid not null,
    ref                   text not null,
    site_id               uuid not null,
    worker_id             uuid,
    happened_at           timestamptz not null,
    day                   date not null,
    kind                  text not null,
    severity              smallint not null check (severity between 1 and 5),
    attributable          boolean not null default false,
    documentation_quality smallint check (documentation_quality between 0 and 100),
    resolved_at           timestamptz,
    primary key (org_id, id),
    unique (org_id, ref),
    foreign key (org_id, site_id) references sites (org_id, id)
);
comment on table incidents is 'Something went wrong and was written down. Only attributable harm lowers a score; reporting never does.';
comment on column incidents.worker_id is 'Who documented it, and who it is attributed to where attributable is true.';
create index incidents_day on incidents (org_id, day);
create index incidents_worker on incidents (org_id, worker_id, day) where worker_id is not null;

create table shift_offers (
    org_id      uuid not null references organizations (id),
    id          uuid not null,
    shift_id    uuid not null,
    worker_id   uuid not null,
    offered_at  timestamptz not null,
    answered_at timestamptz,
    accepted    boolean,
    overtime    boolean not null default false,
    day         date not null,
    primary key (org_id, id),
    unique (org_id, shift_id, worker_id, offered_at),
    foreign key (org_id, shift_id) references shifts (org_id, id),
    check ((answered_at is null) = (accepted is null))
);
comment on table shift_offers is 'A shift offered to a worker, and the answer. day: the site''s local date of the answer, else of the offer.';
create index shift_offers_day on shift_offers (org_id, day);

create table kudos (
    org_id         uuid not null references organizations (id),
    id             uuid not null,
    to_worker_id   uuid not null,
    from_worker_id uuid,
    from_user_id   uuid,
    category       text not null check (category in ('teamwork', 'quality', 'initiative', 'safety')),
    message        text not null check (length(message) between 1 and 500),
    given_at       timestamptz not null,
    day            date not null,
    primary key (org_id, id),
    foreign key (org_id, to_worker_id) references workers (org_id, id),
    foreign key (org_id, from_worker_id) references workers (org_id, id),
    check (num_nonnulls(from_worker_id, from_user_id) >= 1),
    check (from_worker_id is distinct from to_worker_id)
);
comment on table kudos is 'Thanks, from a worker or a user. day: the organization''s local date.';
create index kudos_to on kudos (org_id, to_worker_id, given_at desc);
create index kudos_from_worker on kudos (org_id, from_worker_id, day);
create index kudos_from_user on kudos (org_id, from_user_id, day);
create unique index kudos_natural on kudos (org_id, from_worker_id, to_worker_id, given_at) where from_worker_id is not null;

insert into partitioned_tables values ('attendance'), ('tasks'), ('checkpoints');
select protect_tenant_table(t) from unnest(array['requirements','certifications','trainings','leave','calendar_days','mentoring_pairs',
    'shifts','attendance','tasks','tours','checkpoints','work_orders','incidents','shift_offers','kudos']::regclass[]) t;
