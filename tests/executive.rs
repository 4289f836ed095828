//! The executive's page on a real Postgres: each number worked out by hand, and each the sum of the sites it opens.
#![cfg(feature = "testing")]

use chrono::{DateTime, NaiveDate, Utc};
use muster::Error;
use muster::executive::{By, Compare, Executive, Filter, Kind, Light, Metric, Place, executive};
use muster::metrics::Period;
use muster::night::{self, Job};
use muster::people::{Scope, Sites};
use muster::testing::{World, database, date, moment, org};
use muster::units::{Rate, SiteId};

fn executives() -> Scope {
    Scope { sites: Sites::All, only_worker: None, names: false }
}

fn at(site: SiteId) -> Scope {
    Scope { sites: Sites::Only(vec![site]), only_worker: None, names: true }
}

fn noon(world: &World, day: &str) -> DateTime<Utc> {
    moment(world.organization().zone, date(day), "12:00")
}

async fn night_of(world: &World, day: &str) {
    night::run(world.db(), world.organization(), Job::WorkerDays, noon(world, day), &|_| {}).await.unwrap();
}

async fn page(world: &World, scope: &Scope, filter: &Filter, last: &str) -> Executive {
    executive(&mut world.tx().await, scope, filter, date(last)).await.unwrap()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn march() -> Filter {
    Filter { from: some("2026-03-01"), to: some("2026-03-31"), ..Filter::default() }
}

/// Three sites: home, and two of a client. Six work at home, one at each of the others.
async fn company(world: &World) -> (SiteId, SiteId) {
    let client = world.client("Mill").await;
    let (east, west) = (world.site("East").of(client).await, world.site("West").of(client).await);
    let mut team = Vec::new();
    for name in ["Ana", "Ben", "Cid", "Dia", "Eli", "Fay"] {
        team.push(world.worker(name).rate(50).await);
    }
    let (gus, hal) = (world.worker("Gus").at(east).rate(50).await, world.worker("Hal").at(west).rate(50).await);
    for (day, works) in [("2026-02-16", 4), ("2026-03-02", 5), ("2026-03-03", 6), ("2026-03-30", 6)] {
        for (nth, worker) in team.iter().enumerate() {
            let shift = world.shift(*worker).on(day).hours("06:00", "14:00");
            let _ = if nth < works { shift.clocked_in("05:55").await } else { shift.no_show().await };
        }
        world.shift(gus).on(day).at(east).hours("06:00", "14:00").clocked_in("05:55").await;
        world.shift(hal).on(day).at(west).hours("06:00", "14:00").clocked_in("06:30").await;
    }
    world.shift(None).on("2026-03-03").at(west).hours("14:00", "22:00").await;
    world.work_order(gus).at(east).on("2026-03-03").opened("08:00").resolved("09:00").rated(5).await;
    world.work_order(hal).at(west).on("2026-03-03").opened("08:00").resolved("09:00").rated(2).await;
    world.roster().from("2026-02-02").by_hand().costs(4_200, 100).await;
    world.roster().from("2026-02-23").took(60).costs(4_000, 100).await;
    world.roster().from("2026-03-02").took(20).costs(4_000, 100).await;
    world.roster().from("2026-03-30").took(300).costs(4_000, 100).await;
    world.roster().at(east).from("2026-03-30").took(30).costs(9_000, 100).await;
    night_of(world, "2026-04-01").await;
    (east, west)
}

fn value(page: &Executive, kind: Kind) -> Option<f64> {
    page.numbers.iter().find(|number| number.kind == kind).unwrap().now.value()
}

#[tokio::test]
async fn the_six_numbers_are_worked_out_by_hand() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    let page = page(&world, &executives(), &march(), "2026-03-31").await;
    let kinds: Vec<Kind> = page.numbers.iter().map(|number| number.kind).collect();
    assert_eq!(kinds, Kind::ALL);
    // March: 3 rosters, 350 minutes: 18 h − 5 h 50; × 50. The two at home would have cost 42 an hour by hand: 2 × 200.
    let saved = (18.0 - 350.0 / 60.0) * 5_000.0 + 40_000.0;
    assert!((value(&page, Kind::CostSaved).unwrap() - saved).abs() <= 2.0, "{:?}", value(&page, Kind::CostSaved));
    // The week of the 30th: 12 h − 5 h 30.
    assert_eq!(value(&page, Kind::HoursSaved), Some(6.5));
    let hours = &page.numbers[1];
    assert_eq!((hours.period.first, hours.previous_period.first), (date("2026-03-30"), date("2026-03-23")));
    assert_eq!(hours.light, Some(Light::OffTarget), "two rosters should save 11 h 40 min");
    assert_eq!(value(&page, Kind::Compliance), Some(1.0));
    // Three days of eight shifts, and the open one.
    assert_eq!(value(&page, Kind::FillRate), Some(24.0 / 25.0));
    assert_eq!(page.numbers[3].light, Some(Light::OnTarget));
    assert_eq!(value(&page, Kind::ActiveWorkers), Some(8.0));
    assert_eq!((page.numbers[4].target, page.numbers[4].light), (None, None));
    // Fill of the client's sites 6/7 = 85.71, marks 5 and 2: 5 of 8 = 62.5; before, fill 100: the trend is 50 − 5 × 14.29 → 0.
    let health = (35.0 * 600.0 / 7.0 + 20.0 * 62.5) / 75.0;
    assert!((value(&page, Kind::CustomerHealth).unwrap() - health).abs() < 1e-9);
    assert_eq!(page.numbers[5].lines.len(), 1, "one client");
    assert_eq!(page.baselines.manual_hours, 6.0);
}

#[tokio::test]
async fn a_tile_is_what_its_sites_add_up_to_for_any_filter() {
    let db = database().await;
    let world = org(&db).await;
    let (east, west) = company(&world).await;
    let periods = [
        ("", ""),
        ("2026-03-01", "2026-03-31"),
        ("2026-03-02", "2026-03-03"),
        ("2026-02-01", "2026-03-30"),
        ("2020-01-01", "2020-01-31"),
    ];
    let mut compared = 0;
    for (from, to) in periods {
        for compare in ["", "previous", "last_year"] {
            for metric in Metric::ALL {
                let filter = Filter {
                    from: some(from).filter(|text| !text.is_empty()),
                    to: some(to).filter(|text| !text.is_empty()),
                    compare: some(compare),
                    metric: some(metric.code()),
                    ..Filter::default()
                };
                let all = page(&world, &executives(), &filter, "2026-03-31").await;
                let sites = [
                    page(&world, &at(world.home()), &filter, "2026-03-31").await,
                    page(&world, &at(east), &filter, "2026-03-31").await,
                    page(&world, &at(west), &filter, "2026-03-31").await,
                ];
                for (nth, number) in all.numbers.iter().enumerate() {
                    let sum = sites.iter().map(|site| site.numbers[nth].now.clone()).reduce(|sum, more| sum + more);
                    let before =
                        sites.iter().map(|site| site.numbers[nth].before.clone()).reduce(|sum, more| sum + more);
                    assert_eq!(
                        (Some(&number.now), Some(&number.before)),
                        (sum.as_ref(), before.as_ref()),
                        "{filter:?}"
                    );
                    compared += usize::from(number.now.value().is_some());
                }
                let total = all.comparison.sites.iter().fold(Rate::default(), |sum, site| sum + site.rate);
                let each = sites.iter().fold(Rate::default(), |sum, site| sum + site.comparison.total);
                assert_eq!((all.comparison.total, all.comparison.total), (total, each), "{filter:?}");
                let tile = match metric {
                    Metric::FillRate => Some(Kind::FillRate),
                    Metric::Compliance => Some(Kind::Compliance),
                    _ => None,
                };
                if let Some(kind) = tile {
                    assert_eq!(value(&all, kind), all.comparison.total.value(), "the tile is the comparison's total");
                }
            }
        }
    }
    assert!(compared > 200, "there was something to compare: {compared}");
}

#[tokio::test]
async fn few_people_are_not_told_apart_without_names() {
    let db = database().await;
    let world = org(&db).await;
    let south = world.site("South").await;
    for name in ["Ida", "Jon", "Kim"] {
        let worker = world.worker(name).at(south).await;
        world.shift(worker).on("2026-03-03").at(south).hours("06:00", "14:00").clocked_in("05:55").await;
    }
    let (east, _) = company(&world).await;
    let filter = Filter { metric: some("attendance"), ..march() };
    let shown = page(&world, &executives(), &filter, "2026-03-31").await;
    let places: Vec<Place> = shown.comparison.sites.iter().map(|site| site.place).collect();
    assert_eq!(places, [Place::Site(world.home()), Place::Small(3)], "three, one and one are five together");
    assert_eq!(shown.comparison.sites[0].rate, Rate { hit: 17, of: 18 });
    assert_eq!(shown.comparison.sites[1].rate, Rate { hit: 9, of: 9 });
    assert!(shown.trends.iter().all(|trend| trend.site == world.home()));
    let active: Vec<Option<Place>> = shown.numbers[4].lines.iter().map(|line| line.place).collect();
    assert_eq!(active, [Some(Place::Site(world.home())), Some(Place::Small(3))]);
    let named = executive(&mut world.tx().await, &at(east), &filter, date("2026-03-31")).await.unwrap();
    assert_eq!(named.comparison.sites[0].place, Place::Site(east));
}

#[tokio::test]
async fn a_line_of_one_or_two_people_is_shown_only_with_others() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    let filter = Filter { metric: some("attendance"), ..march() };
    let shown = page(&world, &executives(), &filter, "2026-03-31").await;
    let lines: Vec<_> = shown.comparison.sites.iter().map(|site| (site.place, site.rate)).collect();
    assert_eq!(
        lines,
        [(Place::Small(3), Rate { hit: 23, of: 24 })],
        "one and one would be two: six more stand with them"
    );
    assert!(shown.trends.is_empty());
    let active: Vec<Option<Place>> = shown.numbers[4].lines.iter().map(|line| line.place).collect();
    assert_eq!(active, [Some(Place::Small(3))]);
}

#[tokio::test]
async fn of_a_kind_of_site_where_too_few_work_nothing_is_told_that_is_about_people() {
    let db = database().await;
    let world = org(&db).await;
    let steel = world.site("Steel").vertical("steel").await;
    let ida = world.worker("Ida").at(steel).rate(50).await;
    for day in ["2026-03-02", "2026-03-03"] {
        world.shift(ida).on(day).at(steel).hours("06:00", "14:00").no_show().await;
    }
    company(&world).await;
    let of_steel = |metric| Filter { vertical: some("steel"), metric: some(metric), ..march() };
    let shown = page(&world, &executives(), &of_steel("attendance"), "2026-03-31").await;
    assert!(shown.comparison.withheld && shown.comparison.sites.is_empty() && shown.trends.is_empty());
    assert_eq!((shown.comparison.total, shown.impact), (Rate::default(), None));
    let filled = page(&world, &executives(), &of_steel("fill_rate"), "2026-03-31").await;
    assert!(
        !filled.comparison.withheld && filled.comparison.total.of > 0,
        "whether shifts are filled is about no person"
    );
}

#[tokio::test]
async fn only_what_lies_beyond_chance_is_called_out() {
    let db = database().await;
    let world = org(&db).await;
    let (small, bad) = (world.site("Small").await, world.site("Bad").await);
    // Five shifts with one open, five hundred with 60 open, the rest such that 5 % are open in all.
    fill(&world, small, 4, 5).await;
    fill(&world, bad, 440, 500).await;
    fill(&world, world.home(), 9_056, 9_495).await;
    let page = page(&world, &executives(), &march(), "2026-03-31").await;
    assert_eq!(page.comparison.total.value(), Some(0.95));
    let called_out: Vec<Place> = page.comparison.called_out().map(|site| site.place).collect();
    assert_eq!(called_out, [Place::Site(bad)]);
    let figure = muster::executive::figures::funnel(&page.comparison, "ZAR");
    let sentence = muster::charts::sentence(&figure);
    assert_eq!(
        sentence,
        "All sites together: 95.0\u{a0}%. 1 of 3 outside what chance explains: Bad, 500 (88.0\u{a0}%)."
    );
    let lowest = page.comparison.ordered(By::Rate, false)[0].place;
    assert_eq!(lowest, Place::Site(small), "though its rate is lower still");
}

/// A day of a site with so many shifts filled.
async fn fill(world: &World, site: SiteId, filled: i32, of: i32) {
    let mut columns = String::from("org_id, day, site_id, shifts_total, shifts_filled");
    let mut values = String::from("$1, $2, $3, $4, $5");
    for column in [
        "headcount",
        "active_workers",
        "scheduled",
        "attended",
        "on_time",
        "ncns",
        "late_minutes",
        "geofence_checked",
        "geofence_inside",
        "tasks_due",
        "tasks_completed",
        "tasks_sla_judged",
        "tasks_sla_hit",
        "tours_planned",
        "tours_completed",
        "checkpoints_planned",
        "checkpoints_visited",
        "checkpoints_on_time",
        "orders_closed",
        "orders_sla_judged",
        "orders_sla_hit",
        "incidents",
        "attributable",
        "minutes_regular",
        "minutes_overtime",
        "pay",
        "bpi_n",
    ] {
        columns.push_str(", ");
        columns.push_str(column);
        values.push_str(", 0");
    }
    let sql = format!("insert into team_daily_metrics ({columns}) values ({values})");
    let mut tx = world.tx().await;
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(world.org().0)
        .bind(date("2026-03-10"))
        .bind(site.0)
        .bind(of)
        .bind(filled)
        .execute(&mut *tx)
        .await
        .unwrap();
    muster::operations::running::rebuild(&mut tx, Period { first: date("2026-03-10"), last: date("2026-03-31") })
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_year_ago_is_the_same_dates_and_trends_end_with_the_period() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    let filter = Filter { compare: some("last_year"), ..march() };
    let last_year = page(&world, &executives(), &filter, "2026-03-31").await;
    assert_eq!(last_year.asked.compare, Compare::LastYear);
    assert_eq!((last_year.asked.before.first, last_year.asked.before.last), (date("2025-03-01"), date("2025-03-31")));
    assert!(last_year.comparison.sites.iter().all(|site| site.change().is_none()), "nothing is on record of then");
    let weeks = &last_year.trends[0].weeks;
    let filled: Vec<i64> = weeks.iter().map(|week| week.of).collect();
    assert_eq!(filled.len(), 12);
    assert!(filled[11] > 0, "the week that ends on the period's last day: {filled:?}");
    let days: Vec<NaiveDate> = last_year.fill_days.iter().map(|(day, _)| *day).collect();
    assert_eq!((days[0], days[6]), (date("2026-03-25"), date("2026-03-31")));
    assert_eq!(last_year.fill_days[5].1, Some(1.0));
}

#[tokio::test]
async fn an_empty_company_has_no_numbers_and_no_bad_news() {
    let db = database().await;
    let world = org(&db).await;
    let page = page(&world, &executives(), &Filter::default(), "2026-03-31").await;
    assert!(page.numbers.iter().all(|number| number.now.value().is_none() && number.lines.is_empty()));
    assert!(page.numbers.iter().all(|number| number.light.is_none_or(|light| light == Light::NoData)));
    assert_eq!((page.comparison.sites.len(), page.comparison.idle, page.trends.len()), (0, 1, 0));
    let nonsense = Filter { metric: some("salary"), ..Filter::default() };
    let answer = executive(&mut world.tx().await, &executives(), &nonsense, date("2026-03-31")).await;
    assert!(matches!(answer, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn another_company_does_not_count() {
    let db = database().await;
    let world = org(&db).await;
    let rival = muster::testing::org_named(&db, "rival", chrono_tz::Africa::Johannesburg).await;
    company(&rival).await;
    let page = page(&world, &executives(), &march(), "2026-03-31").await;
    assert!(page.numbers.iter().all(|number| number.now.value().is_none()));
    assert_eq!(page.comparison.sites, []);
}
