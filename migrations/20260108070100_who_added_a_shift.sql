-- Why: who added a shift here must be known from the shift itself: only then can it be seen that the log lacks a row.
-- Additive: safe while the previous version serves.

alter table shifts add column added_by uuid;
comment on column shifts.added_by is 'The user who added it here by itself; null: imported, or made with a roster.';
drop index shifts_added_here;
create index shifts_added_here on shifts (org_id, posted_at) where added_by is not null;

-- What people changed here from one moment until another, and whether the audit log has a row for it: by the same user, at
-- the same moment, about the same record. What was imported, and what the night's jobs do, is nobody's change.
create or replace function state_changes(of_org uuid, since timestamptz, upto timestamptz)
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
        union all
        select 'shift added', s.posted_at, s.added_by, s.site_id, 'shift', s.id, array['added shift']
        from shifts s
        where s.org_id = of_org and s.added_by is not null and s.posted_at >= since and s.posted_at < upto
    ) c
$$;
