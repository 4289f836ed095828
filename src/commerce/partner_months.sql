-- The month from $2 to $3 of partners, out of its days.
insert into partner_months (org_id, month, partner_id, received, accepted, rejected, completed, cancelled, gross, refunds,
    accept_seconds, accept_count, pick_up_seconds, pick_up_count, process_seconds, process_count, deliver_seconds, deliver_count,
    total_seconds, total_count, rating_sum, rating_count, reported, damaged, lost)
select $1, $2, partner_id, sum(received), sum(accepted), sum(rejected), sum(completed), sum(cancelled),
       sum(gross), sum(refunds), sum(accept_seconds), sum(accept_count), sum(pick_up_seconds), sum(pick_up_count),
       sum(process_seconds), sum(process_count), sum(deliver_seconds), sum(deliver_count), sum(total_seconds), sum(total_count),
       sum(rating_sum), sum(rating_count), sum(reported), sum(damaged), sum(lost)
from partner_performance_metrics
where org_id = $1 and day between $2 and $3
group by partner_id
