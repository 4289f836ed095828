-- Why: a ranked score is shown with its interval, which needs the variance within a worker beside the prior strength.
-- Additive: the next benchmark week fills it; until then there is no ranking.
alter table cohort_benchmarks add column within_variance double precision;
comment on column cohort_benchmarks.within_variance is 'Variance of a worker''s days about the own score, per shift; of metric bpi only. With prior_strength it gives the interval of a ranked score.';
