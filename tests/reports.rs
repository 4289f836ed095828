//! The executive's quarter and the client's month on a real Postgres: every number is the one that the page shows for the
//! same days.
#![cfg(feature = "testing")]

use chrono::{DateTime, NaiveDate, Utc};
use muster::Error;
use muster::executive::{Executive, Filter, Kind, Metric, executive};
use muster::metrics::{Period, Quarter};
use muster::night::{self, Job};
use muster::people::{Scope, Sites};
use muster::portal::{Asked, portal};
use muster::reports::client_monthly::{self, Monthly};
use muster::reports::quarterly::{self, Quarterly};
use muster::reports::typeset;
use muster::testing::{World, database, date, moment, org};
use muster::units::{ClientId, SiteId};

fn executives() -> Scope {
    Scope { sites: Sites::All, only_worker: None, names: false }
}

fn now(world: &World) -> DateTime<Utc> {
    moment(world.organization().zone, date("2026-04-02"), "12:00")
}

/// Two sites, one of a client, with shifts, marks and rosters in three quarters.
async fn company(world: &World) -> SiteId {
    let client = world.client("Mill").await;
    let east = world.site("East #panic()").of(client).await;
    let mut team = Vec::new();
    for name in ["Ana", "Ben", "Cid", "Dia", "Eli", "Fay"] {
        team.push(world.worker(name).rate(50).await);
    }
    let mut away = Vec::new();
    for name in ["Gus", "Hal", "Ida", "Jon", "Kim"] {
        away.push(world.worker(name).at(east).rate(50).await);
    }
    for (day, works) in [("2025-03-03", 3), ("2025-11-04", 4), ("2026-01-05", 5), ("2026-02-10", 6), ("2026-03-30", 6)]
    {
        for (nth, worker) in team.iter().enumerate() {
            let shift = world.shift(*worker).on(day).hours("06:00", "14:00");
            let _ = if nth < works { shift.clocked_in("05:55").await } else { shift.no_show().await };
        }
        for worker in &away {
            world.shift(*worker).on(day).at(east).hours("06:00", "14:00").clocked_in("06:30").await;
        }
        world.shift(None).on(day).at(east).hours("14:00", "22:00").await;
        world.work_order(away[0]).at(east).on(day).opened("08:00").resolved("09:00").rated(4).await;
    }
    world.roster().from("2025-10-06").by_hand().costs(4_200, 100).await;
    world.roster().from("2026-01-05").took(60).costs(4_000, 100).await;
    world.roster().from("2026-03-02").took(20).costs(4_000, 100).await;
    world.roster().at(east).from("2026-03-30").took(30).costs(9_000, 100).await;
    night::run(world.db(), world.organization(), Job::WorkerDays, now(world), &|_| {}).await.unwrap();
    east
}

async fn report(world: &World, quarter: &str, site: Option<SiteId>, last: &str) -> muster::Result<Quarterly> {
    let quarter: Quarter = quarter.parse().unwrap();
    let mut tx = world.tx().await;
    quarterly::quarterly(&mut tx, &executives(), world.organization(), (quarter, site), date(last)).await
}

async fn page(world: &World, (from, to): (NaiveDate, NaiveDate), compare: &str, metric: Metric) -> Executive {
    let filter = Filter {
        from: Some(from.to_string()),
        to: Some(to.to_string()),
        compare: Some(compare.into()),
        metric: Some(metric.code().into()),
        ..Filter::default()
    };
    executive(&mut world.tx().await, &executives(), &filter, date("2026-04-01")).await.unwrap()
}

#[tokio::test]
async fn a_number_in_the_report_is_the_number_on_the_page() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    let it = report(&world, "2026-Q1", None, "2026-04-01").await.unwrap();
    let said = quarterly::document(&it, now(&world), world.organization().zone).text();
    let days = (it.span.period.first, it.span.period.last);
    assert_eq!(days, (date("2026-01-01"), date("2026-03-31")));
    let (mut compared, whole) = (0, [Kind::Compliance, Kind::FillRate, Kind::CustomerHealth]);
    for metric in Metric::RATES {
        let (previous, year) =
            (page(&world, days, "previous", metric).await, page(&world, days, "last_year", metric).await);
        let own = it.comparisons.iter().find(|one| one.metric == metric).unwrap();
        assert_eq!(*own, previous.comparison, "{metric:?}");
        for kind in whole {
            let at = |page: &Executive| page.numbers.iter().find(|number| number.kind == kind).unwrap().clone();
            let own = it.number(kind).unwrap();
            assert_eq!(own.it, at(&previous), "{kind:?}");
            assert_eq!(own.last_year, at(&year).before, "{kind:?}");
            let shown = kind.text(at(&previous).now.value(), "ZAR").replace('\u{a0}', " ");
            assert!(said.contains(&shown), "{kind:?} {shown} in {said}");
            compared += usize::from(own.it.now.value().is_some() && own.it.before.value().is_some());
        }
    }
    assert!(compared > 10, "there was something to compare: {compared}");
    let last = page(&world, (date("2025-10-01"), date("2025-12-31")), "previous", Metric::FillRate).await;
    let before = it.number(Kind::FillRate).unwrap().it.before.clone();
    assert_eq!(Some(before), last.numbers.iter().find(|one| one.kind == Kind::FillRate).map(|one| one.now.clone()));
    for name in ["Ana", "Ben", "Gus", "Kim"] {
        assert!(!said.contains(name), "nobody is named");
    }
    let pdf = typeset(&quarterly::document(&it, now(&world), world.organization().zone)).unwrap();
    assert!(pdf.accessible && pdf.pages >= 2);
}

#[tokio::test]
async fn savings_are_those_of_the_whole_quarter_by_hand() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    let it = report(&world, "2026-Q1", None, "2026-04-01").await.unwrap();
    // Three rosters, 110 minutes: 18 h − 1 h 50. At home an hour cost 42 by hand and 40 with Muster: 2 × 200.
    let hours = it.number(Kind::HoursSaved).unwrap().it.now.value().unwrap();
    assert!((hours - (18.0 - 110.0 / 60.0)).abs() < 1e-9, "{hours}");
    let time = ((18.0 - 110.0 / 60.0) * 5_000.0_f64).round() as i64;
    assert!((it.saved.time_cents.unwrap() - time).abs() <= 2);
    assert_eq!((it.saved.rosters, it.saved.timed, it.saved.roster_cents), (3, 3, Some(40_000)));
    let cost = it.number(Kind::CostSaved).unwrap().it.now.value().unwrap() as i64;
    assert_eq!(cost, it.saved.time_cents.unwrap() + it.saved.roster_cents.unwrap(), "the parts are the whole");
    // On the page savings are those of the month the period ends with: where that holds all rosters they are the same.
    let march = page(&world, (date("2026-03-01"), date("2026-03-31")), "previous", Metric::FillRate).await;
    assert!(march.numbers[0].now.value().unwrap() < cost as f64, "January's roster is not March's");
    assert_eq!(it.number(Kind::ActiveWorkers).unwrap().it.now.value(), Some(11.0));
}

#[tokio::test]
async fn an_open_quarter_ends_with_the_last_complete_day_and_a_future_one_is_refused() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    let it = report(&world, "2026-Q1", None, "2026-02-10").await.unwrap();
    assert!(it.span.is_open());
    assert_eq!((it.span.period.last, it.previous.days()), (date("2026-02-10"), 41));
    let same = page(&world, (date("2026-01-01"), date("2026-02-10")), "previous", Metric::FillRate).await;
    assert_eq!(it.number(Kind::FillRate).unwrap().it, same.numbers[3]);
    let said = quarterly::document(&it, now(&world), world.organization().zone).text();
    assert!(said.contains("! Q1 2026 has not ended: this report covers its first 41 of 90 days"), "{said}");
    let refused = report(&world, "2026-Q2", None, "2026-03-31").await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Q2 2026 has no complete day yet. The latest quarter with one is Q1 2026 (2026-Q1)."
    );
    assert!(matches!(refused, Error::Invalid(_)));
}

#[tokio::test]
async fn one_site_is_reported_alone_and_a_foreign_one_is_not_there() {
    let db = database().await;
    let world = org(&db).await;
    let east = company(&world).await;
    let rival = muster::testing::org_named(&db, "rival", chrono_tz::Africa::Johannesburg).await;
    let it = report(&world, "2026-Q1", Some(east), "2026-04-01").await.unwrap();
    assert_eq!(it.site.as_deref(), Some("East #panic()"));
    let document = quarterly::document(&it, now(&world), world.organization().zone);
    assert!(document.text().contains("; East #panic()") && !document.text().contains("Sites side by side"));
    assert!(typeset(&document).is_ok());
    let foreign = report(&world, "2026-Q1", Some(rival.home()), "2026-04-01").await;
    assert!(matches!(foreign, Err(Error::NotFound(_))));
    let outside = Scope { sites: Sites::Only(vec![world.home()]), ..executives() };
    let mut tx = world.tx().await;
    let asked = ("2026-Q1".parse().unwrap(), Some(east));
    let refused = quarterly::quarterly(&mut tx, &outside, world.organization(), asked, date("2026-04-01")).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}

#[tokio::test]
async fn a_company_without_facts_gets_a_report_that_says_so() {
    let db = database().await;
    let world = org(&db).await;
    let it = report(&world, "2026-Q1", None, "2026-04-01").await.unwrap();
    let document = quarterly::document(&it, now(&world), world.organization().zone);
    let said = document.text();
    assert!(said.contains("None of the numbers that have a target has data for this time."), "{said}");
    assert!(said.contains("Fill rate: n/a") && !said.contains("0.0 %"), "{said}");
    assert_eq!(typeset(&document).unwrap().pages, 1);
}

fn client(id: ClientId) -> Scope {
    Scope { sites: Sites::OfClient(id), only_worker: None, names: false }
}

/// A company of two clients, with incidents in three months, and the last day a report may know of.
async fn served(world: &World) -> (ClientId, SiteId, SiteId) {
    let east = company(world).await;
    let mut tx = world.tx().await;
    let mill: uuid::Uuid =
        sqlx::query_scalar("select client_id from sites where id = $1").bind(east.0).fetch_one(&mut *tx).await.unwrap();
    drop(tx);
    let others = world.client("Others").await;
    let foreign = world.site("Foreign").of(others).await;
    for day in ["2026-02-09", "2026-03-10", "2026-04-01"] {
        world.incident(None).at(east).on(day).await;
        world.incident(None).at(foreign).on(day).await;
    }
    world.incident(None).at(east).on("2026-03-11").resolved("2026-03-12").await;
    (ClientId(mill), east, foreign)
}

async fn month(world: &World, scope: &Scope, month: &str, site: Option<SiteId>) -> muster::Result<Monthly> {
    let asked = (month.parse().unwrap(), site);
    client_monthly::monthly(&mut world.tx().await, scope, world.organization(), asked, date("2026-04-01")).await
}

#[tokio::test]
async fn a_number_in_the_clients_month_is_the_number_on_the_portal() {
    let db = database().await;
    let world = org(&db).await;
    let (mill, east, _) = served(&world).await;
    let it = month(&world, &client(mill), "2026-03", None).await.unwrap();
    let days = Period { first: date("2026-03-01"), last: date("2026-03-31") };
    assert_eq!((it.span.period, it.span.previous.first), (days, date("2026-02-01")));
    let page = |days| {
        let (world, scope) = (&world, client(mill));
        async move { portal(&mut world.tx().await, &scope, None, Asked::period(days)).await.unwrap() }
    };
    let (own, shown) = (&it.portal, page(days).await);
    assert_eq!((own.total().0, &own.weeks, own.placed.0), (shown.total().0, &shown.weeks, shown.placed.0));
    // Five shifts on the one day of March that somebody worked, and one that nobody had.
    assert_eq!(own.total().0.fill, muster::units::Rate { hit: 5, of: 6 });
    let february = page(Period { first: date("2026-02-01"), last: date("2026-02-28") }).await;
    assert_eq!(own.total().1, february.total().0, "compared with the calendar month before");
    assert_eq!((own.incidents.happened, own.incidents.before), (2, 1));
    // February's and March's; that of April is not known to a report on March.
    assert_eq!((own.incidents.open, shown.incidents.open), (2, 3));
    assert_eq!(own.sites.iter().map(|site| (site.id, site.incidents, site.open)).collect::<Vec<_>>(), [(east, 2, 2)]);
    assert_eq!(own.incidents.listed.len(), 3);
    let said = client_monthly::document(&it, now(&world), world.organization().zone).text();
    assert!(said.contains("5 of 6 shifts were filled: 83.3 %") && said.contains("; Mill"), "{said}");
    assert!(!said.contains("Foreign"), "{said}");
    for name in ["Ana", "Gus", "Kim"] {
        assert!(!said.contains(name), "nobody is named: {said}");
    }
}

#[tokio::test]
async fn a_client_gets_the_months_of_its_own_sites_and_nobody_elses() {
    let db = database().await;
    let world = org(&db).await;
    let (mill, east, foreign) = served(&world).await;
    let one = month(&world, &client(mill), "2026-03", Some(east)).await.unwrap();
    assert_eq!(one.site.as_deref(), Some("East #panic()"));
    assert!(typeset(&client_monthly::document(&one, now(&world), world.organization().zone)).unwrap().accessible);
    let rival = muster::testing::org_named(&db, "rival", chrono_tz::Africa::Johannesburg).await;
    for site in [foreign, world.home(), rival.home()] {
        let refused = month(&world, &client(mill), "2026-03", Some(site)).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))));
    }
    let theirs = rival.client("Theirs").await;
    assert!(matches!(month(&world, &client(theirs), "2026-03", None).await, Err(Error::NotFound(_))));
    for scope in [executives(), Scope { sites: Sites::Only(vec![east]), ..executives() }] {
        assert!(matches!(month(&world, &scope, "2026-03", None).await, Err(Error::Forbidden(_))), "{scope:?}");
    }
    let open = month(&world, &client(mill), "2026-04", None).await.unwrap();
    assert!(open.span.is_open() && open.span.period.days() == 1);
    assert!(matches!(month(&world, &client(mill), "2026-05", None).await, Err(Error::Invalid(_))));
}
