//! Orders, money, partners and customers as JSON. Amounts are text, so that no reader makes fractions of two of them.

use chrono::{DateTime, NaiveDate, Utc};
use muster::commerce::{Amount, Customer, Customers, FEWEST, Orders, Partner, Partners, Revenue, Stretch, Sums};
use muster::reports::commerce::Ahead;
use muster::units::Rate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::Dates;
use crate::financial::api::ahead::ForecastAnswer;

fn text(amount: Amount) -> String {
    amount.to_string()
}

/// Revenue of a period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RevenueAnswer {
    period: Dates,
    compared_with: Dates,
    /// ISO 4217 code of the organization's money.
    currency: String,
    /// When this was made.
    as_of: DateTime<Utc>,
    /// The last day that was summed.
    through: Option<NaiveDate>,
    total: SumsAnswer,
    before: SumsAnswer,
    parts: Vec<StretchAnswer>,
    categories: Vec<CategoryAnswer>,
    proof: ProofAnswer,
    /// Net revenue of the next 30 days, whatever the period; null: of one partner, or there is none yet.
    forecast: Option<ForecastAnswer>,
}

/// The sums of some days.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SumsAnswer {
    orders: i64,
    completed: i64,
    cancelled: i64,
    rejected: i64,
    pending: i64,
    gross: String,
    refunds: String,
    refund_count: i64,
    net: String,
    /// Gross per order; null: there were none.
    average_order_value: Option<String>,
    cash: String,
    card: String,
    wallet: String,
    online: String,
    /// Customers whose first order of all it was; of one partner, those whose first order this partner had.
    new_customers: i64,
    /// Customers who had ordered on an earlier day, each counted once a day.
    returning_customers: i64,
}

/// A day, a week or a month of the period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StretchAnswer {
    from: NaiveDate,
    sums: SumsAnswer,
}

/// A category of service.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CategoryAnswer {
    /// Null: orders without one.
    name: Option<String>,
    orders: i64,
    completed: i64,
    gross: String,
    refunds: String,
    net: String,
    /// Gross of the period before.
    gross_before: String,
}

/// The order book against the payments.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProofAnswer {
    net_by_orders: String,
    net_by_payments: String,
    /// Must be nought.
    difference: String,
}

impl SumsAnswer {
    fn new(it: &Sums) -> Self {
        Self {
            orders: it.orders,
            completed: it.completed,
            cancelled: it.cancelled,
            rejected: it.rejected,
            pending: it.pending(),
            gross: text(it.gross),
            refunds: text(it.refunds),
            refund_count: it.refund_count,
            net: text(it.net()),
            average_order_value: it.average().map(|average| text(average.round_dp(3))),
            cash: text(it.cash),
            card: text(it.card),
            wallet: text(it.wallet),
            online: text(it.online),
            new_customers: it.new_customers,
            returning_customers: it.returning_customers,
        }
    }
}

fn parts(all: &[Stretch]) -> Vec<StretchAnswer> {
    all.iter().map(|part| StretchAnswer { from: part.first, sums: SumsAnswer::new(&part.sums) }).collect()
}

impl RevenueAnswer {
    pub(super) fn new(it: &Revenue, ahead: Option<&Ahead>, currency: &str, as_of: DateTime<Utc>) -> Self {
        Self {
            period: it.asked.period.into(),
            compared_with: it.asked.before.into(),
            currency: currency.into(),
            as_of,
            through: it.standing.through,
            total: SumsAnswer::new(&it.total),
            before: SumsAnswer::new(&it.before),
            parts: parts(&it.parts),
            categories: (it.categories.iter())
                .map(|category| CategoryAnswer {
                    name: category.name.clone(),
                    orders: category.orders,
                    completed: category.completed,
                    gross: text(category.gross),
                    refunds: text(category.refunds),
                    net: text(category.net()),
                    gross_before: text(category.before),
                })
                .collect(),
            proof: ProofAnswer {
                net_by_orders: text(it.proof.net()),
                net_by_payments: text(it.proof.net_by_payments()),
                difference: text(it.proof.difference()),
            },
            forecast: ahead.map(|ahead| (&ahead.forecast).into()),
        }
    }
}

/// Orders of a period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrdersAnswer {
    period: Dates,
    compared_with: Dates,
    /// When this was made.
    as_of: DateTime<Utc>,
    /// The last day that was summed.
    through: Option<NaiveDate>,
    orders: i64,
    orders_before: i64,
    completed: i64,
    cancelled: i64,
    rejected: i64,
    pending: i64,
    /// Of placed, 0–1; null: none was.
    completion: Option<f64>,
    cancellation: Option<f64>,
    /// Most orders first; their orders add up to all.
    categories: Vec<OrderedAnswer>,
    /// Monday first, each with the orders placed in its 24 hours.
    week: Vec<Vec<i64>>,
    stages: Vec<StageAnswer>,
}

/// Orders of a category of service.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderedAnswer {
    /// Null: orders without one.
    name: Option<String>,
    orders: i64,
    /// Of all orders of the period, 0–1.
    share: Option<f64>,
    /// Completed by now, and as a share of those placed.
    completed: i64,
    completion: Option<f64>,
}

/// How long a stage took, in minutes, within a twelfth.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StageAnswer {
    stage: &'static str,
    n: i64,
    p50: Option<f64>,
    p90: Option<f64>,
    p95: Option<f64>,
}

impl OrdersAnswer {
    pub(super) fn new(it: &Orders, as_of: DateTime<Utc>) -> Self {
        Self {
            period: it.asked.period.into(),
            compared_with: it.asked.before.into(),
            as_of,
            through: it.standing.through,
            orders: it.total.orders,
            orders_before: it.before.orders,
            completed: it.total.completed,
            cancelled: it.total.cancelled,
            rejected: it.total.rejected,
            pending: it.total.pending(),
            completion: it.total.completion().value(),
            cancellation: it.total.cancellation().value(),
            categories: (it.categories.iter())
                .map(|category| OrderedAnswer {
                    name: category.name.clone(),
                    orders: category.orders,
                    share: Rate { hit: category.orders, of: it.total.orders }.value(),
                    completed: category.completed,
                    completion: category.completion().value(),
                })
                .collect(),
            week: it.week.0.iter().map(|hours| hours.to_vec()).collect(),
            stages: (it.stages.iter())
                .map(|(stage, counts)| StageAnswer {
                    stage: stage.label(),
                    n: counts.n(),
                    p50: counts.percentile(0.5),
                    p90: counts.percentile(0.9),
                    p95: counts.percentile(0.95),
                })
                .collect(),
        }
    }
}

/// Partners in a period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartnersAnswer {
    period: Dates,
    compared_with: Dates,
    /// ISO 4217 code of the organization's money.
    currency: String,
    /// When this was made.
    as_of: DateTime<Utc>,
    /// Fewer ended orders are not judged by.
    fewest: i64,
    partners: Vec<PartnerAnswer>,
}

/// A partner.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartnerAnswer {
    id: uuid::Uuid,
    name: String,
    received: i64,
    accepted: i64,
    rejected: i64,
    completed: i64,
    cancelled: i64,
    /// Shares, 0–1; null: nothing to judge.
    acceptance: Option<f64>,
    completion: Option<f64>,
    rejection: Option<f64>,
    /// Whether there were ended orders enough.
    judged: bool,
    /// Minutes in the mean: accept, pick up, process, deliver, total.
    minutes: Vec<Option<f64>>,
    /// 1 to 5.
    rating: Option<f64>,
    /// Reported, damaged, lost.
    issues: Vec<i64>,
    /// Received of what they can take on.
    utilization: Option<f64>,
    gross: String,
    refunds: String,
}

impl From<&Partner> for PartnerAnswer {
    fn from(it: &Partner) -> Self {
        let value = |rate: Rate| rate.value();
        Self {
            id: it.id,
            name: it.name.clone(),
            received: it.received,
            accepted: it.accepted,
            rejected: it.rejected,
            completed: it.completed,
            cancelled: it.cancelled,
            acceptance: value(it.acceptance()),
            completion: value(it.completion()),
            rejection: value(it.rejection()),
            judged: it.completion().of >= FEWEST,
            minutes: it.took.iter().map(|took| took.minutes()).collect(),
            rating: it.rating(),
            issues: it.issues.to_vec(),
            utilization: it.utilization(),
            gross: text(it.gross),
            refunds: text(it.refunds),
        }
    }
}

impl PartnersAnswer {
    pub(super) fn new(it: &Partners, currency: &str, as_of: DateTime<Utc>) -> Self {
        Self {
            period: it.asked.period.into(),
            compared_with: it.asked.before.into(),
            currency: currency.into(),
            as_of,
            fewest: FEWEST,
            partners: it.partners.iter().map(PartnerAnswer::from).collect(),
        }
    }
}

/// Customers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CustomersAnswer {
    period: Dates,
    /// ISO 4217 code of the organization's money.
    currency: String,
    /// When this was made.
    as_of: DateTime<Utc>,
    segments: Vec<SegmentAnswer>,
    new_customers: i64,
    new_customers_before: i64,
    sources: Vec<SourceAnswer>,
    /// A page, highest lifetime value first.
    top: Vec<CustomerAnswer>,
    /// The cursor of the next page; null: this is the last one.
    next: Option<String>,
    at_risk: Vec<CustomerAnswer>,
    /// Whether lifetime values hold what a model expects in 12 months; else they are what was paid, less refunds.
    values_by_model: bool,
    /// Whether a model says who is at risk; else it is told by how long they were silent.
    risks_by_model: bool,
}

/// A segment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SegmentAnswer {
    segment: &'static str,
    definition: &'static str,
    customers: i64,
    at_risk: i64,
    orders: i64,
    spent: String,
    lifetime_value: String,
}

/// Where new customers heard of the organization.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourceAnswer {
    /// Null: not recorded.
    source: Option<String>,
    customers: i64,
}

/// A customer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CustomerAnswer {
    reference: String,
    name: Option<String>,
    segment: &'static str,
    orders: i64,
    completed: i64,
    spent: String,
    lifetime_value: String,
    first_order: NaiveDate,
    last_order: NaiveDate,
    category: Option<String>,
    method: Option<String>,
    /// Chance to order nothing in 90 days, 0–1; null: no model has spoken.
    churn_risk: Option<f64>,
}

impl From<&Customer> for CustomerAnswer {
    fn from(it: &Customer) -> Self {
        Self {
            reference: it.reference.clone(),
            name: it.name.clone(),
            segment: it.segment.code(),
            orders: it.orders,
            completed: it.completed,
            spent: text(it.spent),
            lifetime_value: text(it.value),
            first_order: it.first_order,
            last_order: it.last_order,
            category: it.category.clone(),
            method: it.method.clone(),
            churn_risk: it.risk,
        }
    }
}

impl CustomersAnswer {
    pub(super) fn new(it: &Customers, currency: &str, as_of: DateTime<Utc>, next: Option<String>) -> Self {
        Self {
            period: it.asked.period.into(),
            currency: currency.into(),
            as_of,
            segments: (it.segments.iter())
                .map(|share| SegmentAnswer {
                    segment: share.segment.code(),
                    definition: share.segment.definition(),
                    customers: share.customers,
                    at_risk: share.at_risk,
                    orders: share.orders,
                    spent: text(share.spent),
                    lifetime_value: text(share.value),
                })
                .collect(),
            new_customers: it.total.new_customers,
            new_customers_before: it.before.new_customers,
            sources: (it.sources.iter())
                .map(|(source, customers)| SourceAnswer { source: source.clone(), customers: *customers })
                .collect(),
            top: it.top.iter().map(CustomerAnswer::from).collect(),
            next,
            at_risk: it.at_risk.iter().map(CustomerAnswer::from).collect(),
            values_by_model: it.values_by_model,
            risks_by_model: it.risks_by_model,
        }
    }
}
