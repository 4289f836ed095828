//! Asking each part, with little patience.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::judge::{self, Mails};
use super::{Part, room_mb};
use crate::Result;
use crate::database::{Database, MIGRATOR};
use crate::night::{self, Late};
use crate::people::Organization;
use crate::queue;

/// How long a part has to answer.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// Whose machinery is looked at.
#[derive(Debug, Clone)]
pub struct Look {
    /// The organization whose timetable and mails are asked for; `None`: of none.
    pub org: Option<Organization>,
    /// The folder whose disk is looked at.
    pub home: PathBuf,
    /// The moment.
    pub now: DateTime<Utc>,
    /// How long a part has to answer.
    pub patience: Duration,
}

/// Asks every part. It takes no longer than its patience for each, whatever does not answer.
pub async fn look(db: &Database, look: &Look) -> Vec<Part> {
    let begun = Instant::now();
    let ready = patiently(look.patience, db.is_ready()).await;
    let took = begun.elapsed();
    let pool = db.connections();
    let mut parts = Vec::new();
    match ready {
        Ok(complete) => {
            parts.push(judge::database(Ok(took), pool));
            parts.push(judge::migrations(Some(complete), newest()));
        }
        Err(why) => {
            parts.push(judge::database(Err(&why), pool));
            parts.push(judge::migrations(None, newest()));
        }
    }
    // Whoever does not answer one question is not asked four more.
    let there = parts[0].state != super::State::Critical;
    parts.push(queue_of(db, look, there).await);
    if let Some(org) = &look.org {
        parts.push(jobs_of(db, look, org, there).await);
        parts.push(mail_of(db, look, org, there).await);
    }
    let home = look.home.clone();
    let room = tokio::time::timeout(look.patience, tokio::task::spawn_blocking(move || room_mb(&home))).await;
    parts.push(judge::disk(room.ok().and_then(|room| room.ok()).flatten()));
    parts
}

fn newest() -> i64 {
    MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// What it answers within the patience, or why it did not; the cause is for the log.
async fn patiently<T>(patience: Duration, work: impl Future<Output = Result<T>>) -> Result<T, String> {
    match tokio::time::timeout(patience, work).await {
        Ok(Ok(it)) => Ok(it),
        Ok(Err(cause)) => {
            tracing::warn!(%cause, "a part of the system does not answer");
            Err("it cannot be reached".into())
        }
        Err(_) => Err(format!("no answer within {} s", patience.as_secs_f64())),
    }
}

async fn queue_of(db: &Database, look: &Look, there: bool) -> Part {
    let asked = async {
        let mut tx = db.global().await?;
        let health = queue::health(&mut tx, look.now).await?;
        let oldest = sqlx::query_scalar!(
            "select min(run_at) from graphile_worker._private_jobs where locked_by is null and run_at < now()"
        )
        .fetch_one(&mut *tx)
        .await?;
        Ok((health, oldest))
    };
    let answer = if there { patiently(look.patience, asked).await.ok() } else { None };
    let oldest = answer.and_then(|(_, oldest)| oldest);
    judge::queue(answer.map(|(health, _)| health), oldest, look.now)
}

async fn jobs_of(db: &Database, look: &Look, org: &Organization, there: bool) -> Part {
    let asked = async {
        let mut tx = db.global().await?;
        let late = night::late(&mut tx, org, look.now).await?;
        let entries = night::timetable(&mut tx, org, look.now).await?;
        Ok((late, entries))
    };
    let answer = if there { patiently(look.patience, asked).await.ok() } else { None };
    let Some((late, entries)) = answer else { return judge::timetable(None, &[]) };
    let last: Vec<(String, String)> =
        entries.iter().map(|entry| (entry.job.title().to_owned(), ran(entry, &late, org))).collect();
    judge::timetable(Some(&late), &last)
}

/// When a job last ran and how that ended; that it is late.
fn ran(entry: &night::Entry, late: &[Late], org: &Organization) -> String {
    let last = entry.last.as_ref().map_or_else(
        || "never ran".to_owned(),
        |line| {
            let at = line.started_at.unwrap_or(line.asked_at).with_timezone(&org.zone);
            format!("{}, {}", line.state.name(), at.format("%-d %b, %H:%M"))
        },
    );
    let is_late = late.iter().any(|late| late.job == entry.job);
    if is_late { format!("{last}, late") } else { last }
}

async fn mail_of(db: &Database, look: &Look, org: &Organization, there: bool) -> Part {
    let asked = async {
        let mut tx = db.org(org.id).await?;
        Ok(sqlx::query_as!(
            Mails,
            r#"select max(settled_at) filter (where state = 'sent') as last_sent,
                      count(*) filter (where state = 'failed' and settled_at > $2) as "failed!",
                      count(*) filter (where state = 'kept' and settled_at > $2) as "kept!",
                      count(*) filter (where state = 'waiting') as "waiting!",
                      min(asked_at) filter (where state = 'waiting') as oldest
               from mails where org_id = $1"#,
            org.id.0,
            look.now - TimeDelta::days(1)
        )
        .fetch_one(&mut *tx)
        .await?)
    };
    let answer = if there { patiently(look.patience, asked).await.ok() } else { None };
    judge::mail(answer, look.now)
}
