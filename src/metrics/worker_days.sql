-- Sums the facts of days $2..$3 per worker and day into the temporary table day_sums.
-- $1 organization, $4 the workers (null: everybody), $5 now: what has not ended yet is not judged,
-- $6 whether the organization records attendance at all: where it does not, there is nothing to judge.
with
excluded as materialized (
    select fact, fact_id from disputes where org_id = $1 and state = 'upheld' and day between $2 and $3
),
active as (
    select w.id as worker_id, w.job_role, w.home_site_id, d.day::date as day
    from workers w
    cross join generate_series($2::date, $3::date, interval '1 day') as d (day)
    -- Without a hire date somebody is there from the first fact until the last has left the window.
    left join lateral (
        select min(f.first) as first, max(f.last) + 27 as last from (
            select min(day) as first, max(day) as last from shifts where org_id = $1 and worker_id = w.id and w.hired_on is null
            union all select min(day), max(day) from tasks where org_id = $1 and worker_id = w.id and w.hired_on is null
            union all select min(day), max(day) from tours where org_id = $1 and worker_id = w.id and w.hired_on is null
            union all select min(closed_day), max(closed_day) from work_orders where org_id = $1 and worker_id = w.id and w.hired_on is null
        ) f
    ) known on w.hired_on is null
    where w.org_id = $1 and ($4::uuid[] is null or w.id = any ($4))
      and (w.hired_on <= d.day::date or d.day::date between known.first and known.last)
      and (w.left_on is null or w.left_on >= d.day::date)
),
shift_facts as (
    select s.worker_id, s.day, s.starts_at, s.ends_at, s.overtime_minutes, t.time_zone,
        s.pay_regular + s.pay_overtime + s.pay_premium + s.pay_travel as pay,
        a.clock_in, a.clock_out, a.inside_geofence, coalesce(a.called_in, false) as called_in,
        x.fact_id is null as judged,
        greatest(0, floor(extract(epoch from a.clock_in - s.starts_at) / 60))::int as late,
        least(extract(epoch from coalesce(a.clock_out, s.ends_at) - a.clock_in) / 60, 36 * 60)::int as worked
    from shifts s
    join sites t on t.org_id = s.org_id and t.id = s.site_id
    left join attendance a on a.org_id = s.org_id and a.day = s.day and a.id = s.id and a.day between $2 and $3
    left join excluded x on x.fact = 'shift' and x.fact_id = s.id
    where s.org_id = $1 and s.day between $2 and $3 and s.worker_id is not null and s.state = 'planned' and s.ends_at <= $5 and $6
      and ($4::uuid[] is null or s.worker_id = any ($4))
      and (a.clock_in is not null or not exists (
            select from leave l where l.org_id = s.org_id and l.worker_id = s.worker_id and l.approved and s.day between l.first_day and l.last_day))
),
shift_sums as (
    select worker_id, day,
        count(*) filter (where judged) as scheduled,
        count(*) filter (where judged and clock_in is not null) as attended,
        count(*) filter (where judged and clock_in <= starts_at + interval '5 minutes') as on_time,
        count(*) filter (where judged and clock_in is null and not called_in) as ncns,
        coalesce(sum(late) filter (where judged and clock_in > starts_at + interval '5 minutes'), 0) as late_minutes,
        count(*) filter (where judged and clock_in is not null and inside_geofence is not null) as geofence_checked,
        count(*) filter (where judged and clock_in is not null and inside_geofence) as geofence_inside,
        count(*) filter (where clock_in is not null
            and (extract(hour from starts_at at time zone time_zone) >= 18 or extract(hour from starts_at at time zone time_zone) < 4)) as night_shifts,
        coalesce(sum(greatest(0, worked - least(overtime_minutes, worked))) filter (where clock_in is not null), 0) as minutes_regular,
        coalesce(sum(least(overtime_minutes, greatest(0, worked))) filter (where clock_in is not null), 0) as minutes_overtime,
        coalesce(sum(pay) filter (where clock_in is not null), 0) as pay
    from shift_facts group by worker_id, day
),
task_facts as (
    select t.worker_id, t.day, t.completed_at is not null as completed, t.passed_first_time, t.quality,
        t.completed_at <= coalesce(t.assigned_at + make_interval(mins => t.sla_minutes), t.due_at) as in_time
    from tasks t
    left join excluded x on x.fact = 'task' and x.fact_id = t.id
    where t.org_id = $1 and t.day between $2 and $3 and t.due_at <= $5 and x.fact_id is null
      and ($4::uuid[] is null or t.worker_id = any ($4))
),
task_sums as (
    select worker_id, day, count(*) as due, count(*) filter (where completed) as completed,
        count(*) filter (where completed) as sla_judged, count(*) filter (where completed and in_time) as sla_hit,
        count(*) filter (where completed and passed_first_time is not null) as checked,
        count(*) filter (where completed and passed_first_time) as passed_first,
        count(quality) as quality_n, coalesce(sum(quality), 0) as quality_sum
    from task_facts group by worker_id, day
),
tour_facts as (
    select t.org_id, t.id, t.worker_id, t.day, t.completed_at, t.incidents_found, t.incidents_missed
    from tours t
    left join excluded x on x.fact = 'tour' and x.fact_id = t.id
    where t.org_id = $1 and t.day between $2 and $3 and t.planned_start <= $5 and x.fact_id is null
      and ($4::uuid[] is null or t.worker_id = any ($4))
),
tour_sums as (
    select worker_id, day, count(*) as planned, count(completed_at) as completed,
        sum(incidents_found) as found, sum(incidents_missed) as missed
    from tour_facts group by worker_id, day
),
checkpoint_sums as (
    select t.worker_id, t.day, count(*) as planned, count(c.visited_at) as visited,
        count(*) filter (where c.visited_at between c.planned_at - interval '10 minutes' and c.planned_at + interval '10 minutes') as on_time
    from tour_facts t
    join checkpoints c on c.org_id = t.org_id and c.day = t.day and c.tour_id = t.id
    where c.org_id = $1 and c.day between $2 and $3 and c.planned_at <= $5
    group by t.worker_id, t.day
),
order_facts as (
    select o.worker_id, o.closed_day as day, o.satisfaction, o.quality, o.sla_due_at, o.resolved_at,
        extract(epoch from o.resolved_at - o.opened_at) as actual, extract(epoch from o.sla_due_at - o.opened_at) as target
    from work_orders o
    left join excluded x on x.fact = 'work_order' and x.fact_id = o.id
    where o.org_id = $1 and o.closed_day between $2 and $3 and o.worker_id is not null and x.fact_id is null
      and ($4::uuid[] is null or o.worker_id = any ($4))
),
order_sums as (
    select worker_id, day, count(*) as closed, count(sla_due_at) as sla_judged,
        count(*) filter (where resolved_at <= sla_due_at) as sla_hit,
        count(*) filter (where actual >= 0 and target > 0) as timed,
        coalesce(sum(round(1000000 * least(1, greatest(0, 2 - actual / target)))) filter (where actual >= 0 and target > 0), 0) as time_score,
        count(satisfaction) as rated, coalesce(sum(satisfaction), 0) as rating_sum,
        count(quality) as quality_n, coalesce(sum(quality), 0) as quality_sum,
        count(*) filter (where actual < 0 or target <= 0) as implausible
    from order_facts group by worker_id, day
),
incident_sums as (
    select worker_id, day, count(documentation_quality) as documents_n, coalesce(sum(documentation_quality), 0) as quality_sum,
        count(*) filter (where attributable) as attributable
    from incidents
    where org_id = $1 and day between $2 and $3 and worker_id is not null and ($4::uuid[] is null or worker_id = any ($4))
    group by worker_id, day
),
offer_sums as (
    select worker_id, day, count(*) as offered, count(*) filter (where accepted) as accepted
    from shift_offers
    where org_id = $1 and day between $2 and $3 and overtime and answered_at is not null and ($4::uuid[] is null or worker_id = any ($4))
    group by worker_id, day
),
requirement_sums as (
    select a.worker_id, a.day,
        count(*) filter (where r.kind = 'certification') as certs_required,
        count(*) filter (where r.kind = 'certification' and exists (
            select from certifications c where c.org_id = $1 and c.worker_id = a.worker_id and c.name = r.name
              and c.issued_on <= a.day and (c.expires_on is null or c.expires_on >= a.day))) as certs_current,
        count(*) filter (where r.kind = 'training') as trainings_required,
        count(*) filter (where r.kind = 'training' and exists (
            select from trainings c where c.org_id = $1 and c.worker_id = a.worker_id and c.name = r.name
              and c.completed_on <= a.day and (c.expires_on is null or c.expires_on >= a.day))) as trainings_complete
    from active a
    join requirements r on r.org_id = $1 and (r.job_role is null or r.job_role = a.job_role) and (r.site_id is null or r.site_id = a.home_site_id)
    group by a.worker_id, a.day
),
keys as (
    select worker_id, day from active
    union select worker_id, day from shift_sums
    union select worker_id, day from task_sums
    union select worker_id, day from tour_sums
    union select worker_id, day from order_sums
    union select worker_id, day from incident_sums
    union select worker_id, day from offer_sums
)
insert into day_sums (
    org_id, day, worker_id, site_id,
    scheduled, attended, on_time, ncns, late_minutes, geofence_checked, geofence_inside, overtime_offered, overtime_accepted,
    tasks_due, tasks_completed, tasks_sla_judged, tasks_sla_hit, tasks_checked, tasks_passed_first, tasks_quality_n, tasks_quality_sum,
    tours_planned, tours_completed, checkpoints_planned, checkpoints_visited, checkpoints_on_time, incidents_found, incidents_missed,
    orders_closed, orders_sla_judged, orders_sla_hit, orders_timed, orders_time_score, orders_rated, orders_rating_sum,
    orders_quality_n, orders_quality_sum, orders_implausible,
    certs_required, certs_current, trainings_required, trainings_complete, documents_n, documents_quality_sum, attributable,
    night_shifts, minutes_regular, minutes_overtime, pay)
select $1, k.day, k.worker_id, w.home_site_id,
    coalesce(s.scheduled, 0), coalesce(s.attended, 0), coalesce(s.on_time, 0), coalesce(s.ncns, 0), coalesce(s.late_minutes, 0),
    coalesce(s.geofence_checked, 0), coalesce(s.geofence_inside, 0), coalesce(f.offered, 0), coalesce(f.accepted, 0),
    coalesce(t.due, 0), coalesce(t.completed, 0), coalesce(t.sla_judged, 0), coalesce(t.sla_hit, 0), coalesce(t.checked, 0),
    coalesce(t.passed_first, 0), coalesce(t.quality_n, 0), coalesce(t.quality_sum, 0),
    coalesce(u.planned, 0), coalesce(u.completed, 0), coalesce(c.planned, 0), coalesce(c.visited, 0), coalesce(c.on_time, 0),
    coalesce(u.found, 0), coalesce(u.missed, 0),
    coalesce(o.closed, 0), coalesce(o.sla_judged, 0), coalesce(o.sla_hit, 0), coalesce(o.timed, 0), coalesce(o.time_score, 0),
    coalesce(o.rated, 0), coalesce(o.rating_sum, 0), coalesce(o.quality_n, 0), coalesce(o.quality_sum, 0), coalesce(o.implausible, 0),
    coalesce(r.certs_required, 0), coalesce(r.certs_current, 0), coalesce(r.trainings_required, 0), coalesce(r.trainings_complete, 0),
    coalesce(i.documents_n, 0), coalesce(i.quality_sum, 0), coalesce(i.attributable, 0),
    coalesce(s.night_shifts, 0), coalesce(s.minutes_regular, 0), coalesce(s.minutes_overtime, 0), coalesce(s.pay, 0)
from keys k
join workers w on w.org_id = $1 and w.id = k.worker_id
left join shift_sums s using (worker_id, day)
left join offer_sums f using (worker_id, day)
left join task_sums t using (worker_id, day)
left join tour_sums u using (worker_id, day)
left join checkpoint_sums c using (worker_id, day)
left join order_sums o using (worker_id, day)
left join incident_sums i using (worker_id, day)
left join requirement_sums r using (worker_id, day)
