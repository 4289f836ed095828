//! What each site's days add up to, for the period and what it is compared with: differences of running sums.

use std::collections::{HashMap, HashSet};
use std::iter::Sum;
use std::ops::Add;

use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use super::comparison::fewest;
use super::filter::Asked;
use super::metric::Metric;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::operations::running::{BySite, Sums};
use crate::people::Scope;
use crate::units::{ClientId, Rate, SiteId};

/// A sum, of how many values, and what they vary by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// The sum, and of how many.
    pub rate: Rate,
    /// The sum of the squares of the values of a mean; nought for counts.
    pub squares: i64,
}

impl From<Rate> for Sample {
    fn from(rate: Rate) -> Self {
        Self { rate, squares: 0 }
    }
}

impl Add for Sample {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { rate: self.rate + other.rate, squares: self.squares.saturating_add(other.squares) }
    }
}

impl Sample {
    /// Σ(x − mean)²: how much its values lie apart.
    #[must_use]
    pub fn apart(self) -> f64 {
        let mean = self.rate.value().unwrap_or_default();
        (self.squares as f64 - mean * self.rate.hit as f64).max(0.0)
    }

    /// The standard deviation of its values; `None` with fewer than two.
    #[must_use]
    pub fn sd(self) -> Option<f64> {
        (self.rate.of > 1).then(|| (self.apart() / (self.rate.of - 1) as f64).sqrt())
    }
}

macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident: $kind:ty,)+) => {
        /// Sums that can be added.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
        pub struct Facts { $($(#[$doc])* pub $name: $kind,)+ }

        impl Add for Facts {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self { $($name: self.$name + other.$name,)+ }
            }
        }
    };
}

facts! {
    /// Person-days, of days with any people.
    people: Rate,
    /// Shifts with a worker.
    fill: Rate,
    /// Shifts attended.
    attendance: Rate,
    /// Clock-ins on time.
    on_time: Rate,
    /// Tasks and work orders by their deadline.
    sla: Rate,
    /// Tasks completed.
    tasks: Rate,
    /// Checkpoints visited.
    coverage: Rate,
    /// Clock-ins inside the geofence.
    geofence: Rate,
    /// No call, no show.
    no_shows: Rate,
    /// Shifts with overtime.
    overtime: Rate,
    /// Incidents of shifts attended.
    incidents: Rate,
    /// Leavers of person-days.
    leavers: Rate,
    /// Rosters without a breach.
    compliance: Rate,
    /// Points above the lowest mark, of four per rated order: 1 is none of four, 5 all.
    satisfaction: Rate,
    /// Minutes late of shifts attended.
    lateness: Sample,
    /// Pay of shifts paid, in hundredths of the currency.
    cost: Sample,
    /// Marks of work orders rated.
    marks: Sample,
    /// Scores of people on the last day, in hundredths of a point; only where sites are compared by them.
    scores: Sample,
}

impl From<&Sums> for Facts {
    fn from(sums: &Sums) -> Self {
        let rate = |hit, of| Rate { hit, of };
        let sample = |sum, n, squares| Sample { rate: rate(sum, n), squares };
        Self {
            people: rate(sums.people, sums.staffed_days),
            fill: rate(sums.shifts_filled, sums.shifts_total),
            attendance: rate(sums.attended, sums.scheduled),
            on_time: rate(sums.on_time, sums.attended),
            sla: rate(sums.sla_hit, sums.sla_judged),
            tasks: rate(sums.tasks_completed, sums.tasks_due),
            coverage: rate(sums.checkpoints_visited, sums.checkpoints_planned),
            geofence: rate(sums.geofence_inside, sums.geofence_checked),
            no_shows: rate(sums.ncns, sums.scheduled),
            overtime: rate(sums.overtime_shifts, sums.paid_shifts),
            incidents: rate(sums.incidents, sums.attended),
            leavers: rate(sums.leavers, sums.people),
            compliance: rate(sums.rosters_clean, sums.rosters),
            satisfaction: rate(sums.rating_points - sums.ratings, 4 * sums.ratings),
            lateness: sample(sums.late_minutes, sums.attended, sums.late_squares),
            // The squares are kept in whole units of money.
            cost: sample(sums.pay_cents, sums.paid_shifts, sums.pay_squares.saturating_mul(10_000)),
            marks: sample(sums.rating_points, sums.ratings, sums.rating_squares),
            scores: Sample::default(),
        }
    }
}

impl Sum for Facts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

/// Who a site belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// Its name.
    pub name: String,
}

/// A site with its sums.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SiteFacts {
    /// Which.
    pub id: SiteId,
    /// Its name.
    pub name: String,
    /// Whose it is; `None`: the operator's own.
    pub client: Option<Client>,
    /// People on a day with any, on average, in the period or in what it is compared with, whichever is fewer.
    pub people: i64,
    /// The period.
    pub now: Facts,
    /// What it is compared with.
    pub before: Facts,
    /// What that is compared with in turn.
    pub earlier: Facts,
    /// The period's sums, of which more than rates is to be said.
    pub sums: Sums,
}

/// A site before anything is known of what it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub id: SiteId,
    pub name: String,
    pub vertical: Option<String>,
    client: Option<Client>,
}

/// The periods that are compared: of each, [`sites`] is given all sums.
pub(super) fn periods(asked: &Asked) -> [Period; 3] {
    [asked.period, asked.before, asked.earlier]
}

/// What each of the sites did, whether it has facts or not, in their order.
pub(super) async fn sites(
    tx: &mut OrgTx,
    scope: &Scope,
    places: Vec<Place>,
    asked: &Asked,
    mut sums: BySite,
) -> Result<Vec<SiteFacts>> {
    let ids = scope.site_ids();
    let periods = periods(asked);
    let scores = match asked.metric {
        Metric::Bpi => scores(tx, ids.as_deref(), &periods.map(|period| period.last)).await?,
        _ => HashMap::new(),
    };
    let sites = places.into_iter().map(|Place { id, name, client, .. }| {
        let sums = sums.remove(&id).unwrap_or_default();
        let facts = |nth: usize, last: NaiveDate| Facts {
            scores: scores.get(&(id, last)).copied().unwrap_or_default(),
            ..sums.get(nth).map(Facts::from).unwrap_or_default()
        };
        let (now, before) = (facts(0, asked.period.last), facts(1, asked.before.last));
        let mean = |facts: &Facts| facts.people.value().unwrap_or_default().round() as i64;
        SiteFacts {
            id,
            name,
            client,
            people: fewest(mean(&now), mean(&before)),
            now,
            before,
            earlier: facts(2, asked.earlier.last),
            sums: sums.first().copied().unwrap_or_default(),
        }
    });
    Ok(sites.collect())
}

/// Every site in scope, by name.
pub(super) async fn places(tx: &mut OrgTx, scope: &Scope) -> Result<Vec<Place>> {
    let sites: Option<HashSet<Uuid>> = scope.site_ids().map(|sites| sites.into_iter().collect());
    // Without the scope's sites as a parameter Postgres plans it once.
    let mut rows = sqlx::query!(
        r#"select s.id, s.name, s.vertical, s.client_id as "client_id?", c.name as "client?"
           from sites s left join clients c on c.org_id = s.org_id and c.id = s.client_id
           where s.org_id = $1 order by s.name, s.id"#,
        tx.org().0
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.retain(|row| sites.as_ref().is_none_or(|sites| sites.contains(&row.id)));
    let client = |id: Option<Uuid>, name: Option<String>| Some(Client { id: ClientId(id?), name: name? });
    let place = |row: (Uuid, String, Option<String>, Option<Client>)| Place {
        id: SiteId(row.0),
        name: row.1,
        vertical: row.2.filter(|vertical| !vertical.is_empty()),
        client: row.3,
    };
    Ok(rows.into_iter().map(|row| place((row.id, row.name, row.vertical, client(row.client_id, row.client)))).collect())
}

/// The scores of each site's people on some days.
pub(super) async fn scores(
    tx: &mut OrgTx,
    sites: Option<&[Uuid]>,
    days: &[NaiveDate],
) -> Result<HashMap<(SiteId, NaiveDate), Sample>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        "select site_id, day, bpi_n, bpi_hundredths, bpi_squares from team_daily_metrics
         where org_id = $1 and day = any ($2) and ($3::uuid[] is null or site_id = any ($3)) and bpi_n > 0",
        org,
        days,
        sites
    )
    .fetch_all(&mut **tx)
    .await?;
    let sample = |n: i32, sum, squares| Sample { rate: Rate { hit: sum, of: n.into() }, squares };
    Ok(rows
        .into_iter()
        .map(|row| ((SiteId(row.site_id), row.day), sample(row.bpi_n, row.bpi_hundredths, row.bpi_squares)))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_spreads_as_its_values_do() {
        // 2, 4, 6: mean 4, sd 2.
        let sample = Sample { rate: Rate { hit: 12, of: 3 }, squares: 56 };
        assert_eq!((sample.apart(), sample.sd()), (8.0, Some(2.0)));
        assert_eq!(Sample { rate: Rate { hit: 5, of: 1 }, squares: 25 }.sd(), None);
    }
}
