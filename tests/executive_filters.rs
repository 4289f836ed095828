//! Whatever is asked of the executive's page over a simulated company: a tile equals what it opens, the sites' own pages,
//! the teams' pages and what the facts say without any roll-up.
#![cfg(feature = "testing")]

use chrono::{DateTime, Days, NaiveDate, Utc};
use muster::executive::{Amount, Executive, Facts, Filter, Kind, Metric, Place, Sample, executive};
use muster::intake::{Source, Table, load};
use muster::me;
use muster::metrics::Period;
use muster::night::{self, Job};
use muster::operations::measures;
use muster::people::{Organization, Role, Scope, Sites, accounts, sites_in};
use muster::simulation::{Company, Plan, Scale, Simulation, found};
use muster::team::{self, RosterFilter, Viewer};
use muster::testing::{TestDatabase, database};
use muster::units::{Rate, SiteId, UserId};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// Filters that are tried.
const TRIED: usize = 40;

fn now() -> DateTime<Utc> {
    "2026-03-18T06:00:00Z".parse().unwrap()
}

fn last() -> NaiveDate {
    "2026-03-17".parse().unwrap()
}

/// Half a year of six sites, with what the page is made of, and its night.
async fn company(db: &TestDatabase) -> Organization {
    let org = found(db, Company::Demo, now()).await.expect("a demo company");
    let plan = Plan::new(Company::Demo, Scale::Small, 3, last() + Days::new(1));
    let simulation = Simulation::new(plan);
    for table in [
        Table::Clients,
        Table::Sites,
        Table::Workers,
        Table::Rosters,
        Table::Shifts,
        Table::Attendance,
        Table::WorkOrders,
        Table::Incidents,
    ] {
        let mut file = Vec::new();
        simulation.write(table, plan.first_day, &mut file).unwrap();
        let source = Source::new(table, table.name(), std::io::Cursor::new(file));
        assert_eq!(load(db, &org, source, now()).await.unwrap().rejected, 0, "{table}");
    }
    night::run(db, &org, Job::WorkerDays, now(), &|_| {}).await.unwrap();
    org
}

/// Any filter that makes sense: periods of a day to a year, also before the first day on record.
fn any_filter(verticals: Vec<String>) -> impl Strategy<Value = Filter> {
    let vertical = prop_oneof![4 => Just(None), 1 => proptest::sample::select(verticals).prop_map(Some)];
    let metric = proptest::sample::select(Metric::ALL.to_vec());
    let compare = prop_oneof![Just(None), Just(Some("previous")), Just(Some("last_year"))];
    (0u64..220, 1u64..120, compare, metric, vertical, any::<bool>()).prop_map(
        |(back, days, compare, metric, vertical, usual)| {
            let period = Period::ending(last() - Days::new(back), days);
            Filter {
                from: (!usual).then(|| period.first.to_string()),
                to: (!usual).then(|| period.last.to_string()),
                compare: compare.map(str::to_owned),
                metric: Some(metric.code().to_owned()),
                vertical,
                ..Filter::default()
            }
        },
    )
}

struct Asking<'a> {
    db: &'a TestDatabase,
    org: &'a Organization,
}

impl Asking<'_> {
    async fn page(&self, scope: &Scope, filter: &Filter) -> Executive {
        let mut tx = self.db.org(self.org.id).await.unwrap();
        executive(&mut tx, scope, filter, last()).await.unwrap_or_else(|error| panic!("{filter:?}: {error}"))
    }

    /// A site's team as its supervisor sees it.
    async fn team(&self, supervisor: UserId, site: SiteId, filter: &Filter) -> team::Team {
        let mut tx = self.db.org(self.org.id).await.unwrap();
        let viewer = Viewer { user: supervisor, worker: None, scope: everywhere(true), now: now() };
        let period = me::Filter { from: filter.from.clone(), to: filter.to.clone(), days: None };
        team::team(&mut tx, &viewer, site, &period, &RosterFilter::default(), last()).await.unwrap()
    }
}

fn everywhere(names: bool) -> Scope {
    Scope { sites: Sites::All, only_worker: None, names }
}

fn number(page: &Executive, kind: Kind) -> &muster::executive::BigNumber {
    page.numbers.iter().find(|number| number.kind == kind).unwrap()
}

fn sum(lines: impl Iterator<Item = Amount>) -> Option<Amount> {
    lines.reduce(|sum, more| sum + more)
}

fn rates(all: impl Iterator<Item = Rate>) -> Rate {
    all.fold(Rate::default(), |sum, rate| sum + rate)
}

/// The tile against the lines it opens, and against the same page of each site alone.
async fn tiles_are_their_sites(asking: &Asking<'_>, sites: &[SiteId], filter: &Filter, names: bool) -> usize {
    let all = asking.page(&everywhere(names), filter).await;
    let mut each = Vec::new();
    for site in sites {
        // A vertical that is not the site's is no choice there.
        let scope = Scope { sites: Sites::Only(vec![*site]), ..everywhere(names) };
        let mut tx = asking.db.org(asking.org.id).await.unwrap();
        match executive(&mut tx, &scope, filter, last()).await {
            Ok(page) => each.push(page),
            Err(error) => assert!(filter.vertical.is_some(), "{filter:?}: {error}"),
        }
    }
    let mut compared = 0;
    for (nth, it) in all.numbers.iter().enumerate() {
        let (kind, nothing) = (it.kind, it.now.value().is_none() && it.lines.is_empty());
        let lines =
            (sum(it.lines.iter().map(|line| line.now.clone())), sum(it.lines.iter().map(|line| line.before.clone())));
        assert!(nothing || lines == (Some(it.now.clone()), Some(it.before.clone())), "{kind:?} of {filter:?}: {it:?}");
        let alone = sum(each.iter().map(|page| page.numbers[nth].now.clone()));
        assert_eq!(Some(it.now.clone()), alone, "{kind:?} of {filter:?}");
        compared += usize::from(it.now.value().is_some());
    }
    let comparison = &all.comparison;
    assert_eq!(comparison.total, rates(comparison.sites.iter().map(|site| site.rate)), "{filter:?}");
    assert_eq!(comparison.before, rates(comparison.sites.iter().map(|site| site.before)), "{filter:?}");
    assert_eq!(comparison.total, rates(each.iter().map(|page| page.comparison.total)), "{filter:?}");
    assert_eq!(comparison.before, rates(each.iter().map(|page| page.comparison.before)), "{filter:?}");
    let weeks = |page: &Executive| page.trends.iter().map(|trend| trend.weeks[11]).fold(Rate::default(), |a, b| a + b);
    if names {
        assert_eq!(weeks(&all), rates(each.iter().map(weeks)), "{filter:?}");
    }
    compared
}

/// The same numbers from the facts, without any roll-up.
async fn numbers_are_the_facts(asking: &Asking<'_>, filter: &Filter) {
    let plain = Filter { vertical: None, ..filter.clone() };
    let page = asking.page(&everywhere(false), &plain).await;
    let mut tx = asking.db.org(asking.org.id).await.unwrap();
    let asked = page.asked;
    for (period, pick) in [(asked.period, 0), (asked.before, 1)] {
        let amount =
            |kind| if pick == 0 { number(&page, kind).now.clone() } else { number(&page, kind).before.clone() };
        let fill = measures::fill_by_site(&mut tx, &everywhere(false), period).await.unwrap();
        assert_eq!(amount(Kind::FillRate), Amount::Share(rates(fill.iter().map(|site| site.filled))), "{filter:?}");
        let kept = measures::compliance(&mut tx, &everywhere(false), period).await.unwrap();
        assert_eq!(amount(Kind::Compliance), Amount::Share(rates(kept.iter().map(|site| site.rosters))), "{filter:?}");
        let week = if pick == 0 { asked.week.0 } else { asked.week.1 };
        let active = measures::active_workers(&mut tx, &everywhere(false), week).await.unwrap();
        assert_eq!(amount(Kind::ActiveWorkers), Amount::People(active), "{filter:?}");
        let saved = measures::savings(&mut tx, &everywhere(false), week).await.unwrap();
        let (hours, live) = (amount(Kind::HoursSaved).value(), saved.hours());
        assert!((hours.unwrap_or(0.0) - live.unwrap_or(0.0)).abs() < 1e-6, "{filter:?}: {hours:?} and {live:?}");
        let month = if pick == 0 { asked.month.0 } else { asked.month.1 };
        let saved = measures::savings(&mut tx, &everywhere(false), month).await.unwrap();
        let (cents, live) = (amount(Kind::CostSaved).value(), saved.cents().map(|cents| cents as f64));
        // Each site is rounded to a whole cent.
        assert!((cents.unwrap_or(0.0) - live.unwrap_or(0.0)).abs() <= 12.0, "{filter:?}: {cents:?} and {live:?}");
    }
}

/// What a site's line leads to says the same.
async fn lines_are_their_teams(asking: &Asking<'_>, supervisor: UserId, filter: &Filter) -> usize {
    let of = [
        (Metric::Attendance, (|it| it.attendance()) as fn(&team::Totals) -> Rate),
        (Metric::OnTime, |it| it.on_time_rate()),
        (Metric::Sla, |it| it.sla()),
        (Metric::PatrolCoverage, |it| it.coverage()),
    ];
    let mut compared = 0;
    for (metric, told) in of {
        let filter = Filter { metric: Some(metric.code().into()), compare: None, ..filter.clone() };
        let page = asking.page(&everywhere(true), &filter).await;
        for line in &page.comparison.sites {
            let Place::Site(site) = line.place else { panic!("nobody is hidden from who sees names") };
            let team = asking.team(supervisor, site, &filter).await;
            let health = team.health.expect("who sees names sees sums");
            assert_eq!((line.rate, team.period), (told(&health.now), page.asked.period), "{} of {filter:?}", line.name);
            if team.previous_period == page.asked.before {
                assert_eq!(line.before, told(&health.previous), "{} of {filter:?}", line.name);
            }
            compared += 1;
        }
    }
    compared
}

#[tokio::test]
async fn a_tile_equals_its_drill_down_for_every_tile_and_any_filter() {
    let db = database().await;
    let org = company(&db).await;
    let asking = Asking { db: &db, org: &org };
    let new = accounts::NewUser {
        name: "The supervisor".into(),
        email: "supervisor@filters.test".into(),
        role: Role::Supervisor,
        worker: None,
        client: None,
        sites: Vec::new(),
    };
    let supervisor = accounts::create_user(&db, org.id, &new, "gate-seven-opens-at-six", now()).await.unwrap();
    let sites: Vec<SiteId> = {
        let mut tx = db.org(org.id).await.unwrap();
        sites_in(&mut tx, &everywhere(false)).await.unwrap().into_iter().map(|(id, _)| id).collect()
    };
    let verticals = asking.page(&everywhere(false), &Filter::default()).await.verticals;
    assert!(verticals.len() > 1, "{verticals:?}");
    let mut runner = TestRunner::deterministic();
    let (mut compared, mut followed) = (0, 0);
    for nth in 0..TRIED {
        let filter = any_filter(verticals.clone()).new_tree(&mut runner).unwrap().current();
        compared += tiles_are_their_sites(&asking, &sites, &filter, nth % 2 == 0).await;
        numbers_are_the_facts(&asking, &filter).await;
        if nth % 6 == 0 {
            followed += lines_are_their_teams(&asking, supervisor, &filter).await;
        }
    }
    assert!(compared > TRIED * 3, "there was something to compare: {compared}");
    assert!(followed > 40, "there was something to follow: {followed}");
}

#[test]
fn every_metric_has_a_name_of_its_own_and_nothing_to_say_of_nothing() {
    let codes: std::collections::BTreeSet<&str> = Metric::ALL.iter().map(|metric| metric.code()).collect();
    assert_eq!(codes.len(), Metric::ALL.len());
    let nothing = Facts::default();
    assert!(Metric::ALL.iter().all(|metric| metric.of(&nothing) == Sample::default()));
}
