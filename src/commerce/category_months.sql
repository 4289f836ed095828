-- The month from $2 to $3 by category, out of its days: of each partner, and (nil) of all orders.
with days as (
    select '00000000-0000-0000-0000-000000000000'::uuid as partner_id, day, category_id, orders, completed, gross, refunds
    from category_daily_revenue where org_id = $1 and day between $2 and $3
    union all
    select partner_id, day, category_id, orders, completed, gross, refunds
    from revenue_slices
    where org_id = $1 and day between $2 and $3 and partner_id <> '00000000-0000-0000-0000-000000000000'
)
insert into category_months (org_id, partner_id, month, category_id, orders, completed, gross, refunds)
select $1, partner_id, $2, category_id, sum(orders), sum(completed), sum(gross), sum(refunds)
from days
group by partner_id, category_id
