//! How fast orders are summed and read: `cargo bench --bench commerce --features testing`. Imports the simulated company's
//! trade at `MUSTER_BENCH_SCALE` (default `seed`: three years, about a million orders; `small` for a try) into a fresh
//! database on the test server, sums all of it, then one day, then reads each page 200 times by eight readers at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Days, NaiveDate, Utc};
use muster::commerce::{self, Asked, COLUMNS, Filter};
use muster::database::Database;
use muster::intake::{Source, Table, load};
use muster::metrics::Period;
use muster::people::Organization;
use muster::simulation::{Company, Plan, Scale, Simulation};
use muster::testing::{database, org};

const TABLES: [Table; 8] = [
    Table::Customers,
    Table::Partners,
    Table::ServiceCategories,
    Table::Orders,
    Table::Payments,
    Table::Refunds,
    Table::OrderRatings,
    Table::OrderIssues,
];
const READERS: usize = 8;
const READS: usize = 25;

async fn import(db: &Database, org: &Organization, simulation: &Arc<Simulation>, now: DateTime<Utc>) {
    for table in TABLES {
        let began = Instant::now();
        let (reader, writer) = std::io::pipe().expect("a pipe");
        let (making, first) = (Arc::clone(simulation), simulation.plan().first_day);
        let made = tokio::task::spawn_blocking(move || making.write(table, first, writer));
        let summary = load(db, org, Source::new(table, "bench.csv", reader), now).await.expect("a file that is taken");
        made.await.expect("a thread").expect("a pipe that is read");
        println!("{table:<20} {:>9} rows {:>7.2} s", summary.new, began.elapsed().as_secs_f64());
    }
}

async fn page(db: &Database, org: &Organization, name: &str, asked: Asked) {
    let mut tx = db.org(org.id).await.expect("a transaction");
    match name {
        "revenue" => drop(commerce::revenue(&mut tx, asked).await.expect("a page")),
        "orders" => drop(commerce::orders(&mut tx, asked).await.expect("a page")),
        "partners" => drop(commerce::partners(&mut tx, asked).await.expect("a page")),
        _ => drop(commerce::customers(&mut tx, asked).await.expect("a page")),
    }
}

/// Reads by several at once; prints the median and the 95th percentile.
async fn read(db: &Database, org: &Organization, name: &'static str, what: &str, asked: &Asked) {
    let readers = (0..READERS).map(|_| {
        let (db, org, asked) = (db.clone(), org.clone(), asked.clone());
        tokio::spawn(async move {
            let mut took = Vec::new();
            for _ in 0..READS {
                let began = Instant::now();
                page(&db, &org, name, asked.clone()).await;
                took.push(began.elapsed());
            }
            took
        })
    });
    let mut all: Vec<Duration> = Vec::new();
    for reader in readers.collect::<Vec<_>>() {
        all.extend(reader.await.expect("a reader"));
    }
    all.sort();
    let at = |share: usize| all[(all.len() * share / 100).min(all.len() - 1)].as_secs_f64() * 1_000.0;
    println!("{name:<10} {what:<22} median {:>6.1} ms, p95 {:>6.1} ms", at(50), at(95));
}

fn asked(today: NaiveDate, days: u64, partner: Option<uuid::Uuid>) -> Asked {
    let from = (today - Days::new(days)).to_string();
    let partner = partner.map(|id| id.to_string());
    let filter = Filter { from: Some(from), partner, ..Filter::default() };
    filter.resolve(today - Days::new(1), &COLUMNS).expect("a period")
}

#[tokio::main]
async fn main() {
    let scale = std::env::var("MUSTER_BENCH_SCALE").ok().and_then(|scale| scale.parse().ok()).unwrap_or(Scale::Seed);
    let db = database().await;
    let world = org(&db).await;
    let org = world.organization();
    let now: DateTime<Utc> = "2026-04-10T12:00:00Z".parse().expect("a moment");
    let today = now.date_naive();
    let simulation = Arc::new(Simulation::new(Plan::new(Company::Demo, scale, 7, today)));
    import(&db, org, &simulation, now).await;
    let yesterday = today - Days::new(1);
    let began = Instant::now();
    let rows = commerce::rebuild(&db, org, yesterday, |_, _| {}).await.expect("the night");
    println!("everything: {rows} rows in {:.2} s", began.elapsed().as_secs_f64());
    let mut owner = db.owner().await;
    sqlx::query("analyze").execute(&mut owner).await.expect("statistics");
    for attempt in 1..=3 {
        let mut tx = world.tx().await;
        commerce::mark_days(&mut tx, Period { first: yesterday, last: yesterday }).await.expect("a mark");
        tx.commit().await.expect("a commit");
        let began = Instant::now();
        let rows = commerce::rebuild(&db, org, yesterday, |_, _| {}).await.expect("the night");
        println!("one day, {attempt}: {rows} rows in {:.3} s", began.elapsed().as_secs_f64());
    }
    let month = asked(today, 30, None);
    let partner = {
        let mut tx = world.tx().await;
        commerce::revenue(&mut tx, month.clone()).await.expect("a page").partners.first().map(|it| it.id)
    };
    for name in ["revenue", "orders", "partners", "customers"] {
        read(&db, org, name, "30 days", &month).await;
        read(&db, org, name, "a year", &asked(today, 365, None)).await;
    }
    for name in ["revenue", "orders"] {
        read(&db, org, name, "30 days, one partner", &asked(today, 30, partner)).await;
    }
}
