//! Score, KPIs and actions as JSON.

use chrono::NaiveDate;
use muster::alignment::{Action, Alignment, Band, Better, Kpi, Row, Set, State, Then};
use muster::charts::Unit;
use muster::metrics::Period;
use serde::Serialize;
use utoipa::ToSchema;

/// The score of all KPIs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScoreAnswer {
    /// `product` or `workforce`.
    #[schema(value_type = String)]
    set: Set,
    /// The newest day that is computed; null: none yet.
    day: Option<NaiveDate>,
    /// 0–100; null: no KPI has a value.
    score: Option<f64>,
    /// `on_track` (80 and more), `at_risk` (50–79) or `off_track`.
    #[schema(value_type = Option<String>)]
    band: Option<Band>,
    /// KPIs of the set, and how many of them have no value.
    kpis: usize,
    missing: usize,
    /// The score at earlier dates, judged by the targets of today.
    trend: Vec<ThenAnswer>,
    /// The score day by day, oldest first.
    course: Vec<PointAnswer>,
}

/// A value at an earlier date.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ThenAnswer {
    /// Days before.
    days: u64,
    date: NaiveDate,
    /// Null: there was none.
    value: Option<f64>,
    /// What has changed since; null: one of the two is missing.
    change: Option<f64>,
}

/// A value of a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PointAnswer {
    date: NaiveDate,
    /// Null: there was none.
    value: Option<f64>,
}

/// Every KPI of a set.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatusAnswer {
    /// `product` or `workforce`.
    #[schema(value_type = String)]
    set: Set,
    /// The newest day that is computed; null: none yet.
    day: Option<NaiveDate>,
    kpis: Vec<KpiAnswer>,
}

/// A KPI against its target. Shares are 0–1.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KpiAnswer {
    code: &'static str,
    title: &'static str,
    /// `share` (0–1) or `ratio`.
    unit: &'static str,
    /// `higher` or `lower`.
    #[schema(value_type = String)]
    better: Better,
    /// Which days the value is about.
    about: &'static str,
    definition: &'static str,
    /// Null: nothing to judge.
    value: Option<f64>,
    /// What it is made of; money in hundredths.
    numerator: Option<f64>,
    denominator: Option<f64>,
    /// Why there is no value.
    missing: Option<String>,
    target: f64,
    warning: f64,
    critical: f64,
    weight: f64,
    /// Whether the organization has set its target for itself.
    own_target: bool,
    /// The value less the target.
    gap: Option<f64>,
    /// 0–100.
    score: Option<f64>,
    /// `fine`, `warning`, `critical` or `no_data`.
    #[schema(value_type = String)]
    state: State,
    trend: Vec<ThenAnswer>,
    /// Day by day, oldest first.
    course: Vec<PointAnswer>,
}

/// What to do first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActionsAnswer {
    /// The newest day that is computed; null: none yet.
    day: Option<NaiveDate>,
    actions: Vec<ActionAnswer>,
}

/// A KPI off its target.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActionAnswer {
    code: &'static str,
    title: &'static str,
    /// `fine`, `warning` or `critical`.
    #[schema(value_type = String)]
    state: State,
    /// 0–100.
    score: f64,
    /// Weight × (100 − score) × severity.
    priority: f64,
    advice: &'static str,
}

fn then(then: &Then) -> ThenAnswer {
    ThenAnswer { days: then.back, date: then.day, value: then.value, change: then.change }
}

fn unit(kpi: Kpi) -> &'static str {
    if kpi.unit() == Unit::Percent { "share" } else { "ratio" }
}

impl ScoreAnswer {
    pub(super) fn of(it: &Alignment) -> Self {
        Self {
            set: it.set,
            day: it.day,
            score: it.score,
            band: it.band(),
            kpis: it.rows.len(),
            missing: it.missing(),
            trend: it.trend.iter().map(then).collect(),
            course: it.course.iter().map(|(date, value)| PointAnswer { date: *date, value: *value }).collect(),
        }
    }
}

impl StatusAnswer {
    pub(super) fn of(it: &Alignment, days: u64) -> Self {
        let kpi = |row: &Row| {
            let (at, kpi) = (&row.standing, row.standing.kpi);
            let course = it.day.into_iter().flat_map(|day| Period::ending(day, days).iter());
            KpiAnswer {
                code: kpi.code(),
                title: kpi.title(),
                unit: unit(kpi),
                better: kpi.better(),
                about: kpi.window(),
                definition: kpi.definition(),
                value: at.value(),
                numerator: at.fraction.map(|it| it.numerator),
                denominator: at.fraction.map(|it| it.denominator),
                missing: at.missing.clone(),
                target: at.target.target,
                warning: at.target.warning,
                critical: at.target.critical,
                weight: at.target.weight,
                own_target: at.is_own_target,
                gap: at.gap(),
                score: at.score(),
                state: at.state(),
                trend: row.trend.iter().map(then).collect(),
                course: course.map(|date| PointAnswer { date, value: row.course.value(date) }).collect(),
            }
        };
        Self { set: it.set, day: it.day, kpis: it.rows.iter().map(kpi).collect() }
    }
}

impl ActionsAnswer {
    pub(super) fn of(it: &Alignment) -> Self {
        let action = |action: Action| ActionAnswer {
            code: action.kpi.code(),
            title: action.kpi.title(),
            state: action.state,
            score: action.score,
            priority: action.urgency,
            advice: action.advice,
        };
        Self { day: it.day, actions: it.actions().into_iter().map(action).collect() }
    }
}
