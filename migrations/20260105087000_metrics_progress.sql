-- Why: the night must know up to which day it has built, and recognition must hear of changed days even when the
-- process dies between the two.

create table metrics_progress (
    org_id  uuid not null references organizations (id),
    through date not null,
    primary key (org_id)
);
comment on table metrics_progress is 'The last day whose worker days were built in order.';

create table recognition_pending (
    org_id    uuid not null references organizations (id),
    worker_id uuid not null,
    first_day date not null,
    last_day  date not null,
    primary key (org_id, worker_id, first_day, last_day)
);
comment on table recognition_pending is 'Days rebuilt since streaks and achievements last looked; the nil worker stands for everybody.';

select protect_tenant_table(t) from unnest(array['metrics_progress','recognition_pending']::regclass[]) t;
