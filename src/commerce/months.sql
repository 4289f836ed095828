-- The sums of the month from $2 to $3 out of its days: of each partner, and (nil) of all orders. Stages are counted from the orders
-- themselves, hours of the week from the hours of days.
with days as (
    select '00000000-0000-0000-0000-000000000000'::uuid as partner_id, day, orders, completed,
           cancelled, rejected, gross, discount, unpaid, refunds, refund_count, refunds_of_ended, paid_cash, paid_card, paid_wallet,
           paid_online, new_customers, returning_customers, placed_by_hour
    from daily_revenue_summaries
    where org_id = $1 and day between $2 and $3
    union all
    select partner_id, day, received, completed,
           cancelled, rejected, gross, discount, unpaid, refunds, refund_count, refunds_of_ended, paid_cash, paid_card, paid_wallet,
           paid_online, new_customers, returning_customers, placed_by_hour
    from partner_performance_metrics
    where org_id = $1 and day between $2 and $3
), sums as (
    select partner_id, sum(orders) as orders, sum(completed) as completed, sum(cancelled) as cancelled, sum(rejected) as rejected,
           sum(gross) as gross, sum(discount) as discount, sum(unpaid) as unpaid, sum(refunds) as refunds,
           sum(refund_count) as refund_count, sum(refunds_of_ended) as refunds_of_ended, sum(paid_cash) as paid_cash,
           sum(paid_card) as paid_card, sum(paid_wallet) as paid_wallet, sum(paid_online) as paid_online,
           sum(new_customers) as new_customers, sum(returning_customers) as returning_customers
    from days group by partner_id
), hours as (
    select partner_id, 24 * (extract(isodow from day)::integer - 1) + h.nth::integer as hour, sum(h.n)::integer as n
    from days cross join lateral unnest(placed_by_hour) with ordinality h (n, nth)
    where h.n > 0
    group by 1, 2
), clocks as (
    select s.partner_id, array_agg(coalesce(t.n, 0) order by h.hour) as placed_by_week_hour
    from sums s cross join generate_series(1, 168) h (hour)
    left join hours t on t.partner_id = s.partner_id and t.hour = h.hour
    group by s.partner_id
), taken as (
    select o.partner_id, stage,
           width_bucket(extract(epoch from took)::double precision / 60, stage_steps()) as step, count(*)::integer as n
    from orders o
    cross join lateral (values
        (1, accepted_at - placed_at), (2, picked_up_at - accepted_at), (3, processed_at - picked_up_at),
        (4, delivered_at - processed_at), (5, completed_at - placed_at)) s (stage, took)
    where o.org_id = $1 and o.day between $2 and $3 and took >= interval '0'
    group by 1, 2, 3
), steps as (
    select partner_id, stage, step, n from taken where partner_id is not null
    union all
    select '00000000-0000-0000-0000-000000000000', stage, step, sum(n)::integer from taken group by stage, step
), stages as (
    select s.partner_id,
           array_agg(coalesce(t.n, 0) order by p.step) filter (where g.stage = 1) as accept,
           array_agg(coalesce(t.n, 0) order by p.step) filter (where g.stage = 2) as pick_up,
           array_agg(coalesce(t.n, 0) order by p.step) filter (where g.stage = 3) as process,
           array_agg(coalesce(t.n, 0) order by p.step) filter (where g.stage = 4) as deliver,
           array_agg(coalesce(t.n, 0) order by p.step) filter (where g.stage = 5) as total
    from sums s cross join generate_series(1, 5) g (stage) cross join generate_series(0, 133) p (step)
    left join steps t on t.partner_id = s.partner_id and t.stage = g.stage and t.step = p.step
    group by s.partner_id
)
insert into revenue_months (org_id, partner_id, month, orders, completed, cancelled, rejected, gross, discount, unpaid, refunds,
    refund_count, refunds_of_ended, paid_cash, paid_card, paid_wallet, paid_online, new_customers, returning_customers,
    placed_by_week_hour, accept_steps, pick_up_steps, process_steps, deliver_steps, total_steps)
select $1, s.partner_id, $2, s.orders, s.completed, s.cancelled, s.rejected, s.gross, s.discount, s.unpaid, s.refunds,
       s.refund_count, s.refunds_of_ended, s.paid_cash, s.paid_card, s.paid_wallet, s.paid_online, s.new_customers, s.returning_customers,
       c.placed_by_week_hour, g.accept, g.pick_up, g.process, g.deliver, g.total
from sums s
join clocks c on c.partner_id = s.partner_id
join stages g on g.partner_id = s.partner_id
