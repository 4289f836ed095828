-- Why: who may leave, and what speaks for it, is estimated every morning before anybody looks; HR reads what was written,
-- and the worker can see it too.
-- Additive: safe while the previous version serves.

create table churn_risks (
    org_id      uuid not null,
    worker_id   uuid not null,
    snapshot_on date not null,
    version     integer not null check (version > 0),
    probability double precision not null check (probability between 0 and 1),
    band        text not null check (band in ('low', 'medium', 'high')),
    causes      text[] not null check (cardinality(causes) <= 3),
    reasons     text[] not null check (cardinality(reasons) = cardinality(causes)),
    step        text not null,
    primary key (org_id, worker_id, snapshot_on),
    foreign key (org_id, worker_id) references workers (org_id, id)
);
comment on table churn_risks is 'How likely a worker leaves within 60 days of a day, by the facts before it; of each month the latest day is kept. Purpose: HR helps people to stay. Never a signal for coaching, pay or rosters.';
comment on column churn_risks.version is 'The version of the model (models, name churn) that said so.';
comment on column churn_risks.causes is 'What raised the probability most, strongest first; reasons: the same in words, with the numbers they rest on.';
comment on column churn_risks.step is 'What could help, by the strongest cause.';
create index churn_risks_snapshot on churn_risks (org_id, snapshot_on, probability desc);

select protect_tenant_table('churn_risks');
