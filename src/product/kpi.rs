//! The product as a business: how are its eight figures made from sums?
//!
//! Each is a numerator over a denominator, kept apart so that a value can be explained, or a reason why there is none. A month
//! is the 30 days up to a day, and cohorts are the sign-ups of 90 days, so that every day is judged by equal windows.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::units::Rate;

/// Days of a month.
pub const MONTH: i32 = 30;
/// Days of sign-ups that are judged together.
pub const WINDOW: i32 = 90;
/// What is left of a unit of revenue after what serving it costs: assumed, and said beside the figure.
pub const GROSS_MARGIN: Decimal = Decimal::from_parts(80, 0, 0, false, 2);

/// The codes of the eight, in the order of the specification.
pub const CODES: [&str; 8] = [
    "d7_retention",
    "activation",
    "d30_retention",
    "ltv_cac",
    "signup_conversion",
    "growth_mom",
    "churn",
    "viral_coefficient",
];

/// What the eight are made from, over all organizations, as of the end of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sums {
    /// The day.
    pub day: NaiveDate,
    /// Organizations active on day 7±1 after they signed up, of those of 90 days for whom that is over.
    pub day_7: Rate,
    /// The same on day 30±2.
    pub day_30: Rate,
    /// With a first roster within 24 hours, of those who signed up in 90 days and have had 24 hours.
    pub activated: Rate,
    /// Onboarded, of the sign-ups started in 90 days.
    pub onboarded: Rate,
    /// Monthly recurring revenue.
    pub mrr: Decimal,
    /// That of a month before.
    pub mrr_before: Decimal,
    /// Customers with a subscription.
    pub customers: i64,
    /// Customers with a subscription a month before, and how many of them have none any more.
    pub cancelled: Rate,
    /// Customers whose first subscription began in the month.
    pub new_customers: i64,
    /// Spent on winning customers in the month.
    pub spend: Decimal,
    /// Invitations sent in the month, and how many of them are accepted.
    pub accepted: Rate,
    /// Users of the organizations that were active in the month.
    pub users: i64,
}

impl Sums {
    /// Nothing at all, as of a day.
    #[must_use]
    pub fn none(day: NaiveDate) -> Self {
        Self {
            day,
            day_7: Rate::default(),
            day_30: Rate::default(),
            activated: Rate::default(),
            onboarded: Rate::default(),
            mrr: Decimal::ZERO,
            mrr_before: Decimal::ZERO,
            customers: 0,
            cancelled: Rate::default(),
            new_customers: 0,
            spend: Decimal::ZERO,
            accepted: Rate::default(),
            users: 0,
        }
    }
}

/// Why there is no value, as a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing(pub &'static str);

/// What a value is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// Above the line.
    pub numerator: Decimal,
    /// Below it; more than zero.
    pub denominator: Decimal,
}

impl Parts {
    /// The value: a share of 1, or a plain ratio.
    #[must_use]
    pub fn value(self) -> Decimal {
        self.numerator / self.denominator
    }
}

/// One of the eight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProductKpi {
    /// Which: one of [`CODES`].
    pub code: &'static str,
    /// What it is made of, or why there is none.
    pub parts: Result<Parts, Missing>,
}

/// The eight, in the order of [`CODES`]; definitions of section 3.5.
#[must_use]
pub fn measure(sums: &Sums) -> [ProductKpi; 8] {
    let parts = [
        share(sums.day_7, "Nobody signed up long enough ago for a seventh day."),
        share(sums.activated, "Nobody signed up in the 90 days before."),
        share(sums.day_30, "Nobody signed up long enough ago for a thirtieth day."),
        worth_to_cost(sums),
        share(sums.onboarded, "No sign-up was started in the 90 days."),
        growth(sums),
        share(sums.cancelled, "There was no subscription a month before."),
        viral(sums),
    ];
    let mut parts = parts.into_iter();
    CODES.map(|code| ProductKpi { code, parts: parts.next().unwrap_or(Err(Missing("Not measured."))) })
}

fn share(rate: Rate, missing: &'static str) -> Result<Parts, Missing> {
    over(rate.hit.into(), rate.of.into(), missing)
}

fn over(numerator: Decimal, denominator: Decimal, missing: &'static str) -> Result<Parts, Missing> {
    if denominator > Decimal::ZERO { Ok(Parts { numerator, denominator }) } else { Err(Missing(missing)) }
}

/// What a customer is worth over what winning one costs: (ARPA × gross margin / monthly churn) / (spend / new customers). Both
/// in the platform's money, to its hundredth.
fn worth_to_cost(sums: &Sums) -> Result<Parts, Missing> {
    let arpa = over(sums.mrr, sums.customers.into(), "Nobody has a subscription.")?.value();
    let churn = share(sums.cancelled, "There was no subscription a month before.")?.value();
    let worth = over(
        arpa * GROSS_MARGIN,
        churn,
        "Nobody cancelled in the month, so there is no telling how long customers stay.",
    )?;
    let cost = over(sums.spend, sums.new_customers.into(), "No customer was won in the month.")?;
    over(worth.value().round_dp(2), cost.value().round_dp(2), "Nothing was spent on winning customers in the month.")
}

/// Growth of the recurring revenue over a month; none from nothing.
fn growth(sums: &Sums) -> Result<Parts, Missing> {
    over(sums.mrr - sums.mrr_before, sums.mrr_before, "There was no recurring revenue a month before.")
}

/// Invites per user × acceptance rate, which is accepted invites per user.
fn viral(sums: &Sums) -> Result<Parts, Missing> {
    over(sums.accepted.hit.into(), sums.users.into(), "No organization was active in the month.")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day() -> NaiveDate {
        "2026-03-02".parse().unwrap()
    }

    fn rate(hit: i64, of: i64) -> Rate {
        Rate { hit, of }
    }

    /// A platform worked by hand: 1,000.00 a month from 8 customers, of 10 a month before (at 800.00) one is gone.
    fn worked() -> Sums {
        Sums {
            day: day(),
            day_7: rate(13, 50),
            day_30: rate(6, 40),
            activated: rate(20, 50),
            onboarded: rate(21, 60),
            mrr: Decimal::from(1_000),
            mrr_before: Decimal::from(800),
            customers: 8,
            cancelled: rate(1, 10),
            new_customers: 2,
            spend: Decimal::from(500),
            accepted: rate(9, 20),
            users: 36,
        }
    }

    #[track_caller]
    fn check(sums: &Sums, code: &str, expected: &str) {
        let kpi = measure(sums).into_iter().find(|kpi| kpi.code == code).unwrap();
        assert_eq!(kpi.parts.unwrap().value(), expected.parse::<Decimal>().unwrap(), "{code}");
    }

    #[track_caller]
    fn missing(sums: &Sums, code: &str, because: &str) {
        let kpi = measure(sums).into_iter().find(|kpi| kpi.code == code).unwrap();
        let why = kpi.parts.unwrap_err().0;
        assert!(why.contains(because), "{code}: {why}");
    }

    #[test]
    fn the_eight_by_hand() {
        let sums = worked();
        check(&sums, "d7_retention", "0.26");
        check(&sums, "d30_retention", "0.15");
        check(&sums, "activation", "0.4");
        check(&sums, "signup_conversion", "0.35");
        check(&sums, "growth_mom", "0.25");
        check(&sums, "churn", "0.1");
        check(&sums, "viral_coefficient", "0.25");
        // 125.00 a customer × 0.80 / 0.10 = 1,000.00; 500.00 / 2 = 250.00.
        check(&sums, "ltv_cac", "4");
    }

    #[test]
    fn there_is_no_value_of_nothing_and_each_says_why() {
        let kpis = measure(&Sums::none(day()));
        assert_eq!(kpis.map(|kpi| kpi.code), CODES);
        assert!(kpis.iter().all(|kpi| kpi.parts.is_err_and(|why| why.0.ends_with('.'))));
        missing(&Sums { cancelled: rate(0, 10), ..worked() }, "ltv_cac", "Nobody cancelled");
        missing(&Sums { new_customers: 0, ..worked() }, "ltv_cac", "No customer was won");
        missing(&Sums { spend: Decimal::ZERO, ..worked() }, "ltv_cac", "Nothing was spent");
        missing(&Sums { mrr_before: Decimal::ZERO, ..worked() }, "growth_mom", "a month before");
    }

    #[test]
    fn nobody_leaving_is_no_churn_and_a_smaller_revenue_is_negative_growth() {
        check(&Sums { cancelled: rate(0, 10), ..worked() }, "churn", "0");
        check(&Sums { mrr: Decimal::from(600), ..worked() }, "growth_mom", "-0.25");
    }

    prop_compose! {
        fn any_rate()(of in 0i64..10_000, part in 0.0f64..=1.0) -> Rate {
            Rate { hit: (of as f64 * part) as i64, of }
        }
    }

    prop_compose! {
        fn any_sums()(day_7 in any_rate(), day_30 in any_rate(), activated in any_rate(), onboarded in any_rate(),
                      mrr in 0i64..100_000_000, mrr_before in 0i64..100_000_000, customers in 0i64..10_000, cancelled in any_rate(),
                      new_customers in 0i64..1_000)
                     (spend in 0i64..100_000_000, accepted in any_rate(), users in 0i64..100_000, day_7 in Just(day_7), day_30 in Just(day_30),
                      activated in Just(activated), onboarded in Just(onboarded), mrr in Just(mrr), mrr_before in Just(mrr_before),
                      customers in Just(customers), cancelled in Just(cancelled), new_customers in Just(new_customers)) -> Sums {
            Sums {
                day: day(), day_7, day_30, activated, onboarded, mrr: Decimal::new(mrr, 2), mrr_before: Decimal::new(mrr_before, 2),
                customers, cancelled, new_customers, spend: Decimal::new(spend, 2), accepted, users,
            }
        }
    }

    proptest! {
        #[test]
        fn shares_are_shares_and_every_value_can_be_divided(sums in any_sums()) {
            for kpi in measure(&sums) {
                let Ok(parts) = kpi.parts else { continue };
                prop_assert!(parts.denominator > Decimal::ZERO);
                let is_share = ["d7_retention", "activation", "d30_retention", "signup_conversion", "churn"].contains(&kpi.code);
                if is_share {
                    prop_assert!(parts.value() >= Decimal::ZERO && parts.value() <= Decimal::ONE, "{}", kpi.code);
                }
                prop_assert!(kpi.code != "growth_mom" || parts.value() >= Decimal::NEGATIVE_ONE);
            }
        }

        #[test]
        fn more_spent_for_the_same_customers_never_looks_better(sums in any_sums(), more in 1i64..1_000_000) {
            let dearer = Sums { spend: sums.spend + Decimal::new(more, 2), ..sums.clone() };
            if let (Ok(before), Ok(after)) = (measure(&sums)[3].parts, measure(&dearer)[3].parts) {
                prop_assert!(after.value() <= before.value());
            }
        }
    }
}
