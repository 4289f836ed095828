-- Why: who works where, for whom, and who may look.

create table clients (
    org_id uuid not null references organizations (id),
    id     uuid not null,
    code   text not null,
    name   text not null,
    primary key (org_id, id),
    unique (org_id, code)
);
comment on table clients is 'Companies that own sites. Purpose: reporting per client.';

create table sites (
    org_id         uuid not null references organizations (id),
    id             uuid not null,
    code           text not null,
    name           text not null,
    client_id      uuid,
    vertical       text,
    time_zone      text not null,
    latitude       double precision check (latitude between -90 and 90),
    longitude      double precision check (longitude between -180 and 180),
    geofence_m     integer check (geofence_m > 0),
    address        text,
    primary key (org_id, id),
    unique (org_id, code),
    foreign key (org_id, client_id) references clients (org_id, id)
);
comment on table sites is 'Places where people work. Their time zone decides the business day.';

create table workers (
    org_id              uuid not null references organizations (id),
    id                  uuid not null,
    employee_number     text not null,
    name                text not null,
    job_role            text not null,
    home_site_id        uuid not null,
    hired_on            date,
    left_on             date,
    leave_reason        text,
    registration_number text,
    registration_grade  text,
    hourly_rate         numeric(14,2) check (hourly_rate >= 0),
    weekly_hours        numeric(5,2) check (weekly_hours between 0 and 168),
    home_latitude       double precision check (home_latitude between -90 and 90),
    home_longitude      double precision check (home_longitude between -180 and 180),
    skills              text[] not null default '{}',
    supervisor          text,
    primary key (org_id, id),
    unique (org_id, employee_number),
    foreign key (org_id, home_site_id) references sites (org_id, id),
    check (left_on is null or hired_on is null or left_on >= hired_on)
);
comment on table workers is 'People (or crews) whose work is scored. hired_on null: not known, tenure is then not compared.';
comment on column workers.supervisor is 'Employee number of the supervisor, as the source system has it.';
create index workers_home on workers (org_id, home_site_id);

create table users (
    org_id        uuid not null references organizations (id),
    id            uuid not null,
    name          text not null,
    role          text not null check (role in ('worker','supervisor','scheduler','finance','hr','executive','client','admin','platform')),
    worker_id     uuid,
    client_id     uuid,
    locale        text not null default 'en',
    theme         text not null default 'system' check (theme in ('system','light','dark')),
    time_zone     text,
    status        text not null default 'active' check (status in ('active','disabled')),
    last_login_at timestamptz,
    primary key (org_id, id),
    foreign key (org_id, worker_id) references workers (org_id, id),
    foreign key (org_id, client_id) references clients (org_id, id)
);
comment on table users is 'Who may sign in, as what, linked to the worker or client they are.';
create index users_worker on users (org_id, worker_id) where worker_id is not null;

create table user_sites (
    org_id  uuid not null,
    user_id uuid not null,
    site_id uuid not null,
    primary key (org_id, user_id, site_id),
    foreign key (org_id, user_id) references users (org_id, id),
    foreign key (org_id, site_id) references sites (org_id, id)
);
comment on table user_sites is 'The sites a supervisor looks after.';

create table audit_log (
    org_id     uuid not null references organizations (id),
    id         uuid not null,
    at         timestamptz not null,
    user_id    uuid,
    action     text not null,
    record     text not null,
    record_id  uuid,
    before     jsonb,
    after      jsonb,
    request_id text,
    primary key (org_id, id)
);
comment on table audit_log is 'Who did or looked at what, when. Append-only: the serving role may not change it.';
create index audit_log_record on audit_log (org_id, record, record_id, at desc);

select protect_tenant_table(t) from unnest(array['clients','sites','workers','users','user_sites','audit_log']::regclass[]) t;
revoke update, delete on audit_log from muster_app;
