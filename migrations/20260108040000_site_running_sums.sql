-- Why: an executive asks for any period of all sites at once; summing the days each time takes twenty times as long as
-- taking the difference of two running sums. What a mean varies by needs squares, and who left needs a count.
-- Additive: safe while the previous version serves; what is new is filled in by the next night.

alter table team_daily_metrics
    add column late_squares   bigint not null default 0,
    add column bpi_hundredths bigint not null default 0,
    add column bpi_squares    bigint not null default 0,
    add column leavers        integer not null default 0,
    add column ratings        integer not null default 0,
    add column rating_points  integer not null default 0,
    add column rating_squares integer not null default 0;
comment on column team_daily_metrics.late_squares is 'Squares of each worker''s late minutes.';
comment on column team_daily_metrics.bpi_hundredths is 'The stored BPI of each worker in hundredths of a point, added up: whole numbers, so that any order gives the same sum.';
comment on column team_daily_metrics.bpi_squares is 'Squares of the same.';
comment on column team_daily_metrics.leavers is 'Workers of the site whose last day it was.';
comment on column team_daily_metrics.ratings is 'Work orders of the site closed that day and rated by the customer, with the sum of the marks and of their squares.';

alter table site_daily_costs
    add column shifts          integer not null default 0,
    add column overtime_shifts integer not null default 0,
    add column pay_squares     bigint not null default 0;
comment on column site_daily_costs.shifts is 'How many shifts were paid; of those, overtime_shifts with overtime.';
comment on column site_daily_costs.pay_squares is 'Squares of the pay of each shift in whole units of money.';

create table site_running_sums (
    org_id              uuid not null references organizations (id),
    day                 date not null,
    site_id             uuid not null,
    people              bigint not null,
    staffed_days        bigint not null,
    shifts_total        bigint not null,
    shifts_filled       bigint not null,
    scheduled           bigint not null,
    attended            bigint not null,
    on_time             bigint not null,
    ncns                bigint not null,
    late_minutes        bigint not null,
    late_squares        bigint not null,
    geofence_checked    bigint not null,
    geofence_inside     bigint not null,
    tasks_due           bigint not null,
    tasks_completed     bigint not null,
    sla_judged          bigint not null,
    sla_hit             bigint not null,
    checkpoints_planned bigint not null,
    checkpoints_visited bigint not null,
    incidents           bigint not null,
    leavers             bigint not null,
    ratings             bigint not null,
    rating_points       bigint not null,
    rating_squares      bigint not null,
    minutes_regular     bigint not null,
    minutes_overtime    bigint not null,
    paid_shifts         bigint not null,
    overtime_shifts     bigint not null,
    regular_cents       bigint not null,
    overtime_cents      bigint not null,
    pay_cents           bigint not null,
    pay_squares         bigint not null,
    rosters             bigint not null,
    rosters_clean       bigint not null,
    made                bigint not null,
    made_timed          bigint not null,
    made_minutes        bigint not null,
    made_cost_cents     bigint not null,
    made_work_minutes   bigint not null,
    manual_cost_cents   bigint not null,
    manual_work_minutes bigint not null,
    primary key (org_id, day, site_id)
);
comment on table site_running_sums is 'All that a site did up to and including the day, since the first day on record: a period is the difference of two rows. Derived from team days, site costs and confirmed rosters by the night and for dirty days; every site has a row for every day up to the last.';
comment on column site_running_sums.people is 'Workers of each day, added up: person-days; staffed_days: days with any.';
comment on column site_running_sums.rosters is 'Confirmed rosters by their first day; made: not by hand.';

create table site_week_people (
    org_id   uuid not null references organizations (id),
    day      date not null,
    site_id  uuid not null,
    employed integer not null,
    active   integer not null check (active <= employed),
    primary key (org_id, day, site_id)
);
comment on table site_week_people is 'Different people employed at a site from Monday to the day, and of those who did something; whoever changed sites counts where the last day was. Derived from worker days by the night and for dirty days: people cannot be added up over days.';

select protect_tenant_table(t) from unnest(array['site_running_sums','site_week_people']::regclass[]) t;
