//! Offering an open shift to those it suits best, and their answer. Accepting takes it if it is still open; declining is
//! a right and lowers no score.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::json;
use uuid::Uuid;

use super::crew::{Crew, crew};
use super::may_change;
use super::roster::{Assigned, Candidate, Priced, price, suited};
use crate::clock::zone;
use crate::database::OrgTx;
use crate::metrics::dirty;
use crate::notifications::{self, Kind};
use crate::people::{Scope, User, audit};
use crate::units::{ShiftId, SiteId, WorkerId};
use crate::{Error, Result};

/// How many are shown to choose from.
pub const SHOWN: usize = 5;

/// Whom a shift could be offered to.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Which shift.
    pub shift: ShiftId,
    /// Where.
    pub site: SiteId,
    /// The site's name.
    pub site_name: String,
    /// The site's zone.
    pub zone: Tz,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// The best suited who have not been asked, at most [`SHOWN`], with their names.
    pub candidates: Vec<(String, Candidate)>,
    /// How many were asked already.
    pub asked: usize,
    /// Whose answer is waited for.
    pub waiting: Vec<Waiting>,
    /// Whether the shift was added here, so that it can be withdrawn here.
    pub added_here: bool,
    /// How many are kept from it by a rule.
    pub blocked: usize,
}

/// An offer that waits for its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Which offer.
    pub offer: Uuid,
    /// Who was asked.
    pub name: String,
    /// When.
    pub since: DateTime<Utc>,
}

/// A shift that is offered to a worker and waits for the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnOffer {
    /// Which offer.
    pub id: Uuid,
    /// Where.
    pub site: String,
    /// The site's zone.
    pub zone: Tz,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// The skill it asks for.
    pub skill: Option<String>,
    /// Whether it would be overtime.
    pub overtime: bool,
}

pub(super) struct Locked {
    pub site_id: Uuid,
    site: String,
    time_zone: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    day: chrono::NaiveDate,
    worker_id: Option<Uuid>,
    cancelled: bool,
    added_here: bool,
}

impl Locked {
    /// Whether somebody can still take it.
    pub fn is_open(&self, now: DateTime<Utc>) -> Result<()> {
        let refuse = |text: &str| Err(Error::Conflict(text.into()));
        match self {
            _ if self.cancelled => refuse("The shift has been cancelled."),
            Self { worker_id: Some(_), .. } => refuse("Somebody has the shift already."),
            _ if self.starts_at <= now => refuse("The shift has begun already."),
            _ => Ok(()),
        }
    }

    /// `HOME, Sat 22 Nov, 18:00`, on the clock of the site.
    pub fn said(&self) -> Result<String> {
        let local = self.starts_at.with_timezone(&zone(&self.time_zone)?);
        Ok(format!("{}, {}", self.site, local.format("%a %-d %b, %H:%M")))
    }
}

/// The shift, held until the transaction ends: whoever comes second waits, and then sees what the first one did.
pub(super) async fn lock(tx: &mut OrgTx, shift: ShiftId) -> Result<Locked> {
    let org = tx.org().0;
    let held = sqlx::query_as!(
        Locked,
        r#"select s.site_id, t.name as site, t.time_zone, s.starts_at, s.ends_at, s.day, s.worker_id, s.state = 'cancelled' as "cancelled!",
                  s.ref = s.id::text as "added_here!"
           from shifts s join sites t on t.org_id = s.org_id and t.id = s.site_id
           where s.org_id = $1 and s.id = $2 for update of s"#,
        org,
        shift.0
    );
    held.fetch_optional(&mut **tx).await?.ok_or(Error::NotFound("shift"))
}

async fn asked(tx: &mut OrgTx, shift: ShiftId) -> Result<Vec<WorkerId>> {
    let org = tx.org().0;
    let asked = sqlx::query_scalar!(
        "select distinct worker_id from shift_offers where org_id = $1 and shift_id = $2 and withdrawn_at is null",
        org,
        shift.0
    );
    Ok(asked.fetch_all(&mut **tx).await?.into_iter().map(WorkerId).collect())
}

/// Those whose answer is waited for, the first asked first.
async fn waiting(tx: &mut OrgTx, shift: ShiftId) -> Result<Vec<Waiting>> {
    let org = tx.org().0;
    let waiting = sqlx::query_as!(
        Waiting,
        r#"select o.id as offer, w.name, o.offered_at as since from shift_offers o
           join workers w on w.org_id = o.org_id and w.id = o.worker_id
           where o.org_id = $1 and o.shift_id = $2 and o.answered_at is null and o.withdrawn_at is null
           order by o.offered_at, w.name, o.id"#,
        org,
        shift.0
    );
    Ok(waiting.fetch_all(&mut **tx).await?)
}

fn ranked(crew: &Crew) -> Vec<Candidate> {
    crew.shifts.first().map(|shift| suited(shift, &crew.people, &crew.rules)).unwrap_or_default()
}

/// Whom to offer an open shift to, best suited first. Who was asked once is not asked again.
///
/// # Errors
/// [`Error::Forbidden`] outside the scope, [`Error::NotFound`], [`Error::Conflict`] where it is open no more.
pub async fn choose(tx: &mut OrgTx, scope: &Scope, shift: ShiftId, now: DateTime<Utc>) -> Result<Choice> {
    let held = lock(tx, shift).await?;
    scope.narrowed_to(Some(SiteId(held.site_id)))?;
    held.is_open(now)?;
    let asked = asked(tx, shift).await?;
    let mut crew = crew(tx, shift, scope, None).await?;
    let ranked = ranked(&crew);
    let blocked = ranked.iter().filter(|it| it.blocked.is_some()).count();
    let mut free: Vec<_> =
        ranked.into_iter().filter(|it| it.blocked.is_none() && !asked.contains(&it.worker)).collect();
    free.truncate(SHOWN);
    Ok(Choice {
        shift,
        site: SiteId(held.site_id),
        site_name: held.site,
        zone: crew.rules.zone,
        starts_at: held.starts_at,
        ends_at: held.ends_at,
        candidates: free.into_iter().map(|it| (crew.names.remove(&it.worker).unwrap_or_default(), it)).collect(),
        asked: asked.len(),
        waiting: waiting(tx, shift).await?,
        added_here: held.added_here,
        blocked,
    })
}

/// Offers a shift to these workers and tells them. Returns their names.
///
/// # Errors
/// As [`choose`]; [`Error::Forbidden`] for who only reads; [`Error::Invalid`] without anybody, and for somebody who was
/// asked already or may not have it.
pub async fn offer(
    tx: &mut OrgTx,
    user: &User,
    scope: &Scope,
    shift: ShiftId,
    to: &[WorkerId],
    now: DateTime<Utc>,
) -> Result<Vec<String>> {
    if !may_change(user.role) {
        return Err(Error::Forbidden("operations"));
    }
    let held = lock(tx, shift).await?;
    scope.narrowed_to(Some(SiteId(held.site_id)))?;
    held.is_open(now)?;
    if to.is_empty() {
        return Err(Error::Invalid("Choose at least one person to offer the shift to.".into()));
    }
    let (asked, crew) = (asked(tx, shift).await?, crew(tx, shift, scope, None).await?);
    let ranked = ranked(&crew);
    let (org, day) = (tx.org().0, now.with_timezone(&crew.rules.zone).date_naive());
    let mut names = Vec::new();
    for worker in to {
        let unknown = || Error::Invalid("One of those chosen is not among the people of this site.".into());
        let candidate = ranked.iter().find(|it| it.worker == *worker).ok_or_else(unknown)?;
        let name = crew.names.get(worker).cloned().unwrap_or_default();
        if asked.contains(worker) {
            return Err(Error::Invalid(format!("{name} was asked already. Once is enough.")));
        }
        if candidate.blocked.is_some() {
            return Err(Error::Invalid(format!("{name} cannot have the shift: {}.", candidate.why)));
        }
        sqlx::query!(
            "insert into shift_offers (org_id, id, shift_id, worker_id, offered_at, overtime, day, offered_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            org,
            Uuid::now_v7(),
            shift.0,
            worker.0,
            now,
            candidate.overtime_minutes > 0,
            day,
            user.id.0
        )
        .execute(&mut **tx)
        .await?;
        let users = notifications::users_of_worker(tx, *worker).await?;
        let text = format!("A shift is offered to you: {}. Say yes or no.", held.said()?);
        notifications::notify(tx, &users, Kind::Offer, &text, "/me#offers", now).await?;
        names.push(name);
    }
    let after = json!({ "to": to });
    audit::record(tx, user.id, "offered shift", "shift", Some(shift.0), Some(after), now).await?;
    Ok(names)
}

/// The shifts offered to a worker that wait for an answer and can still be had, soonest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn offers_to(tx: &mut OrgTx, worker: WorkerId, now: DateTime<Utc>) -> Result<Vec<OwnOffer>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        "select o.id, t.name as site, t.time_zone, s.starts_at, s.ends_at, s.required_skill, o.overtime
         from shift_offers o
         join shifts s on s.org_id = o.org_id and s.id = o.shift_id
         join sites t on t.org_id = s.org_id and t.id = s.site_id
         where o.org_id = $1 and o.worker_id = $2 and o.answered_at is null and o.withdrawn_at is null and o.day >= ($3::timestamptz)::date - 200
           and s.state = 'planned' and s.worker_id is null and s.starts_at > $3
         order by s.starts_at, o.id limit 20",
        org,
        worker.0,
        now
    )
    .fetch_all(&mut **tx)
    .await?;
    let own = rows.into_iter().map(|row| {
        Ok(OwnOffer {
            id: row.id,
            site: row.site,
            zone: zone(&row.time_zone)?,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            skill: row.required_skill,
            overtime: row.overtime,
        })
    });
    own.collect()
}

/// A worker's answer to an own offer. Of two who accept at once the first has the shift, the other is told.
///
/// # Errors
/// [`Error::NotFound`] for an offer of somebody else, [`Error::Conflict`] where it was answered before, the shift is
/// open no more, or a rule keeps the worker from it by now.
pub async fn answer(
    tx: &mut OrgTx,
    user: &User,
    worker: WorkerId,
    offer: Uuid,
    accept: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    let org = tx.org().0;
    let shift = sqlx::query_scalar!(
        "select shift_id from shift_offers where org_id = $1 and id = $2 and worker_id = $3",
        org,
        offer,
        worker.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound("offer"))?;
    // The shift first, always: so that no two answers wait for each other.
    let (shift, held) = (ShiftId(shift), lock(tx, ShiftId(shift)).await?);
    if accept {
        held.is_open(now)?;
    }
    let day = now.with_timezone(&zone(&held.time_zone)?).date_naive();
    let written = sqlx::query!(
        "update shift_offers set answered_at = $3, accepted = $4, day = $5, answered_by = $6
         where org_id = $1 and id = $2 and answered_at is null and withdrawn_at is null",
        org,
        offer,
        now,
        accept,
        day,
        user.id.0
    )
    .execute(&mut **tx)
    .await?;
    if written.rows_affected() == 0 {
        return Err(Error::Conflict("You have answered this offer already, or it was taken back.".into()));
    }
    dirty::mark_worker(tx, worker.0, day).await?;
    if accept {
        take(tx, worker, shift, &held, now).await?;
    }
    let action = if accept { "accepted shift" } else { "declined shift" };
    audit::record(tx, user.id, action, "shift", Some(shift.0), Some(json!({ "offer": offer })), now).await
}

/// Gives the worker the shift, and tells the supervisors and whoever else was asked.
async fn take(tx: &mut OrgTx, worker: WorkerId, shift: ShiftId, held: &Locked, now: DateTime<Utc>) -> Result<()> {
    let org = tx.org().0;
    // The shift first and then the person, as where a roster is confirmed: nobody gets two shifts at once.
    sqlx::query!("select id from workers where org_id = $1 and id = $2 for no key update", org, worker.0)
        .fetch_one(&mut **tx)
        .await?;
    let crew = crew(tx, shift, &Scope::own(worker), Some(worker)).await?;
    let candidate = ranked(&crew).into_iter().next().ok_or(Error::NotFound("worker"))?;
    if candidate.blocked.is_some() {
        return Err(Error::Conflict(format!("You cannot take this shift any more: {}.", candidate.why)));
    }
    let line = price(&crew.shifts, &crew.people, &[Assigned { shift, worker }], &crew.rules);
    let line = line.into_iter().next().filter(|_| crew.paid.contains(&worker));
    let cents = |part: fn(&Priced) -> i64| line.as_ref().map_or(0, part);
    sqlx::query!(
        "update shifts set worker_id = $3, filled_at = $4, assigned_by = 'offer', overtime_minutes = $5::bigint::integer,
                pay_regular = $6::bigint / 100.0, pay_overtime = $7::bigint / 100.0, pay_premium = $8::bigint / 100.0
         where org_id = $1 and id = $2",
        org,
        shift.0,
        worker.0,
        now,
        candidate.overtime_minutes,
        cents(|it| it.wage_cents),
        cents(|it| it.overtime_cents),
        cents(|it| it.premium_cents)
    )
    .execute(&mut **tx)
    .await?;
    dirty::mark_worker(tx, worker.0, held.day).await?;
    let (name, said) = (crew.names.get(&worker).cloned().unwrap_or_default(), held.said()?);
    let supervisors = notifications::supervisors_of(tx, SiteId(held.site_id)).await?;
    let text = format!("{name} takes the shift {said}.");
    notifications::notify(tx, &supervisors, Kind::Offer, &text, "/operations?show=shifts", now).await?;
    let others = sqlx::query_scalar!(
        "select u.id from shift_offers o join users u on u.org_id = o.org_id and u.worker_id = o.worker_id and u.status = 'active'
         where o.org_id = $1 and o.shift_id = $2 and o.answered_at is null and o.withdrawn_at is null order by u.id",
        org,
        shift.0
    )
    .fetch_all(&mut **tx)
    .await?;
    let others: Vec<_> = others.into_iter().map(crate::units::UserId).collect();
    let text = format!("The shift {said} has found somebody. Thank you; you need not answer.");
    notifications::notify(tx, &others, Kind::Offer, &text, "/me#offers", now).await?;
    Ok(())
}
