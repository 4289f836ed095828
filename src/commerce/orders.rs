//! `/financial/orders`: how many orders came, when in the week, how long each stage took, and what became of them.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use uuid::Uuid;

use super::filter::{Asked, Grain};
use super::revenue::{Named, Standing, days, partners, parts, standing};
use super::steps::Counts;
use super::sums::{Stretch, Sums};
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;

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
    fn add(&mut self, day: NaiveDate, hours: &[i32]) {
        let row = &mut self.0[day.weekday().num_days_from_monday() as usize];
        for (sum, n) in row.iter_mut().zip(hours) {
            *sum += i64::from(*n);
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
    let both = Period { first: asked.before.first, last: asked.period.last };
    let days = days(tx, both, asked.partner).await?;
    let (earlier, these): (Vec<_>, Vec<_>) = days.into_iter().partition(|(day, _)| *day < asked.period.first);
    let grain = Grain::of(asked.period);
    let (week, stages) = match asked.partner {
        None => of_all(tx, asked.period).await?,
        Some(partner) => of_partner(tx, asked.period, partner).await?,
    };
    Ok(Orders {
        grain,
        parts: parts(asked.period, grain, &these),
        total: these.into_iter().map(|(_, sums)| sums).sum(),
        before: earlier.into_iter().map(|(_, sums)| sums).sum(),
        week,
        stages,
        partners,
        standing: standing(tx).await?,
        asked,
    })
}

async fn of_all(tx: &mut OrgTx, period: Period) -> Result<(Week, Vec<(Stage, Counts)>)> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        "select day, placed_by_hour, accept_steps, pick_up_steps, process_steps, deliver_steps, total_steps
         from daily_revenue_summaries where org_id = $1 and day between $2 and $3",
        org,
        period.first,
        period.last
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut week = Week::default();
    let mut stages = Stage::ALL.map(|stage| (stage, Counts::default()));
    for row in rows {
        week.add(row.day, &row.placed_by_hour);
        let steps = [row.accept_steps, row.pick_up_steps, row.process_steps, row.deliver_steps, row.total_steps];
        for ((_, counts), steps) in stages.iter_mut().zip(steps) {
            counts.add(&steps);
        }
    }
    Ok((week, stages.to_vec()))
}

/// One partner's orders are few: their stages are counted from the orders themselves, by the same steps.
async fn of_partner(tx: &mut OrgTx, period: Period, partner: Uuid) -> Result<(Week, Vec<(Stage, Counts)>)> {
    let org = tx.org().0;
    let hours = sqlx::query!(
        "select day, placed_by_hour from partner_performance_metrics where org_id = $1 and partner_id = $2 and day between $3 and $4",
        org,
        partner,
        period.first,
        period.last
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut week = Week::default();
    for row in hours {
        week.add(row.day, &row.placed_by_hour);
    }
    let steps = sqlx::query!(
        r#"select stage as "stage!", width_bucket(extract(epoch from took)::double precision / 60, stage_steps()) as "step!", count(*)::integer as "n!"
           from orders o cross join lateral (values
               (0, accepted_at - placed_at), (1, picked_up_at - accepted_at), (2, processed_at - picked_up_at),
               (3, delivered_at - processed_at), (4, completed_at - placed_at)) s (stage, took)
           where o.org_id = $1 and o.partner_id = $2 and o.day between $3 and $4 and took >= interval '0'
           group by 1, 2"#,
        org,
        partner,
        period.first,
        period.last
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut stages = Stage::ALL.map(|stage| (stage, Counts::default()));
    for row in steps {
        let (stage, step) = (usize::try_from(row.stage).unwrap_or(0), usize::try_from(row.step).unwrap_or(0));
        let mut counted = vec![0; step + 1];
        counted[step] = row.n;
        stages[stage].1.add(&counted);
    }
    Ok((week, stages.to_vec()))
}
