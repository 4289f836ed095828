-- Why: whether sites are staffed, lawfully and within their money, is judged per roster and per shift; a roster can be made
-- only from what people said about when and where they can and like to work.
-- Additive: safe while the previous version serves.

create table rosters (
    org_id           uuid not null references organizations (id),
    id               uuid not null,
    ref              text not null,
    site_id          uuid not null,
    first_day        date not null,
    last_day         date not null,
    algorithm        text not null,
    shift_count      integer not null check (shift_count >= 0),
    filled_count     integer not null check (filled_count between 0 and shift_count),
    filled_minutes   integer not null default 0 check (filled_minutes >= 0),
    solve_ms         integer check (solve_ms >= 0),
    planning_minutes integer check (planning_minutes >= 0),
    cost             numeric(14,2) not null default 0 check (cost >= 0),
    budget           numeric(14,2) check (budget >= 0),
    generated_at     timestamptz not null,
    confirmed_at     timestamptz,
    overrides        integer not null default 0 check (overrides >= 0),
    violations       integer not null default 0 check (violations >= 0),
    primary key (org_id, id),
    unique (org_id, ref),
    foreign key (org_id, site_id) references sites (org_id, id),
    check (last_day >= first_day),
    check (confirmed_at >= generated_at)
);
comment on table rosters is 'The plan of a site for a period, as it was confirmed. confirmed_at null: a proposal nobody has confirmed.';
comment on column rosters.ref is 'Natural key: the source''s for imported rosters, else the id.';
comment on column rosters.algorithm is 'How it was made: manual, or the name of the generator.';
comment on column rosters.filled_minutes is 'Planned minutes of its filled shifts: what its cost is divided by.';
comment on column rosters.solve_ms is 'Milliseconds the generator took; null where it was made by hand.';
comment on column rosters.planning_minutes is 'Minutes somebody was busy making it; null: not recorded.';
comment on column rosters.cost is 'Planned pay of its filled shifts.';
comment on column rosters.overrides is 'Lines that somebody changed before confirming.';
comment on column rosters.violations is 'Rules broken when it was confirmed; what is broken since is in shift_breaches.';
create index rosters_first_day on rosters (org_id, first_day, site_id);

alter table shifts add column roster_id uuid;
alter table shifts add foreign key (org_id, roster_id) references rosters (org_id, id);
comment on column shifts.roster_id is 'The roster it was planned in; null: posted by itself.';
create index shifts_roster on shifts (org_id, roster_id) where roster_id is not null;

create table worker_availability (
    org_id       uuid not null references organizations (id),
    id           uuid not null,
    worker_id    uuid not null,
    weekday      smallint not null check (weekday between 1 and 7),
    from_minute  smallint not null check (from_minute between 0 and 1439),
    until_minute smallint not null check (until_minute between 1 and 1440),
    first_day    date not null,
    last_day     date,
    primary key (org_id, id),
    unique (org_id, worker_id, weekday, from_minute, first_day),
    foreign key (org_id, worker_id) references workers (org_id, id),
    check (last_day >= first_day)
);
comment on table worker_availability is 'When somebody can work, week by week, on the clock of the site. Nobody''s row in force on a day: any time. Leave comes on top.';
comment on column worker_availability.weekday is '1 Monday … 7 Sunday (ISO 8601), of the day on which the stretch begins.';
comment on column worker_availability.until_minute is 'Minutes after midnight, 1440 for its end; at or before from_minute: on the next day.';

create table worker_preferences (
    org_id      uuid not null references organizations (id),
    id          uuid not null,
    worker_id   uuid not null,
    wish        text not null check (wish in ('prefers', 'avoids')),
    site_id     uuid,
    part_of_day text check (part_of_day in ('day', 'night')),
    primary key (org_id, id),
    unique nulls not distinct (org_id, worker_id, site_id, part_of_day),
    foreign key (org_id, worker_id) references workers (org_id, id),
    foreign key (org_id, site_id) references sites (org_id, id),
    check (num_nonnulls(site_id, part_of_day) = 1)
);
comment on table worker_preferences is 'What somebody likes or would rather not: a site, or a part of the day. A wish, never a rule.';

create table budgets (
    org_id  uuid not null references organizations (id),
    site_id uuid not null,
    month   date not null check (extract(day from month) = 1),
    kind    text not null check (kind in ('regular', 'overtime', 'premium', 'travel', 'other')),
    amount  numeric(14,2) not null check (amount >= 0),
    primary key (org_id, site_id, month, kind),
    foreign key (org_id, site_id) references sites (org_id, id)
);
comment on table budgets is 'What a site may cost in a month, by kind of cost. month: its first day.';
create index budgets_month on budgets (org_id, month);

create table other_costs (
    org_id  uuid not null references organizations (id),
    id      uuid not null,
    ref     text not null,
    site_id uuid not null,
    day     date not null,
    kind    text not null,
    amount  numeric(14,2) not null check (amount >= 0),
    primary key (org_id, id),
    unique (org_id, ref),
    foreign key (org_id, site_id) references sites (org_id, id)
);
comment on table other_costs is 'Costs of a site other than pay: vehicles, uniforms, radios.';
create index other_costs_day on other_costs (org_id, day);

create table roster_baselines (
    org_id               uuid not null references organizations (id),
    manual_hours         numeric(4,2) not null default 6 check (manual_hours between 0 and 80),
    target_minutes       integer not null default 10 check (target_minutes between 0 and 4800),
    planner_rate         numeric(14,2) check (planner_rate >= 0),
    manual_extra_percent numeric(5,2) check (manual_extra_percent between 0 and 100),
    changed_at           timestamptz not null,
    changed_by           uuid,
    primary key (org_id)
);
comment on table roster_baselines is 'What savings are measured against. No row: the defaults of the product. Shown beside every number made with them.';
comment on column roster_baselines.manual_hours is 'Hours a roster takes by hand; 4 to 8 are usual, 6 unless said.';
comment on column roster_baselines.target_minutes is 'Minutes a roster should take with Muster, and stands for those whose minutes were not recorded; 10 unless said.';
comment on column roster_baselines.planner_rate is 'What an hour of the planner costs. Null: the mean hourly rate of the organization''s workers.';
comment on column roster_baselines.manual_extra_percent is 'How much more a roster made by hand costs. Null: measured from the rosters the site made by hand.';

create table shift_breaches (
    org_id    uuid not null references organizations (id),
    shift_id  uuid not null,
    rule      text not null check (rule in ('overlap', 'rest', 'weekly_hours', 'overtime_hours', 'skill', 'certification', 'registration')),
    day       date not null,
    site_id   uuid not null,
    worker_id uuid not null,
    roster_id uuid,
    minutes   integer,
    primary key (org_id, shift_id, rule)
);
comment on table shift_breaches is 'Which shift breaks which rule: derived from the facts, by the night and for dirty days. Purpose: working time and safety of the people.';
comment on column shift_breaches.minutes is 'overlap: minutes worked twice; rest: minutes of rest there were; hours: minutes beyond the limit so far that week. Null: not a matter of minutes.';
create index shift_breaches_day on shift_breaches (org_id, day);
create index shift_breaches_roster on shift_breaches (org_id, roster_id) where roster_id is not null;

-- A trade may be licensed: then its workers need a registration number.
alter table requirements drop constraint requirements_kind_check;
alter table requirements add constraint requirements_kind_check check (kind in ('certification', 'training', 'registration'));
comment on table requirements is 'Which certification or training a job role or a site asks for, and which job role is licensed (registration). Both null: everybody.';

select protect_tenant_table(t) from unnest(array['rosters','worker_availability','worker_preferences','budgets','other_costs',
    'roster_baselines','shift_breaches']::regclass[]) t;
