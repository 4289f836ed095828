//! What do no-shows, lateness, overtime and leavers cost, site by site? Worked out from what was paid; what cannot be read
//! from the records is assumed, and the assumptions stand beside the numbers.

use serde::{Deserialize, Serialize};

use super::comparison::{Parted, Place};
use super::facts::SiteFacts;
use crate::operations::running::Sums;
use crate::team::FEWEST;
use crate::units::SiteId;

/// What is assumed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Assumptions {
    /// How much more than a shift's mean pay it costs that somebody else works the shift of a no-show, in per cent.
    pub cover_extra_percent: f64,
    /// How many weeks' pay it costs to find and train somebody for a leaver.
    pub weeks_to_replace: f64,
}

/// The usual: cover is worked in overtime at time and a half, and a leaver's place is empty or slow for six weeks.
pub const USUAL: Assumptions = Assumptions { cover_extra_percent: 50.0, weeks_to_replace: 6.0 };

/// Money, in hundredths of the currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Impact {
    /// What it cost to cover shifts nobody came to.
    pub no_shows: i64,
    /// Minutes paid and not worked.
    pub lateness: i64,
    /// What overtime cost more than ordinary time.
    pub overtime: i64,
    /// What it costs to replace who left.
    pub leavers: i64,
}

impl std::ops::Add for Impact {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            no_shows: self.no_shows + other.no_shows,
            lateness: self.lateness + other.lateness,
            overtime: self.overtime + other.overtime,
            leavers: self.leavers + other.leavers,
        }
    }
}

impl std::iter::Sum for Impact {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| sum + one)
    }
}

fn mean(sum: i64, of: i64) -> f64 {
    if of > 0 { sum as f64 / of as f64 } else { 0.0 }
}

impl Impact {
    /// Of a period's sums. What nothing was paid for costs nothing.
    #[must_use]
    pub fn of(sums: &Sums, assumed: Assumptions) -> Self {
        let shift = mean(sums.pay_cents, sums.paid_shifts);
        let minute = mean(sums.regular_cents, sums.minutes_regular);
        let day = mean(sums.pay_cents, sums.people);
        let cents = |amount: f64| amount.max(0.0).round() as i64;
        Self {
            no_shows: cents(sums.ncns as f64 * shift * assumed.cover_extra_percent / 100.0),
            lateness: cents(sums.late_minutes as f64 * minute),
            overtime: cents(sums.overtime_cents as f64 - sums.minutes_overtime as f64 * minute),
            leavers: cents(sums.leavers as f64 * day * 7.0 * assumed.weeks_to_replace),
        }
    }

    /// All four together.
    #[must_use]
    pub fn total(self) -> i64 {
        self.no_shows + self.lateness + self.overtime + self.leavers
    }
}

/// A site's part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImpactLine {
    /// Whose.
    pub place: Place,
    /// Its name.
    pub name: String,
    /// How much.
    pub impact: Impact,
}

/// Each site that it cost anything, the costliest first; those of fewer than five people are one line, itself of five
/// or more, without `names`.
#[must_use]
pub fn impact(sites: &[SiteFacts], names: bool, assumed: Assumptions) -> Vec<ImpactLine> {
    impact_of(sites.iter().map(|site| (site.id, site.name.as_str(), site.people, &site.sums)), names, assumed)
}

/// The same of each site's id, name, people on a day and sums.
pub fn impact_of<'a>(
    sites: impl Iterator<Item = (SiteId, &'a str, i64, &'a Sums)>,
    names: bool,
    assumed: Assumptions,
) -> Vec<ImpactLine> {
    let costly = sites
        .map(|(id, name, people, sums)| (id, name, people, Impact::of(sums, assumed)))
        .filter(|(.., impact)| impact.total() > 0);
    let parted = Parted::by(costly, |(_, _, people, _)| if names { FEWEST } else { *people });
    let small = parted.small();
    let mut lines: Vec<ImpactLine> = parted
        .apart
        .into_iter()
        .map(|(id, name, _, impact)| ImpactLine { place: Place::Site(id), name: name.to_owned(), impact })
        .collect();
    if let Some((place, name)) = small {
        lines.push(ImpactLine { place, name, impact: parted.together.iter().map(|(.., impact)| *impact).sum() });
    }
    lines.sort_by(|a, b| b.impact.total().cmp(&a.impact.total()).then_with(|| a.name.cmp(&b.name)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_by_hand() {
        // Ten shifts of 8 hours at 60.00 an hour, and 2 hours of overtime at 90.00: 4,980.00 for ten shifts of five people in a week.
        let sums = Sums {
            paid_shifts: 10,
            minutes_regular: 4_800,
            minutes_overtime: 120,
            regular_cents: 480_000,
            overtime_cents: 18_000,
            pay_cents: 498_000,
            people: 35,
            ncns: 2,
            late_minutes: 30,
            leavers: 1,
            ..Sums::default()
        };
        let impact = Impact::of(&sums, USUAL);
        assert_eq!(impact.no_shows, 49_800, "two shifts of 498.00, half more");
        assert_eq!(impact.lateness, 3_000, "half an hour at 60.00");
        assert_eq!(impact.overtime, 6_000, "two hours at 30.00 more");
        assert_eq!(impact.leavers, 597_600, "996.00 a week for each of five, six weeks");
        assert_eq!(impact.total(), 656_400);
        assert_eq!(Impact::of(&Sums { ncns: 3, leavers: 1, ..Sums::default() }, USUAL).total(), 0, "nothing was paid");
    }
}
