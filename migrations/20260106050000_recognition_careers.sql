-- Why: a streak must not be counted from the first day every night, an achievement must not be earned on a sample too
-- small to mean anything, and progress is read fresh from the days rather than stored beside them.

create table worker_careers (
    org_id     uuid not null references organizations (id),
    worker_id  uuid not null,
    settled_on date not null,
    settled    jsonb not null,
    primary key (org_id, worker_id)
);
comment on table worker_careers is 'Streaks and shifts as they stood at the end of settled_on: the night counts on from there. Rebuilt from worker days.';

alter table achievements add column minimum integer not null default 1 check (minimum > 0);
comment on column achievements.minimum is 'The smallest sample that is judged: shifts, checkpoints, ratings, as the rule has it.';

drop table achievement_progress;

create table team_challenges (
    org_id    uuid not null references organizations (id),
    id        uuid not null,
    name      text not null,
    metric    text not null,
    starts_on date not null,
    ends_on   date not null,
    primary key (org_id, id),
    check (ends_on >= starts_on)
);
comment on table team_challenges is 'A contest between sites over one metric, by change against the own baseline.';

create table team_challenge_winners (
    org_id       uuid not null references organizations (id),
    challenge_id uuid not null,
    site_id      uuid not null,
    primary key (org_id, challenge_id, site_id),
    foreign key (org_id, challenge_id) references team_challenges (org_id, id),
    foreign key (org_id, site_id) references sites (org_id, id)
);
comment on table team_challenge_winners is 'The sites that won an ended challenge.';

select protect_tenant_table(t) from unnest(array['worker_careers','team_challenges','team_challenge_winners']::regclass[]) t;
