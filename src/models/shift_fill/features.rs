//! What is known of an open shift at a moment before its start, and never what is known only later.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, Timelike, Utc};
use uuid::Uuid;

use crate::models::reason::Reason;
use crate::models::table::Table;

/// How far back a site's own history counts.
const REMEMBERED_DAYS: i64 = 90;
/// A rate of the past counts as if so many more had gone as usual.
const PRIOR: f64 = 8.0;
/// A season can be told from a trend only over nearly a year.
const SEASON_DAYS: i64 = 330;

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

pub(super) const SITE: &str = "site";
const WEEKDAY: &str = "weekday";
const HOUR: &str = "start hour";
const MONTH: &str = "month";
const HOLIDAY: &str = "public holiday";
const SKILL: &str = "skill";
const LEAD: &str = "hours from posting to start";
const OPEN: &str = "hours open so far";
const REFUSED: &str = "offers refused so far";
const POOL: &str = "people who could come";
const RARITY: &str = "share of people with the skill";
const FILLED_HERE: &str = "share filled here lately";
const ACCEPTED_HERE: &str = "share of offers accepted here lately";

/// A shift that was posted open.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OpenShift {
    pub id: Uuid,
    /// The site's code.
    pub site: String,
    pub day: NaiveDate,
    pub starts_at: DateTime<Utc>,
    /// What the site's clock shows then.
    pub local: NaiveDateTime,
    pub hours: f64,
    pub skill: Option<String>,
    pub posted_at: DateTime<Utc>,
    /// `None` where it was not filled by its start.
    pub filled_at: Option<DateTime<Utc>>,
    pub holiday: bool,
    /// What it cost, in the organization's currency.
    pub pay: f64,
}

/// An offer that was answered.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    pub shift: Uuid,
    pub site: String,
    pub at: DateTime<Utc>,
    pub accepted: bool,
}

/// Who could come: to one shift, and to any of its kind.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Pool {
    pub free: f64,
    /// Share of the people who have the skill.
    pub rarity: f64,
}

/// Yes and no of one site, in the order of time, counted up.
#[derive(Debug, Default)]
struct Record {
    at: Vec<DateTime<Utc>>,
    hits: Vec<f64>,
}

impl Record {
    fn add(&mut self, at: DateTime<Utc>, hit: bool) {
        let sum = self.hits.last().copied().unwrap_or(0.0);
        self.at.push(at);
        self.hits.push(sum + f64::from(hit));
    }

    /// Hits and all within the remembered days before a moment.
    fn before(&self, moment: DateTime<Utc>) -> (f64, f64) {
        let to = self.at.partition_point(|at| *at < moment);
        let from = self.at.partition_point(|at| *at < moment - Duration::days(REMEMBERED_DAYS));
        let sum = |end: usize| if end == 0 { 0.0 } else { self.hits[end - 1] };
        (sum(to) - sum(from), (to - from) as f64)
    }
}

/// When offers were refused, by shift.
pub(super) type Refusals = HashMap<Uuid, Vec<DateTime<Utc>>>;

/// What happened at the sites.
#[derive(Debug, Default)]
struct Past {
    filled: HashMap<String, Record>,
    accepted: HashMap<String, Record>,
    /// Of all sites.
    all: [Record; 2],
}

/// What happened, by site and by shift.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    past: Arc<Past>,
    refused: Refusals,
}

impl History {
    /// Of shifts that have begun and offers that were answered.
    pub fn of(shifts: &[OpenShift], answers: &[Answer]) -> Self {
        let (mut history, mut refused) = (Past::default(), Refusals::new());
        let mut shifts: Vec<&OpenShift> = shifts.iter().collect();
        // Known for certain only at its start.
        shifts.sort_by_key(|shift| shift.starts_at);
        for shift in &shifts {
            let filled = shift.filled_at.is_some();
            history.filled.entry(shift.site.clone()).or_default().add(shift.starts_at, filled);
            history.all[0].add(shift.starts_at, filled);
        }
        let mut answers: Vec<&Answer> = answers.iter().collect();
        answers.sort_by_key(|answer| answer.at);
        for answer in &answers {
            history.accepted.entry(answer.site.clone()).or_default().add(answer.at, answer.accepted);
            history.all[1].add(answer.at, answer.accepted);
            if !answer.accepted {
                refused.entry(answer.shift).or_default().push(answer.at);
            }
        }
        Self { past: Arc::new(history), refused }
    }

    /// The same of the sites, with what was refused by now of some shifts.
    pub fn with_refused(&self, refused: Refusals) -> Self {
        Self { past: self.past.clone(), refused }
    }

    fn filled_here(&self, site: &str, at: DateTime<Utc>) -> f64 {
        lately(self.past.filled.get(site), &self.past.all[0], at)
    }

    fn accepted_here(&self, site: &str, at: DateTime<Utc>) -> f64 {
        lately(self.past.accepted.get(site), &self.past.all[1], at)
    }

    fn refused_so_far(&self, shift: Uuid, at: DateTime<Utc>) -> f64 {
        self.refused.get(&shift).map_or(0, |refused| refused.iter().filter(|when| **when < at).count()) as f64
    }
}

/// The share here, drawn towards that of all sites.
fn lately(here: Option<&Record>, all: &Record, at: DateTime<Utc>) -> f64 {
    let (hits, of) = here.map_or((0.0, 0.0), |record| record.before(at));
    let (all_hits, all_of) = all.before(at);
    (hits + PRIOR * (all_hits + 1.0) / (all_of + 2.0)) / (of + PRIOR)
}

/// An open shift looked at from a moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look<'a> {
    pub shift: &'a OpenShift,
    pub at: DateTime<Utc>,
    pub pool: Pool,
}

/// When each shift is looked at for training: most as they are posted, every third at some later moment before its
/// start, if it is still open then. One look each, so that no shift is counted twice.
pub(super) fn moment(shift: &OpenShift) -> Option<DateTime<Utc>> {
    let (high, low) = shift.id.as_u64_pair();
    let chance = (high ^ low).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 11;
    if !chance.is_multiple_of(3) {
        return Some(shift.posted_at);
    }
    let share = (chance >> 8) as f64 / (1_u64 << 45) as f64;
    let wait = (shift.starts_at - shift.posted_at).num_seconds() as f64 * share * 0.95;
    let at = shift.posted_at + Duration::seconds(wait as i64);
    shift.filled_at.is_none_or(|filled_at| filled_at > at).then_some(at)
}

/// Whether the season can be a feature of facts over these days.
pub(super) fn has_season(first: NaiveDate, last: NaiveDate) -> bool {
    (last - first).num_days() >= SEASON_DAYS
}

/// The features of these looks.
pub(super) fn table(looks: &[Look<'_>], history: &History, season: bool) -> Table {
    let numbers = |of: &dyn Fn(&Look<'_>) -> f64| looks.iter().map(of).collect::<Vec<_>>();
    let hours = |span: Duration| span.num_minutes() as f64 / 60.0;
    let table = Table::new(looks.len())
        .categories(SITE, looks.iter().map(|look| Some(look.shift.site.as_str())))
        .categories(
            WEEKDAY,
            looks.iter().map(|look| Some(WEEKDAYS[look.shift.local.weekday().num_days_from_monday() as usize])),
        )
        .numbers(HOUR, numbers(&|look| f64::from(look.shift.local.hour())))
        .categories(HOLIDAY, looks.iter().map(|look| Some(if look.shift.holiday { "yes" } else { "no" })))
        .categories(SKILL, looks.iter().map(|look| look.shift.skill.as_deref()))
        .numbers(LEAD, numbers(&|look| hours(look.shift.starts_at - look.shift.posted_at)))
        .numbers(OPEN, numbers(&|look| hours(look.at - look.shift.posted_at).max(0.0)))
        .numbers(REFUSED, numbers(&|look| history.refused_so_far(look.shift.id, look.at)))
        .numbers(POOL, numbers(&|look| look.pool.free))
        .numbers(RARITY, numbers(&|look| look.pool.rarity))
        .numbers(FILLED_HERE, numbers(&|look| history.filled_here(&look.shift.site, look.at)))
        .numbers(ACCEPTED_HERE, numbers(&|look| history.accepted_here(&look.shift.site, look.at)));
    if season { table.numbers(MONTH, numbers(&|look| f64::from(look.shift.day.month()))) } else { table }
}

/// A reason in the words of a scheduler.
pub(super) fn words(reason: &Reason) -> String {
    let value = reason.value.as_str();
    let percent = || value.parse::<f64>().map_or_else(|_| value.to_owned(), |share| format!("{:.0} %", 100.0 * share));
    let whole = || value.parse::<f64>().map_or_else(|_| value.to_owned(), |number| format!("{number:.0}"));
    let what = match reason.column.as_str() {
        SITE => format!("it is at {value}"),
        WEEKDAY => format!("it is on a {value}"),
        HOUR => format!("it starts at {value} o'clock"),
        MONTH => format!("it is in month {value}"),
        HOLIDAY if value == "yes" => "it is on a public holiday".into(),
        HOLIDAY => "it is on no public holiday".into(),
        SKILL if value == "missing" => "it asks for no skill".into(),
        SKILL => format!("it asks for {value}"),
        LEAD => format!("it was posted {} hours ahead", whole()),
        OPEN => format!("it has been open for {} hours", whole()),
        REFUSED => format!("{value} offers of it were refused"),
        POOL => format!("{value} people of the site could come"),
        RARITY => format!("{} of all people have the skill", percent()),
        FILLED_HERE => format!("the site filled {} of its open shifts lately", percent()),
        ACCEPTED_HERE => format!("{} of the site's offers were accepted lately", percent()),
        other => format!("{other} is {value}"),
    };
    format!("{what}: {}", if reason.effect > 0.0 { "likelier" } else { "less likely" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-02-{text}:00Z").parse().unwrap()
    }

    fn shift(id: u128, posted: &str, starts: &str, filled: Option<&str>) -> OpenShift {
        let starts_at = at(starts);
        OpenShift {
            id: Uuid::from_u128(id),
            site: "N1".into(),
            day: starts_at.date_naive(),
            starts_at,
            local: starts_at.naive_utc(),
            hours: 8.0,
            skill: None,
            posted_at: at(posted),
            filled_at: filled.map(at),
            holiday: false,
            pay: 0.0,
        }
    }

    #[test]
    fn what_is_known_only_later_is_not_known() {
        let shifts = [
            shift(1, "01T06:00", "02T06:00", Some("01T09:00")),
            shift(2, "01T06:00", "05T06:00", None),
            shift(3, "03T06:00", "06T06:00", None),
        ];
        let refused = |at: DateTime<Utc>| Answer { shift: shifts[2].id, site: "N1".into(), at, accepted: false };
        let history = History::of(&shifts, &[refused(at("03T08:00")), refused(at("04T08:00"))]);
        // Before the first start nothing is known; then one of one; the empty second shift only once it has begun.
        assert!((history.filled_here("N1", at("02T06:00")) - 0.5).abs() < 1e-12);
        let one = (1.0 + 8.0 * 2.0 / 3.0) / 9.0;
        assert!((history.filled_here("N1", at("05T06:00")) - one).abs() < 1e-12);
        assert!((history.filled_here("N1", at("05T06:01")) - (1.0 + 8.0 * 0.5) / 10.0).abs() < 1e-12);
        let so_far = ["03T06:00", "03T09:00", "05T00:00"].map(|when| history.refused_so_far(shifts[2].id, at(when)));
        assert_eq!(so_far, [0.0, 1.0, 2.0]);
    }

    #[test]
    fn a_shift_is_looked_at_once_and_only_while_it_is_open() {
        let mut later = 0;
        for id in 0..600 {
            let open = shift(id * 7919, "01T06:00", "03T06:00", None);
            let at = moment(&open).expect("an open shift can be looked at until its start");
            assert!(at >= open.posted_at && at < open.starts_at);
            later += usize::from(at > open.posted_at);
            let filled = OpenShift { filled_at: Some(open.posted_at + Duration::hours(4)), ..open };
            assert!(moment(&filled).is_none_or(|at| at < filled.posted_at + Duration::hours(4)));
        }
        assert!((120..280).contains(&later), "{later} of 600 later than posted");
    }

    #[test]
    fn reasons_are_in_the_words_of_a_scheduler() {
        let said = |column: &str, value: &str, effect: f64| {
            words(&Reason { column: column.into(), value: value.into(), effect })
        };
        assert_eq!(said(LEAD, "9.2", -0.5), "it was posted 9 hours ahead: less likely");
        assert_eq!(said(FILLED_HERE, "0.62", 0.2), "the site filled 62 % of its open shifts lately: likelier");
        assert_eq!(said(HOLIDAY, "yes", -1.0), "it is on a public holiday: less likely");
        assert_eq!(said(SKILL, "missing", 0.1), "it asks for no skill: likelier");
    }
}
