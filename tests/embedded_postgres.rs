//! A private Postgres: made, shared, stopped by the last user, found again after a crash.
#![cfg(feature = "testing")]

use std::fs;
use std::path::PathBuf;

use muster::database::embedded::Embedded;
use sqlx::{Connection, PgConnection};

/// A project folder that is removed in the end.
struct Project(PathBuf);

impl Project {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("muster-project-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    async fn attach(&self) -> Embedded {
        Embedded::attach(&self.0, |_| {}).await.unwrap()
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

async fn ask(url: &str, sql: &'static str) -> sqlx::Result<String> {
    let mut connection = PgConnection::connect(url).await?;
    sqlx::query_scalar(sql).fetch_one(&mut connection).await
}

#[tokio::test]
async fn the_last_user_stops_it_and_the_data_stay() {
    let project = Project::new("kept");
    let serve = project.attach().await;
    let import = project.attach().await;
    let url = serve.url().to_owned();
    assert_eq!(import.url(), url, "the second user attaches to the server of the first");
    assert_eq!(ask(&url, "show fsync").await.unwrap(), "on");
    let mut connection = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("create table kept as select 'still here' as word").execute(&mut connection).await.unwrap();

    serve.release().unwrap();
    assert_eq!(ask(&url, "select word from kept").await.unwrap(), "still here", "somebody uses it");
    import.release().unwrap();
    ask(&url, "select word from kept").await.expect_err("nobody uses it");

    let again = project.attach().await;
    assert_eq!(ask(again.url(), "select word from kept").await.unwrap(), "still here");
}

#[tokio::test]
async fn nobody_gets_in_without_the_password() {
    let project = Project::new("locked");
    let embedded = project.attach().await;
    let (_, server) = embedded.url().split_once('@').unwrap();
    let refused = ask(&format!("postgres://muster:guess@{server}"), "select 'in'").await.unwrap_err();
    assert!(refused.to_string().contains("password authentication failed"), "{refused}");
    let address = ask(embedded.url(), "show listen_addresses").await.unwrap();
    let sockets = ask(embedded.url(), "show unix_socket_directories").await.unwrap();
    assert_eq!((address.as_str(), sockets.as_str()), ("127.0.0.1", ""));
}

#[tokio::test]
async fn a_server_that_died_is_started_again() {
    let project = Project::new("crashed");
    let embedded = project.attach().await;
    let url = embedded.url().to_owned();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("create table kept as select 'still here' as word").execute(&mut connection).await.unwrap();
    let pid = fs::read_to_string(project.0.join(".muster/postgres/server/data/postmaster.pid")).unwrap();
    let killed = std::process::Command::new("kill").args(["-KILL", pid.lines().next().unwrap()]).status().unwrap();
    assert!(killed.success());
    // The backend of the open connection lives until it notices; the server cannot start before.
    while sqlx::query("select 1").execute(&mut connection).await.is_ok() {}
    let again = project.attach().await;
    assert_eq!(ask(again.url(), "select word from kept").await.unwrap(), "still here");
}
