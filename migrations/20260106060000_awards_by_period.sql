-- Why: a period that is judged again replaces its awards; without this each replacement reads all awards there are.
-- Additive: safe while the previous version serves.
create index worker_achievements_period on worker_achievements (org_id, code, period);
