//! `/financial/customers`: who orders, how they are doing, who may be lost, who came new, and who brings most.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use super::filter::{Asked, Grain, PAGE};
use super::revenue::{Standing, days, parts, reach};
use super::sums::{Stretch, Sums};
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;

/// How a customer is doing; the first whose definition fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Segment {
    /// Silent for longer than 90 days and three of their usual gaps.
    Churned,
    /// First order in the last 30 days.
    New,
    /// Five completed orders in 180 days, and among the tenth with the highest lifetime value.
    Vip,
    /// Three completed orders in 90 days.
    Regular,
    /// All others.
    Occasional,
}

impl Segment {
    /// All, in the order they are tried.
    pub const ALL: [Self; 5] = [Self::Churned, Self::New, Self::Vip, Self::Regular, Self::Occasional];

    /// Its name in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Churned => "churned",
            Self::New => "new",
            Self::Vip => "vip",
            Self::Regular => "regular",
            Self::Occasional => "occasional",
        }
    }

    /// Its name.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Churned => "Churned",
            Self::New => "New",
            Self::Vip => "VIP",
            Self::Regular => "Regular",
            Self::Occasional => "Occasional",
        }
    }

    /// What makes one, in words.
    #[must_use]
    pub fn definition(self) -> &'static str {
        match self {
            Self::Churned => "No order for more than 90 days and more than three times the customer’s own usual gap",
            Self::New => "First order in the last 30 days",
            Self::Vip => "Five or more completed orders in 180 days, and among the top tenth by lifetime value",
            Self::Regular => "Three or more completed orders in 90 days",
            Self::Occasional => "Everybody else",
        }
    }

    fn of(code: &str) -> Self {
        Self::ALL.into_iter().find(|it| it.code() == code).unwrap_or(Self::Occasional)
    }
}

/// How many customers are in a segment, and what they brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Share {
    /// Which.
    pub segment: Segment,
    /// How many.
    pub customers: i64,
    /// Of those, at risk.
    pub at_risk: i64,
    /// Orders so far.
    pub orders: i64,
    /// Paid so far, less refunds.
    pub spent: Decimal,
    /// Lifetime value: what they spent, and what the model expects of them.
    pub value: Decimal,
}

/// A customer as in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Customer {
    /// How the company's systems refer to them.
    pub reference: String,
    /// Their name.
    pub name: Option<String>,
    /// How they are doing.
    pub segment: Segment,
    /// Orders so far.
    pub orders: i64,
    /// Of those, completed.
    pub completed: i64,
    /// Paid so far, less refunds.
    pub spent: Decimal,
    /// Lifetime value.
    pub value: Decimal,
    /// First day with an order.
    pub first_order: NaiveDate,
    /// Last day with an order.
    pub last_order: NaiveDate,
    /// Their usual gap between days with orders.
    pub gap_days: Option<Decimal>,
    /// What they order most.
    pub category: Option<String>,
    /// How they pay most.
    pub method: Option<String>,
    /// Probability that they are lost; `None`: no model has spoken.
    pub risk: Option<f64>,
}

/// Everything the page shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Customers {
    /// What was asked for.
    pub asked: Asked,
    /// The day as of which segments were judged.
    pub as_of: Option<NaiveDate>,
    /// Each segment, in the order they are tried.
    pub segments: Vec<Share>,
    /// What the chart of newcomers is divided into.
    pub grain: Grain,
    /// New and returning customers of each part of the period.
    pub parts: Vec<Stretch>,
    /// All of them together.
    pub total: Sums,
    /// The period before.
    pub before: Sums,
    /// Where those who came new in the period heard of the company, most first.
    pub sources: Vec<(Option<String>, i64)>,
    /// A page of those with the highest lifetime value.
    pub top: Vec<Customer>,
    /// Whether there are more.
    pub more: bool,
    /// Those at risk with the highest lifetime value.
    pub at_risk: Vec<Customer>,
    /// Whether lifetime values hold what a model expects of the next 12 months.
    pub values_by_model: bool,
    /// Whether a model has said how likely they leave.
    pub risks_by_model: bool,
    /// How far the sums reach.
    pub standing: Standing,
}

/// The page.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn customers(tx: &mut OrgTx, asked: Asked) -> Result<Customers> {
    let reach = reach(tx, &asked).await?;
    let days = days(tx, &Asked { partner: None, ..asked.clone() }, &reach.months).await?;
    let (earlier, these): (Vec<_>, Vec<_>) = days.into_iter().partition(|(day, _)| *day < asked.period.first);
    let grain = Grain::of(asked.period);
    let (as_of, segments) = segments(tx).await?;
    let mut top = top(tx, asked.page).await?;
    let more = top.len() > PAGE;
    top.truncate(PAGE);
    let at_risk = at_risk(tx).await?;
    let (values_by_model, risks_by_model) = by_model(tx).await?;
    Ok(Customers {
        as_of,
        segments,
        grain,
        parts: parts(asked.period, grain, &these),
        total: these.into_iter().map(|(_, sums)| sums).sum(),
        before: earlier.into_iter().map(|(_, sums)| sums).sum(),
        sources: sources(tx, asked.period).await?,
        top,
        more,
        values_by_model,
        risks_by_model,
        at_risk,
        standing: reach.standing,
        asked,
    })
}

impl Customers {
    /// What a lifetime value is, in words.
    #[must_use]
    pub fn value_definition(&self) -> &'static str {
        if self.values_by_model {
            "Paid less refunds, and the spending expected in 12 months"
        } else {
            "Paid so far, less refunds"
        }
    }

    /// Who is at risk, in words.
    #[must_use]
    pub fn risk_definition(&self) -> &'static str {
        if self.risks_by_model {
            "A risk of leaving of 60 % or more by the model"
        } else {
            "Three orders or more, and silent for twice the customer’s own usual gap and more than 14 days"
        }
    }
}

/// Whether a model has told what they will spend, and whether one has told who leaves: each is judged by itself.
async fn by_model(tx: &mut OrgTx) -> Result<(bool, bool)> {
    let org = tx.org().0;
    let told = sqlx::query!(
        r#"select exists (select from customer_analytics where org_id = $1 and expected_margin is not null) as "values!",
                  exists (select from customer_analytics where org_id = $1 and churn_risk is not null) as "risks!""#,
        org
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok((told.values, told.risks))
}

async fn segments(tx: &mut OrgTx) -> Result<(Option<NaiveDate>, Vec<Share>)> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        "select segment, as_of, customers, at_risk, orders, spent, value from customer_segments where org_id = $1",
        org
    )
    .fetch_all(&mut **tx)
    .await?;
    let as_of = rows.iter().map(|row| row.as_of).max();
    let share = |segment: Segment| {
        let row = rows.iter().find(|row| Segment::of(&row.segment) == segment);
        Share {
            segment,
            customers: row.map_or(0, |row| i64::from(row.customers)),
            at_risk: row.map_or(0, |row| i64::from(row.at_risk)),
            orders: row.map_or(0, |row| row.orders),
            spent: row.map_or(Decimal::ZERO, |row| row.spent),
            value: row.map_or(Decimal::ZERO, |row| row.value),
        }
    };
    Ok((as_of, Segment::ALL.map(share).to_vec()))
}

async fn sources(tx: &mut OrgTx, period: Period) -> Result<Vec<(Option<String>, i64)>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select nullif(source, '') as source, sum(customers) as "n!" from newcomer_sources
           where org_id = $1 and day between $2 and $3 group by newcomer_sources.source order by 2 desc, 1"#,
        org,
        period.first,
        period.last
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.source, row.n)).collect())
}

struct Row {
    reference: String,
    name: Option<String>,
    segment: String,
    orders: i32,
    completed: i32,
    spent: Decimal,
    value: Decimal,
    first_order: NaiveDate,
    last_order: NaiveDate,
    gap_days: Option<Decimal>,
    category: Option<String>,
    method: Option<String>,
    risk: Option<f64>,
}

impl From<Row> for Customer {
    fn from(row: Row) -> Self {
        Self {
            segment: Segment::of(&row.segment),
            reference: row.reference,
            name: row.name,
            orders: i64::from(row.orders),
            completed: i64::from(row.completed),
            spent: row.spent,
            value: row.value,
            first_order: row.first_order,
            last_order: row.last_order,
            gap_days: row.gap_days,
            category: row.category,
            method: row.method,
            risk: row.risk,
        }
    }
}

// Written out in the two statements below: of a number that it does not know when it plans Postgres expects a tenth of all
// customers, and reads every one.
const _: () = assert!(PAGE == 25);

/// A page of customers by lifetime value, and one more.
async fn top(tx: &mut OrgTx, page: usize) -> Result<Vec<Customer>> {
    let org = tx.org().0;
    let rows = sqlx::query_as!(
        Row,
        r#"select c.ref as reference, c.name, a.segment, a.orders, a.completed, a.paid - a.refunded as "spent!", a.lifetime_value as value,
                  a.first_order_day as first_order, a.last_order_day as last_order, a.median_gap_days as gap_days,
                  k.name as "category?", a.favourite_method as method, a.churn_risk as risk
           from (select customer_id from customer_analytics where org_id = $1
                 order by lifetime_value desc, customer_id limit 26 offset $2) i
           join customer_analytics a on a.org_id = $1 and a.customer_id = i.customer_id
           join customers c on c.org_id = $1 and c.id = a.customer_id
           left join service_categories k on k.org_id = $1 and k.id = a.favourite_category
           order by a.lifetime_value desc, a.customer_id"#,
        org,
        (PAGE * (page - 1)) as i64
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(Customer::from).collect())
}

async fn at_risk(tx: &mut OrgTx) -> Result<Vec<Customer>> {
    let org = tx.org().0;
    let rows = sqlx::query_as!(
        Row,
        r#"select c.ref as reference, c.name, a.segment, a.orders, a.completed, a.paid - a.refunded as "spent!", a.lifetime_value as value,
                  a.first_order_day as first_order, a.last_order_day as last_order, a.median_gap_days as gap_days,
                  k.name as "category?", a.favourite_method as method, a.churn_risk as risk
           from (select * from customer_analytics where org_id = $1 and at_risk order by lifetime_value desc, customer_id limit 25) a
           join customers c on c.org_id = $1 and c.id = a.customer_id
           left join service_categories k on k.org_id = $1 and k.id = a.favourite_category
           order by a.lifetime_value desc, a.customer_id"#,
        org
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(Customer::from).collect())
}
