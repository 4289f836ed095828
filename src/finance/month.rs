//! A site's month in money: what it cost, what it may cost, and where it is heading. The total is the sum of the lines that are
//! shown, to the last hundredth.

use serde::Serialize;

use super::amount::share;
use crate::executive::Light;
use crate::operations::measures::Costs;
use crate::units::SiteId;

/// Over the budget by up to so much of it is to be watched; by more it is off.
const WATCH: f64 = 0.05;

/// What is planned for the days of the month that are not over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Planned {
    /// Shifts with a worker.
    pub shifts: i64,
    /// Shifts nobody has yet; they are in no amount.
    pub unfilled: i64,
    /// Planned pay of those with a worker, in hundredths.
    pub pay: i64,
    /// Costs other than pay that are booked for those days already, in hundredths.
    pub other: i64,
}

/// How much of the month is over, and how much is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Course {
    /// Days over.
    pub over: i64,
    /// Days after those, up to the last for which any shift is planned.
    pub planned: i64,
    /// Days of the month.
    pub days: i64,
}

impl Course {
    /// What the month will have cost if it goes on as it went: the mean day, times its days. `None` before the first is over.
    #[must_use]
    pub fn run_rate(self, actual: Costs) -> Option<i64> {
        share(actual.total(), self.days, self.over)
    }

    /// The same with what is planned, as far as anything is, and after that the mean day; with other costs than pay as
    /// [`Self::other_to_come`].
    #[must_use]
    pub fn by_plan(self, actual: Costs, planned: Planned) -> Option<i64> {
        let unplanned = self.days - self.over - self.planned;
        let pay = share(actual.pay(), unplanned, self.over)?;
        Some(actual.total() + planned.pay + pay + self.other_to_come(actual, planned)?)
    }

    /// Other costs than pay of the days to come: the mean day, or what is booked for them already where that is more. `None`
    /// before the first is over.
    #[must_use]
    pub fn other_to_come(self, actual: Costs, planned: Planned) -> Option<i64> {
        Some(share(actual.other, self.days - self.over, self.over)?.max(planned.other))
    }
}

/// A line of the table: a site, or all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Which; `None`: all.
    pub site: Option<SiteId>,
    /// Its name.
    pub name: String,
    /// What it cost on the days that are over.
    pub actual: Costs,
    /// Shifts that were paid.
    pub shifts: i64,
    /// What the whole month may cost.
    pub budget: Option<Costs>,
    /// The budget's part for the days that are over, evenly over the month.
    pub to_date: Option<Costs>,
    /// What it cost above (below: negative) that part, of what has a budget.
    pub difference: Option<i64>,
    /// What is planned.
    pub planned: Planned,
    /// What the month will have cost at the mean day.
    pub run_rate: Option<i64>,
    /// What it will have cost by what is planned.
    pub expected: Option<i64>,
    /// What that is above (below: negative) the budget, of what has one.
    pub against: Option<i64>,
}

fn part(costs: Costs, parts: i64, of: i64) -> Option<Costs> {
    Some(Costs {
        regular: share(costs.regular, parts, of)?,
        overtime: share(costs.overtime, parts, of)?,
        premium: share(costs.premium, parts, of)?,
        travel: share(costs.travel, parts, of)?,
        other: share(costs.other, parts, of)?,
    })
}

impl Line {
    /// A site's.
    #[must_use]
    pub fn of(
        (site, name): (SiteId, String),
        (actual, shifts): (Costs, i64),
        budget: Option<Costs>,
        planned: Planned,
        course: Course,
    ) -> Self {
        let to_date = budget.and_then(|budget| part(budget, course.over, course.days));
        let expected = course.by_plan(actual, planned);
        Self {
            site: Some(site),
            name,
            actual,
            shifts,
            budget,
            to_date,
            difference: to_date.map(|to_date| actual.total() - to_date.total()),
            planned,
            run_rate: course.run_rate(actual),
            expected,
            against: expected.zip(budget).map(|(expected, budget)| expected - budget.total()),
        }
    }

    /// All of them: each number is the sum of theirs. What none of them has it has not.
    #[must_use]
    pub fn total(lines: &[Self]) -> Self {
        let sum = |of: fn(&Self) -> Option<i64>| lines.iter().filter_map(of).reduce(|a, b| a + b);
        let costs = |of: fn(&Self) -> Option<Costs>| lines.iter().filter_map(of).reduce(|a, b| a + b);
        Self {
            site: None,
            name: "All sites".into(),
            actual: lines.iter().map(|line| line.actual).sum(),
            shifts: lines.iter().map(|line| line.shifts).sum(),
            budget: costs(|line| line.budget),
            to_date: costs(|line| line.to_date),
            difference: sum(|line| line.difference),
            planned: lines.iter().map(|line| line.planned).fold(Planned::default(), |a, b| Planned {
                shifts: a.shifts + b.shifts,
                unfilled: a.unfilled + b.unfilled,
                pay: a.pay + b.pay,
                other: a.other + b.other,
            }),
            run_rate: sum(|line| line.run_rate),
            expected: sum(|line| line.expected),
            against: sum(|line| line.against),
        }
    }

    /// Pay of a shift on average, in hundredths; `None` where none was paid.
    #[must_use]
    pub fn per_shift(&self) -> Option<i64> {
        share(self.actual.pay(), 1, self.shifts)
    }

    /// Whether it will keep within its budget.
    #[must_use]
    pub fn light(&self) -> Light {
        let over = self.against.zip(self.budget).map(|(against, budget)| (against as f64, budget.total() as f64));
        match over {
            None => Light::NoData,
            Some((against, _)) if against <= 0.0 => Light::OnTarget,
            Some((against, budget)) if against <= WATCH * budget => Light::Watch,
            Some(_) => Light::OffTarget,
        }
    }
}

/// A kind of cost: its code, its name, and its cents.
pub type Kind = (&'static str, &'static str, fn(Costs) -> i64);

/// The kinds of cost with their names, in the order they are shown.
pub const KINDS: [Kind; 5] = [
    ("regular", "Regular pay", |it| it.regular),
    ("overtime", "Overtime", |it| it.overtime),
    ("premium", "Premiums", |it| it.premium),
    ("travel", "Travel", |it| it.travel),
    ("other", "Other than pay", |it| it.other),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn costs(regular: i64, other: i64) -> Costs {
        Costs { regular, other, ..Costs::default() }
    }

    fn line(actual: Costs, budget: Option<Costs>, planned: Planned, course: Course) -> Line {
        Line::of((SiteId(Uuid::nil()), "Gate".into()), (actual, 10), budget, planned, course)
    }

    #[test]
    fn a_month_by_hand() {
        // Ten of thirty days: 1,000.00 of pay and 50.00 else. Seven days are planned at 800.00; the budget is 3,300.00.
        let course = Course { over: 10, planned: 7, days: 30 };
        let planned = Planned { shifts: 14, unfilled: 1, pay: 80_000, other: 0 };
        let it = line(costs(100_000, 5_000), Some(costs(300_000, 30_000)), planned, course);
        assert_eq!(it.to_date, Some(costs(100_000, 10_000)));
        assert_eq!(it.difference, Some(-5_000), "1,050.00 of 1,100.00");
        assert_eq!(it.run_rate, Some(315_000), "105.00 a day");
        assert_eq!(it.expected, Some(105_000 + 80_000 + 13 * 10_000 + 20 * 500), "planned, then 13 mean days");
        assert_eq!((it.against, it.light()), (Some(-5_000), Light::OnTarget));
        assert_eq!(it.per_shift(), Some(10_000), "pay alone");
    }

    #[test]
    fn what_is_booked_for_days_to_come_is_expected_once() {
        // Ten of thirty days cost 50.00 besides pay: 100.00 more by the mean day.
        let course = Course { over: 10, planned: 0, days: 30 };
        let booked = |other| course.by_plan(costs(0, 5_000), Planned { other, ..Planned::default() });
        assert_eq!(booked(4_000), Some(15_000), "40.00 of it are known");
        assert_eq!(booked(60_000), Some(65_000), "an insurance of 600.00");
    }

    #[test]
    fn a_closed_month_is_what_it_cost() {
        let course = Course { over: 30, planned: 0, days: 30 };
        let it = line(costs(100_001, 7), Some(costs(100_000, 0)), Planned::default(), course);
        assert_eq!(
            (it.run_rate, it.expected, it.difference, it.against),
            (Some(100_008), Some(100_008), Some(8), Some(8))
        );
        assert_eq!(it.light(), Light::Watch);
    }

    #[test]
    fn before_the_first_day_is_over_nothing_is_expected() {
        let course = Course { over: 0, planned: 7, days: 30 };
        let it = line(Costs::default(), Some(costs(9, 0)), Planned::default(), course);
        assert_eq!((it.run_rate, it.expected, it.light()), (None, None, Light::NoData));
        assert_eq!(it.to_date, Some(Costs::default()));
    }

    #[test]
    fn a_site_without_a_budget_is_in_the_cost_and_not_in_the_difference() {
        let course = Course { over: 10, planned: 0, days: 10 };
        let with = line(costs(100, 0), Some(costs(90, 0)), Planned::default(), course);
        let without = line(costs(1_000, 0), None, Planned::default(), course);
        let total = Line::total(&[with, without]);
        assert_eq!((total.actual.total(), total.difference, total.against), (1_100, Some(10), Some(10)));
        assert_eq!(Line::total(&[]).budget, None);
    }

    prop_compose! {
        fn any_costs()(regular in 0_i64..9_999_999, overtime in 0_i64..999_999, premium in 0_i64..999_999, travel in 0_i64..99_999, other in 0_i64..999_999) -> Costs {
            Costs { regular, overtime, premium, travel, other }
        }
    }

    proptest! {
        #[test]
        fn the_total_is_the_sum_of_the_lines_and_of_the_kinds(
            sites in prop::collection::vec((any_costs(), prop::option::of(any_costs()), 0_i64..9_999), 1..9), over in 1_i64..31,
        ) {
            let course = Course { over, planned: 0, days: 31 };
            let lines: Vec<Line> = sites.iter().map(|(actual, budget, pay)| {
                line(*actual, *budget, Planned { pay: *pay, ..Planned::default() }, course)
            }).collect();
            let total = Line::total(&lines);
            prop_assert_eq!(total.expected.unwrap(), lines.iter().filter_map(|line| line.expected).sum::<i64>());
            prop_assert_eq!(KINDS.map(|(_, _, of)| of(total.actual)).iter().sum::<i64>(), total.actual.total());
            let to_date: i64 = lines.iter().filter_map(|line| line.to_date).map(Costs::total).sum();
            prop_assert_eq!(total.to_date.map_or(0, Costs::total), to_date);
        }
    }
}
