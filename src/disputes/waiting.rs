//! Disputes as who rules on them reads them: the worker's words beside what was recorded.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Fact;
use crate::database::OrgTx;
use crate::people::Scope;
use crate::units::{SiteId, WorkerId};
use crate::{Error, Result};

/// Disputes on one page.
pub const PAGE: i64 = 25;

/// Where a dispute stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody has ruled yet.
    #[default]
    Open,
    /// The worker was right.
    Upheld,
    /// The fact stays.
    Rejected,
}

impl State {
    /// All, in the order of the work.
    pub const ALL: [Self; 3] = [Self::Open, Self::Upheld, Self::Rejected];

    /// The word for it in data and addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Upheld => "upheld",
            Self::Rejected => "rejected",
        }
    }

    /// What a page calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Upheld => "Upheld",
            Self::Rejected => "Rejected",
        }
    }
}

impl std::str::FromStr for State {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|it| it.word() == text).ok_or_else(|| {
            Error::Invalid(format!("'{text}' is no state of a dispute; choose open, upheld or rejected."))
        })
    }
}

/// A dispute with its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Its id.
    pub id: Uuid,
    /// Whose fact it is about.
    pub worker: WorkerId,
    /// Name.
    pub name: String,
    /// Job role.
    pub job_role: String,
    /// The worker's home site: its supervisors rule.
    pub home: SiteId,
    /// Where it happened.
    pub site: String,
    /// The kind of fact.
    pub fact: Fact,
    /// The business day the fact counts on.
    pub day: NaiveDate,
    /// What was recorded: a label and what it says, local time of the site.
    pub recorded: Vec<(String, String)>,
    /// What the worker says.
    pub note: String,
    /// When it was filed.
    pub filed_at: DateTime<Utc>,
    /// Where it stands.
    pub state: State,
    /// Who ruled.
    pub ruled_by: Option<String>,
    /// When.
    pub ruled_at: Option<DateTime<Utc>>,
    /// With which reason.
    pub ruling: Option<String>,
}

struct Row {
    id: Uuid,
    worker_id: Uuid,
    name: String,
    job_role: String,
    home_site_id: Uuid,
    site: Option<String>,
    zone: Option<String>,
    fact: String,
    day: NaiveDate,
    note: String,
    filed_at: DateTime<Utc>,
    state: String,
    ruled_by: Option<String>,
    ruled_at: Option<DateTime<Utc>>,
    ruling: Option<String>,
    starts_at: Option<DateTime<Utc>>,
    ends_at: Option<DateTime<Utc>>,
    clock_in: Option<DateTime<Utc>>,
    clock_out: Option<DateTime<Utc>>,
    inside_geofence: Option<bool>,
    called_in: Option<bool>,
    what: Option<String>,
    due_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    passed_first_time: Option<bool>,
    checkpoints: Option<i64>,
    visited: Option<i64>,
}

/// The disputes of a scope in one state: open ones oldest first, others latest ruling first; with how many there are.
///
/// # Errors
/// [`Error::Forbidden`] where the scope shows no names.
pub async fn waiting(tx: &mut OrgTx, scope: &Scope, state: State, page: i64) -> Result<(Vec<Waiting>, i64)> {
    if !scope.names {
        return Err(Error::Forbidden("disputes are between a worker and the supervisor"));
    }
    let (org, sites) = (tx.org().0, scope.site_ids());
    let total = sqlx::query_scalar!(
        r#"select count(*) as "n!" from disputes d join workers w on w.org_id = d.org_id and w.id = d.worker_id
           where d.org_id = $1 and d.state = $2 and ($3::uuid[] is null or w.home_site_id = any ($3))"#,
        org,
        state.word(),
        sites.as_deref()
    )
    .fetch_one(&mut **tx)
    .await?;
    let rows = sqlx::query_as!(
        Row,
        r#"select d.id, d.worker_id, w.name, w.job_role, w.home_site_id, t.name as "site?", t.time_zone as "zone?", d.fact, d.day, d.note,
               d.filed_at, d.state, u.name as "ruled_by?", d.ruled_at, d.ruling,
               coalesce(s.starts_at, o.planned_start) as "starts_at?", s.ends_at as "ends_at?",
               a.clock_in as "clock_in?", a.clock_out as "clock_out?", a.inside_geofence as "inside_geofence?", a.called_in as "called_in?",
               coalesce(k.title, r.ref || coalesce(' (' || r.category || ')', '')) as "what?",
               coalesce(k.assigned_at + make_interval(mins => k.sla_minutes), k.due_at, r.sla_due_at) as "due_at?",
               coalesce(k.completed_at, o.completed_at, r.resolved_at) as "ended_at?", k.passed_first_time as "passed_first_time?",
               (select count(*) from checkpoints c where c.org_id = d.org_id and c.day = d.day and c.tour_id = o.id) as checkpoints,
               (select count(*) from checkpoints c where c.org_id = d.org_id and c.day = d.day and c.tour_id = o.id and c.visited_at is not null) as visited
           from disputes d
           join workers w on w.org_id = d.org_id and w.id = d.worker_id
           left join users u on u.org_id = d.org_id and u.id = d.ruled_by
           left join shifts s on d.fact = 'shift' and s.org_id = d.org_id and s.id = d.fact_id
           left join attendance a on d.fact = 'shift' and a.org_id = d.org_id and a.day = d.day and a.id = d.fact_id
           left join tasks k on d.fact = 'task' and k.org_id = d.org_id and k.day = d.day and k.id = d.fact_id
           left join tours o on d.fact = 'tour' and o.org_id = d.org_id and o.id = d.fact_id
           left join work_orders r on d.fact = 'work_order' and r.org_id = d.org_id and r.id = d.fact_id
           left join sites t on t.org_id = d.org_id and t.id = coalesce(s.site_id, k.site_id, o.site_id, r.site_id)
           where d.org_id = $1 and d.state = $2 and ($3::uuid[] is null or w.home_site_id = any ($3))
           order by d.ruled_at desc nulls last, d.filed_at, d.id limit $4 offset $5"#,
        org,
        state.word(),
        sites.as_deref(),
        PAGE,
        (page - 1) * PAGE
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok((rows.into_iter().map(Row::waiting).collect::<Result<_>>()?, total))
}

impl Row {
    fn waiting(self) -> Result<Waiting> {
        let fact: Fact = self.fact.parse()?;
        Ok(Waiting {
            recorded: self.recorded(fact),
            id: self.id,
            worker: WorkerId(self.worker_id),
            name: self.name,
            job_role: self.job_role,
            home: SiteId(self.home_site_id),
            site: self.site.unwrap_or_default(),
            fact,
            day: self.day,
            note: self.note,
            filed_at: self.filed_at,
            state: self.state.parse()?,
            ruled_by: self.ruled_by,
            ruled_at: self.ruled_at,
            ruling: self.ruling,
        })
    }

    fn recorded(&self, fact: Fact) -> Vec<(String, String)> {
        let zone: Tz = self.zone.as_deref().and_then(|zone| zone.parse().ok()).unwrap_or(Tz::UTC);
        let at = |moment: Option<DateTime<Utc>>, none: &str| {
            moment.map_or_else(|| none.to_owned(), |it| it.with_timezone(&zone).format("%-d %b, %H:%M").to_string())
        };
        let line = |label: &str, text: String| (label.to_owned(), text);
        let yes = |it: bool| if it { "yes".to_owned() } else { "no".to_owned() };
        match fact {
            Fact::Shift => {
                let mut lines = vec![
                    line("Shift", format!("{} – {}", at(self.starts_at, "?"), at(self.ends_at, "?"))),
                    line("Clocked in", at(self.clock_in, "never")),
                ];
                if let Some(late) = self.clock_in.zip(self.starts_at).map(|(at, planned)| (at - planned).num_minutes())
                {
                    lines.push(line("Late", format!("{} minutes", late.max(0))));
                    lines.push(line("Clocked out", at(self.clock_out, "not recorded")));
                } else {
                    lines.push(line("Called in", yes(self.called_in.unwrap_or(false))));
                }
                lines.extend(self.inside_geofence.map(|inside| line("Clocked in on site", yes(inside))));
                lines
            }
            Fact::Task | Fact::WorkOrder => {
                let what = if fact == Fact::Task { "Task" } else { "Work order" };
                let mut lines = vec![
                    line(what, self.what.clone().unwrap_or_else(|| "without a title".into())),
                    line("Due", at(self.due_at, "no deadline")),
                    line(if fact == Fact::Task { "Completed" } else { "Closed" }, at(self.ended_at, "never")),
                ];
                lines.extend(self.passed_first_time.map(|passed| line("Right the first time", yes(passed))));
                lines
            }
            Fact::Tour => vec![
                line("Tour planned for", at(self.starts_at, "?")),
                line("Completed", at(self.ended_at, "never")),
                line(
                    "Checkpoints visited",
                    format!("{} of {}", self.visited.unwrap_or(0), self.checkpoints.unwrap_or(0)),
                ),
            ],
        }
    }
}

/// Whose fact a dispute is about, if the worker's home site is in the scope and names are shown.
///
/// # Errors
/// [`Error::NotFound`] otherwise: that it exists is private.
pub async fn worker_of(tx: &mut OrgTx, scope: &Scope, dispute: Uuid) -> Result<WorkerId> {
    let (org, sites) = (tx.org().0, scope.site_ids());
    let worker = sqlx::query_scalar!(
        "select d.worker_id from disputes d join workers w on w.org_id = d.org_id and w.id = d.worker_id
         where d.org_id = $1 and d.id = $2 and ($3::uuid[] is null or w.home_site_id = any ($3))",
        org,
        dispute,
        sites.as_deref()
    )
    .fetch_optional(&mut **tx)
    .await?;
    worker.filter(|_| scope.names).map(WorkerId).ok_or(Error::NotFound("dispute"))
}

/// How many disputes of a scope are in each state, without names.
///
/// # Errors
/// [`Error::Database`].
pub async fn counts(tx: &mut OrgTx, scope: &Scope) -> Result<Vec<(State, i64)>> {
    let (org, sites) = (tx.org().0, scope.site_ids());
    let rows = sqlx::query!(
        r#"select d.state, count(*) as "n!" from disputes d join workers w on w.org_id = d.org_id and w.id = d.worker_id
           where d.org_id = $1 and ($2::uuid[] is null or w.home_site_id = any ($2)) group by d.state"#,
        org,
        sites.as_deref()
    )
    .fetch_all(&mut **tx)
    .await?;
    let counted: Vec<(State, i64)> =
        rows.into_iter().map(|row| Ok((row.state.parse()?, row.n))).collect::<Result<_>>()?;
    let of = |state| counted.iter().find(|(it, _)| *it == state).map_or(0, |(_, n)| *n);
    Ok(State::ALL.map(|state| (state, of(state))).into())
}
