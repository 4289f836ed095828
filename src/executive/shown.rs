//! How a number is written, on a page as in a report.

use super::health::HealthBand;
use super::numbers::{Amount, BigNumber, Kind};
use crate::charts::{Unit, count, number};

impl Kind {
    /// What it is, without the time it is about.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::CostSaved => "Cost saved",
            Self::HoursSaved => "Hours saved",
            Self::Compliance => "Compliance rate",
            Self::FillRate => "Fill rate",
            Self::ActiveWorkers => "Active workers",
            Self::CustomerHealth => "Customer health",
        }
    }

    /// What it counts, as said after it.
    #[must_use]
    pub fn unit(self, currency: &str) -> Unit {
        match self {
            Self::CostSaved => Unit::Count(currency.to_owned()),
            Self::HoursSaved => Unit::Hours,
            Self::Compliance | Self::FillRate => Unit::Percent,
            Self::ActiveWorkers => Unit::Count("people".into()),
            Self::CustomerHealth => Unit::Points,
        }
    }

    /// A value in the unit that is shown: money in whole units, shares in per cent.
    #[must_use]
    pub fn shown(self, value: f64) -> f64 {
        match self {
            Self::CostSaved => value / 100.0,
            Self::Compliance | Self::FillRate => value * 100.0,
            _ => value,
        }
    }

    /// The bare number: `96.4 %`, `12,345`; `n/a` where there is none.
    #[must_use]
    pub fn text(self, value: Option<f64>, currency: &str) -> String {
        value.map_or_else(|| "n/a".into(), |value| self.unit(currency).value(self.shown(value)))
    }

    /// Why there is no number.
    #[must_use]
    pub fn nothing(self) -> &'static str {
        match self {
            Self::CostSaved | Self::HoursSaved => "No roster was made with Muster in this time",
            Self::Compliance => "No roster is confirmed for this time",
            Self::FillRate => "No shift was planned",
            Self::ActiveWorkers => "Nobody is on record",
            Self::CustomerHealth => "No client’s site has anything to judge",
        }
    }
}

impl BigNumber {
    /// The sample a number rests on.
    #[must_use]
    pub fn sample(&self) -> String {
        let whole = |n: i64| number(n as f64, 0);
        match &self.now {
            Amount::Share(rate) if self.kind == Kind::Compliance => {
                format!("{} of {} rosters without a breach", whole(rate.hit), whole(rate.of))
            }
            Amount::Share(rate) => format!("{} of {} shifts filled", whole(rate.hit), whole(rate.of)),
            Amount::People(people) => format!("of {} employed", whole(people.of)),
            Amount::Health(_) => {
                let scores: Vec<HealthBand> =
                    self.lines.iter().filter_map(|line| line.now.value()).map(HealthBand::of).collect();
                let n = |band| scores.iter().filter(|other| **other == band).count();
                format!(
                    "{}: {} healthy, {} at risk, {} churning",
                    count(scores.len() as i64, "client", "clients"),
                    n(HealthBand::Healthy),
                    n(HealthBand::AtRisk),
                    n(HealthBand::Churning)
                )
            }
            Amount::Cents(_) | Amount::Hours(_) => {
                count(self.lines.iter().filter(|line| line.now.value().is_some()).count() as i64, "site", "sites")
            }
        }
    }
}
