-- Partners' days ($2): what became of the orders of the day, their money, who placed them, and the ratings and issues that came
-- on it; hours on the clock of the organization ($3).
-- $4 and $5 bound the days of the orders concerned, so that only their partitions are read.
with placed as (
    select o.day, o.partner_id, count(*) as received, count(o.accepted_at) as accepted, count(o.rejected_at) as rejected,
           count(o.completed_at) as completed, count(o.cancelled_at) as cancelled,
           sum(accept) as accept_seconds, count(accept) as accept_count,
           sum(pick_up) as pick_up_seconds, count(pick_up) as pick_up_count,
           sum(process) as process_seconds, count(process) as process_count,
           sum(deliver) as deliver_seconds, count(deliver) as deliver_count,
           sum(total) as total_seconds, count(total) as total_count,
           (select array_agg((select count(*) from unnest(array_agg(extract(hour from o.placed_at at time zone $3)::integer)) x where x = h)::integer order by h)
            from generate_series(0, 23) h) as placed_by_hour
    from orders o
    cross join lateral (select
        extract(epoch from nullif(greatest(o.accepted_at - o.placed_at, interval '-1 second'), interval '-1 second'))::bigint as accept,
        extract(epoch from nullif(greatest(o.picked_up_at - o.accepted_at, interval '-1 second'), interval '-1 second'))::bigint as pick_up,
        extract(epoch from nullif(greatest(o.processed_at - o.picked_up_at, interval '-1 second'), interval '-1 second'))::bigint as process,
        extract(epoch from nullif(greatest(o.delivered_at - o.processed_at, interval '-1 second'), interval '-1 second'))::bigint as deliver,
        extract(epoch from nullif(greatest(o.completed_at - o.placed_at, interval '-1 second'), interval '-1 second'))::bigint as total) t
    where o.org_id = $1 and o.day = any ($2) and o.partner_id is not null
    group by o.day, o.partner_id
), rated as (
    select r.day, o.partner_id, sum(r.rating) as rating_sum, count(*) as rating_count
    from order_ratings r join orders o on o.org_id = r.org_id and o.day = r.order_day and o.id = r.order_id and o.day between $4 and $5
    where r.org_id = $1 and r.day = any ($2) and o.partner_id is not null
    group by r.day, o.partner_id
), troubled as (
    select i.day, o.partner_id, count(*) filter (where i.kind = 'reported') as reported,
           count(*) filter (where i.kind = 'damaged') as damaged, count(*) filter (where i.kind = 'lost') as lost
    from order_issues i join orders o on o.org_id = i.org_id and o.day = i.order_day and o.id = i.order_id and o.day between $4 and $5
    where i.org_id = $1 and i.day = any ($2) and o.partner_id is not null
    group by i.day, o.partner_id
), money as (
    select day, partner_id, sum(gross) as gross, sum(refunds) as refunds, sum(discount) as discount, sum(unpaid) as unpaid,
           sum(refund_count) as refund_count, sum(refunds_of_ended) as refunds_of_ended, sum(paid_cash) as paid_cash,
           sum(paid_card) as paid_card, sum(paid_wallet) as paid_wallet, sum(paid_online) as paid_online
    from revenue_slices
    where org_id = $1 and day = any ($2) and partner_id <> '00000000-0000-0000-0000-000000000000'
    group by day, partner_id
), people as (
    select c.day, c.partner_id, count(*) filter (where a.first_order_day = c.day) as new, count(*) as all
    from (select distinct day, partner_id, customer_id from orders where org_id = $1 and day = any ($2) and partner_id is not null) c
    join customer_analytics a on a.org_id = $1 and a.customer_id = c.customer_id
    group by c.day, c.partner_id
), steps as (
    select day, partner_id, stage, width_bucket(extract(epoch from took)::double precision / 60, stage_steps()) as step, count(*)::integer as n
    from orders o
    cross join lateral (values
        (1, accepted_at - placed_at), (2, picked_up_at - accepted_at), (3, processed_at - picked_up_at),
        (4, delivered_at - processed_at), (5, completed_at - placed_at)) s (stage, took)
    where o.org_id = $1 and o.day = any ($2) and o.partner_id is not null and took >= interval '0'
    group by day, partner_id, stage, step
), stages as (
    select s.day, s.partner_id, array_agg(p.v order by s.stage, s.step, p.nth) as step_counts
    from steps s cross join lateral (values (1, 134 * (s.stage - 1) + s.step), (2, s.n)) p (nth, v)
    group by s.day, s.partner_id
), who as (
    select day, partner_id from money union select day, partner_id from rated union select day, partner_id from troubled
)
insert into partner_performance_metrics (org_id, partner_id, day, received, accepted, rejected, completed, cancelled, gross, refunds,
    accept_seconds, accept_count, pick_up_seconds, pick_up_count, process_seconds, process_count, deliver_seconds, deliver_count,
    total_seconds, total_count, rating_sum, rating_count, reported, damaged, lost, placed_by_hour,
    discount, unpaid, refund_count, refunds_of_ended, paid_cash, paid_card, paid_wallet, paid_online, new_customers, returning_customers,
    step_counts)
select $1, w.partner_id, w.day, coalesce(p.received, 0), coalesce(p.accepted, 0), coalesce(p.rejected, 0), coalesce(p.completed, 0),
       coalesce(p.cancelled, 0), coalesce(m.gross, 0), coalesce(m.refunds, 0),
       coalesce(p.accept_seconds, 0), coalesce(p.accept_count, 0), coalesce(p.pick_up_seconds, 0), coalesce(p.pick_up_count, 0),
       coalesce(p.process_seconds, 0), coalesce(p.process_count, 0), coalesce(p.deliver_seconds, 0), coalesce(p.deliver_count, 0),
       coalesce(p.total_seconds, 0), coalesce(p.total_count, 0), coalesce(r.rating_sum, 0), coalesce(r.rating_count, 0),
       coalesce(t.reported, 0), coalesce(t.damaged, 0), coalesce(t.lost, 0), coalesce(p.placed_by_hour, array_fill(0, array[24])),
       coalesce(m.discount, 0), coalesce(m.unpaid, 0), coalesce(m.refund_count, 0), coalesce(m.refunds_of_ended, 0),
       coalesce(m.paid_cash, 0), coalesce(m.paid_card, 0), coalesce(m.paid_wallet, 0), coalesce(m.paid_online, 0),
       coalesce(c.new, 0), coalesce(c.all - c.new, 0), coalesce(g.step_counts, '{}')
from who w
left join placed p on p.day = w.day and p.partner_id = w.partner_id
left join money m on m.day = w.day and m.partner_id = w.partner_id
left join rated r on r.day = w.day and r.partner_id = w.partner_id
left join troubled t on t.day = w.day and t.partner_id = w.partner_id
left join people c on c.day = w.day and c.partner_id = w.partner_id
left join stages g on g.day = w.day and g.partner_id = w.partner_id
