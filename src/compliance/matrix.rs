//! How do sites stand with what is asked for, and when does it run out? One statement gives every view of it, so that
//! their sums agree.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::standing::{Counts, Kind, Standing, WEEKS};
use crate::Result;
use crate::database::OrgTx;
use crate::people::Scope;
use crate::units::SiteId;

/// What is asked for, and how it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matrix {
    /// Each site where something is asked for, by kind.
    pub sites: BTreeMap<SiteId, BTreeMap<Kind, Counts>>,
    /// Each thing that is asked for.
    pub things: BTreeMap<(Kind, String), Counts>,
    /// What runs out in each of the coming weeks.
    pub weeks: Vec<i64>,
}

impl Matrix {
    /// Everything together.
    #[must_use]
    pub fn total(&self) -> Counts {
        self.sites.values().map(sum).fold(Counts::default(), |sum, counts| sum + counts)
    }
}

/// All kinds of a site together.
#[must_use]
pub fn sum(kinds: &BTreeMap<Kind, Counts>) -> Counts {
    kinds.values().fold(Counts::default(), |sum, counts| sum + *counts)
}

/// How the sites of a scope stand on `today` with what is asked for, of one kind or all.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn matrix(tx: &mut OrgTx, scope: &Scope, kind: Option<Kind>, today: NaiveDate) -> Result<Matrix> {
    let (org, sites) = (tx.org().0, scope.site_ids());
    let rows = sqlx::query!(
        r#"select site_id as "site_id?", kind as "kind?", name as "name?", code as "code?", week as "week?", count(*) as "n!"
           from (
               select site_id, kind, name, standing_code(held, until, $3) as code,
                   case when until between $3 and $3 + 7 * $5 - 1 then (until - $3) / 7 end as week
               from requirement_standings
               where org_id = $1 and required and ($2::uuid[] is null or site_id = any ($2)) and ($4::text is null or kind = $4)
           ) s group by grouping sets ((site_id, kind, code), (kind, name, code), (week))"#,
        org,
        sites.as_deref(),
        today,
        kind.map(Kind::code),
        WEEKS as i32
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut matrix = Matrix { weeks: vec![0; WEEKS], ..Matrix::default() };
    for row in rows {
        let kind = row.kind.as_deref().map(Kind::of).transpose()?;
        match (row.site_id, kind, row.name, row.code, row.week) {
            (Some(site), Some(kind), None, Some(code), _) => {
                let site = matrix.sites.entry(SiteId(site)).or_default();
                site.entry(kind).or_default().add(Standing::from_code(code), row.n);
            }
            (None, Some(kind), Some(name), Some(code), _) => {
                matrix.things.entry((kind, name)).or_default().add(Standing::from_code(code), row.n);
            }
            (.., Some(week)) => {
                if let Some(count) = usize::try_from(week).ok().and_then(|week| matrix.weeks.get_mut(week)) {
                    *count = row.n;
                }
            }
            _ => {}
        }
    }
    Ok(matrix)
}
