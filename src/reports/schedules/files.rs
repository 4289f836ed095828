//! The files of runs: each is its recipient's alone.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::database::OrgTx;
use crate::mail::Attachment;
use crate::units::UserId;
use crate::{Error, Result};

/// A file that a recipient can download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFile {
    /// Of which run.
    pub run: Uuid,
    /// The schedule's name.
    pub name: String,
    /// What it is about.
    pub period: Option<String>,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Its name.
    pub file: String,
    /// How large it is, in bytes.
    pub bytes: i64,
}

/// The latest files that a user was sent and that are still kept, newest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn own_files(tx: &mut OrgTx, user: UserId, limit: i64) -> Result<Vec<OwnFile>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        OwnFile,
        r#"select d.run_id as run, s.name, d.period, m.asked_at as at, m.attachment_name as "file!", coalesce(d.bytes, 0) as "bytes!"
           from report_deliveries d
           join report_runs r on r.org_id = $1 and r.id = d.run_id
           join report_schedules s on s.org_id = $1 and s.id = r.schedule_id
           join mails m on m.org_id = $1 and m.id = d.mail_id
           where d.org_id = $1 and d.user_id = $2 and m.attachment_name is not null
           order by d.run_id desc limit $3"#,
        org,
        user.0,
        limit
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The file that a run made for a user: nobody else's can be had, as it holds what that user may see.
///
/// # Errors
/// [`Error::NotFound`] where there is none, or none any more; [`Error::Database`].
pub async fn file(tx: &mut OrgTx, user: UserId, run: Uuid) -> Result<Attachment> {
    let org = tx.org().0;
    let row = sqlx::query!(
        r#"select m.attachment as "content!", m.attachment_name as "name!", m.attachment_type as "media_type!"
           from report_deliveries d join mails m on m.org_id = $1 and m.id = d.mail_id
           where d.org_id = $1 and d.user_id = $2 and d.run_id = $3 and m.attachment is not null"#,
        org,
        user.0,
        run
    )
    .fetch_optional(&mut **tx)
    .await?;
    let row = row.ok_or(Error::NotFound("file"))?;
    Ok(Attachment { name: row.name, media_type: row.media_type, content: row.content })
}
