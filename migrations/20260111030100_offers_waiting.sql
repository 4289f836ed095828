-- Why: every look at one's own page asks which offers wait for an answer of the worker, and read those of half a year.
-- Additive: safe while the previous version serves; few offers wait at any time, so that it is built in a moment.
create index shift_offers_waiting on shift_offers (org_id, worker_id) where answered_at is null and withdrawn_at is null;
