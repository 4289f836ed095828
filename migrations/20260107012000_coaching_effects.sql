-- Why: whether conversations helped is worked out from a year of scores: each morning, not at each look.
-- Additive: safe while the previous version serves.
create table coaching_effects (
    org_id uuid not null references organizations (id),
    day    date not null,
    answer jsonb not null,
    primary key (org_id, day)
);
comment on table coaching_effects is 'Did it work? The answer of each morning over the whole organization. Names nobody. Rebuilt by the morning job.';
select protect_tenant_table('coaching_effects');
