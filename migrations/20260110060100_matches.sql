-- Why: whether proposing candidates to a job works, and which way of proposing works better, is seen from what was shown and
-- taken.
-- Additive: safe while the previous version serves.
create table candidates (
    org_id        uuid not null references organizations (id),
    id            uuid not null,
    ref           text not null,
    category      text not null,
    registered_on date,
    source        text,
    primary key (org_id, id),
    unique (org_id, ref)
);
comment on table candidates is 'Who looks for work: no name, only the reference of the organization''s own systems. source: where they heard of the company.';

create table matches (
    org_id       uuid not null references organizations (id),
    id           uuid not null,
    ref          text not null,
    job_id       uuid not null,
    candidate_id uuid not null,
    algorithm    text not null,
    version      text not null,
    score        double precision check (score between 0 and 1),
    rank         integer not null check (rank > 0),
    matched_at   timestamptz not null,
    shown        boolean not null default false,
    accepted     boolean,
    primary key (org_id, id),
    unique (org_id, ref),
    foreign key (org_id, job_id) references jobs (org_id, id),
    foreign key (org_id, candidate_id) references candidates (org_id, id),
    check (shown or accepted is null)
);
comment on table matches is 'A candidate proposed for a job. rank: its place among those proposed, 1 is best; shown: to whoever decides; accepted: null while nobody has.';
create index matches_job on matches (org_id, job_id);
create index matches_matched on matches (org_id, matched_at);

select protect_tenant_table(t) from unnest(array['candidates', 'matches']::regclass[]) t;
