-- Why: a page of three years must not add up three years of days, and a night that changed one day must not read all orders of
-- everybody who ordered on it. So months that are over are summed once more, partners' days carry the money too, and each
-- customer's days are kept.
-- Additive: safe while the previous version serves; what is not copied here is filled in by the next night.

alter table partner_performance_metrics
    add column discount            numeric(18,3) not null default 0,
    add column unpaid              numeric(18,3) not null default 0,
    add column refund_count        integer not null default 0,
    add column refunds_of_ended    numeric(18,3) not null default 0,
    add column paid_cash           numeric(18,3) not null default 0,
    add column paid_card           numeric(18,3) not null default 0,
    add column paid_wallet         numeric(18,3) not null default 0,
    add column paid_online         numeric(18,3) not null default 0,
    add column new_customers       integer not null default 0,
    add column returning_customers integer not null default 0,
    add column step_counts         integer[] not null default '{}';
comment on column partner_performance_metrics.new_customers is 'Customers whose first order of all it was, and who placed one with this partner that day.';
comment on column partner_performance_metrics.returning_customers is 'Customers who had ordered before, of whomever, and who placed an order with this partner that day.';
comment on column partner_performance_metrics.step_counts is 'How long stages took: pairs of 134 × stage (from 0) + step of stage_steps(), and how many orders of that day took so long.';

-- The trend of all partners reads three columns of three months, and nothing else.
create index partner_performance_metrics_ended on partner_performance_metrics (org_id, day) include (partner_id, completed, cancelled, rejected);
drop index partner_performance_metrics_day;

create table revenue_months (
    org_id              uuid not null references organizations (id),
    partner_id          uuid not null,
    month               date not null,
    orders              integer not null,
    completed           integer not null,
    cancelled           integer not null,
    rejected            integer not null,
    gross               numeric(18,3) not null,
    discount            numeric(18,3) not null,
    unpaid              numeric(18,3) not null,
    refunds             numeric(18,3) not null,
    refund_count        integer not null,
    refunds_of_ended    numeric(18,3) not null,
    paid_cash           numeric(18,3) not null,
    paid_card           numeric(18,3) not null,
    paid_wallet         numeric(18,3) not null,
    paid_online         numeric(18,3) not null,
    new_customers       integer not null,
    returning_customers integer not null,
    placed_by_week_hour integer[] not null check (cardinality(placed_by_week_hour) = 168),
    accept_steps        integer[] not null,
    pick_up_steps       integer[] not null,
    process_steps       integer[] not null,
    deliver_steps       integer[] not null,
    total_steps         integer[] not null,
    primary key (org_id, partner_id, month)
);
comment on table revenue_months is 'The sums of the days of a month that is over, of a partner or (nil) of all orders. A month without a row of nil is not summed: its days are read.';
comment on column revenue_months.placed_by_week_hour is 'Orders placed in each hour of the week, Monday 0:00 first.';

create table category_months (
    org_id      uuid not null references organizations (id),
    partner_id  uuid not null,
    month       date not null,
    category_id uuid not null,
    orders      integer not null,
    completed   integer not null,
    gross       numeric(18,3) not null,
    refunds     numeric(18,3) not null,
    primary key (org_id, partner_id, month, category_id)
);
comment on table category_months is 'Orders and money by category (nil: none) of the months in revenue_months, of a partner or (nil) of all orders.';

create table partner_months (
    org_id          uuid not null references organizations (id),
    month           date not null,
    partner_id      uuid not null,
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
    primary key (org_id, month, partner_id)
);
comment on table partner_months is 'The sums of partner_performance_metrics of the months in revenue_months.';

create table newcomer_sources (
    org_id    uuid not null references organizations (id),
    day       date not null,
    source    text not null,
    customers integer not null,
    primary key (org_id, day, source)
);
comment on table newcomer_sources is 'Where those whose first order it was heard of the company; empty: not known.';

create table customer_days (
    org_id       uuid not null,
    customer_id  uuid not null,
    day          date not null,
    orders       integer not null,
    completed    integer not null,
    cancelled    integer not null,
    rejected     integer not null,
    booked       numeric(18,3) not null,
    paid         numeric(18,3) not null,
    refunded     numeric(18,3) not null,
    cash_count   integer not null,
    card_count   integer not null,
    wallet_count integer not null,
    online_count integer not null,
    rating_sum   integer not null,
    rating_count integer not null,
    categories   uuid[] not null,
    primary key (org_id, customer_id, day)
);
comment on table customer_days is 'A customer''s orders of a day, with all that was ever paid, given back and said for them. …_count: payments by method; categories: one of each order that has one.';
create index customer_days_day on customer_days (org_id, day);

alter table customer_analytics
    add column third_latest_completed date,
    add column fifth_latest_completed date;
comment on column customer_analytics.third_latest_completed is 'Day of the third latest completed order: whether there were three in the last 90 days is asked of it.';
comment on column customer_analytics.fifth_latest_completed is 'Day of the fifth latest: whether there were five in the last 180 days.';

-- What a period's order book and its payments differ by is found at its ends, but for the few payments of a month and more later.
create index payment_lags_long on payment_lags (org_id, paid_day) where paid_day - order_day not between -31 and 31;
drop index payment_lags_paid;

-- The owner of the tables sees all organizations for the time of this copy.
alter table revenue_slices no force row level security;
alter table partner_performance_metrics no force row level security;
alter table daily_revenue_summaries no force row level security;
alter table dirty_commerce_days no force row level security;
update partner_performance_metrics p
set discount = s.discount, unpaid = s.unpaid, refund_count = s.refund_count, refunds_of_ended = s.refunds_of_ended,
    paid_cash = s.paid_cash, paid_card = s.paid_card, paid_wallet = s.paid_wallet, paid_online = s.paid_online
from (select org_id, day, partner_id, sum(discount) as discount, sum(unpaid) as unpaid, sum(refund_count) as refund_count,
             sum(refunds_of_ended) as refunds_of_ended, sum(paid_cash) as paid_cash, sum(paid_card) as paid_card,
             sum(paid_wallet) as paid_wallet, sum(paid_online) as paid_online
      from revenue_slices group by org_id, day, partner_id) s
where p.org_id = s.org_id and p.day = s.day and p.partner_id = s.partner_id;
insert into dirty_commerce_days (org_id, day) select org_id, day from daily_revenue_summaries on conflict do nothing;
alter table revenue_slices force row level security;
alter table partner_performance_metrics force row level security;
alter table daily_revenue_summaries force row level security;
alter table dirty_commerce_days force row level security;

select protect_tenant_table(t) from unnest(array['revenue_months','category_months','partner_months','newcomer_sources','customer_days']::regclass[]) t;
