-- Why: whoever runs the operation is told once when something is off course, and not again while it stays so; what is open,
-- who has seen it and until when it is muted must outlive a restart.
-- Additive: safe while the previous version serves.
create table kpi_alerts (
    org_id          uuid not null references organizations (id),
    id              uuid not null,
    kind            text not null check (length(kind) between 1 and 40),
    key             text not null check (length(key) between 1 and 200),
    title           text not null check (length(title) between 1 and 200),
    detail          text not null default '',
    severity        text not null check (severity in ('warning', 'critical', 'no-data', 'broken')),
    value           double precision,
    threshold       double precision,
    read_at         timestamptz not null,
    opened_at       timestamptz,
    escalated_at    timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by uuid,
    note            text check (length(note) <= 1000),
    muted_until     date,
    resolved_at     timestamptz,
    calm            smallint not null default 0 check (calm >= 0),
    silent          smallint not null default 0 check (silent >= 0),
    told            text check (told in ('warning', 'critical', 'broken')),
    told_no_data    boolean not null default false,
    primary key (org_id, id),
    foreign key (org_id, acknowledged_by) references users (org_id, id),
    check ((acknowledged_at is null) = (acknowledged_by is null)),
    check (resolved_at is null or opened_at is not null)
);
comment on table kpi_alerts is 'What is off course: one open alert per kind and key. Purpose: those who may see /alignment are told once.';
comment on column kpi_alerts.opened_at is 'Null: no data yet for too short a time; it is watched and shown to nobody.';
comment on column kpi_alerts.calm is 'Readings in a row that were clear of the threshold; two close it. silent: readings in a row without data; two are told.';
comment on column kpi_alerts.told is 'The worst that was told by mail; told_no_data: whether that it has no data was.';
comment on column kpi_alerts.muted_until is 'The last local day on which it sends no mail; it holds for the alerts that follow it too.';
create unique index kpi_alerts_open on kpi_alerts (org_id, kind, key) where resolved_at is null;
create index kpi_alerts_latest on kpi_alerts (org_id, opened_at desc);
create index kpi_alerts_muted on kpi_alerts (org_id, kind, key, muted_until desc) where muted_until is not null;
select protect_tenant_table('kpi_alerts');

-- A mail may go to whoever runs this installation, who is no user of the organization: ADMIN_EMAIL is known when it is sent.
alter table mails alter column user_id drop not null;
alter table mails drop constraint mails_address_check;
alter table mails add constraint mails_address_check check (address like '%_@_%' or user_id is null);
create unique index mails_administrator_key on mails (org_id, key) where user_id is null and key is not null;
comment on column mails.user_id is 'Null: to the administrator of this installation, whose address is a setting (ADMIN_EMAIL).';
