//! Who is told of a report that could not be made or did not arrive, each once.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::PAGE;
use super::course::TRIES;
use crate::Result;
use crate::database::OrgTx;
use crate::mail::{Letter, send};
use crate::notifications::{Kind, notify_once};
use crate::units::UserId;

/// Closes runs whose job the queue has given up, by failing or by dying, and tells whose they are: once, in the app and by
/// mail.
pub(super) async fn given_up(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<u64> {
    let org = tx.org().0;
    let lost = sqlx::query!(
        r#"update report_runs r set state = 'failed', finished_at = $2, error = coalesce(j.error, r.error), attempts = j.attempts
           from job_runs j, report_schedules s
           where r.org_id = $1 and r.state in ('waiting', 'running') and j.id = r.job_id and j.state = 'failed'
             and s.org_id = $1 and s.id = r.schedule_id
           returning r.id, r.error, s.id as schedule, s.name, s.created_by"#,
        org,
        now
    )
    .fetch_all(&mut **tx)
    .await?;
    for run in &lost {
        let error = run.error.as_deref().unwrap_or("without a word");
        let text = format!("The report ‘{}’ could not be made: {error}", run.name);
        let body = format!(
            "The report '{}' could not be made. It was tried {TRIES} times, and failed of this:\n\n{error}\n\nNothing was sent. \
             In Muster, under Reports, its runs are listed, and it can be sent once the cause is mended.\n",
            run.name
        );
        let link = format!("{PAGE}/{}", run.schedule);
        let key = format!("report failed {}", run.id);
        for owner in owners(tx, run.created_by).await? {
            notify_once(tx, &[owner], Kind::Report, &key, (&text, &link), now).await?;
            let letter = Letter {
                to: owner,
                key: Some(key.clone()),
                subject: format!("Not sent: {}", run.name),
                body: body.clone(),
                attachment: None,
            };
            send(tx, &letter, now).await?;
        }
    }
    Ok(lost.len() as u64)
}

/// Whose a schedule is: who made it, or the admins where nobody did.
async fn owners(tx: &mut OrgTx, created_by: Option<Uuid>) -> Result<Vec<UserId>> {
    let org = tx.org().0;
    let users = sqlx::query_scalar!(
        "select id from users where org_id = $1 and status = 'active' and case when $2::uuid is null then role = 'admin' else id = $2 end",
        org,
        created_by
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(users.into_iter().map(UserId).collect())
}

/// Tells recipients of files that stayed here because there is no mail server, and the owner of mails that the mail server
/// refused; each once.
pub(super) async fn undelivered(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<u64> {
    let org = tx.org().0;
    let settled = sqlx::query!(
        r#"update report_deliveries d set told = true from mails m, report_runs r, report_schedules s
           where d.org_id = $1 and not d.told and m.org_id = $1 and m.id = d.mail_id and m.state <> 'waiting'
             and r.org_id = $1 and r.id = d.run_id and s.org_id = $1 and s.id = r.schedule_id
           returning d.run_id, d.user_id, d.period, m.state, m.address, m.outcome, s.id as schedule, s.name, s.created_by"#,
        org
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut told = 0;
    for it in settled {
        let period = it.period.map(|period| format!(", {period},")).unwrap_or_default();
        if it.state == "kept" {
            let text = format!("The report ‘{}’{period} waits here for you: there is no mail server.", it.name);
            let key = format!("report {}", it.run_id);
            told += notify_once(tx, &[UserId(it.user_id)], Kind::Report, &key, (&text, PAGE), now).await?;
        } else if it.state == "failed" {
            let words = it.outcome.unwrap_or_default();
            let text = format!("The mail with the report ‘{}’{period} to {} was refused: {words}", it.name, it.address);
            let (key, link) =
                (format!("report refused {} {}", it.run_id, it.user_id), format!("{PAGE}/{}", it.schedule));
            let owners = owners(tx, it.created_by).await?;
            told += notify_once(tx, &owners, Kind::Report, &key, (&text, &link), now).await?;
        }
    }
    Ok(told)
}
