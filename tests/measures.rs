//! Fill, compliance, savings and cost on a real Postgres, each worked out by hand; and which shift breaks which rule.
#![cfg(feature = "testing")]

use chrono::{DateTime, Utc};
use muster::metrics::Period;
use muster::metrics::dirty::mark_worker;
use muster::night::{self, Job};
use muster::operations::measures::{
    Costs, active_workers, breaches_by_rule, compliance, costs, fill_by_day, fill_by_site, savings,
};
use muster::people::{Scope, Sites};
use muster::testing::{Shift, World, database, date, moment, org, org_named};
use muster::units::Rate;

fn all() -> Scope {
    Scope { sites: Sites::All, only_worker: None, names: false }
}

fn period(first: &str, last: &str) -> Period {
    Period { first: date(first), last: date(last) }
}

fn march() -> Period {
    period("2026-03-01", "2026-03-31")
}

fn noon(world: &World, day: &str) -> DateTime<Utc> {
    moment(world.organization().zone, date(day), "12:00")
}

async fn night_of(world: &World, day: &str) {
    night::run(world.db(), world.organization(), Job::WorkerDays, noon(world, day), &|_| {}).await.unwrap();
}

/// The rules a shift breaks, with the minutes that go with them.
async fn broken(world: &World, shift: &Shift) -> String {
    let sql = "select coalesce(string_agg(rule || coalesce(' ' || minutes, ''), ', ' order by rule), '') from shift_breaches where shift_id = $1";
    sqlx::query_scalar(sql).bind(shift.id).fetch_one(&mut *world.tx().await).await.unwrap()
}

#[tokio::test]
async fn rest_is_elapsed_time_across_midnight() {
    let db = database().await;
    let world = org(&db).await;
    let (ana, ben) = (world.worker("Ana").await, world.worker("Ben").await);
    let first = world.shift(ana).on("2026-03-02").hours("22:00", "06:00").await;
    let early = world.shift(ana).on("2026-03-03").hours("17:30", "23:30").await;
    world.shift(ben).on("2026-03-02").hours("22:00", "06:00").await;
    let rested = world.shift(ben).on("2026-03-03").hours("18:00", "23:30").await;
    night_of(&world, "2026-03-09").await;
    assert_eq!(broken(&world, &first).await, "", "the later one of two is the breach");
    assert_eq!(broken(&world, &early).await, "rest 690");
    assert_eq!(broken(&world, &rested).await, "", "twelve hours are enough");
}

#[tokio::test]
async fn rest_is_elapsed_time_where_the_clocks_change() {
    let db = database().await;
    let world = org_named(&db, "north", chrono_tz::Europe::Amsterdam).await;
    let ana = world.worker("Ana").await;
    world.shift(ana).on("2026-03-28").hours("14:00", "22:00").await;
    let spring = world.shift(ana).on("2026-03-29").hours("10:00", "14:00").await;
    world.shift(ana).on("2026-10-24").hours("14:00", "22:00").await;
    let autumn = world.shift(ana).on("2026-10-25").hours("09:00", "14:00").await;
    night_of(&world, "2026-11-01").await;
    assert_eq!(broken(&world, &spring).await, "rest 660", "from ten to ten, but one hour was skipped");
    assert_eq!(broken(&world, &autumn).await, "", "from ten to nine, but one hour came twice");
}

#[tokio::test]
async fn fifty_five_hours_a_week_are_the_limit_and_the_week_begins_on_monday() {
    let db = database().await;
    let world = org(&db).await;
    let ana = world.worker("Ana").await;
    let mut last = None;
    for day in ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"] {
        last = Some(world.shift(ana).on(day).hours("06:00", "17:00").await);
    }
    night_of(&world, "2026-03-16").await;
    assert_eq!(broken(&world, &last.unwrap()).await, "", "five times eleven hours are 55");
    let sunday = world.shift(ana).on("2026-03-08").hours("08:00", "08:30").await;
    let monday = world.shift(ana).on("2026-03-09").hours("08:00", "16:00").await;
    let mut tx = world.tx().await;
    mark_worker(&mut tx, ana.0, date("2026-03-08")).await.unwrap();
    tx.commit().await.unwrap();
    night_of(&world, "2026-03-16").await;
    assert_eq!(broken(&world, &sunday).await, "weekly_hours 30");
    assert_eq!(broken(&world, &monday).await, "");
}

#[tokio::test]
async fn ten_hours_of_overtime_a_week_are_the_limit() {
    let db = database().await;
    let world = org(&db).await;
    let ana = world.worker("Ana").await;
    let at_limit = world.shift(ana).on("2026-03-02").hours("06:00", "18:00").overtime(600).await;
    let beyond = world.shift(ana).on("2026-03-04").hours("06:00", "14:00").overtime(15).await;
    night_of(&world, "2026-03-09").await;
    assert_eq!(broken(&world, &at_limit).await, "");
    assert_eq!(broken(&world, &beyond).await, "overtime_hours 15");
}

#[tokio::test]
async fn nobody_is_at_two_places_at_once_unless_one_was_cancelled() {
    let db = database().await;
    let world = org(&db).await;
    let (east, ana) = (world.site("EAST").await, world.worker("Ana").await);
    world.shift(ana).hours("06:00", "14:00").await;
    let second = world.shift(ana).at(east).hours("13:00", "21:00").await;
    let cancelled = world.shift(ana).on("2026-03-05").hours("06:00", "14:00").cancelled().await;
    let instead = world.shift(ana).on("2026-03-05").hours("08:00", "14:00").await;
    night_of(&world, "2026-03-09").await;
    assert_eq!(broken(&world, &second).await, "overlap 60");
    assert_eq!((broken(&world, &cancelled).await, broken(&world, &instead).await), (String::new(), String::new()));
}

#[tokio::test]
async fn skill_certification_and_registration_are_those_of_the_day() {
    let db = database().await;
    let world = org(&db).await;
    world.requires_certification("First aid", Some("guard")).await;
    world.requires_registration("guard").await;
    let ana = world.worker("Ana").skilled("guarding").registered("R1").await;
    let ben = world.worker("Ben").job_role("cleaner").await;
    let cas = world.worker("Cas").registered("R2").await;
    let dan = world.worker("Dan").await;
    world.certification(ana, "First aid", "2025-03-05", Some("2026-03-03")).await;
    world.certification(dan, "First aid", "2025-03-05", None).await;
    let last = world.shift(ana).on("2026-03-03").hours("22:00", "06:00").needs("guarding").await;
    let lapsed = world.shift(ana).on("2026-03-05").needs("driving").await;
    let cleaner = world.shift(ben).needs("cleaning").await;
    let never = world.shift(cas).await;
    let unlicensed = world.shift(dan).await;
    night_of(&world, "2026-03-09").await;
    assert_eq!(broken(&world, &last).await, "", "a night is of the day it starts");
    assert_eq!(broken(&world, &lapsed).await, "certification, skill");
    assert_eq!(broken(&world, &cleaner).await, "", "nothing is asked of cleaners, and no skill of Ben's is on record");
    assert_eq!(broken(&world, &never).await, "certification");
    assert_eq!(broken(&world, &unlicensed).await, "registration");
}

#[tokio::test]
async fn a_shift_given_to_somebody_else_breaks_nothing_any_more() {
    let db = database().await;
    let world = org(&db).await;
    let (ana, ben) = (world.worker("Ana").await, world.worker("Ben").await);
    world.shift(ana).on("2026-03-02").hours("14:00", "22:00").await;
    let early = world.shift(ana).on("2026-03-03").hours("06:00", "14:00").await;
    night_of(&world, "2026-03-09").await;
    assert_eq!(broken(&world, &early).await, "rest 480");
    let mut tx = world.tx().await;
    tx.run(format!("update shifts set worker_id = '{ben}' where id = '{}'", early.id)).await.unwrap();
    mark_worker(&mut tx, ana.0, early.day).await.unwrap();
    mark_worker(&mut tx, ben.0, early.day).await.unwrap();
    tx.commit().await.unwrap();
    night_of(&world, "2026-03-09").await;
    assert_eq!(broken(&world, &early).await, "");
}

#[tokio::test]
async fn shifts_to_come_are_judged_as_well() {
    let db = database().await;
    let world = org(&db).await;
    let ana = world.worker("Ana").await;
    world.shift(ana).on("2026-03-02").clocked_in("06:00").await;
    world.shift(ana).on("2026-03-12").hours("14:00", "22:00").await;
    let early = world.shift(ana).on("2026-03-13").hours("06:00", "14:00").await;
    night_of(&world, "2026-03-09").await;
    assert_eq!(broken(&world, &early).await, "rest 480");
}

#[tokio::test]
async fn a_roster_complies_when_no_shift_of_it_breaks_a_rule() {
    let db = database().await;
    let world = org(&db).await;
    let (east, client) = (world.site("EAST").await, world.client("Mall").await);
    let west = world.site("WEST").of(client).await;
    let (ana, ben) = (world.worker("Ana").await, world.worker("Ben").await);
    let (kept, tired, other) =
        (world.roster().await, world.roster().from("2026-03-09").await, world.roster().at(east).await);
    world.roster().at(west).proposed().await;
    world.shift(ana).on("2026-03-02").hours("06:00", "14:00").planned_in(kept).await;
    world.shift(ana).on("2026-03-09").hours("14:00", "22:00").planned_in(tired).await;
    world.shift(ana).on("2026-03-10").hours("06:00", "14:00").needs("any").planned_in(tired).await;
    world.shift(ben).on("2026-03-03").at(east).hours("06:00", "14:00").planned_in(other).await;
    // Posted by itself, and too early for Ben: no roster is to blame.
    world.shift(ben).on("2026-03-03").at(west).hours("15:00", "23:00").await;
    night_of(&world, "2026-03-20").await;

    let mut tx = world.tx().await;
    let sites = compliance(&mut tx, &all(), march()).await.unwrap();
    let of = |site| sites.iter().find(|row| row.site == site).copied().unwrap();
    assert_eq!(
        (of(world.home()).rosters, of(world.home()).breaching_shifts, of(world.home()).shifts),
        (Rate { hit: 1, of: 2 }, 1, 3)
    );
    assert_eq!((of(east).rosters, of(east).breaching_shifts, of(east).shifts), (Rate { hit: 1, of: 1 }, 0, 1));
    assert_eq!(
        (of(west).rosters.value(), of(west).breaching_shifts, of(west).shifts),
        (None, 1, 1),
        "a proposal is no roster"
    );
    let pooled = sites.iter().map(|row| row.rosters).reduce(std::ops::Add::add).unwrap();
    assert_eq!(pooled.value(), Some(2.0 / 3.0));
    assert_eq!(breaches_by_rule(&mut tx, &all(), march()).await.unwrap(), [("rest".to_owned(), 2)]);

    let of_client = Scope { sites: Sites::OfClient(client), ..all() };
    assert_eq!(compliance(&mut tx, &of_client, march()).await.unwrap(), [of(west)]);
    let nowhere = Scope { sites: Sites::Only(vec![]), ..all() };
    assert_eq!(compliance(&mut tx, &nowhere, march()).await.unwrap(), []);
    assert_eq!(breaches_by_rule(&mut tx, &nowhere, march()).await.unwrap(), []);
    assert_eq!(compliance(&mut tx, &all(), period("2026-04-01", "2026-04-30")).await.unwrap(), []);
}

#[tokio::test]
async fn the_fill_rate_is_a_sum_divided_once() {
    let db = database().await;
    let world = org(&db).await;
    let (east, ana) = (world.site("EAST").await, world.worker("Ana").await);
    world.shift(ana).on("2026-03-02").clocked_in("06:00").await;
    world.shift(None).on("2026-03-02").hours("14:00", "22:00").await;
    world.shift(None).on("2026-03-02").cancelled().await;
    world.shift(ana).on("2026-03-04").at(east).clocked_in("06:00").await;
    night_of(&world, "2026-03-09").await;
    let mut tx = world.tx().await;
    let sites = fill_by_site(&mut tx, &all(), march()).await.unwrap();
    let filled: Vec<(bool, Rate)> = sites.iter().map(|row| (row.site == east, row.filled)).collect();
    assert!(
        filled.contains(&(false, Rate { hit: 1, of: 2 })) && filled.contains(&(true, Rate { hit: 1, of: 1 })),
        "{filled:?}"
    );
    let days = fill_by_day(&mut tx, &all(), march()).await.unwrap();
    let days: Vec<(String, Rate)> = days.iter().map(|row| (row.day.to_string(), row.filled)).collect();
    assert_eq!(days, [("2026-03-02".into(), Rate { hit: 1, of: 2 }), ("2026-03-04".into(), Rate { hit: 1, of: 1 })]);
    let only_east = Scope { sites: Sites::Only(vec![east]), ..all() };
    assert_eq!(fill_by_day(&mut tx, &only_east, march()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn who_did_something_is_active_and_who_is_employed_is_counted() {
    let db = database().await;
    let world = org(&db).await;
    let (ana, ben) = (world.worker("Ana").await, world.worker("Ben").await);
    world.worker("Cas").left("2026-02-01").await;
    world.shift(ana).on("2026-03-02").clocked_in("06:00").await;
    world.shift(ana).on("2026-03-03").clocked_in("06:00").await;
    world.shift(ben).on("2026-03-03").no_show().await;
    night_of(&world, "2026-03-09").await;
    let mut tx = world.tx().await;
    let week = period("2026-03-02", "2026-03-08");
    assert_eq!(active_workers(&mut tx, &all(), week).await.unwrap(), Rate { hit: 1, of: 2 });
    let later = period("2026-05-01", "2026-05-07");
    assert_eq!(active_workers(&mut tx, &all(), later).await.unwrap().value(), None);
}

#[tokio::test]
async fn savings_are_measured_against_the_rosters_made_by_hand_or_what_is_set() {
    let db = database().await;
    let world = org(&db).await;
    let east = world.site("EAST").await;
    world.worker("Ana").rate(40).await;
    world.worker("Ben").rate(60).await;
    world.roster().from("2026-02-02").by_hand().took(300).costs(4_200, 100).await; // 42 an hour
    world.roster().from("2026-03-02").took(20).costs(4_000, 100).await; // 40 an hour: 200 saved
    world.roster().from("2026-03-09").costs(2_000, 50).await; // 100 saved; minutes not recorded
    world.roster().at(east).took(30).costs(9_000, 100).await; // nobody knows what it would have cost by hand
    world.roster().from("2026-03-16").proposed().costs(1, 100).await;
    let mut tx = world.tx().await;
    let saved = savings(&mut tx, &all(), march()).await.unwrap();
    assert_eq!((saved.rosters, saved.timed, saved.priced, saved.planning_minutes), (3, 2, 2, 60));
    assert_eq!(saved.hours(), Some(17.0)); // 3 × 6 h − 1 h
    assert_eq!((saved.baselines.planner_rate_cents, saved.baselines.planner_rate_is_set), (Some(5_000), false));
    assert_eq!((saved.time_cents(), saved.roster_cents(), saved.cents()), (Some(85_000), Some(30_000), Some(115_000)));
    assert_eq!(savings(&mut tx, &all(), period("2026-02-01", "2026-02-28")).await.unwrap().cents(), None);

    tx.run("insert into roster_baselines (org_id, manual_hours, planner_rate, manual_extra_percent, changed_at) values (current_org(), 4, 100, 10, now())".into()).await.unwrap();
    let saved = savings(&mut tx, &all(), march()).await.unwrap();
    assert_eq!((saved.hours(), saved.time_cents()), (Some(11.0), Some(110_000)));
    assert_eq!((saved.priced, saved.roster_cents()), (3, Some(150_000)), "ten per cent of 15,000");
    assert!(saved.baselines.planner_rate_is_set);
}

#[tokio::test]
async fn cost_stands_beside_the_budget_of_its_site_and_month() {
    let db = database().await;
    let world = org(&db).await;
    let (east, ana) = (world.site("EAST").await, world.worker("Ana").await);
    world.shift(ana).on("2026-03-02").clocked_in("06:00").pay(800).await;
    world.shift(ana).on("2026-03-04").at(east).clocked_in("06:00").pay(500).await;
    world.shift(ana).on("2026-03-06").no_show().pay(900).await;
    world.shift(ana).on("2026-04-01").clocked_in("06:00").pay(700).await;
    let mut tx = world.tx().await;
    let home = world.home();
    tx.run(format!(
        "insert into budgets values (current_org(), '{home}', '2026-03-01', 'regular', 1550), (current_org(), '{home}', '2026-03-01', 'other', 0.31)"
    ))
    .await
    .unwrap();
    tx.run(format!(
        "insert into other_costs values (current_org(), gen_random_uuid(), 'O1', '{home}', '2026-03-05', 'radios', 12.34), (current_org(), gen_random_uuid(), 'O2', '{home}', '2026-03-25', 'radios', 1)"
    ))
    .await
    .unwrap();
    tx.commit().await.unwrap();
    night_of(&world, "2026-04-10").await;
    let mut tx = world.tx().await;
    let months = costs(&mut tx, &all(), period("2026-03-01", "2026-03-10")).await.unwrap();
    let of = |site| *months.iter().find(|row| row.site == site).unwrap();
    assert_eq!(of(home).actual, Costs { regular: 80_000, other: 1_234, ..Costs::default() }, "a no-show is not paid");
    assert_eq!((of(home).budget.unwrap().total(), of(home).days), (155_031, Rate { hit: 10, of: 31 }));
    assert_eq!(of(home).budget_to_date(), Some(50_010));
    assert_eq!((of(east).actual.total(), of(east).budget, of(east).budget_to_date()), (50_000, None, None));
    let both = costs(&mut tx, &all(), period("2026-03-20", "2026-04-05")).await.unwrap();
    let of_home: Vec<(String, i64, i64)> = both
        .iter()
        .filter(|row| row.site == home)
        .map(|row| (row.month.to_string(), row.actual.total(), row.days.hit))
        .collect();
    assert_eq!(of_home, [("2026-03-01".into(), 100, 12), ("2026-04-01".into(), 70_000, 5)]);
}

#[tokio::test]
async fn another_organization_has_figures_of_its_own() {
    let db = database().await;
    let (ours, theirs) = (org(&db).await, org_named(&db, "rival", chrono_tz::Europe::Berlin).await);
    let bob = theirs.worker("Bob").await;
    let roster = theirs.roster().costs(100, 8).await;
    theirs.shift(bob).planned_in(roster).clocked_in("06:00").await;
    night_of(&theirs, "2026-03-09").await;
    let mut tx = ours.tx().await;
    assert_eq!(fill_by_site(&mut tx, &all(), march()).await.unwrap(), []);
    assert_eq!(compliance(&mut tx, &all(), march()).await.unwrap(), []);
    assert_eq!(costs(&mut tx, &all(), march()).await.unwrap(), []);
    assert_eq!(savings(&mut tx, &all(), march()).await.unwrap().hours(), None);
}
