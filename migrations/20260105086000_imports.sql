-- Why: what was brought in, from which file, and what was odd about it, must stay visible after the command has ended.

create table imports (
    org_id      uuid not null references organizations (id),
    id          uuid not null,
    fact        text not null,
    file        text not null,
    at          timestamptz not null,
    rows_read   bigint not null,
    rows_new    bigint not null,
    rows_changed bigint not null,
    rows_same   bigint not null,
    rows_rejected bigint not null,
    primary key (org_id, id)
);
comment on table imports is 'One file taken in: how many rows were read, new, changed, the same, refused.';

create table import_findings (
    org_id    uuid not null,
    import_id uuid not null,
    finding   text not null,
    rows      bigint not null,
    example   text,
    primary key (org_id, import_id, finding),
    foreign key (org_id, import_id) references imports (org_id, id)
);
comment on table import_findings is 'Rows that were taken although something about them is odd: closed before opened, no deadline, no area.';

select protect_tenant_table(t) from unnest(array['imports','import_findings']::regclass[]) t;
