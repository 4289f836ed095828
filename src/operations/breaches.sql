-- Which of the shifts of days $2..$3 break which rule. $1 organization, $4 the workers (null: everybody),
-- $5 first day to read, so that weeks are whole and the shift before is there, $6 minutes of rest,
-- $7 minutes of work a week, $8 of them overtime, at most.
with
turns as (
    select s.id, s.day, s.site_id, s.worker_id, s.roster_id, s.starts_at, s.ends_at, s.required_skill,
        max(s.ends_at) over (partition by s.worker_id order by s.starts_at, s.ends_at, s.id rows between unbounded preceding and 1 preceding) as before,
        sum((extract(epoch from s.ends_at - s.starts_at) / 60)::integer) over week as worked,
        sum(s.overtime_minutes) over week as overtime
    from shifts s
    where s.org_id = $1 and s.day between $5 and $3 and s.worker_id is not null and s.state = 'planned'
      and ($4::uuid[] is null or s.worker_id = any ($4))
    window week as (partition by s.worker_id, date_trunc('week', s.day) order by s.starts_at, s.ends_at, s.id rows unbounded preceding)
),
judged as (
    select t.*, w.job_role, w.skills, nullif(w.registration_number, '') as registration
    from turns t join workers w on w.org_id = $1 and w.id = t.worker_id
    where t.day >= $2
),
broken as (
    select j.*, r.rule, r.minutes from judged j cross join lateral (values
        ('overlap', j.starts_at < j.before, (extract(epoch from least(j.before, j.ends_at) - j.starts_at) / 60)::integer),
        ('rest', j.before <= j.starts_at and j.starts_at < j.before + make_interval(mins => $6), (extract(epoch from j.starts_at - j.before) / 60)::integer),
        ('weekly_hours', j.worked > $7, (j.worked - $7)::integer),
        ('overtime_hours', j.overtime > $8, (j.overtime - $8)::integer),
        -- Of whom no skill is on record, nothing can be said.
        ('skill', j.required_skill <> all (j.skills) and cardinality(j.skills) > 0, null)
    ) r (rule, holds, minutes)
    where r.holds
    union all
    select j.*, 'certification', null from judged j
    where exists (
        select from requirements r
        where r.org_id = $1 and r.kind = 'certification' and (r.job_role is null or r.job_role = j.job_role) and (r.site_id is null or r.site_id = j.site_id)
          and not exists (
            select from certifications c where c.org_id = $1 and c.worker_id = j.worker_id and c.name = r.name
              and c.issued_on <= j.day and (c.expires_on is null or c.expires_on >= j.day)))
    union all
    select j.*, 'registration', null from judged j
    where j.registration is null and exists (
        select from requirements r
        where r.org_id = $1 and r.kind = 'registration' and (r.job_role is null or r.job_role = j.job_role) and (r.site_id is null or r.site_id = j.site_id))
)
insert into shift_breaches (org_id, shift_id, rule, day, site_id, worker_id, roster_id, minutes)
select $1, id, rule, day, site_id, worker_id, roster_id, minutes from broken
