-- Why: where newcomers of a period came from is read day by day, and those rows lie in as many pages of the table as nights
-- wrote them: they are read out of the index.
-- On a live system: the table is locked for writing while its key is built anew (a few thousand rows: at once).
alter table newcomer_sources
    drop constraint newcomer_sources_pkey,
    add constraint newcomer_sources_pkey primary key (org_id, day, source) include (customers);
