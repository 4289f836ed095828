-- Where newcomers of each day heard of the company. Counted anew each night, because a customer's source may be corrected
-- without any order; only what differs is written.
with counted as (
    select a.first_order_day as day, coalesce(c.source, '') as source, count(*)::integer as customers
    from customer_analytics a join customers c on c.org_id = a.org_id and c.id = a.customer_id
    where a.org_id = $1
    group by 1, 2
), gone as (
    delete from newcomer_sources s
    where s.org_id = $1 and not exists (select from counted c where c.day = s.day and c.source = s.source)
)
insert into newcomer_sources (org_id, day, source, customers)
select $1, day, source, customers from counted
on conflict (org_id, day, source) do update set customers = excluded.customers
where newcomer_sources.customers <> excluded.customers
