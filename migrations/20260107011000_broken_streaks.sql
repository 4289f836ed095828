-- Why: a long streak that ended is worth a word, so its end must be remembered after a new one has begun.
-- Additive: safe while the previous version serves. Careers are counted again from the first day by the next night.
alter table worker_streaks add column long_ended integer, add column long_ended_on date;
comment on column worker_streaks.long_ended is 'Days of the latest streak of 20 or more that was broken; long_ended_on: the day that broke it.';
truncate worker_careers;
