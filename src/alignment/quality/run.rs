//! One look at the recent facts. Each check has a transaction of its own: one that fails is noted as such, and the others go on.

use chrono::{DateTime, Days, Duration, Utc};
use uuid::Uuid;

use super::check::Check;
use super::find::{self, Bad, Window};
use super::score::{Tally, score};
use super::settings::settings;
use crate::Result;
use crate::database::{Database, OrgTx};
use crate::people::Organization;

/// Bad rows of a check that are kept, at most; how many there are is kept whole.
pub const KEPT_FINDINGS: i64 = 10_000;
/// Days a run is kept.
const DAYS_KEPT: i64 = 400;

/// Makes every check and keeps what was found in the place of what was found before. Returns the rows written.
///
/// # Errors
/// [`crate::Error::Database`]; not those of a check.
pub async fn run(db: &Database, org: &Organization, now: DateTime<Utc>) -> Result<u64> {
    let mut tx = db.org(org.id).await?;
    let set = settings(&mut tx).await?;
    tx.commit().await?;
    let last = now.with_timezone(&org.zone).date_naive();
    let first = last - Days::new(u64::try_from(set.days).unwrap_or(0));
    let window = Window { first, last, now, set, limit: KEPT_FINDINGS };
    let mut made = Vec::with_capacity(Check::ALL.len());
    for check in Check::ALL {
        let outcome = one(db, org, *check, &window).await;
        if let Err(cause) = &outcome {
            tracing::error!(check = check.code(), org = %org.id, %cause, "a check of the data could not be made");
        }
        made.push((*check, outcome));
    }
    let mut tx = db.org(org.id).await?;
    let id = keep_run(&mut tx, &window, &made).await?;
    let mut rows = 1 + made.len() as u64;
    for (check, outcome) in &made {
        if let Ok(results) = outcome {
            rows += keep_findings(&mut tx, id, *check, &results.rows).await?;
        }
    }
    tx.commit().await?;
    Ok(rows)
}

async fn one(db: &Database, org: &Organization, check: Check, window: &Window) -> Result<find::Results> {
    let mut tx = db.org(org.id).await?;
    let results = find::make(&mut tx, check, window).await?;
    tx.commit().await?;
    Ok(results)
}

async fn keep_run(tx: &mut OrgTx, window: &Window, made: &[(Check, Result<find::Results>)]) -> Result<Uuid> {
    let (org, id) = (tx.org().0, Uuid::now_v7());
    let tallies: Vec<(Check, Option<Tally>)> =
        made.iter().map(|(check, outcome)| (*check, outcome.as_ref().ok().map(|it| it.tally))).collect();
    sqlx::query!(
        "insert into data_quality_runs (org_id, id, made_at, first_day, last_day, score)
         values ($1, $2, $3, $4, $5, round($6::float8::numeric, 1))",
        org,
        id,
        window.now,
        window.first,
        window.last,
        score(tallies.iter().filter_map(|(_, tally)| *tally))
    )
    .execute(&mut **tx)
    .await?;
    let of = |pick: fn(&Tally) -> i64| -> Vec<i64> {
        tallies.iter().map(|(_, tally)| tally.as_ref().map_or(0, pick)).collect()
    };
    let errors: Vec<Option<String>> =
        made.iter().map(|(_, outcome)| outcome.as_ref().err().map(|_| "it could not be made".to_owned())).collect();
    sqlx::query!(
        "insert into data_quality_checks (org_id, run_id, check_code, judged, bad, error)
         select $1, $2, t.code, t.judged, t.bad, t.error
         from unnest($3::text[], $4::bigint[], $5::bigint[], $6::text[]) t (code, judged, bad, error)",
        org,
        id,
        &tallies.iter().map(|(check, _)| check.code().to_owned()).collect::<Vec<_>>(),
        &of(|it| it.judged),
        &of(|it| it.bad),
        &errors as &[Option<String>]
    )
    .execute(&mut **tx)
    .await?;
    Ok(id)
}

async fn keep_findings(tx: &mut OrgTx, run: Uuid, check: Check, rows: &[Bad]) -> Result<u64> {
    let org = tx.org().0;
    sqlx::query!("delete from data_quality_findings where org_id = $1 and check_code = $2", org, check.code())
        .execute(&mut **tx)
        .await?;
    let written = sqlx::query!(
        "insert into data_quality_findings (org_id, check_code, nth, run_id, source, row_key, day, what)
         select $1, $2, t.nth::integer, $3, t.source, t.key, t.day, t.what
         from unnest($4::text[], $5::text[], $6::date[], $7::text[]) with ordinality t (source, key, day, what, nth)",
        org,
        check.code(),
        run,
        &rows.iter().map(|row| row.source.clone()).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.key.clone()).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.day).collect::<Vec<_>>() as &[Option<chrono::NaiveDate>],
        &rows.iter().map(|row| row.what.clone()).collect::<Vec<_>>()
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected())
}

/// Forgets runs of long ago.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn forget_old(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<u64> {
    let (org, before) = (tx.org().0, now - Duration::days(DAYS_KEPT));
    let gone = sqlx::query!("delete from data_quality_runs where org_id = $1 and made_at < $2", org, before);
    Ok(gone.execute(&mut **tx).await?.rows_affected())
}
