-- Why: the page of placements reads a year of jobs and placements, which lie in as many pages of their tables as there are days:
-- they are read out of the index, side by side.
-- On a live system: each table is locked for writing while its index is built anew (well under a second for 100,000 rows).
drop index jobs_posted;
create index jobs_posted on jobs (org_id, posted_at) include (id, site_id, category, closed_at, state);
drop index placements_started;
create index placements_started on placements (org_id, started_on) include (id, job_id, ended_on, fee, cost, satisfaction);
