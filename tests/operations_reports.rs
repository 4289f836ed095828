//! The operations reports on a real Postgres: every number is the one that the pages show for the same days.
#![cfg(feature = "testing")]

use chrono::{DateTime, Utc};
use muster::Error;
use muster::executive::{Amount, Filter, Kind, executive};
use muster::finance;
use muster::night::{self, Job};
use muster::operations::board::Urgency;
use muster::people::{Scope, Sites};
use muster::reports::operations::daily::{self, Daily};
use muster::reports::operations::weekly::{self, Weekly};
use muster::reports::operations::{Week, Work};
use muster::testing::{World, database, date, moment, org};
use muster::units::Rate;

fn everybody() -> Scope {
    Scope { sites: Sites::All, only_worker: None, names: false }
}

/// Wednesday, the 11th of March, at nine: the 10th is over.
fn now(world: &World) -> DateTime<Utc> {
    moment(world.organization().zone, date("2026-03-11"), "09:00")
}

/// Two sites; on the 10th two of six shifts have nobody, and Ana stays away from both of hers.
async fn company(world: &World) {
    let away = world.site("Away").await;
    let mut team = Vec::new();
    for name in ["Ana", "Ben", "Cid"] {
        team.push(world.worker(name).rate(50).hired("2026-01-01").await);
    }
    for (day, absent) in [("2026-03-02", 0), ("2026-03-03", 0), ("2026-03-09", 0), ("2026-03-10", 1)] {
        for (nth, worker) in team.iter().enumerate() {
            let shift = world.shift(*worker).on(day).hours("06:00", "14:00").pay(400);
            let _ = if nth < absent { shift.no_show().await } else { shift.clocked_in("06:00").await };
        }
    }
    for site in [world.home(), away] {
        world.shift(None).on("2026-03-10").at(site).hours("14:00", "22:00").await;
    }
    world.shift(team[0]).on("2026-03-10").at(away).hours("22:00", "23:00").await;
    world.work_order(team[1]).on("2026-03-10").opened("08:00").resolved("09:00").await;
    world.shift(None).on("2026-03-11").at(away).hours("12:00", "20:00").needs("armed").await;
    world.shift(None).on("2026-03-12").hours("06:00", "14:00").await;
    world.shift(team[2]).on("2026-03-12").hours("14:00", "22:00").await;
    world.certification(team[0], "First aid", "2025-03-20", Some("2026-03-20")).await;
    night::run(world.db(), world.organization(), Job::WorkerDays, now(world), &|_| {}).await.unwrap();
}

async fn day(world: &World, text: &str) -> muster::Result<Daily> {
    let mut tx = world.tx().await;
    daily::daily(&mut tx, &everybody(), world.organization(), date(text), now(world)).await
}

async fn week(world: &World, text: &str) -> muster::Result<Weekly> {
    let mut tx = world.tx().await;
    let week: Week = text.parse().unwrap();
    weekly::weekly(&mut tx, &everybody(), world.organization(), week, date("2026-03-10")).await
}

#[tokio::test]
async fn a_day_s_numbers_are_those_of_the_pages() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    let it = day(&world, "2026-03-10").await.unwrap();
    let [work, before, _] = it.work;
    assert_eq!(work.fill, Rate { hit: 4, of: 6 });
    assert_eq!((work.no_shows.hit, before.fill), (2, Rate { hit: 3, of: 3 }));
    let filter = Filter { from: Some("2026-03-10".into()), to: Some("2026-03-10".into()), ..Filter::default() };
    let page = executive(&mut world.tx().await, &everybody(), &filter, date("2026-03-10")).await.unwrap();
    let fill = page.numbers.iter().find(|it| it.kind == Kind::FillRate).unwrap();
    assert_eq!(fill.now, Amount::Share(work.fill));
    let asked = finance::Filter::default().resolve(&finance::SITE_COLUMNS, date("2026-03-10"), date("2026-03-11"));
    let month = finance::month(&mut world.tx().await, &everybody(), &asked.unwrap()).await.unwrap();
    assert_eq!(it.money.month, month.total.actual.total());
    assert_eq!(it.money.day, month.days.iter().find(|(day, _)| *day == it.day).unwrap().1);
    assert_eq!((it.through, it.taken.is_none()), (Some(date("2026-03-10")), true));
    let said = daily::document(&it, now(&world), world.organization().zone).text();
    assert!(said.contains("4 of 6 shifts had a worker (66.7 %)"), "{said}");
    assert!(said.contains("2 shifts had nobody: Away 1, HOME 1."), "{said}");
}

#[tokio::test]
async fn the_next_48_hours_are_told_for_the_last_day_only() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    let ahead = day(&world, "2026-03-10").await.unwrap().ahead.unwrap();
    assert_eq!((ahead.shifts, ahead.open, ahead.urgent, ahead.at_risk), (3, 2, 1, None));
    let soonest: Vec<_> = ahead.soonest.iter().map(|it| (it.site.as_str(), it.skill.as_deref(), it.urgency)).collect();
    assert_eq!(soonest, [("Away", Some("armed"), Urgency::Now), ("HOME", None, Urgency::Today)]);
    assert_eq!(ahead.expiring, 1);
    assert_eq!(day(&world, "2026-03-09").await.unwrap().ahead, None);
    let error = day(&world, "2026-03-11").await.unwrap_err();
    assert!(error.to_string().contains("The latest day that is over is 2026-03-10"), "{error}");
}

#[tokio::test]
async fn the_days_of_a_week_add_up_to_it_and_one_that_runs_is_compared_with_as_many_days() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    let it = week(&world, "2026-W11").await.unwrap();
    assert!(it.is_open());
    assert_eq!((it.period.days(), it.before.first, it.before.last), (2, date("2026-03-02"), date("2026-03-03")));
    let sum = |of: fn(&Work) -> Rate| it.days.iter().map(|day| of(&day.work)).fold(Rate::default(), |a, b| a + b);
    assert_eq!(sum(|work| work.fill), it.work[0].fill);
    assert_eq!(sum(|work| work.attendance), it.work[0].attendance);
    assert_eq!((it.work[0].fill, it.work[1].fill), (Rate { hit: 7, of: 9 }, Rate { hit: 6, of: 6 }));
    assert_eq!((it.cost(), it.cost_before), (200_000, 240_000), "no pay for who stayed away");
    let whole = week(&world, "2026-W10").await.unwrap();
    assert!(!whole.is_open() && whole.days.len() == 7);
    assert_eq!(whole.work[0].fill, Rate { hit: 6, of: 6 });
    assert!(matches!(week(&world, "2026-W12").await, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn a_scope_of_no_site_sees_nothing_of_the_organization() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    let nobody = Scope { sites: Sites::Only(Vec::new()), ..everybody() };
    let mut tx = world.tx().await;
    let it = daily::daily(&mut tx, &nobody, world.organization(), date("2026-03-10"), now(&world)).await.unwrap();
    assert!(it.work.iter().all(Work::is_idle) && it.sites.is_empty() && it.taken.is_none());
    assert_eq!((it.money.month, it.ahead.unwrap().open), (0, 0));
}
