-- Why: after many days were summed at once, what Postgres knew of customer_days was of before: it looked customers up by
-- the index of days, each time through everybody's, and a night of hours was the result.
-- Additive: a function for the serving role, which owns no table and so may not analyze.
create function learn_customer_days() returns void
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    analyze customer_days;
end $$;
revoke execute on function learn_customer_days() from public;
grant execute on function learn_customer_days() to muster_app;
