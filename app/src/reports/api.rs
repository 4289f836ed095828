//! `/api/v1/operational/daily-report`, `weekly-report` and their `send-…`: the operations reports for programs.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{MethodRouter, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use muster::people::Permission;
use muster::reports::operations::Work;
use muster::reports::operations::daily::{self, Daily};
use muster::reports::operations::weekly::{self, Weekly};
use muster::reports::schedules::{self, Report, Run};
use muster::units::Rate;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::operations::{daily_of, weekly_of};
use crate::api::{Answer, Asked, Refusal};
use crate::caller::Caller;
use crate::error::AppError;
use crate::server::App;

const DAILY: &str = "/api/v1/operational/daily-report";
const WEEKLY: &str = "/api/v1/operational/weekly-report";
const SEND_DAILY: &str = "/api/v1/operational/send-daily-report";
const SEND_WEEKLY: &str = "/api/v1/operational/send-weekly-report";
const RUN: &str = "/api/v1/operational/report-runs/{run}";

/// What of it is documented.
#[derive(OpenApi)]
#[openapi(paths(daily_report, weekly_report, send_daily, send_weekly, report_run))]
pub(crate) struct Paths;

/// The routes with their handlers.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![
        (DAILY, get(daily_report)),
        (WEEKLY, get(weekly_report)),
        (SEND_DAILY, post(send_daily)),
        (SEND_WEEKLY, post(send_weekly)),
        (RUN, get(report_run)),
    ]
}

/// Which day.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DayQuery {
    /// A day that is over; the last one unless it is said.
    #[param(value_type = Option<NaiveDate>)]
    day: Option<String>,
}

/// Which week.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WeekQuery {
    /// A week of ISO 8601, such as `2026-W12`; the last that is over unless it is said.
    week: Option<String>,
}

/// A share as what it is made of.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Share {
    hit: i64,
    of: i64,
    /// 0–1; null: there is nothing to judge.
    value: Option<f64>,
}

impl From<Rate> for Share {
    fn from(rate: Rate) -> Self {
        Self { hit: rate.hit, of: rate.of, value: rate.value() }
    }
}

/// What was done in some days.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WorkAnswer {
    /// Shifts with a worker, of those planned.
    shifts_filled: Share,
    /// Shifts attended, of those to be.
    attendance: Share,
    on_time: Share,
    /// Shifts to which nobody came without a word.
    no_shows: Share,
    /// Tasks and work orders in their time.
    in_time: Share,
    /// Checkpoints visited, of those planned.
    coverage: Share,
    incidents: i64,
}

impl From<Work> for WorkAnswer {
    fn from(it: Work) -> Self {
        Self {
            shifts_filled: it.fill.into(),
            attendance: it.attendance.into(),
            on_time: it.on_time.into(),
            no_shows: it.no_shows.into(),
            in_time: it.sla.into(),
            coverage: it.coverage.into(),
            incidents: it.incidents,
        }
    }
}

/// The next 48 hours.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AheadAnswer {
    shifts: i64,
    /// Those nobody has.
    open: i64,
    /// Of these, less likely than usual to be filled; null: no model may be shown.
    at_risk: Option<i64>,
    /// Certifications that expire within 14 days.
    expiring_certifications: i64,
}

/// The report of a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DailyAnswer {
    day: NaiveDate,
    /// The last day that was summed up; null: none yet. Where it is before `day`, the numbers are not there yet.
    summed_up_to: Option<NaiveDate>,
    /// ISO 4217.
    currency: String,
    /// The day in sentences.
    summary: Vec<String>,
    needs: Vec<String>,
    well: Vec<String>,
    work: WorkAnswer,
    /// The same weekday a week before.
    week_before: WorkAnswer,
    /// The 28 days before the day.
    usual: WorkAnswer,
    people_at_work: Share,
    /// In hundredths of the currency.
    cost_cents: i64,
    month_cost_cents: i64,
    /// Above (below: negative) the budget so far; null: no budget.
    beside_budget_cents: Option<i64>,
    /// Net; null: no orders are on record.
    revenue: Option<String>,
    /// From now on; null for a day that is not the last.
    next_48_hours: Option<AheadAnswer>,
}

impl From<Daily> for DailyAnswer {
    fn from(it: Daily) -> Self {
        let [work, before, usual] = it.work.map(WorkAnswer::from);
        Self {
            summary: daily::words::lead(&it),
            needs: daily::words::needs(&it),
            well: daily::words::well(&it),
            day: it.day,
            summed_up_to: it.through,
            work,
            week_before: before,
            usual,
            people_at_work: it.active[0].into(),
            cost_cents: it.money.day,
            month_cost_cents: it.money.month,
            beside_budget_cents: it.money.beside_budget,
            revenue: it.taken.map(|taken| taken.day.to_string()),
            next_48_hours: it.ahead.map(|ahead| AheadAnswer {
                shifts: ahead.shifts,
                open: ahead.open,
                at_risk: ahead.at_risk,
                expiring_certifications: ahead.expiring,
            }),
            currency: it.currency,
        }
    }
}

/// A day of a week.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WeekdayAnswer {
    day: NaiveDate,
    work: WorkAnswer,
    /// In hundredths of the currency.
    cost_cents: i64,
    /// Net; null: no orders are on record.
    revenue: Option<String>,
}

/// The report of a week.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WeeklyAnswer {
    /// Such as `2026-W12`.
    week: String,
    /// Its first day, a Monday.
    from: NaiveDate,
    /// Its last day that is over.
    to: NaiveDate,
    /// Whether days of it are still to come.
    open: bool,
    /// The last day that was summed up; null: none yet.
    summed_up_to: Option<NaiveDate>,
    /// ISO 4217.
    currency: String,
    /// The week in sentences.
    summary: Vec<String>,
    needs: Vec<String>,
    well: Vec<String>,
    work: WorkAnswer,
    /// As many days of the week before.
    week_before: WorkAnswer,
    people_at_work: Share,
    /// In hundredths of the currency.
    cost_cents: i64,
    cost_cents_before: i64,
    /// Net; null: no orders are on record.
    revenue: Option<String>,
    revenue_before: Option<String>,
    days: Vec<WeekdayAnswer>,
}

impl From<Weekly> for WeeklyAnswer {
    fn from(it: Weekly) -> Self {
        let [work, before] = it.work.map(WorkAnswer::from);
        Self {
            week: it.week.to_string(),
            from: it.period.first,
            to: it.period.last,
            open: it.is_open(),
            summed_up_to: it.through,
            summary: weekly::words::lead(&it),
            needs: weekly::words::needs(&it),
            well: weekly::words::well(&it),
            work,
            week_before: before,
            people_at_work: it.active[0].into(),
            cost_cents: it.cost(),
            cost_cents_before: it.cost_before,
            revenue: it.revenue().map(|net| net.to_string()),
            revenue_before: it.revenue_before.map(|net| net.to_string()),
            days: it
                .days
                .into_iter()
                .map(|day| WeekdayAnswer {
                    day: day.day,
                    work: day.work.into(),
                    cost_cents: day.cost,
                    revenue: day.revenue.map(|net| net.to_string()),
                })
                .collect(),
            currency: it.currency,
        }
    }
}

/// What one recipient got.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryAnswer {
    name: String,
    address: Option<String>,
    /// `waiting`, `sent`, `failed` or `kept`; null: there is no mail.
    state: Option<String>,
    /// What the mail server said last.
    outcome: Option<String>,
    /// Why there is no mail.
    refused: Option<String>,
}

/// What became of a report that was sent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunAnswer {
    run: Uuid,
    schedule: Uuid,
    /// `waiting`, `running`, `done` or `failed`.
    state: &'static str,
    asked_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    attempts: i32,
    /// Why nothing was sent.
    note: Option<String>,
    /// What the latest try failed of.
    error: Option<String>,
    deliveries: Vec<DeliveryAnswer>,
    /// Where it can be looked at.
    href: String,
}

impl From<Run> for RunAnswer {
    fn from(it: Run) -> Self {
        Self {
            run: it.id,
            schedule: it.schedule,
            state: it.state.name(),
            asked_at: it.asked_at,
            finished_at: it.finished_at,
            attempts: it.attempts,
            note: it.note,
            error: it.error,
            deliveries: it
                .deliveries
                .into_iter()
                .map(|it| DeliveryAnswer {
                    name: it.name,
                    address: it.address,
                    state: it.state,
                    outcome: it.outcome,
                    refused: it.refused,
                })
                .collect(),
            href: RUN.replace("{run}", &it.id.to_string()),
        }
    }
}

/// The daily operations report
///
/// How the last day that is over went, and what is at risk in the next 48 hours. The same that its page and its PDF say. Nobody is named.
#[utoipa::path(
    get, path = DAILY, tag = "operations", operation_id = "daily_report", params(DayQuery),
    responses((status = 200, description = "The report", body = DailyAnswer)),
)]
pub(crate) async fn daily_report(caller: Caller, Asked(asked): Asked<DayQuery>) -> Answer<DailyAnswer> {
    Ok(Json(daily_of(&caller, given(asked.day.as_deref())).await?.into()))
}

/// The weekly operations report
///
/// How a week went against the week before, day by day. The same that its page and its PDF say. Nobody is named.
#[utoipa::path(
    get, path = WEEKLY, tag = "operations", operation_id = "weekly_report", params(WeekQuery),
    responses((status = 200, description = "The report", body = WeeklyAnswer)),
)]
pub(crate) async fn weekly_report(caller: Caller, Asked(asked): Asked<WeekQuery>) -> Answer<WeeklyAnswer> {
    Ok(Json(weekly_of(&caller, given(asked.week.as_deref())).await?.into()))
}

/// Send the daily report
///
/// To everybody on the list of its schedule, each what that person may see. The answer is the run: look at it again for the outcome of each
/// mail. One that is still under way is 409.
#[utoipa::path(
    post, path = SEND_DAILY, tag = "operations", operation_id = "send_daily_report",
    responses((status = 202, description = "In the queue", body = RunAnswer)),
)]
pub(crate) async fn send_daily(caller: Caller) -> Result<(StatusCode, Json<RunAnswer>), Refusal> {
    send(&caller, Report::OperationsDaily).await
}

/// Send the weekly report
///
/// As with the daily report.
#[utoipa::path(
    post, path = SEND_WEEKLY, tag = "operations", operation_id = "send_weekly_report",
    responses((status = 202, description = "In the queue", body = RunAnswer)),
)]
pub(crate) async fn send_weekly(caller: Caller) -> Result<(StatusCode, Json<RunAnswer>), Refusal> {
    send(&caller, Report::OperationsWeekly).await
}

/// What became of a report that was sent
///
/// Of a schedule that the caller keeps.
#[utoipa::path(
    get, path = RUN, tag = "operations", operation_id = "report_run",
    params(("run" = Uuid, Path, description = "The run, as it was answered when it was asked for.")),
    responses((status = 200, description = "The run", body = RunAnswer)),
)]
pub(crate) async fn report_run(caller: Caller, Path(run): Path<String>) -> Answer<RunAnswer> {
    let run: Uuid = run.parse().map_err(|_| AppError::NotFound)?;
    let mut tx = caller.db().org(caller.user().org.id).await.map_err(AppError::from)?;
    Ok(Json(seen(&mut tx, &caller, run).await?.into()))
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

async fn seen(tx: &mut muster::database::OrgTx, caller: &Caller, run: Uuid) -> Result<Run, AppError> {
    let run = schedules::run(tx, run).await?;
    schedules::one(tx, run.schedule, caller.user()).await?;
    Ok(run)
}

async fn send(caller: &Caller, report: Report) -> Result<(StatusCode, Json<RunAnswer>), Refusal> {
    Ok((StatusCode::ACCEPTED, Json(sent(caller, report).await?)))
}

async fn sent(caller: &Caller, report: Report) -> Result<RunAnswer, AppError> {
    let user = caller.user();
    caller.scope(Permission::Alignment)?;
    if !Permission::Alignment.may_change(user.role) {
        return Err(AppError::Forbidden);
    }
    let mut tx = caller.db().org(user.org.id).await?;
    let schedule = schedules::usual(&mut tx, &user.org, report, caller.now()).await?.ok_or_else(|| {
        AppError::Conflict(
            "The schedule of this report was deleted. Make a new one under Reports, and send it there.".into(),
        )
    })?;
    let run = schedules::send_now(&mut tx, schedule, user, caller.now()).await?;
    let run = seen(&mut tx, caller, run).await?;
    tx.commit().await?;
    Ok(run.into())
}
