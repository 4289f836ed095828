-- Why: that somebody costs least for a shift tells planners who earns less than whom; it is said no more, and those lines that
-- were written before forget it. It was never the first reason of a line.
-- Safe while the previous version serves: it reads the reason as words.
alter table roster_proposal_lines no force row level security;
update roster_proposal_lines set why = replace(why, '; costs least', '') where why like '%; costs least%';
alter table roster_proposal_lines force row level security;
