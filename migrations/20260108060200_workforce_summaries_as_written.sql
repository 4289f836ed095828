-- Why: a summary is read whole, each time the page opens; as written it is handed over without being put together again.
-- Additive: safe while the previous version serves, which reads the column as text too.

alter table workforce_summaries alter column body type json;
