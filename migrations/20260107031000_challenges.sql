-- Why: a team challenge is made on a page now: who takes part, whose it is, how it ended, and the standing it ended with,
-- so that a correction of facts later on changes no prize in silence.
-- Additive: safe while the previous version serves.

alter table team_challenges
    add column host_site_id uuid,
    add column created_by   uuid,
    add column created_at   timestamptz,
    add column ended_by     uuid,
    add column ended_at     timestamptz,
    add column cancelled_at timestamptz,
    add column settled_at   timestamptz,
    add foreign key (org_id, host_site_id) references sites (org_id, id);
comment on column team_challenges.host_site_id is 'The site whose supervisor made it, and may end it.';
comment on column team_challenges.ended_at is 'When it was ended early; ends_on is then its last whole day.';
comment on column team_challenges.cancelled_at is 'When it was ended before a whole day had passed: nobody wins.';
comment on column team_challenges.settled_at is 'When the night wrote down standing and winners. Never done again.';
create index team_challenges_open on team_challenges (org_id, ends_on) where settled_at is null and cancelled_at is null;

create table team_challenge_sites (
    org_id       uuid not null references organizations (id),
    challenge_id uuid not null,
    site_id      uuid not null,
    hit          bigint,
    judged       bigint,
    hit_before   bigint,
    judged_before bigint,
    primary key (org_id, challenge_id, site_id),
    foreign key (org_id, challenge_id) references team_challenges (org_id, id),
    foreign key (org_id, site_id) references sites (org_id, id),
    check (num_nulls(hit, judged, hit_before, judged_before) in (0, 4))
);
comment on table team_challenge_sites is 'The sites that take part. The counts are written when the challenge is settled: in it, and in the equally long period before.';
create index team_challenge_sites_site on team_challenge_sites (org_id, site_id);

select protect_tenant_table('team_challenge_sites');
