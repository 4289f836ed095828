-- Why: three years of a million orders are read in milliseconds only when they are summed already.
-- All of it is derived from the facts by the night and for dirty days; a rebuild gives the same rows.
-- Additive: safe while the previous version serves.

create table revenue_slices (
    org_id           uuid not null,
    day              date not null,
    partner_id       uuid not null,
    category_id      uuid not null,
    orders           integer not null,
    completed        integer not null,
    cancelled        integer not null,
    rejected         integer not null,
    gross            numeric(18,3) not null,
    discount         numeric(18,3) not null,
    unpaid           numeric(18,3) not null,
    refunds          numeric(18,3) not null,
    refund_count     integer not null,
    refunds_of_ended numeric(18,3) not null,
    paid_cash        numeric(18,3) not null,
    paid_card        numeric(18,3) not null,
    paid_wallet      numeric(18,3) not null,
    paid_online      numeric(18,3) not null,
    primary key (org_id, day, partner_id, category_id)
);
comment on table revenue_slices is 'A day''s orders and money by partner and category (nil: none). Orders, gross, unpaid: of orders placed that day; payments, refunds: of that day.';

create table payment_lags (
    org_id     uuid not null,
    order_day  date not null,
    paid_day   date not null,
    partner_id uuid not null,
    amount     numeric(18,3) not null,
    primary key (org_id, order_day, paid_day, partner_id)
);
comment on table payment_lags is 'Payments that came on another day than their order was placed: what a period''s order book and its payments differ by.';
create index payment_lags_paid on payment_lags (org_id, paid_day);

create table daily_revenue_summaries (
    org_id           uuid not null references organizations (id),
    day              date not null,
    orders           integer not null,
    completed        integer not null,
    cancelled        integer not null,
    rejected         integer not null,
    gross            numeric(18,3) not null,
    discount         numeric(18,3) not null,
    unpaid           numeric(18,3) not null,
    refunds          numeric(18,3) not null,
    refund_count     integer not null,
    refunds_of_ended numeric(18,3) not null,
    paid_cash        numeric(18,3) not null,
    paid_card        numeric(18,3) not null,
    paid_wallet      numeric(18,3) not null,
    paid_online      numeric(18,3) not null,
    new_customers       integer not null,
    returning_customers integer not null,
    placed_by_hour   integer[] not null check (cardinality(placed_by_hour) = 24),
    accept_steps     integer[] not null,
    pick_up_steps    integer[] not null,
    process_steps    integer[] not null,
    deliver_steps    integer[] not null,
    total_steps      integer[] not null,
    primary key (org_id, day)
);
comment on table daily_revenue_summaries is 'A day''s orders and money. Pending orders: orders − completed − cancelled − rejected; net revenue: gross − refunds. …_steps: how many orders took how long, by the steps of stage_steps().';

create table partner_performance_metrics (
    org_id          uuid not null,
    partner_id      uuid not null,
    day             date not null,
    received        integer not null,
    accepted        integer not null,
    rejected        integer not null,
    completed       integer not null,
    cancelled       integer not null,
    gross           numeric(18,3) not null,
    refunds         numeric(18,3) not null,
    accept_seconds  bigint not null,
    accept_count    integer not null,
    pick_up_seconds bigint not null,
    pick_up_count   integer not null,
    process_seconds bigint not null,
    process_count   integer not null,
    deliver_seconds bigint not null,
    deliver_count   integer not null,
    total_seconds   bigint not null,
    total_count     integer not null,
    rating_sum      integer not null,
    rating_count    integer not null,
    reported        integer not null,
    damaged         integer not null,
    lost            integer not null,
    placed_by_hour  integer[] not null check (cardinality(placed_by_hour) = 24),
    primary key (org_id, partner_id, day),
    foreign key (org_id, partner_id) references partners (org_id, id)
);
comment on table partner_performance_metrics is 'A partner''s day: orders placed that day and what became of them; ratings and issues that came that day.';
create index partner_performance_metrics_day on partner_performance_metrics (org_id, day);

create table customer_analytics (
    org_id             uuid not null,
    customer_id        uuid not null,
    orders             integer not null,
    completed          integer not null,
    cancelled          integer not null,
    rejected           integer not null,
    booked             numeric(18,3) not null,
    paid               numeric(18,3) not null,
    refunded           numeric(18,3) not null,
    first_order_day    date not null,
    last_order_day     date not null,
    median_gap_days    numeric(8,1),
    favourite_category uuid,
    favourite_method   text,
    rating_sum         integer not null,
    rating_count       integer not null,
    segment            text not null default 'new' check (segment in ('churned', 'new', 'vip', 'regular', 'occasional')),
    expected_margin    numeric(18,3),
    lifetime_value     numeric(18,3) not null,
    churn_risk         double precision check (churn_risk between 0 and 1),
    at_risk            boolean not null default false,
    primary key (org_id, customer_id),
    foreign key (org_id, customer_id) references customers (org_id, id)
);
comment on table customer_analytics is 'A customer''s orders and money so far. expected_margin (of the next 12 months) and churn_risk come from the model, null until it has spoken; lifetime_value: paid − refunded + expected_margin.';
create index customer_analytics_value on customer_analytics (org_id, lifetime_value desc, customer_id);
create index customer_analytics_first on customer_analytics (org_id, first_order_day);
create index customer_analytics_at_risk on customer_analytics (org_id, lifetime_value desc, customer_id) where at_risk;

create table customer_segments (
    org_id    uuid not null references organizations (id),
    segment   text not null,
    as_of     date not null,
    customers integer not null,
    at_risk   integer not null,
    orders    bigint not null,
    spent     numeric(18,3) not null,
    value     numeric(18,3) not null,
    primary key (org_id, segment)
);
comment on table customer_segments is 'How many customers are in each segment, and what they spent, as of the last night.';

-- The minutes at which a step of the stage times ends: 1 minute … 28 days, each a twelfth longer than the one before.
create function stage_steps() returns double precision[]
    language sql immutable parallel safe
    return (select array_agg(power(13.0::double precision / 12, s) order by s) from generate_series(0, 132) s);
comment on function stage_steps() is 'Bounds, in minutes, of the steps in which daily_revenue_summaries counts stage times.';

select protect_tenant_table(t) from unnest(array['revenue_slices','payment_lags','daily_revenue_summaries','partner_performance_metrics','customer_analytics','customer_segments']::regclass[]) t;
