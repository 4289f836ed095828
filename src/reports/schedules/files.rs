//! The files of runs: each is its recipient's alone, and only as long as that recipient may see what is in it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Report;
use crate::database::OrgTx;
use crate::mail::Attachment;
use crate::people::User;
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

/// The reports that a user may see today, by their codes, and those of them in which the user sees people by name.
fn open_to(user: &User) -> (Vec<String>, Vec<String>) {
    let scopes = Report::ALL.iter().filter_map(|report| Some((*report, user.scope(report.permission()).ok()?)));
    let (mut open, mut named) = (Vec::new(), Vec::new());
    for (report, scope) in scopes {
        open.push(report.code().to_owned());
        named.extend(scope.names.then(|| report.code().to_owned()));
    }
    (open, named)
}

/// The latest files that a user was sent, that are still kept and that the user may still see, newest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn own_files(tx: &mut OrgTx, user: &User, limit: i64) -> Result<Vec<OwnFile>> {
    let (org, (open, named)) = (tx.org().0, open_to(user));
    Ok(sqlx::query_as!(
        OwnFile,
        r#"select d.run_id as run, s.name, d.period, m.asked_at as at, m.attachment_name as "file!", coalesce(d.bytes, 0) as "bytes!"
           from report_deliveries d
           join report_runs r on r.org_id = $1 and r.id = d.run_id
           join report_schedules s on s.org_id = $1 and s.id = r.schedule_id
           join mails m on m.org_id = $1 and m.id = d.mail_id
           where d.org_id = $1 and d.user_id = $2 and m.attachment_name is not null
             and s.report = any ($4) and (s.report = any ($5) or not coalesce(d.named, m.attachment_type <> 'application/pdf'))
           order by d.run_id desc limit $3"#,
        org,
        user.id.0,
        limit,
        &open,
        &named
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The file that a run made for a user: nobody else's can be had, as it holds what that user may see. Who lost the report, or
/// the names in it, lost the file too.
///
/// # Errors
/// [`Error::NotFound`] where there is none, or none any more; [`Error::Database`].
pub async fn file(tx: &mut OrgTx, user: &User, run: Uuid) -> Result<Attachment> {
    let (org, (open, named)) = (tx.org().0, open_to(user));
    let row = sqlx::query!(
        r#"select m.attachment as "content!", m.attachment_name as "name!", m.attachment_type as "media_type!"
           from report_deliveries d
           join report_runs r on r.org_id = $1 and r.id = d.run_id
           join report_schedules s on s.org_id = $1 and s.id = r.schedule_id
           join mails m on m.org_id = $1 and m.id = d.mail_id
           where d.org_id = $1 and d.user_id = $2 and d.run_id = $3 and m.attachment is not null
             and s.report = any ($4) and (s.report = any ($5) or not coalesce(d.named, m.attachment_type <> 'application/pdf'))"#,
        org,
        user.id.0,
        run,
        &open,
        &named
    )
    .fetch_optional(&mut **tx)
    .await?;
    let row = row.ok_or(Error::NotFound("file"))?;
    Ok(Attachment { name: row.name, media_type: row.media_type, content: row.content })
}
