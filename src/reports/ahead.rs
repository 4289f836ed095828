//! The days ahead in words: the same on a page and on paper.

use chrono::NaiveDate;

use crate::charts::{count, day, number};
use crate::finance::{MonthEnd, amount};
use crate::models::forecast::{Forecast, HORIZON, Outlook, Verdict};

/// What stands where no forecast was made yet.
pub const EARLY: &str = "It is made each morning at six from at least eight weeks of days that had a cost.";

/// Where a month is heading, and how likely it passes its budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthAhead {
    /// What the month comes to, with its bands.
    pub total: String,
    /// The chance that it passes its budget, or why there is none.
    pub chance: String,
    /// Whether it more likely does than not.
    pub alarming: bool,
}

/// Why there is none to see, though one was made.
#[must_use]
pub fn withheld(forecast: &Forecast) -> String {
    match &forecast.verdict {
        Some(verdict) => verdict.words.clone(),
        None => "It is judged on the own past on Sundays at three, and shown from then on if it was better than the same day of the week before.".into(),
    }
}

/// Where the month that begins with a day is heading, given its budget in hundredths.
#[must_use]
pub fn month(end: &MonthEnd, first: NaiveDate, budget: Option<i64>, currency: &str) -> MonthAhead {
    let money = |cents: i64| amount(cents, currency);
    let within = match end.bands {
        // Of few past totals the wider band is not wider than what was ever seen.
        [Some(of_80), of_95] if of_95.is_none_or(|of_95| of_95 == of_80) => {
            format!(" (80 %: {} to {})", money(of_80.0), money(of_80.1))
        }
        [Some(of_80), Some(of_95)] => {
            format!(" (80 %: {} to {}; 95 %: {} to {})", money(of_80.0), money(of_80.1), money(of_95.0), money(of_95.1))
        }
        _ => " (too few past totals for a band)".into(),
    };
    let total = format!(
        "By the forecast {} comes to {} {currency}{within}, other costs than pay at their mean day.",
        first.format("%B %Y"),
        money(end.total)
    );
    let alarming = budget.is_some() && end.alarming();
    let chance = match (end.chance_over, budget) {
        (Some(chance), Some(budget)) => {
            let words =
                format!("The chance that it passes the budget of {} is {}.", money(budget), whole_percent(chance));
            if alarming { format!("More likely than not the month costs more than its budget. {words}") } else { words }
        }
        (None, Some(_)) => {
            "How likely the budget is passed cannot be said: too few of the sites have one, or too few past totals are known."
                .into()
        }
        _ => "There is no budget to compare with.".into(),
    };
    MonthAhead { total, chance, alarming }
}

/// What the whole horizon brings.
#[must_use]
pub fn total(outlook: &Outlook, currency: &str) -> String {
    let within = outlook.total_band(HORIZON, 0.8).map_or_else(
        || ", too few past totals are known for a band.".to_owned(),
        |(low, high)| format!(", between {} and {} with a chance of 80 %.", number(low, 0), number(high, 0)),
    );
    format!("The next {HORIZON} days bring {} {currency}{within}", number(outlook.total(HORIZON), 0))
}

/// How good it was: figures beside those of the simple answer.
#[must_use]
pub fn quality(verdict: &Verdict) -> [String; 4] {
    let number = |value: Option<f64>| value.map_or_else(|| "n/a".into(), |value| format!("{value:.2}"));
    let share = |value: Option<f64>| value.map_or_else(|| "n/a".into(), |value| format!("{:.1}\u{a0}%", 100.0 * value));
    [
        format!(
            "Tried on the own past through {}: {} of 30 days each, in {}. It was made of what was known before, then compared with what came.",
            day(verdict.through),
            count(verdict.windows as i64, "window", "windows"),
            count(verdict.series as i64, "series", "series")
        ),
        format!(
            "How far a day was off, in usual changes from week to week: {}; the same day of the week before was off by {}. The total of 30 days was off by {}.",
            number(verdict.mase[0]),
            number(verdict.mase[1]),
            share(verdict.total_error)
        ),
        format!(
            "Its 80 % band held {} of the days, its 95 % band {}.",
            share(verdict.coverage[0]),
            share(verdict.coverage[1])
        ),
        verdict.words.clone(),
    ]
}

/// `63 %`, never the certainty of `0 %` or `100 %`.
fn whole_percent(share: f64) -> String {
    match (100.0 * share).round() {
        low if low < 1.0 => "under 1\u{a0}%".into(),
        high if high > 99.0 => "over 99\u{a0}%".into(),
        percent => format!("{percent:.0}\u{a0}%"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_certain() {
        for (share, said) in
            [(0.0, "under 1\u{a0}%"), (0.634, "63\u{a0}%"), (0.999, "over 99\u{a0}%"), (0.99, "99\u{a0}%")]
        {
            assert_eq!(whole_percent(share), said);
        }
    }

    #[test]
    fn a_month_is_told_with_its_bands_and_its_chance() {
        let march: NaiveDate = "2026-03-01".parse().expect("a day");
        let end =
            |of_95, chance_over| MonthEnd { total: 100_000, bands: [Some((90_000, 120_000)), of_95], chance_over };
        let told = month(&end(Some((80_000, 130_000)), Some(0.7)), march, Some(95_000), "ZAR");
        assert_eq!(
            told.total,
            "By the forecast March 2026 comes to 1,000.00 ZAR (80 %: 900.00 to 1,200.00; 95 %: 800.00 to 1,300.00), other costs than pay at their mean day."
        );
        assert!(told.alarming && told.chance.contains("passes the budget of 950.00 is 70\u{a0}%."), "{}", told.chance);
        let told = month(&end(None, Some(0.2)), march, Some(95_000), "ZAR");
        assert!(told.total.contains("(80 %: 900.00 to 1,200.00),") && !told.alarming, "{}", told.total);
        let told = month(&end(None, None), march, None, "ZAR");
        assert_eq!((told.chance.as_str(), told.alarming), ("There is no budget to compare with.", false));
    }
}
