//! The numbers and the comparison as JSON.

use muster::executive::{Amount, BigNumber, Comparison, Executive, Line, Place, SiteRate};
use muster::units::SiteId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::Dates;

/// The six numbers of a period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExecutiveAnswer {
    /// The period.
    period: Dates,
    /// What it is compared with.
    compared_with: Dates,
    /// ISO 4217 code of the organization's money.
    currency: String,
    numbers: Vec<NumberAnswer>,
    baselines: BaselinesAnswer,
    /// The kinds of sites that can be asked for.
    verticals: Vec<String>,
}

/// One of the six.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NumberAnswer {
    /// `cost_saved`, `hours_saved`, `compliance`, `fill_rate`, `active_workers` or `customer_health`.
    code: &'static str,
    /// The days it is about: the period, or the month or the week it ends with.
    period: Dates,
    compared_with: Dates,
    /// `money`, `hours`, `share` (0–1), `people` or `points` (0–100).
    unit: &'static str,
    /// Null: nothing to judge.
    value: Option<f64>,
    before: Option<f64>,
    /// Null: there is none.
    target: Option<f64>,
    /// `on_target`, `watch`, `off_target` or `no_data`; null: no target.
    #[schema(value_type = Option<String>)]
    light: Option<muster::executive::Light>,
    /// What it is the sum of.
    parts: Vec<PartAnswer>,
}

/// A site's or a client's part of a number.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartAnswer {
    /// Null: a client, or many small sites together.
    #[schema(value_type = Option<uuid::Uuid>)]
    site: Option<SiteId>,
    name: String,
    value: Option<f64>,
    before: Option<f64>,
    /// Of a share or of people: how many, of how many.
    hit: Option<i64>,
    of: Option<i64>,
}

/// What savings are measured against.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BaselinesAnswer {
    /// Hours a roster takes by hand.
    manual_hours: f64,
    /// Minutes it should take with Muster.
    target_minutes: i64,
    /// What an hour of planning costs; null: not known.
    planner_rate: Option<f64>,
    /// How much more a roster by hand costs, in per cent; null: measured for each site.
    manual_extra_percent: Option<f64>,
}

/// All sites by one metric.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComparisonAnswer {
    /// The period.
    period: Dates,
    /// What it is compared with.
    compared_with: Dates,
    /// The metric's code.
    metric: &'static str,
    /// What the values count: `%`, `minutes`, the currency, …
    unit: String,
    /// `share`: exact binomial limits; `events`: exact Poisson; `mean`: ± z·sd/√n.
    #[schema(value_type = String)]
    chance: muster::executive::Chance,
    /// `higher`, `lower` or `neither`.
    #[schema(value_type = String)]
    better: muster::executive::Better,
    /// What is counted, and of what.
    counts: [&'static str; 2],
    /// All sites together.
    total: ValueAnswer,
    before: ValueAnswer,
    /// In the order asked for.
    sites: Vec<SiteAnswer>,
    /// Sites that had nothing to judge.
    idle: usize,
    /// Whether nothing is told, as fewer than five people work at the sites asked for.
    withheld: bool,
}

/// A value and what it rests on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ValueAnswer {
    /// In the metric's unit; null: nothing to judge.
    value: Option<f64>,
    /// How many hits, or the sum of a mean; money and points of the BPI in hundredths.
    sum: i64,
    /// Of how many.
    of: i64,
}

/// A site among the others.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SiteAnswer {
    /// Null: sites of fewer than five people together, with the smallest others where even that would be too few.
    #[schema(value_type = Option<uuid::Uuid>)]
    site: Option<SiteId>,
    name: String,
    now: ValueAnswer,
    before: ValueAnswer,
    /// The 95 % interval of its own value.
    interval: Option<[f64; 2]>,
    /// The 95 % limits of chance for its number of cases.
    warning: Option<[f64; 2]>,
    /// The 99.8 % limits.
    control: Option<[f64; 2]>,
    /// Outside the 99.8 % limits.
    called_out: bool,
    /// Whether it is better than the others; null where neither way is.
    better: Option<bool>,
}

impl ExecutiveAnswer {
    pub(super) fn new(it: Executive, currency: &str) -> Self {
        let base = it.baselines;
        Self {
            period: it.asked.period.into(),
            compared_with: it.asked.before.into(),
            currency: currency.to_owned(),
            numbers: it.numbers.into_iter().map(Into::into).collect(),
            baselines: BaselinesAnswer {
                manual_hours: base.manual_hours,
                target_minutes: base.target_minutes,
                planner_rate: base.planner_rate_cents.map(|cents| cents as f64 / 100.0),
                manual_extra_percent: base.manual_extra_percent,
            },
            verticals: it.verticals,
        }
    }
}

/// Money in whole units.
fn value(amount: &Amount) -> Option<f64> {
    match amount {
        Amount::Cents(cents) => cents.map(|cents| cents as f64 / 100.0),
        other => other.value(),
    }
}

impl From<BigNumber> for NumberAnswer {
    fn from(it: BigNumber) -> Self {
        let unit = match &it.now {
            Amount::Cents(_) => "money",
            Amount::Hours(_) => "hours",
            Amount::Share(_) => "share",
            Amount::People(_) => "people",
            Amount::Health(_) => "points",
        };
        Self {
            code: it.kind.code(),
            period: it.period.into(),
            compared_with: it.previous_period.into(),
            unit,
            value: value(&it.now),
            before: value(&it.before),
            target: it.target.map(|target| if unit == "money" { target / 100.0 } else { target }),
            light: it.light,
            parts: it.lines.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Line> for PartAnswer {
    fn from(it: Line) -> Self {
        let rate = match &it.now {
            Amount::Share(rate) | Amount::People(rate) => Some(*rate),
            _ => None,
        };
        Self {
            site: it.place.and_then(Place::site),
            value: value(&it.now),
            before: value(&it.before),
            hit: rate.map(|rate| rate.hit),
            of: rate.map(|rate| rate.of),
            name: it.name,
        }
    }
}

impl ComparisonAnswer {
    pub(super) fn new(it: &Executive, currency: &str) -> Self {
        let (asked, comparison) = (it.asked, &it.comparison);
        let metric = comparison.metric;
        let (hits, of) = metric.counts();
        let total = |rate: muster::units::Rate| ValueAnswer {
            value: rate.value().map(|value| metric.shown(value)),
            sum: rate.hit,
            of: rate.of,
        };
        Self {
            period: asked.period.into(),
            compared_with: asked.before.into(),
            metric: metric.code(),
            unit: metric.unit(currency).name().to_owned(),
            chance: metric.chance(),
            better: metric.better(),
            counts: [hits, of],
            total: total(comparison.total),
            before: total(comparison.before),
            sites: comparison
                .ordered(asked.by, asked.descending)
                .into_iter()
                .map(|site| site_answer(comparison, site, total(site.rate), total(site.before)))
                .collect(),
            idle: comparison.idle,
            withheld: comparison.withheld,
        }
    }
}

fn site_answer(comparison: &Comparison, site: &SiteRate, now: ValueAnswer, before: ValueAnswer) -> SiteAnswer {
    let metric = comparison.metric;
    let both = |(low, high): (f64, f64)| [metric.shown(low).max(0.0), metric.shown(high)];
    SiteAnswer {
        site: site.place.site(),
        name: site.name.clone(),
        now,
        before,
        interval: site.interval(metric).map(both),
        warning: site.limits.map(|limits| both(limits.warning)),
        control: site.limits.map(|limits| both(limits.control)),
        called_out: site.called_out,
        better: if site.called_out { comparison.is_better(site) } else { None },
    }
}
