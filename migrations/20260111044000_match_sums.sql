-- Why: whoever asks how well candidates are matched asks for months, and of every site: counting each match anew was the larger
-- part of what the page of placements cost. UTC's days and months are counted here as matches come and go, by statement; the
-- sites' own days differ from them only at the edges of a period, and there the matches are read.
-- On a live system: matches is locked for writing while its rows are counted (about a second for a million).
create table match_sums (
    org_id    uuid not null references organizations (id),
    grain     text not null check (grain in ('day', 'month')),
    begins    date not null,
    algorithm text not null,
    version   text not null,
    rank      integer not null check (rank between 1 and 4),
    proposed  integer not null,
    shown     integer not null,
    decided   integer not null,
    taken     integer not null,
    primary key (org_id, grain, begins, algorithm, version, rank)
);
comment on table match_sums is 'Matches by UTC''s day and month of matched_at. Always as the matches are; a row may count none any more.';
comment on column match_sums.rank is '4: that place and all below.';
select protect_tenant_table('match_sums');

-- What was added counts up first, what was taken away counts down then. In the order of the key, so that of two who write at once
-- one waits for the other and never each for each.
create function sum_matches() returns trigger
    language plpgsql set search_path = public, pg_temp as $$
declare
    part record;
begin
    for part in
        select * from (values ('added', 1), ('removed', -1)) p (rows, sign)
        where not (p.rows = 'added' and tg_op = 'DELETE') and not (p.rows = 'removed' and tg_op = 'INSERT')
    loop
        execute format('
            insert into match_sums as s (org_id, grain, begins, algorithm, version, rank, proposed, shown, decided, taken)
            select m.org_id, g.grain, date_trunc(g.grain, m.matched_at at time zone ''UTC'')::date, m.algorithm, m.version, least(m.rank, 4),
                   $1 * count(*), $1 * count(*) filter (where m.shown), $1 * count(m.accepted), $1 * count(*) filter (where m.accepted)
            from %I m cross join (values (''day''), (''month'')) g (grain)
            group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
            on conflict (org_id, grain, begins, algorithm, version, rank) do update
            set proposed = s.proposed + excluded.proposed, shown = s.shown + excluded.shown,
                decided = s.decided + excluded.decided, taken = s.taken + excluded.taken', part.rows) using part.sign;
    end loop;
    return null;
end $$;
comment on function sum_matches() is 'Keeps match_sums: counts what a statement added to matches up, and what it took away down.';
create trigger sum_matches_inserted after insert on matches referencing new table as added for each statement
    execute function sum_matches();
create trigger sum_matches_updated after update on matches referencing old table as removed new table as added for each statement
    execute function sum_matches();
create trigger sum_matches_deleted after delete on matches referencing old table as removed for each statement
    execute function sum_matches();

-- The owner of the tables sees all organizations for the time of this count.
alter table matches no force row level security;
alter table match_sums no force row level security;
insert into match_sums (org_id, grain, begins, algorithm, version, rank, proposed, shown, decided, taken)
select m.org_id, g.grain, date_trunc(g.grain, m.matched_at at time zone 'UTC')::date, m.algorithm, m.version, least(m.rank, 4),
       count(*), count(*) filter (where m.shown), count(m.accepted), count(*) filter (where m.accepted)
from matches m cross join (values ('day'), ('month')) g (grain)
group by 1, 2, 3, 4, 5, 6;
alter table matches force row level security;
alter table match_sums force row level security;
