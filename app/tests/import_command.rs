//! `muster import` as a person uses it: what it says, what it leaves behind, how it ends.
#![cfg(feature = "ssr")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use muster::testing::{TestDatabase, World, database, org};

/// An organization, and a folder with files for it.
struct Desk {
    db: TestDatabase,
    world: World,
    folder: PathBuf,
}

impl Desk {
    async fn new() -> Self {
        let db = database().await;
        let world = org(&db).await;
        let folder = std::env::temp_dir().join(format!("muster-import-{}", world.org()));
        std::fs::create_dir_all(&folder).unwrap();
        Self { db, world, folder }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn import(&self, arguments: &[&str], path: &Path) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
        command.args(["import", "--org", "test"]).args(arguments).arg(path);
        command.env("DATABASE_URL", self.db.url()).output().unwrap()
    }

    async fn names(&self) -> String {
        let names = sqlx::query_scalar("select coalesce(string_agg(name, ', ' order by code), '') from clients");
        names.fetch_one(&mut *self.world.tx().await).await.unwrap()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}

#[track_caller]
fn ended(output: &Output, code: i32, words: &[&str]) -> String {
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{said}");
    for word in words {
        assert!(said.contains(word), "it does not say {word:?}: {said}");
    }
    said
}

#[tokio::test]
async fn a_folder_is_taken_in_the_order_in_which_files_refer_to_one_another() {
    let desk = Desk::new().await;
    desk.file("workers-north.csv", "employee_number,name,job_role,home_site\nE1,Ana,guard,N1\n");
    desk.file("clients.csv", "code,name\nC1,One\n");
    desk.file("sites.csv", "code,name,client,time_zone\nN1,North,C1,Africa/Johannesburg\n");
    desk.file("clients.csv.rejected.csv", "code,name,line,reason\n,,2,old\n");
    desk.file("notes.txt", "not a table");
    ended(&desk.import(&[], &desk.folder), 0, &["clients", "1 rows of", "1 new, 0 changed, 0 the same, 0 rejected"]);
    assert!(!desk.folder.join("clients.csv.rejected.csv").exists(), "what is right now has no rejects any more");
    ended(&desk.import(&[], &desk.folder), 0, &["0 new, 0 changed, 1 the same"]);
}

#[tokio::test]
async fn rejected_rows_are_put_aside_put_right_and_taken() {
    let desk = Desk::new().await;
    let file = desk.file("clients.csv", "code,name\nC1,One\nC2,\n");
    let words = ["1 new", "1 rejected", "name: must not be empty (first on line 3", "clients.csv.rejected.csv"];
    ended(&desk.import(&[], &file), 1, &words);
    let rejects = desk.folder.join("clients.csv.rejected.csv");
    let text = std::fs::read_to_string(&rejects).unwrap();
    assert_eq!(text, "code,name,line,reason\nC2,,3,name: must not be empty\n");
    std::fs::write(&rejects, text.replace("C2,,", "C2,Two,")).unwrap();
    ended(&desk.import(&[], &rejects), 0, &["1 new"]);
    assert_eq!(desk.names().await, "One, Two");
    let aside = desk.folder.join("aside");
    let output = desk.import(&["--json", "--rejects", aside.to_str().unwrap()], &file);
    assert_eq!(output.status.code(), Some(1));
    let summaries: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&summaries[0]["same"], &summaries[0]["rejected"]), (&1.into(), &1.into()));
    assert!(aside.join("clients.csv.rejected.csv").exists());
}

#[tokio::test]
async fn one_wrong_header_and_nothing_is_loaded() {
    let desk = Desk::new().await;
    desk.file("clients.csv", "code,name\nC1,One\n");
    desk.file("sites.csv", "code;name;time_zone\n");
    desk.file("invoices.csv", "number\n");
    let words =
        ["nothing was loaded", "separated by semicolons", "invoices.csv: its name does not begin with a table's"];
    ended(&desk.import(&[], &desk.folder), 2, &words);
    assert_eq!(desk.names().await, "");
    ended(&desk.import(&["--table", "tours"], &desk.folder.join("clients.csv")), 2, &["'code' is not known"]);
    ended(&desk.import(&[], &desk.folder.join("shifts.csv")), 2, &["opening", "shifts.csv"]);
    ended(&desk.import(&["--org", "other"], &desk.folder), 2, &["cannot be used multiple times"]);
}

#[tokio::test]
async fn templates_can_be_filled_and_imported() {
    let desk = Desk::new().await;
    let run =
        |arguments: &[&str]| Command::new(env!("CARGO_BIN_EXE_muster")).arg("import").args(arguments).output().unwrap();
    ended(&run(&["--list"]), 0, &["clients", "shift_offers", "kudos"]);
    let output = run(&["--template", "clients"]);
    assert_eq!(output.stdout, b"code,name\n");
    ended(&output, 0, &["required", "The name of the client."]);
    let file = desk.file("anything.csv", "code,name\nC1,One\n");
    ended(&desk.import(&["--table", "clients"], &file), 0, &["1 new"]);
    ended(&run(&["--template", "invoices"]), 2, &["not a table that can be imported"]);
}
