//! A person's part of the work in a period, as sums; and what each of the page's measures makes of it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ratio::Moments;
use crate::scoring::cohort;
use crate::units::{Rate, SiteId, WorkerId};

/// What somebody did in a period, as sums that can be added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// Days employed.
    pub days: i64,
    /// Minutes worked, overtime included.
    pub minutes: i64,
    /// Of these, overtime.
    pub overtime: i64,
    /// Days with work.
    pub worked: i64,
    /// Of these, days whose shift began in the night.
    pub nights: i64,
    /// Of these, Saturdays and Sundays.
    pub weekends: i64,
    /// Shifts scheduled.
    pub scheduled: i64,
    /// Shifts attended.
    pub attended: i64,
    /// Of these, on time.
    pub on_time: i64,
    /// Shifts offered.
    pub offered: i64,
    /// Offers answered.
    pub answered: i64,
    /// Of these, accepted.
    pub accepted: i64,
}

impl std::ops::Add for Work {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            days: self.days + other.days,
            minutes: self.minutes + other.minutes,
            overtime: self.overtime + other.overtime,
            worked: self.worked + other.worked,
            nights: self.nights + other.nights,
            weekends: self.weekends + other.weekends,
            scheduled: self.scheduled + other.scheduled,
            attended: self.attended + other.attended,
            on_time: self.on_time + other.on_time,
            offered: self.offered + other.offered,
            answered: self.answered + other.answered,
            accepted: self.accepted + other.accepted,
        }
    }
}

/// How long somebody has been here: the brackets of cohorts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tenure {
    /// Under 90 days.
    Days90,
    /// Under a year.
    Year,
    /// Under three years.
    Years3,
    /// Three years or more.
    Longer,
    /// Nobody knows since when.
    Unknown,
}

impl Tenure {
    /// All, newest first.
    pub const ALL: [Self; 5] = [Self::Days90, Self::Year, Self::Years3, Self::Longer, Self::Unknown];

    /// The bracket of somebody hired then, on a day.
    #[must_use]
    pub fn of(hired_on: Option<NaiveDate>, day: NaiveDate) -> Self {
        match cohort::tenure(hired_on, day) {
            "<90d" => Self::Days90,
            "<1y" => Self::Year,
            "<3y" => Self::Years3,
            "3y+" => Self::Longer,
            _ => Self::Unknown,
        }
    }

    /// Its name on a page.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Days90 => "Under 90 days",
            Self::Year => "90 days to a year",
            Self::Years3 => "One to three years",
            Self::Longer => "Three years or more",
            Self::Unknown => "Not on record",
        }
    }
}

/// A person in a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Person {
    /// Who.
    pub worker: WorkerId,
    /// The home site.
    pub site: SiteId,
    /// The bracket of tenure on the period's last day.
    pub tenure: Tenure,
    /// Contracted minutes a week; `None`: not on record.
    pub contracted: Option<i64>,
    /// The period's work.
    pub work: Work,
    /// The BPI on the period's last day.
    pub bpi: Option<f64>,
}

impl Person {
    /// Nights if at least half of the days worked were.
    #[must_use]
    pub fn is_of_nights(&self) -> bool {
        cohort::pattern(self.work.nights, self.work.worked) == "night"
    }

    /// Whether employed on each of so many days.
    #[must_use]
    pub fn is_whole(&self, days: u64) -> bool {
        u64::try_from(self.work.days).is_ok_and(|employed| employed >= days)
    }
}

/// A share that a person adds to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Portion {
    /// Worked, of contracted hours for the days employed, of those whose contract is on record.
    Utilization,
    /// Nights, of days worked.
    Nights,
    /// Weekend days, of days worked.
    Weekends,
    /// Overtime, of the time worked.
    Overtime,
    /// Offers accepted, of those answered.
    Accepted,
    /// Shifts attended on time, of those attended.
    OnTime,
}

impl Portion {
    /// All, in the order of the page's columns.
    pub const ALL: [Self; 6] =
        [Self::Utilization, Self::Nights, Self::Weekends, Self::Overtime, Self::Accepted, Self::OnTime];

    /// A person's part; nothing from who has nothing to judge. To be added and divided once.
    #[must_use]
    pub fn of(self, person: &Person) -> Option<Rate> {
        let work = person.work;
        let rate = match self {
            // Sevenths of minutes, so that a week's contract is shared over its days without rounding.
            Self::Utilization => Rate { hit: 7 * work.minutes, of: person.contracted? * work.days },
            Self::Nights => Rate { hit: work.nights, of: work.worked },
            Self::Weekends => Rate { hit: work.weekends, of: work.worked },
            Self::Overtime => Rate { hit: work.overtime, of: work.minutes },
            Self::Accepted => Rate { hit: work.accepted, of: work.answered },
            Self::OnTime => Rate { hit: work.on_time, of: work.attended },
        };
        (rate.of > 0).then_some(rate)
    }

    /// How many people add to it, and their sum.
    #[must_use]
    pub fn among<'a>(self, people: impl IntoIterator<Item = &'a Person>) -> (usize, Rate) {
        let parts = people.into_iter().filter_map(|person| self.of(person));
        parts.fold((0, Rate::default()), |(n, sum), rate| (n + 1, sum + rate))
    }
}

/// What is shared among people: how evenly is judged over those employed the whole period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// Hours worked.
    Hours,
    /// Nights.
    Nights,
    /// Weekend days.
    Weekends,
    /// Hours of overtime.
    Overtime,
    /// Shifts offered.
    Offers,
}

impl Share {
    /// All, in the order they are offered.
    pub const ALL: [Self; 5] = [Self::Hours, Self::Nights, Self::Weekends, Self::Overtime, Self::Offers];

    /// Its name in an address and in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Nights => "nights",
            Self::Weekends => "weekends",
            Self::Overtime => "overtime",
            Self::Offers => "offers",
        }
    }

    /// Its name on a page.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Hours => "Hours",
            Self::Nights => "Nights",
            Self::Weekends => "Weekend days",
            Self::Overtime => "Overtime hours",
            Self::Offers => "Offers",
        }
    }

    /// A person's amount of it.
    #[must_use]
    pub fn of(self, work: &Work) -> f64 {
        match self {
            Self::Hours => work.minutes as f64 / 60.0,
            Self::Nights => work.nights as f64,
            Self::Weekends => work.weekends as f64,
            Self::Overtime => work.overtime as f64 / 60.0,
            Self::Offers => work.offered as f64,
        }
    }
}

/// What groups of people are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The mean BPI.
    Bpi,
    /// Hours a week.
    Hours,
    /// Nights, of days worked.
    Nights,
    /// Weekend days, of days worked.
    Weekends,
    /// Overtime, of the time worked.
    Overtime,
    /// Offers in four weeks.
    Offers,
}

impl Measure {
    /// All, in the order they are offered.
    pub const ALL: [Self; 6] = [Self::Hours, Self::Nights, Self::Weekends, Self::Overtime, Self::Offers, Self::Bpi];

    /// Its name in an address.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Bpi => "bpi",
            Self::Hours => "hours",
            Self::Nights => "nights",
            Self::Weekends => "weekends",
            Self::Overtime => "overtime",
            Self::Offers => "offers",
        }
    }

    /// Its name on a page.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Bpi => "BPI",
            Self::Hours => "Hours a week",
            Self::Nights => "Nights, of days worked",
            Self::Weekends => "Weekends, of days worked",
            Self::Overtime => "Overtime, of time worked",
            Self::Offers => "Offers in four weeks",
        }
    }

    /// Whether it is a share of a hundred.
    #[must_use]
    pub fn is_percent(self) -> bool {
        matches!(self, Self::Nights | Self::Weekends | Self::Overtime)
    }

    /// A person's part in the ratio; nothing from who has nothing to judge.
    #[must_use]
    pub fn of(self, person: &Person) -> Option<Moments> {
        let work = person.work;
        let (y, x) = match self {
            Self::Bpi => (person.bpi?, 1.0),
            Self::Hours => (work.minutes as f64 / 60.0, work.days as f64 / 7.0),
            Self::Nights => (100.0 * work.nights as f64, work.worked as f64),
            Self::Weekends => (100.0 * work.weekends as f64, work.worked as f64),
            Self::Overtime => (100.0 * work.overtime as f64, work.minutes as f64),
            Self::Offers => (work.offered as f64, work.days as f64 / 28.0),
        };
        (x > 0.0).then(|| Moments::of(y, x))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn person(contracted: Option<i64>, days: i64, minutes: i64) -> Person {
        let work = Work { days, minutes, ..Work::default() };
        let (worker, site) = (WorkerId(Uuid::nil()), SiteId(Uuid::nil()));
        Person { worker, site, tenure: Tenure::Longer, contracted, work, bpi: None }
    }

    #[test]
    fn utilization_is_divided_once_and_shares_a_week_over_its_days() {
        // 40 h a week for 28 days is 160 h, worked 150; 20 h a week for 7 days is 20 h, worked 30: 180 of 180.
        let people = [person(Some(2400), 28, 9000), person(Some(1200), 7, 1800), person(None, 28, 9999)];
        let utilization = |people: &[Person]| {
            let (n, rate) = Portion::Utilization.among(people);
            (n, rate.value())
        };
        assert_eq!(utilization(&people), (2, Some(1.0)));
        // Three days of a 40 hours' week are 17.14 h: 6 h are 35 %.
        assert_eq!(utilization(&[person(Some(2400), 3, 360)]), (1, Some(0.35)));
        assert_eq!(utilization(&[person(None, 28, 60)]), (0, None));
    }

    #[test]
    fn who_has_nothing_to_judge_is_left_out_of_a_measure() {
        let idle = person(Some(2400), 28, 0);
        assert!(Measure::Nights.of(&idle).is_none() && Measure::Bpi.of(&idle).is_none());
        assert_eq!(Measure::Hours.of(&idle), Some(Moments::of(0.0, 4.0)));
    }
}
