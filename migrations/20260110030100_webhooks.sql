-- Why: other systems are told of alerts at once. What was sent and what they answered must be seen.
-- Additive: safe while the previous version serves.
create table webhooks (
    org_id     uuid not null references organizations (id),
    id         uuid not null,
    url        text not null check (length(url) between 8 and 500),
    secret     text not null check (length(secret) >= 32),
    kinds      text[] not null check (cardinality(kinds) > 0),
    active     boolean not null default true,
    created_by uuid not null,
    created_at timestamptz not null,
    primary key (org_id, id),
    foreign key (org_id, created_by) references users (org_id, id)
);
comment on table webhooks is 'Addresses that are told what happens. secret: what their requests are signed with; shown once, when it is made.';

create table webhook_deliveries (
    org_id      uuid not null references organizations (id),
    id          uuid not null,
    webhook_id  uuid not null,
    kind        text not null,
    body        text not null,
    state       text not null check (state in ('waiting', 'delivered', 'failed', 'refused', 'dropped')),
    attempts    integer not null default 0 check (attempts >= 0),
    status      smallint check (status between 100 and 999),
    answer      text check (length(answer) <= 1000),
    asked_at    timestamptz not null,
    tried_at    timestamptz,
    next_try_at timestamptz,
    primary key (org_id, id),
    foreign key (org_id, webhook_id) references webhooks (org_id, id) on delete cascade
);
comment on table webhook_deliveries is 'One message to one address. status and answer: of the last try; refused: the address is not one we go to; dropped: it was paused.';
create index webhook_deliveries_latest on webhook_deliveries (org_id, asked_at desc, id desc);
create index webhook_deliveries_webhook on webhook_deliveries (org_id, webhook_id);
select protect_tenant_table(t) from unnest(array['webhooks', 'webhook_deliveries']::regclass[]) t;
