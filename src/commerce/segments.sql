-- Every customer's segment as of a day ($2), first match wins, and who is at risk: by the model where it has spoken,
-- else whoever ordered three times or more and has been silent for twice their usual gap. All that ages with the calendar is
-- a comparison of days, so that one look at each customer does.
with top as (
    select percentile_disc(0.9) within group (order by lifetime_value) as value from customer_analytics where org_id = $1
), judged as (
    select a.customer_id, a.segment as segment_was, a.at_risk as at_risk_was,
           case when $2 - a.last_order_day > greatest(90, 3 * a.median_gap_days) then 'churned'
                when $2 - a.first_order_day <= 30 then 'new'
                when a.fifth_latest_completed > $2 - 180 and a.lifetime_value >= (select value from top) then 'vip'
                when a.third_latest_completed > $2 - 90 then 'regular'
                else 'occasional' end as segment,
           coalesce(a.churn_risk >= 0.6, a.orders >= 3 and $2 - a.last_order_day > greatest(14, 2 * a.median_gap_days), false) as silent
    from customer_analytics a
    where a.org_id = $1
), changed as materialized (
    select customer_id, segment, silent and segment <> 'churned' as at_risk
    from judged
    where (segment_was, at_risk_was) is distinct from (segment, silent and segment <> 'churned')
)
update customer_analytics a set segment = c.segment, at_risk = c.at_risk
from changed c
where a.org_id = $1 and a.customer_id = c.customer_id
