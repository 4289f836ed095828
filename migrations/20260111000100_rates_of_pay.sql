-- Why: what savings are measured against is the mean rate of those who work here; the page asks it at each look.
-- Additive: safe while the previous version serves.

create index workers_rates on workers (org_id, hourly_rate) where left_on is null;
