-- The days ($2) of customers, out of the orders placed on them and all that was paid, given back and said for those.
-- Of the categories the first 100 orders': a row of the index that customers are read from has no room for any number.
with theirs as (
    select customer_id, day, id, category_id, amount - discount as value, completed_at, cancelled_at, rejected_at
    from orders where org_id = $1 and day = any ($2)
), paid as (
    select order_day, order_id, sum(amount) as amount, count(*) filter (where method = 'cash') as cash,
           count(*) filter (where method = 'card') as card, count(*) filter (where method = 'wallet') as wallet,
           count(*) filter (where method = 'online') as online
    from payments where org_id = $1 and order_day = any ($2) group by order_day, order_id
), back as (
    select order_day, order_id, sum(amount) as amount
    from refunds where org_id = $1 and order_day = any ($2) group by order_day, order_id
), rated as (
    select order_day, order_id, rating from order_ratings where org_id = $1 and order_day = any ($2)
)
insert into customer_days (org_id, customer_id, day, orders, completed, cancelled, rejected, booked, paid, refunded,
    cash_count, card_count, wallet_count, online_count, rating_sum, rating_count, categories)
select $1, t.customer_id, t.day, count(*), count(t.completed_at), count(t.cancelled_at), count(t.rejected_at),
       coalesce(sum(t.value) filter (where num_nonnulls(t.cancelled_at, t.rejected_at) = 0), 0),
       coalesce(sum(p.amount), 0), coalesce(sum(b.amount), 0),
       coalesce(sum(p.cash), 0), coalesce(sum(p.card), 0), coalesce(sum(p.wallet), 0), coalesce(sum(p.online), 0),
       coalesce(sum(r.rating), 0), count(r.rating),
       coalesce((array_agg(t.category_id order by t.id) filter (where t.category_id is not null))[1:100], '{}')
from theirs t
left join paid p on p.order_day = t.day and p.order_id = t.id
left join back b on b.order_day = t.day and b.order_id = t.id
left join rated r on r.order_day = t.day and r.order_id = t.id
group by t.customer_id, t.day
