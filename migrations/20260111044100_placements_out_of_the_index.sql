-- Why: the page of placements reads a year of jobs and placements, which lie in as many pages of their tables as there are days:
-- they are read out of the index, side by side. And most of what it took to read a placement was to read its two amounts as
-- decimals, which are added as whole hundredths.
-- On a live system: jobs is locked for writing while its index is built anew, placements while it is written anew (well under a
-- second for 100,000 rows).
drop index jobs_posted;
create index jobs_posted on jobs (org_id, posted_at) include (id, site_id, category, closed_at, state);

alter table placements
    add column fee_cents  bigint generated always as ((fee * 100)::bigint) stored,
    add column cost_cents bigint generated always as ((cost * 100)::bigint) stored;
comment on column placements.fee_cents is 'The fee in hundredths.';
comment on column placements.cost_cents is 'The cost in hundredths.';
drop index placements_started;
create index placements_started on placements (org_id, started_on) include (id, job_id, ended_on, fee_cents, cost_cents, satisfaction);
