-- Some days ($2) as a whole, out of their slices and orders; hours on the clock of the organization ($3).
with sums as (
    select day, sum(orders) as orders, sum(completed) as completed, sum(cancelled) as cancelled, sum(rejected) as rejected,
           sum(gross) as gross, sum(discount) as discount, sum(unpaid) as unpaid, sum(refunds) as refunds,
           sum(refund_count) as refund_count, sum(refunds_of_ended) as refunds_of_ended,
           sum(paid_cash) as paid_cash, sum(paid_card) as paid_card, sum(paid_wallet) as paid_wallet, sum(paid_online) as paid_online
    from revenue_slices where org_id = $1 and day = any ($2)
    group by day
), known as (
    select o.day, o.customer_id, extract(hour from o.placed_at at time zone $3)::integer as hour,
           o.placed_at, o.accepted_at, o.picked_up_at, o.processed_at, o.delivered_at, o.completed_at
    from orders o where o.org_id = $1 and o.day = any ($2)
), people as (
    select c.day, count(*) filter (where a.first_order_day = c.day) as new, count(*) as all
    from (select distinct day, customer_id from known) c
    join customer_analytics a on a.org_id = $1 and a.customer_id = c.customer_id
    group by c.day
), hours as (
    select day, hour, count(*) as n from known group by day, hour
), steps as (
    select day, stage, width_bucket(extract(epoch from took)::double precision / 60, bounds) as step, count(*) as n
    from known cross join (select stage_steps() as bounds) b
    cross join lateral (values
        (1, accepted_at - placed_at), (2, picked_up_at - accepted_at), (3, processed_at - picked_up_at),
        (4, delivered_at - processed_at), (5, completed_at - placed_at)) s (stage, took)
    where took >= interval '0'
    group by day, stage, step
), stages as (
    select d.day,
           array_agg(coalesce(n, 0)::integer order by s.step) filter (where g.stage = 1) as accept,
           array_agg(coalesce(n, 0)::integer order by s.step) filter (where g.stage = 2) as pick_up,
           array_agg(coalesce(n, 0)::integer order by s.step) filter (where g.stage = 3) as process,
           array_agg(coalesce(n, 0)::integer order by s.step) filter (where g.stage = 4) as deliver,
           array_agg(coalesce(n, 0)::integer order by s.step) filter (where g.stage = 5) as total
    from unnest($2) d (day) cross join generate_series(1, 5) g (stage) cross join generate_series(0, 133) s (step)
    left join steps t on t.day = d.day and t.stage = g.stage and t.step = s.step
    group by d.day
), clocks as (
    select d.day, array_agg(coalesce(n, 0)::integer order by h.hour) as placed_by_hour
    from unnest($2) d (day) cross join generate_series(0, 23) h (hour)
    left join hours t on t.day = d.day and t.hour = h.hour
    group by d.day
)
insert into daily_revenue_summaries (org_id, day, orders, completed, cancelled, rejected, gross, discount, unpaid, refunds, refund_count,
    refunds_of_ended, paid_cash, paid_card, paid_wallet, paid_online, new_customers, returning_customers, placed_by_hour,
    accept_steps, pick_up_steps, process_steps, deliver_steps, total_steps)
select $1, s.day, s.orders, s.completed, s.cancelled, s.rejected, s.gross, s.discount, s.unpaid, s.refunds, s.refund_count,
       s.refunds_of_ended, s.paid_cash, s.paid_card, s.paid_wallet, s.paid_online,
       coalesce(p.new, 0), coalesce(p.all - p.new, 0), c.placed_by_hour, g.accept, g.pick_up, g.process, g.deliver, g.total
from sums s join clocks c on c.day = s.day join stages g on g.day = s.day left join people p on p.day = s.day
