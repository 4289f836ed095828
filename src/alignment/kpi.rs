//! The catalogue: every KPI with what it is made of, what is asked of it by default, and what helps when it is off.

use serde::{Deserialize, Serialize};

use super::target::Target;
use crate::charts::{Unit, number};
use crate::people::Role;

/// Which KPIs belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Set {
    /// Muster as a business, over all organizations: the platform's.
    Product,
    /// An operator's people and sites: an organization's.
    Workforce,
}

impl Set {
    /// Which a role is shown.
    #[must_use]
    pub fn of(role: Role) -> Self {
        if role == Role::Platform { Self::Product } else { Self::Workforce }
    }

    /// Its KPIs, in their order.
    pub fn kpis(self) -> impl Iterator<Item = Kpi> {
        Kpi::ALL.into_iter().filter(move |kpi| kpi.set() == self)
    }
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// More.
    Higher,
    /// Less.
    Lower,
}

/// A key performance indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kpi {
    /// Organizations that are back a week after they signed up.
    D7Retention,
    /// Organizations with a first roster within a day.
    Activation,
    /// Organizations that are back a month after they signed up.
    D30Retention,
    /// What a customer is worth for what one costs.
    LtvToCac,
    /// Sign-ups that finished onboarding.
    Conversion,
    /// Growth of recurring revenue from month to month.
    Growth,
    /// Customers who cancelled in a month.
    Churn,
    /// New users that each user brings.
    Viral,
    /// Shifts attended.
    Attendance,
    /// Shifts with a worker.
    FillRate,
    /// Tasks and work orders by their deadline.
    Sla,
    /// Rosters without a breach.
    Compliance,
    /// Checkpoints visited.
    Coverage,
    /// Cost of the month against its budget.
    CostAgainstBudget,
}

/// All that is to be said about a KPI.
struct Said {
    code: &'static str,
    title: &'static str,
    /// What is counted, above and below the line.
    counts: (&'static str, &'static str),
    /// Which days a value is about.
    window: &'static str,
    /// How it is computed, and by which definition.
    definition: &'static str,
    advice: &'static str,
}

/// Of the workforce.
const TRAILING: &str = "the 28 days to the day";
/// Of the product: a month is 30 days, and cohorts are the sign-ups of 90.
const MONTH: &str = "the 30 days to the day";
const SIGNED_UP: &str = "the sign-ups of the 90 days to the day";

impl Kpi {
    /// All, each set in its order: as the specification lists them (3.6).
    pub const ALL: [Self; 14] = [
        Self::D7Retention,
        Self::Activation,
        Self::D30Retention,
        Self::LtvToCac,
        Self::Conversion,
        Self::Growth,
        Self::Churn,
        Self::Viral,
        Self::Attendance,
        Self::FillRate,
        Self::Sla,
        Self::Compliance,
        Self::Coverage,
        Self::CostAgainstBudget,
    ];

    /// Which set it belongs to.
    #[must_use]
    pub fn set(self) -> Set {
        use Kpi::{Attendance, Compliance, CostAgainstBudget, Coverage, FillRate, Sla};
        match self {
            Attendance | FillRate | Sla | Compliance | Coverage | CostAgainstBudget => Set::Workforce,
            _ => Set::Product,
        }
    }

    /// What is asked of it where an organization has not set that for itself. The product's are the table of spec 3.6.
    ///
    /// The workforce's are ours, to begin with: attendance and fill rate weigh most, because a post that nobody holds is what a
    /// client pays for and does not get; the targets of fill rate and compliance are those of the lights on `/executive`; cost
    /// is on target when it is within the budget, and 3 % and 10 % over it are what a month can and cannot make good.
    #[must_use]
    pub fn default_target(self) -> Target {
        let of = Target::new;
        match self {
            Self::D7Retention => of(0.25, 20.0, 0.20, 0.15),
            Self::Activation => of(0.40, 15.0, 0.30, 0.20),
            Self::D30Retention => of(0.15, 15.0, 0.12, 0.08),
            Self::LtvToCac => of(4.0, 15.0, 3.0, 2.0),
            Self::Conversion => of(0.40, 10.0, 0.30, 0.20),
            Self::Growth => of(0.15, 10.0, 0.08, 0.0),
            Self::Churn => of(0.05, 10.0, 0.07, 0.10),
            Self::Viral => of(0.5, 5.0, 0.3, 0.15),
            Self::Attendance => of(0.95, 20.0, 0.92, 0.88),
            Self::FillRate => of(0.95, 20.0, 0.93, 0.90),
            Self::Sla => of(0.90, 20.0, 0.85, 0.75),
            Self::Compliance => of(0.95, 15.0, 0.90, 0.85),
            Self::Coverage => of(0.95, 10.0, 0.90, 0.80),
            Self::CostAgainstBudget => of(1.0, 15.0, 1.03, 1.10),
        }
    }

    /// Which way is better.
    #[must_use]
    pub fn better(self) -> Better {
        match self {
            Self::Churn | Self::CostAgainstBudget => Better::Lower,
            _ => Better::Higher,
        }
    }

    /// Its name in an address, in JSON and in SQL.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.said().code
    }

    /// The KPI of a code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kpi| kpi.code() == code)
    }

    /// Its name on a page.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.said().title
    }

    /// What is counted, above and below the line, in the plural.
    #[must_use]
    pub fn counts(self) -> (&'static str, &'static str) {
        self.said().counts
    }

    /// Which days a value is about. It is as long at each date, so that a trend compares equals.
    #[must_use]
    pub fn window(self) -> &'static str {
        self.said().window
    }

    /// How it is computed, from what, and by which definition.
    #[must_use]
    pub fn definition(self) -> &'static str {
        self.said().definition
    }

    /// What helps when it is off its target.
    #[must_use]
    pub fn advice(self) -> &'static str {
        self.said().advice
    }

    /// What its values count, once [`Self::shown`].
    #[must_use]
    pub fn unit(self) -> Unit {
        match self {
            Self::LtvToCac => Unit::Ratio("to 1".into()),
            Self::Viral => Unit::Ratio("new users a user".into()),
            _ => Unit::Percent,
        }
    }

    /// A value in its [`Self::unit`]: a share in per cent.
    #[must_use]
    pub fn shown(self, value: f64) -> f64 {
        if self.unit() == Unit::Percent { 100.0 * value } else { value }
    }

    /// A value as it is read: `94.1 %`, `3.20`; `n/a` where there is none.
    #[must_use]
    pub fn text(self, value: Option<f64>) -> String {
        value.map_or_else(|| "n/a".into(), |value| self.unit().value(self.shown(value)))
    }

    /// A change as it is read: `+1.2 points`, `−0.30`.
    #[must_use]
    pub fn change(self, change: Option<f64>) -> String {
        change.map_or_else(|| "n/a".into(), |change| self.unit().change(self.shown(change)))
    }

    /// Whether what it is made of is money in hundredths.
    #[must_use]
    pub fn is_money(self) -> bool {
        matches!(self, Self::CostAgainstBudget | Self::LtvToCac | Self::Growth)
    }

    /// A part of the fraction as it is read: whole things, money in whole units.
    #[must_use]
    pub fn part(self, part: f64) -> String {
        let (value, digits) = match self {
            _ if self.is_money() => (part / 100.0, 2),
            _ => (part, 0),
        };
        number(value, digits)
    }

    fn said(self) -> Said {
        match self {
            Self::D7Retention => Said {
                code: "d7_retention",
                title: "D7 retention",
                counts: ("organizations active a week after sign-up", "organizations that signed up"),
                window: "the sign-ups of 90 days that were old enough on the day",
                definition: "Active on day 7 ± 1 after sign-up, of the cohorts that are old enough.",
                advice: "Ask those who did not return what stopped them, and lead new organizations to a second roster within their first week.",
            },
            Self::Activation => Said {
                code: "activation",
                title: "Activation",
                counts: ("organizations with a roster within 24 hours", "organizations that signed up"),
                window: SIGNED_UP,
                definition: "Signed-up organizations with a first roster within 24 hours of signing up.",
                advice: "Shorten the way to the first roster: look where the checklist is left, and offer sample data for that step.",
            },
            Self::D30Retention => Said {
                code: "d30_retention",
                title: "D30 retention",
                counts: ("organizations active a month after sign-up", "organizations that signed up"),
                window: "the sign-ups of 90 days that were old enough on the day",
                definition: "Active on day 30 ± 2 after sign-up, of the cohorts that are old enough.",
                advice: "Find what organizations that stay do in their first month and others do not, and bring that forward.",
            },
            Self::LtvToCac => Said {
                code: "ltv_cac",
                title: "LTV : CAC",
                counts: ("lifetime value of a customer", "cost of winning a customer"),
                window: MONTH,
                definition: "LTV is revenue per account × gross margin (80 % is assumed) / churn, CAC is spend / new customers; not known without churn or new customers.",
                advice: "Spend where customers stay longest, and pause the channel that costs most for each one won.",
            },
            Self::Conversion => Said {
                code: "signup_conversion",
                title: "Signup → activation",
                counts: ("onboardings completed", "sign-ups started"),
                window: SIGNED_UP,
                definition: "Onboarding completed, of sign-ups started.",
                advice: "Ask for less at sign-up, and mend the step at which most people leave.",
            },
            Self::Growth => Said {
                code: "growth_mom",
                title: "Growth MoM",
                counts: ("recurring revenue gained or lost", "recurring revenue a month before"),
                window: "the day, against 30 days before it",
                definition: "(Monthly recurring revenue − that of 30 days before) / the latter; not known where that was nought.",
                advice: "Look at which accounts could grow: those near the limit of their plan, and those asking for more sites.",
            },
            Self::Churn => Said {
                code: "churn",
                title: "Churn",
                counts: ("customers who cancelled", "customers 30 days before"),
                window: MONTH,
                definition: "Customers who cancelled in the 30 days, of those who had a subscription before them.",
                advice: "Call the customers whose health has fallen before they cancel, and write down why others did.",
            },
            Self::Viral => Said {
                code: "viral_coefficient",
                title: "Viral coefficient",
                counts: ("accepted invitations", "users"),
                window: MONTH,
                definition: "Invitations per user × the share of them that was accepted.",
                advice: "Ask for an invitation at the moment of success: after the first confirmed roster, not at sign-up.",
            },
            Self::Attendance => Said {
                code: "attendance",
                title: "Attendance",
                counts: ("shifts attended", "shifts scheduled"),
                window: TRAILING,
                definition: "Shifts attended, of those scheduled and ended, without approved leave: the sums of the sites’ days, as on Executive.",
                advice: "Work the coaching queue of the sites with most absence, and check whether their shifts are hard to reach or back to back.",
            },
            Self::FillRate => Said {
                code: "fill_rate",
                title: "Fill rate",
                counts: ("shifts filled", "shifts"),
                window: TRAILING,
                definition: "Shifts with a worker, of all shifts that were not cancelled: the sums of the sites’ days, as on Executive.",
                advice: "Offer open shifts earlier to the best-suited workers, and make rosters for the sites that plan latest.",
            },
            Self::Sla => Said {
                code: "sla",
                title: "SLA",
                counts: ("done by the deadline", "tasks and work orders with a deadline"),
                window: TRAILING,
                definition: "Tasks and work orders done by their deadline, of those that had one: the sums of the sites’ days, as on Executive.",
                advice: "See which sites miss most deadlines, and whether they lack people at that hour or the time given is too short.",
            },
            Self::Compliance => Said {
                code: "compliance",
                title: "Compliance",
                counts: ("rosters without a breach", "rosters"),
                window: TRAILING,
                definition: "Confirmed rosters none of whose shifts breaks a rule, by their first day: the same count as on Executive and Compliance.",
                advice: "Mend the breaches that come back: renew certifications before they end, and leave the daily rest when shifts are moved.",
            },
            Self::Coverage => Said {
                code: "coverage",
                title: "Patrol coverage",
                counts: ("checkpoints visited", "checkpoints planned"),
                window: TRAILING,
                definition: "Checkpoints visited, of those planned: the sums of the sites’ days, as on Executive.",
                advice: "Walk the routes with most points missed: they may be too long for the time, or a tag may be broken.",
            },
            Self::CostAgainstBudget => Said {
                code: "cost",
                title: "Cost against budget",
                counts: ("cost of the month so far", "budget of the month so far"),
                window: "the month up to the day",
                definition: "What the sites that have a budget have cost in the month so far, against its part for those days, evenly over the month: as on Financial. As this is a pace, the month ends at the same share of its budget if it goes on so.",
                advice: "Look where overtime and premiums are above plan, and fill those shifts with people who still have regular hours.",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of spec 3.6 once more, as it is written there.
    #[test]
    fn the_product_set_is_the_specification() {
        let specification = "
            D7 retention 25 20 20 15
            Activation 40 15 30 20
            D30 retention 15 15 12 8
            LTV : CAC 400 15 300 200
            Signup → activation 40 10 30 20
            Growth MoM 15 10 8 0
            Churn 5 10 7 10
            Viral coefficient 50 5 30 15";
        let lines = specification.lines().filter(|line| !line.trim().is_empty());
        assert_eq!(Set::Product.kpis().count(), 8);
        for (line, kpi) in lines.zip(Set::Product.kpis()) {
            let it = kpi.default_target();
            let percent = |share: f64| (100.0 * share).round();
            let (target, warning, critical) = (percent(it.target), percent(it.warning), percent(it.critical));
            assert_eq!(line.trim(), format!("{} {target} {} {warning} {critical}", kpi.title(), it.weight));
        }
        assert_eq!(Set::Product.kpis().filter(|kpi| kpi.better() == Better::Lower).collect::<Vec<_>>(), [Kpi::Churn]);
    }

    #[test]
    fn codes_are_unique_and_found_again() {
        for kpi in Kpi::ALL {
            assert_eq!(Kpi::of_code(kpi.code()), Some(kpi));
            assert!(!kpi.advice().is_empty() && !kpi.definition().is_empty() && !kpi.window().is_empty());
        }
        assert_eq!(Kpi::of_code("password"), None);
    }

    #[test]
    fn the_platform_sees_the_product_and_everybody_else_the_workforce() {
        for role in Role::ALL {
            let expected = if role == Role::Platform { Set::Product } else { Set::Workforce };
            assert_eq!(Set::of(role), expected, "{role}");
        }
    }

    #[test]
    fn values_are_read_in_their_unit() {
        assert_eq!(Kpi::FillRate.text(Some(0.941)), "94.1\u{a0}%");
        assert_eq!(Kpi::LtvToCac.text(Some(3.2)), "3.20");
        assert_eq!(Kpi::Viral.change(Some(-0.05)), "−0.05");
        assert_eq!(Kpi::Growth.text(None), "n/a");
        assert_eq!(Kpi::CostAgainstBudget.part(123_456.0), "1,234.56");
    }
}
