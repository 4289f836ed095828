//! What does a database look like to somebody who asks whether all is well?

use chrono::{DateTime, Utc};
use sqlx::{Connection, PgConnection};

use super::{MIGRATOR, SERVING_ROLE};
use crate::Result;

/// What was found.
#[derive(Debug, Clone)]
pub struct Examination {
    /// The server's version, as in `15.4`.
    pub version: String,
    /// The same as a number: 150004.
    pub version_number: i32,
    /// Whether the connection is encrypted.
    pub encrypted: bool,
    /// Whether it stays on this machine.
    pub local: bool,
    /// Seconds by which the server's clock is ahead of the moment that was passed in.
    pub clock_ahead: i64,
    /// Migrations of this build that are not applied.
    pub missing: Vec<i64>,
    /// Applied migrations that read otherwise in this build.
    pub changed: Vec<i64>,
    /// Applied migrations of a newer build.
    pub newer: usize,
    /// Whether the serving role is there and can neither bypass row-level security nor create roles or databases.
    pub weak_role: bool,
    /// Tables with an organization but without forced row-level security.
    pub unprotected: Vec<String>,
}

/// Looks at the database at `url`, as its owner. Changes nothing.
///
/// # Errors
/// [`crate::Error::Database`] when it does not answer.
pub async fn examine(url: &str, now: DateTime<Utc>) -> Result<Examination> {
    let mut connection = PgConnection::connect(url).await?;
    let (version, version_number, encrypted, local, at): (String, i32, bool, bool, DateTime<Utc>) = sqlx::query_as(
        "select current_setting('server_version'), current_setting('server_version_num')::int,
                coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false),
                coalesce(host(inet_client_addr()) = host(inet_server_addr()), true), clock_timestamp()",
    )
    .fetch_one(&mut connection)
    .await?;
    let applied = applied(&mut connection).await?;
    let known = |version: i64| applied.iter().find(|(other, _)| *other == version);
    let weak_role = sqlx::query_scalar(
        "select exists (select from pg_roles where rolname = $1 and not (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb))",
    )
    .bind(SERVING_ROLE)
    .fetch_one(&mut connection)
    .await?;
    let examination = Examination {
        version,
        version_number,
        encrypted,
        local,
        clock_ahead: (at - now).num_seconds(),
        missing: MIGRATOR.iter().map(|it| it.version).filter(|version| known(*version).is_none()).collect(),
        changed: MIGRATOR
            .iter()
            .filter(|it| known(it.version).is_some_and(|(_, checksum)| *checksum != *it.checksum))
            .map(|it| it.version)
            .collect(),
        newer: applied.iter().filter(|(version, _)| MIGRATOR.iter().all(|it| it.version != *version)).count(),
        weak_role,
        unprotected: unprotected(&mut connection).await?,
    };
    connection.close().await?;
    Ok(examination)
}

async fn applied(connection: &mut PgConnection) -> Result<Vec<(i64, Vec<u8>)>> {
    let begun: bool =
        sqlx::query_scalar("select to_regclass('_sqlx_migrations') is not null").fetch_one(&mut *connection).await?;
    if !begun {
        return Ok(Vec::new());
    }
    Ok(sqlx::query_as("select version, checksum from _sqlx_migrations where success").fetch_all(connection).await?)
}

/// The global tables hold an organization too, but are read before one is known.
async fn unprotected(connection: &mut PgConnection) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar(
        "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id'
         where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
           and not (c.relrowsecurity and c.relforcerowsecurity)
           and c.relname not in ('logins', 'api_tokens', 'job_runs')
         order by 1",
    )
    .fetch_all(connection)
    .await?)
}
