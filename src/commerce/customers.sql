-- What the marked customers ordered and paid so far, out of their days. A gap is the days between two days with orders.
-- `offset 0` keeps the join a lookup: a day's customers are few, and a scan of everybody's days would cost more than they do.
create temp table _customers on commit drop as
with theirs as (
    select c.*
    from dirty_customers d
    cross join lateral (select * from customer_days c where c.org_id = '{org}' and c.customer_id = d.customer_id offset 0) c
    where d.org_id = '{org}'
), placed as (
    select customer_id, day, day - lag(day) over (partition by customer_id order by day) as gap,
           sum(completed) over (partition by customer_id order by day desc) as completed_since
    from theirs
), gaps as (
    select customer_id, (percentile_cont(0.5) within group (order by gap))::numeric(8,1) as median_gap_days,
           max(day) filter (where completed_since >= 3) as third, max(day) filter (where completed_since >= 5) as fifth
    from placed group by customer_id
), liked as (
    select distinct on (customer_id) customer_id, category_id from (
        select t.customer_id, c.category_id, count(*) as n, max(t.day) as last
        from theirs t cross join lateral unnest(t.categories) c (category_id)
        group by t.customer_id, c.category_id
    ) c order by customer_id, n desc, last desc, category_id
), sums as (
    select customer_id, sum(orders) as orders, sum(completed) as completed, sum(cancelled) as cancelled, sum(rejected) as rejected,
           sum(booked) as booked, sum(paid) as paid, sum(refunded) as refunded, min(day) as first_order_day, max(day) as last_order_day,
           sum(cash_count) as cash, sum(card_count) as card, sum(wallet_count) as wallet, sum(online_count) as online,
           sum(rating_sum) as rating_sum, sum(rating_count) as rating_count
    from theirs group by customer_id
)
select s.customer_id, s.orders, s.completed, s.cancelled, s.rejected, s.booked, s.paid, s.refunded, s.first_order_day, s.last_order_day,
       s.rating_sum, s.rating_count, g.median_gap_days, g.third as third_latest_completed, g.fifth as fifth_latest_completed,
       l.category_id as favourite_category,
       -- Of methods used as often, the first by name.
       case greatest(s.card, s.cash, s.online, s.wallet) when 0 then null when s.card then 'card' when s.cash then 'cash'
            when s.online then 'online' else 'wallet' end as favourite_method
from sums s
left join gaps g on g.customer_id = s.customer_id
left join liked l on l.customer_id = s.customer_id
