//! Making, changing, stopping and sending: the verbs of whoever keeps a schedule. Each leaves a line in the audit log.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::read::one;
use super::{Report, Schedule, course};
use crate::database::OrgTx;
use crate::people::{Role, User, audit};
use crate::units::UserId;
use crate::{Error, Result};

const RECORD: &str = "report schedule";
/// Letters of a name and of a description.
const LONGEST: (usize, usize) = (200, 2_000);
/// People named one by one.
const MOST_NAMED: usize = 200;

fn invalid<T>(text: impl Into<String>) -> Result<T> {
    Err(Error::Invalid(text.into()))
}

/// Keeps a schedule, from its next time after `now` on.
///
/// # Errors
/// [`Error::Invalid`] with what to mend, [`Error::Forbidden`] for a report that whoever makes it may not see.
pub async fn create(tx: &mut OrgTx, schedule: &Schedule, by: &User, now: DateTime<Utc>) -> Result<Uuid> {
    check(tx, schedule, by).await?;
    let (org, id, (rhythm, day)) = (tx.org().0, Uuid::now_v7(), schedule.rhythm.stored());
    sqlx::query!(
        "insert into report_schedules (org_id, id, name, description, report, format, rhythm, day, at, time_zone, site_id, partner_id,
             roles, created_by, created_at, next_run_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        org,
        id,
        schedule.name.trim(),
        schedule.description.trim(),
        schedule.report.code(),
        schedule.format.code(),
        rhythm,
        day,
        schedule.at,
        schedule.zone.name(),
        schedule.site.map(|site| site.0),
        schedule.partner,
        &words(&schedule.roles),
        by.id.0,
        now,
        schedule.rhythm.next(schedule.zone, schedule.at, now)
    )
    .execute(&mut **tx)
    .await?;
    name_recipients(tx, id, &schedule.recipients).await?;
    audit::record(tx, by.id, "scheduled a report", RECORD, Some(id), Some(what(schedule)), now).await?;
    Ok(id)
}

/// Changes a schedule; its next time is anew after `now`. One whose maker has left is from then on whoever's changed it.
///
/// # Errors
/// As [`create`]; [`Error::NotFound`] for one that `by` may not keep.
pub async fn change(tx: &mut OrgTx, id: Uuid, schedule: &Schedule, by: &User, now: DateTime<Utc>) -> Result<()> {
    if one(tx, id, by).await?.schedule.report != schedule.report {
        return invalid("A schedule keeps its report. Make a new one for another report.");
    }
    check(tx, schedule, by).await?;
    let (org, (rhythm, day)) = (tx.org().0, schedule.rhythm.stored());
    sqlx::query!(
        "update report_schedules s set name = $3, description = $4, format = $5, rhythm = $6, day = $7, at = $8, time_zone = $9,
             site_id = $10, partner_id = $11, roles = $12, next_run_at = $13,
             created_by = case when s.created_by is null
                 or exists (select from users u where u.org_id = $1 and u.id = s.created_by and u.status = 'active') then s.created_by
                 else $14 end
         where s.org_id = $1 and s.id = $2",
        org,
        id,
        schedule.name.trim(),
        schedule.description.trim(),
        schedule.format.code(),
        rhythm,
        day,
        schedule.at,
        schedule.zone.name(),
        schedule.site.map(|site| site.0),
        schedule.partner,
        &words(&schedule.roles),
        schedule.rhythm.next(schedule.zone, schedule.at, now),
        by.id.0
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!("delete from report_recipients where org_id = $1 and schedule_id = $2", org, id)
        .execute(&mut **tx)
        .await?;
    name_recipients(tx, id, &schedule.recipients).await?;
    audit::record(tx, by.id, "changed a report schedule", RECORD, Some(id), Some(what(schedule)), now).await
}

/// Stops a schedule, or lets it go on with its next time after `now`: what fell into the pause is not sent.
///
/// # Errors
/// [`Error::NotFound`] for one that `by` may not keep.
pub async fn set_active(tx: &mut OrgTx, id: Uuid, active: bool, by: &User, now: DateTime<Utc>) -> Result<()> {
    let (kept, org) = (one(tx, id, by).await?, tx.org().0);
    let next = kept.schedule.rhythm.next(kept.schedule.zone, kept.schedule.at, now);
    sqlx::query!(
        "update report_schedules set active = $3, next_run_at = $4 where org_id = $1 and id = $2",
        org,
        id,
        active,
        next
    )
    .execute(&mut **tx)
    .await?;
    let action = if active { "resumed a report schedule" } else { "paused a report schedule" };
    audit::record(tx, by.id, action, RECORD, Some(id), None, now).await
}

/// Ends a schedule for good; what it has sent stays on record.
///
/// # Errors
/// [`Error::NotFound`] for one that `by` may not keep.
pub async fn delete(tx: &mut OrgTx, id: Uuid, by: &User, now: DateTime<Utc>) -> Result<()> {
    let org = tx.org().0;
    one(tx, id, by).await?;
    sqlx::query!(
        "update report_schedules set active = false, deleted_at = $3 where org_id = $1 and id = $2",
        org,
        id,
        now
    )
    .execute(&mut **tx)
    .await?;
    audit::record(tx, by.id, "deleted a report schedule", RECORD, Some(id), None, now).await
}

/// Puts one run into the queue at once, and tells which: it makes the report and sends it as on any other day.
///
/// # Errors
/// [`Error::NotFound`] for one that `by` may not keep, [`Error::Conflict`] while one that was asked for by hand still waits.
pub async fn send_now(tx: &mut OrgTx, id: Uuid, by: &User, now: DateTime<Utc>) -> Result<Uuid> {
    let org = tx.org().0;
    one(tx, id, by).await?;
    // Two clicks at once: the second waits here, and then finds the first's run.
    sqlx::query!("select id from report_schedules where org_id = $1 and id = $2 for update", org, id)
        .fetch_one(&mut **tx)
        .await?;
    if course::waits(tx, id).await? {
        return Err(Error::Conflict("It is being sent already; see what became of it below.".into()));
    }
    let run = course::begin(tx, id, None, Some(by.id), now).await?.ok_or(Error::NotFound("schedule"))?;
    audit::record(tx, by.id, "sent a report", RECORD, Some(id), Some(json!({ "run": run })), now).await?;
    Ok(run)
}

/// The users behind e-mail addresses, as somebody typed them, apart from one another by commas, spaces or lines.
///
/// # Errors
/// [`Error::Invalid`] naming the address that nobody of the organization signs in with.
pub async fn users_by_email(tx: &mut OrgTx, typed: &str) -> Result<Vec<UserId>> {
    let emails: Vec<String> = typed
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
        .filter(|email| !email.is_empty())
        .map(str::to_lowercase)
        .collect();
    if emails.len() > MOST_NAMED {
        return invalid(format!("Name at most {MOST_NAMED} people; choose roles for more."));
    }
    let org = tx.org().0;
    let found = sqlx::query!("select email, user_id from logins where org_id = $1 and email = any ($2)", org, &emails)
        .fetch_all(&mut **tx)
        .await?;
    let mut users = Vec::with_capacity(emails.len());
    for email in &emails {
        match found.iter().find(|login| login.email == *email) {
            Some(login) => users.push(UserId(login.user_id)),
            None => {
                let shown: String = email.chars().take(60).collect();
                return invalid(format!("Nobody here signs in as ‘{shown}’."));
            }
        }
    }
    Ok(users)
}

fn words(roles: &[Role]) -> Vec<String> {
    roles.iter().map(|role| role.word().to_owned()).collect()
}

fn what(schedule: &Schedule) -> Value {
    json!({
        "name": schedule.name.trim(), "report": schedule.report.code(), "format": schedule.format.code(),
        "when": schedule.rhythm.words(), "at": schedule.at.format("%H:%M").to_string(), "zone": schedule.zone.name(),
        "site": schedule.site, "partner": schedule.partner, "roles": words(&schedule.roles),
        "recipients": schedule.recipients,
    })
}

async fn name_recipients(tx: &mut OrgTx, id: Uuid, users: &[UserId]) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into report_recipients (org_id, schedule_id, user_id) select distinct $1::uuid, $2::uuid, u from unnest($3::uuid[]) u",
        org,
        id,
        &users.iter().map(|user| user.0).collect::<Vec<_>>()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Whether it can be kept as it is, by whoever wants to.
async fn check(tx: &mut OrgTx, schedule: &Schedule, by: &User) -> Result<()> {
    let report = schedule.report;
    if !report.may_be_scheduled_by(by.role) {
        return Err(Error::Forbidden("report"));
    }
    let name = schedule.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST.0 {
        return invalid(format!("Give it a name of at most {} letters.", LONGEST.0));
    }
    if schedule.description.trim().chars().count() > LONGEST.1 {
        return invalid(format!("Describe it in at most {} letters.", LONGEST.1));
    }
    if !report.formats().contains(&schedule.format) {
        let formats: Vec<_> = report.formats().iter().map(|format| format.code().to_uppercase()).collect();
        return invalid(format!("‘{}’ comes as {}.", report.label(), formats.join(" or ")));
    }
    if schedule.roles.is_empty() && schedule.recipients.is_empty() {
        return invalid("Choose who gets it: a role, or people by their e-mail.");
    }
    if let Some(role) = schedule.roles.iter().find(|role| !report.is_for(**role)) {
        return invalid(format!("‘{}’ is not for the role {role}.", report.label()));
    }
    if schedule.recipients.len() > MOST_NAMED {
        return invalid(format!("Name at most {MOST_NAMED} people; choose roles for more."));
    }
    check_filters(tx, schedule, by).await?;
    check_recipients(tx, report, &schedule.recipients).await
}

async fn check_filters(tx: &mut OrgTx, schedule: &Schedule, by: &User) -> Result<()> {
    let (report, org) = (schedule.report, tx.org().0);
    if schedule.site.is_some() && !report.has_site() {
        return invalid(format!("‘{}’ is about all sites: choose no single one.", report.label()));
    }
    if schedule.partner.is_some() && !report.has_partner() {
        return invalid(format!("‘{}’ is not about partners: choose none.", report.label()));
    }
    if let Some(site) = schedule.site {
        if by.role != Role::Admin {
            by.scope(report.permission())?.narrowed_to(Some(site))?;
        }
        crate::people::site_name(tx, site).await?;
    }
    if let Some(partner) = schedule.partner {
        sqlx::query_scalar!("select id from partners where org_id = $1 and id = $2", org, partner)
            .fetch_optional(&mut **tx)
            .await?
            .ok_or(Error::NotFound("partner"))?;
    }
    Ok(())
}

/// Whoever is named must be there and may see the report now; whether they still may is asked each time it goes out.
async fn check_recipients(tx: &mut OrgTx, report: Report, recipients: &[UserId]) -> Result<()> {
    let org = tx.org().0;
    let ids: Vec<Uuid> = recipients.iter().map(|user| user.0).collect();
    let users = sqlx::query!(
        "select id, name, role from users where org_id = $1 and id = any ($2) and status = 'active'",
        org,
        &ids
    )
    .fetch_all(&mut **tx)
    .await?;
    if ids.iter().any(|id| !users.iter().any(|user| user.id == *id)) {
        return invalid("One of those who are to get it may not sign in any more. Take that address out.");
    }
    for user in users {
        if !report.is_for(user.role.parse()?) {
            return invalid(format!("‘{}’ is not for {}, whose role is {}.", report.label(), user.name, user.role));
        }
    }
    Ok(())
}
