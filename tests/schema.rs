//! The promises of the schema, read from the catalogue: keys that distribute by organization, row-level security
//! everywhere, and a serving role that cannot get round it.
#![cfg(feature = "testing")]

use muster::database::{Database, SERVING_ROLE};
use muster::testing::{self, TestDatabase};
use sqlx::PgConnection;

/// The tables without a tenant. `_sqlx_migrations` is the migration tool's own.
const GLOBAL: [&str; 8] = [
    "_sqlx_migrations",
    "api_tokens",
    "job_runs",
    "logins",
    "organizations",
    "partitioned_tables",
    "sessions",
    "sign_in_limits",
];

/// A schema with partitions and rows in it.
async fn used_database() -> TestDatabase {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.worker("Ana").await;
    let shift = world.shift(ana).clocked_in("06:03").await;
    world.task(ana).of_shift(&shift).completed("11:00").await;
    world.tour(ana).of_shift(&shift).checkpoint("09:10").await;
    let mut tx = world.tx().await;
    tx.ensure_partitions("worker_daily_metrics", shift.day, shift.day).await.unwrap();
    tx.commit().await.unwrap();
    db
}

async fn names(owner: &mut PgConnection, sql: &'static str) -> Vec<String> {
    sqlx::query_scalar(sql).bind(GLOBAL.map(String::from).as_slice()).fetch_all(owner).await.unwrap()
}

#[tokio::test]
async fn the_global_tables_are_the_documented_list() {
    let db = used_database().await;
    let without_org: Vec<String> = sqlx::query_scalar(
        "select c.relname::text from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relrowsecurity order by 1",
    )
    .fetch_all(&mut db.owner().await)
    .await
    .unwrap();
    assert_eq!(without_org, GLOBAL, "a table without row-level security is global, and global tables are few");
}

#[tokio::test]
async fn every_tenant_table_and_partition_has_row_level_security_forced() {
    let db = used_database().await;
    let open = names(
        &mut db.owner().await,
        "select c.relname::text from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> all ($1)
           and not (c.relrowsecurity and c.relforcerowsecurity
                    and exists (select from pg_policy p where p.polrelid = c.oid and p.polwithcheck is not null))",
    )
    .await;
    assert_eq!(open, [""; 0]);
    let partitions = names(
        &mut db.owner().await,
        "select c.relname::text from pg_class c where c.relispartition and c.relkind = 'r' and c.relname <> all ($1) order by 1",
    )
    .await;
    assert_eq!(
        partitions,
        ["attendance_202603", "checkpoints_202603", "tasks_202603", "worker_daily_metrics_202603"],
        "partitions were looked at too"
    );
}

#[tokio::test]
async fn every_key_of_a_tenant_table_starts_with_its_organization() {
    let db = used_database().await;
    let mut owner = db.owner().await;
    let constraints = names(
        &mut owner,
        "select format('%s: %s', k.conrelid::regclass, pg_get_constraintdef(k.oid))
         from pg_constraint k join pg_class c on c.oid = k.conrelid
         where c.relnamespace = 'public'::regnamespace and c.relname <> all ($1) and k.contype in ('p', 'u', 'f')
           and (select attname from pg_attribute a where a.attrelid = k.conrelid and a.attnum = k.conkey[1]) <> 'org_id'",
    )
    .await;
    assert_eq!(constraints, [""; 0]);
    let references = names(
        &mut owner,
        "select format('%s: %s', k.conrelid::regclass, pg_get_constraintdef(k.oid))
         from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class target on target.oid = k.confrelid
         where c.relnamespace = 'public'::regnamespace and c.relname <> all ($1) and k.contype = 'f' and target.relname <> 'organizations'
           and (select attname from pg_attribute a where a.attrelid = k.confrelid and a.attnum = k.confkey[1]) <> 'org_id'",
    )
    .await;
    assert_eq!(references, [""; 0]);
    let indexes = names(
        &mut owner,
        "select i.indexrelid::regclass::text
         from pg_index i join pg_class c on c.oid = i.indrelid
         where c.relnamespace = 'public'::regnamespace and c.relname <> all ($1) and i.indisunique
           and (select attname from pg_attribute a where a.attrelid = i.indrelid and a.attnum = i.indkey[0]) <> 'org_id'",
    )
    .await;
    assert_eq!(indexes, [""; 0]);
}

#[tokio::test]
async fn every_tenant_table_has_a_primary_key() {
    let db = used_database().await;
    let without = names(
        &mut db.owner().await,
        "select c.relname::text from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> all ($1)
           and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)",
    )
    .await;
    assert_eq!(without, [""; 0]);
}

#[tokio::test]
async fn views_run_as_who_looks() {
    let db = used_database().await;
    let open = names(
        &mut db.owner().await,
        "select c.relname::text from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relname <> all ($1)
           and (c.relkind = 'm' or c.relkind = 'v' and not coalesce(c.reloptions @> '{security_invoker=true}', false))",
    )
    .await;
    assert_eq!(open, [""; 0]);
}

#[tokio::test]
async fn the_serving_role_can_neither_bypass_nor_create() {
    let db = used_database().await;
    let mut tx = db.global().await.unwrap();
    let (role, powerful, owns, creates): (String, bool, bool, bool) = sqlx::query_as(
        "select current_user::text, r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb,
                exists (select from pg_class c where c.relowner = r.oid and c.relnamespace = 'public'::regnamespace),
                has_schema_privilege(r.oid, 'public', 'create')
         from pg_roles r where r.rolname = current_user",
    )
    .fetch_one(&mut *tx)
    .await
    .unwrap();
    assert_eq!((role.as_str(), powerful, owns, creates), (SERVING_ROLE, false, false, false));
}

#[tokio::test]
async fn a_serving_role_that_could_bypass_is_refused_at_start() {
    let db = testing::database().await;
    let mut owner = db.owner().await;
    // Ownership is per database; the role's own attributes are the whole server's, and other tests use it now.
    sqlx::query("alter table workers owner to muster_app").execute(&mut owner).await.unwrap();
    let refusal = Database::connect(db.url(), 1).await.unwrap_err();
    assert!(refusal.to_string().contains("can bypass row-level security"), "{refusal}");
}

#[tokio::test]
async fn without_an_organization_no_row_is_seen_and_none_can_be_written() {
    let db = used_database().await;
    let tables = names(
        &mut db.owner().await,
        "select quote_ident(c.relname) from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> all ($1) order by 1",
    )
    .await;
    assert!(tables.len() > 30, "{tables:?}");
    let mut tx = db.global().await.unwrap();
    for table in tables {
        let sql = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        let seen: i64 = sqlx::query_scalar(sql).fetch_one(&mut *tx).await.unwrap();
        assert_eq!(seen, 0, "{table}");
    }
    let refused =
        sqlx::query("insert into clients (org_id, id, code, name) select id, id, 'X', 'X' from organizations")
            .execute(&mut *tx)
            .await
            .unwrap_err();
    assert!(refused.to_string().contains("row-level security"), "{refused}");
}

#[tokio::test]
async fn another_organization_is_neither_seen_nor_written() {
    let db = testing::database().await;
    let ours = testing::org(&db).await;
    let theirs = testing::org_named(&db, "rival", chrono_tz::Europe::Berlin).await;
    let bob = theirs.worker("Bob").await;
    theirs.shift(bob).clocked_in("06:00").await;

    let mut tx = ours.tx().await;
    for table in ["workers", "shifts", "attendance", "attendance_202603"] {
        let sql = sqlx::AssertSqlSafe(format!("select count(*) from {table} where org_id = $1"));
        let seen: i64 = sqlx::query_scalar(sql).bind(theirs.org().0).fetch_one(&mut *tx).await.unwrap();
        assert_eq!(seen, 0, "{table}");
    }
    let changed = tx.run(format!("update workers set name = 'Eve' where id = '{bob}'")).await.unwrap();
    let deleted = tx.run(format!("delete from workers where id = '{bob}'")).await.unwrap();
    assert_eq!((changed, deleted), (0, 0));
    let slipped_in =
        format!("insert into clients (org_id, id, code, name) values ('{}', '{bob}', 'X', 'X')", theirs.org());
    assert!(tx.run(slipped_in).await.unwrap_err().to_string().contains("row-level security"));
}

#[tokio::test]
async fn the_audit_log_only_grows() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    for change in ["update audit_log set action = 'x'", "delete from audit_log", "truncate audit_log"] {
        let mut tx = world.tx().await;
        let refused = tx.run(change.into()).await.unwrap_err();
        assert!(refused.to_string().contains("permission denied"), "{change}: {refused}");
    }
}

#[tokio::test]
async fn partitions_are_made_only_for_listed_tables_and_sane_ranges() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let day = testing::date("2026-03-02");
    let refused = world.tx().await.ensure_partitions("workers", day, day).await.unwrap_err();
    assert!(refused.to_string().contains("is not partitioned"), "{refused}");
    let absurd = world.tx().await.ensure_partitions("tasks", testing::date("0001-01-01"), day).await.unwrap_err();
    assert!(absurd.to_string().contains("is not a range of facts"), "{absurd}");
}
