-- Why: how many certifications stand how, and the list of those that do, must come from one expression.
-- Additive: safe while the previous version serves. Runs with the rights of who asks, so that row-level security holds.

create function certification_states(of_org uuid, on_day date)
returns table (worker_id uuid, site_id uuid, certification text, until date)
language sql stable as $$
    select w.id, w.home_site_id, r.name,
        (select max(coalesce(c.expires_on, '9999-12-31'::date)) from certifications c
         where c.org_id = of_org and c.worker_id = w.id and c.name = r.name and c.issued_on <= on_day)
    from workers w
    join requirements r on r.org_id = of_org and r.kind = 'certification'
        and (r.job_role is null or r.job_role = w.job_role) and (r.site_id is null or r.site_id = w.home_site_id)
    where w.org_id = of_org and (w.hired_on is null or w.hired_on <= on_day) and (w.left_on is null or w.left_on >= on_day)
    group by w.id, w.home_site_id, r.name
$$;
comment on function certification_states is 'Certifications required of each person employed on a day, with the last day each is held: null never, 9999-12-31 for good.';
