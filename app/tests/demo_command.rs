//! `muster demo` as a person uses it: an empty database becomes two companies with scores and logins.
#![cfg(feature = "ssr")]

use std::path::PathBuf;
use std::process::Command;

use muster::people::accounts::{SignIn, sign_in};
use muster::testing::{TestDatabase, database};

const PASSWORD: &str = "seven quiet herons";

/// A database, and a folder for what the command writes.
struct Desk {
    db: TestDatabase,
    folder: PathBuf,
}

impl Desk {
    async fn new() -> Self {
        let db = database().await;
        let name = db.url().rsplit('/').next().expect("an address ends with its database").to_owned();
        let folder = std::env::temp_dir().join(format!("muster-demo-{name}"));
        std::fs::create_dir_all(&folder).unwrap();
        Self { db, folder }
    }

    /// Runs it, and gives what it says.
    #[track_caller]
    fn demo(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
        command.args(["demo", "--scale", "tiny"]).args(arguments).env("MUSTER_HOME", &self.folder);
        command.env("DATABASE_URL", self.db.url()).env("MUSTER_DEMO_PASSWORD", PASSWORD);
        let output = command.output().unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{said}");
        said
    }

    async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&mut self.db.owner().await).await.unwrap()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}

#[tokio::test]
async fn an_empty_database_becomes_two_companies_with_scores_and_logins() {
    let desk = Desk::new().await;
    let said = desk.demo(&[]);
    assert!(said.contains("worker@demo.muster.test") && said.contains("platform@rival.muster.test"), "{said}");
    let complete = "select count(*) from worker_daily_metrics m join workers w on w.org_id = m.org_id and w.id = m.worker_id
        where w.employee_number in ('UG00001', 'PB00001') and m.day = (select max(day) from worker_daily_metrics n where n.org_id = m.org_id)
          and num_nulls(bpi, score_attendance, score_tasks, score_patrol, score_service, score_safety) = 0";
    assert_eq!(desk.count(complete).await, 2, "both demo workers rest on all five components");
    assert_eq!(desk.count("select count(*) from logins").await, 18);
    for email in ["worker@demo.muster.test", "client@rival.muster.test"] {
        let now = muster::clock::Clock::system().now();
        let welcome = sign_in(&desk.db, email, PASSWORD, "a test", now).await.unwrap();
        assert!(matches!(welcome, SignIn::Welcome { .. }), "{email}: {welcome:?}");
    }
    let truths = std::fs::read_to_string(desk.folder.join(".muster/truths-demo.json")).unwrap();
    let truths: serde_json::Value = serde_json::from_str(&truths).unwrap();
    assert_eq!((&truths["company"], &truths["demo_worker"]), (&"demo".into(), &"UG00001".into()));
}

#[tokio::test]
async fn a_second_run_adds_nothing_and_another_seed_leaves_it_alone() {
    let desk = Desk::new().await;
    desk.demo(&[]);
    let facts =
        "select (select count(*) from shifts) + (select count(*) from attendance) + (select count(*) from logins)";
    let before = desk.count(facts).await;
    let said = desk.demo(&[]);
    assert!(said.contains("up to date"), "{said}");
    let said = desk.demo(&["--seed", "2"]);
    assert!(said.contains("left as it is"), "{said}");
    assert_eq!(desk.count(facts).await, before);
}

#[tokio::test]
async fn the_files_it_writes_are_those_that_import_takes() {
    let desk = Desk::new().await;
    let folder = desk.folder.join("facts");
    desk.demo(&["--write-csv", folder.to_str().unwrap()]);
    assert_eq!(desk.count("select count(*) from organizations").await, 0, "no database was touched");
    let muster = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
        let output = command.args(arguments).env("DATABASE_URL", desk.db.url()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    muster(&["org", "add", "copy", "--name", "Copy", "--zone", "Africa/Johannesburg", "--currency", "ZAR"]);
    muster(&["import", "--org", "copy", folder.join("demo").to_str().unwrap()]);
    assert!(desk.count("select count(*) from attendance").await > 300);
    assert_eq!(desk.count("select sum(rows_rejected)::bigint from imports").await, 0);
}
