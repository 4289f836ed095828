-- Why: who holds what is asked for must be known each morning for everybody at once, with what runs out before a shift that
-- is planned already; and an auditor asks of each change who made it, and finds that it was written down.
-- Additive: safe while the previous version serves.

create table requirement_standings (
    org_id     uuid not null references organizations (id),
    worker_id  uuid not null,
    kind       text not null check (kind in ('certification', 'training', 'registration')),
    name       text not null,
    site_id    uuid not null,
    required   boolean not null,
    held       boolean not null,
    until      date,
    primary key (org_id, worker_id, kind, name),
    foreign key (org_id, worker_id) references workers (org_id, id)
);
comment on table requirement_standings is 'What each person employed must hold or holds: derived from requirements, certifications, trainings and registrations by the night. Purpose: nobody is sent to work they may not do.';
comment on column requirement_standings.site_id is 'The worker''s home site.';
comment on column requirement_standings.required is 'Whether the job role or the home site asks for it; else it is held without being asked for.';
comment on column requirement_standings.until is 'The last day on which it counts; null: never got, or without an end.';
create index requirement_standings_site on requirement_standings (org_id, site_id);

select protect_tenant_table('requirement_standings');

-- How a requirement stands on a day, in the order of urgency: 0 missing, 1 expired, then expiring within 14, 30, 60 and 90
-- days (2 to 5), 6 in order for longer.
create function standing_code(held boolean, until date, today date) returns integer language sql immutable parallel safe
    return case when not held then 0 when until is null then 6 when until < today then 1 when until <= today + 14 then 2
                when until <= today + 30 then 3 when until <= today + 60 then 4 when until <= today + 90 then 5 else 6 end;

-- Who offered a shift, and who answered, so that each is seen to be in the audit log.
alter table shift_offers add column offered_by uuid, add column answered_by uuid;
comment on column shift_offers.offered_by is 'The user who offered it here; null: imported.';
comment on column shift_offers.answered_by is 'The user who answered it here; null: imported, or no answer.';

-- Each serves state_changes; the last the extract of the log.
create index coaching_steps_at on coaching_steps (org_id, at) where user_id is not null;
create index shifts_added_here on shifts (org_id, posted_at) where ref = id::text and roster_id is null;
create index shift_offers_made_here on shift_offers (org_id, offered_at) where offered_by is not null;
create index shift_offers_answered_here on shift_offers (org_id, answered_at) where answered_by is not null;
create index audit_log_at on audit_log (org_id, at);

-- What people changed here from one moment until another, and whether the audit log has a row for it: by the same user, at
-- the same moment, about the same record. What was imported, and what the night's jobs do, is nobody's change.
create function state_changes(of_org uuid, since timestamptz, upto timestamptz)
    returns table (change text, at timestamptz, user_id uuid, site_id uuid, record text, record_id uuid, audited boolean)
    language sql stable as $$
    select c.change, c.at, c.user_id, c.site_id, c.record, c.record_id, exists (
        select from audit_log a
        where a.org_id = of_org and a.record = c.record and a.record_id = c.record_id and a.at = c.at and a.user_id = c.user_id
          and a.action = any (c.actions))
    from (
        select 'coaching' as change, s.at, s.user_id, w.home_site_id as site_id, 'coaching item' as record, s.item_id as record_id,
            array['coaching ' || s.step] as actions
        from coaching_steps s
        join coaching_items i on i.org_id = of_org and i.id = s.item_id
        join workers w on w.org_id = of_org and w.id = i.worker_id
        where s.org_id = of_org and s.user_id is not null and s.at >= since and s.at < upto
        union all
        select 'dispute filed', d.filed_at, d.filed_by, w.home_site_id, 'dispute', d.id, array['filed a dispute']
        from disputes d join workers w on w.org_id = of_org and w.id = d.worker_id
        where d.org_id = of_org and d.filed_at >= since and d.filed_at < upto
        union all
        select 'dispute ruled', d.ruled_at, d.ruled_by, w.home_site_id, 'dispute', d.id, array['ruled on a dispute']
        from disputes d join workers w on w.org_id = of_org and w.id = d.worker_id
        where d.org_id = of_org and d.ruled_by is not null and d.ruled_at >= since and d.ruled_at < upto
        union all
        select 'challenge made', t.created_at, t.created_by, t.host_site_id, 'team challenge', t.id, array['made a team challenge']
        from team_challenges t
        where t.org_id = of_org and t.created_by is not null and t.created_at >= since and t.created_at < upto
        union all
        select 'challenge ended', coalesce(t.ended_at, t.cancelled_at), t.ended_by, t.host_site_id, 'team challenge', t.id,
            array['ended a team challenge']
        from team_challenges t
        where t.org_id = of_org and t.ended_by is not null and coalesce(t.ended_at, t.cancelled_at) >= since
          and coalesce(t.ended_at, t.cancelled_at) < upto
        union all
        select 'shift offered', o.offered_at, o.offered_by, s.site_id, 'shift', o.shift_id, array['offered shift']
        from shift_offers o join shifts s on s.org_id = of_org and s.id = o.shift_id
        where o.org_id = of_org and o.offered_by is not null and o.offered_at >= since and o.offered_at < upto
        union all
        select 'offer answered', o.answered_at, o.answered_by, s.site_id, 'shift', o.shift_id,
            array[case when o.accepted then 'accepted shift' else 'declined shift' end]
        from shift_offers o join shifts s on s.org_id = of_org and s.id = o.shift_id
        where o.org_id = of_org and o.answered_by is not null and o.answered_at >= since and o.answered_at < upto
    ) c
    union all
    -- Who added a shift is known from the log alone.
    select 'shift added', s.posted_at, a.user_id, s.site_id, 'shift', s.id, a.id is not null
    from shifts s
    left join lateral (
        select l.id, l.user_id from audit_log l
        where l.org_id = of_org and l.record = 'shift' and l.record_id = s.id and l.at = s.posted_at and l.action = 'added shift'
        limit 1) a on true
    where s.org_id = of_org and s.ref = s.id::text and s.roster_id is null and s.posted_at >= since and s.posted_at < upto
$$;
grant execute on function state_changes(uuid, timestamptz, timestamptz) to muster_app;
