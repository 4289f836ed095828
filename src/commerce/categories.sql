-- Some days ($2) by category, out of their slices.
insert into category_daily_revenue (org_id, day, category_id, orders, completed, gross, refunds)
select $1, day, category_id, sum(orders), sum(completed), sum(gross), sum(refunds)
from revenue_slices where org_id = $1 and day = any ($2)
group by day, category_id
