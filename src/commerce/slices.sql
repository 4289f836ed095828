-- The orders and the money of some days ($2) by partner and category. What was placed on a day and what was paid and
-- given back on it are summed apart, so that no join can count an order twice.
-- $3 and $4 bound the days of the orders concerned, so that only their partitions are read.
with paid as (
    select order_day, order_id, sum(amount) as amount
    from payments where org_id = $1 and order_day = any ($2)
    group by order_day, order_id
), placed as (
    select o.day, o.partner_id, o.category_id,
           count(*) as orders, count(o.completed_at) as completed, count(o.cancelled_at) as cancelled, count(o.rejected_at) as rejected,
           sum(case when ended then coalesce(p.amount, 0) else o.amount - o.discount end) as gross,
           sum(case when ended then 0 else o.discount end) as discount,
           sum(case when ended then 0 else o.amount - o.discount - coalesce(p.amount, 0) end) as unpaid
    from orders o
    left join paid p on p.order_day = o.day and p.order_id = o.id
    cross join lateral (select num_nonnulls(o.cancelled_at, o.rejected_at) > 0 as ended) e
    where o.org_id = $1 and o.day = any ($2)
    group by o.day, o.partner_id, o.category_id
), came as (
    select m.day, o.partner_id, o.category_id,
           coalesce(sum(m.amount) filter (where m.method = 'cash'), 0) as cash,
           coalesce(sum(m.amount) filter (where m.method = 'card'), 0) as card,
           coalesce(sum(m.amount) filter (where m.method = 'wallet'), 0) as wallet,
           coalesce(sum(m.amount) filter (where m.method = 'online'), 0) as online
    from payments m join orders o on o.org_id = m.org_id and o.day = m.order_day and o.id = m.order_id and o.day between $3 and $4
    where m.org_id = $1 and m.day = any ($2)
    group by m.day, o.partner_id, o.category_id
), went as (
    select m.day, o.partner_id, o.category_id,
           sum(m.amount) as refunds, count(*) as refund_count,
           coalesce(sum(m.amount) filter (where num_nonnulls(o.cancelled_at, o.rejected_at) > 0), 0) as of_ended
    from refunds m join orders o on o.org_id = m.org_id and o.day = m.order_day and o.id = m.order_id and o.day between $3 and $4
    where m.org_id = $1 and m.day = any ($2)
    group by m.day, o.partner_id, o.category_id
), parts as (
    select day, partner_id, category_id, orders, completed, cancelled, rejected, gross, discount, unpaid,
           0 as refunds, 0 as refund_count, 0 as of_ended, 0 as cash, 0 as card, 0 as wallet, 0 as online
    from placed
    union all
    select day, partner_id, category_id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, cash, card, wallet, online from came
    union all
    select day, partner_id, category_id, 0, 0, 0, 0, 0, 0, 0, refunds, refund_count, of_ended, 0, 0, 0, 0 from went
)
insert into revenue_slices (org_id, day, partner_id, category_id, orders, completed, cancelled, rejected, gross, discount, unpaid,
                            refunds, refund_count, refunds_of_ended, paid_cash, paid_card, paid_wallet, paid_online)
select $1, day, coalesce(partner_id, '00000000-0000-0000-0000-000000000000'), coalesce(category_id, '00000000-0000-0000-0000-000000000000'),
       sum(orders), sum(completed), sum(cancelled), sum(rejected), sum(gross), sum(discount), sum(unpaid),
       sum(refunds), sum(refund_count), sum(of_ended), sum(cash), sum(card), sum(wallet), sum(online)
from parts
group by day, partner_id, category_id
