//! Shifts that are added and offered by hand, on a real Postgres: who may, who is asked, and who gets them.
#![cfg(feature = "testing")]

use chrono::{DateTime, NaiveDateTime, Utc};
use muster::operations::offer::{answer, choose, offer, offers_to};
use muster::operations::post::{NewShift, add_shift};
use muster::people::{Permission, Role, User};
use muster::testing::{self, World, date, moment};
use muster::units::{ShiftId, SiteId, WorkerId};
use muster::{Error, Result};
use uuid::Uuid;

fn at(world: &World, text: &str) -> DateTime<Utc> {
    moment(world.organization().zone, date("2026-03-02"), text)
}

async fn user(world: &World, name: &str, role: Role, worker: Option<WorkerId>) -> User {
    let mut new = world.user(name, role).looks_after(world.home());
    if let Some(worker) = worker {
        new = new.is(worker);
    }
    let (id, org, sites) = (new.await, world.organization().clone(), vec![world.home()]);
    User { id, org, name: name.into(), role, worker, client: None, sites, theme: "system".into(), unread: 0 }
}

async fn offered(world: &World, by: &User, shift: Uuid, to: &[WorkerId], now: DateTime<Utc>) -> Result<Vec<String>> {
    let mut tx = world.tx().await;
    let scope = by.scope(Permission::Operations)?;
    let names = offer(&mut tx, by, &scope, ShiftId(shift), to, now).await?;
    tx.commit().await?;
    Ok(names)
}

async fn answered(world: &World, user: &User, accept: bool, now: DateTime<Utc>) -> Result<()> {
    let worker = user.worker.unwrap();
    let mut tx = world.tx().await;
    let id: Uuid = sqlx::query_scalar("select id from shift_offers where worker_id = $1 order by id desc limit 1")
        .bind(worker.0)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    answer(&mut tx, user, worker, id, accept, now).await?;
    tx.commit().await
}

async fn told(world: &World, user: &User) -> Vec<String> {
    let mut tx = world.tx().await;
    sqlx::query_scalar("select text from notifications where user_id = $1 order by id")
        .bind(user.id.0)
        .fetch_all(&mut *tx)
        .await
        .unwrap()
}

async fn whose(world: &World, shift: Uuid) -> (Option<WorkerId>, Option<String>, i64) {
    let mut tx = world.tx().await;
    sqlx::query_as("select worker_id, assigned_by, (pay_regular * 100)::bigint from shifts where id = $1")
        .bind(shift)
        .fetch_one(&mut *tx)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_best_suited_are_shown_and_who_may_not_is_counted() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let now = at(&world, "10:00");
    let shift = world.shift(None).hours("18:00", "23:00").needs("radio").await;
    let tired = world.worker("Tired").skilled("radio").await;
    world.shift(tired).hours("04:00", "12:00").await;
    world.worker("No radio").skilled("first aid").await;
    let away = world.worker("Away").skilled("radio").await;
    world.leave(away, "2026-03-02", "2026-03-02").await;
    let busy = world.worker("Has hours").skilled("radio").await;
    world.shift(busy).on("2026-03-04").await;
    world.worker("Fresh").skilled("radio").await;
    world.worker("Elsewhere").skilled("radio").at(world.site("NORTH").await).await;
    let farai = user(&world, "Farai", Role::Supervisor, None).await;
    let scope = farai.scope(Permission::Operations).unwrap();
    let choice = choose(&mut world.tx().await, &scope, ShiftId(shift.id), now).await.unwrap();
    let names: Vec<&str> = choice.candidates.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!((names, choice.blocked, choice.asked), (vec!["Fresh", "Has hours"], 3, 0));
}

#[tokio::test]
async fn a_certification_that_only_another_role_needs_keeps_nobody_from_a_shift() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    world.requires_certification("Firearm", Some("armed guard")).await;
    world.requires_registration("armed guard").await;
    world.worker("Guard").await;
    world.worker("Armed").job_role("armed guard").registered("4711").await;
    let shift = world.shift(None).hours("18:00", "23:00").await;
    let farai = user(&world, "Farai", Role::Supervisor, None).await;
    let scope = farai.scope(Permission::Operations).unwrap();
    let choice = choose(&mut world.tx().await, &scope, ShiftId(shift.id), at(&world, "10:00")).await.unwrap();
    let names: Vec<&str> = choice.candidates.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!((names, choice.blocked), (vec!["Guard"], 1));
}

#[tokio::test]
async fn who_accepts_has_the_shift_with_its_pay_and_the_others_are_told() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let now = at(&world, "10:00");
    let (ana, ben) = (world.worker("Ana").rate(100).await, world.worker("Ben").await);
    let (own_ana, own_ben) =
        (user(&world, "Ana", Role::Worker, Some(ana)).await, user(&world, "Ben", Role::Worker, Some(ben)).await);
    let farai = user(&world, "Farai", Role::Supervisor, None).await;
    let shift = world.shift(None).hours("18:00", "23:00").pay(0).await;
    assert_eq!(offered(&world, &farai, shift.id, &[ana, ben], now).await.unwrap(), ["Ana", "Ben"]);
    assert_eq!(told(&world, &own_ana).await, ["A shift is offered to you: HOME, Mon 2 Mar, 18:00. Say yes or no."]);
    assert_eq!(offers_to(&mut world.tx().await, ana, now).await.unwrap().len(), 1);

    answered(&world, &own_ana, true, now).await.unwrap();
    assert_eq!(whose(&world, shift.id).await, (Some(ana), Some("offer".into()), 50_000));
    assert_eq!(told(&world, &farai).await, ["Ana takes the shift HOME, Mon 2 Mar, 18:00."]);
    assert_eq!(told(&world, &own_ben).await.len(), 2, "that it was offered, and that it is taken");
    assert_eq!(offers_to(&mut world.tx().await, ben, now).await.unwrap(), []);
    let late = answered(&world, &own_ben, true, now).await.unwrap_err();
    assert!(matches!(&late, Error::Conflict(text) if text == "Somebody has the shift already."), "{late}");
    let again = answered(&world, &own_ana, false, now).await.unwrap_err();
    assert!(matches!(again, Error::Conflict(_)), "an answer stands");
}

#[tokio::test]
async fn of_two_who_accept_at_once_one_has_the_shift_and_the_other_is_told() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let now = at(&world, "10:00");
    let (ana, ben) = (world.worker("Ana").await, world.worker("Ben").await);
    let (own_ana, own_ben) =
        (user(&world, "Ana", Role::Worker, Some(ana)).await, user(&world, "Ben", Role::Worker, Some(ben)).await);
    let farai = user(&world, "Farai", Role::Scheduler, None).await;
    for day in ["2026-03-03", "2026-03-05", "2026-03-07", "2026-03-09"] {
        let shift = world.shift(None).on(day).await;
        offered(&world, &farai, shift.id, &[ana, ben], now).await.unwrap();
        let (one, other) = tokio::join!(answered(&world, &own_ana, true, now), answered(&world, &own_ben, true, now));
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        let winner = if one.is_ok() { ana } else { ben };
        assert!(matches!(&one.and(other), Err(Error::Conflict(text)) if text.contains("already")));
        assert_eq!(whose(&world, shift.id).await.0, Some(winner));
    }
}

#[tokio::test]
async fn who_declines_is_not_asked_again_and_the_shift_stays_open() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let now = at(&world, "10:00");
    let ana = world.worker("Ana").await;
    let own = user(&world, "Ana", Role::Worker, Some(ana)).await;
    let farai = user(&world, "Farai", Role::Admin, None).await;
    let shift = world.shift(None).hours("18:00", "23:00").await;
    offered(&world, &farai, shift.id, &[ana], now).await.unwrap();
    answered(&world, &own, false, now).await.unwrap();
    assert_eq!(whose(&world, shift.id).await.0, None);
    let again = offered(&world, &farai, shift.id, &[ana], now).await.unwrap_err();
    assert!(matches!(&again, Error::Invalid(text) if text.contains("asked already")), "{again}");
}

#[tokio::test]
async fn a_rule_that_came_to_hold_since_keeps_from_accepting() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let now = at(&world, "10:00");
    let ana = world.worker("Ana").await;
    let own = user(&world, "Ana", Role::Worker, Some(ana)).await;
    let farai = user(&world, "Farai", Role::Scheduler, None).await;
    let shift = world.shift(None).hours("18:00", "23:00").await;
    offered(&world, &farai, shift.id, &[ana], now).await.unwrap();
    world.shift(ana).hours("12:00", "17:00").await;
    let refused = answered(&world, &own, true, now).await.unwrap_err();
    assert!(matches!(&refused, Error::Conflict(text) if text.contains("rest too little")), "{refused}");
    assert_eq!(offers_to(&mut world.tx().await, ana, now).await.unwrap().len(), 1, "nothing was written");
}

#[tokio::test]
async fn only_those_who_may_act_and_only_in_their_sites() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let now = at(&world, "10:00");
    let (ana, north) = (world.worker("Ana").await, world.site("NORTH").await);
    let (home, away) =
        (world.shift(None).hours("18:00", "23:00").await, world.shift(None).at(north).on("2026-03-03").await);
    let executive = user(&world, "Eve", Role::Executive, None).await;
    let refused = offered(&world, &executive, home.id, &[ana], now).await.unwrap_err();
    assert!(matches!(refused, Error::Forbidden(_)), "executives read");
    let farai = user(&world, "Farai", Role::Supervisor, None).await;
    let refused = offered(&world, &farai, away.id, &[ana], now).await.unwrap_err();
    assert!(matches!(refused, Error::Forbidden(_)), "a foreign site");
    assert!(matches!(offered(&world, &farai, home.id, &[], now).await.unwrap_err(), Error::Invalid(_)));
    let begun = world.shift(None).hours("09:00", "12:00").await;
    assert!(matches!(offered(&world, &farai, begun.id, &[ana], now).await.unwrap_err(), Error::Conflict(_)));
}

async fn added(world: &World, by: &User, site: SiteId, starts: &str, ends: &str, skill: &str) -> Result<ShiftId> {
    let local = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    let new = NewShift { site, starts: local(starts), ends: local(ends), skill: skill.into() };
    let mut tx = world.tx().await;
    let scope = by.scope(Permission::Operations)?;
    let id = add_shift(&mut tx, by, &scope, &new, at(world, "10:00")).await?;
    tx.commit().await?;
    Ok(id)
}

#[tokio::test]
async fn a_shift_is_added_on_the_clock_of_its_site_and_audited() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    world.worker("Ana").skilled("First aid").await;
    let dubai = world.site("DUBAI").zone("Asia/Dubai").await;
    let scheduler = user(&world, "Sam", Role::Scheduler, None).await;
    let id = added(&world, &scheduler, dubai, "2026-03-02 22:00", "2026-03-03 06:00", "first aid").await.unwrap();
    let mut tx = world.tx().await;
    let row: (DateTime<Utc>, chrono::NaiveDate, String) =
        sqlx::query_as("select starts_at, day, required_skill from shifts where id = $1")
            .bind(id.0)
            .fetch_one(&mut *tx)
            .await
            .unwrap();
    assert_eq!(row, ("2026-03-02T18:00:00Z".parse().unwrap(), date("2026-03-02"), "First aid".into()));
    let audited: i64 =
        sqlx::query_scalar("select count(*) from audit_log where action = 'added shift' and record_id = $1")
            .bind(id.0)
            .fetch_one(&mut *tx)
            .await
            .unwrap();
    assert_eq!(audited, 1);
}

#[tokio::test]
async fn what_cannot_be_a_shift_is_refused_in_words() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (north, york) = (world.site("NORTH").await, world.site("YORK").zone("America/New_York").await);
    let farai = user(&world, "Farai", Role::Scheduler, None).await;
    for (site, starts, ends, skill, said) in [
        (north, "2026-03-02 09:00", "2026-03-02 17:00", "", "begun already"),
        (north, "2026-03-03 09:00", "2026-03-03 09:00", "", "end before it begins"),
        (north, "2026-03-03 09:00", "2026-03-04 21:01", "", "longer than 36 hours"),
        (north, "2027-03-03 09:00", "2027-03-03 17:00", "", "days ahead"),
        (north, "2026-03-03 09:00", "2026-03-03 17:00", "juggling", "Nobody has a skill"),
        (york, "2026-03-08 02:30", "2026-03-08 10:00", "", "clocks of the site skip"),
    ] {
        let refused = added(&world, &farai, site, starts, ends, skill).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid(text) if text.contains(said)), "{starts}: {refused}");
    }
    let supervisor = user(&world, "Sue", Role::Supervisor, None).await;
    let foreign = added(&world, &supervisor, north, "2026-03-03 09:00", "2026-03-03 17:00", "").await;
    assert!(matches!(foreign.unwrap_err(), Error::Forbidden(_)));
    let executive = user(&world, "Eve", Role::Executive, None).await;
    let reads = added(&world, &executive, north, "2026-03-03 09:00", "2026-03-03 17:00", "").await;
    assert!(matches!(reads.unwrap_err(), Error::Forbidden(_)));
}
