//! Are those who are proposed for a job taken, and does it matter what proposed them and how high?

use chrono::{Days, NaiveDate, NaiveTime};
use serde::Serialize;
use uuid::Uuid;

use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::units::Rate;

/// Ranks from here on are counted together.
const LAST_RANK: i32 = 4;

/// Matches of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Matched {
    /// `skills, version 2`; `1`, …, `4 and lower`.
    pub name: String,
    /// Proposed.
    pub proposed: i64,
    /// Of these, shown to whoever decides.
    pub shown: i64,
    /// Of the shown that were decided on, those taken.
    pub taken: Rate,
}

/// What became of the matches of a period.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Matching {
    /// By algorithm and version.
    pub algorithms: Vec<Matched>,
    /// By rank, the best first.
    pub ranks: Vec<Matched>,
}

impl Matching {
    /// All of them: proposed, shown, and taken of decided.
    #[must_use]
    pub fn total(&self) -> Matched {
        let sum = |of: fn(&Matched) -> i64| self.algorithms.iter().map(of).sum();
        Matched {
            name: "All together".into(),
            proposed: sum(|it| it.proposed),
            shown: sum(|it| it.shown),
            taken: Rate { hit: sum(|it| it.taken.hit), of: sum(|it| it.taken.of) },
        }
    }
}

/// Of the matches made in a period. Whatever clock a site has, its days lie within two of UTC's: who asks of all sites need not be
/// told the site of a match that is further within.
pub(super) async fn matching(tx: &mut OrgTx, sites: Option<&[Uuid]>, period: Period) -> Result<Matching> {
    let org = tx.org().0;
    let utc = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    let (begin, end) = (utc(period.first - Days::new(2)), utc(period.last + Days::new(3)));
    let (within, until) = (utc(period.first + Days::new(2)), utc(period.last - Days::new(1)));
    let all_the_same = sites.is_none() && within < until;
    let (inside, edges) = if all_the_same {
        (Some((within, until)), [vec![begin, until], vec![within, end]])
    } else {
        (None, [vec![begin], vec![end]])
    };
    let rows = sqlx::query!(
        r#"select algorithm as "algorithm!", version as "version!", least(rank, $5) as "rank!", count(*) as "proposed!",
                  count(*) filter (where shown) as "shown!", count(accepted) as "decided!", count(*) filter (where accepted) as "taken!"
           from (
               select algorithm, version, rank, shown, accepted from matches where org_id = $1 and matched_at >= $6 and matched_at < $7
               union all
               select m.algorithm, m.version, m.rank, m.shown, m.accepted
               from unnest($8::timestamptz[], $9::timestamptz[]) r (first, until)
               cross join lateral (select * from matches m where m.org_id = $1 and m.matched_at >= r.first and m.matched_at < r.until offset 0) m
               join (select id, site_id from jobs where org_id = $1 offset 0) j on j.id = m.job_id
               join sites s on s.org_id = $1 and s.id = j.site_id
               where ($4::uuid[] is null or j.site_id = any ($4)) and (m.matched_at at time zone s.time_zone)::date between $2 and $3
           ) m
           group by 1, 2, 3 order by 1, 2, 3"#,
        org,
        period.first,
        period.last,
        sites,
        LAST_RANK,
        inside.map(|(first, _)| first),
        inside.map(|(_, until)| until),
        &edges[0],
        &edges[1]
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut matching = Matching::default();
    for row in rows {
        let one = |name: String| Matched {
            name,
            proposed: row.proposed,
            shown: row.shown,
            taken: Rate { hit: row.taken, of: row.decided },
        };
        add(&mut matching.algorithms, one(format!("{}, version {}", row.algorithm, row.version)));
        add(
            &mut matching.ranks,
            one(if row.rank == LAST_RANK { format!("{LAST_RANK} and lower") } else { row.rank.to_string() }),
        );
    }
    matching.ranks.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(matching)
}

fn add(all: &mut Vec<Matched>, one: Matched) {
    match all.iter_mut().find(|it| it.name == one.name) {
        Some(it) => {
            it.proposed += one.proposed;
            it.shown += one.shown;
            it.taken = Rate { hit: it.taken.hit + one.taken.hit, of: it.taken.of + one.taken.of };
        }
        None => all.push(one),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_is_added_and_the_total_is_the_sum() {
        let one = |name: &str, hit| Matched { name: name.into(), proposed: 5, shown: 4, taken: Rate { hit, of: 3 } };
        let mut all = Vec::new();
        for it in [one("a", 1), one("b", 2), one("a", 0)] {
            add(&mut all, it);
        }
        assert_eq!((all.len(), all[0].proposed, all[0].taken), (2, 10, Rate { hit: 1, of: 6 }));
        let total = Matching { algorithms: all, ranks: Vec::new() }.total();
        assert_eq!((total.proposed, total.shown, total.taken), (15, 12, Rate { hit: 3, of: 9 }));
    }
}
