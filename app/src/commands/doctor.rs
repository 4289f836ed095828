//! `muster doctor`: is all well, and if not, what is to be done?

use std::path::Path;
use std::process::ExitCode;

use muster::Result;
use muster::clock::Clock;
use muster::config::Settings;
use muster::database::{Examination, examine};
use muster::system::{LEAST_ROOM_MB, room_mb};
use serde::Serialize;

use super::Source;

/// Postgres that is known to work.
const OLDEST_POSTGRES: i32 = 150_000;
/// A clock further off than this makes sessions and business days wrong.
const MOST_SECONDS_APART: i64 = 5;

/// Looks at settings, database, migrations, clock, disk and assets, and says what to do. Changes nothing.
///
///     muster doctor
///     muster doctor --json | jq '.[] | select(.well | not)'
///
/// Exit code: 0 all is well, 1 something is not.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// Prints the findings as JSON.
    #[arg(long)]
    json: bool,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    what: &'static str,
    well: bool,
    found: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_do: Option<String>,
}

impl Finding {
    fn well(what: &'static str, found: impl Into<String>) -> Self {
        Self { what, well: true, found: found.into(), to_do: None }
    }

    fn bad(what: &'static str, found: impl Into<String>, to_do: impl Into<String>) -> Self {
        Self { what, well: false, found: found.into(), to_do: Some(to_do.into()) }
    }
}

/// Looks, and tells.
pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let findings = match Settings::load() {
        Ok(settings) => look(&settings).await?,
        Err(cause) => vec![Finding::bad("settings", cause.to_string(), "put them right and ask again")],
    };
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        findings.iter().for_each(tell);
    }
    Ok(if findings.iter().all(|finding| finding.well) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(finding: &Finding) {
    println!("{:<5}{:<12}{}", if finding.well { "ok" } else { "BAD" }, finding.what, finding.found);
    if let Some(to_do) = &finding.to_do {
        println!("{:<17}→ {to_do}", "");
    }
}

async fn look(settings: &Settings) -> Result<Vec<Finding>> {
    let mut findings = vec![Finding::well("settings", format!("serving on {}", settings.addr))];
    match Source::open().await {
        Err(cause) => findings.push(no_database(&cause)),
        Ok(source) => {
            match examine(source.url(), Clock::system().now()).await {
                Ok(examination) => findings.extend(judge(&examination)),
                Err(cause) => findings.push(no_database(&cause)),
            }
            source.release()?;
        }
    }
    findings.push(disk(&settings.home));
    findings.push(assets(&settings.site_root));
    Ok(findings)
}

fn no_database(cause: &muster::Error) -> Finding {
    Finding::bad(
        "database",
        cause.to_string(),
        "start it, or put DATABASE_URL right; without one a private Postgres is used",
    )
}

fn judge(database: &Examination) -> Vec<Finding> {
    vec![postgres(database), transport(database), migrations(database), row_security(database), clock(database)]
}

fn postgres(database: &Examination) -> Finding {
    let found = format!("Postgres {}", database.version);
    match database.version_number >= OLDEST_POSTGRES {
        true => Finding::well("database", found),
        false => Finding::bad("database", found, "use Postgres 15 or newer"),
    }
}

fn transport(database: &Examination) -> Finding {
    match (database.encrypted, database.local) {
        (true, _) => Finding::well("transport", "the connection to the database is encrypted"),
        (false, true) => Finding::well("transport", "the connection to the database stays on this machine"),
        (false, false) => Finding::bad(
            "transport",
            "the connection to the database crosses a network in the clear",
            "turn TLS on in Postgres and add ?sslmode=verify-full to DATABASE_URL",
        ),
    }
}

fn migrations(database: &Examination) -> Finding {
    let what = "migrations";
    if !database.changed.is_empty() {
        let found = format!("{:?} read otherwise in this build than when they were applied", database.changed);
        return Finding::bad(what, found, "run a build of an unchanged release, or restore from a backup");
    }
    if !database.missing.is_empty() {
        return Finding::bad(what, format!("{} missing", database.missing.len()), "run muster migrate");
    }
    match database.newer {
        0 => Finding::well(what, "all applied"),
        newer => Finding::well(what, format!("all applied, and {newer} of a newer build")),
    }
}

fn row_security(database: &Examination) -> Finding {
    let what = "tenants";
    if !database.weak_role {
        let found = "the role that serves, muster_app, is missing or could bypass row-level security";
        let to_do = "run muster migrate; if it is there: \
                     alter role muster_app nosuperuser nobypassrls nocreaterole nocreatedb";
        return Finding::bad(what, found, to_do);
    }
    match database.unprotected.is_empty() {
        true => Finding::well(what, "row-level security holds them apart"),
        false => Finding::bad(
            what,
            format!("without forced row-level security: {}", database.unprotected.join(", ")),
            "select protect_tenant_table('…') for each, as the owner",
        ),
    }
}

fn clock(database: &Examination) -> Finding {
    let ahead = database.clock_ahead;
    match ahead.abs() <= MOST_SECONDS_APART {
        true => Finding::well("clock", "as the database's"),
        false => {
            let order = if ahead > 0 { "behind" } else { "ahead of" };
            let found = format!("{} s {order} the database's", ahead.abs());
            Finding::bad("clock", found, "keep both machines on time with NTP")
        }
    }
}

fn disk(folder: &Path) -> Finding {
    let Some(room) = room_mb(folder) else {
        return Finding::bad("disk", format!("cannot tell the room at {}", folder.display()), "look with df");
    };
    let found = format!("{room} MB free at {}", folder.display());
    match room >= LEAST_ROOM_MB {
        true => Finding::well("disk", found),
        false => Finding::bad("disk", found, format!("make room: at least {LEAST_ROOM_MB} MB")),
    }
}

fn assets(site_root: &Path) -> Finding {
    let what = "assets";
    let missing = |found: String| Finding::bad(what, found, "run bin/build; without them pages have no style");
    let path = site_root.join("manifest.json");
    let Ok(text) = std::fs::read_to_string(&path) else { return missing(format!("there is no {}", path.display())) };
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let Some(pkg) = manifest["pkg"].as_str() else { return missing(format!("{} names no folder", path.display())) };
    let files = manifest["files"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_str);
    let gone: Vec<&str> = files.filter(|file| !site_root.join(pkg).join(file).is_file()).collect();
    match gone.is_empty() {
        true => Finding::well(what, format!("{}", site_root.join(pkg).display())),
        false => missing(format!("missing in {pkg}: {}", gone.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn healthy() -> Examination {
        Examination {
            version: "15.4".into(),
            version_number: 150_004,
            encrypted: true,
            local: false,
            clock_ahead: 0,
            missing: Vec::new(),
            changed: Vec::new(),
            newer: 0,
            weak_role: true,
            unprotected: Vec::new(),
        }
    }

    #[track_caller]
    fn check(database: &Examination, bad: &[&str]) {
        let findings = judge(database);
        let found: Vec<&str> = findings.iter().filter(|finding| !finding.well).map(|finding| finding.what).collect();
        assert_eq!(found, bad);
        assert!(findings.iter().all(|finding| finding.well != finding.to_do.is_some()), "what is bad says what to do");
    }

    #[test]
    fn a_healthy_database_is_well() {
        check(&healthy(), &[]);
    }

    #[test]
    fn each_ill_is_named() {
        check(&Examination { version_number: 140_009, ..healthy() }, &["database"]);
        check(&Examination { encrypted: false, ..healthy() }, &["transport"]);
        check(&Examination { encrypted: false, local: true, ..healthy() }, &[]);
        check(&Examination { missing: vec![1], ..healthy() }, &["migrations"]);
        check(&Examination { changed: vec![1], ..healthy() }, &["migrations"]);
        check(&Examination { newer: 1, ..healthy() }, &[]);
        check(&Examination { weak_role: false, ..healthy() }, &["tenants"]);
        check(&Examination { unprotected: vec!["workers".into()], ..healthy() }, &["tenants"]);
        check(&Examination { clock_ahead: -60, ..healthy() }, &["clock"]);
    }

    #[tokio::test]
    async fn a_fresh_database_is_well() {
        let db = muster::testing::database().await;
        let examination = examine(db.url(), Clock::system().now()).await.unwrap();
        assert_eq!(examination.unprotected, Vec::<String>::new());
        assert_eq!(examination.missing, Vec::<i64>::new());
        assert!(judge(&examination).iter().all(|finding| finding.well), "{examination:?}");
    }
}
