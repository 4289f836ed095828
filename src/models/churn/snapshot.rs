//! What everybody's last weeks come to, seen from one day.

use std::collections::HashMap;
use std::ops::Range;

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::HORIZON_DAYS;
use super::fact::Fact;
use crate::models::table::Table;
use crate::units::WorkerId;

/// Weeks before the day that are looked at.
pub(super) const WEEKS: usize = 18;
/// The days of these.
pub(super) const DAYS: u64 = 7 * WEEKS as u64;
/// Fewer people than this are no site to compare with.
const FEWEST_PEOPLE: usize = 5;

/// Further away than this, an expiry is no matter yet; so long ago, no more.
const CERTIFICATE_DAYS: f64 = 90.0;

const LATELY: Range<usize> = 0..4;
const BEFORE: Range<usize> = 4..12;
const TWO_MONTHS: Range<usize> = 0..8;
const LONG_BEFORE: Range<usize> = 8..18;

/// Somebody's shifts of seven days.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Week {
    pub shifts: f64,
    pub hours: f64,
    pub nights: f64,
    pub weekends: f64,
    /// Pay of all shifts, without travel.
    pub pay: f64,
    /// Hours that were paid at the plain rate, and what for.
    pub regular_hours: f64,
    pub regular_pay: f64,
    pub attended: f64,
    pub late: f64,
    pub no_shows: f64,
}

/// Offers of eight weeks.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Offers {
    pub all: f64,
    pub refused: f64,
}

/// Somebody employed on the day, with what the days before tell.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Person {
    pub worker: WorkerId,
    pub job_role: String,
    pub site: Uuid,
    pub hired_on: Option<NaiveDate>,
    /// The last day; what is to be foreseen.
    pub left_on: Option<NaiveDate>,
    pub weekly_hours: Option<f64>,
    /// Latitude and longitude.
    pub home: Option<(f64, f64)>,
    pub work: Option<(f64, f64)>,
    /// What expires next, and when.
    pub certificate: Option<(String, NaiveDate)>,
    pub bpi: Option<f64>,
    pub bpi_before: Option<f64>,
    pub thanks: i64,
    pub refused_leave: i64,
    pub offers: Offers,
    /// First and last days of approved leave.
    pub leave: Vec<(NaiveDate, NaiveDate)>,
    /// Week 0 ends the day before.
    pub weeks: [Week; WEEKS],
}

/// What the model sees of somebody on a day.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Look {
    pub worker: WorkerId,
    pub day: NaiveDate,
    /// In the order of [`Fact::ALL`]; not a number where it is not known.
    pub values: [f64; Fact::ALL.len()],
    /// What expires next.
    pub certificate: Option<String>,
    /// What reasons are compared with.
    pub evidence: Evidence,
    /// Whether the worker left within the horizon.
    pub leaves: bool,
}

/// Numbers behind the facts, for the words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Evidence {
    pub hours: f64,
    pub hours_before: f64,
    pub contract: f64,
    pub nights: f64,
    pub nights_before: f64,
    pub nights_of_site: f64,
    pub weekends: f64,
    pub weekends_of_site: f64,
    /// Offers of eight weeks, taken and not.
    pub offers: f64,
}

impl Look {
    pub fn value(&self, fact: Fact) -> f64 {
        self.values[fact as usize]
    }
}

/// Everybody as seen from a day.
pub(super) fn looks(day: NaiveDate, people: &[Person]) -> Vec<Look> {
    let others = Others::of(people);
    people.iter().map(|person| look(day, person, &others)).collect()
}

/// The looks as a model sees them.
pub(super) fn table(looks: &[Look]) -> Table {
    Fact::ALL.into_iter().fold(Table::new(looks.len()), |table, fact| {
        table.numbers(fact.column(), looks.iter().map(|look| look.value(fact)).collect())
    })
}

impl Person {
    fn over(&self, weeks: Range<usize>) -> Week {
        self.weeks[weeks].iter().fold(Week::default(), |sum, week| Week {
            shifts: sum.shifts + week.shifts,
            hours: sum.hours + week.hours,
            nights: sum.nights + week.nights,
            weekends: sum.weekends + week.weekends,
            pay: sum.pay + week.pay,
            regular_hours: sum.regular_hours + week.regular_hours,
            regular_pay: sum.regular_pay + week.regular_pay,
            attended: sum.attended + week.attended,
            late: sum.late + week.late,
            no_shows: sum.no_shows + week.no_shows,
        })
    }

    /// Days of these weeks on which the worker was employed and not on leave.
    fn days_there(&self, day: NaiveDate, weeks: Range<usize>) -> f64 {
        let (first, end) = (day - Days::new(7 * weeks.end as u64), day - Days::new(7 * weeks.start as u64));
        let there = |day: &NaiveDate| {
            self.hired_on.is_none_or(|hired| hired <= *day)
                && !self.leave.iter().any(|(first, last)| (first..=last).contains(&day))
        };
        first.iter_days().take_while(|day| *day < end).filter(there).count() as f64
    }

    /// Hours a week of those weeks; unknown where the worker was hardly there.
    fn hours(&self, day: NaiveDate, weeks: Range<usize>) -> f64 {
        let (there, days) = (self.days_there(day, weeks.clone()), 7.0 * weeks.len() as f64);
        if there < 0.36 * days { f64::NAN } else { 7.0 * self.over(weeks).hours / there }
    }

    /// Pay an hour at the plain rate.
    fn hourly(&self) -> f64 {
        let two = self.over(TWO_MONTHS);
        if two.regular_hours < 16.0 { f64::NAN } else { two.regular_pay / two.regular_hours }
    }

    /// How much pay varies between whole weeks of work: the deviation as a share of the mean.
    fn pay_swing(&self, day: NaiveDate) -> f64 {
        let whole = |week: &usize| self.days_there(day, *week..week + 1) > 6.5;
        let pay: Vec<f64> = TWO_MONTHS.filter(whole).map(|week| self.weeks[week].pay).collect();
        let n = pay.len() as f64;
        let mean = pay.iter().sum::<f64>() / n;
        if pay.len() < 4 || mean <= 0.0 {
            return f64::NAN;
        }
        (pay.iter().map(|pay| (pay - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt() / mean
    }
}

/// What people are compared with.
struct Others {
    /// Share of nights in four weeks and of weekends in eight, by site.
    shares: HashMap<Uuid, (f64, f64)>,
    /// The median pay an hour, by job role.
    hourly: HashMap<String, f64>,
}

impl Others {
    fn of(people: &[Person]) -> Self {
        let mut sites: HashMap<Uuid, (usize, Week, Week)> = HashMap::new();
        let mut roles: HashMap<String, Vec<f64>> = HashMap::new();
        for person in people {
            let (lately, two) = (person.over(LATELY), person.over(TWO_MONTHS));
            let site = sites.entry(person.site).or_default();
            site.0 += usize::from(two.shifts > 0.0);
            site.1.nights += lately.nights;
            site.1.shifts += lately.shifts;
            site.2.weekends += two.weekends;
            site.2.shifts += two.shifts;
            let hourly = person.hourly();
            if !hourly.is_nan() {
                roles.entry(person.job_role.clone()).or_default().push(hourly);
            }
        }
        let shares = sites.into_iter().filter(|(_, (people, ..))| *people >= FEWEST_PEOPLE);
        let shares = shares
            .map(|(site, (_, lately, two))| {
                (site, (share(lately.nights, lately.shifts, 1.0), share(two.weekends, two.shifts, 1.0)))
            })
            .collect();
        let roles = roles.into_iter().filter(|(_, rates)| rates.len() >= FEWEST_PEOPLE);
        Self { shares, hourly: roles.map(|(role, rates)| (role, median(rates))).collect() }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}

/// A share, unknown of fewer than `least`.
fn share(part: f64, of: f64, least: f64) -> f64 {
    if of < least { f64::NAN } else { part / of }
}

fn look(day: NaiveDate, person: &Person, others: &Others) -> Look {
    let (lately, two, long_before) = (person.over(LATELY), person.over(TWO_MONTHS), person.over(LONG_BEFORE));
    let (nights_of_site, weekends_of_site) = others.shares.get(&person.site).copied().unwrap_or((f64::NAN, f64::NAN));
    let evidence = Evidence {
        hours: person.hours(day, LATELY),
        hours_before: person.hours(day, BEFORE),
        contract: person.weekly_hours.filter(|hours| *hours > 0.0).unwrap_or(f64::NAN),
        nights: share(lately.nights, lately.shifts, 3.0),
        nights_before: share(long_before.nights, long_before.shifts, 6.0),
        nights_of_site,
        weekends: share(two.weekends, two.shifts, 6.0),
        weekends_of_site,
        offers: person.offers.all,
    };
    let (hours, nights) = (evidence.hours, evidence.nights);
    let role = others.hourly.get(&person.job_role).copied().unwrap_or(f64::NAN);
    let bpi = person.bpi.unwrap_or(f64::NAN);
    let value = |fact: Fact| match fact {
        Fact::HoursChange => (hours - evidence.hours_before) / evidence.hours_before.max(1.0),
        Fact::HoursOfContract => hours / evidence.contract,
        Fact::NightsChange => nights - evidence.nights_before,
        Fact::NightsOfSite => nights - nights_of_site,
        Fact::WeekendsOfSite => evidence.weekends - weekends_of_site,
        Fact::OffersRefused => person.offers.refused,
        Fact::Certificate => person
            .certificate
            .as_ref()
            .map_or(f64::NAN, |(_, last)| ((*last - day).num_days() as f64).clamp(-CERTIFICATE_DAYS, CERTIFICATE_DAYS)),
        Fact::Commute => person.home.zip(person.work).map_or(f64::NAN, |(home, work)| kilometres(home, work)),
        Fact::PayOfRole => person.hourly() / role - 1.0,
        Fact::PaySwing => person.pay_swing(day),
        Fact::NoShows => two.no_shows,
        Fact::Late => share(two.late, two.attended, 4.0),
        Fact::Bpi => bpi,
        Fact::BpiChange => person.bpi_before.map_or(f64::NAN, |before| bpi - before),
        Fact::Thanks => person.thanks as f64,
        Fact::RefusedLeave => person.refused_leave as f64,
        Fact::Tenure => person.hired_on.map_or(f64::NAN, |hired| (day - hired).num_days() as f64 / 365.25),
    };
    Look {
        worker: person.worker,
        day,
        values: Fact::ALL.map(value),
        certificate: person.certificate.as_ref().map(|(name, _)| name.clone()),
        evidence,
        leaves: person.left_on.is_some_and(|last| last < day + Days::new(HORIZON_DAYS)),
    }
}

/// The distance on the globe (haversine).
fn kilometres(from: (f64, f64), to: (f64, f64)) -> f64 {
    let half = |a: f64, b: f64| ((b - a).to_radians() / 2.0).sin().powi(2);
    let chord = half(from.0, to.0) + from.0.to_radians().cos() * to.0.to_radians().cos() * half(from.1, to.1);
    2.0 * 6_371.0 * chord.sqrt().min(1.0).asin()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn day() -> NaiveDate {
        "2026-03-01".parse().unwrap()
    }

    /// Somebody with five plain shifts of eight hours a week.
    pub fn somebody(id: u128) -> Person {
        let week = Week {
            shifts: 5.0,
            hours: 40.0,
            pay: 400.0,
            regular_hours: 40.0,
            regular_pay: 400.0,
            attended: 5.0,
            ..Week::default()
        };
        Person {
            worker: WorkerId(Uuid::from_u128(id)),
            job_role: "guard".into(),
            site: Uuid::from_u128(1),
            hired_on: "2025-03-01".parse().ok(),
            left_on: None,
            weekly_hours: Some(40.0),
            home: Some((-26.0, 28.0)),
            work: Some((-26.0, 28.1)),
            certificate: None,
            bpi: Some(70.0),
            bpi_before: Some(75.0),
            thanks: 2,
            refused_leave: 0,
            offers: Offers::default(),
            leave: Vec::new(),
            weeks: [week; WEEKS],
        }
    }

    #[track_caller]
    fn check(person: Person, fact: Fact, expected: f64) {
        let mut people: Vec<Person> = (2..9).map(somebody).collect();
        people.push(person);
        let value = looks(day(), &people)[7].value(fact);
        let same = (value - expected).abs() < 1e-3 || value.is_nan() && expected.is_nan();
        assert!(same, "{fact:?} is {value}, not {expected}");
    }

    #[test]
    fn hours_are_those_of_the_days_there() {
        let mut cut = somebody(1);
        cut.weeks[..4].iter_mut().for_each(|week| week.hours = 20.0);
        check(cut.clone(), Fact::HoursChange, -0.5);
        check(cut.clone(), Fact::HoursOfContract, 0.5);
        // Two of the four weeks were leave: what is left is a week's hours as ever.
        cut.leave.push(("2026-02-01".parse().unwrap(), "2026-02-14".parse().unwrap()));
        check(cut.clone(), Fact::HoursOfContract, 1.0);
        cut.leave.push(("2026-02-15".parse().unwrap(), "2026-02-24".parse().unwrap()));
        check(cut, Fact::HoursOfContract, f64::NAN);
    }

    #[test]
    fn nights_are_compared_with_the_own_before_and_with_the_sites() {
        let mut owl = somebody(1);
        owl.weeks[..4].iter_mut().for_each(|week| week.nights = 5.0);
        check(owl.clone(), Fact::NightsChange, 1.0);
        check(owl.clone(), Fact::NightsOfSite, 1.0 - 20.0 / 160.0);
        owl.weeks[8..].iter_mut().for_each(|week| *week = Week::default());
        check(owl, Fact::NightsChange, f64::NAN);
    }

    #[test]
    fn pay_is_compared_with_the_median_of_the_role_and_between_weeks() {
        let mut poor = somebody(1);
        poor.weeks.iter_mut().for_each(|week| week.regular_pay = 360.0);
        check(poor.clone(), Fact::PayOfRole, -0.1);
        check(poor.clone(), Fact::PaySwing, 0.0);
        poor.weeks[..8]
            .iter_mut()
            .enumerate()
            .for_each(|(at, week)| week.pay = if at % 2 == 0 { 300.0 } else { 500.0 });
        check(poor.clone(), Fact::PaySwing, (8.0_f64 / 7.0).sqrt() * 100.0 / 400.0);
        poor.job_role = "diver".into();
        check(poor, Fact::PayOfRole, f64::NAN);
    }

    #[test]
    fn the_rest_is_counted_as_it_is() {
        let mut it = somebody(1);
        it.offers = Offers { all: 5.0, refused: 4.0 };
        it.certificate = Some(("First aid".into(), "2026-02-20".parse().unwrap()));
        check(it.clone(), Fact::OffersRefused, 4.0);
        check(it.clone(), Fact::Certificate, -9.0);
        check(it.clone(), Fact::Commute, 9.994);
        check(it.clone(), Fact::BpiChange, -5.0);
        check(it.clone(), Fact::Tenure, 365.0 / 365.25);
        it.home = None;
        check(it, Fact::Commute, f64::NAN);
    }

    #[test]
    fn who_leaves_on_the_sixtieth_day_has_left_within_sixty() {
        let leaves = |last: Option<&str>| {
            let person = Person { left_on: last.map(|day| day.parse().unwrap()), ..somebody(1) };
            looks(day(), &[person])[0].leaves
        };
        assert!(leaves(Some("2026-03-01")) && leaves(Some("2026-04-29")), "the 60 days begin with the snapshot's own");
        assert!(!leaves(Some("2026-04-30")) && !leaves(None));
    }
}
