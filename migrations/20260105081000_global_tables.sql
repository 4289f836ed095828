-- Why: who comes in is resolved before an organization is known. These tables, and no others, have no tenant:
-- organizations, logins, sessions, token hashes, rate limits, job runs. A test holds the list.

create table organizations (
    id           uuid primary key,
    slug         text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
    name         text not null check (length(name) between 1 and 200),
    region       text,
    vertical     text,
    tier         text not null default 'starter' check (tier in ('starter', 'professional', 'business')),
    company_size text,
    currency     char(3) not null default 'USD',
    time_zone    text not null,
    is_demo      boolean not null default false,
    signed_up_at timestamptz not null
);
comment on table organizations is 'A tenant: one operator. Global, so that a login can be resolved to it.';

create table logins (
    id            uuid primary key,
    email         text not null unique check (email = lower(email) and email like '%_@_%'),
    org_id        uuid not null references organizations (id),
    user_id       uuid not null,
    password_hash text not null,
    created_at    timestamptz not null,
    disabled_at   timestamptz
);
comment on table logins is 'E-mail and argon2id hash of a user. Unique over all organizations.';
create unique index logins_user on logins (org_id, user_id);

create table sessions (
    id           text primary key,
    login_id     uuid references logins (id) on delete cascade,
    data         jsonb not null,
    created_at   timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at   timestamptz not null,
    address      text,
    agent        text
);
comment on table sessions is 'Browser sessions. id is the SHA-256 of the cookie value, so that a leaked table opens no session.';
create index sessions_login on sessions (login_id);
create index sessions_expiry on sessions (expires_at);

create table api_tokens (
    token_hash   text primary key,
    id           uuid not null unique,
    org_id       uuid not null references organizations (id),
    user_id      uuid not null,
    name         text not null,
    scopes       text[] not null,
    created_at   timestamptz not null,
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz
);
comment on table api_tokens is 'Hashes of REST tokens; the token itself is shown once and never stored.';

create table sign_in_limits (
    key            text primary key,
    failures       integer not null,
    last_failed_at timestamptz not null,
    blocked_until  timestamptz
);
comment on table sign_in_limits is 'Failed sign-ins per account and per address, with the growing delay they earned.';

create table job_runs (
    id          uuid primary key,
    job         text not null,
    org_id      uuid references organizations (id),
    slot        date,
    state       text not null check (state in ('running', 'done', 'failed')),
    started_at  timestamptz not null,
    finished_at timestamptz,
    rows        bigint,
    note        text,
    error       text
);
comment on table job_runs is 'The ledger: one row per run of a job for an organization. slot is the local date of a timed run, null by hand.';
create unique index job_runs_slot on job_runs (job, org_id, slot) where slot is not null and state <> 'failed';
create index job_runs_latest on job_runs (job, org_id, started_at desc);

grant select, insert, update, delete on organizations, logins, sessions, api_tokens, sign_in_limits, job_runs to muster_app;
