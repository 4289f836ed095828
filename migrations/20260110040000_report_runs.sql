-- Why: whoever may see a report can have it sent by schedule; each run, what became of each mail and why somebody got none is
-- kept and shown; every organization gets the daily and the weekly operations report until somebody pauses it.
-- Additive: safe while the previous version serves, which plans no other report than its own.
alter table report_schedules drop constraint report_schedules_report_check;
alter table report_schedules
    add constraint report_schedules_report_check check (report in ('operations-daily', 'operations-weekly', 'executive-quarterly',
        'financial-monthly', 'client-monthly', 'revenue', 'orders', 'partners', 'customers', 'team', 'payroll')),
    add column format     text not null default 'pdf' check (format in ('pdf', 'xlsx', 'csv')),
    add column site_id    uuid,
    add column partner_id uuid,
    add column roles      text[] not null default '{}',
    add column usual      boolean not null default false,
    add column deleted_at timestamptz,
    alter column created_by drop not null,
    add foreign key (org_id, site_id) references sites (org_id, id),
    add foreign key (org_id, partner_id) references partners (org_id, id);
comment on table report_schedules is 'Which report goes out when. day: of the week (1 is Monday), or of the month, the last where the month is shorter. roles: everybody who is one of these when it goes out, besides report_recipients. usual: made for the organization, once, by nobody in it. deleted_at: its runs are kept.';
create unique index report_schedules_usual on report_schedules (org_id, report) where usual;

create table report_runs (
    org_id      uuid not null references organizations (id),
    id          uuid not null,
    schedule_id uuid not null,
    job_id      uuid not null,
    slot        timestamptz,
    asked_by    uuid,
    asked_at    timestamptz not null,
    state       text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
    attempts    integer not null default 0,
    started_at  timestamptz,
    finished_at timestamptz,
    note        text,
    error       text,
    primary key (org_id, id),
    unique (org_id, schedule_id, slot),
    foreign key (org_id, schedule_id) references report_schedules (org_id, id),
    foreign key (org_id, asked_by) references users (org_id, id)
);
comment on table report_runs is 'One time a scheduled report was made: for its slot, or, where that is null, by hand. note: why nothing was sent; error: what the latest try failed of.';
create index report_runs_latest on report_runs (org_id, schedule_id, asked_at desc);
-- What is looked at every half a minute: those that may have been given up.
create index report_runs_open on report_runs (org_id, job_id) where state in ('waiting', 'running');

create table report_deliveries (
    org_id  uuid not null references organizations (id),
    run_id  uuid not null,
    user_id uuid not null,
    mail_id uuid,
    period  text,
    bytes   bigint check (bytes >= 0),
    refused text,
    told    boolean not null default false,
    primary key (org_id, run_id, user_id),
    foreign key (org_id, run_id) references report_runs (org_id, id),
    foreign key (org_id, user_id) references users (org_id, id),
    foreign key (org_id, mail_id) references mails (org_id, id) on delete set null (mail_id)
);
comment on table report_deliveries is 'What one recipient got of a run: the mail with the file, which is kept as long as mails are, or why there is none. told: somebody was told that it stayed here or was refused.';
create index report_deliveries_of_user on report_deliveries (org_id, user_id, run_id desc);
create index report_deliveries_of_mail on report_deliveries (org_id, mail_id) where mail_id is not null;
-- What is looked at every half a minute: mails whose end nobody was told yet.
create index report_deliveries_open on report_deliveries (org_id) where not told;

select protect_tenant_table(t) from unnest(array['report_runs', 'report_deliveries']::regclass[]) t;
