//! Running sums on a real Postgres: whatever is asked, it is what the days say, however often and late they were built.
#![cfg(feature = "testing")]

use chrono::{DateTime, Days, NaiveDate, Utc};
use muster::executive::{Facts, Metric};
use muster::metrics::Period;
use muster::metrics::dirty::{mark_everybody, mark_worker};
use muster::night::{self, Job};
use muster::operations::measures;
use muster::operations::running::{self, Asking, Sums, Which};
use muster::people::{Scope, Sites};
use muster::testing::{World, database, date, moment, org};
use muster::units::{Rate, SiteId, WorkerId};

fn noon(world: &World, day: &str) -> DateTime<Utc> {
    moment(world.organization().zone, date(day), "12:00")
}

async fn night_of(world: &World, day: &str) {
    night::run(world.db(), world.organization(), Job::WorkerDays, noon(world, day), &|_| {}).await.unwrap();
}

fn period(first: &str, last: &str) -> Period {
    Period { first: date(first), last: date(last) }
}

fn everywhere() -> Scope {
    Scope { sites: Sites::All, only_worker: None, names: false }
}

async fn of(world: &World, site: SiteId, asked: Period) -> Sums {
    let found = running::in_periods(&mut world.tx().await, None, &[asked], Which::All).await.unwrap();
    found.get(&site).map(|sums| sums[0]).unwrap_or_default()
}

async fn rows(world: &World) -> Vec<String> {
    let mut all = Vec::new();
    for table in ["site_running_sums", "site_week_people", "site_columns"] {
        let sql = format!("select t::text from {table} t where t::text not like '%site_id%' order by 1");
        let mut tx = world.tx().await;
        let found: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *tx).await.unwrap();
        all.extend(found);
    }
    all
}

/// Three people over a change of year, one of whom moves to another site and one of whom leaves.
async fn company(world: &World) -> (SiteId, [WorkerId; 3]) {
    let east = world.site("East").await;
    let (ana, ben) = (world.worker("Ana").rate(50).await, world.worker("Ben").rate(60).await);
    let cid = world.worker("Cid").at(east).left("2026-01-07").await;
    for day in date("2025-12-29").iter_days().take(14) {
        world.shift(ana).on_day(day).hours("06:00", "14:00").clocked_in("05:55").await;
        let shift = world.shift(ben).on_day(day).hours("06:00", "14:00");
        let _ = if day < date("2026-01-03") { shift.clocked_in("06:20").await } else { shift.no_show().await };
    }
    world.shift(cid).on("2026-01-06").at(east).hours("06:00", "14:00").clocked_in("05:58").await;
    world.work_order(cid).at(east).on("2026-01-06").opened("08:00").resolved("09:00").rated(4).await;
    world.incident(ana).on("2026-01-06").await;
    world.roster().from("2025-12-29").by_hand().costs(4_200, 100).await;
    world.roster().from("2026-01-05").took(20).costs(4_000, 100).await;
    (east, [ana, ben, cid])
}

#[tokio::test]
async fn a_period_is_worked_out_by_hand() {
    let db = database().await;
    let world = org(&db).await;
    let (east, _) = company(&world).await;
    night_of(&world, "2026-01-12").await;
    let week = of(&world, world.home(), period("2026-01-01", "2026-01-07")).await;
    assert_eq!((week.scheduled, week.attended, week.on_time, week.ncns), (14, 9, 7, 5));
    // Two mornings of 20 minutes, of which five are grace in counting who is late, and none in how much.
    assert_eq!(week.late_minutes * week.late_minutes, 2 * week.late_squares, "two equal delays");
    assert_eq!((week.people, week.staffed_days), (14, 7));
    assert_eq!((week.incidents, week.shifts_total, week.paid_shifts), (1, 14, 9));
    assert_eq!((week.rosters, week.rosters_clean, week.made, week.made_minutes), (1, 1, 1, 20));
    assert_eq!((week.made_cost_cents, week.manual_cost_cents), (400_000, 0));
    let ever = of(&world, world.home(), Period { first: NaiveDate::MIN, last: date("2026-01-07") }).await;
    assert_eq!((ever.manual_cost_cents, ever.manual_work_minutes), (420_000, 6_000));
    let east = of(&world, east, period("2026-01-06", "2026-01-07")).await;
    assert_eq!((east.leavers, east.ratings, east.rating_points, east.rating_squares), (1, 1, 4, 16));
}

#[tokio::test]
async fn a_metric_names_every_sum_it_reads() {
    let db = database().await;
    let world = org(&db).await;
    let (east, _) = company(&world).await;
    night_of(&world, "2026-01-12").await;
    let asked = [period("2025-12-29", "2026-01-11")];
    let mut told = 0;
    for metric in Metric::ALL {
        for site in [world.home(), east] {
            let tx = &mut world.tx().await;
            let all = running::in_periods(tx, None, &asked, Which::All).await.unwrap()[&site][0];
            let only = running::in_periods(tx, None, &asked, Which::Only(metric.sums())).await.unwrap()[&site][0];
            assert_eq!(metric.of(&Facts::from(&only)), metric.of(&Facts::from(&all)), "{metric:?}");
            told += i32::from(metric.of(&Facts::from(&all)).rate.of > 0);
        }
    }
    assert!(told > 12, "{told}: the company does too little");
}

#[tokio::test]
async fn several_questions_at_once_have_the_answers_of_each_alone() {
    let db = database().await;
    let world = org(&db).await;
    let (east, _) = company(&world).await;
    night_of(&world, "2026-01-12").await;
    let (year, week) = (period("2025-01-01", "2026-01-11"), period("2026-01-05", "2026-01-11"));
    let tomorrow = period("2026-01-12", "2026-01-12");
    let asked = [
        Asking { periods: vec![week, year], which: Which::All },
        Asking { periods: vec![week, tomorrow], which: Which::Rosters },
        Asking { periods: vec![], which: Which::All },
    ];
    let tx = &mut world.tx().await;
    let together = running::answers(tx, Some(&[east.0]), &asked).await.unwrap();
    for (asking, answer) in asked.iter().zip(&together) {
        let alone = running::in_periods(tx, Some(&[east.0]), &asking.periods, asking.which).await.unwrap();
        assert_eq!(*answer, alone);
        assert!(answer.keys().all(|site| *site == east), "only of the sites asked for");
    }
    assert_eq!((together[0][&east][0].ratings, together[0][&east][1].ratings), (1, 1));
    assert_eq!(together[1][&east][1], Sums::default(), "a day that is not built adds nothing");
}

#[tokio::test]
async fn people_of_a_week_so_far_are_counted_once() {
    let db = database().await;
    let world = org(&db).await;
    let (east, _) = company(&world).await;
    night_of(&world, "2026-01-12").await;
    let days = [date("2026-01-05"), date("2026-01-09")];
    let people = running::week_people(&mut world.tx().await, None, days).await.unwrap();
    assert_eq!(people[&world.home()], [Rate { hit: 1, of: 2 }; 2], "Ana came every day, Ben on none");
    assert_eq!(
        people[&east],
        [Rate { hit: 0, of: 1 }, Rate { hit: 1, of: 1 }],
        "who has left still counts in the week"
    );
    for day in days {
        let so_far = Period { first: days[0], last: day };
        let live = measures::active_workers(&mut world.tx().await, &everywhere(), so_far).await.unwrap();
        let sum = people.values().map(|rates| rates[usize::from(day == days[1])]).fold(Rate::default(), |a, b| a + b);
        assert_eq!(live, sum, "{day}");
    }
}

#[tokio::test]
async fn built_again_late_or_night_by_night_they_are_the_same_bytes() {
    let db = database().await;
    let (at_once, nightly) =
        (org(&db).await, muster::testing::org_named(&db, "nightly", chrono_tz::Africa::Johannesburg).await);
    let ids = |rows: Vec<String>| {
        // Ids differ between the two; the days and numbers must not.
        rows.iter()
            .map(|row| {
                row.split(',').filter(|part| !part.contains('-') || part.len() < 12).collect::<Vec<_>>().join(",")
            })
            .collect::<Vec<_>>()
    };
    let mut sorted = Vec::new();
    for world in [&at_once, &nightly] {
        let (_, [ana, ..]) = company(world).await;
        if world.org() == nightly.org() {
            for day in date("2026-01-01").iter_days().take(12) {
                night_of(world, &day.to_string()).await;
            }
        } else {
            night_of(world, "2026-01-12").await;
        }
        let first = rows(world).await;
        let mut tx = world.tx().await;
        mark_everybody(&mut tx, period("2025-12-29", "2026-01-11")).await.unwrap();
        tx.commit().await.unwrap();
        night_of(world, "2026-01-12").await;
        assert_eq!(rows(world).await, first, "a second run changes nothing");
        // A fact of long ago is corrected: a shift given back.
        let mut tx = world.tx().await;
        sqlx::query("update shifts set state = 'cancelled' where worker_id = $1 and day = '2025-12-30'")
            .bind(ana.0)
            .execute(&mut *tx)
            .await
            .unwrap();
        mark_worker(&mut tx, ana.0, date("2025-12-30")).await.unwrap();
        tx.commit().await.unwrap();
        night_of(world, "2026-01-12").await;
        assert_ne!(rows(world).await, first);
        let mut found = ids(rows(world).await);
        found.sort();
        sorted.push(found);
    }
    assert_eq!(sorted[0], sorted[1]);
}

#[tokio::test]
async fn every_period_is_the_sum_of_its_team_days() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    night_of(&world, "2026-01-12").await;
    for first in 0..16u64 {
        for days in 1..16u64 {
            let asked = Period::ending(date("2025-12-28") + Days::new(first + days), days);
            let sum = of(&world, world.home(), asked).await;
            let mut tx = world.tx().await;
            let (attended, shifts): (i64, i64) = sqlx::query_as(
                "select coalesce(sum(attended), 0)::bigint, coalesce(sum(shifts_total), 0)::bigint from team_daily_metrics
                 where site_id = $1 and day between $2 and $3",
            )
            .bind(world.home().0)
            .bind(asked.first)
            .bind(asked.last)
            .fetch_one(&mut *tx)
            .await
            .unwrap();
            assert_eq!((sum.attended, sum.shifts_total), (attended, shifts), "{asked:?}");
        }
    }
}

#[tokio::test]
async fn a_roster_that_is_confirmed_late_counts_from_the_next_night() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    world.roster().from("2026-01-05").proposed().took(30).costs(100, 10).await;
    night_of(&world, "2026-01-12").await;
    let asked = period("2026-01-05", "2026-01-11");
    assert_eq!(of(&world, world.home(), asked).await.made, 1);
    let mut tx = world.tx().await;
    sqlx::query("update rosters set confirmed_at = generated_at").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    night_of(&world, "2026-01-12").await;
    assert_eq!(of(&world, world.home(), asked).await.made, 2);
}

#[tokio::test]
async fn what_an_earlier_version_built_is_summed_from_its_first_day() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    night_of(&world, "2026-01-12").await;
    let whole = rows(&world).await;
    let mut tx = world.tx().await;
    for sql in [
        "delete from site_running_sums",
        "delete from site_week_people",
        "update team_daily_metrics set late_squares = 0, leavers = 0",
    ] {
        sqlx::query(sql).execute(&mut *tx).await.unwrap();
    }
    mark_everybody(&mut tx, period("2026-01-11", "2026-01-11")).await.unwrap();
    tx.commit().await.unwrap();
    night_of(&world, "2026-01-12").await;
    assert_eq!(rows(&world).await, whole);
}
