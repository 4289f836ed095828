//! Forgetting a person: the name and all words go, the numbers stay under an alias, so that no sum changes.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::held::Person;
use super::register::{Fate, HOLDINGS, Holding};
use super::words;
use crate::database::OrgTx;
use crate::people::{Role, audit};
use crate::units::{UserId, WorkerId};
use crate::{Error, Result};

/// What the audit log says of it.
pub const FORGOTTEN: &str = "forgot a person";

/// One erasure, as it is kept.
#[derive(Debug, Clone)]
pub struct Erasure {
    /// Its id.
    pub id: Uuid,
    /// What the person is called since.
    pub alias: String,
    /// Why.
    pub reason: String,
    /// Who did it; `None`: the command line or the retention job.
    pub by: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// How many rows of each table were changed or deleted.
    pub changed: BTreeMap<String, u64>,
}

/// Forgets a person in one transaction. Facts and sums stay under an alias that nothing leads back from; words, places,
/// contact and the way in are gone, and what others wrote about the person loses the name. It cannot be undone.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Conflict`] for somebody who still works here, for an account of nobody at
/// work that is active or the platform's, for who was forgotten before, or is the one who asks; [`Error::Database`].
pub async fn erase(
    tx: &mut OrgTx,
    person: Person,
    by: Option<UserId>,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Erasure> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Error::Invalid("Say why in up to 500 characters: it is kept with the erasure.".into()));
    }
    if by.is_some() && by == person.user {
        return Err(Error::Conflict("Nobody erases the own account: another administrator does.".into()));
    }
    let words = identify(tx, person, now).await?;
    let id = Uuid::now_v7();
    let alias = format!("erased-{}", &Uuid::new_v4().simple().to_string()[..12]);
    let (worker, user) = person.ids();
    let records = records_about(tx, person).await?;
    sqlx::query!(
        "insert into erasures (org_id, id, worker_id, user_id, alias, reason, by_user, at, changed) values ($1, $2, $3, $4, $5, $6, $7, $8, '{}')",
        tx.org().0, id, worker, user, alias, reason, by.map(|it| it.0), now
    )
    .execute(&mut **tx)
    .await?;
    let mut changed = BTreeMap::new();
    // What is found through another table goes before that table does.
    for holding in HOLDINGS.iter().rev() {
        let rows = forget(tx, holding, person, &alias).await?;
        note(&mut changed, holding.table, rows);
    }
    forget_failed_sign_ins(tx, &words.email).await?;
    if let Some(pattern) = words::pattern(&words.all()) {
        for (table, columns) in texts(tx).await? {
            if is_in(tx, &table, &columns, &pattern).await? {
                let rows = take_out(tx, &table, &columns, &pattern, &alias).await?;
                note(&mut changed, &table, rows);
            }
        }
        let rows =
            sqlx::query_scalar!("select forget_in_audit_log($1, $2, $3, $4)", tx.org().0, &records, pattern, alias)
                .fetch_one(&mut **tx)
                .await?;
        note(&mut changed, "audit_log", rows.and_then(|it| u64::try_from(it).ok()).unwrap_or(0));
    }
    let kept = sqlx::query_scalar!(
        "update erasures set changed = $3 where org_id = $1 and id = $2 returning reason",
        tx.org().0,
        id,
        json!(changed)
    )
    .fetch_one(&mut **tx)
    .await?;
    if let Some(user) = by {
        audit::record(tx, user, FORGOTTEN, "erasure", Some(id), Some(json!({ "alias": alias })), now).await?;
    }
    let by = match by {
        Some(user) => {
            sqlx::query_scalar!("select name from users where org_id = $1 and id = $2", tx.org().0, user.0)
                .fetch_optional(&mut **tx)
                .await?
        }
        None => None,
    };
    Ok(Erasure { id, alias, reason: kept, by, at: now, changed })
}

/// The latest erasures, newest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn erasures(tx: &mut OrgTx, limit: i64) -> Result<Vec<Erasure>> {
    let rows = sqlx::query!(
        r#"select e.id, e.alias, e.reason, u.name as "by?", e.at, e.changed
           from erasures e left join users u on u.org_id = e.org_id and u.id = e.by_user
           where e.org_id = $1 order by e.at desc, e.id desc limit $2"#,
        tx.org().0,
        limit
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let changed = serde_json::from_value(row.changed)?;
            Ok(Erasure { id: row.id, alias: row.alias, reason: row.reason, by: row.by, at: row.at, changed })
        })
        .collect()
}

fn note(changed: &mut BTreeMap<String, u64>, table: &str, rows: u64) {
    if rows > 0 {
        *changed.entry(table.to_owned()).or_default() += rows;
    }
}

/// What a person is found by.
#[derive(Default)]
struct Words {
    plain: Vec<String>,
    email: Option<String>,
}

impl Words {
    fn all(&self) -> Vec<String> {
        self.plain.iter().cloned().chain(self.email.clone()).collect()
    }
}

/// Locks the person's rows, refuses whom one may not forget, and says what the person is found by.
async fn identify(tx: &mut OrgTx, person: Person, now: DateTime<Utc>) -> Result<Words> {
    let org = tx.org().0;
    let mut words = Words::default();
    if let Some(WorkerId(worker)) = person.worker {
        let row = sqlx::query!(
            r#"select w.name, w.employee_number, w.registration_number,
                coalesce(w.left_on < ($3::timestamptz at time zone o.time_zone)::date, false) as "left!"
             from workers w join organizations o on o.id = w.org_id where w.org_id = $1 and w.id = $2 for update of w"#,
            org,
            worker,
            now
        )
        .fetch_optional(&mut **tx)
        .await?
        .ok_or(Error::NotFound("worker"))?;
        if !row.left {
            return Err(Error::Conflict(
                "This person works here. Record the last day at work first; from the day after, the person can be forgotten.".into(),
            ));
        }
        words.plain.extend([row.name, row.employee_number].into_iter().chain(row.registration_number));
    }
    if let Some(UserId(user)) = person.user {
        let row = sqlx::query!(
            r#"select u.name, u.role, u.status, l.email as "email?" from users u left join logins l on l.org_id = u.org_id and l.user_id = u.id
               where u.org_id = $1 and u.id = $2 for update of u"#,
            org,
            user
        )
        .fetch_optional(&mut **tx)
        .await?
        .ok_or(Error::NotFound("user"))?;
        if person.worker.is_none() {
            may_be_forgotten(row.role.parse()?, &row.status)?;
        }
        words.plain.push(row.name);
        words.email = row.email;
    }
    let (worker, user) = person.ids();
    let before = sqlx::query_scalar!(
        r#"select exists (select from erasures where org_id = $1 and (worker_id = $2 or user_id = $3)) as "before!""#,
        org,
        worker,
        user
    )
    .fetch_one(&mut **tx)
    .await?;
    if before {
        return Err(Error::Conflict("This person was forgotten already.".into()));
    }
    Ok(words)
}

/// An account of nobody who works here has no last day that would have to be over: that it was deactivated stands for it, by
/// the rules of deactivating.
fn may_be_forgotten(role: Role, status: &str) -> Result<()> {
    if role == Role::Platform {
        return Err(Error::Conflict("This account is the platform's: it is not the organization's to forget.".into()));
    }
    if status == "active" {
        return Err(Error::Conflict(
            "This account is in use. Deactivate it under Users first; then the person can be forgotten.".into(),
        ));
    }
    Ok(())
}

/// The records that lines of the audit log about the person point to.
async fn records_about(tx: &mut OrgTx, person: Person) -> Result<Vec<Uuid>> {
    let (worker, user) = person.ids();
    let ids = sqlx::query_scalar!(
        r#"select id as "id!" from disputes where org_id = $1 and (worker_id = $2 or filed_by = $3)
         union select id from coaching_items where org_id = $1 and worker_id = $2"#,
        tx.org().0,
        worker,
        user
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}

async fn forget(tx: &mut OrgTx, holding: &Holding, person: Person, alias: &str) -> Result<u64> {
    let (table, rows) = (holding.table, holding.of_person());
    let sql = match holding.fate {
        Fate::Kept | Fate::Audit => return Ok(0),
        Fate::Deleted => format!("delete from {table} t {rows} and $4::text is not null"),
        Fate::Emptied(columns) => format!("update {table} t set {columns} {rows} and $4::text is not null"),
    };
    let (worker, user) = person.ids();
    let done =
        sqlx::query(AssertSqlSafe(sql)).bind(tx.org().0).bind(worker).bind(user).bind(alias).execute(&mut **tx).await?;
    Ok(done.rows_affected())
}

async fn forget_failed_sign_ins(tx: &mut OrgTx, email: &Option<String>) -> Result<()> {
    if let Some(email) = email {
        let key = crate::people::accounts::account_key(email);
        sqlx::query!("delete from sign_in_limits where key = $1", key).execute(&mut **tx).await?;
    }
    Ok(())
}

/// A column in which somebody's words can stand.
struct TextColumn {
    name: String,
    /// Its type, as Postgres calls it.
    kind: String,
}

/// Every such column of the organization's tables, read from the catalogue, so that a new table is never forgotten.
/// Names of other people stay: somebody else may be called the same.
async fn texts(tx: &mut OrgTx) -> Result<BTreeMap<String, Vec<TextColumn>>> {
    let rows = sqlx::query(
        "select c.relname::text as table_name, a.attname::text as column_name, a.atttypid::regtype::text as kind
         from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
           and a.atttypid in ('text'::regtype, 'varchar'::regtype, 'jsonb'::regtype, 'json'::regtype, 'text[]'::regtype)
           and exists (select from pg_attribute o where o.attrelid = c.oid and o.attname = 'org_id')
           and c.relname not in ('audit_log', 'logins', 'api_tokens')
           and (c.relname, a.attname) not in (('workers', 'name'), ('workers', 'employee_number'), ('users', 'name'))
           and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
                           and pg_get_constraintdef(k.oid) like '%ANY (ARRAY[%')
         order by 1, 2",
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut texts: BTreeMap<String, Vec<TextColumn>> = BTreeMap::new();
    for row in rows {
        let column = TextColumn { name: row.try_get("column_name")?, kind: row.try_get("kind")? };
        texts.entry(row.try_get("table_name")?).or_default().push(column);
    }
    Ok(texts)
}

/// Whether one of the words stands in one of these columns. Reading a table is shared among cores and the columns are
/// looked through at once; an update is neither, and nearly all tables hold no word of anybody.
async fn is_in(tx: &mut OrgTx, table: &str, columns: &[TextColumn], pattern: &str) -> Result<bool> {
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let all = names.join(", ");
    let sql = format!("select count(*) from {table} where org_id = $1 and concat_ws(chr(10), {all}) ~* $2");
    // All at once: Postgres shares no work for a reader that may stop.
    let found: Vec<i64> =
        sqlx::query_scalar(AssertSqlSafe(sql)).bind(tx.org().0).bind(pattern).fetch_all(&mut **tx).await?;
    Ok(found.iter().any(|rows| *rows > 0))
}

/// Takes the words out of all these columns of a table in one pass.
async fn take_out(tx: &mut OrgTx, table: &str, columns: &[TextColumn], pattern: &str, alias: &str) -> Result<u64> {
    let set: Vec<String> = columns
        .iter()
        .map(|TextColumn { name, kind }| format!("{name} = regexp_replace({name}::text, $2, $3, 'gi')::{kind}"))
        .collect();
    let found: Vec<String> = columns.iter().map(|column| format!("{}::text ~* $2", column.name)).collect();
    let sql = format!("update {table} set {} where org_id = $1 and ({})", set.join(", "), found.join(" or "));
    let done = sqlx::query(AssertSqlSafe(sql)).bind(tx.org().0).bind(pattern).bind(alias).execute(&mut **tx).await?;
    Ok(done.rows_affected())
}
