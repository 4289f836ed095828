//! `muster demo`: two simulated companies to look at.

mod logins;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanCount, HumanDuration, ProgressBar, ProgressStyle};
use muster::clock::Clock;
use muster::config::Settings;
use muster::database::Database;
use muster::night;
use muster::people::{Organization, Role};
use muster::simulation::{self, Company, Filled, Growth, Plan, Scale, Simulation, Step};
use muster::{Error, Result};

use logins::Password;

use super::{Source, serve, told_to_stop};

/// Fills two demo companies by simulation, runs the night's jobs on them, and adds the days that are missing when it is
/// run again on a later day.
///
///     muster demo                       6 sites, 120 people, 180 days; loads in seconds
///     muster demo --scale seed          200 sites, 4,000 people, 365 days; takes minutes
///     muster demo --write-csv facts/    writes the files that `muster import` takes, and nothing else
///
/// What was planted in the data (who is reliable, who leaves for which cause, which site lost its supervisor) is written to
/// .muster/truths-demo.json and truths-rival.json, for tests of what tries to find it again.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// How large the demo company is: small or seed.
    #[arg(long, default_value = "small")]
    scale: Scale,
    /// Which of the many possible histories; the same seed on the same day gives the same bytes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Serves when all is ready, at MUSTER_ADDR.
    #[arg(long)]
    serve: bool,
    /// Writes the simulated facts as CSV into this folder, one folder for each company, and touches no database.
    #[arg(long, value_name = "DIR", conflicts_with = "serve")]
    write_csv: Option<PathBuf>,
    /// Where the planted truths are written, instead of .muster/.
    #[arg(long, value_name = "DIR")]
    truths: Option<PathBuf>,
}

/// Fills the two companies, or writes their files.
pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let clock = Clock::system();
    if let Some(dir) = &arguments.write_csv {
        return write_csv(&arguments, &clock, dir);
    }
    let source = Source::open().await?;
    let db = source.migrated(Settings::load()?.connections).await?;
    let password = tokio::select! {
        prepared = prepare(&source, &db, &arguments, &clock) => prepared?,
        () = told_to_stop() => {
            eprintln!("muster: interrupted; run it again and it goes on");
            return Ok(ExitCode::from(130));
        }
    };
    if arguments.serve {
        serve::serve(&db, |address| print_logins(Some(address), &password)).await?;
    } else {
        print_logins(None, &password);
    }
    db.close().await;
    source.release()?;
    Ok(ExitCode::SUCCESS)
}

/// Companies, facts, what is computed from them, and logins.
async fn prepare(source: &Source, db: &Database, arguments: &Arguments, clock: &Clock) -> Result<Password> {
    let begun = Instant::now();
    let mut companies = Vec::new();
    for company in Company::ALL {
        companies.push((company, fill(db, company, arguments, clock).await?));
    }
    let platform = fill_platform(db, arguments, clock).await?;
    Database::analyze(source.url()).await?;
    // The platform last: the companies tell it how they fare.
    for org in companies.iter().map(|(_, org)| org).chain(&platform) {
        run_jobs(db, org, clock).await?;
    }
    let password = logins::ensure(db, &companies, clock).await?;
    eprintln!("The demo is ready after {}.", HumanDuration(begun.elapsed()));
    Ok(password)
}

fn print_logins(address: Option<&str>, password: &Password) {
    if let Some(address) = address {
        println!("\nMuster is at {address}");
    }
    println!("\nSign in as");
    for role in Role::ALL {
        println!("  {:<32} {}", logins::email(Company::Demo, role), logins::email(Company::Rival, role));
    }
    match password {
        Password::Chosen => println!("with the password of MUSTER_DEMO_PASSWORD."),
        Password::Random(password) => println!("with the password {password} (shown this once)"),
        Password::ShownBefore => {
            println!(
                "with the password that was shown when they were made. To choose another: MUSTER_DEMO_PASSWORD='…'"
            );
        }
    }
}

fn plan(company: Company, arguments: &Arguments, clock: &Clock) -> Plan {
    Plan::new(company, arguments.scale, arguments.seed, clock.today(company.zone()))
}

async fn fill(db: &Database, company: Company, arguments: &Arguments, clock: &Clock) -> Result<Organization> {
    let org = simulation::found(db, company, clock.now()).await?;
    let bar = bar();
    let told = bar.clone();
    let plan = plan(company, arguments, clock);
    let begun = Instant::now();
    let outcome = simulation::fill(db, &org, plan, clock.now(), move |step| tell(&told, company, step)).await;
    bar.finish_and_clear();
    let (filled, simulation) = outcome?;
    let took = HumanDuration(begun.elapsed());
    match filled {
        Filled::Anew => eprintln!("{}: simulated {} days in {took}.", org.name, plan.size().days),
        Filled::ToppedUp { from } => eprintln!("{}: added the days since {from} in {took}.", org.name),
        Filled::Already => eprintln!("{}: up to date.", org.name),
        Filled::LeftAlone => eprintln!(
            "{}: holds another history than --scale {} --seed {} gives; left as it is.",
            org.name, arguments.scale, arguments.seed
        ),
    }
    if filled != Filled::LeftAlone {
        let home = Settings::load()?.home.join(".muster");
        write_truths(&simulation, arguments.truths.as_deref().unwrap_or(&home))?;
    }
    Ok(org)
}

/// The books of the platform itself, over all its customers.
async fn fill_platform(db: &Database, arguments: &Arguments, clock: &Clock) -> Result<Option<Organization>> {
    let Some(org) = simulation::found_platform(db, clock.now()).await? else { return Ok(None) };
    let begun = Instant::now();
    let growth = Growth::new(arguments.seed, clock.today(org.zone));
    let filled = simulation::fill_growth(db, &org, growth, clock.now()).await?;
    eprintln!("{} (the platform): {filled} in {}.", org.name, HumanDuration(begun.elapsed()));
    Ok(Some(org))
}

fn write_csv(arguments: &Arguments, clock: &Clock, dir: &Path) -> Result<ExitCode> {
    for company in Company::ALL {
        let bar = bar();
        let told = bar.clone();
        let folder = dir.join(company.slug());
        let plan = plan(company, arguments, clock);
        let simulation = simulation::write_csv(plan, &folder, |step| tell(&told, company, step))?;
        write_truths(&simulation, arguments.truths.as_deref().unwrap_or(dir))?;
        bar.finish_and_clear();
        eprintln!("{}: {}", company.name(), folder.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn write_truths(simulation: &Simulation, dir: &Path) -> Result<()> {
    std::fs::create_dir_all(dir).map_err(Error::io(format!("making {}", dir.display())))?;
    let path = dir.join(format!("truths-{}.json", simulation.plan().company.slug()));
    let text = serde_json::to_string_pretty(&simulation.truths())?;
    std::fs::write(&path, text).map_err(Error::io(format!("writing {}", path.display())))
}

async fn run_jobs(db: &Database, org: &Organization, clock: &Clock) -> Result<()> {
    let bar = bar();
    let begun = Instant::now();
    let outcome = night::run_all(db, org, clock.now(), &|progress| {
        bar.set_message(format!("{}: {} {} of {}", org.name, progress.job.name(), progress.done, progress.of));
    })
    .await;
    bar.finish_and_clear();
    let rows = outcome?;
    eprintln!("{}: {} rows computed in {}.", org.name, HumanCount(rows), HumanDuration(begun.elapsed()));
    Ok(())
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_style(
        ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}").expect("a template of ours is right"),
    );
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

fn tell(bar: &ProgressBar, company: Company, step: Step) {
    let name = company.name();
    bar.set_message(match step {
        Step::Begun(table) => format!("{name}: {table}"),
        Step::Read(table, bytes) => format!("{name}: {table}, {} simulated", HumanBytes(bytes)),
        Step::Writing(table) => format!("{name}: {table}, writing"),
        Step::Loaded(table, rows) => format!("{name}: {table}, {} rows", HumanCount(rows)),
    });
}
