//! What the triggers of the facts say, and that whoever watches a scope sees it: on a real Postgres.
#![cfg(feature = "testing")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::Days;
use muster::database::{Database, Notices};
use muster::operations::live::{Live, Watching};
use muster::people::{Scope, Sites};
use muster::testing::{self, World, date};
use muster::units::{OrgId, SiteId};
use sqlx::AssertSqlSafe;
use tokio::time::timeout;

/// Far more than a notice takes.
const PATIENCE: Duration = Duration::from_secs(10);

fn of(sites: &[SiteId]) -> Scope {
    Scope { sites: Sites::Only(sites.to_vec()), only_worker: None, names: true }
}

fn said(world: &World, site: SiteId) -> String {
    format!("{} {site}", world.org())
}

/// What was said until now, sorted. The last word is our own, so that nobody has to wait for silence.
async fn heard(db: &Database, notices: &mut Notices) -> Vec<String> {
    let mut tx = db.global().await.unwrap();
    sqlx::query("select pg_notify('operations', 'the end')").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let mut heard = Vec::new();
    loop {
        match timeout(PATIENCE, notices.next()).await.expect("a notice in time").expect("a connection") {
            end if end == "the end" => break,
            notice => heard.push(notice),
        }
    }
    heard.sort();
    heard
}

#[tokio::test]
async fn a_statement_says_which_sites_it_touched() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let rival = testing::org_named(&db, "rival", chrono_tz::Europe::Paris).await;
    let north = world.site("NORTH").await;
    let (ana, ben) = (world.worker("Ana").await, world.worker("Ben").at(north).await);
    let mut notices = db.listen("operations").await.unwrap();

    let open = world.shift(None).await;
    assert_eq!(heard(&db, &mut notices).await, [said(&world, world.home())], "an open shift");
    world.shift(ben).await;
    let mut both = [said(&world, world.home()), said(&world, north)];
    both.sort();
    assert_eq!(heard(&db, &mut notices).await, both, "a shift elsewhere makes a worker unavailable at home");
    let worked = world.shift(ana).on("2026-03-03").clocked_in("06:00").await;
    assert_eq!(heard(&db, &mut notices).await, [said(&world, world.home())], "a clock-in, in a partition");
    world.shift_offer(&open, ana).await;
    assert_eq!(heard(&db, &mut notices).await, [said(&world, world.home())], "an offer");
    world.leave(ben, "2026-03-01", "2026-03-02").await;
    assert_eq!(heard(&db, &mut notices).await, [said(&world, north)], "leave");

    let mut tx = world.tx().await;
    tx.run(format!("update shifts set site_id = '{north}' where id = '{}'", open.id)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(heard(&db, &mut notices).await, both, "a shift that moves touches both sites");
    let mut tx = world.tx().await;
    tx.run(format!("delete from attendance where id = '{}'", worked.id)).await.unwrap();
    tx.run("update shifts set state = 'planned' where ref = 'none'".into()).await.unwrap();
    assert_eq!(heard(&db, &mut notices).await, [""; 0], "nothing before it lasts");
    tx.commit().await.unwrap();
    assert_eq!(heard(&db, &mut notices).await, [said(&world, world.home())]);
    rival.shift(None).await;
    assert_eq!(heard(&db, &mut notices).await, [said(&rival, rival.home())]);
}

#[tokio::test]
async fn an_import_is_one_notice_however_large_it_is() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let mut sites = vec![world.home()];
    for nth in 0..40 {
        sites.push(world.site(&format!("S{nth}")).await);
    }
    let mut notices = db.listen("operations").await.unwrap();
    let everywhere = [world.org().to_string()];
    for (rows, at) in [(20_000, &sites[..]), (1_001, &sites[..1]), (41, &sites[..])] {
        let day = date("2026-03-02") + Days::new(rows % 7);
        insert(&world, at, rows, day).await;
        assert_eq!(heard(&db, &mut notices).await, everywhere, "{rows} rows at {} sites", at.len());
    }
    insert(&world, &sites[..32], 1_000, date("2026-03-02")).await;
    assert_eq!(heard(&db, &mut notices).await.len(), 32);
}

async fn insert(world: &World, sites: &[SiteId], rows: u64, day: chrono::NaiveDate) {
    let sites = sites.iter().map(|site| format!("'{site}'")).collect::<Vec<_>>().join(",");
    let mut tx = world.tx().await;
    tx.run(format!(
        "insert into shifts (org_id, id, ref, site_id, day, starts_at, ends_at)
         select '{org}', gen_random_uuid(), gen_random_uuid()::text, (array[{sites}]::uuid[])[1 + n % array_length(array[{sites}], 1)],
                '{day}', '{day} 06:00Z', '{day} 14:00Z' from generate_series(1, {rows}) n",
        org = world.org()
    ))
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn whoever_owns_the_database_and_names_no_organization_is_heard_too() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    world.shift(None).await;
    let mut notices = db.listen("operations").await.unwrap();
    let sql = "update shifts set required_skill = 'radio'";
    sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut db.owner().await).await.unwrap();
    let told = heard(&db, &mut notices).await;
    // A superuser sees the rows; an owner that is none does not, and then the whole organization is named.
    assert!(told == [said(&world, world.home())] || told == [world.org().to_string()], "{told:?}");
}

/// Counts the shifts of a scope, and how often it is asked.
fn counting(db: &Database) -> (Live<i64>, Arc<AtomicUsize>) {
    let (asked, source) = (Arc::new(AtomicUsize::new(0)), db.clone());
    let counter = asked.clone();
    let live = Live::new(db.clone(), move |org: OrgId, scope: Scope| {
        let (db, counter) = (source.clone(), counter.clone());
        Box::pin(async move {
            counter.fetch_add(1, Ordering::SeqCst);
            let mut tx = db.org(org).await?;
            let sites = scope.site_ids();
            let count =
                sqlx::query_scalar("select count(*) from shifts where $1::uuid[] is null or site_id = any ($1)");
            Ok(count.bind(sites).fetch_one(&mut *tx).await?)
        })
    });
    (live, asked)
}

async fn until(watching: &mut Watching<i64>, number: i64) {
    while timeout(PATIENCE, watching.next()).await.expect("news in time").expect("not the end") != number {}
}

#[tokio::test]
async fn who_watches_the_same_sites_shares_one_reading_and_a_burst_is_one_change() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (live, asked) = counting(&db);
    let scope = of(&[world.home()]);
    let mut many: Vec<_> = (0..100).map(|_| live.watch(world.org(), &scope)).collect();
    for watching in &mut many {
        until(watching, 0).await;
    }
    for _ in 0..30 {
        world.shift(None).await;
    }
    for watching in &mut many {
        until(watching, 30).await;
    }
    until(&mut live.watch(world.org(), &scope), 30).await;
    let asked = asked.load(Ordering::SeqCst);
    assert!(asked < 20, "{asked} readings for 100 who watch 30 changes");
}

#[tokio::test]
async fn what_happens_elsewhere_is_not_read() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let rival = testing::org_named(&db, "rival", chrono_tz::Europe::Paris).await;
    let north = world.site("NORTH").await;
    let ((home, asked), (elsewhere, _)) = (counting(&db), counting(&db));
    let mut home = home.watch(world.org(), &of(&[world.home()]));
    let mut north_alone = elsewhere.watch(world.org(), &of(&[north]));
    let mut rivals = elsewhere.watch(rival.org(), &Scope { sites: Sites::All, only_worker: None, names: false });
    world.shift(None).await;
    until(&mut home, 1).await;
    let before = asked.load(Ordering::SeqCst);
    for nth in 1..=4 {
        world.shift(None).at(north).await;
        rival.shift(None).await;
        until(&mut north_alone, nth).await;
        until(&mut rivals, nth).await;
    }
    // One more, where the last change at home was heard after it was read.
    let more = asked.load(Ordering::SeqCst) - before;
    assert!(more <= 1, "{more} readings of a site where nothing happened");
}

#[tokio::test]
async fn a_lost_listener_comes_back_and_what_was_missed_is_read() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (live, _) = counting(&db);
    let mut watching = live.watch(world.org(), &of(&[world.home()]));
    world.shift(None).await;
    until(&mut watching, 1).await;
    let mut owner = db.owner().await;
    for nth in 2..=3 {
        let lost = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                    where datname = current_database() and query ilike 'listen%' and pid <> pg_backend_pid()";
        // It may be on its way back from the loss before.
        while sqlx::query_scalar::<_, i64>(lost).fetch_one(&mut owner).await.unwrap() == 0 {
            tokio::task::yield_now().await;
        }
        world.shift(None).await;
        until(&mut watching, nth).await;
    }
}

#[tokio::test]
async fn at_the_end_everybody_is_let_go() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (live, _) = counting(&db);
    let (mut one, mut other) = (live.watch(world.org(), &of(&[world.home()])), live.watch(world.org(), &of(&[])));
    until(&mut one, 0).await;
    live.end();
    while timeout(PATIENCE, one.next()).await.expect("in time").is_some() {}
    while timeout(PATIENCE, other.next()).await.expect("in time").is_some() {}
    assert_eq!(live.watch(world.org(), &of(&[])).next().await, None, "nobody is let in any more");
}
