-- Why: the product is judged as a business over all organizations (retention, activation, churn, what a customer is worth and
-- costs). These are facts of the platform's own organization about its customers: one row per sign-up, not one tenant per
-- sign-up, so that somebody who looked once costs one row and no nightly jobs. Organizations of this installation have their
-- row written by the job product-days, in counts; nobody's worker is in it.
-- Additive: safe while the previous version serves.

create table signups (
    org_id          uuid not null references organizations (id),
    id              uuid not null,
    ref             text not null,
    channel         text,
    started_at      timestamptz not null,
    signed_up_at    timestamptz check (signed_up_at >= started_at),
    onboarded_at    timestamptz,
    first_roster_at timestamptz,
    primary key (org_id, id),
    unique (org_id, ref),
    check (signed_up_at is not null or num_nonnulls(onboarded_at, first_roster_at) = 0),
    check (onboarded_at >= signed_up_at and first_roster_at >= signed_up_at)
);
comment on table signups is 'Organizations that began to sign up. ref: the short name, where the organization is one of this installation.';
comment on column signups.signed_up_at is 'When the form was sent; null: it was left.';
comment on column signups.onboarded_at is 'When its first week was planned: a roster confirmed.';
create index signups_started on signups (org_id, started_at);

create table signup_activity (
    org_id       uuid not null references organizations (id),
    signup_id    uuid not null,
    day          date not null,
    users        integer not null check (users >= 0),
    active_users integer not null check (active_users >= 0),
    rosters      integer not null default 0 check (rosters >= 0),
    primary key (org_id, signup_id, day),
    foreign key (org_id, signup_id) references signups (org_id, id)
);
comment on table signup_activity is 'Days on which a signed-up organization did anything with the product. A day without a row: nothing.';
comment on column signup_activity.users is 'Users who could sign in.';
comment on column signup_activity.active_users is 'Users who did something; of this installation those who agreed to be counted.';
create index signup_activity_day on signup_activity (org_id, day);

create table subscriptions (
    org_id       uuid not null references organizations (id),
    id           uuid not null,
    ref          text not null,
    signup_id    uuid not null,
    tier         text not null check (tier in ('starter', 'professional', 'business')),
    mrr          numeric(14,3) not null check (mrr >= 0),
    started_at   timestamptz not null,
    upgraded_at  timestamptz check (upgraded_at >= started_at),
    cancelled_at timestamptz check (cancelled_at >= started_at),
    primary key (org_id, id),
    unique (org_id, ref),
    foreign key (org_id, signup_id) references signups (org_id, id),
    check (num_nonnulls(upgraded_at, cancelled_at) <= 1)
);
comment on table subscriptions is 'What a customer pays a month, from when to when. Another tier or price is another row that begins when this one is upgraded.';
comment on column subscriptions.mrr is 'Monthly recurring revenue in the platform''s currency.';
comment on column subscriptions.upgraded_at is 'When another subscription took its place.';
create index subscriptions_signup on subscriptions (org_id, signup_id);

create table invites (
    org_id      uuid not null references organizations (id),
    id          uuid not null,
    ref         text not null,
    signup_id   uuid not null,
    sent_at     timestamptz not null,
    accepted_at timestamptz check (accepted_at >= sent_at),
    primary key (org_id, id),
    unique (org_id, ref),
    foreign key (org_id, signup_id) references signups (org_id, id)
);
comment on table invites is 'Invitations to try the product that users of a customer sent; whom to is not kept.';
create index invites_sent on invites (org_id, sent_at);
create index invites_signup on invites (org_id, signup_id);

create table marketing_spend (
    org_id  uuid not null references organizations (id),
    day     date not null,
    channel text not null,
    amount  numeric(14,3) not null check (amount >= 0),
    primary key (org_id, day, channel)
);
comment on table marketing_spend is 'What winning customers cost, by day and channel.';

create table support_tickets (
    org_id       uuid not null references organizations (id),
    id           uuid not null,
    ref          text not null,
    signup_id    uuid,
    topic        text not null,
    opened_at    timestamptz not null,
    answered_at  timestamptz check (answered_at >= opened_at),
    closed_at    timestamptz check (closed_at >= opened_at),
    satisfaction smallint check (satisfaction between 1 and 5),
    primary key (org_id, id),
    unique (org_id, ref),
    foreign key (org_id, signup_id) references signups (org_id, id)
);
comment on table support_tickets is 'Questions and troubles that customers brought: when, about what, how it ended. What was written is not kept.';
create index support_tickets_opened on support_tickets (org_id, opened_at);
create index support_tickets_signup on support_tickets (org_id, signup_id) where signup_id is not null;

select protect_tenant_table(t) from unnest(array['signups','signup_activity','subscriptions','invites','marketing_spend','support_tickets']::regclass[]) t;
