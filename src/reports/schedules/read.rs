//! The schedules as whoever keeps them sees them: an admin all of the organization, everybody else the own.

use chrono::{DateTime, NaiveTime, Utc};
use uuid::Uuid;

use super::{Report, Rhythm, Schedule};
use crate::clock::zone;
use crate::database::OrgTx;
use crate::people::{Role, User};
use crate::units::{SiteId, UserId};
use crate::{Error, Result};

/// A schedule that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Which.
    pub id: Uuid,
    /// It.
    pub schedule: Schedule,
    /// Whether every organization gets it, so that nobody here made it.
    pub usual: bool,
    /// Whether it goes out.
    pub active: bool,
    /// Who made it; `None`: nobody of the organization.
    pub created_by: Option<String>,
    /// Whether whoever made it may sign in; a schedule of who may not sends nothing.
    pub owner_is_there: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The latest time it was due.
    pub last_run_at: Option<DateTime<Utc>>,
    /// When it is due next.
    pub next_run_at: DateTime<Utc>,
    /// The e-mails of those named, in their order.
    pub emails: Vec<String>,
    /// The name of its site.
    pub site: Option<String>,
    /// The name of its partner.
    pub partner: Option<String>,
}

struct Row {
    id: Uuid,
    name: String,
    description: String,
    report: String,
    format: String,
    rhythm: String,
    day: Option<i16>,
    at: NaiveTime,
    time_zone: String,
    site_id: Option<Uuid>,
    site: Option<String>,
    partner_id: Option<Uuid>,
    partner: Option<String>,
    roles: Vec<String>,
    usual: bool,
    active: bool,
    created_by: Option<String>,
    owner_is_there: bool,
    created_at: DateTime<Utc>,
    last_run_at: Option<DateTime<Utc>>,
    next_run_at: DateTime<Utc>,
    recipients: Vec<Uuid>,
    emails: Vec<String>,
}

impl TryFrom<Row> for Kept {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            schedule: Schedule {
                name: row.name,
                description: row.description,
                report: row.report.parse()?,
                format: row.format.parse()?,
                rhythm: Rhythm::of(&row.rhythm, row.day)?,
                at: row.at,
                zone: zone(&row.time_zone)?,
                site: row.site_id.map(SiteId),
                partner: row.partner_id,
                roles: row.roles.iter().map(|role| role.parse()).collect::<Result<_>>()?,
                recipients: row.recipients.into_iter().map(UserId).collect(),
            },
            usual: row.usual,
            active: row.active,
            created_by: row.created_by,
            owner_is_there: row.owner_is_there,
            created_at: row.created_at,
            last_run_at: row.last_run_at,
            next_run_at: row.next_run_at,
            emails: row.emails,
            site: row.site,
            partner: row.partner,
        })
    }
}

/// The schedules that a user keeps: all of the organization for an admin, the own for everybody else; by name.
///
/// # Errors
/// [`Error::Database`].
pub async fn list(tx: &mut OrgTx, by: &User) -> Result<Vec<Kept>> {
    read(tx, by, None).await
}

/// One of [`list`].
///
/// # Errors
/// [`Error::NotFound`], [`Error::Database`].
pub async fn one(tx: &mut OrgTx, id: Uuid, by: &User) -> Result<Kept> {
    read(tx, by, Some(id)).await?.pop().ok_or(Error::NotFound("schedule"))
}

/// The schedule of a report that every organization gets; `None`: it was deleted, or nothing was planned yet.
///
/// # Errors
/// [`Error::Database`].
pub async fn of_usual(tx: &mut OrgTx, report: Report) -> Result<Option<Uuid>> {
    let org = tx.org().0;
    Ok(sqlx::query_scalar!(
        "select id from report_schedules where org_id = $1 and report = $2 and usual and deleted_at is null",
        org,
        report.code()
    )
    .fetch_optional(&mut **tx)
    .await?)
}

async fn read(tx: &mut OrgTx, by: &User, id: Option<Uuid>) -> Result<Vec<Kept>> {
    let org = tx.org().0;
    let rows = sqlx::query_as!(
        Row,
        r#"select s.id, s.name, s.description, s.report, s.format, s.rhythm, s.day, s.at, s.time_zone, s.site_id, t.name as "site?",
               s.partner_id, p.name as "partner?", s.roles, s.usual, s.active, u.name as "created_by?",
               (s.created_by is null or u.status = 'active') as "owner_is_there!", s.created_at, s.last_run_at, s.next_run_at,
               array(select r.user_id from report_recipients r left join logins l on l.org_id = $1 and l.user_id = r.user_id
                     where r.org_id = $1 and r.schedule_id = s.id order by l.email, r.user_id) as "recipients!",
               array(select l.email from report_recipients r join logins l on l.org_id = $1 and l.user_id = r.user_id
                     where r.org_id = $1 and r.schedule_id = s.id order by l.email) as "emails!"
           from report_schedules s
           left join users u on u.org_id = $1 and u.id = s.created_by
           left join sites t on t.org_id = $1 and t.id = s.site_id
           left join partners p on p.org_id = $1 and p.id = s.partner_id
           where s.org_id = $1 and s.deleted_at is null and ($2 or s.created_by = $3) and ($4::uuid is null or s.id = $4)
           order by lower(s.name), s.id"#,
        org,
        by.role == Role::Admin,
        by.id.0,
        id
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(Kept::try_from).collect()
}
