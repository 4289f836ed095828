-- Why: one line of the ledger is now one job that was asked for, however often it was tried: what it is, for whom, how
-- far it came, what it failed of. The queue's own row is gone once the job is done; this one stays.
-- Additive: the previous version may go on writing lines without a key while this one serves.
alter table job_runs
    alter column started_at drop not null,
    add column asked_at  timestamptz,
    add column key       text check (length(key) between 1 and 200),
    add column asked_by  uuid,
    add column payload   jsonb not null default '{}',
    add column lane      text,
    add column attempts  integer not null default 1,
    add column tries     integer not null default 1 check (tries between 1 and 100),
    add column done      bigint check (done >= 0),
    add column of        bigint check (of >= 0);
update job_runs set asked_at = started_at, key = case when state <> 'failed' then slot::text end;
alter table job_runs drop constraint job_runs_state_check;
alter table job_runs add constraint job_runs_state_check check (state in ('queued', 'running', 'done', 'failed'));
comment on table job_runs is 'The ledger: one row per job that was asked for. key: asked for twice, it is done once; slot: the local date of a timed job, null otherwise; attempts of at most tries; done of what there was to do.';

drop index job_runs_slot;
create unique index job_runs_key on job_runs (job, org_id, key) where key is not null;
-- What the page of jobs opens with: what waits, runs or was given up.
create index job_runs_open on job_runs (org_id, asked_at desc) where state <> 'done';
