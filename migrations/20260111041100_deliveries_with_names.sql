-- Why: the file of a report stays readable only as long as its reader may see what is in it, so it is remembered whether people
-- are named there. Additive: the previous version leaves it empty.
alter table report_deliveries add column named boolean;
comment on column report_deliveries.named is 'Whether people stand in the file by name. Null: not known, of a delivery from before; then only what is printed names nobody.';
