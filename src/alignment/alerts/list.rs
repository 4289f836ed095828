//! Which alerts are open, and which were?

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::reading::Kind;
use super::state::Severity;
use crate::database::OrgTx;
use crate::{Error, Result};

/// An alert, for whoever looks.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// Which.
    pub id: Uuid,
    /// What kind of thing.
    pub kind: Kind,
    /// Which of its kind.
    pub key: String,
    /// What it is called.
    pub title: String,
    /// A sentence with the numbers of the latest reading.
    pub detail: String,
    /// How grave it is, or was at its end.
    pub severity: Severity,
    /// What was measured last.
    pub value: Option<f64>,
    /// The threshold of that.
    pub threshold: Option<f64>,
    /// Since when it is open.
    pub opened_at: DateTime<Utc>,
    /// When it got worse last.
    pub escalated_at: Option<DateTime<Utc>>,
    /// When somebody said to know of it, and who.
    pub acknowledged: Option<(DateTime<Utc>, String)>,
    /// What they wrote.
    pub note: Option<String>,
    /// The last day on which it sends no mail.
    pub muted_until: Option<NaiveDate>,
    /// When it was over.
    pub resolved_at: Option<DateTime<Utc>>,
}

/// The part of a list that a page shows, and how long the list is.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The alerts.
    pub alerts: Vec<Alert>,
    /// Of how many.
    pub total: i64,
}

struct Row {
    id: Uuid,
    kind: String,
    key: String,
    title: String,
    detail: String,
    severity: String,
    value: Option<f64>,
    threshold: Option<f64>,
    opened_at: DateTime<Utc>,
    escalated_at: Option<DateTime<Utc>>,
    acknowledged_at: Option<DateTime<Utc>>,
    acknowledged_by: Option<String>,
    note: Option<String>,
    muted_until: Option<NaiveDate>,
    resolved_at: Option<DateTime<Utc>>,
    total: i64,
}

impl TryFrom<Row> for Alert {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let unknown = |what: &str| Error::Misconfigured(format!("an alert is of '{what}'"));
        Ok(Self {
            id: row.id,
            kind: Kind::of(&row.kind).ok_or_else(|| unknown(&row.kind))?,
            severity: Severity::of(&row.severity).ok_or_else(|| unknown(&row.severity))?,
            key: row.key,
            title: row.title,
            detail: row.detail,
            value: row.value,
            threshold: row.threshold,
            opened_at: row.opened_at,
            escalated_at: row.escalated_at,
            acknowledged: row.acknowledged_at.map(|at| (at, row.acknowledged_by.unwrap_or_default())),
            note: row.note,
            muted_until: row.muted_until,
            resolved_at: row.resolved_at,
        })
    }
}

/// The open alerts, the gravest first, then the newest.
///
/// # Errors
/// [`Error::Database`].
pub async fn open_alerts(tx: &mut OrgTx) -> Result<Vec<Alert>> {
    Ok(rows(tx, None, 1_000, 0).await?.alerts)
}

/// The alerts that were open at a moment since then, or opened after it: first those that still are, then the newest.
///
/// # Errors
/// [`Error::Database`].
pub async fn history(tx: &mut OrgTx, since: DateTime<Utc>, limit: i64, skipped: i64) -> Result<Listed> {
    rows(tx, Some(since), limit, skipped).await
}

async fn rows(tx: &mut OrgTx, since: Option<DateTime<Utc>>, limit: i64, skipped: i64) -> Result<Listed> {
    let org = tx.org().0;
    let rows = sqlx::query_as!(
        Row,
        r#"select a.id, a.kind, a.key, a.title, a.detail, a.severity, a.value, a.threshold, a.opened_at as "opened_at!", a.escalated_at,
                  a.acknowledged_at, u.name as "acknowledged_by?", a.note, a.muted_until, a.resolved_at, count(*) over () as "total!"
           from kpi_alerts a left join users u on u.org_id = $1 and u.id = a.acknowledged_by
           where a.org_id = $1 and a.opened_at is not null and (a.resolved_at is null or a.resolved_at >= $2)
           order by a.resolved_at is not null,
                    case when a.resolved_at is null then array_position(array['critical', 'broken', 'warning', 'no-data'], a.severity) end,
                    a.opened_at desc, a.title, a.id
           limit $3 offset $4"#,
        org,
        since,
        limit,
        skipped
    )
    .fetch_all(&mut **tx)
    .await?;
    let total = rows.first().map_or(0, |row| row.total);
    Ok(Listed { alerts: rows.into_iter().map(Alert::try_from).collect::<Result<_>>()?, total })
}
