-- Why: clients ask for people, and see who was placed, for how long, and how satisfied they are.

create table jobs (
    org_id    uuid not null references organizations (id),
    id        uuid not null,
    ref       text not null,
    site_id   uuid not null,
    category  text not null,
    posted_at timestamptz not null,
    closed_at timestamptz check (closed_at >= posted_at),
    openings  integer not null default 1 check (openings between 1 and 10000),
    state     text not null default 'open' check (state in ('open', 'filled', 'cancelled')),
    primary key (org_id, id),
    unique (org_id, ref),
    foreign key (org_id, site_id) references sites (org_id, id),
    check ((state = 'open') = (closed_at is null))
);
comment on table jobs is 'People asked for at a site: what work, how many, since when, and what became of it.';
create index jobs_posted on jobs (org_id, posted_at);

create table placements (
    org_id       uuid not null references organizations (id),
    id           uuid not null,
    ref          text not null,
    job_id       uuid not null,
    worker_id    uuid,
    started_on   date not null,
    ended_on     date check (ended_on >= started_on),
    end_reason   text,
    fee          numeric(14,2) check (fee >= 0),
    cost         numeric(14,2) check (cost >= 0),
    satisfaction smallint check (satisfaction between 1 and 5),
    primary key (org_id, id),
    unique (org_id, ref),
    foreign key (org_id, job_id) references jobs (org_id, id),
    foreign key (org_id, worker_id) references workers (org_id, id)
);
comment on table placements is 'Somebody placed in a job: from when to when, what it brought and cost, and the client''s mark from 1 to 5.';
create index placements_started on placements (org_id, started_on);
create index placements_worker on placements (org_id, worker_id) where worker_id is not null;
create index placements_job on placements (org_id, job_id);

select protect_tenant_table(t) from unnest(array['jobs','placements']::regclass[]) t;
