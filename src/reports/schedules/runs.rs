//! What became of a report: its runs, each with its mails.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::database::OrgTx;
use crate::units::UserId;
use crate::{Error, Result};

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
