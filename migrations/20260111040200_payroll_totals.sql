-- Why: a payroll of thousands grouped everybody's pay of a month by person and by job role for each look at fifty lines.
-- Additive: two tables, filled here from what is there and from now on by the night.
create table worker_monthly_totals (
    org_id           uuid not null references organizations (id),
    month            date not null check (extract(day from month) = 1),
    worker_id        uuid not null,
    shifts           bigint not null,
    minutes          bigint not null,
    overtime_minutes bigint not null,
    regular          numeric(14,2) not null,
    overtime         numeric(14,2) not null,
    premium          numeric(14,2) not null,
    travel           numeric(14,2) not null,
    primary key (org_id, month, worker_id)
);
comment on table worker_monthly_totals is 'What a worker was paid in a month at all sites: the rows of worker_monthly_pay added up by the night. Purpose: payroll.';

create table job_role_monthly_pay (
    org_id           uuid not null references organizations (id),
    month            date not null check (extract(day from month) = 1),
    job_role         text not null,
    people           bigint not null,
    shifts           bigint not null,
    minutes          bigint not null,
    overtime_minutes bigint not null,
    regular          numeric(18,2) not null,
    overtime         numeric(18,2) not null,
    premium          numeric(18,2) not null,
    travel           numeric(18,2) not null,
    primary key (org_id, month, job_role)
);
comment on table job_role_monthly_pay is 'What everybody of a job role was paid in a month at all sites, by the roles as they were last night.';

-- The owner of the tables sees all organizations for the time of this copy.
alter table worker_monthly_pay no force row level security;
alter table workers no force row level security;
insert into worker_monthly_totals
select org_id, month, worker_id, sum(shifts), sum(minutes), sum(overtime_minutes), sum(regular), sum(overtime), sum(premium), sum(travel)
from worker_monthly_pay group by org_id, month, worker_id;
insert into job_role_monthly_pay
select t.org_id, t.month, w.job_role, count(*), sum(t.shifts), sum(t.minutes), sum(t.overtime_minutes), sum(t.regular), sum(t.overtime),
       sum(t.premium), sum(t.travel)
from worker_monthly_totals t join workers w on w.org_id = t.org_id and w.id = t.worker_id
group by t.org_id, t.month, w.job_role;
alter table worker_monthly_pay force row level security;
alter table workers force row level security;

select protect_tenant_table(t) from unnest(array['worker_monthly_totals','job_role_monthly_pay']::regclass[]) t;
