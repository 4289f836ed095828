-- Why: a prediction is shown only with what its model was learned from and how well it did, and only while that is better
-- than a simple answer; so each training is kept with its figures.
-- Additive: safe while the previous version serves.

create table models (
    org_id     uuid not null references organizations (id),
    name       text not null,
    version    integer not null check (version > 0),
    trained_at timestamptz not null,
    first_day  date not null,
    last_day   date not null,
    size       bigint not null check (size >= 0),
    features   jsonb not null,
    figures    jsonb not null,
    parameters jsonb not null,
    shown      boolean not null,
    primary key (org_id, name, version),
    unique (org_id, name, last_day),
    check (last_day >= first_day)
);
comment on table models is 'A trained model: what it learned from, how well it did on facts it had not seen, and what it learned. Purpose: predictions that inform people.';
comment on column models.first_day is 'First business day it was learned from; last_day: the last. Trained again through the same day, its row is replaced.';
comment on column models.size is 'Rows it was learned from and judged on.';
comment on column models.figures is 'The report of its back-test.';
comment on column models.shown is 'Whether its back-test was clearly better than the simple baseline; if not, no prediction of it is shown.';

select protect_tenant_table('models');
