-- Why: whom to talk with today and why must not change while it is being worked on, every step must have somebody's name,
-- and whether talking helped can be asked only where each conversation is kept.
-- Additive: safe while the previous version serves.

create table coaching_items (
    org_id       uuid not null references organizations (id),
    id           uuid not null,
    worker_id    uuid not null,
    kind         text not null check (kind in ('help', 'praise')),
    state        text not null check (state in ('suggested', 'scheduled', 'in_progress', 'completed', 'snoozed', 'dismissed', 'lapsed')),
    priority     double precision not null check (priority between 0 and 100),
    signals      jsonb not null,
    answered     jsonb,
    suggested_on date not null,
    judged_on    date not null,
    changed_at   timestamptz not null,
    changed_by   uuid,
    reason       text,
    version      integer not null default 1,
    primary key (org_id, id),
    foreign key (org_id, worker_id) references workers (org_id, id)
);
comment on table coaching_items is 'The coaching queue: one entry per reason to talk with a worker, with the evidence it was made of. Purpose: help and praise.';
comment on column coaching_items.signals is 'Severity and evidence of each signal as of judged_on.';
comment on column coaching_items.answered is 'The signals as they stood when the entry was snoozed, dismissed or completed: only a new or worse one brings the worker back.';
comment on column coaching_items.version is 'Counts the changes: an action names the version it was decided on, so that of two supervisors one is told.';
create unique index coaching_items_open on coaching_items (org_id, worker_id, kind) where state in ('suggested', 'scheduled', 'in_progress');
create index coaching_items_worker on coaching_items (org_id, worker_id, suggested_on desc);
create index coaching_items_state on coaching_items (org_id, state, priority desc);

create table coaching_steps (
    org_id   uuid not null references organizations (id),
    item_id  uuid not null,
    version  integer not null,
    at       timestamptz not null,
    user_id  uuid,
    step     text not null,
    reason   text,
    before   jsonb not null,
    undone   boolean not null default false,
    primary key (org_id, item_id, version),
    foreign key (org_id, item_id) references coaching_items (org_id, id)
);
comment on table coaching_steps is 'Who did what with an entry, when and why; before: what an undo brings back. user_id null: the morning job.';

create table coaching_sessions (
    org_id         uuid not null references organizations (id),
    id             uuid not null,
    ref            text not null,
    worker_id      uuid not null,
    item_id        uuid,
    coach_id       uuid,
    state          text not null check (state in ('scheduled', 'in_progress', 'completed', 'cancelled')),
    scheduled_for  date,
    agenda         text not null default '',
    started_at     timestamptz,
    completed_at   timestamptz,
    completed_on   date,
    notes          text not null default '',
    agreed_actions text not null default '',
    follow_up_on   date,
    primary key (org_id, id),
    unique (org_id, ref),
    foreign key (org_id, worker_id) references workers (org_id, id),
    foreign key (org_id, item_id) references coaching_items (org_id, id),
    check ((state = 'completed') = (completed_on is not null))
);
comment on table coaching_sessions is 'One conversation with one worker: planned, held, what came of it. Private to the worker and the supervisor. item_id null: imported.';
comment on column coaching_sessions.ref is 'Natural key: the source''s for imported sessions, else the id.';
comment on column coaching_sessions.completed_on is 'The organization-local date of completion: what is compared before and after.';
create index coaching_sessions_worker on coaching_sessions (org_id, worker_id, completed_on desc);
create unique index coaching_sessions_item on coaching_sessions (org_id, item_id) where item_id is not null and state <> 'cancelled';
create index coaching_sessions_completed on coaching_sessions (org_id, completed_on) where state = 'completed';

select protect_tenant_table(t) from unnest(array['coaching_items','coaching_steps','coaching_sessions']::regclass[]) t;
