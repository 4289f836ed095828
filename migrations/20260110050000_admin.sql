-- Why: administrators read who did what, when and from where, newest first; and a policy of scores says from which day on it
-- holds, so that a change never rewrites the past in silence.
-- Additive: safe while the previous version serves: it writes none of these columns, and a default fills those of the log.
alter table audit_log add column subnet text default nullif(current_setting('app.subnet', true), '') check (length(subnet) <= 64);
alter table audit_log alter column request_id set default nullif(current_setting('app.request', true), '');
comment on column audit_log.subnet is 'Whence: the network of the address (24 bits of IPv4, 48 of IPv6), never the address. Null: a job or the command line.';

alter table score_policies
    add column effective_from date,
    add column restates boolean not null default false;
comment on column score_policies.effective_from is 'The first day judged by it. Null: the local date it was made on.';
comment on column score_policies.restates is 'Whether days that had been published were judged again by it; each of them stands in restatements.';
comment on table score_policies is 'Weights of components and parts. A day is judged by the highest version in force on it; by the defaults of the product where there is none.';
