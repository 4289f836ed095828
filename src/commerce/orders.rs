//! `/financial/orders`: how many orders came, when in the week, how long each stage took, and what became of them.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use uuid::Uuid;

use super::filter::{Asked, Grain};
use super::pieces::Pieces;
use super::revenue::{Category, Named, Standing, categories, days, partners, parts, reach};
use super::steps::{Counts, STEPS};
use super::sums::{Stretch, Sums};
use crate::Result;
use crate::database::OrgTx;

/// The stages of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Stage {
    /// Placed to accepted.
    Accept,
    /// Accepted to picked up.
    PickUp,
    /// Picked up to processed.
    Process,
    /// Processed to delivered.
    Deliver,
    /// Placed to completed.
    Total,
}

impl Stage {
    /// All, in their order.
    pub const ALL: [Self; 5] = [Self::Accept, Self::PickUp, Self::Process, Self::Deliver, Self::Total];

    /// From what to what, in words.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Accept => "Placed to accepted",
            Self::PickUp => "Accepted to picked up",
            Self::Process => "Picked up to processed",
            Self::Deliver => "Processed to delivered",
            Self::Total => "Placed to completed",
        }
    }
}

/// How many orders were placed in each hour (0–23) of each weekday (Monday first).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Week(pub [[i64; 24]; 7]);

impl Week {
    /// Adds the hours of a day, or those of the weeks of a month (`sign` 1), or takes them away (−1).
    fn add(&mut self, day: NaiveDate, hours: &[i32], sign: i64) {
        let row = if hours.len() > 24 { 0 } else { day.weekday().num_days_from_monday() as usize };
        for (sum, n) in self.0[row..].iter_mut().flatten().zip(hours) {
            *sum += sign * i64::from(*n);
        }
    }

    /// All of them together.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.0.iter().flatten().sum()
    }

    /// The most of any hour.
    #[must_use]
    pub fn most(&self) -> i64 {
        self.0.iter().flatten().copied().max().unwrap_or(0)
    }
}

/// Everything the page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Orders {
    /// What was asked for.
    pub asked: Asked,
    /// What the table and the chart are divided into.
    pub grain: Grain,
    /// Each part of the period, oldest first.
    pub parts: Vec<Stretch>,
    /// All of them together.
    pub total: Sums,
    /// The period before.
    pub before: Sums,
    /// By category of service, most orders first; those without an order in the period are not there.
    pub categories: Vec<Category>,
    /// When in the week orders were placed.
    pub week: Week,
    /// How long each stage took.
    pub stages: Vec<(Stage, Counts)>,
    /// All partners by name.
    pub partners: Vec<Named>,
    /// How far the sums reach.
    pub standing: Standing,
}

/// The page.
///
/// # Errors
/// [`crate::Error::NotFound`] for a partner that is none of the organization, [`crate::Error::Database`].
pub async fn orders(tx: &mut OrgTx, asked: Asked) -> Result<Orders> {
    let partners = partners(tx, asked.partner).await?;
    let reach = reach(tx, &asked).await?;
    let days = days(tx, &asked, &reach.months).await?;
    let (earlier, these): (Vec<_>, Vec<_>) = days.into_iter().partition(|(day, _)| *day < asked.period.first);
    let grain = Grain::of(asked.period);
    let pieces = Pieces::of(&[asked.period], &reach.months);
    let mut counted = Counted::default();
    match asked.partner {
        None => of_all(tx, &pieces, &mut counted).await?,
        Some(partner) => of_partner(tx, &pieces, partner, &mut counted).await?,
    }
    in_months(tx, &pieces, asked.partner, &mut counted).await?;
    Ok(Orders {
        grain,
        parts: parts(asked.period, grain, &these),
        total: these.into_iter().map(|(_, sums)| sums).sum(),
        before: earlier.into_iter().map(|(_, sums)| sums).sum(),
        categories: by_orders(categories(tx, &asked, &reach.months).await?),
        week: counted.week,
        stages: Stage::ALL.into_iter().zip(counted.stages).collect(),
        partners,
        standing: reach.standing,
        asked,
    })
}

fn by_orders(mut all: Vec<Category>) -> Vec<Category> {
    all.retain(|it| it.orders > 0);
    all.sort_by(|one, two| two.orders.cmp(&one.orders).then_with(|| one.label().cmp(&two.label())));
    all
}

/// Orders by the hour, and how many took how long in each stage.
#[derive(Default)]
struct Counted {
    week: Week,
    stages: [Counts; 5],
}

/// What a day or a month counted.
struct Row {
    day: NaiveDate,
    sign: i32,
    hours: Vec<i32>,
    accept_steps: Vec<i32>,
    pick_up_steps: Vec<i32>,
    process_steps: Vec<i32>,
    deliver_steps: Vec<i32>,
    total_steps: Vec<i32>,
}

impl Counted {
    fn add(&mut self, row: &Row) {
        let sign = i64::from(row.sign);
        self.week.add(row.day, &row.hours, sign);
        let steps = [&row.accept_steps, &row.pick_up_steps, &row.process_steps, &row.deliver_steps, &row.total_steps];
        self.stages.iter_mut().zip(steps).for_each(|(counts, steps)| counts.add(steps, sign));
    }
}

async fn of_all(tx: &mut OrgTx, pieces: &Pieces, counted: &mut Counted) -> Result<()> {
    let org = tx.org().0;
    let rows = sqlx::query_as!(
        Row,
        r#"select d.day, r.sign as "sign!", placed_by_hour as hours, accept_steps, pick_up_steps, process_steps, deliver_steps, total_steps
           from unnest($2::date[], $3::date[], $4::integer[]) r (first, last, sign)
           cross join lateral (select * from daily_revenue_summaries d where d.org_id = $1 and d.day between r.first and r.last offset 0) d"#,
        org,
        &pieces.from,
        &pieces.to,
        &pieces.signs
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().for_each(|row| counted.add(row));
    Ok(())
}

/// A partner's day has few orders, so that only the steps that any of them took are kept.
async fn of_partner(tx: &mut OrgTx, pieces: &Pieces, partner: Uuid, counted: &mut Counted) -> Result<()> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select d.day, r.sign as "sign!", placed_by_hour, step_counts
           from unnest($2::date[], $3::date[], $4::integer[]) r (first, last, sign)
           cross join lateral (select * from partner_performance_metrics d where d.org_id = $1 and d.partner_id = $5 and d.day between r.first and r.last offset 0) d"#,
        org,
        &pieces.from,
        &pieces.to,
        &pieces.signs,
        partner
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        let sign = i64::from(row.sign);
        counted.week.add(row.day, &row.placed_by_hour, sign);
        for pair in row.step_counts.chunks_exact(2) {
            let place = usize::try_from(pair[0]).unwrap_or(usize::MAX);
            if let Some(counts) = counted.stages.get_mut(place / STEPS) {
                counts.count(place % STEPS, sign * i64::from(pair[1]));
            }
        }
    }
    Ok(())
}

async fn in_months(tx: &mut OrgTx, pieces: &Pieces, partner: Option<Uuid>, counted: &mut Counted) -> Result<()> {
    if pieces.months.is_empty() {
        return Ok(());
    }
    let org = tx.org().0;
    let rows = sqlx::query_as!(
        Row,
        r#"select month as day, 1 as "sign!", placed_by_week_hour as hours, accept_steps, pick_up_steps, process_steps, deliver_steps, total_steps
         from revenue_months where org_id = $1 and partner_id = $2 and month = any ($3)"#,
        org,
        partner.unwrap_or_default(),
        &pieces.months
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().for_each(|row| counted.add(row));
    Ok(())
}
