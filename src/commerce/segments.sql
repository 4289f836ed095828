-- Every customer's segment as of a day ($2), first match wins, and who is at risk: by the model where it has spoken,
-- else whoever ordered three times or more and has been silent for twice their usual gap.
with recent as (
    select customer_id, count(*) as in_180, count(*) filter (where day > $2 - 90) as in_90
    from orders
    where org_id = $1 and day > $2 - 180 and day <= $2 and completed_at is not null
    group by customer_id
), top as (
    select percentile_disc(0.9) within group (order by lifetime_value) as value from customer_analytics where org_id = $1
), judged as (
    select a.customer_id,
           case when $2 - a.last_order_day > greatest(90, 3 * a.median_gap_days) then 'churned'
                when $2 - a.first_order_day <= 30 then 'new'
                when r.in_180 >= 5 and a.lifetime_value >= top.value then 'vip'
                when r.in_90 >= 3 then 'regular'
                else 'occasional' end as segment,
           coalesce(a.churn_risk >= 0.6, a.orders >= 3 and $2 - a.last_order_day > greatest(14, 2 * a.median_gap_days), false) as at_risk
    from customer_analytics a cross join top
    left join recent r on r.customer_id = a.customer_id
    where a.org_id = $1
)
update customer_analytics a set segment = j.segment, at_risk = j.at_risk and j.segment <> 'churned'
from judged j
where a.org_id = $1 and a.customer_id = j.customer_id
  and (a.segment, a.at_risk) is distinct from (j.segment, j.at_risk and j.segment <> 'churned')
