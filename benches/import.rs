//! How fast facts come in: `cargo bench --bench import --features testing`, with `MUSTER_BENCH_ROWS` (default one
//! million; twelve are a gigabyte) rows of attendance, into a fresh database on the test server. Prints rows a second
//! and the most memory this process ever held.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::time::Instant;

use chrono::{DateTime, Duration, Utc};
use muster::database::Database;
use muster::intake::{Source, Table, load};
use muster::people::Organization;
use muster::testing::{database, org};

const SITES: u64 = 200;
const WORKERS: u64 = 4_000;

/// A file on disk, deleted when it is dropped.
struct Made(PathBuf);

impl Made {
    fn new(name: &str, header: &str, rows: u64, row: impl Fn(u64, &mut dyn Write) -> std::io::Result<()>) -> Self {
        let path = std::env::temp_dir().join(format!("muster-bench-{}-{name}.csv", std::process::id()));
        let write = || -> std::io::Result<()> {
            let mut file = BufWriter::with_capacity(1 << 20, File::create(&path)?);
            writeln!(file, "{header}")?;
            (0..rows).try_for_each(|n| row(n, &mut file))?;
            file.flush()
        };
        write().expect("the disk takes the file");
        Self(path)
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        // A file that is left behind in the temporary folder harms nobody.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The start of a shift: every worker once a day.
fn start(shift: u64) -> DateTime<Utc> {
    let first: DateTime<Utc> = "2025-01-01T04:00:00Z".parse().expect("a moment");
    first + Duration::days((shift / WORKERS) as i64) + Duration::minutes((shift % 7 * 30) as i64)
}

async fn timed(db: &Database, org: &Organization, now: DateTime<Utc>, table: Table, file: &Made) {
    let reader = File::open(&file.0).expect("it was just written");
    let megabytes = reader.metadata().map_or(0, |about| about.len()) / 1_000_000;
    let began = Instant::now();
    let summary = load(db, org, Source::new(table, "bench.csv", reader), now).await.expect("a file that is taken");
    let seconds = began.elapsed().as_secs_f64();
    let [read, new, same, rejected] = [summary.read, summary.new, summary.same, summary.rejected];
    let speed = read as f64 / seconds;
    println!(
        "{table:<12} {megabytes:>5} MB {read:>9} rows ({new} new, {same} same, {rejected} rejected) {seconds:>7.2} s {speed:>8.0} rows/s"
    );
}

fn sites() -> Made {
    Made::new("sites", "code,name,time_zone", SITES, |n, out| writeln!(out, "S{n},Site {n},Africa/Johannesburg"))
}

fn workers() -> Made {
    Made::new("workers", "employee_number,name,job_role,home_site", WORKERS, |n, out| {
        writeln!(out, "E{n},Worker {n},guard,S{}", n % SITES)
    })
}

fn shifts(rows: u64) -> Made {
    Made::new("shifts", "ref,site,worker,starts_at,ends_at", rows, |n, out| {
        let (worker, from) = (n % WORKERS, start(n));
        let to = from + Duration::hours(8);
        writeln!(out, "SH{n},S{},E{worker},{},{}", worker % SITES, from.to_rfc3339(), to.to_rfc3339())
    })
}

fn attendance(rows: u64) -> Made {
    let header = "shift,clock_in,clock_out,latitude,longitude,device,inside_geofence,called_in";
    Made::new("attendance", header, rows, |n, out| {
        let (from, to) = (start(n) + Duration::seconds((n % 600) as i64), start(n) + Duration::hours(8));
        writeln!(out, "SH{n},{},{},-26.2041,28.0473,phone,true,false", from.to_rfc3339(), to.to_rfc3339())
    })
}

#[tokio::main]
async fn main() {
    let rows: u64 = std::env::var("MUSTER_BENCH_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000);
    let db = database().await;
    let world = org(&db).await;
    let (org, now) = (world.organization(), start(rows) + Duration::days(1));
    timed(&db, org, now, Table::Sites, &sites()).await;
    timed(&db, org, now, Table::Workers, &workers()).await;
    timed(&db, org, now, Table::Shifts, &shifts(rows)).await;
    let attendance = attendance(rows);
    timed(&db, org, now, Table::Attendance, &attendance).await;
    timed(&db, org, now, Table::Attendance, &attendance).await;
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("{}", memory.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("memory: not known here"));
}
