-- What the marked customers ordered and paid so far. A gap is the days between two days with orders. `offset 0` keeps the
-- joins lookups: a day's customers are few, and scans of all orders and payments would cost more than they do.
create temp table _customers on commit drop as
with theirs as (
    select o.customer_id, o.day, o.id, o.category_id, o.amount - o.discount as value, o.completed_at, o.cancelled_at, o.rejected_at
    from dirty_customers d
    cross join lateral (select * from orders o where o.org_id = '{org}' and o.customer_id = d.customer_id offset 0) o
    where d.org_id = '{org}'
), sums as (
    select customer_id, count(*) as orders, count(completed_at) as completed, count(cancelled_at) as cancelled, count(rejected_at) as rejected,
           coalesce(sum(value) filter (where num_nonnulls(cancelled_at, rejected_at) = 0), 0) as booked,
           min(day) as first_order_day, max(day) as last_order_day
    from theirs group by customer_id
), gaps as (
    select customer_id, percentile_cont(0.5) within group (order by gap)::numeric(8,1) as median_gap_days
    from (select customer_id, day - lag(day) over (partition by customer_id order by day) as gap
          from (select distinct customer_id, day from theirs) days) g
    where gap is not null group by customer_id
), liked as (
    select distinct on (customer_id) customer_id, category_id from (
        select customer_id, category_id, count(*) as n, max(day) as last from theirs where category_id is not null group by customer_id, category_id
    ) c order by customer_id, n desc, last desc, category_id
), paid as (
    select t.customer_id, m.method, sum(m.amount) as amount, count(*) as n
    from theirs t
    cross join lateral (select * from payments m where m.org_id = '{org}' and m.order_day = t.day and m.order_id = t.id offset 0) m
    group by t.customer_id, m.method
), methods as (
    select distinct on (customer_id) customer_id, method, sum(amount) over (partition by customer_id) as amount
    from paid order by customer_id, n desc, method
), back as (
    select t.customer_id, sum(m.amount) as amount
    from theirs t
    cross join lateral (select * from refunds m where m.org_id = '{org}' and m.order_day = t.day and m.order_id = t.id offset 0) m
    group by t.customer_id
), rated as (
    select t.customer_id, sum(m.rating) as rating_sum, count(*) as rating_count
    from theirs t
    cross join lateral (select * from order_ratings m where m.org_id = '{org}' and m.order_day = t.day and m.order_id = t.id offset 0) m
    group by t.customer_id
)
select s.*, g.median_gap_days, l.category_id as favourite_category, m.method as favourite_method, coalesce(m.amount, 0) as paid,
       coalesce(b.amount, 0) as refunded, coalesce(r.rating_sum, 0) as rating_sum, coalesce(r.rating_count, 0) as rating_count
from sums s
left join gaps g on g.customer_id = s.customer_id
left join liked l on l.customer_id = s.customer_id
left join methods m on m.customer_id = s.customer_id
left join back b on b.customer_id = s.customer_id
left join rated r on r.customer_id = s.customer_id
