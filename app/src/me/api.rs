//! `GET /api/v1/performance/me`: the page's JSON twin.

use axum::Json;
use axum::extract::{Query, Request, State};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use muster::me::{Filter, Notes, Overview, overview};
use muster::people::Permission;
use muster::scoring::{Cause, ComponentScore, Improvement, Judgement, Line, PartLine, PartScore, Raw, Verdict, Why};
use muster::units::WorkerId;
use serde::Serialize;

use crate::caller::Caller;
use crate::error::AppError;
use crate::server::App;

/// Where it is.
pub const PATH: &str = "/api/v1/performance/me";

/// What is said to an address that says two things.
pub(super) const TWICE: &str = "The address has a field twice, or one that is not text.";

/// Everything the page computes about one worker and one period.
#[derive(Debug, Serialize)]
pub struct Performance {
    worker: Worker,
    period: Dates,
    previous_period: Dates,
    /// 0–100, or null; `reason` says why.
    bpi: Option<f64>,
    band: Option<&'static str>,
    reason: Option<String>,
    previous_bpi: Option<f64>,
    cohort: Option<Cohort>,
    /// The components the BPI rests on; their contributions add up to it.
    components: Vec<Component>,
    /// The components there was nothing to judge for.
    not_counted: Vec<&'static str>,
    why: Option<WhyMoved>,
    what_would_move_it: Vec<Move>,
    trend: Vec<Point>,
    notes: Remarks,
}

#[derive(Debug, Serialize)]
struct Worker {
    name: String,
    employee_number: String,
    job_role: String,
    site: String,
}

#[derive(Debug, Serialize)]
struct Dates {
    from: NaiveDate,
    to: NaiveDate,
}

#[derive(Debug, Serialize)]
struct Cohort {
    name: String,
    workers: i64,
    percentile: f64,
    week: NaiveDate,
}

#[derive(Debug, Serialize)]
struct Component {
    code: &'static str,
    name: &'static str,
    score: f64,
    weight: f64,
    /// Null where there is no BPI.
    contribution: Option<f64>,
    parts: Vec<Part>,
}

#[derive(Debug, Serialize)]
struct Part {
    code: &'static str,
    name: &'static str,
    score: f64,
    weight: f64,
    contribution: Option<f64>,
    raw: Raw,
    rests_on: String,
}

#[derive(Debug, Serialize)]
struct WhyMoved {
    delta: f64,
    lines: Vec<WhyLine>,
}

#[derive(Debug, Serialize)]
struct WhyLine {
    /// A component's code, or `set`: which components count changed.
    code: &'static str,
    name: &'static str,
    delta: f64,
    before: Option<f64>,
    after: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<WhyLine>,
}

#[derive(Debug, Serialize)]
struct Move {
    code: &'static str,
    gain: f64,
    score: f64,
    target: f64,
    what_to_do: String,
}

#[derive(Debug, Serialize)]
struct Point {
    day: NaiveDate,
    bpi: Option<f64>,
    cohort_p25: Option<f64>,
    cohort_median: Option<f64>,
    cohort_p75: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Remarks {
    orders_overdue: i64,
    orders_implausible: i64,
    orders_without_deadline: i64,
    restated: Vec<Restated>,
}

#[derive(Debug, Serialize)]
struct Restated {
    day: NaiveDate,
    on: NaiveDate,
    reason: String,
}

/// Answers as JSON, errors as problem+json.
pub async fn performance(
    State(app): State<App>,
    caller: Caller,
    filter: Result<Query<Filter>, axum::extract::rejection::QueryRejection>,
    _request: Request,
) -> Response {
    let filter = filter.map_or_else(|_| Err(AppError::Invalid(TWICE.into())), |Query(filter)| Ok(filter));
    match async { load(&caller, &filter?).await }.await {
        Ok(performance) => Json(performance).into_response(),
        Err(error) => error.response(true, Some(&caller), &app.site),
    }
}

async fn load(caller: &Caller, filter: &Filter) -> Result<Performance, AppError> {
    let worker: WorkerId = caller.scope(Permission::Me)?.only_worker.ok_or(AppError::NotFound)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    Ok(overview(&mut tx, worker, filter, caller.last_complete_day()).await?.into())
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
            trend: it
                .trend
                .iter()
                .map(|point| Point {
                    day: point.day,
                    bpi: point.bpi,
                    cohort_p25: point.cohort.map(|it| it.0),
                    cohort_median: point.cohort.map(|it| it.1),
                    cohort_p75: point.cohort.map(|it| it.2),
                })
                .collect(),
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
            period: Dates { from: it.period.first, to: it.period.last },
            previous_period: Dates { from: it.previous_period.first, to: it.previous_period.last },
            notes: remarks(it.notes),
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
        raw: it.raw,
        rests_on: muster::me::words::rests_on(it.part, it.raw),
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
