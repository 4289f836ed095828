-- Why: finance closes the month from what was sold, paid and given back, and from whom.
-- Amounts have three decimals, so that currencies with none, two and three (JPY, ZAR, KWD) are exact; intake refuses more
-- decimals than the organization's currency has.
-- Additive: safe while the previous version serves.

create table customers (
    org_id    uuid not null references organizations (id),
    id        uuid not null,
    ref       text not null,
    name      text,
    source    text,
    joined_on date,
    primary key (org_id, id),
    unique (org_id, ref)
);
comment on table customers is 'Who orders. source: where they heard of the company.';

create table partners (
    org_id         uuid not null references organizations (id),
    id             uuid not null,
    ref            text not null,
    name           text not null,
    daily_capacity integer check (daily_capacity > 0),
    joined_on      date,
    primary key (org_id, id),
    unique (org_id, ref)
);
comment on table partners is 'Who carries orders out. daily_capacity: orders a day they can take on; null: not known.';

create table service_categories (
    org_id uuid not null references organizations (id),
    id     uuid not null,
    ref    text not null,
    name   text not null,
    primary key (org_id, id),
    unique (org_id, ref)
);
comment on table service_categories is 'The kinds of service that are sold.';

-- References of partitioned rows are checked by intake's set-based joins, as for the other large tables.
create table orders (
    org_id       uuid not null,
    day          date not null,
    id           uuid not null,
    ref          text not null,
    customer_id  uuid not null,
    partner_id   uuid,
    category_id  uuid,
    amount       numeric(14,3) not null check (amount >= 0),
    discount     numeric(14,3) not null default 0 check (discount >= 0),
    placed_at    timestamptz not null,
    accepted_at  timestamptz,
    rejected_at  timestamptz,
    picked_up_at timestamptz,
    processed_at timestamptz,
    delivered_at timestamptz,
    completed_at timestamptz,
    cancelled_at timestamptz,
    primary key (org_id, day, id),
    check (discount <= amount),
    check (num_nonnulls(completed_at, cancelled_at, rejected_at) <= 1)
) partition by range (day);
comment on table orders is 'What customers order. day: local date on which it was placed. Worth amount − discount; at most one of completed, cancelled, rejected, else pending.';
create index orders_ref on orders (org_id, ref);
create index orders_customer on orders (org_id, customer_id, day);
create index orders_partner on orders (org_id, partner_id, day);

create table payments (
    org_id    uuid not null references organizations (id),
    id        uuid not null,
    ref       text not null,
    order_day date not null,
    order_id  uuid not null,
    day       date not null,
    method    text not null check (method in ('cash', 'card', 'wallet', 'online')),
    amount    numeric(14,3) not null check (amount >= 0),
    paid_at   timestamptz not null,
    primary key (org_id, id),
    unique (org_id, ref)
);
comment on table payments is 'Money received for an order. day: local date on which it came; order_day: that of its order.';
create index payments_day on payments (org_id, day);
create index payments_order on payments (org_id, order_day, order_id);

create table refunds (
    org_id      uuid not null references organizations (id),
    id          uuid not null,
    ref         text not null,
    order_day   date not null,
    order_id    uuid not null,
    day         date not null,
    amount      numeric(14,3) not null check (amount >= 0),
    reason      text,
    refunded_at timestamptz not null,
    primary key (org_id, id),
    unique (org_id, ref)
);
comment on table refunds is 'Money given back for an order. day: local date on which it went; order_day: that of its order.';
create index refunds_day on refunds (org_id, day);
create index refunds_order on refunds (org_id, order_day, order_id);

create table order_ratings (
    org_id    uuid not null references organizations (id),
    id        uuid not null,
    order_day date not null,
    order_id  uuid not null,
    day       date not null,
    rating    smallint not null check (rating between 1 and 5),
    rated_at  timestamptz not null,
    primary key (org_id, id),
    unique (org_id, order_id)
);
comment on table order_ratings is 'What the customer gave an order, 1 to 5. day: local date of the rating.';
create index order_ratings_day on order_ratings (org_id, day);
create index order_ratings_order on order_ratings (org_id, order_day, order_id);

create table order_issues (
    org_id      uuid not null references organizations (id),
    id          uuid not null,
    ref         text not null,
    order_day   date not null,
    order_id    uuid not null,
    day         date not null,
    kind        text not null check (kind in ('reported', 'damaged', 'lost')),
    reported_at timestamptz not null,
    primary key (org_id, id),
    unique (org_id, ref)
);
comment on table order_issues is 'Something went wrong with an order: reported, damaged or lost. day: local date of the report.';
create index order_issues_day on order_issues (org_id, day);
create index order_issues_order on order_issues (org_id, order_day, order_id);

create table dirty_commerce_days (
    org_id uuid not null references organizations (id),
    day    date not null,
    primary key (org_id, day)
);
comment on table dirty_commerce_days is 'Days of orders and money whose facts are new or changed: to be summed again.';

create table dirty_customers (
    org_id      uuid not null references organizations (id),
    customer_id uuid not null,
    primary key (org_id, customer_id)
);
comment on table dirty_customers is 'Customers whose orders are new or changed, or no longer theirs: to be summed again.';

insert into partitioned_tables values ('orders');
select protect_tenant_table(t) from unnest(array['customers','partners','service_categories','orders','payments','refunds','order_ratings','order_issues','dirty_commerce_days','dirty_customers']::regclass[]) t;
