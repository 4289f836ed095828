//! The job: makes the report for each recipient and asks for the mails.

use uuid::Uuid;

use super::JOB;
use crate::database::Database;
use crate::mail::{Attachment, Letter, send};
use crate::metrics::Quarter;
use crate::metrics::dirty::last_complete_day;
use crate::people::{Permission, User, user_of_id};
use crate::queue::{Hands, Held};
use crate::reports::{quarterly, set};
use crate::units::UserId;
use crate::{Error, Result};

/// Who can make scheduled reports too.
#[must_use]
pub fn hands(hands: Hands, db: &Database) -> Hands {
    let db = db.clone();
    hands.can(JOB, move |held| {
        let db = db.clone();
        async move { deliver(&db, &held).await }
    })
}

/// All mails of a slot and the end of its job are one transaction.
async fn deliver(db: &Database, held: &Held) -> Result<u64> {
    let schedule = held.payload["schedule"].as_str().and_then(|id| id.parse().ok());
    let schedule: Uuid = schedule.ok_or(Error::NotFound("schedule"))?;
    let mut tx = db.org(held.org).await?;
    let name = sqlx::query_scalar!(
        "select s.name from report_schedules s join users u on u.org_id = s.org_id and u.id = s.created_by
         where s.org_id = $1 and s.id = $2 and s.active and u.status = 'active'",
        held.org.0,
        schedule
    )
    .fetch_optional(&mut *tx)
    .await?;
    let recipients = sqlx::query_scalar!(
        "select user_id from report_recipients where org_id = $1 and schedule_id = $2 order by user_id",
        held.org.0,
        schedule
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    // Stopped, or its owner has left.
    let Some(name) = name else { return Ok(0) };
    let mut letters = Vec::new();
    for (done, user) in (1..).zip(&recipients) {
        let user = user_of_id(db, held.org, UserId(*user)).await?;
        if let Some(user) = user.filter(|user| Permission::Executive.is_for(user.role)) {
            letters.push(letter(db, held, &name, &user).await?);
        }
        held.progress(done, recipients.len() as u64);
    }
    let mut tx = db.org(held.org).await?;
    let mut sent = 0;
    for letter in &letters {
        sent += u64::from(send(&mut tx, letter, held.now).await?.is_some());
    }
    held.end_with(&mut tx, sent).await?;
    tx.commit().await?;
    Ok(sent)
}

/// The latest quarter that is over, as this user may see it.
async fn letter(db: &Database, held: &Held, name: &str, user: &User) -> Result<Letter> {
    let last = last_complete_day(user.org.zone, held.now);
    let open = Quarter::of(last);
    let quarter = if open.period().last == last { open } else { open.previous() };
    let mut scope = user.scope(Permission::Executive)?;
    scope.names = false;
    let mut tx = db.org(held.org).await?;
    let it = quarterly::quarterly(&mut tx, &scope, &user.org, (quarter, None), last).await?;
    tx.commit().await?;
    let pdf = set(quarterly::document(&it, held.now, user.org.zone)).await?;
    Ok(Letter {
        to: user.id,
        key: Some(format!("job {}", held.id)),
        subject: format!("{name}: {}", quarter.name()),
        body: format!(
            "{}: the report of {} is attached, as you may see it.\n\nIt comes by the schedule '{name}' of {}.\n",
            user.org.name,
            quarter.name(),
            user.org.name
        ),
        attachment: Some(Attachment {
            name: format!("{}-{quarter}.pdf", user.org.slug),
            media_type: "application/pdf".into(),
            content: pdf.bytes,
        }),
    })
}
