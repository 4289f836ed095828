//! Definitions and awards as stored.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::Result;
use crate::database::OrgTx;
use crate::recognition::{Definition, Reading};
use crate::units::WorkerId;

/// Makes the stored definitions those of this program; others that are stored stay. Says whether anything changed.
pub(in crate::recognition) async fn sync(tx: &mut OrgTx, definitions: &[Definition]) -> Result<bool> {
    let org = tx.org().0;
    let mut changed = 0;
    for (position, it) in (1..).zip(definitions) {
        changed += sqlx::query!(
            "insert into achievements as a (org_id, code, name, tier, rule, threshold, minimum, window_kind, description, position)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             on conflict (org_id, code) do update set name = excluded.name, tier = excluded.tier, rule = excluded.rule,
                 threshold = excluded.threshold, minimum = excluded.minimum, window_kind = excluded.window_kind,
                 description = excluded.description, position = excluded.position
             where (a.name, a.tier, a.rule, a.threshold, a.minimum, a.window_kind, a.description, a.position)
                 is distinct from (excluded.name, excluded.tier, excluded.rule, excluded.threshold, excluded.minimum,
                                   excluded.window_kind, excluded.description, excluded.position)",
            org,
            it.code,
            it.name,
            it.tier.word(),
            it.rule.word(),
            it.threshold,
            it.minimum,
            it.window.word(),
            it.description,
            position
        )
        .execute(&mut **tx)
        .await?
        .rows_affected();
    }
    Ok(changed > 0)
}

/// The stored definitions, in order. Unknown words are refused.
pub(in crate::recognition) async fn definitions(tx: &mut OrgTx) -> Result<Vec<Definition>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        "select code, name, tier, rule, threshold, minimum, window_kind, description from achievements where org_id = $1 order by position, code",
        org
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Definition {
                code: row.code,
                name: row.name,
                tier: row.tier.parse()?,
                rule: row.rule.parse()?,
                threshold: row.threshold,
                minimum: row.minimum,
                window: row.window_kind.parse()?,
                description: row.description,
            }
            .check()
        })
        .collect()
}

/// An achievement earned.
#[derive(Debug, Clone)]
pub(in crate::recognition) struct Award {
    pub worker: Uuid,
    pub code: String,
    pub period: NaiveDate,
    pub awarded_on: NaiveDate,
    pub evidence: Reading,
}

/// Which awards are judged anew.
#[derive(Debug, Clone, Copy)]
pub(in crate::recognition) struct Judged<'a> {
    pub codes: &'a [String],
    /// The period; `None`: any.
    pub period: Option<NaiveDate>,
    /// Whose; `None`: everybody's.
    pub workers: Option<&'a [Uuid]>,
}

/// Replaces the awards that were judged anew. Returns the rows written.
pub(in crate::recognition) async fn replace(tx: &mut OrgTx, judged: Judged<'_>, awards: &[Award]) -> Result<u64> {
    let org = tx.org().0;
    sqlx::query!(
        "delete from worker_achievements where org_id = $1 and code = any ($2) and ($3::date is null or period = $3)
           and ($4::uuid[] is null or worker_id = any ($4))",
        org,
        judged.codes,
        judged.period,
        judged.workers
    )
    .execute(&mut **tx)
    .await?;
    insert(tx, awards).await
}

/// Takes away what was earned in days that are counted again: all but what was earned up to each worker's settled day.
pub(in crate::recognition) async fn unsettle(
    tx: &mut OrgTx,
    codes: &[String],
    settled: &[(Uuid, NaiveDate)],
) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "delete from worker_achievements a where org_id = $1 and code = any ($2)
           and not exists (select from unnest($3::uuid[], $4::date[]) s (worker_id, day) where s.worker_id = a.worker_id and a.awarded_on <= s.day)",
        org,
        codes,
        &settled.iter().map(|(worker, _)| *worker).collect::<Vec<_>>(),
        &settled.iter().map(|(_, day)| *day).collect::<Vec<_>>()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(in crate::recognition) async fn insert(tx: &mut OrgTx, awards: &[Award]) -> Result<u64> {
    let org = tx.org().0;
    let evidence = awards.iter().map(|it| serde_json::to_value(it.evidence)).collect::<Result<Vec<_>, _>>()?;
    let written = sqlx::query!(
        "insert into worker_achievements (org_id, worker_id, code, period, awarded_on, evidence)
         select $1, * from unnest($2::uuid[], $3::text[], $4::date[], $5::date[], $6::jsonb[]) on conflict do nothing",
        org,
        &awards.iter().map(|it| it.worker).collect::<Vec<_>>(),
        &awards.iter().map(|it| it.code.clone()).collect::<Vec<_>>(),
        &awards.iter().map(|it| it.period).collect::<Vec<_>>(),
        &awards.iter().map(|it| it.awarded_on).collect::<Vec<_>>(),
        &evidence
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected())
}

/// The last time a worker earned an achievement, and how often.
pub(in crate::recognition) struct Earned {
    pub code: String,
    pub times: i64,
    pub awarded_on: NaiveDate,
    pub evidence: serde_json::Value,
}

pub(in crate::recognition) async fn earned_by(tx: &mut OrgTx, worker: WorkerId) -> Result<Vec<Earned>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Earned,
        r#"select distinct on (code) code, count(*) over (partition by code) as "times!", awarded_on, evidence
           from worker_achievements where org_id = $1 and worker_id = $2 order by code, awarded_on desc"#,
        org,
        worker.0
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// An award of somebody who may sign in.
pub(in crate::recognition) struct News {
    pub user_id: Uuid,
    pub code: String,
    pub name: String,
    pub period: NaiveDate,
    pub awarded_on: NaiveDate,
}

/// What was earned from `first` to `last` by those who may sign in.
pub(in crate::recognition) async fn earned_since(
    tx: &mut OrgTx,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<News>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        News,
        "select u.id as user_id, a.code, d.name, a.period, a.awarded_on
         from users u
         join worker_achievements a on a.org_id = u.org_id and a.worker_id = u.worker_id
         join achievements d on d.org_id = a.org_id and d.code = a.code
         where u.org_id = $1 and u.status = 'active' and a.awarded_on between $2 and $3
         order by u.id, a.awarded_on, d.position",
        org,
        first,
        last
    )
    .fetch_all(&mut **tx)
    .await?)
}
