//! Whose certificate, training or registration is to be seen to, the most urgent first.

use chrono::NaiveDate;
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use uuid::Uuid;

use super::Part;
use super::standing::{Kind, Standing};
use crate::Result;
use crate::database::OrgTx;
use crate::people::Scope;
use crate::units::{SiteId, WorkerId};

/// One thing that one person must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// Who.
    pub worker: WorkerId,
    /// Name.
    pub name: String,
    /// Employee number.
    pub number: String,
    /// What the worker does.
    pub job_role: String,
    /// Home site.
    pub site: SiteId,
    /// What kind of thing.
    pub kind: Kind,
    /// What it is called.
    pub thing: String,
    /// How it stands.
    pub standing: Standing,
    /// The last day on which it counts; `None`: never got, or without an end.
    pub until: Option<NaiveDate>,
    /// How many there are of the list.
    pub(super) total: i64,
}

/// Which of them.
#[derive(Debug, Clone)]
pub struct Which {
    /// Of these sites.
    pub(super) sites: Option<Vec<Uuid>>,
    /// One kind, or all.
    pub kind: Option<Kind>,
    /// One standing; `None` with `all`: every one, without: all but those in order for more than 90 days.
    pub standing: Option<Standing>,
    /// Also what is in order for more than 90 days.
    pub all: bool,
    /// The day on which it is judged.
    pub today: NaiveDate,
}

impl Which {
    /// What is to be seen to at the sites of a scope.
    #[must_use]
    pub fn to_act_on(scope: &Scope, kind: Option<Kind>, standing: Option<Standing>, today: NaiveDate) -> Self {
        Self { sites: scope.site_ids(), kind, standing, all: false, today }
    }

    /// All that is required at the sites of a scope.
    #[must_use]
    pub fn all(scope: &Scope, kind: Option<Kind>, today: NaiveDate) -> Self {
        Self { sites: scope.site_ids(), kind, standing: None, all: true, today }
    }
}

/// Each of them, most urgent first; `part` says which page, `None` all.
pub(super) fn each<'a>(tx: &'a mut OrgTx, which: &Which, part: Option<Part>) -> BoxStream<'a, Result<Holding>> {
    let org = tx.org().0;
    let (limit, skipped) = Part::bounds(part);
    let rows = sqlx::query!(
        r#"select s.worker_id, w.name, w.employee_number, w.job_role, s.site_id, s.kind, s.name as thing, s.code as "code!", s.until,
               count(*) over () as "total!"
           from (
               select *, standing_code(held, until, $3) as code from requirement_standings
               where org_id = $1 and required and ($2::uuid[] is null or site_id = any ($2)) and ($4::text is null or kind = $4)
           ) s
           join workers w on w.org_id = $1 and w.id = s.worker_id
           join sites t on t.org_id = $1 and t.id = s.site_id
           where ($5::integer is null and ($6 or s.code < 6)) or s.code = $5
           order by s.code, s.until, t.name, w.name, s.name, s.worker_id, s.kind limit $7 offset $8"#,
        org,
        which.sites.as_deref(),
        which.today,
        which.kind.map(Kind::code),
        which.standing.map(|standing| standing.code() as i32),
        which.all,
        limit,
        skipped
    )
    .fetch(&mut **tx)
    .err_into()
    .and_then(|row| {
        let holding = Kind::of(&row.kind).map(|kind| Holding {
            worker: WorkerId(row.worker_id),
            name: row.name,
            number: row.employee_number,
            job_role: row.job_role,
            site: SiteId(row.site_id),
            kind,
            thing: row.thing,
            standing: Standing::from_code(row.code),
            until: row.until,
            total: row.total,
        });
        std::future::ready(holding)
    });
    Box::pin(rows)
}
