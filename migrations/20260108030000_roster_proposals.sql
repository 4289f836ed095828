-- Why: a scheduler looks at a proposed roster, its quality and its cost, and changes single lines, before anybody is told
-- of a shift; afterwards it must be known who was chosen why, and what was changed by whom. An offer can be taken back.
-- Additive: safe while the previous version serves.

create table roster_proposals (
    org_id      uuid not null references organizations (id),
    id          uuid not null,
    site_id     uuid not null,
    first_day   date not null,
    last_day    date not null,
    algorithm   text not null,
    fingerprint text not null,
    solve_ms    integer not null check (solve_ms >= 0),
    quality     numeric(5,2) check (quality between 0 and 100),
    figures     jsonb not null,
    cost        numeric(14,2) not null check (cost >= 0),
    budget      numeric(14,2),
    made_by     uuid not null,
    made_at     timestamptz not null,
    state       text not null default 'draft' check (state in ('draft', 'confirmed', 'discarded')),
    settled_by  uuid,
    settled_at  timestamptz,
    roster_id   uuid,
    primary key (org_id, id),
    foreign key (org_id, site_id) references sites (org_id, id),
    foreign key (org_id, made_by) references users (org_id, id),
    foreign key (org_id, settled_by) references users (org_id, id),
    foreign key (org_id, roster_id) references rosters (org_id, id),
    check (last_day >= first_day),
    check ((state = 'draft') = (settled_at is null)),
    check ((state = 'draft') = (settled_by is null)),
    check ((state = 'confirmed') = (roster_id is not null))
);
comment on table roster_proposals is 'A roster as the generator proposes it for a site and a week, until somebody confirms or discards it.';
comment on column roster_proposals.fingerprint is 'SHA-256 of what the generator was given: another one means that something has changed since.';
comment on column roster_proposals.figures is 'What its quality rests on, and how the hours lie before and after; minutes without names.';
comment on column roster_proposals.cost is 'Planned pay of its filled lines.';
comment on column roster_proposals.budget is 'What the site may spend on pay in the period, its share of the months; null: no budget.';
comment on column roster_proposals.settled_at is 'When it was confirmed or discarded.';
create index roster_proposals_site on roster_proposals (org_id, site_id, first_day);

create table roster_proposal_lines (
    org_id             uuid not null references organizations (id),
    proposal_id        uuid not null,
    shift_id           uuid not null,
    day                date not null,
    starts_at          timestamptz not null,
    ends_at            timestamptz not null,
    required_skill     text,
    creates            boolean not null default false,
    worker_id          uuid,
    why                text not null,
    cost               numeric(14,2) not null default 0 check (cost >= 0),
    overtime_minutes   integer not null default 0 check (overtime_minutes >= 0),
    changed_at         timestamptz,
    changed_by         uuid,
    changed_to         uuid,
    change_reason      text check (length(change_reason) between 1 and 500),
    outcome            text check (outcome in ('given', 'open', 'refused')),
    outcome_why        text,
    primary key (org_id, proposal_id, shift_id),
    foreign key (org_id, proposal_id) references roster_proposals (org_id, id),
    foreign key (org_id, worker_id) references workers (org_id, id),
    foreign key (org_id, changed_by) references users (org_id, id),
    foreign key (org_id, changed_to) references workers (org_id, id),
    check (ends_at > starts_at),
    check ((changed_at is null) = (changed_by is null)),
    check ((changed_at is null) = (change_reason is null)),
    check (changed_at is not null or changed_to is null)
);
comment on table roster_proposal_lines is 'One shift of a proposal: who should have it and why, or why nobody can; and who changed that.';
comment on column roster_proposal_lines.shift_id is 'The shift; where creates, the one that confirming adds.';
comment on column roster_proposal_lines.creates is 'Copied from another week''s pattern: there is no such shift before the proposal is confirmed.';
comment on column roster_proposal_lines.worker_id is 'Whom the generator proposes; null: nobody can have it.';
comment on column roster_proposal_lines.cost is 'What the line costs as it stands, changes included.';
comment on column roster_proposal_lines.changed_to is 'With changed_at: who has the line by hand; null: it is left open by hand.';
comment on column roster_proposal_lines.outcome is 'What confirming made of it: given, open, or refused because something had changed since.';
create index roster_proposal_lines_shift on roster_proposal_lines (org_id, shift_id);

alter table shift_offers add column withdrawn_at timestamptz;
alter table shift_offers add constraint shift_offers_withdrawn_or_answered check (withdrawn_at is null or answered_at is null);
comment on column shift_offers.withdrawn_at is 'When it was taken back, unanswered; who did and why is in the audit log.';

select protect_tenant_table(t) from unnest(array['roster_proposals','roster_proposal_lines']::regclass[]) t;
