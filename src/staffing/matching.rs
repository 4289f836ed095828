//! Are those who are proposed for a job taken, and does it matter what proposed them and how high?

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::units::Rate;

/// Ranks from here on are counted together, by `match_sums` too.
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

/// What of a period is read as sums of whole days and months of UTC, and what is read match by match: whatever clock a site has, its
/// day lies within UTC's day before and the day after.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Stretches {
    /// What each of the three below is of: `day` or `month`.
    grains: Vec<String>,
    /// First days whose sums are read.
    from: Vec<NaiveDate>,
    /// Days from which on they are not.
    until: Vec<NaiveDate>,
    /// Matches from these moments on are read one by one.
    since: Vec<DateTime<Utc>>,
    /// Until these.
    before: Vec<DateTime<Utc>>,
}

impl Stretches {
    fn of(period: Period) -> Self {
        let (first, until) = (period.first + Days::new(1), period.last);
        let mut all = Self::default();
        if first >= until {
            all.matches(period.first - Days::new(1), period.last + Days::new(2));
            return all;
        }
        let months = (first - Days::new(1)).with_day(1).map(|day| day + Months::new(1)).zip(until.with_day(1));
        match months.filter(|(begin, end)| begin < end) {
            Some((begin, end)) => {
                all.sums("day", first, begin);
                all.sums("month", begin, end);
                all.sums("day", end, until);
            }
            None => all.sums("day", first, until),
        }
        all.matches(period.first - Days::new(1), first);
        all.matches(until, period.last + Days::new(2));
        all
    }

    fn sums(&mut self, grain: &str, from: NaiveDate, until: NaiveDate) {
        if from < until {
            self.grains.push(grain.into());
            self.from.push(from);
            self.until.push(until);
        }
    }

    fn matches(&mut self, since: NaiveDate, before: NaiveDate) {
        let utc = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        self.since.push(utc(since));
        self.before.push(utc(before));
    }
}

/// Matches of one kind, as they are counted.
struct Counted {
    algorithm: String,
    version: String,
    rank: i32,
    proposed: i64,
    shown: i64,
    decided: i64,
    taken: i64,
}

/// Of the matches made in a period, whatever their site.
async fn of_all(tx: &mut OrgTx, period: Period) -> Result<Vec<Counted>> {
    let org = tx.org().0;
    let read = Stretches::of(period);
    let counted = sqlx::query_as!(
        Counted,
        r#"select algorithm as "algorithm!", version as "version!", rank as "rank!", sum(proposed) as "proposed!", sum(shown) as "shown!",
                  sum(decided) as "decided!", sum(taken) as "taken!"
           from (
               select s.algorithm, s.version, s.rank, s.proposed, s.shown, s.decided, s.taken
               from unnest($5::text[], $6::date[], $7::date[]) r (grain, first, until)
               cross join lateral (
                   select * from match_sums s where s.org_id = $1 and s.grain = r.grain and s.begins >= r.first and s.begins < r.until offset 0
               ) s
               union all
               select m.algorithm, m.version, least(m.rank, $4), 1, m.shown::integer, (m.accepted is not null)::integer,
                      coalesce(m.accepted, false)::integer
               from unnest($8::timestamptz[], $9::timestamptz[]) r (first, until)
               cross join lateral (select * from matches m where m.org_id = $1 and m.matched_at >= r.first and m.matched_at < r.until offset 0) m
               join jobs j on j.org_id = $1 and j.id = m.job_id
               join sites s on s.org_id = $1 and s.id = j.site_id
               where (m.matched_at at time zone s.time_zone)::date between $2 and $3
           ) m
           group by 1, 2, 3 having sum(proposed) > 0 order by 1, 2, 3"#,
        org,
        period.first,
        period.last,
        LAST_RANK,
        &read.grains,
        &read.from,
        &read.until,
        &read.since,
        &read.before
    );
    Ok(counted.fetch_all(&mut **tx).await?)
}

/// Of the matches made in a period for jobs at these sites, which are looked up by their jobs.
async fn of_sites(tx: &mut OrgTx, sites: &[Uuid], period: Period) -> Result<Vec<Counted>> {
    let org = tx.org().0;
    let counted = sqlx::query_as!(
        Counted,
        r#"select m.algorithm, m.version, least(m.rank, $5) as "rank!", count(*) as "proposed!", count(*) filter (where m.shown) as "shown!",
                  count(m.accepted) as "decided!", count(*) filter (where m.accepted) as "taken!"
           from (select j.id, s.time_zone from jobs j join sites s on s.org_id = $1 and s.id = j.site_id
                 where j.org_id = $1 and j.site_id = any ($4) offset 0) j
           cross join lateral (select * from matches m where m.org_id = $1 and m.job_id = j.id offset 0) m
           where (m.matched_at at time zone j.time_zone)::date between $2 and $3
           group by 1, 2, 3 order by 1, 2, 3"#,
        org,
        period.first,
        period.last,
        sites,
        LAST_RANK
    );
    Ok(counted.fetch_all(&mut **tx).await?)
}

/// Of the matches made in a period.
pub(super) async fn matching(tx: &mut OrgTx, sites: Option<&[Uuid]>, period: Period) -> Result<Matching> {
    let rows = match sites {
        None => of_all(tx, period).await?,
        Some(sites) => of_sites(tx, sites, period).await?,
    };
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
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn period(first: &str, last: &str) -> Period {
        Period { first: day(first), last: day(last) }
    }

    #[test]
    fn whole_months_are_read_as_such_and_the_edges_match_by_match() {
        let read = Stretches::of(period("2026-01-30", "2026-04-02"));
        assert_eq!(read.grains, ["day", "month", "day"]);
        assert_eq!(read.from, ["2026-01-31", "2026-02-01", "2026-04-01"].map(day));
        assert_eq!(read.until, ["2026-02-01", "2026-04-01", "2026-04-02"].map(day));
        let moments =
            |days: [&str; 2]| days.map(|day| format!("{day}T00:00:00Z").parse::<DateTime<Utc>>().expect("a moment"));
        assert_eq!(read.since, moments(["2026-01-29", "2026-04-02"]));
        assert_eq!(read.before, moments(["2026-01-31", "2026-04-04"]));
    }

    proptest! {
        #[test]
        fn what_surely_lies_within_is_summed_once_and_what_may_is_read_once(first in 0_u64..500, days in 1_u64..500) {
            let first = day("2024-01-01") + Days::new(first);
            let period = Period { first, last: first + Days::new(days - 1) };
            let read = Stretches::of(period);
            let mut counted: Vec<NaiveDate> = Vec::new();
            for at in 0..read.from.len() {
                let whole = read.grains[at] == "month";
                prop_assert!(!whole || (read.from[at].day() == 1 && read.until[at].day() == 1));
                counted.extend(read.from[at].iter_days().take_while(|day| *day < read.until[at]));
            }
            prop_assert!(counted.iter().all(|day| *day > period.first && *day < period.last));
            for at in 0..read.since.len() {
                let (since, before) = (read.since[at].date_naive(), read.before[at].date_naive());
                counted.extend(since.iter_days().take_while(|day| *day < before));
            }
            counted.sort();
            let within = Period { first: period.first - Days::new(1), last: period.last + Days::new(1) };
            prop_assert_eq!(counted, within.iter().collect::<Vec<_>>());
        }
    }

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
