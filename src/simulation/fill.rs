//! Fills an organization with the demo, or goes on where an earlier day left off; or writes the files instead.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::Simulation;
use super::plan::{Company, Plan};
use crate::database::Database;
use crate::intake::{self, Progress, Source, Table};
use crate::people::{Organization, create_organization, organization_by_slug};
use crate::{Error, Result};

/// What the file names of simulated imports begin with; the date of their last day follows.
pub(super) const FILE: &str = "simulated through ";

/// What filling came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// It was empty, and now it is full.
    Anew,
    /// The days since then were added.
    ToppedUp {
        /// First day that was missing.
        from: NaiveDate,
    },
    /// It was up to date.
    Already,
    /// It holds something else than this scale and seed give, and was left alone.
    LeftAlone,
}

impl std::fmt::Display for Filled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Anew => f.write_str("simulated"),
            Self::ToppedUp { from } => write!(f, "added the days since {from}"),
            Self::Already => f.write_str("up to date"),
            Self::LeftAlone => f.write_str("holds another history and was left as it is"),
        }
    }
}

/// How far the filling is.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// A table has begun.
    Begun(Table),
    /// So many bytes of it have been made and read.
    Read(Table, u64),
    /// All of it is read; the database writes.
    Writing(Table),
    /// A table is loaded, with so many rows.
    Loaded(Table, u64),
}

/// The organization of a demo company, made where it is missing.
///
/// # Errors
/// [`Error::Conflict`] when a real organization has that short name.
pub async fn found(db: &Database, company: Company, now: DateTime<Utc>) -> Result<Organization> {
    let mut tx = db.global().await?;
    let org = match organization_by_slug(&mut tx, company.slug()).await {
        Err(Error::NotFound(_)) => {
            let (slug, name, currency) = (company.slug(), company.name(), company.currency());
            create_organization(&mut tx, slug, name, currency, company.zone(), true, now).await?
        }
        other => other?,
    };
    tx.commit().await?;
    if !org.is_demo {
        return Err(Error::Conflict(format!("'{}' is a real organization here; the demo leaves it alone", org.slug)));
    }
    Ok(org)
}

/// Fills `org` up to the day before `today`, tells `told` about each table, and says what was done. Harmless when run again.
///
/// # Errors
/// [`Error::Conflict`] when intake refuses a simulated row (then the simulation is wrong), [`Error::Database`].
pub async fn fill(
    db: &Database,
    org: &Organization,
    plan: Plan,
    now: DateTime<Utc>,
    told: impl Fn(Step) + Clone + Send + Sync + 'static,
) -> Result<(Filled, Arc<Simulation>)> {
    let (begun, through) = known(db, org).await?;
    let simulation = Arc::new(Simulation::new(begun.map_or(plan, |first_day| plan.begun(first_day))));
    let first_day = simulation.plan().first_day;
    let filled = match through {
        _ if begun.is_some() && !is_same_history(db, org, &simulation).await? => Filled::LeftAlone,
        None => Filled::Anew,
        Some(through) if through + Days::new(1) >= plan.today => Filled::Already,
        Some(through) => Filled::ToppedUp { from: through + Days::new(1) },
    };
    let from = match filled {
        Filled::Anew => first_day,
        Filled::ToppedUp { from } => from,
        Filled::Already | Filled::LeftAlone => return Ok((filled, simulation)),
    };
    for table in tables() {
        told(Step::Begun(table));
        let rows = load(db, org, &simulation, (table, from - Days::new(memory(table))), now, told.clone()).await?;
        told(Step::Loaded(table, rows));
    }
    Ok((filled, simulation))
}

/// The tables of a company.
fn tables() -> impl Iterator<Item = Table> {
    Table::ALL.into_iter().filter(|table| !Table::GROWTH.contains(table))
}

/// How many days back a table's rows may still change: orders stay open for weeks, planned shifts are filled.
fn memory(table: Table) -> u64 {
    match table {
        Table::WorkOrders => 95,
        Table::Incidents => 30,
        // Money goes back and stars come weeks after the order was placed.
        Table::Orders | Table::Payments | Table::Refunds | Table::OrderRatings | Table::OrderIssues => 30,
        _ => 14,
    }
}

/// First day with shifts, and the last day a complete filling reached.
async fn known(db: &Database, org: &Organization) -> Result<(Option<NaiveDate>, Option<NaiveDate>)> {
    let mut tx = db.org(org.id).await?;
    let begun =
        sqlx::query_scalar!("select min(day) from shifts where org_id = $1", org.id.0).fetch_one(&mut *tx).await?;
    // The last table is loaded last, so its import tells that all the others were.
    let file = sqlx::query_scalar!(
        "select max(file) from imports where org_id = $1 and fact = $2 and starts_with(file, $3)",
        org.id.0,
        Table::ALL[Table::ALL.len() - 1].name(),
        FILE
    )
    .fetch_one(&mut *tx)
    .await?;
    let through = file.and_then(|file| file.strip_prefix(FILE).and_then(|day| day.parse().ok()));
    Ok((begun, through))
}

/// Whether the organization holds this history: its first people are the same.
async fn is_same_history(db: &Database, org: &Organization, simulation: &Simulation) -> Result<bool> {
    let mut tx = db.org(org.id).await?;
    let people: HashMap<String, (String, Option<NaiveDate>)> =
        sqlx::query!("select employee_number, name, hired_on from workers where org_id = $1", org.id.0)
            .fetch_all(&mut *tx)
            .await?
            .into_iter()
            .map(|row| (row.employee_number, (row.name, row.hired_on)))
            .collect();
    let first = simulation.workers.iter().filter(|worker| worker.generation == 0);
    Ok(first.into_iter().all(|worker| {
        people
            .get(&worker.number)
            .is_some_and(|(name, hired_on)| *name == worker.name && *hired_on == Some(worker.hired_on))
    }))
}

async fn load(
    db: &Database,
    org: &Organization,
    simulation: &Arc<Simulation>,
    (table, from): (Table, NaiveDate),
    now: DateTime<Utc>,
    told: impl Fn(Step) + Send + Sync + 'static,
) -> Result<u64> {
    let (reader, writer) = std::io::pipe().map_err(Error::io("a pipe"))?;
    let writing = Arc::clone(simulation);
    let writing = tokio::task::spawn_blocking(move || writing.write(table, from, writer));
    let last = simulation.plan().today - Days::new(1);
    let source = Source::new(table, format!("{FILE}{last}"), reader).progress(move |progress| match progress {
        Progress::Read(bytes) => told(Step::Read(table, bytes)),
        Progress::Writing => told(Step::Writing(table)),
    });
    let summary = intake::load(db, org, source, now).await?;
    let written = writing.await.map_err(|error| Error::io("simulating")(std::io::Error::other(error)))?;
    written.map_err(Error::io(format!("simulating {table}")))?;
    match summary.reasons.first() {
        Some(reason) => Err(Error::Conflict(format!("intake refuses simulated {table}: {}", reason.example))),
        None => Ok(summary.read),
    }
}

/// Writes the CSV files of a company at a scale to `dir`, instead of loading them.
///
/// # Errors
/// [`Error::Io`] when a file cannot be written.
pub fn write_csv(plan: Plan, dir: &Path, told: impl Fn(Step)) -> Result<Simulation> {
    let simulation = Simulation::new(plan);
    std::fs::create_dir_all(dir).map_err(Error::io(format!("making {}", dir.display())))?;
    for table in tables() {
        told(Step::Begun(table));
        let path = dir.join(format!("{table}.csv"));
        let file = File::create(&path).map_err(Error::io(format!("making {}", path.display())))?;
        let rows =
            simulation.write(table, plan.first_day, file).map_err(Error::io(format!("writing {}", path.display())))?;
        told(Step::Loaded(table, rows));
    }
    Ok(simulation)
}
