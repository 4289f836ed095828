//! What sites may cost, and what they cost besides pay.

use std::io::Write;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::Simulation;
use super::dice::{Dice, Topic};
use super::rows::Rows;
use super::sites::Site;

/// Shifts that somebody works a week, about.
const SHIFTS_A_WEEK: f64 = 4.6;
/// Kinds of cost, and what share of regular pay they are budgeted at.
const KINDS: [(&str, f64); 5] =
    [("regular", 1.0), ("overtime", 0.06), ("premium", 0.13), ("travel", 0.01), ("other", 0.07)];
const OTHER: [(&str, f64); 4] = [("vehicles", 0.03), ("uniforms", 0.012), ("radios", 0.01), ("supplies", 0.018)];

impl Simulation {
    /// From the month of the first day to the one after the last planned day.
    fn months(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let first_of = |day: NaiveDate| day - Days::new(u64::from(day.day0()));
        let last = first_of(self.plan.last_planned()) + Months::new(1);
        std::iter::successors(Some(first_of(self.plan.first_day)), |month| Some(*month + Months::new(1)))
            .take_while(move |month| *month <= last)
    }

    /// Regular pay of a site's month as it was foreseen, in hundredths.
    fn foreseen(&self, site: &Site, month: NaiveDate) -> f64 {
        let first = self.by_site[site.index].iter().map(|index| &self.workers[*index]);
        let rates: i64 = first.filter(|worker| worker.generation == 0).map(|worker| worker.rate).sum();
        let days = (month + Months::new(1) - month).num_days() as f64;
        let dice = &mut Dice::new(self.plan.seed, Topic::Money, site.index as u64, month_key(month));
        // Thousands, as somebody would plan them.
        (rates as f64 * 8.0 * SHIFTS_A_WEEK * days / 7.0 * dice.between(0.96, 1.06) / 100_000.0).round() * 100_000.0
    }

    /// What the roster of the week from `monday` may cost, in hundredths.
    pub(super) fn weekly_budget(&self, site: &Site, monday: NaiveDate) -> i64 {
        let month = monday - Days::new(u64::from(monday.day0()));
        let days = (month + Months::new(1) - month).num_days() as f64;
        let share: f64 = KINDS[..4].iter().map(|(_, share)| share).sum();
        (self.foreseen(site, month) * share * 7.0 / days / 10_000.0).round() as i64 * 10_000
    }

    pub(super) fn budgets<W: Write>(&self, rows: &mut Rows<W>) {
        for (month, site) in self.months().flat_map(|month| self.sites.iter().map(move |site| (month, site))) {
            let regular = self.foreseen(site, month);
            for (kind, share) in KINDS {
                rows.text(&site.code).date(month).text(kind).hundredths((regular * share) as i64).end();
            }
        }
    }

    /// What has been spent by today.
    pub(super) fn other_costs<W: Write>(&self, rows: &mut Rows<W>) {
        for (month, site) in self.months().flat_map(|month| self.sites.iter().map(move |site| (month, site))) {
            let regular = self.foreseen(site, month);
            let mut dice = Dice::new(self.plan.seed, Topic::Money, !(site.index as u64), month_key(month));
            for (number, (kind, share)) in OTHER.into_iter().enumerate() {
                let day = month + Days::new(dice.index(28) as u64);
                let amount = regular * share * dice.between(0.7, 1.35);
                if (self.plan.first_day..self.plan.today).contains(&day) {
                    let reference = format!("O-{}-{}-{}", site.code, month.format("%y%m"), number + 1);
                    rows.text(&reference).text(&site.code).date(day).text(kind).hundredths(amount as i64).end();
                }
            }
        }
    }
}

fn month_key(month: NaiveDate) -> u64 {
    u64::from(month.year().unsigned_abs()) * 12 + u64::from(month.month0())
}
