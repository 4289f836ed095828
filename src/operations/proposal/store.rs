//! Proposals in the database.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::judge::Figures;
use super::{ALGORITHM, Change, Line, Outcome, Proposal, State};
use crate::clock::zone;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::operations::roster::{Priced, told_to_worker};
use crate::people::Scope;
use crate::units::{Rate, ShiftId, SiteId, UserId, WorkerId};
use crate::{Error, Result};

/// What a proposal is, apart from its lines.
pub(super) struct New {
    pub id: Uuid,
    pub site: SiteId,
    pub days: Period,
    pub fingerprint: String,
    pub solve_ms: i32,
    pub by: UserId,
}

/// A proposal in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Which.
    pub id: Uuid,
    /// What became of it.
    pub state: State,
    /// Who asked for it.
    pub made_by: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// How many shifts it has.
    pub lines: i64,
    /// How many of them have somebody.
    pub filled: i64,
    /// Its quality, 0–100.
    pub quality: Option<f64>,
}

/// What the generator came to, in figures alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// What made it.
    pub algorithm: String,
    /// Milliseconds it took.
    pub solve_ms: i32,
    /// Shifts with somebody, of all.
    pub shifts: Rate,
}

/// What the generator came to.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn made(tx: &mut OrgTx, id: Uuid) -> Result<Made> {
    let row = sqlx::query!(
        r#"select p.algorithm, p.solve_ms, count(l.shift_id) as "shifts!", count(l.worker_id) as "filled!"
           from roster_proposals p left join roster_proposal_lines l on l.org_id = p.org_id and l.proposal_id = p.id
           where p.org_id = $1 and p.id = $2 group by p.algorithm, p.solve_ms"#,
        tx.org().0,
        id
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound("roster proposal"))?;
    Ok(Made { algorithm: row.algorithm, solve_ms: row.solve_ms, shifts: Rate { hit: row.filled, of: row.shifts } })
}

impl State {
    fn of(word: &str) -> Self {
        match word {
            "confirmed" => Self::Confirmed,
            "discarded" => Self::Discarded,
            _ => Self::Draft,
        }
    }
}

impl Outcome {
    fn of(word: &str) -> Self {
        match word {
            "given" => Self::Given,
            "refused" => Self::Refused,
            _ => Self::Open,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Open => "open",
            Self::Refused => "refused",
        }
    }
}

fn total(priced: &[Priced]) -> i64 {
    priced.iter().map(Priced::cost_cents).sum()
}

/// A score as it is stored.
fn stored(figures: &Figures) -> Option<f64> {
    figures.quality().score.map(|score| (score * 100.0).round() / 100.0)
}

pub(super) async fn insert(
    tx: &mut OrgTx,
    new: &New,
    figures: &Figures,
    lines: &[Line],
    priced: &[Priced],
    now: DateTime<Utc>,
) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into roster_proposals (org_id, id, site_id, first_day, last_day, algorithm, fingerprint, solve_ms, quality,
             figures, cost, budget, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9::float8::numeric, $10, $11::bigint / 100.0, $12::bigint / 100.0, $13, $14)",
        org,
        new.id,
        new.site.0,
        new.days.first,
        new.days.last,
        ALGORITHM,
        new.fingerprint,
        new.solve_ms,
        stored(figures),
        serde_json::to_value(figures)?,
        total(priced),
        figures.budget_cents,
        new.by.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into roster_proposal_lines (org_id, proposal_id, shift_id, day, starts_at, ends_at, required_skill, creates, worker_id, why)
         select $1, $2, l.* from unnest($3::uuid[], $4::date[], $5::timestamptz[], $6::timestamptz[], $7::text[], $8::boolean[],
             $9::uuid[], $10::text[]) l",
        org,
        new.id,
        &lines.iter().map(|line| line.shift.0).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.day).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.starts_at).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.ends_at).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.skill.clone()).collect::<Vec<_>>() as &[Option<String>],
        &lines.iter().map(|line| line.creates).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.proposed.map(|worker| worker.0)).collect::<Vec<_>>() as &[Option<Uuid>],
        &lines.iter().map(|line| line.why.clone()).collect::<Vec<_>>()
    )
    .execute(&mut **tx)
    .await?;
    price_lines(tx, new.id, priced).await
}

/// Writes what each filled line costs; the others cost nothing.
async fn price_lines(tx: &mut OrgTx, id: Uuid, priced: &[Priced]) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "update roster_proposal_lines l set cost = coalesce(p.cents, 0) / 100.0, overtime_minutes = coalesce(p.overtime, 0)
         from roster_proposal_lines o
         left join unnest($3::uuid[], $4::bigint[], $5::integer[]) p (shift, cents, overtime) on p.shift = o.shift_id
         where l.org_id = $1 and l.proposal_id = $2 and o.org_id = $1 and o.proposal_id = $2 and o.shift_id = l.shift_id",
        org,
        id,
        &priced.iter().map(|line| line.shift.0).collect::<Vec<_>>(),
        &priced.iter().map(Priced::cost_cents).collect::<Vec<_>>(),
        &priced.iter().map(|line| i32::try_from(line.overtime_minutes).unwrap_or(i32::MAX)).collect::<Vec<_>>()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes a judgement anew, after a line was changed.
pub(super) async fn judged(tx: &mut OrgTx, id: Uuid, figures: &Figures, priced: &[Priced]) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "update roster_proposals set figures = $3, quality = $4::float8::numeric, cost = $5::bigint / 100.0, budget = $6::bigint / 100.0
         where org_id = $1 and id = $2",
        org,
        id,
        serde_json::to_value(figures)?,
        stored(figures),
        total(priced),
        figures.budget_cents
    )
    .execute(&mut **tx)
    .await?;
    price_lines(tx, id, priced).await
}

/// A proposal with its lines.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] where its site is outside the scope.
pub async fn proposal(tx: &mut OrgTx, scope: &Scope, id: Uuid) -> Result<Proposal> {
    let org = tx.org().0;
    let row = sqlx::query!(
        r#"select p.site_id, t.name as site, t.time_zone, p.first_day, p.last_day, p.fingerprint, p.solve_ms, p.figures,
                  (p.cost * 100)::bigint as "cost!", p.made_by, m.name as made_by_name, p.made_at, p.state, p.roster_id,
                  s.name as "settled_by?", p.settled_at
           from roster_proposals p
           join sites t on t.org_id = p.org_id and t.id = p.site_id
           join users m on m.org_id = p.org_id and m.id = p.made_by
           left join users s on s.org_id = p.org_id and s.id = p.settled_by
           where p.org_id = $1 and p.id = $2"#,
        org,
        id
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound("proposal"))?;
    scope.narrowed_to(Some(SiteId(row.site_id)))?;
    let figures: Figures = serde_json::from_value(row.figures)?;
    let (lines, names) = lines(tx, id).await?;
    Ok(Proposal {
        id,
        site: SiteId(row.site_id),
        site_name: row.site,
        zone: zone(&row.time_zone)?,
        first: row.first_day,
        last: row.last_day,
        fingerprint: row.fingerprint,
        solve_ms: row.solve_ms,
        quality: figures.quality(),
        figures,
        cost_cents: row.cost,
        made_by: UserId(row.made_by),
        made_by_name: row.made_by_name,
        made_at: row.made_at,
        state: State::of(&row.state),
        settled: row.settled_by.zip(row.settled_at),
        roster: row.roster_id,
        lines,
        names,
    })
}

async fn lines(tx: &mut OrgTx, id: Uuid) -> Result<(Vec<Line>, HashMap<WorkerId, String>)> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select l.shift_id, l.day, l.starts_at, l.ends_at, l.required_skill, l.creates, l.worker_id, l.why, (l.cost * 100)::bigint as "cost!",
                  l.overtime_minutes, l.changed_at, l.changed_by, l.changed_to, l.change_reason, l.outcome, l.outcome_why,
                  w.name as "worker?", c.name as "changed_worker?", u.name as "changed_by_name?"
           from roster_proposal_lines l
           left join workers w on w.org_id = l.org_id and w.id = l.worker_id
           left join workers c on c.org_id = l.org_id and c.id = l.changed_to
           left join users u on u.org_id = l.org_id and u.id = l.changed_by
           where l.org_id = $1 and l.proposal_id = $2 order by l.starts_at, l.ends_at, l.shift_id"#,
        org,
        id
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut names = HashMap::new();
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let (proposed, to) = (row.worker_id.map(WorkerId), row.changed_to.map(WorkerId));
        names.extend(proposed.zip(row.worker));
        names.extend(to.zip(row.changed_worker));
        let by = row.changed_by.zip(row.changed_at).zip(row.change_reason);
        let change = by.map(|((by, at), reason)| {
            let by_name = row.changed_by_name.unwrap_or_default();
            Change { to, reason, by: UserId(by), by_name, at }
        });
        lines.push(Line {
            shift: ShiftId(row.shift_id),
            day: row.day,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            skill: row.required_skill,
            creates: row.creates,
            proposed,
            why: row.why,
            cost_cents: row.cost,
            overtime_minutes: i64::from(row.overtime_minutes),
            change,
            outcome: row.outcome.as_deref().map(Outcome::of),
            outcome_why: row.outcome_why,
        });
    }
    Ok((lines, names))
}

/// Holds a proposal until the transaction ends: whoever comes second waits, and then sees what the first one did.
pub(super) async fn lock(tx: &mut OrgTx, id: Uuid) -> Result<()> {
    let org = tx.org().0;
    let held = sqlx::query_scalar!("select id from roster_proposals where org_id = $1 and id = $2 for update", org, id);
    held.fetch_optional(&mut **tx).await?.map(|_| ()).ok_or(Error::NotFound("proposal"))
}

/// The latest proposals for a site's week, newest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn proposals_of(tx: &mut OrgTx, site: SiteId, first: NaiveDate) -> Result<Vec<Summary>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select p.id, p.state, u.name, p.made_at, p.quality::float8 as quality, count(*) as "lines!",
                  count(*) filter (where case when l.changed_at is null then l.worker_id else l.changed_to end is not null) as "filled!"
           from roster_proposals p
           join users u on u.org_id = p.org_id and u.id = p.made_by
           join roster_proposal_lines l on l.org_id = p.org_id and l.proposal_id = p.id
           where p.org_id = $1 and p.site_id = $2 and p.first_day = $3
           group by p.id, p.state, u.name, p.made_at, p.quality order by p.made_at desc, p.id desc limit 10"#,
        org,
        site.0,
        first
    )
    .fetch_all(&mut **tx)
    .await?;
    let summary = rows.into_iter().map(|row| Summary {
        id: row.id,
        state: State::of(&row.state),
        made_by: row.name,
        made_at: row.made_at,
        lines: row.lines,
        filled: row.filled,
        quality: row.quality,
    });
    Ok(summary.collect())
}

/// Why a worker was chosen for these shifts, in words for that worker, where a confirmed proposal gave them.
///
/// # Errors
/// [`Error::Database`].
pub async fn own_reasons(
    tx: &mut OrgTx,
    worker: WorkerId,
    shifts: &[ShiftId],
) -> Result<HashMap<ShiftId, Vec<String>>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select l.shift_id, l.why, l.changed_at is not null as "changed!" from roster_proposal_lines l
           where l.org_id = $1 and l.shift_id = any ($2) and l.outcome = 'given'
             and case when l.changed_at is null then l.worker_id else l.changed_to end = $3"#,
        org,
        &shifts.iter().map(|shift| shift.0).collect::<Vec<_>>(),
        worker.0
    )
    .fetch_all(&mut **tx)
    .await?;
    // Why somebody else was passed over is not theirs to know.
    let reasons = |why: &str, changed| match changed {
        true => vec!["The scheduler chose you for it while planning.".to_owned()],
        false => told_to_worker(why),
    };
    Ok(rows.into_iter().map(|row| (ShiftId(row.shift_id), reasons(&row.why, row.changed))).collect())
}
