-- Some days ($2) of an organization ($1) with the product, on the clock of the organization ($3).
with happened as (
    select day, count(*) as events, count(distinct user_id) as users, count(*) filter (where name = 'error') as errors,
           count(distinct coalesce(properties ->> 'feature', properties ->> 'page')) as features
    -- What stands there without a user is a first of the organization, noted by this job itself.
    from analytics_events where org_id = $1 and day = any ($2) and user_id is not null
    group by day
), visits as (
    select day, count(*) as n, sum(extract(epoch from took))::bigint as seconds
    from (select day, visit, max(at) - min(at) as took from analytics_events
          where org_id = $1 and day = any ($2) and visit is not null group by day, visit) v
    group by day
), planned as (
    select (r.generated_at at time zone $3)::date as day, count(*) as n, sum(r.shift_count) as shifts, sum(r.filled_count) as filled,
           sum(r.cost) as cost, count(r.solve_ms) as solved, coalesce(sum(r.solve_ms), 0) as solve_ms,
           count(*) filter (where not exists (select from shift_breaches b where b.org_id = $1 and b.roster_id = r.id)) as clean
    from rosters r where r.org_id = $1 and (r.generated_at at time zone $3)::date = any ($2)
    group by 1
), posted as (
    -- Nobody posts a shift more than three months ahead, or after it began.
    select (s.posted_at at time zone $3)::date as day, count(*) as n
    from shifts s
    where s.org_id = $1 and s.day between (select min(d) from unnest($2) d) - 1 and (select max(d) from unnest($2) d) + 92
      and (s.posted_at at time zone $3)::date = any ($2)
    group by 1
), hired as (
    select hired_on as day, count(*) as n from workers where org_id = $1 and hired_on = any ($2) group by 1
), acts as (
    select day, count(*) as n from (
        select (generated_at at time zone $3)::date as day from rosters where org_id = $1
        union all select (made_at at time zone $3)::date from roster_proposals where org_id = $1
        union all select (settled_at at time zone $3)::date from roster_proposals where org_id = $1
        union all select (posted_at at time zone $3)::date from shifts where org_id = $1 and added_by is not null) act
    where day = any ($2) group by day
)
insert into analytics_daily_metrics (org_id, day, events, active_users, sessions, session_seconds, features_used, errors, acts,
    rosters, roster_shifts, roster_filled, rosters_clean, solved, solve_ms, shifts_created, workers_added, cost_scheduled)
select $1, d.day, coalesce(h.events, 0), coalesce(h.users, 0), coalesce(v.n, 0), coalesce(v.seconds, 0), coalesce(h.features, 0),
       coalesce(h.errors, 0), coalesce(a.n, 0), coalesce(p.n, 0), coalesce(p.shifts, 0), coalesce(p.filled, 0), coalesce(p.clean, 0),
       coalesce(p.solved, 0), coalesce(p.solve_ms, 0), coalesce(s.n, 0), coalesce(w.n, 0), coalesce(p.cost, 0)
from (select distinct day from unnest($2) day) d
left join happened h on h.day = d.day
left join visits v on v.day = d.day
left join planned p on p.day = d.day
left join posted s on s.day = d.day
left join hired w on w.day = d.day
left join acts a on a.day = d.day
