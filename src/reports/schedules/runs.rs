//! What became of it: each run with its mails, the files of a recipient, and who is told when something does not go out.

use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{JOB, PAGE};
use crate::database::OrgTx;
use crate::mail::{Attachment, Letter, send};
use crate::notifications::{Kind, notify_once};
use crate::queue::{Order, enqueue};
use crate::units::UserId;
use crate::{Error, Result};

/// How often a run is tried: over about four minutes; the numbers of a morning are no use in the afternoon.
const TRIES: i32 = 6;
/// Days a run is kept.
pub const DAYS_KEPT: i64 = 365;

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// It waits for somebody to be free, or for its next try.
    Waiting,
    /// It is being made.
    Running,
    /// It was made, and its mails asked for.
    Done,
    /// It was given up.
    Failed,
}

impl RunState {
    fn of(text: &str) -> Self {
        match text {
            "running" => Self::Running,
            "done" => Self::Done,
            "failed" => Self::Failed,
            _ => Self::Waiting,
        }
    }

    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// One time a schedule's report was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Which.
    pub id: Uuid,
    /// Of which schedule.
    pub schedule: Uuid,
    /// The moment it was due; `None`: sent by hand.
    pub slot: Option<DateTime<Utc>>,
    /// Who sent it by hand.
    pub asked_by: Option<String>,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// How it stands.
    pub state: RunState,
    /// Tries so far.
    pub attempts: i32,
    /// When the latest try began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub finished_at: Option<DateTime<Utc>>,
    /// Why nothing was sent.
    pub note: Option<String>,
    /// What the latest try failed of.
    pub error: Option<String>,
    /// What each recipient got, by name.
    pub deliveries: Vec<Delivery>,
}

/// What one recipient got of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Who.
    pub user: UserId,
    /// By name.
    pub name: String,
    /// Where the mail goes.
    pub address: Option<String>,
    /// The mail's state: waiting, sent, failed or kept; `None`: there is none, or none any more.
    pub state: Option<String>,
    /// What the mail server said last.
    pub outcome: Option<String>,
    /// When.
    pub settled_at: Option<DateTime<Utc>>,
    /// How large the file is, in bytes.
    pub bytes: Option<i64>,
    /// Why there is no mail.
    pub refused: Option<String>,
}

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

/// A schedule whose latest run was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    /// Which schedule.
    pub schedule: Uuid,
    /// Its name.
    pub name: String,
    /// When its latest run was given up.
    pub since: DateTime<Utc>,
    /// What it failed of.
    pub error: String,
}

/// Writes a run down and puts its job into the queue. `None`: its slot was planned before.
pub(super) async fn begin(
    tx: &mut OrgTx,
    schedule: Uuid,
    slot: Option<DateTime<Utc>>,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<Option<Uuid>> {
    let (org, run) = (tx.org(), Uuid::now_v7());
    let key = match slot {
        Some(slot) => format!("{schedule} {}", slot.format("%Y-%m-%dT%H:%MZ")),
        None => format!("{schedule} by hand {run}"),
    };
    let mut order = Order::new(JOB).keyed(key).tried(TRIES).with(json!({ "schedule": schedule, "run": run }));
    if let Some(by) = by {
        order = order.by(by);
    }
    let Some(job) = enqueue(tx, org, order, now).await? else { return Ok(None) };
    sqlx::query!(
        "insert into report_runs (org_id, id, schedule_id, job_id, slot, asked_by, asked_at) values ($1, $2, $3, $4, $5, $6, $7)",
        org.0,
        run,
        schedule,
        job.0,
        slot,
        by.map(|user| user.0),
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(Some(run))
}

/// Whether a run that was asked for by hand has not ended.
pub(super) async fn waits(tx: &mut OrgTx, schedule: Uuid) -> Result<bool> {
    let org = tx.org().0;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from report_runs where org_id = $1 and schedule_id = $2 and slot is null and state in ('waiting', 'running')) as "waits!""#,
        org,
        schedule
    )
    .fetch_one(&mut **tx)
    .await?)
}

struct Row {
    id: Uuid,
    schedule_id: Uuid,
    slot: Option<DateTime<Utc>>,
    asked_by: Option<String>,
    asked_at: DateTime<Utc>,
    state: String,
    attempts: i32,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    note: Option<String>,
    error: Option<String>,
}

async fn read(
    tx: &mut OrgTx,
    schedule: Option<Uuid>,
    id: Option<Uuid>,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Run>> {
    let org = tx.org().0;
    let rows = sqlx::query_as!(
        Row,
        r#"select r.id, r.schedule_id, r.slot, u.name as "asked_by?", r.asked_at, r.state, r.attempts, r.started_at, r.finished_at,
               r.note, r.error
           from report_runs r left join users u on u.org_id = $1 and u.id = r.asked_by
           where r.org_id = $1 and ($2::uuid is null or r.schedule_id = $2) and ($3::uuid is null or r.id = $3)
             and ($4::uuid is null or r.id < $4)
           order by r.id desc limit $5"#,
        org,
        schedule,
        id,
        before,
        limit
    )
    .fetch_all(&mut **tx)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let deliveries = sqlx::query!(
        r#"select d.run_id, d.user_id, u.name, m.address as "address?", m.state as "state?", m.outcome as "outcome?",
               m.settled_at as "settled_at?", d.bytes, d.refused
           from report_deliveries d
           join users u on u.org_id = $1 and u.id = d.user_id
           left join mails m on m.org_id = $1 and m.id = d.mail_id
           where d.org_id = $1 and d.run_id = any ($2) order by lower(u.name), d.user_id"#,
        org,
        &ids
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut runs: Vec<Run> = rows.into_iter().map(run_of).collect();
    for it in deliveries {
        let Some(run) = runs.iter_mut().find(|run| run.id == it.run_id) else { continue };
        run.deliveries.push(Delivery {
            user: UserId(it.user_id),
            name: it.name,
            address: it.address,
            state: it.state,
            outcome: it.outcome,
            settled_at: it.settled_at,
            bytes: it.bytes,
            refused: it.refused,
        });
    }
    Ok(runs)
}

fn run_of(row: Row) -> Run {
    Run {
        id: row.id,
        schedule: row.schedule_id,
        slot: row.slot,
        asked_by: row.asked_by,
        asked_at: row.asked_at,
        state: RunState::of(&row.state),
        attempts: row.attempts,
        started_at: row.started_at,
        finished_at: row.finished_at,
        note: row.note,
        error: row.error,
        deliveries: Vec::new(),
    }
}

/// The runs of a schedule, newest first, older than `before` if that is given. That the caller may see the schedule is
/// asked before.
///
/// # Errors
/// [`Error::Database`].
pub async fn runs(tx: &mut OrgTx, schedule: Uuid, before: Option<Uuid>, limit: i64) -> Result<Vec<Run>> {
    read(tx, Some(schedule), None, before, limit).await
}

/// One run. That the caller may see its schedule is asked for afterwards.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Database`].
pub async fn run(tx: &mut OrgTx, id: Uuid) -> Result<Run> {
    read(tx, None, Some(id), None, 1).await?.pop().ok_or(Error::NotFound("run"))
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

/// The schedules that go out and whose latest run was given up: something to be alarmed about.
///
/// # Errors
/// [`Error::Database`].
pub async fn failing(tx: &mut OrgTx) -> Result<Vec<Failing>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Failing,
        r#"select s.id as schedule, s.name, r.finished_at as "since!", coalesce(r.error, 'without a word') as "error!"
           from report_schedules s
           join lateral (
               select l.state, l.finished_at, l.error from report_runs l
               where l.org_id = $1 and l.schedule_id = s.id and l.state in ('done', 'failed')
               order by l.asked_at desc, l.id desc limit 1) r on true
           where s.org_id = $1 and s.active and r.state = 'failed' and r.finished_at is not null order by s.name, s.id"#,
        org
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Closes runs whose job the queue has given up, by failing or by dying, and tells whose they are: once, in the app and by
/// mail.
pub(super) async fn tell_given_up(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<u64> {
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
pub(super) async fn tell_undelivered(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<u64> {
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

/// What a run needs to know before it begins.
#[derive(Debug)]
pub(super) struct Begun {
    pub schedule: Uuid,
    pub slot: Option<DateTime<Utc>>,
    pub asked_at: DateTime<Utc>,
}

/// A try begins. `None`: it is over already.
pub(super) async fn started(tx: &mut OrgTx, id: Uuid, attempt: i32, now: DateTime<Utc>) -> Result<Option<Begun>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Begun,
        "update report_runs set state = 'running', started_at = $3, finished_at = null, attempts = $4
         where org_id = $1 and id = $2 and state <> 'done' returning schedule_id as schedule, slot, asked_at",
        org,
        id,
        now,
        attempt
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// This try failed; whether it was the last the queue knows.
pub(super) async fn stumbled(tx: &mut OrgTx, id: Uuid, error: &str) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "update report_runs set state = 'waiting', error = $3 where org_id = $1 and id = $2 and state = 'running'",
        org,
        id,
        error
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// It is over.
pub(super) async fn finished(tx: &mut OrgTx, id: Uuid, note: Option<&str>, now: DateTime<Utc>) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "update report_runs set state = 'done', finished_at = $3, note = $4, error = null where org_id = $1 and id = $2",
        org,
        id,
        now,
        note
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What a recipient got: the mail and what is in it, or why there is none.
#[derive(Debug, Default)]
pub(super) struct Got<'a> {
    pub mail: Option<Uuid>,
    pub period: Option<&'a str>,
    pub bytes: Option<usize>,
    pub refused: Option<&'a str>,
}

pub(super) async fn delivered(tx: &mut OrgTx, run: Uuid, user: UserId, got: Got<'_>) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into report_deliveries (org_id, run_id, user_id, mail_id, period, bytes, refused, told) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        org,
        run,
        user.0,
        got.mail,
        got.period,
        got.bytes.and_then(|bytes| i64::try_from(bytes).ok()),
        got.refused,
        got.mail.is_none()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets runs that were over long ago.
///
/// # Errors
/// [`Error::Database`].
pub async fn forget_old(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<u64> {
    let (org, before) = (tx.org().0, now - Duration::days(DAYS_KEPT));
    sqlx::query!(
        "delete from report_deliveries d using report_runs r
         where d.org_id = $1 and r.org_id = $1 and r.id = d.run_id and r.state in ('done', 'failed') and r.asked_at < $2",
        org,
        before
    )
    .execute(&mut **tx)
    .await?;
    let forgotten = sqlx::query!(
        "delete from report_runs where org_id = $1 and state in ('done', 'failed') and asked_at < $2",
        org,
        before
    )
    .execute(&mut **tx)
    .await?;
    Ok(forgotten.rows_affected())
}
