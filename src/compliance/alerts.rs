//! Who is rostered for a shift on which something that is asked for will have run out, or is missing? The thing nobody may
//! find out too late.

use chrono::NaiveDate;
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;

use super::Part;
use super::standing::{Kind, Standing};
use crate::Result;
use crate::database::OrgTx;
use crate::people::Scope;
use crate::units::{SiteId, WorkerId};

/// One thing of one person that does not last to the shifts that are planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Who.
    pub worker: WorkerId,
    /// Name.
    pub name: String,
    /// Home site.
    pub site: SiteId,
    /// What kind of thing.
    pub kind: Kind,
    /// What it is called.
    pub thing: String,
    /// Whether the job role or the home site asks for it; else it is held without being asked for.
    pub required: bool,
    /// How it stands.
    pub standing: Standing,
    /// The last day on which it counts; `None`: never got.
    pub until: Option<NaiveDate>,
    /// Planned shifts on which it will not count.
    pub shifts: i64,
    /// The day of the first of them.
    pub first: NaiveDate,
    /// How many alerts there are.
    pub(super) total: i64,
}

/// Each alert of a scope, the soonest shift first: of people whose home site is in it, or who are rostered there.
pub(super) fn each<'a>(
    tx: &'a mut OrgTx,
    scope: &Scope,
    kind: Option<Kind>,
    today: NaiveDate,
    part: Option<Part>,
) -> BoxStream<'a, Result<Alert>> {
    let (org, sites) = (tx.org().0, scope.site_ids());
    let (limit, skipped) = Part::bounds(part);
    let rows = sqlx::query!(
        r#"select a.worker_id, w.name, a.site_id, a.kind, a.name as thing, a.required, a.until,
               standing_code(a.held, a.until, $3) as "code!", a.shifts as "shifts!", a.first as "first!", count(*) over () as "total!"
           from (
               select r.worker_id, r.site_id, r.kind, r.name, r.required, r.held, r.until, count(*) as shifts, min(s.day) as first
               from (select *, (select max(day) from shifts where org_id = $1 and day >= $3 and state = 'planned') as planned_until
                     from requirement_standings) r
               join shifts s on s.org_id = $1 and s.worker_id = r.worker_id and s.day >= $3 and s.state = 'planned'
                 and (r.until is null or s.day > r.until)
               -- What counts beyond the last planned shift, which is nearly everything, need not be asked for its shifts.
               where r.org_id = $1 and (r.until is null or r.until < r.planned_until) and ($4::text is null or r.kind = $4)
                 -- What nobody asks for and has long run out is nobody's concern.
                 and ((r.required and (not r.held or r.until is not null)) or r.until >= $3)
                 and ($2::uuid[] is null or r.site_id = any ($2) or s.site_id = any ($2))
               group by r.worker_id, r.site_id, r.kind, r.name, r.required, r.held, r.until
           ) a
           join workers w on w.org_id = $1 and w.id = a.worker_id
           order by a.first, a.until nulls first, w.name, a.name, a.worker_id, a.kind limit $5 offset $6"#,
        org,
        sites.as_deref(),
        today,
        kind.map(Kind::code),
        limit,
        skipped
    )
    .fetch(&mut **tx)
    .err_into()
    .and_then(|row| {
        let alert = Kind::of(&row.kind).map(|kind| Alert {
            worker: WorkerId(row.worker_id),
            name: row.name,
            site: SiteId(row.site_id),
            kind,
            thing: row.thing,
            required: row.required,
            standing: Standing::from_code(row.code),
            until: row.until,
            shifts: row.shifts,
            first: row.first,
            total: row.total,
        });
        std::future::ready(alert)
    });
    Box::pin(rows)
}

/// People of a site who are rostered on a day on which something required will not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningOut {
    /// Where the shifts are.
    pub site: SiteId,
    /// The site's name.
    pub name: String,
    /// How many people.
    pub people: i64,
    /// The day of the first such shift.
    pub first: NaiveDate,
}

/// The sites with people whose required certification or training runs out, or is missing, before a shift planned up to and
/// including `last`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn running_out(tx: &mut OrgTx, today: NaiveDate, last: NaiveDate) -> Result<Vec<RunningOut>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        RunningOut,
        r#"select s.site_id as "site: SiteId", t.name, count(distinct r.worker_id) as "people!", min(s.day) as "first!"
           from requirement_standings r
           join shifts s on s.org_id = $1 and s.worker_id = r.worker_id and s.day between $2 and $3 and s.state = 'planned'
             and (r.until is null or s.day > r.until)
           join sites t on t.org_id = $1 and t.id = s.site_id
           where r.org_id = $1 and r.required and (not r.held or r.until is not null)
           group by s.site_id, t.name"#,
        org,
        today,
        last
    )
    .fetch_all(&mut **tx)
    .await?)
}
