-- Why: what is sent by mail must be sent once, and whether it arrived at the mail server must be seen; reports go out by
-- schedules of their own, at a local time.
-- Additive: safe while the previous version serves.
create table mails (
    org_id          uuid not null references organizations (id),
    id              uuid not null,
    user_id         uuid not null,
    key             text check (length(key) between 1 and 200),
    address         text not null check (address like '%_@_%'),
    subject         text not null check (length(subject) between 1 and 200),
    body            text not null,
    attachment      bytea,
    attachment_name text,
    attachment_type text,
    state           text not null check (state in ('waiting', 'sent', 'failed', 'kept')),
    outcome         text,
    asked_at        timestamptz not null,
    settled_at      timestamptz,
    primary key (org_id, id),
    foreign key (org_id, user_id) references users (org_id, id),
    check ((attachment is null) = (attachment_name is null) and (attachment is null) = (attachment_type is null))
);
comment on table mails is 'One mail to one user. key: asked for twice, it is sent once; outcome: what the mail server said last; kept: there is no mail server, it is here to be downloaded.';
create unique index mails_key on mails (org_id, user_id, key) where key is not null;
create index mails_latest on mails (org_id, asked_at desc);

create table report_schedules (
    org_id      uuid not null references organizations (id),
    id          uuid not null,
    name        text not null check (length(name) between 1 and 200),
    description text not null default '' check (length(description) <= 2000),
    report      text not null check (report in ('executive-quarterly')),
    rhythm      text not null check (rhythm in ('daily', 'weekly', 'monthly', 'quarterly')),
    day         smallint check (day between 1 and 31),
    at          time not null,
    time_zone   text not null,
    active      boolean not null default true,
    created_by  uuid not null,
    created_at  timestamptz not null,
    last_run_at timestamptz,
    next_run_at timestamptz not null,
    primary key (org_id, id),
    foreign key (org_id, created_by) references users (org_id, id),
    check (case rhythm when 'daily' then day is null when 'weekly' then day between 1 and 7 else day is not null end)
);
comment on table report_schedules is 'Which report goes out when. day: of the week (1 is Monday), or of the month, the last where the month is shorter.';
create index report_schedules_due on report_schedules (org_id, next_run_at) where active;

create table report_recipients (
    org_id      uuid not null references organizations (id),
    schedule_id uuid not null,
    user_id     uuid not null,
    primary key (org_id, schedule_id, user_id),
    foreign key (org_id, schedule_id) references report_schedules (org_id, id) on delete cascade,
    foreign key (org_id, user_id) references users (org_id, id)
);
comment on table report_recipients is 'Who gets a scheduled report: each what that user may see.';

select protect_tenant_table(t) from unnest(array['mails', 'report_schedules', 'report_recipients']::regclass[]) t;
