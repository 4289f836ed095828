-- Why: facts of a day that arrived while its night ran, after its customers were summed and before the day itself was, lost
-- their mark with the day's. A mark names the transaction it came with now, and the night takes away those it has seen.
-- And a customer's days lay in as many pages as there are days: they are read out of the index, side by side.
-- On a live system: customer_days is locked for writing while its key is built anew (seconds for a million rows).
alter table dirty_commerce_days add column mark bigint not null default pg_current_xact_id()::text::bigint;
alter table dirty_commerce_days drop constraint dirty_commerce_days_pkey, add primary key (org_id, day, mark);
comment on column dirty_commerce_days.mark is 'The transaction the facts came with; 0: the night itself asks for the day once more.';

-- A row of an index has room for 2,700 bytes. The owner of the tables sees all organizations for the time of this change.
alter table customer_days no force row level security;
update customer_days set categories = categories[1:100] where cardinality(categories) > 100;
alter table customer_days force row level security;
alter table customer_days
    drop constraint customer_days_pkey,
    add constraint customer_days_pkey primary key (org_id, customer_id, day)
        include (orders, completed, cancelled, rejected, booked, paid, refunded, cash_count, card_count, wallet_count, online_count,
                 rating_sum, rating_count, categories),
    add constraint customer_days_categories check (cardinality(categories) <= 100);
comment on table customer_days is 'A customer''s orders of a day, with all that was ever paid, given back and said for them. …_count: payments by method; categories: one of each of the first 100 orders that have one.';
-- What is read out of the index alone must be known to be visible to all.
alter table customer_days set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
