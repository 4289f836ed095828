-- Why: the payroll's first page, the largest sums, was found by adding up and sorting everybody's.
-- Additive: a column that Postgres fills, and an index. On a live system: the table (a row for each worker and month) is written anew.
alter table worker_monthly_totals
    add column total numeric(16,2) not null generated always as (regular + overtime + premium + travel) stored;
create index worker_monthly_totals_most on worker_monthly_totals (org_id, month, total desc, worker_id);
