-- Why: who is thanked, ruled about or asked for is told so in the app, once, and may say what not to be told.
-- Additive: safe while the previous version serves.

create table notifications (
    org_id     uuid not null references organizations (id),
    id         uuid not null,
    user_id    uuid not null,
    kind       text not null,
    text       text not null check (length(text) between 1 and 500),
    link       text not null check (link ~ '^/([^/\\]|$)'),
    key        text,
    created_at timestamptz not null,
    read_at    timestamptz,
    primary key (org_id, id),
    foreign key (org_id, user_id) references users (org_id, id)
);
comment on table notifications is 'What a user is told in the app: one line with a link to one of our own pages. Read ones go after 90 days.';
comment on column notifications.key is 'What it is about, where a job may say it twice: one user is told the same key once.';
create unique index notifications_once on notifications (org_id, user_id, key) where key is not null;
create index notifications_latest on notifications (org_id, user_id, created_at desc, id desc);
create index notifications_unread on notifications (org_id, user_id) where read_at is null;

create table notification_mutes (
    org_id  uuid not null references organizations (id),
    user_id uuid not null,
    kind    text not null,
    primary key (org_id, user_id, kind),
    foreign key (org_id, user_id) references users (org_id, id)
);
comment on table notification_mutes is 'Kinds a user does not want to be told: nothing of them is written for that user.';

-- How many a user has not read, 100 at most: beyond that nobody counts. A function, so that every page gets it with
-- the user in one query.
create function unread_notifications(org uuid, reader uuid) returns bigint
    language sql stable parallel safe
    return (select count(*) from (
        select from notifications where org_id = org and user_id = reader and read_at is null limit 100) unread);
grant execute on function unread_notifications(uuid, uuid) to muster_app;

select protect_tenant_table(t) from unnest(array['notifications','notification_mutes']::regclass[]) t;
