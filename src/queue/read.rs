//! What the ledger and the queue say to whoever looks.

use chrono::{DateTime, Duration, NaiveDate, Utc};

use crate::database::GlobalTx;
use crate::units::{JobId, OrgId};
use crate::{Error, Result};

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// It waits for its moment or for somebody to be free.
    Queued,
    /// Somebody does it.
    Running,
    /// It is done.
    Done,
    /// It was given up.
    Failed,
}

impl JobState {
    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    fn of(text: &str) -> Result<Self> {
        [Self::Queued, Self::Running, Self::Done, Self::Failed]
            .into_iter()
            .find(|state| state.name() == text)
            .ok_or_else(|| Error::Misconfigured(format!("the ledger says '{text}' of a job")))
    }
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Which.
    pub id: JobId,
    /// The job's name.
    pub job: String,
    /// The local date it is for; `None`: of no date.
    pub slot: Option<NaiveDate>,
    /// How it stands.
    pub state: JobState,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// By whom, if by somebody of the organization.
    pub asked_by: Option<String>,
    /// When the latest try began.
    pub started_at: Option<DateTime<Utc>>,
    /// When the latest try ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// When it is tried next, by the database's clock.
    pub next_try: Option<DateTime<Utc>>,
    /// Tries so far.
    pub attempts: i32,
    /// Tries at most.
    pub tries: i32,
    /// How far: done.
    pub done: Option<i64>,
    /// How far: of how many.
    pub of: Option<i64>,
    /// Rows written.
    pub rows: Option<i64>,
    /// What the latest failed try failed of.
    pub error: Option<String>,
}

struct Row {
    id: JobId,
    job: String,
    slot: Option<NaiveDate>,
    state: String,
    asked_at: DateTime<Utc>,
    asked_by: Option<String>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    next_try: Option<DateTime<Utc>>,
    attempts: i32,
    tries: i32,
    done: Option<i64>,
    of: Option<i64>,
    rows: Option<i64>,
    error: Option<String>,
}

impl TryFrom<Row> for Line {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            job: row.job,
            slot: row.slot,
            state: JobState::of(&row.state)?,
            asked_at: row.asked_at,
            asked_by: row.asked_by,
            started_at: row.started_at,
            finished_at: row.finished_at,
            next_try: row.next_try,
            attempts: row.attempts,
            tries: row.tries,
            done: row.done,
            of: row.of,
            rows: row.rows,
            error: row.error,
        })
    }
}

/// The latest lines of an organization, newest first; of one job if it is named.
///
/// # Errors
/// [`Error::Database`].
pub async fn latest(tx: &mut GlobalTx, org: OrgId, job: Option<&str>, limit: i64) -> Result<Vec<Line>> {
    lines(tx, org, job, None, false, limit).await
}

/// What waits, runs or was given up, newest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn open(tx: &mut GlobalTx, org: OrgId, limit: i64) -> Result<Vec<Line>> {
    lines(tx, org, None, None, true, limit).await
}

/// One line.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Database`].
pub async fn line(tx: &mut GlobalTx, org: OrgId, id: JobId) -> Result<Line> {
    lines(tx, org, None, Some(id), false, 1).await?.pop().ok_or(Error::NotFound("job"))
}

/// A line that says 'running' while nobody holds its job waits to be taken over.
async fn lines(
    tx: &mut GlobalTx,
    org: OrgId,
    job: Option<&str>,
    id: Option<JobId>,
    open: bool,
    limit: i64,
) -> Result<Vec<Line>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select r.id as "id: JobId", r.job, r.slot,
             case when r.state = 'running' and j.id is not null and j.locked_by is null then 'queued' else r.state end as "state!",
             coalesce(r.asked_at, r.started_at) as "asked_at!", l.email as "asked_by?", r.started_at, r.finished_at,
             case when j.locked_by is null then j.run_at end as next_try,
             r.attempts, r.tries, r.done, r.of, r.rows, r.error
           from job_runs r
           left join graphile_worker._private_jobs j on j.key = r.id::text
           left join logins l on l.org_id = r.org_id and l.user_id = r.asked_by
           where r.org_id = $1 and ($2::text is null or r.job = $2) and ($3::uuid is null or r.id = $3)
             and not ($4 and r.state = 'done')
           order by r.asked_at desc nulls last, r.id desc limit $5"#,
        org.0,
        job,
        id.map(|id| id.0),
        open,
        limit
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(Line::try_from).collect()
}

/// Whether the queue is worked, over all organizations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    /// Instances that said within two minutes that they live.
    pub instances: i64,
    /// Jobs that wait, also for a later moment.
    pub waiting: i64,
    /// Jobs that are being done.
    pub running: i64,
    /// Jobs that could have begun more than a quarter of an hour ago.
    pub overdue: i64,
    /// Jobs given up within a day.
    pub failed: i64,
}

impl Health {
    /// Something should long have been done and nobody is there to do it.
    #[must_use]
    pub fn is_stuck(&self) -> bool {
        self.overdue > 0 && self.instances == 0
    }
}

/// How the queue is. Moments in it are the database's.
///
/// # Errors
/// [`Error::Database`].
pub async fn health(tx: &mut GlobalTx, now: DateTime<Utc>) -> Result<Health> {
    Ok(sqlx::query_as!(
        Health,
        r#"select
             (select count(*) from graphile_worker._private_workers where last_heartbeat_at > now() - interval '2 minutes') as "instances!",
             count(*) filter (where locked_by is null) as "waiting!", count(*) filter (where locked_by is not null) as "running!",
             count(*) filter (where locked_by is null and run_at < now() - interval '15 minutes') as "overdue!",
             (select count(*) from job_runs where state = 'failed' and finished_at > $1) as "failed!"
           from graphile_worker._private_jobs"#,
        now - Duration::days(1)
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// A job that was given up and not done since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenUp {
    /// Its name.
    pub job: String,
    /// How often.
    pub times: i64,
}

/// The jobs of an organization that were given up since a moment, and not done since they were last.
///
/// # Errors
/// [`Error::Database`].
pub async fn given_up(tx: &mut GlobalTx, org: OrgId, since: DateTime<Utc>) -> Result<Vec<GivenUp>> {
    Ok(sqlx::query_as!(
        GivenUp,
        r#"select f.job as "job!", f.times as "times!" from (
               select job, count(*) as times, max(finished_at) as last from job_runs
               where org_id = $1 and state = 'failed' and finished_at > $2 group by job
           ) f
           where not exists (select from job_runs d where d.org_id = $1 and d.job = f.job and d.state = 'done' and d.finished_at > f.last)
           order by f.job"#,
        org.0,
        since
    )
    .fetch_all(&mut **tx)
    .await?)
}
