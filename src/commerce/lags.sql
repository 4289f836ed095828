-- Payments for orders of some days ($2) that came on another day.
insert into payment_lags (org_id, order_day, paid_day, partner_id, amount)
select $1, m.order_day, m.day, coalesce(o.partner_id, '00000000-0000-0000-0000-000000000000'), sum(m.amount)
from payments m join orders o on o.org_id = m.org_id and o.day = m.order_day and o.id = m.order_id and o.day = any ($2)
where m.org_id = $1 and m.order_day = any ($2) and m.day <> m.order_day
group by m.order_day, m.day, coalesce(o.partner_id, '00000000-0000-0000-0000-000000000000')
