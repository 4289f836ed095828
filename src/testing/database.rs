//! A fresh database per test, copied from a template that holds every migration of this build.

use std::ops::Deref;

use sha2::{Digest, Sha256};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use uuid::Uuid;

use crate::database::{Database, MIGRATOR};

/// Held while the template is made, so that of many test processes one makes it.
const TEMPLATE_LOCK: i64 = 0x6d75_7374_6572;

/// A database of one test. It is dropped by a later test, once this one's process has let go of it.
#[derive(Debug)]
pub struct TestDatabase {
    database: Database,
    url: String,
    /// Keeps the advisory lock that tells later tests: in use.
    _lease: PgConnection,
}

impl TestDatabase {
    /// Where it is, as the owner.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A connection as the owner, past row-level security: for looking at the catalogue and for breaking things.
    ///
    /// # Panics
    /// When the server has gone.
    pub async fn owner(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.expect("the test server answers")
    }
}

impl Deref for TestDatabase {
    type Target = Database;
    fn deref(&self) -> &Database {
        &self.database
    }
}

/// A fresh database with every migration applied, on the server of `MUSTER_TEST_DATABASE_URL`, else `DATABASE_URL`.
///
/// # Panics
/// When neither is set or the server does not answer.
pub async fn database() -> TestDatabase {
    let server = server();
    let mut admin = server.clone().database("postgres").connect().await.expect("the test server of bin/test answers");
    drop_leftovers(&mut admin).await;
    let template = template(&server, &mut admin).await;
    let name = format!("muster_test_{}", Uuid::now_v7().simple());
    sqlx::query("select pg_advisory_lock(hashtextextended($1, 0))")
        .bind(&name)
        .execute(&mut admin)
        .await
        .expect("a lock of one's own name is free");
    run(&mut admin, format!("create database {name} template {template}")).await;
    let url = server.database(&name).to_url_lossy().to_string();
    let database = Database::connect(&url, 8).await.expect("the serving role can use a fresh database");
    TestDatabase { database, url, _lease: admin }
}

fn server() -> PgConnectOptions {
    let url = std::env::var("MUSTER_TEST_DATABASE_URL")
        .or_else(|_| std::env::var("DATABASE_URL"))
        .expect("tests need a Postgres: run them by bin/test, or set MUSTER_TEST_DATABASE_URL to a server they may create databases on");
    url.parse().expect("MUSTER_TEST_DATABASE_URL (else DATABASE_URL) is a postgres:// address")
}

/// The database to copy, made once per state of the migrations.
async fn template(server: &PgConnectOptions, admin: &mut PgConnection) -> String {
    let name = format!("muster_template_{}", fingerprint());
    if exists(admin, &name).await {
        return name;
    }
    sqlx::query("select pg_advisory_lock($1)").bind(TEMPLATE_LOCK).execute(&mut *admin).await.expect("lock");
    if !exists(admin, &name).await {
        let building = format!("{name}_building");
        run(admin, format!("drop database if exists {building} with (force)")).await;
        run(admin, format!("create database {building}")).await;
        let mut connection = server.clone().database(&building).connect().await.expect("a new database answers");
        MIGRATOR.run(&mut connection).await.expect("the migrations apply to an empty database");
        connection.close().await.expect("the connection closes");
        run(admin, format!("alter database {building} rename to {name}")).await;
    }
    sqlx::query("select pg_advisory_unlock($1)").bind(TEMPLATE_LOCK).execute(&mut *admin).await.expect("unlock");
    name
}

/// Names a state of the migrations.
fn fingerprint() -> String {
    let mut hash = Sha256::new();
    for migration in MIGRATOR.iter() {
        hash.update(migration.version.to_be_bytes());
        hash.update(&migration.checksum);
    }
    hash.finalize()[..6].iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn exists(admin: &mut PgConnection, name: &str) -> bool {
    sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(name)
        .fetch_one(admin)
        .await
        .expect("the catalogue can be read")
}

/// Drops a few databases whose tests have ended: more than one per test, so that they never pile up.
async fn drop_leftovers(admin: &mut PgConnection) {
    let names: Vec<String> = sqlx::query_scalar(
        "select datname from (select datname from pg_database where datname like 'muster\\_test\\_%' order by datname limit 20) t
         where pg_try_advisory_lock(hashtextextended(datname, 0)) limit 3",
    )
    .fetch_all(&mut *admin)
    .await
    .expect("the catalogue can be read");
    for name in names {
        run(admin, format!("drop database if exists {name} with (force)")).await;
    }
    run(admin, "select pg_advisory_unlock_all()".into()).await;
}

async fn run(admin: &mut PgConnection, sql: String) {
    sqlx::query(AssertSqlSafe(sql.clone())).execute(admin).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}
