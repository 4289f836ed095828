-- Why: people may see what is held about them, agree to what is not needed for work, and be forgotten.

create table consents (
    org_id       uuid not null references organizations (id),
    id           uuid not null,
    user_id      uuid not null,
    purpose      text not null check (purpose in ('product-analytics')),
    given_at     timestamptz not null,
    withdrawn_at timestamptz check (withdrawn_at >= given_at),
    primary key (org_id, id),
    foreign key (org_id, user_id) references users (org_id, id)
);
comment on table consents is 'What a user agreed to, and when it was taken back. No open row: not agreed.';
create unique index consents_open on consents (org_id, user_id, purpose) where withdrawn_at is null;

create table erasures (
    org_id    uuid not null references organizations (id),
    id        uuid not null,
    worker_id uuid,
    user_id   uuid,
    alias     text not null,
    reason    text not null check (length(reason) between 1 and 500),
    by_user   uuid,
    at        timestamptz not null,
    changed   jsonb not null,
    primary key (org_id, id),
    check (num_nonnulls(worker_id, user_id) >= 1),
    foreign key (org_id, worker_id) references workers (org_id, id),
    foreign key (org_id, user_id) references users (org_id, id),
    foreign key (org_id, by_user) references users (org_id, id)
);
comment on table erasures is 'Who was forgotten, under which alias, why and by whom; by_user is null for the command line and for the retention job.';
create index erasures_at on erasures (org_id, at desc);

create table privacy_settings (
    org_id           uuid primary key references organizations (id),
    coordinates_days integer not null default 90 check (coordinates_days between 7 and 730),
    leavers_months   integer check (leavers_months between 1 and 240),
    changed_at       timestamptz not null,
    changed_by       uuid,
    foreign key (org_id, changed_by) references users (org_id, id)
);
comment on table privacy_settings is 'How long what is kept: places of clock-ins in days; people who left in months, null: until somebody asks.';

select protect_tenant_table(t) from unnest(array['consents','erasures','privacy_settings']::regclass[]) t;

-- The audit log may not be changed by the serving role. Forgetting a person is the one exception: it takes words out of
-- lines about these records, and the person's own words out of all lines; who, what and when stay.
create function forget_in_audit_log(org uuid, records uuid[], words text, alias text) returns bigint
language sql security definer set search_path = pg_catalog, public as $$
    with changed as (
        update public.audit_log a
        set before = case when a.record_id = any (records) then a.before - array['reason','note','notes','ruling','agenda','agreed_actions','item','session']
                          else regexp_replace(a.before::text, words, alias, 'gi')::jsonb end,
            after = case when a.record_id = any (records) then a.after - array['reason','note','notes','ruling','agenda','agreed_actions','item','session']
                         else regexp_replace(a.after::text, words, alias, 'gi')::jsonb end,
            record = regexp_replace(a.record, words, alias, 'gi')
        where a.org_id = org
          and (a.record_id = any (records) or a.before::text ~* words or a.after::text ~* words or a.record ~* words)
        returning 1)
    select count(*) from changed
$$;
revoke all on function forget_in_audit_log(uuid, uuid[], text, text) from public;
grant execute on function forget_in_audit_log(uuid, uuid[], text, text) to muster_app;
