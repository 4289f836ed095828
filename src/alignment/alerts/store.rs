//! The rows of open alerts, as the machine reads and writes them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::reading::{Kind, Reading};
use super::state::{Change, Severity, Standing};
use crate::Result;
use crate::database::OrgTx;

/// An alert that is open or watched.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub id: Uuid,
    pub standing: Standing,
    pub title: String,
    pub acknowledged: bool,
    pub muted_until: Option<NaiveDate>,
}

impl Kept {
    /// Whether it may send mails: nobody has said to know of it or to want none.
    pub fn speaks(&self, today: NaiveDate) -> bool {
        !self.acknowledged && self.muted_until.is_none_or(|until| until < today)
    }
}

/// Every alert that is open or watched, kept from others until the transaction ends.
pub(super) async fn unresolved(tx: &mut OrgTx) -> Result<HashMap<(Kind, String), Kept>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select id, kind, key, title, severity, opened_at is not null as "opened!", calm, silent, told, told_no_data,
                  acknowledged_at is not null as "acknowledged!", muted_until
           from kpi_alerts where org_id = $1 and resolved_at is null for update"#,
        org
    )
    .fetch_all(&mut **tx)
    .await?;
    let kept = rows.into_iter().filter_map(|row| {
        let standing = Standing {
            severity: Severity::of(&row.severity)?,
            opened: row.opened,
            calm: u8::try_from(row.calm).unwrap_or(u8::MAX),
            silent: u8::try_from(row.silent).unwrap_or(u8::MAX),
            told: row.told.as_deref().and_then(Severity::of),
            told_no_data: row.told_no_data,
        };
        let kept = Kept {
            id: row.id,
            standing,
            title: row.title,
            acknowledged: row.acknowledged,
            muted_until: row.muted_until,
        };
        Some(((Kind::of(&row.kind)?, row.key), kept))
    });
    Ok(kept.collect())
}

/// Until when the alerts before it were muted.
pub(super) async fn muted_before(tx: &mut OrgTx, kind: Kind, key: &str) -> Result<Option<NaiveDate>> {
    let org = tx.org().0;
    Ok(sqlx::query_scalar!(
        "select max(muted_until) from kpi_alerts where org_id = $1 and kind = $2 and key = $3 and muted_until is not null",
        org,
        kind.code(),
        key
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// Writes how an alert stands after a reading; an id that is new begins one.
pub(super) async fn write(
    tx: &mut OrgTx,
    kept: &Kept,
    reading: &Reading,
    change: Change,
    now: DateTime<Utc>,
) -> Result<()> {
    let (org, standing) = (tx.org().0, kept.standing);
    sqlx::query!(
        "insert into kpi_alerts (org_id, id, kind, key, title, detail, severity, value, threshold, read_at, opened_at, escalated_at,
             muted_until, calm, silent, told, told_no_data)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, case when $11::boolean then $10::timestamptz end, case when $12::boolean then $10::timestamptz end, $13, $14, $15, $16, $17)
         on conflict (org_id, id) do update set title = excluded.title, detail = excluded.detail, severity = excluded.severity,
             value = excluded.value, threshold = excluded.threshold, read_at = excluded.read_at,
             opened_at = coalesce(kpi_alerts.opened_at, excluded.opened_at),
             escalated_at = coalesce(excluded.escalated_at, kpi_alerts.escalated_at),
             calm = excluded.calm, silent = excluded.silent, told = excluded.told, told_no_data = excluded.told_no_data",
        org,
        kept.id,
        reading.kind.code(),
        reading.key,
        reading.title,
        reading.detail,
        standing.severity.code(),
        reading.value,
        reading.threshold(),
        now,
        standing.opened,
        change == Change::Escalated,
        kept.muted_until,
        i16::from(standing.calm),
        i16::from(standing.silent),
        standing.told.map(Severity::code),
        standing.told_no_data
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends an alert; one that was only watched leaves nothing behind.
pub(super) async fn end(tx: &mut OrgTx, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!("delete from kpi_alerts where org_id = $1 and id = $2 and opened_at is null", org, id)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("update kpi_alerts set resolved_at = $3, read_at = $3 where org_id = $1 and id = $2", org, id, now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
