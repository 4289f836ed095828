//! What is held about one person: counted, and row by row to take home.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::register::{HOLDINGS, Holding};
use crate::database::OrgTx;
use crate::exports;
use crate::units::{UserId, WorkerId};
use crate::{Error, Result};

/// Columns that nobody takes home: whose records it is one of, and what opens a door.
const HIDDEN: &str = "'org_id', 'password_hash', 'token_hash', 'secret'";

/// Somebody as the organization knows them: at work, as a user, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// The worker.
    pub worker: Option<WorkerId>,
    /// The user.
    pub user: Option<UserId>,
}

/// How much of one kind is held.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// Which kind.
    pub holding: &'static Holding,
    /// How many rows.
    pub rows: i64,
}

/// Everything that is held about a person.
#[derive(Debug, Clone, Serialize)]
pub struct Download {
    /// One entry per kind that holds anything.
    pub holdings: Vec<Rows>,
}

/// The rows of one kind.
#[derive(Debug, Clone, Serialize)]
pub struct Rows {
    /// The table.
    pub table: &'static str,
    /// What it is.
    pub title: &'static str,
    /// What for.
    pub purpose: &'static str,
    /// How long.
    pub kept: &'static str,
    /// Each row as it is stored, without the organization's id, without what opens a door, and without what it says of others.
    pub rows: Vec<Value>,
}

/// The person a worker is, with the user if there is one.
///
/// # Errors
/// [`Error::NotFound`] for no worker of this organization.
pub async fn person_of_worker(tx: &mut OrgTx, worker: WorkerId) -> Result<Person> {
    let org = tx.org().0;
    let user = sqlx::query_scalar!(
        r#"select u.id as "id?" from workers w left join users u on u.org_id = w.org_id and u.worker_id = w.id
           where w.org_id = $1 and w.id = $2 limit 1"#,
        org,
        worker.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound("worker"))?;
    Ok(Person { worker: Some(worker), user: user.map(UserId) })
}

/// The person a user is, with the worker if there is one.
///
/// # Errors
/// [`Error::NotFound`] for no user of this organization.
pub async fn person_of_user(tx: &mut OrgTx, user: UserId) -> Result<Person> {
    let org = tx.org().0;
    let worker = sqlx::query_scalar!("select worker_id from users where org_id = $1 and id = $2", org, user.0)
        .fetch_optional(&mut **tx)
        .await?
        .ok_or(Error::NotFound("user"))?;
    Ok(Person { worker: worker.map(WorkerId), user: Some(user) })
}

impl Person {
    /// The ids as the register's SQL has them.
    pub(super) fn ids(self) -> (Option<Uuid>, Option<Uuid>) {
        (self.worker.map(|it| it.0), self.user.map(|it| it.0))
    }
}

impl Holding {
    /// `where …` of the rows about a person.
    pub(super) fn of_person(&self) -> String {
        let tenant = if self.global { "" } else { "t.org_id = $1 and " };
        // The casts tell the types of parameters that a condition does not mention.
        format!("where $1::uuid is not null and coalesce($2::uuid, $3::uuid) is not null and {tenant}({})", self.about)
    }

    /// What of such a row the person takes home, as SQL of a `jsonb`.
    fn taken_home(&self) -> String {
        let Some((rows, columns)) = self.less else { return self.taken.to_owned() };
        let fields: Vec<String> = columns.iter().map(|column| format!("'{column}', t.{column}")).collect();
        format!("case when {rows} then jsonb_build_object({}) else {} end", fields.join(", "), self.taken)
    }
}

/// How much of each kind is held about a person, in the order of the register; kinds without rows are there too.
///
/// # Errors
/// [`Error::Database`].
pub async fn held(tx: &mut OrgTx, person: Person) -> Result<Vec<Held>> {
    let mut sql = String::new();
    for (place, holding) in HOLDINGS.iter().enumerate() {
        let all = if place == 0 { "" } else { " union all " };
        let _ = write!(
            sql,
            "{all}select {place}::int as place, count(*) as n from {} t {}",
            holding.table,
            holding.of_person()
        );
    }
    let (worker, user) = person.ids();
    let rows = sqlx::query(AssertSqlSafe(format!("{sql} order by place")))
        .bind(tx.org().0)
        .bind(worker)
        .bind(user)
        .fetch_all(&mut **tx)
        .await?;
    HOLDINGS.iter().zip(rows).map(|(holding, row)| Ok(Held { holding, rows: row.try_get("n")? })).collect()
}

/// Everything that is held about a person, row by row. Of what the person did for others it says that and when, and not
/// what it says of them.
///
/// # Errors
/// [`Error::Database`].
pub async fn download(tx: &mut OrgTx, person: Person) -> Result<Download> {
    let (worker, user) = person.ids();
    let mut holdings = Vec::new();
    for holding in HOLDINGS {
        let (taken, rows) = (holding.taken_home(), holding.of_person());
        let sql = format!("select ({taken}) - array[{HIDDEN}] from {} t {rows} order by 1", holding.table);
        let rows: Vec<Value> = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(tx.org().0)
            .bind(worker)
            .bind(user)
            .fetch_all(&mut **tx)
            .await?;
        if !rows.is_empty() {
            let Holding { table, title, purpose, kept, .. } = *holding;
            holdings.push(Rows { table, title, purpose, kept, rows });
        }
    }
    Ok(Download { holdings })
}

impl Download {
    /// One line per value: what it is, the table, the number of the record in it, the field and the value, under a
    /// header line. Fields without a value are left out.
    ///
    /// # Errors
    /// [`Error::Misconfigured`] when it cannot be written, which memory always can.
    pub fn csv(&self) -> Result<String> {
        let fail = |cause: String| Error::Misconfigured(format!("writing CSV: {cause}"));
        let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        out.write_record(["what", "table", "record", "field", "value"]).map_err(|it| fail(it.to_string()))?;
        for holding in &self.holdings {
            for (number, row) in (1..).zip(&holding.rows) {
                for (field, value) in row.as_object().into_iter().flatten() {
                    let value = match value {
                        Value::Null => continue,
                        Value::String(text) => exports::words(text).into_owned(),
                        other => other.to_string(),
                    };
                    let number: i64 = number;
                    out.write_record([holding.title, holding.table, &number.to_string(), field, &value])
                        .map_err(|it| fail(it.to_string()))?;
                }
            }
        }
        let bytes = out.into_inner().map_err(|it| fail(it.to_string()))?;
        String::from_utf8(bytes).map_err(|it| fail(it.to_string()))
    }
}
