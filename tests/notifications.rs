//! What users are told: once, not what they muted, and nobody else.
#![cfg(feature = "testing")]

use chrono::{DateTime, Days, Utc};
use muster::Error;
use muster::disputes::{self, Fact};
use muster::metrics::Period;
use muster::metrics::dirty::mark_everybody;
use muster::night::{self, Job};
use muster::notifications::{
    Kind, forget_read, inbox, mark_all_read, mark_read, mute, notify, notify_once, supervisors_of, unmute,
    unread_count, users_of_worker,
};
use muster::people::Role;
use muster::recognition::{Category, Giver, give_kudos};
use muster::testing::{self, World, date, moment};
use muster::units::UserId;

fn noon(world: &World, day: &str) -> DateTime<Utc> {
    moment(world.organization().zone, date(day), "12:00")
}

async fn texts(world: &World, user: UserId) -> Vec<String> {
    inbox(&mut world.tx().await, user, 1).await.unwrap().entries.into_iter().map(|it| it.text).collect()
}

async fn tell(world: &World, to: &[UserId], kind: Kind, text: &str, day: &str) -> u64 {
    let mut tx = world.tx().await;
    let told = notify(&mut tx, to, kind, text, "/me", noon(world, day)).await.unwrap();
    tx.commit().await.unwrap();
    told
}

#[tokio::test]
async fn the_newest_stands_first_and_is_read_by_its_reader_alone() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (ana, ben) = (world.user("Ana", Role::Worker).await, world.user("Ben", Role::Worker).await);
    tell(&world, &[ana, ben], Kind::Kudos, "first", "2026-03-02").await;
    tell(&world, &[ana], Kind::Challenge, "second", "2026-03-03").await;
    assert_eq!(texts(&world, ana).await, ["second", "first"]);
    let mut tx = world.tx().await;
    assert_eq!((unread_count(&mut tx, ana).await.unwrap(), unread_count(&mut tx, ben).await.unwrap()), (2, 1));
    let first = inbox(&mut tx, ben, 1).await.unwrap().entries[0].id;
    let now = noon(&world, "2026-03-04");
    assert!(matches!(mark_read(&mut tx, ana, first, now).await, Err(Error::NotFound(_))), "it is Ben's");
    assert_eq!(mark_read(&mut tx, ben, first, now).await.unwrap(), "/me");
    assert_eq!(mark_all_read(&mut tx, ana, now).await.unwrap(), 2);
    assert_eq!((unread_count(&mut tx, ana).await.unwrap(), unread_count(&mut tx, ben).await.unwrap()), (0, 0));
}

#[tokio::test]
async fn a_page_holds_twenty_and_says_whether_there_are_older_ones() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.user("Ana", Role::Worker).await;
    for nth in 0..21 {
        tell(&world, &[ana], Kind::Kudos, &format!("{nth}"), "2026-03-02").await;
    }
    let mut tx = world.tx().await;
    let (first, second) = (inbox(&mut tx, ana, 1).await.unwrap(), inbox(&mut tx, ana, 2).await.unwrap());
    assert_eq!((first.entries.len(), first.older, second.entries.len(), second.older), (20, true, 1, false));
    assert_eq!(second.entries[0].text, "0");
}

#[tokio::test]
async fn a_muted_kind_is_not_told_and_the_others_are() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (ana, ben) = (world.user("Ana", Role::Worker).await, world.user("Ben", Role::Worker).await);
    let mut tx = world.tx().await;
    mute(&mut tx, ana, Kind::Kudos).await.unwrap();
    mute(&mut tx, ana, Kind::Kudos).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(tell(&world, &[ana, ben], Kind::Kudos, "thanks", "2026-03-02").await, 1);
    tell(&world, &[ana], Kind::Challenge, "a challenge", "2026-03-03").await;
    assert_eq!(texts(&world, ana).await, ["a challenge"]);
    assert_eq!(texts(&world, ben).await, ["thanks"]);
    let mut tx = world.tx().await;
    unmute(&mut tx, ana, Kind::Kudos).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(tell(&world, &[ana], Kind::Kudos, "again", "2026-03-04").await, 1);
}

#[tokio::test]
async fn a_job_that_runs_twice_tells_once_and_a_link_stays_in_the_house() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.user("Ana", Role::Worker).await;
    let mut tx = world.tx().await;
    let now = noon(&world, "2026-03-02");
    for expected in [1, 0] {
        let told = notify_once(&mut tx, &[ana], Kind::Challenge, "challenge 7 won", ("Won.", "/me"), now).await;
        assert_eq!(told.unwrap(), expected);
    }
    for link in ["https://evil.test", "//evil.test", "me"] {
        let refused = notify(&mut tx, &[ana], Kind::Kudos, "text", link, now).await;
        assert!(matches!(refused, Err(Error::Misconfigured(_))), "{link}");
    }
}

#[tokio::test]
async fn nobody_of_another_organization_is_told() {
    let db = testing::database().await;
    let (world, rival) = (testing::org(&db).await, testing::org_named(&db, "rival", chrono_tz::Europe::Berlin).await);
    let stranger = rival.user("Zoë", Role::Worker).await;
    let mut tx = world.tx().await;
    assert!(notify(&mut tx, &[stranger], Kind::Kudos, "text", "/me", noon(&world, "2026-03-02")).await.is_err());
}

#[tokio::test]
async fn whom_to_tell_are_active_users_of_the_worker_and_supervisors_of_the_site() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.worker("Ana").await;
    let far = world.site("FAR").await;
    let user = world.user("Ana", Role::Worker).is(ana).await;
    let gone = world.user("Ana's old login", Role::Worker).is(ana).await;
    let boss = world.user("Sue", Role::Supervisor).looks_after(world.home()).await;
    world.user("Far", Role::Supervisor).looks_after(far).await;
    world.user("Hal", Role::Hr).looks_after(world.home()).await;
    let mut tx = world.tx().await;
    sqlx::query("update users set status = 'disabled' where id = $1").bind(gone.0).execute(&mut *tx).await.unwrap();
    assert_eq!(users_of_worker(&mut tx, ana).await.unwrap(), [user]);
    assert_eq!(supervisors_of(&mut tx, world.home()).await.unwrap(), [boss]);
}

#[tokio::test]
async fn who_is_thanked_is_told_by_whom_and_for_what() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (ana, ben) = (world.worker("Ana").await, world.worker("Ben").await);
    let (user, thanked) = (world.user("A", Role::Worker).is(ana).await, world.user("B", Role::Worker).is(ben).await);
    let giver = Giver { user, worker: Some(ana) };
    let mut tx = world.tx().await;
    let (now, zone) = (noon(&world, "2026-03-02"), world.organization().zone);
    give_kudos(&mut tx, &giver, ben, Category::Safety, "For the torch", now, zone).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(texts(&world, thanked).await, ["Ana thanked you: safety."]);
    assert!(texts(&world, user).await.is_empty());
}

#[tokio::test]
async fn supervisors_of_the_site_are_told_of_a_dispute_but_not_of_the_own() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let sue = world.worker("Sue").await;
    let own = world.user("Sue", Role::Supervisor).is(sue).looks_after(world.home()).await;
    let other = world.user("Tom", Role::Supervisor).looks_after(world.home()).await;
    let late = world.shift(sue).on("2026-03-02").clocked_in("06:12").await.id;
    let mut tx = world.tx().await;
    let now = noon(&world, "2026-03-05");
    disputes::file(&mut tx, own, sue, Fact::Shift, late, "The gate was shut.", now).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(texts(&world, other).await, ["Sue disputes what was recorded for 2 March 2026."]);
    assert!(texts(&world, own).await.is_empty());
}

#[tokio::test]
async fn what_was_earned_lately_is_told_once_also_when_it_is_judged_again() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.worker("Ana").hired("2025-01-01").await;
    let user = world.user("Ana", Role::Worker).is(ana).await;
    // Two perfect weeks: the one of 2 February is long past when the night of 9 March fills in everything.
    for week in ["2026-02-02", "2026-03-02"] {
        for day in 0..5 {
            world.shift(ana).on_day(date(week) + Days::new(day)).clocked_in("05:55").await;
        }
    }
    let now = noon(&world, "2026-03-09");
    let night = async || {
        for job in [Job::WorkerDays, Job::Recognition] {
            night::run(world.db(), world.organization(), job, now, &|_| {}).await.unwrap();
        }
    };
    night().await;
    let told = texts(&world, user).await;
    assert_eq!(
        told.iter().filter(|text| text.starts_with("You earned Perfect week on 8 March 2026.")).count(),
        1,
        "{told:?}"
    );
    let mut tx = world.tx().await;
    mark_everybody(&mut tx, Period { first: date("2026-03-02"), last: date("2026-03-08") }).await.unwrap();
    tx.commit().await.unwrap();
    night().await;
    assert_eq!(texts(&world, user).await, told);
}

#[tokio::test]
async fn what_was_read_is_forgotten_after_90_days_and_what_was_not_is_kept() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.user("Ana", Role::Worker).await;
    tell(&world, &[ana], Kind::Kudos, "read", "2026-03-02").await;
    let mut tx = world.tx().await;
    mark_all_read(&mut tx, ana, noon(&world, "2026-03-02")).await.unwrap();
    tx.commit().await.unwrap();
    tell(&world, &[ana], Kind::Kudos, "unread", "2026-03-02").await;
    let mut tx = world.tx().await;
    assert_eq!(forget_read(&mut tx, noon(&world, "2026-05-31")).await.unwrap(), 0);
    assert_eq!(forget_read(&mut tx, noon(&world, "2026-06-01")).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(texts(&world, ana).await, ["unread"]);
}
