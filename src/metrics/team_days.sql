-- $1 organization, $2..$3 days.
with
people as (
    select site_id, day,
        count(*) as headcount,
        count(*) filter (where attended > 0 or tasks_due > 0 or tours_planned > 0 or orders_closed > 0) as active_workers,
        sum(scheduled) as scheduled, sum(attended) as attended, sum(on_time) as on_time, sum(ncns) as ncns, sum(late_minutes) as late_minutes,
        sum(late_minutes::bigint * late_minutes) as late_squares,
        sum(geofence_checked) as geofence_checked, sum(geofence_inside) as geofence_inside,
        sum(tasks_due) as tasks_due, sum(tasks_completed) as tasks_completed, sum(tasks_sla_judged) as tasks_sla_judged, sum(tasks_sla_hit) as tasks_sla_hit,
        sum(tours_planned) as tours_planned, sum(tours_completed) as tours_completed,
        sum(checkpoints_planned) as checkpoints_planned, sum(checkpoints_visited) as checkpoints_visited, sum(checkpoints_on_time) as checkpoints_on_time,
        sum(orders_closed) as orders_closed, sum(orders_sla_judged) as orders_sla_judged, sum(orders_sla_hit) as orders_sla_hit,
        sum(attributable) as attributable,
        sum(minutes_regular) as minutes_regular, sum(minutes_overtime) as minutes_overtime, sum(pay) as pay,
        count(bpi) as bpi_n,
        sum(round(bpi * 100)::bigint) as bpi_hundredths, sum(round(bpi * 100)::bigint * round(bpi * 100)::bigint) as bpi_squares,
        percentile_cont(array[0.25, 0.5, 0.75]) within group (order by bpi) as quartiles
    from worker_daily_metrics
    where org_id = $1 and day between $2 and $3
    group by site_id, day
),
shift_counts as (
    select site_id, day, count(*) as total, count(worker_id) as filled
    from shifts where org_id = $1 and day between $2 and $3 and state = 'planned'
    group by site_id, day
),
incident_counts as (
    select site_id, day, count(*) as n from incidents where org_id = $1 and day between $2 and $3 group by site_id, day
),
leavers as (
    select home_site_id as site_id, left_on as day, count(*) as n from workers
    where org_id = $1 and left_on between $2 and $3 group by 1, 2
),
marks as (
    select site_id, closed_day as day, count(*) as n, sum(satisfaction) as points, sum(satisfaction * satisfaction) as squares
    from work_orders where org_id = $1 and closed_day between $2 and $3 and satisfaction is not null group by site_id, closed_day
)
insert into team_daily_metrics
select $1, day, site_id,
    coalesce(headcount, 0), coalesce(active_workers, 0), coalesce(scheduled, 0), coalesce(attended, 0), coalesce(on_time, 0), coalesce(ncns, 0),
    coalesce(late_minutes, 0), coalesce(geofence_checked, 0), coalesce(geofence_inside, 0),
    coalesce(tasks_due, 0), coalesce(tasks_completed, 0), coalesce(tasks_sla_judged, 0), coalesce(tasks_sla_hit, 0),
    coalesce(tours_planned, 0), coalesce(tours_completed, 0), coalesce(checkpoints_planned, 0), coalesce(checkpoints_visited, 0), coalesce(checkpoints_on_time, 0),
    coalesce(orders_closed, 0), coalesce(orders_sla_judged, 0), coalesce(orders_sla_hit, 0),
    coalesce(i.n, 0), coalesce(attributable, 0), coalesce(s.total, 0), coalesce(s.filled, 0),
    coalesce(minutes_regular, 0), coalesce(minutes_overtime, 0), coalesce(pay, 0),
    coalesce(bpi_n, 0), quartiles[1], quartiles[2], quartiles[3],
    coalesce(late_squares, 0), coalesce(bpi_hundredths, 0), coalesce(bpi_squares, 0), coalesce(l.n, 0),
    coalesce(m.n, 0), coalesce(m.points, 0), coalesce(m.squares, 0)
from people p
full join shift_counts s using (site_id, day)
full join incident_counts i using (site_id, day)
full join leavers l using (site_id, day)
full join marks m using (site_id, day)
