-- Why: who asks, and whether what is kept is still good, is asked on each request, and took a transaction of several messages.
-- Additive: two functions, and a third that Postgres need not plan anew for each call. The two see, for their own statement, the
-- one organization they are asked about.
create or replace function unread_notifications(org uuid, reader uuid) returns bigint
    language plpgsql stable parallel safe as $$
begin
    return (select count(*) from (
        select from notifications where org_id = org and user_id = reader and read_at is null limit 100) unread);
end $$;

create function caller_of(org uuid, person uuid)
    returns table (name text, role text, worker_id uuid, client_id uuid, theme text, sites uuid[], unread bigint,
                   slug text, org_name text, currency text, time_zone text, is_demo boolean)
    language plpgsql as $$
begin
    perform set_config('app.org_id', org::text, true);
    return query
    select u.name, u.role, u.worker_id, u.client_id, u.theme,
           array(select s.site_id from user_sites s where s.org_id = u.org_id and s.user_id = u.id),
           unread_notifications(u.org_id, u.id), o.slug, o.name, o.currency::text, o.time_zone, o.is_demo
    from users u join organizations o on o.id = u.org_id
    where u.org_id = org and u.id = person and u.status = 'active';
end $$;
comment on function caller_of is 'A user who may sign in, with what each request asks of it and of its organization.';

create function data_version(org uuid, topics text[]) returns bigint
    language plpgsql as $$
begin
    perform set_config('app.org_id', org::text, true);
    return (select coalesce(sum(d.version), 0)::bigint from data_versions d where d.org_id = org and d.topic = any (topics));
end $$;
comment on function data_version is 'A number that grows with each rewriting of what these topics rest on.';

revoke execute on function caller_of(uuid, uuid), data_version(uuid, text[]) from public;
grant execute on function caller_of(uuid, uuid), data_version(uuid, text[]) to muster_app;
