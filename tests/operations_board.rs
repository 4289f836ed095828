//! The board of the next 48 hours on a real Postgres: what is counted, what is listed, and that both agree.
#![cfg(feature = "testing")]

use chrono::{DateTime, Utc};
use muster::operations::board::{self, BoardShift, Standing, Urgency, Which};
use muster::people::{Scope, Sites};
use muster::testing::{self, World, date, moment};
use muster::units::{ShiftId, SiteId, WorkerId};
use uuid::Uuid;

fn at(world: &World, text: &str) -> DateTime<Utc> {
    moment(world.organization().zone, date("2026-03-02"), text)
}

fn of(sites: &[SiteId]) -> Scope {
    Scope { sites: Sites::Only(sites.to_vec()), only_worker: None, names: true }
}

async fn listed(world: &World, scope: &Scope, which: Which<'_>, now: DateTime<Utc>) -> Vec<BoardShift> {
    board::shifts(&mut world.tx().await, scope, which, 1, now).await.unwrap()
}

async fn free(world: &World, now: DateTime<Utc>) -> Vec<String> {
    let part = board::available(&mut world.tx().await, &of(&[world.home()]), 1, now).await.unwrap();
    assert_eq!(part.total, part.rows.len() as i64);
    part.rows.into_iter().map(|it| it.name).collect()
}

async fn can_work(world: &World, worker: WorkerId, weekday: i16, (from, until): (i16, i16)) {
    let mut tx = world.tx().await;
    sqlx::query(
        "insert into worker_availability (org_id, id, worker_id, weekday, from_minute, until_minute, first_day)
         values ($1, $2, $3, $4, $5, $6, '2026-01-01')",
    )
    .bind(world.org().0)
    .bind(Uuid::now_v7())
    .bind(worker.0)
    .bind(weekday)
    .bind(from)
    .bind(until)
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

async fn certified(world: &World, worker: WorkerId, name: &str, issued: &str, expires: &str) {
    let mut tx = world.tx().await;
    sqlx::query("insert into certifications (org_id, id, worker_id, name, issued_on, expires_on) values ($1, $2, $3, $4, $5, $6)")
        .bind(world.org().0)
        .bind(Uuid::now_v7())
        .bind(worker.0)
        .bind(name)
        .bind(date(issued))
        .bind(date(expires))
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_window_is_what_runs_now_and_what_begins_within_48_hours() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (ana, now) = (world.worker("Ana").await, at(&world, "10:00"));
    world.shift(ana).hours("00:00", "09:59").await;
    let runs = world.shift(ana).hours("06:00", "14:00").clocked_in("05:58").still_there().await;
    let open = world.shift(None).hours("09:00", "17:00").await;
    let tonight = world.shift(None).hours("18:00", "06:00").await;
    let later = world.shift(ana).on("2026-03-04").hours("09:00", "17:00").await;
    world.shift(ana).on("2026-03-04").hours("10:00", "17:00").await;
    world.shift(None).hours("12:00", "17:00").cancelled().await;

    let all = of(&[world.home()]);
    let shown = listed(&world, &all, Which::All, now).await;
    let ids: Vec<Uuid> = shown.iter().map(|shift| shift.id.0).collect();
    assert_eq!(ids, [runs.id, open.id, tonight.id, later.id]);
    let since = at(&world, "05:58");
    let standings: Vec<Standing> = shown.iter().map(|shift| shift.standing).collect();
    let expected =
        [Standing::There(since), Standing::Open(Urgency::Begun), Standing::Open(Urgency::Today), Standing::Filled];
    assert_eq!(standings, expected);
    let to_fill = board::to_fill(&mut world.tx().await, &all, now).await.unwrap();
    assert_eq!(to_fill, [ShiftId(tonight.id)], "whether a shift that has begun is filled in time is known");
}

#[tokio::test]
async fn a_tile_equals_the_list_behind_it_for_every_scope() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let north = world.site("NORTH").zone("Asia/Dubai").await;
    let (ana, ben) = (world.worker("Ana").await, world.worker("Ben").at(north).await);
    world.shift(ana).clocked_in("06:00").still_there().await;
    world.shift(ben).at(north).clocked_in("06:00").await;
    world.shift(ben).at(north).on("2026-03-03").await;
    world.shift(None).at(north).on("2026-03-03").hours("22:00", "06:00").await;
    world.shift(None).await;
    for now in ["05:00", "07:00", "11:00", "13:59", "14:00", "23:00"].map(|text| at(&world, text)) {
        let everywhere = Scope { sites: Sites::All, only_worker: None, names: true };
        for scope in [everywhere, of(&[world.home()]), of(&[north]), of(&[])] {
            let figures = board::figures(&mut world.tx().await, &scope, now).await.unwrap();
            let told = [figures.shifts, figures.open, figures.there];
            let mut counted = [0; 3];
            for (n, which) in counted.iter_mut().zip([Which::All, Which::Open, Which::There]) {
                *n = listed(&world, &scope, which, now).await.len() as i64;
            }
            assert_eq!(told, counted, "{scope:?} at {now}");
        }
    }
}

#[tokio::test]
async fn whoever_is_late_or_called_in_is_told_apart() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (ana, ben) = (world.worker("Ana").await, world.worker("Ben").await);
    world.shift(ana).hours("06:00", "14:00").await;
    world.shift(ben).hours("06:30", "14:00").called_in().await;
    let all = of(&[world.home()]);
    let standings = async |text| {
        let shown = listed(&world, &all, Which::All, at(&world, text)).await;
        shown.into_iter().map(|shift| shift.standing).collect::<Vec<_>>()
    };
    assert_eq!(standings("05:00").await, [Standing::Filled, Standing::CalledIn]);
    assert_eq!(standings("06:15").await, [Standing::Missing, Standing::CalledIn]);
}

#[tokio::test]
async fn available_is_who_has_no_shift_no_leave_and_can() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let works = world.worker("Works today").await;
    world.shift(works).hours("18:00", "23:00").await;
    let night = world.worker("Is still at the night shift").await;
    world.shift(night).on("2026-03-01").hours("22:00", "12:00").await;
    let away = world.worker("On leave").await;
    world.leave(away, "2026-03-01", "2026-03-02").await;
    world.worker("Left").left("2026-03-01").await;
    let mondays = world.worker("Mondays until noon").await;
    can_work(&world, mondays, 1, (360, 720)).await;
    let tuesdays = world.worker("Tuesdays").await;
    can_work(&world, tuesdays, 2, (0, 1_440)).await;
    world.worker("Any time").await;
    world.worker("Elsewhere").at(world.site("NORTH").await).await;

    assert_eq!(free(&world, at(&world, "10:00")).await, ["Any time", "Mondays until noon"]);
    assert_eq!(free(&world, at(&world, "12:00")).await, ["Any time", "Is still at the night shift"]);
}

#[tokio::test]
async fn a_certification_that_was_renewed_or_lasts_is_not_listed() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (ana, ben) = (world.worker("Ana").await, world.worker("Ben").left("2026-03-01").await);
    certified(&world, ana, "First aid", "2025-03-02", "2026-03-16").await;
    certified(&world, ana, "Fire", "2025-03-02", "2026-03-17").await;
    certified(&world, ana, "Firearm", "2025-03-02", "2026-03-02").await;
    certified(&world, ana, "Radio", "2025-03-02", "2026-03-10").await;
    certified(&world, ana, "Radio", "2026-02-20", "2027-02-20").await;
    certified(&world, ana, "Expired", "2025-03-02", "2026-03-01").await;
    certified(&world, ben, "First aid", "2025-03-02", "2026-03-10").await;
    let part = board::expiring(&mut world.tx().await, &of(&[world.home()]), 1, date("2026-03-02")).await.unwrap();
    let names: Vec<&str> = part.rows.iter().map(|it| it.certification.as_str()).collect();
    assert_eq!((names, part.total), (vec!["Firearm", "First aid"], 2));
}
