//! One worker's period as JSON: the score, what it is made of, why it moved and what would move it.

use chrono::NaiveDate;
use muster::me::{Notes, Overview, TrendPoint};
use muster::scoring::{Cause, ComponentScore, Improvement, Judgement, Line, PartLine, PartScore, Raw, Verdict, Why};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::Dates;

/// Everything the page computes about one worker and one period.
#[derive(Debug, Serialize, ToSchema)]
pub struct Performance {
    worker: Worker,
    /// The period judged.
    period: Dates,
    /// As many days before it.
    previous_period: Dates,
    /// 0–100, or null; `reason` says why.
    bpi: Option<f64>,
    /// `needs_support`, `developing`, `solid`, `strong` or `exceptional`.
    band: Option<&'static str>,
    /// Why there is no BPI.
    reason: Option<String>,
    /// The BPI of the previous period.
    previous_bpi: Option<f64>,
    cohort: Option<Cohort>,
    /// The components the BPI rests on; their contributions add up to it.
    components: Vec<Component>,
    /// The components there was nothing to judge for.
    not_counted: Vec<&'static str>,
    /// Why the BPI moved since the previous period; null unless both have one.
    why: Option<WhyMoved>,
    /// The improvements worth most points.
    what_would_move_it: Vec<Move>,
    /// Oldest first.
    trend: Vec<Point>,
    notes: Remarks,
}

/// Whom it is about.
#[derive(Debug, Serialize, ToSchema)]
struct Worker {
    name: String,
    employee_number: String,
    job_role: String,
    site: String,
}

/// Where the BPI stands among workers with the same work.
#[derive(Debug, Serialize, ToSchema)]
struct Cohort {
    name: String,
    /// How many they are.
    workers: i64,
    /// The share of them with a lower BPI, 0–100.
    percentile: f64,
    /// The Sunday the comparison is of.
    week: NaiveDate,
}

/// One of the five parts of the BPI.
#[derive(Debug, Serialize, ToSchema)]
struct Component {
    code: &'static str,
    name: &'static str,
    /// 0–100.
    score: f64,
    /// Its share of the BPI, 0–1; the weights of what counts add up to 1.
    weight: f64,
    /// Points of the BPI; null where there is no BPI.
    contribution: Option<f64>,
    parts: Vec<Part>,
}

/// What a component is made of.
#[derive(Debug, Serialize, ToSchema)]
struct Part {
    code: &'static str,
    name: &'static str,
    /// 0–100.
    score: f64,
    /// Its share of the component, 0–1.
    weight: f64,
    /// Points of the BPI; null where there is no BPI.
    contribution: Option<f64>,
    raw: Figure,
    /// The raw figure in words.
    rests_on: String,
}

/// The raw figure a part rests on.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Figure {
    /// So many of so many.
    Share {
        /// How many did.
        hit: i64,
        /// Of how many.
        of: i64,
    },
    /// A sum over so many things: the mean is `sum / n`.
    Mean {
        /// The sum.
        sum: f64,
        /// Over how many.
        n: i64,
    },
    /// So many within the period.
    Count {
        /// How many.
        count: i64,
    },
}

/// The change since the previous period, split exactly.
#[derive(Debug, Serialize, ToSchema)]
struct WhyMoved {
    /// Points of the BPI.
    delta: f64,
    lines: Vec<WhyLine>,
}

/// One reason of a change. The lines add up to the whole change, and so do a line's parts to the line's.
#[derive(Debug, Serialize, ToSchema)]
struct WhyLine {
    /// A component's code, or `set`: which components count changed.
    code: &'static str,
    name: &'static str,
    /// Points of the BPI.
    delta: f64,
    /// The score before.
    before: Option<f64>,
    /// The score after.
    after: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    parts: Vec<WhyLine>,
}

/// An improvement of one part up to the best quarter of the cohort.
#[derive(Debug, Serialize, ToSchema)]
struct Move {
    /// The part's code.
    code: &'static str,
    /// Points of the BPI it would bring.
    gain: f64,
    /// The part's score now.
    score: f64,
    /// The part's score then.
    target: f64,
    /// In plain words.
    what_to_do: String,
}

/// A day of the trend.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Point {
    /// The day its 28 days end with.
    day: NaiveDate,
    /// 0–100; null: not enough to judge.
    bpi: Option<f64>,
    /// Of the cohort's BPI in that week.
    cohort_p25: Option<f64>,
    cohort_median: Option<f64>,
    cohort_p75: Option<f64>,
}

/// What must be known beside the numbers.
#[derive(Debug, Serialize, ToSchema)]
struct Remarks {
    /// Own orders that are open past their deadline.
    orders_overdue: i64,
    /// Orders closed before they were opened, or due before: left out of resolution time.
    orders_implausible: i64,
    /// Closed orders without a deadline: not judged.
    orders_without_deadline: i64,
    /// Newest first.
    restated: Vec<Restated>,
}

/// A day that was computed again after it had been shown.
#[derive(Debug, Serialize, ToSchema)]
struct Restated {
    day: NaiveDate,
    /// When it was computed again.
    on: NaiveDate,
    reason: String,
}

/// Why there is no BPI, for people.
#[must_use]
pub fn reason(verdict: Verdict, records_shifts: bool) -> Option<String> {
    match verdict {
        Verdict::Bpi { .. } => None,
        Verdict::TooFew { have, need } => {
            let what = if records_shifts { "shifts" } else { "tasks, tours or work orders" };
            Some(format!("not enough {what} yet ({have} of {need})"))
        }
        Verdict::NothingToJudge => Some("nothing to judge in this period".into()),
    }
}

impl From<Overview> for Performance {
    fn from(it: Overview) -> Self {
        let Judgement { verdict, ref components } = it.judgement;
        let judged = it.judgement.bpi().is_some();
        Self {
            reason: reason(verdict, it.window.records_shifts),
            bpi: it.judgement.bpi(),
            band: match verdict {
                Verdict::Bpi { band, .. } => Some(band.code()),
                _ => None,
            },
            previous_bpi: it.previous.bpi(),
            components: components.iter().map(|score| component(score, judged)).collect(),
            not_counted: it.judgement.missing().map(|component| component.code()).collect(),
            why: it.why.map(why),
            what_would_move_it: it.improvements.iter().map(improvement).collect(),
            trend: it.trend.into_iter().map(Into::into).collect(),
            cohort: it.standing.map(|it| Cohort {
                name: it.cohort,
                workers: it.n,
                percentile: it.percentile,
                week: it.week,
            }),
            worker: Worker {
                name: it.person.name,
                employee_number: it.person.employee_number,
                job_role: it.person.job_role,
                site: it.person.site,
            },
            period: it.period.into(),
            previous_period: it.previous_period.into(),
            notes: remarks(it.notes),
        }
    }
}

impl From<TrendPoint> for Point {
    fn from(it: TrendPoint) -> Self {
        Self {
            day: it.day,
            bpi: it.bpi,
            cohort_p25: it.cohort.map(|cohort| cohort.0),
            cohort_median: it.cohort.map(|cohort| cohort.1),
            cohort_p75: it.cohort.map(|cohort| cohort.2),
        }
    }
}

fn component(it: &ComponentScore, judged: bool) -> Component {
    Component {
        code: it.component.code(),
        name: it.component.label(),
        score: it.score,
        weight: it.weight,
        contribution: judged.then_some(it.contribution),
        parts: it.parts.iter().map(|it| part(it, judged)).collect(),
    }
}

fn part(it: &PartScore, judged: bool) -> Part {
    Part {
        code: it.part.code(),
        name: it.part.label(),
        score: it.score,
        weight: it.weight,
        contribution: judged.then_some(it.contribution),
        raw: it.raw.into(),
        rests_on: muster::me::words::rests_on(it.part, it.raw),
    }
}

impl From<Raw> for Figure {
    fn from(it: Raw) -> Self {
        match it {
            Raw::Share { hit, of } => Self::Share { hit, of },
            Raw::Mean { sum, n } => Self::Mean { sum, n },
            Raw::Count { count } => Self::Count { count },
        }
    }
}

fn why(it: Why) -> WhyMoved {
    WhyMoved { delta: it.delta, lines: it.lines.iter().map(line).collect() }
}

fn line(it: &Line) -> WhyLine {
    let (code, name) = match it.cause {
        Cause::Of(component) => (component.code(), component.label()),
        Cause::Set => ("set", "Which components count"),
    };
    let (before, after) = it.scores.unzip();
    WhyLine { code, name, delta: it.delta, before, after, parts: it.parts.iter().map(part_line).collect() }
}

fn part_line(it: &PartLine) -> WhyLine {
    let (code, name) = match it.cause {
        Cause::Of(part) => (part.code(), part.label()),
        Cause::Set => ("set", "Which parts count"),
    };
    let (before, after) = it.scores.unzip();
    WhyLine { code, name, delta: it.delta, before, after, parts: Vec::new() }
}

fn improvement(it: &Improvement) -> Move {
    Move {
        code: it.part.code(),
        gain: it.gain,
        score: it.score,
        target: it.target,
        what_to_do: muster::me::words::what_to_do(it),
    }
}

fn remarks(it: Notes) -> Remarks {
    Remarks {
        orders_overdue: it.orders_overdue,
        orders_implausible: it.orders_implausible,
        orders_without_deadline: it.orders_without_deadline,
        restated: it.restated.into_iter().map(|(day, on, reason)| Restated { day, on, reason }).collect(),
    }
}
