//! The recipe of the README for backup and restore, followed to the letter.
#![cfg(feature = "testing")]

use std::process::Command;

use muster::database::Database;
use muster::testing;
use sqlx::{AssertSqlSafe, Connection};

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
async fn a_dump_restored_elsewhere_serves_the_same_facts_behind_the_same_policies() {
    if !Command::new("pg_restore").arg("--version").output().is_ok_and(|output| output.status.success()) {
        eprintln!("not tested: there is no pg_dump and pg_restore on this machine");
        return;
    }
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.worker("Ana").await;
    world.shift(ana).clocked_in("06:03").await;
    let dump = std::env::temp_dir().join(format!("muster-{}.dump", uuid::Uuid::new_v4()));
    let dump = dump.to_str().unwrap();
    let original = db.url().split('?').next().unwrap();
    let (server, _) = original.rsplit_once('/').unwrap();
    let name = &format!("muster_restored_{}", uuid::Uuid::new_v4().simple());
    let restored = format!("{server}/{name}");

    run("pg_dump", &["--format=custom", "--file", dump, original]);
    let mut owner = db.owner().await;
    sqlx::query(AssertSqlSafe(format!("create database {name}"))).execute(&mut owner).await.unwrap();
    run("pg_restore", &["--single-transaction", "--exit-on-error", "--dbname", &restored, dump]);

    let copy = Database::connect(&restored, 2).await.unwrap();
    assert!(copy.is_ready().await.unwrap(), "it holds every migration");
    let mut tx = copy.org(world.org()).await.unwrap();
    let came: i64 = sqlx::query_scalar("select count(*) from attendance").fetch_one(&mut *tx).await.unwrap();
    drop(tx);
    let unseen: i64 = sqlx::query_scalar("select count(*) from attendance")
        .fetch_one(&mut *copy.global().await.unwrap())
        .await
        .unwrap();
    assert_eq!((came, unseen), (1, 0));

    copy.close().await;
    sqlx::query(AssertSqlSafe(format!("drop database {name} with (force)"))).execute(&mut owner).await.unwrap();
    owner.close().await.unwrap();
    std::fs::remove_file(dump).unwrap();
}
