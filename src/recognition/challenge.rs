//! A contest between sites over one rate. Each is measured by the change against its own baseline, the equally long period
//! before the start, so that large and small teams, and good and struggling ones, compete fairly (spec 3.3).

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::metrics::{Period, Sums};
use crate::units::{Rate, SiteId};
use crate::{Error, Result};

/// The smallest sample that is judged, in the challenge and in the baseline alike.
pub const SMALLEST_SAMPLE: i64 = 20;
/// Shortest challenge, in days.
pub const SHORTEST_DAYS: u64 = 7;
/// Longest challenge, in days: a quarter.
pub const LONGEST_DAYS: u64 = 92;
/// How far ahead a challenge may begin, in days.
pub const FURTHEST_AHEAD: u64 = 92;
/// Most sites of one challenge.
pub const MOST_SITES: usize = 12;
/// Longest name, in characters.
pub const LONGEST_NAME: usize = 80;

/// Differences of rates below this are none.
const SAME: f64 = 1e-9;

/// What is contested: a closed list of rates that a team can work on together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Shifts attended, of those scheduled.
    Attendance,
    /// Clock-ins on time, of the shifts attended.
    OnTime,
    /// Deadlines kept by tasks and work orders together.
    Sla,
    /// Checkpoints visited, of those planned.
    Coverage,
    /// Tasks completed, of those due.
    TaskCompletion,
}

impl Metric {
    /// All of them, in the order a form shows them.
    pub const ALL: [Self; 5] = [Self::Attendance, Self::OnTime, Self::Sla, Self::Coverage, Self::TaskCompletion];

    /// The word for it in SQL, forms and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Attendance => "attendance",
            Self::OnTime => "on_time",
            Self::Sla => "sla",
            Self::Coverage => "coverage",
            Self::TaskCompletion => "task_completion",
        }
    }

    /// What a page calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Attendance => "Attendance",
            Self::OnTime => "On time",
            Self::Sla => "Deadlines met",
            Self::Coverage => "Patrol coverage",
            Self::TaskCompletion => "Tasks completed",
        }
    }

    /// What its sample counts, as one and as many.
    #[must_use]
    pub fn counted(self) -> (&'static str, &'static str) {
        match self {
            Self::Attendance | Self::OnTime => ("shift", "shifts"),
            Self::Sla => ("deadline", "deadlines"),
            Self::Coverage => ("checkpoint", "checkpoints"),
            Self::TaskCompletion => ("task", "tasks"),
        }
    }

    /// The rate in these sums of a team: added up first, divided once.
    #[must_use]
    pub fn rate(self, s: &Sums) -> Rate {
        match self {
            Self::Attendance => Rate { hit: s.attended, of: s.scheduled },
            Self::OnTime => Rate { hit: s.on_time, of: s.attended },
            Self::Sla => Rate { hit: s.tasks_sla_hit + s.orders_sla_hit, of: s.tasks_sla_judged + s.orders_sla_judged },
            Self::Coverage => Rate { hit: s.checkpoints_visited, of: s.checkpoints_planned },
            Self::TaskCompletion => Rate { hit: s.tasks_completed, of: s.tasks_due },
        }
    }
}

impl std::str::FromStr for Metric {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|metric| metric.word() == text);
        known.ok_or_else(|| Error::Invalid("Choose what the challenge is about.".into()))
    }
}

/// How a challenge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It begins later.
    Upcoming,
    /// It has begun. `through` is its last day that counts so far; `None`: no whole day has passed.
    Running {
        /// The last day counted.
        through: Option<NaiveDate>,
    },
    /// Its last day is over; the night writes down who won.
    Ended,
    /// The winners are known.
    Settled,
}

/// The state of a challenge over `days` when `last` is the last whole day.
#[must_use]
pub fn state(days: Period, is_settled: bool, last: NaiveDate) -> State {
    let today = last + Days::new(1);
    if is_settled {
        State::Settled
    } else if today < days.first {
        State::Upcoming
    } else if last < days.last {
        State::Running { through: (last >= days.first).then_some(last) }
    } else {
        State::Ended
    }
}

/// Where a site stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Which site.
    pub site: SiteId,
    /// Its name.
    pub name: String,
    /// In the challenge so far.
    pub now: Rate,
    /// In the equally long period before it.
    pub before: Rate,
}

impl Standing {
    /// The change in percentage points; `None`: fewer than [`SMALLEST_SAMPLE`] were judged in one of the periods.
    #[must_use]
    pub fn change(&self) -> Option<f64> {
        if self.now.of < SMALLEST_SAMPLE || self.before.of < SMALLEST_SAMPLE {
            return None;
        }
        Some(100.0 * (self.now.value()? - self.before.value()?))
    }
}

/// Largest change first; those with too small a sample last, by name.
pub fn order(standings: &mut [Standing]) {
    standings.sort_by(|a, b| {
        let by_change = match (a.change(), b.change()) {
            (Some(a), Some(b)) => b.total_cmp(&a),
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        by_change.then_with(|| a.name.cmp(&b.name))
    });
}

/// The sites with the largest change; equals share. Nobody where no sample suffices.
#[must_use]
pub fn winners(standings: &[Standing]) -> Vec<SiteId> {
    let best = standings.iter().filter_map(Standing::change).max_by(f64::total_cmp);
    let Some(best) = best else { return Vec::new() };
    let won = standings.iter().filter(|it| it.change().is_some_and(|change| best - change < SAME));
    won.map(|it| it.site).collect()
}

/// A challenge as somebody wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What to call it.
    pub name: String,
    /// What is contested.
    pub metric: Metric,
    /// First and last day.
    pub days: Period,
    /// The site of who makes it.
    pub host: SiteId,
    /// The sites it is played against.
    pub others: Vec<SiteId>,
}

impl Draft {
    /// Refuses what makes no fair contest. Spaces around the name go, and sites named twice count once.
    ///
    /// # Errors
    /// [`Error::Invalid`] that says what to mend.
    pub fn check(mut self, today: NaiveDate) -> Result<Self> {
        let refuse = |text: String| Err(Error::Invalid(text));
        self.name = self.name.trim().to_owned();
        match self.name.chars().count() {
            3..=LONGEST_NAME => {}
            _ => return refuse(format!("Give the challenge a name of 3 to {LONGEST_NAME} characters.")),
        }
        if self.days.first < today {
            return refuse("A challenge begins today or later: nobody competes in the past.".into());
        }
        if self.days.first > today + Days::new(FURTHEST_AHEAD) {
            return refuse(format!("Begin within {FURTHEST_AHEAD} days."));
        }
        if self.days.last < self.days.first || !(SHORTEST_DAYS..=LONGEST_DAYS).contains(&self.days.days()) {
            return refuse(format!("A challenge lasts {SHORTEST_DAYS} to {LONGEST_DAYS} days."));
        }
        self.others.retain(|site| *site != self.host);
        self.others.sort_unstable();
        self.others.dedup();
        if self.others.is_empty() {
            return refuse("Choose at least one other site to compete with.".into());
        }
        if self.others.len() >= MOST_SITES {
            return refuse(format!("At most {MOST_SITES} sites compete in one challenge."));
        }
        Ok(self)
    }

    /// All sites that take part.
    #[must_use]
    pub fn sites(&self) -> Vec<SiteId> {
        std::iter::once(self.host).chain(self.others.iter().copied()).collect()
    }
}

/// A challenge and how it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Challenge {
    /// Its id.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// What is contested.
    pub metric: Metric,
    /// First and last day.
    pub days: Period,
    /// How it stands.
    pub state: State,
    /// Whether it was ended early.
    pub ended_early: bool,
    /// The site whose supervisors may end it.
    pub host: Option<SiteId>,
    /// Largest change first.
    pub standings: Vec<Standing>,
    /// Who won, once it is settled.
    pub winners: Vec<SiteId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn site(nth: u128) -> SiteId {
        SiteId(Uuid::from_u128(nth))
    }

    fn standing(nth: u128, now: (i64, i64), before: (i64, i64)) -> Standing {
        let rate = |(hit, of)| Rate { hit, of };
        Standing { site: site(nth), name: format!("Site {nth}"), now: rate(now), before: rate(before) }
    }

    #[test]
    fn a_small_team_that_rose_more_stands_before_a_large_one_with_the_better_rate() {
        // 190 / 200 = 95 %, from 94 %: +1. 18 / 20 = 90 %, from 16 / 20 = 80 %: +10.
        let mut all = [standing(1, (190, 200), (188, 200)), standing(2, (18, 20), (16, 20))];
        order(&mut all);
        assert_eq!(all[0].site, site(2));
        assert!((all[0].change().unwrap() - 10.0).abs() < 1e-9 && (all[1].change().unwrap() - 1.0).abs() < 1e-9);
        assert_eq!(winners(&all), [site(2)]);
    }

    #[test]
    fn equals_share_and_too_small_a_sample_wins_nothing() {
        let equals =
            [standing(1, (30, 40), (20, 40)), standing(2, (75, 100), (50, 100)), standing(3, (74, 100), (50, 100))];
        assert_eq!(winners(&equals), [site(1), site(2)]);
        let small = [standing(1, (19, 19), (0, 40)), standing(2, (40, 40), (0, 19))];
        assert_eq!(small[0].change(), None);
        assert!(winners(&small).is_empty() && winners(&[]).is_empty());
        let mut with_one = [standing(1, (19, 19), (0, 40)), standing(2, (10, 40), (20, 40))];
        order(&mut with_one);
        assert_eq!(with_one[0].site, site(2), "a sample that suffices stands before one that does not");
    }

    #[test]
    fn a_challenge_is_to_come_runs_ends_and_is_settled() {
        let days = Period { first: day("2026-03-02"), last: day("2026-03-15") };
        let check = |last, is_settled, expected| assert_eq!(state(days, is_settled, day(last)), expected, "{last}");
        check("2026-02-28", false, State::Upcoming);
        check("2026-03-01", false, State::Running { through: None });
        check("2026-03-14", false, State::Running { through: Some(day("2026-03-14")) });
        check("2026-03-15", false, State::Ended);
        check("2026-03-15", true, State::Settled);
    }

    #[test]
    fn sums_are_added_before_they_are_divided() {
        let sums = Sums {
            tasks_sla_hit: 9,
            tasks_sla_judged: 10,
            orders_sla_hit: 0,
            orders_sla_judged: 10,
            ..Sums::default()
        };
        assert_eq!(Metric::Sla.rate(&sums), Rate { hit: 9, of: 20 });
        for metric in Metric::ALL {
            assert_eq!(metric.word().parse::<Metric>().unwrap(), metric);
            assert_eq!(metric.rate(&Sums::default()).value(), None);
        }
        assert!("charm".parse::<Metric>().is_err());
    }

    fn draft() -> Draft {
        let days = Period { first: day("2026-03-02"), last: day("2026-03-08") };
        Draft {
            name: " Spring ".into(),
            metric: Metric::OnTime,
            days,
            host: site(1),
            others: vec![site(2), site(2), site(1)],
        }
    }

    #[test]
    fn a_draft_is_cleaned_and_a_contest_with_nobody_is_refused() {
        let checked = draft().check(day("2026-03-02")).unwrap();
        assert_eq!((checked.name.as_str(), checked.sites()), ("Spring", vec![site(1), site(2)]));
        let refused = |change: &dyn Fn(&mut Draft)| {
            let mut draft = draft();
            change(&mut draft);
            matches!(draft.check(day("2026-03-02")), Err(Error::Invalid(_)))
        };
        assert!(refused(&|it| it.name = " ab ".into()) && refused(&|it| it.name = "é".repeat(81)));
        assert!(refused(&|it| it.days.first = day("2026-03-01")), "it lies in the past");
        assert!(refused(&|it| it.days = Period { first: day("2026-07-02"), last: day("2026-07-12") }), "too far ahead");
        assert!(refused(&|it| it.days.last = day("2026-03-07")) && refused(&|it| it.days.last = day("2026-03-01")));
        assert!(refused(&|it| it.days.last = day("2026-06-02")), "93 days");
        assert!(refused(&|it| it.others = vec![site(1)]), "alone");
        assert!(refused(&|it| it.others = (2..14).map(site).collect()), "13 sites");
        assert!(!refused(&|it| it.others = (2..13).map(site).collect()), "12 sites");
    }
}
