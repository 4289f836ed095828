//! Whom an administrator means.

use chrono::NaiveDate;

use crate::Result;
use crate::database::OrgTx;
use crate::units::{UserId, WorkerId};

/// Somebody found: at work, as a user, or both.
#[derive(Debug, Clone)]
pub struct Found {
    /// The worker.
    pub worker: Option<WorkerId>,
    /// The user.
    pub user: Option<UserId>,
    /// The name.
    pub name: String,
    /// The employee number.
    pub number: Option<String>,
    /// The e-mail to sign in with.
    pub email: Option<String>,
    /// The last day at work.
    pub left_on: Option<NaiveDate>,
    /// Whether the person was forgotten: the name is an alias.
    pub forgotten: bool,
}

/// Up to 20 people whose name, employee number or e-mail holds this text, those who left first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn find_people(tx: &mut OrgTx, text: &str) -> Result<Vec<Found>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let like = format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let rows = sqlx::query!(
        r#"select w.id as "worker?", u.id as "user?", coalesce(w.name, u.name) as "name!", w.employee_number as "number?",
                l.email as "email?", w.left_on as "left_on?",
                exists (select from erasures e where e.org_id = $1 and (e.worker_id = w.id or e.user_id = u.id)) as "forgotten!"
           from (select * from workers where org_id = $1) w
           full join (select * from users where org_id = $1) u on u.worker_id = w.id
           left join logins l on l.org_id = $1 and l.user_id = u.id
           where w.name ilike $2 or u.name ilike $2 or w.employee_number ilike $2 or l.email ilike $2
           order by w.left_on desc nulls last, 3, 4 limit 20"#,
        tx.org().0,
        like
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Found {
            worker: row.worker.map(WorkerId),
            user: row.user.map(UserId),
            name: row.name,
            number: row.number,
            email: row.email,
            left_on: row.left_on,
            forgotten: row.forgotten,
        })
        .collect())
}
