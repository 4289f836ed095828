-- Why: the revenue page lists categories for every period, and one partner's money; both must not read every slice.
-- Additive: safe while the previous version serves.

create table category_daily_revenue (
    org_id       uuid not null references organizations (id),
    day          date not null,
    category_id  uuid not null,
    orders       integer not null,
    completed    integer not null,
    gross        numeric(18,3) not null,
    refunds      numeric(18,3) not null,
    primary key (org_id, day, category_id)
);
comment on table category_daily_revenue is 'A day''s orders and money by category (nil: none): the sums of revenue_slices over partners.';
create index revenue_slices_partner on revenue_slices (org_id, partner_id, day);

select protect_tenant_table('category_daily_revenue');
