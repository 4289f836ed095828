//! What was found, for whoever looks: the newest run, its findings, the runs before it, and what an alert makes of it.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::check::Check;
use super::score::Tally;
use super::settings::settings;

use crate::Result;
use crate::alignment::alerts::{Kind, Level, Limits, Reading};
use crate::database::OrgTx;

/// What a check of the newest run found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Which.
    pub check: Check,
    /// How many of how many.
    pub tally: Tally,
    /// Whether it could not be made.
    pub broken: bool,
}

/// The newest run.
#[derive(Debug, Clone, PartialEq)]
pub struct Quality {
    /// Which.
    pub run: Uuid,
    /// When.
    pub made_at: DateTime<Utc>,
    /// First day that was looked through.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
    /// 0–100; `None`: nothing to judge.
    pub score: Option<f64>,
    /// Its checks, in the order of a page.
    pub checks: Vec<Checked>,
}

/// The newest run; `None`: there was none yet.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn latest(tx: &mut OrgTx) -> Result<Option<Quality>> {
    let org = tx.org().0;
    let Some(run) = sqlx::query!(
        "select id, made_at, first_day, last_day, score::float8 from data_quality_runs where org_id = $1
         order by made_at desc, id desc limit 1",
        org
    )
    .fetch_optional(&mut **tx)
    .await?
    else {
        return Ok(None);
    };
    let rows = sqlx::query!(
        r#"select check_code, judged, bad, error is not null as "broken!" from data_quality_checks where org_id = $1 and run_id = $2"#,
        org,
        run.id
    )
    .fetch_all(&mut **tx)
    .await?;
    let checks = Check::ALL.iter().filter_map(|check| {
        let row = rows.iter().find(|row| row.check_code == check.code())?;
        Some(Checked { check: *check, tally: Tally { judged: row.judged, bad: row.bad }, broken: row.broken })
    });
    Ok(Some(Quality {
        run: run.id,
        made_at: run.made_at,
        first: run.first_day,
        last: run.last_day,
        score: run.score,
        checks: checks.collect(),
    }))
}

/// A bad row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The table.
    pub source: String,
    /// Its key.
    pub key: String,
    /// Its day.
    pub day: Option<NaiveDate>,
    /// What is wrong.
    pub what: String,
}

/// A part of the bad rows of a check, and when they were found.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// The rows.
    pub rows: Vec<Finding>,
    /// So many are kept.
    pub kept: i64,
    /// So many there were in that run.
    pub bad: i64,
    /// When; `None`: never yet.
    pub made_at: Option<DateTime<Utc>>,
}

/// Bad rows of a check by the newest run that could make it, the newest days first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn findings(tx: &mut OrgTx, check: Check, limit: i64, skipped: i64) -> Result<Findings> {
    let org = tx.org().0;
    let rows = sqlx::query_as!(
        Finding,
        "select source, row_key as key, day, what from data_quality_findings
         where org_id = $1 and check_code = $2 order by nth limit $3 offset $4",
        org,
        check.code(),
        limit,
        skipped
    )
    .fetch_all(&mut **tx)
    .await?;
    let run = sqlx::query!(
        r#"select r.made_at, c.bad,
                  (select count(*) from data_quality_findings f where f.org_id = $1 and f.check_code = $2) as "kept!"
           from data_quality_runs r
           join data_quality_checks c on c.org_id = $1 and c.run_id = r.id and c.check_code = $2 and c.error is null
           where r.org_id = $1 order by r.made_at desc, r.id desc limit 1"#,
        org,
        check.code()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(match run {
        Some(run) => Findings { rows, kept: run.kept, bad: run.bad, made_at: Some(run.made_at) },
        None => Findings { rows, kept: 0, bad: 0, made_at: None },
    })
}

/// A run before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Course {
    /// When.
    pub made_at: DateTime<Utc>,
    /// 0–100; `None`: nothing to judge.
    pub score: Option<f64>,
}

/// The runs since a moment, the oldest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn runs(tx: &mut OrgTx, since: DateTime<Utc>) -> Result<Vec<Course>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Course,
        "select made_at, score::float8 from data_quality_runs where org_id = $1 and made_at >= $2 order by made_at, id",
        org,
        since
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// What an alert is made of: the score of the data, and each check that found too much or could not be made. No run yet is no
/// reading.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn readings(tx: &mut OrgTx) -> Result<Vec<Reading>> {
    let set = settings(tx).await?;
    let limits =
        Limits { warning: set.warning_below.into(), critical: set.critical_below.into(), higher_is_better: true };
    let Some(quality) = latest(tx).await? else { return Ok(Vec::new()) };
    let of = |key: &str, title: &str, score| Reading::measured(Kind::DataQuality, key, title, score, limits);
    let whole = of("score", "Data quality", quality.score);
    let mut readings = vec![match quality.score {
        Some(score) => whole.saying(format!("The score of the last {} days is {score:.1} of 100.", set.days)),
        None => whole.saying("There are no facts to judge."),
    }];
    for it in &quality.checks {
        let title = it.check.title();
        readings.push(match it.tally.score() {
            _ if it.broken => {
                let title = format!("This check could not be made: {title}");
                Reading::plain(Kind::DataQuality, it.check.code(), &title, Level::Broken)
                    .saying("The score leaves it out. The log has the cause.")
            }
            // Where there is nothing to judge nothing is wrong: whether a source went quiet is a check of its own.
            None => Reading::plain(Kind::DataQuality, it.check.code(), title, Level::Fine),
            Some(score) => of(it.check.code(), title, Some(score)).saying(format!(
                "{} of {} rows. {}",
                it.tally.bad,
                it.tally.judged,
                it.check.advice()
            )),
        });
    }
    Ok(readings)
}
