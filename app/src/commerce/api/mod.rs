//! `/api/v1/analytics/revenue`, `/orders`, `/partners` and `/customers`: orders and their money, for programs.

mod answer;

use axum::Json;
use axum::routing::{MethodRouter, get};
use muster::commerce::{COLUMNS, Filter, View, customers, orders, partners};
use muster::people::Permission;
use serde::Deserialize;
use utoipa::OpenApi;

pub(crate) use self::answer::RevenueAnswer;
use self::answer::{CustomersAnswer, OrdersAnswer, PartnersAnswer};
use super::frame::Asker;
use super::revenue::made;
use crate::api::{Answer, Asked, turn, turned};
use crate::caller::Caller;
use crate::server::App;

const REVENUE: &str = "/api/v1/analytics/revenue";
const ORDERS: &str = "/api/v1/analytics/orders";
const PARTNERS: &str = "/api/v1/analytics/partners";
const CUSTOMERS: &str = "/api/v1/analytics/customers";

/// What of it is documented.
#[derive(OpenApi)]
#[openapi(paths(revenue_of_days, orders_of_days, partners_of_days, customers_of_days))]
pub(crate) struct Paths;

/// The routes with their handlers.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![
        (REVENUE, get(revenue_of_days)),
        (ORDERS, get(orders_of_days)),
        (PARTNERS, get(partners_of_days)),
        (CUSTOMERS, get(customers_of_days)),
    ]
}

/// Which days.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DaysQuery {
    /// First day of the period.
    #[param(value_type = Option<chrono::NaiveDate>)]
    start_date: Option<String>,
    /// Last day of the period; without both it is the 30 days to the last complete day.
    #[param(value_type = Option<chrono::NaiveDate>)]
    end_date: Option<String>,
}

/// Whose orders.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PartnerQuery {
    /// Only what this partner carries out.
    #[param(value_type = Option<uuid::Uuid>)]
    partner_id: Option<String>,
}

/// What cannot be asked of lists that are of all partners; not documented.
#[derive(Debug, Deserialize)]
pub(crate) struct NoPartner {
    partner_id: Option<String>,
    partner: Option<String>,
}

/// In which order.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OrderQuery {
    /// `name`, `received`, `acceptance`, `completion`, `rejection`, `total` (minutes), `rating`, `issues`, `capacity`, `gross` or
    /// `change`.
    #[param(default = "received")]
    sort: Option<String>,
    /// `asc` or `desc`.
    #[param(default = "desc")]
    order: Option<String>,
}

/// Which page.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct NextQuery {
    /// The `next` of the page before; without it the first page.
    cursor: Option<String>,
}

fn asker(
    caller: Caller,
    view: View,
    days: DaysQuery,
    partner: Option<PartnerQuery>,
) -> Result<Asker, crate::error::AppError> {
    let filter = Filter {
        from: days.start_date,
        to: days.end_date,
        partner: partner.and_then(|it| it.partner_id),
        ..Filter::default()
    };
    Asker::by(caller, view, filter, &[])
}

/// Revenue of a period
///
/// Gross, net and refunds with the period before, day by day (weeks from 93 days on, months from two years on), by payment method and
/// by category, the proof that order book and payments agree (`difference` is nought), and the next 30 days by forecast. Amounts are exact decimals as text.
#[utoipa::path(
    get, path = REVENUE, tag = "analytics", operation_id = "revenue",
    params(DaysQuery, PartnerQuery),
    responses((status = 200, description = "The revenue", body = RevenueAnswer)),
)]
pub(crate) async fn revenue_of_days(
    caller: Caller,
    Asked(days): Asked<DaysQuery>,
    Asked(partner): Asked<PartnerQuery>,
) -> Answer<RevenueAnswer> {
    caller.scope(Permission::Financial)?;
    let asker = asker(caller, View::Revenue, days, Some(partner))?;
    let kept = made(&asker).await?;
    let (it, ahead) = &*kept.it;
    Ok(Json(RevenueAnswer::new(it, ahead.as_ref(), &asker.currency, kept.made_at)))
}

/// Orders of a period
///
/// How many came, what became of them, of which category they were, when in the week they were placed, and how long each stage took, as percentiles in minutes.
#[utoipa::path(
    get, path = ORDERS, tag = "analytics", operation_id = "orders",
    params(DaysQuery, PartnerQuery),
    responses((status = 200, description = "The orders", body = OrdersAnswer)),
)]
pub(crate) async fn orders_of_days(
    caller: Caller,
    Asked(days): Asked<DaysQuery>,
    Asked(partner): Asked<PartnerQuery>,
) -> Answer<OrdersAnswer> {
    caller.scope(Permission::Financial)?;
    let asker = asker(caller, View::Orders, days, Some(partner))?;
    let kept = asker.kept(|mut tx, asked| async move { orders(&mut tx, asked).await }).await?;
    Ok(Json(OrdersAnswer::new(&kept.it, kept.made_at)))
}

/// Partners in a period
///
/// How each partner accepted, completed and rejected, how long the stages took in the mean, ratings, issues and capacity. Whoever has
/// fewer ended orders than `fewest` is not judged: see `judged`.
#[utoipa::path(
    get, path = PARTNERS, tag = "analytics", operation_id = "partners",
    params(DaysQuery, OrderQuery),
    responses((status = 200, description = "The partners", body = PartnersAnswer)),
)]
pub(crate) async fn partners_of_days(
    caller: Caller,
    Asked(days): Asked<DaysQuery>,
    Asked(order): Asked<OrderQuery>,
    Asked(none): Asked<NoPartner>,
) -> Answer<PartnersAnswer> {
    caller.scope(Permission::Financial)?;
    let filter = Filter {
        from: days.start_date,
        to: days.end_date,
        partner: none.partner_id.or(none.partner),
        sort: order.sort,
        order: order.order,
        page: None,
    };
    let asker = Asker::by(caller, View::Partners, filter, &COLUMNS)?;
    let kept = asker.kept(|mut tx, asked| async move { partners(&mut tx, asked).await }).await?;
    Ok(Json(PartnersAnswer::new(&kept.it, &asker.currency, kept.made_at)))
}

/// Customers
///
/// Segments with their definitions, who came new in the period and from where, who may be lost, and a page of those with the highest
/// lifetime value. Customers are told by the reference of the organization's own systems.
#[utoipa::path(
    get, path = CUSTOMERS, tag = "analytics", operation_id = "customers",
    params(DaysQuery, NextQuery),
    responses((status = 200, description = "The customers", body = CustomersAnswer)),
)]
pub(crate) async fn customers_of_days(
    caller: Caller,
    Asked(days): Asked<DaysQuery>,
    Asked(next): Asked<NextQuery>,
    Asked(none): Asked<NoPartner>,
) -> Answer<CustomersAnswer> {
    caller.scope(Permission::Financial)?;
    let page = turned(next.cursor.as_deref())?;
    let partner = none.partner_id.or(none.partner);
    let filter = Filter { from: days.start_date, to: days.end_date, partner, ..Filter::default() };
    let mut asker = Asker::by(caller, View::Customers, filter, &[])?;
    // A program walks to the end, however many pages that takes; a person turns some.
    asker.asked.page = page;
    let kept = asker.kept(|mut tx, asked| async move { customers(&mut tx, asked).await }).await?;
    let more = kept.it.more.then(|| turn(page + 1));
    Ok(Json(CustomersAnswer::new(&kept.it, &asker.currency, kept.made_at, more)))
}
