//! Compliance on a real Postgres: who stands how, what runs out before a shift, what was broken, what is open, what was not
//! written down; and that each number is the sum of its list and of the auditor's file.
#![cfg(feature = "testing")]

use chrono::{DateTime, Days, NaiveDate, Utc};
use muster::compliance::{
    self, Compliance, Filter, Kind, List, Matrix, Rule, SHEETS, Section, Standing, State, Wanted, compliance, matrix,
    sheets,
};
use muster::executive;
use muster::exports::{Bom, csv};
use muster::night::{self, Job};
use muster::people::{Permission, Role, Scope, Sites, User, audit};
use muster::testing::{World, database, date, moment, org, org_named};
use muster::units::{Rate, SiteId, UserId, WorkerId};
use muster::{Error, Result};
use uuid::Uuid;

const TODAY: &str = "2026-03-30";

fn everywhere() -> Scope {
    Scope { sites: Sites::All, only_worker: None, names: true }
}

fn of(sites: &[SiteId]) -> Scope {
    Scope { sites: Sites::Only(sites.to_vec()), only_worker: None, names: true }
}

fn noon(world: &World, day: &str) -> DateTime<Utc> {
    moment(world.organization().zone, date(day), "12:00")
}

async fn night_of(world: &World, day: &str) {
    night::run(world.db(), world.organization(), Job::WorkerDays, noon(world, day), &|_| {}).await.unwrap();
}

fn show(section: Section) -> Filter {
    Filter {
        show: Some(section.code().into()),
        from: Some("2026-03-01".into()),
        to: Some("2026-03-29".into()),
        ..Filter::default()
    }
}

async fn try_page(world: &World, scope: &Scope, filter: &Filter) -> Result<Compliance> {
    let asked = filter.resolve(date("2026-03-29"), date(TODAY))?;
    let zone = world.organization().zone;
    compliance(&mut world.tx().await, scope, asked, (zone, noon(world, TODAY))).await
}

async fn page(world: &World, scope: &Scope, filter: &Filter) -> Compliance {
    try_page(world, scope, filter).await.unwrap()
}

fn day(offset: i64) -> NaiveDate {
    date(TODAY) + chrono::TimeDelta::days(offset)
}

/// A certificate that counts until so many days from today.
async fn holds(world: &World, worker: WorkerId, name: &str, days: i64) {
    world.certification(worker, name, "2025-01-01", Some(&day(days).to_string())).await;
}

/// Somebody for each way to stand with 'First aid', which everybody needs.
async fn one_of_each(world: &World) -> Vec<WorkerId> {
    world.requires_certification("First aid", None).await;
    let mut workers = Vec::new();
    for (name, days) in [
        ("A", None),
        ("B", Some(-1)),
        ("C", Some(0)),
        ("D", Some(15)),
        ("E", Some(60)),
        ("F", Some(90)),
        ("G", Some(91)),
    ] {
        let worker = world.worker(name).await;
        if let Some(days) = days {
            holds(world, worker, "First aid", days).await;
        }
        workers.push(worker);
    }
    workers
}

async fn whole(world: &World, scope: &Scope) -> Matrix {
    matrix(&mut world.tx().await, scope, None, date(TODAY)).await.unwrap()
}

#[tokio::test]
async fn everybody_stands_as_the_rule_says_and_every_view_has_the_same_sum() {
    let db = database().await;
    let world = org(&db).await;
    one_of_each(&world).await;
    let north = world.site("NORTH").await;
    let gil = world.worker("Gil").at(north).await;
    holds(&world, gil, "First aid", 7 * 26).await;
    world.worker("Left").left("2026-03-29").await;
    world.worker("Not yet").hired("2026-03-31").await;
    world.requires_registration("guard").await;
    night_of(&world, TODAY).await;

    let it = whole(&world, &everywhere()).await;
    let first_aid = it.things[&(Kind::Certification, "First aid".to_owned())];
    let each = Standing::ALL.map(|standing| first_aid.of(standing));
    assert_eq!(each, [1, 1, 1, 1, 1, 1, 2], "the database judges as the rule does");
    assert_eq!(it.things[&(Kind::Registration, "Registration".to_owned())].of(Standing::Missing), 8);
    let sum = it.things.values().fold(compliance::Counts::default(), |sum, counts| sum + *counts);
    assert_eq!(it.total(), sum, "by site and by name");
    assert_eq!(it.sites[&north][&Kind::Certification].required(), 1);
    // C today, D in the third week, E in the ninth, F and G in the thirteenth and fourteenth; Gil's lasts a day longer.
    let weeks: Vec<(usize, i64)> = it.weeks.iter().copied().enumerate().filter(|(_, n)| *n > 0).collect();
    assert_eq!(weeks, [(0, 1), (2, 1), (8, 1), (12, 1), (13, 1)]);
    let only = whole(&world, &of(&[north])).await;
    assert_eq!((only.total().required(), only.sites.len()), (2, 1));
}

#[tokio::test]
async fn a_renewal_counts_a_certificate_to_come_does_not_and_a_requirement_said_twice_is_one() {
    let db = database().await;
    let world = org(&db).await;
    world.requires_certification("First aid", None).await;
    world.requires_certification("First aid", Some("guard")).await;
    let (ana, ben) = (world.worker("Ana").await, world.worker("Ben").await);
    holds(&world, ana, "First aid", -10).await;
    world.certification(ana, "First aid", "2026-03-01", None).await;
    world.certification(ben, "First aid", "2026-03-31", None).await;
    night_of(&world, TODAY).await;
    let it = whole(&world, &everywhere()).await.total();
    assert_eq!((it.required(), it.of(Standing::Current), it.of(Standing::Missing)), (2, 1, 1));
    night_of(&world, "2026-03-31").await;
    assert_eq!(whole(&world, &everywhere()).await.total().in_order(), Rate { hit: 2, of: 2 });
}

#[tokio::test]
async fn who_is_to_be_seen_to_is_listed_most_urgent_first_and_as_many_as_the_tile_says() {
    let db = database().await;
    let world = org(&db).await;
    one_of_each(&world).await;
    night_of(&world, TODAY).await;
    let it = page(&world, &everywhere(), &show(Section::People)).await;
    let List::People(listed) = &it.list else { panic!("{:?}", it.list) };
    let names: Vec<&str> = listed.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["A", "B", "C", "D", "E", "F"]);
    assert_eq!((listed.total, it.matrix.total().to_act_on()), (6, 6));
    for standing in Standing::ALL {
        let filter = Filter { standing: Some(standing.word().into()), ..show(Section::People) };
        let it = page(&world, &everywhere(), &filter).await;
        let List::People(listed) = &it.list else { panic!() };
        assert_eq!(listed.total, it.matrix.total().of(standing), "{standing:?}");
    }
}

#[tokio::test]
async fn what_runs_out_before_a_planned_shift_is_an_alert_and_nothing_else() {
    let db = database().await;
    let world = org(&db).await;
    world.requires_certification("First aid", None).await;
    let asha = world.worker("Asha").await;
    holds(&world, asha, "First aid", 200).await;
    holds(&world, asha, "Control room access", 4).await;
    holds(&world, asha, "Long gone and not asked for", -100).await;
    for ahead in [2, 4, 5, 6] {
        world.shift(asha).on_day(day(ahead)).await;
    }
    world.shift(asha).on_day(day(9)).cancelled().await;
    let ben = world.worker("Ben").await;
    world.shift(ben).on_day(day(3)).await;
    let cid = world.worker("Cid").await;
    holds(&world, cid, "First aid", -3).await;
    night_of(&world, TODAY).await;

    let it = page(&world, &everywhere(), &show(Section::Alerts)).await;
    let said: Vec<_> = it
        .alerts
        .rows
        .iter()
        .map(|it| (it.name.as_str(), it.thing.as_str(), it.until, it.shifts, it.first, it.required))
        .collect();
    assert_eq!(
        said,
        [("Ben", "First aid", None, 1, day(3), true), ("Asha", "Control room access", Some(day(4)), 2, day(5), false),]
    );
    assert_eq!(it.alerts.total, 2);
}

#[tokio::test]
async fn an_alert_is_for_the_site_of_the_shift_as_well_as_for_the_home_site() {
    let db = database().await;
    let world = org(&db).await;
    let (north, south) = (world.site("NORTH").await, world.site("SOUTH").await);
    let asha = world.worker("Asha").await;
    holds(&world, asha, "Pass", 1).await;
    world.shift(asha).at(north).on_day(day(3)).await;
    night_of(&world, TODAY).await;
    for (scope, expected) in [(of(&[world.home()]), 1), (of(&[north]), 1), (of(&[south]), 0), (of(&[]), 0)] {
        assert_eq!(page(&world, &scope, &Filter::default()).await.alerts.total, expected, "{scope:?}");
    }
}

/// Two sites with breaches: at home a short rest and a missing certificate in one roster, at NORTH none.
async fn with_breaches(world: &World) -> SiteId {
    let north = world.site("NORTH").await;
    world.requires_certification("First aid", None).await;
    let (ana, ben, gil) = (world.worker("Ana").await, world.worker("Ben").await, world.worker("Gil").at(north).await);
    for worker in [ana, gil] {
        holds(world, worker, "First aid", 300).await;
    }
    let roster = world.roster().from("2026-03-02").await;
    world.roster().at(north).from("2026-03-02").await;
    world.shift(ana).on("2026-03-02").hours("14:00", "22:00").planned_in(roster).clocked_in("14:00").await;
    world.shift(ana).on("2026-03-03").hours("06:00", "14:00").planned_in(roster).clocked_in("06:00").await;
    world.shift(ben).on("2026-03-04").planned_in(roster).clocked_in("06:00").await;
    world.shift(gil).on("2026-03-04").at(north).clocked_in("06:00").await;
    night_of(world, TODAY).await;
    north
}

#[tokio::test]
async fn breaches_are_counted_once_a_shift_and_listed_each() {
    let db = database().await;
    let world = org(&db).await;
    let north = with_breaches(&world).await;
    let it = page(&world, &everywhere(), &show(Section::Hours)).await;
    let (any, hours, papers) = compliance::hours_of(&it.hours);
    assert_eq!([any, hours, papers].map(|rate| (rate.hit, rate.of)), [(2, 4), (1, 4), (1, 4)]);
    let List::Hours(weeks, listed) = &it.list else { panic!() };
    let rules: Vec<_> = listed.rows.iter().map(|row| (row.name.as_str(), row.rule, row.minutes)).collect();
    assert_eq!(rules, [("Ben", Rule::Certification, None), ("Ana", Rule::Rest, Some(480))]);
    assert_eq!(Rule::Rest.said(Some(480)), "8 h 00 min of rest");
    let summed = weeks.iter().fold(Rate::default(), |sum, week| sum + week.hours);
    assert_eq!(summed, Rate { hit: 1, of: 4 }, "the weeks hold the same shifts");
    let rest = Filter { rule: Some("rest".into()), ..show(Section::Hours) };
    let List::Hours(_, listed) = page(&world, &everywhere(), &rest).await.list else { panic!() };
    assert_eq!(listed.total, 1);
    let List::Hours(_, listed) = page(&world, &of(&[north]), &show(Section::Hours)).await.list else { panic!() };
    assert_eq!(listed.total, 0);
}

#[tokio::test]
async fn the_compliance_rate_is_that_of_the_executive_page() {
    let db = database().await;
    let world = org(&db).await;
    with_breaches(&world).await;
    let filter = show(Section::Alerts);
    let ours = page(&world, &everywhere(), &filter).await.rosters.0;
    let theirs = executive::Filter { from: filter.from.clone(), to: filter.to.clone(), ..executive::Filter::default() };
    let theirs = executive::executive(&mut world.tx().await, &everywhere(), &theirs, date("2026-03-29")).await.unwrap();
    let number = theirs.numbers.iter().find(|number| number.kind == executive::Kind::Compliance).unwrap();
    assert_eq!((Some(0.5), ours.value()), (number.now.value(), number.now.value()));
}

#[tokio::test]
async fn incidents_stand_with_their_state_and_age() {
    let db = database().await;
    let world = org(&db).await;
    let north = world.site("NORTH").await;
    world.incident(None).on("2026-01-05").severity(1).await;
    world.incident(None).on("2026-01-06").resolved("2026-01-07").await;
    world.incident(None).on("2026-03-05").severity(4).await;
    world.incident(None).on("2026-03-06").resolved("2026-03-09").await;
    world.incident(None).on("2026-03-07").at(north).resolved("2026-04-02").await;
    let it = page(&world, &everywhere(), &show(Section::Incidents)).await;
    let home = it.incidents.iter().find(|site| site.site == world.home()).unwrap();
    assert_eq!((home.reported, home.resolved, home.open, home.oldest), (2, 1, 2, Some(date("2026-01-05"))));
    let List::Incidents(listed) = &it.list else { panic!() };
    let now = noon(&world, TODAY);
    let open: Vec<_> = listed.rows.iter().map(|it| (it.severity, it.age(now), it.resolved_at.is_some())).collect();
    assert_eq!(open, [(4, 25, false), (2, 23, false), (1, 84, false)], "what is resolved later is open today");
    for (state, expected) in [(State::Open, 3), (State::Resolved, 1), (State::All, 4)] {
        let filter = Filter { state: Some(state.word().into()), ..show(Section::Incidents) };
        let List::Incidents(listed) = page(&world, &everywhere(), &filter).await.list else { panic!() };
        assert_eq!(listed.total, expected, "{state:?}");
    }
    let open: i64 = it.incidents.iter().map(|site| site.open).sum();
    assert_eq!(open, 3, "the tile is its list");
}

async fn dispute(world: &World, worker: WorkerId, by: UserId, at: DateTime<Utc>, written: bool) -> Uuid {
    let id = Uuid::now_v7();
    let mut tx = world.tx().await;
    sqlx::query(
        "insert into disputes (org_id, id, worker_id, fact, fact_id, day, note, filed_by, filed_at) values ($1, $2, $3, 'shift', $2, '2026-03-02', 'n', $4, $5)",
    )
    .bind(world.org().0)
    .bind(id)
    .bind(worker.0)
    .bind(by.0)
    .bind(at)
    .execute(&mut *tx)
    .await
    .unwrap();
    if written {
        audit::record(&mut tx, by, "filed a dispute", "dispute", Some(id), None, at).await.unwrap();
    }
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn a_change_without_a_row_in_the_log_is_a_gap() {
    let db = database().await;
    let world = org(&db).await;
    let (ana, user) = (world.worker("Ana").await, world.user("Farai", Role::Supervisor).await);
    let it = page(&world, &everywhere(), &show(Section::Trail)).await;
    assert_eq!(it.written().value(), None, "nothing to judge is not nought");
    dispute(&world, ana, user, noon(&world, "2026-03-10"), true).await;
    assert_eq!(page(&world, &everywhere(), &show(Section::Trail)).await.written(), Rate { hit: 1, of: 1 });
    let planted = dispute(&world, ana, user, noon(&world, "2026-03-11"), false).await;
    dispute(&world, ana, user, noon(&world, "2026-02-28"), false).await;
    // A row about the same record, but by somebody else or of another moment, is not that change's.
    let mut tx = world.tx().await;
    audit::record(&mut tx, user, "filed a dispute", "dispute", Some(planted), None, noon(&world, "2026-03-12"))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let it = page(&world, &everywhere(), &show(Section::Trail)).await;
    let List::Trail(gaps) = &it.list else { panic!() };
    assert_eq!((it.written(), gaps.total), (Rate { hit: 1, of: 2 }, 1));
    assert_eq!(
        (gaps.rows[0].id, gaps.rows[0].by.as_deref(), gaps.rows[0].site),
        (planted, Some("Farai"), Some(world.home()))
    );
    let north = world.site("NORTH").await;
    assert_eq!(page(&world, &of(&[north]), &show(Section::Trail)).await.written().of, 0);
}

fn user(world: &World, role: Role, sites: Vec<SiteId>) -> User {
    User {
        id: UserId(Uuid::now_v7()),
        org: world.organization().clone(),
        name: "The auditor's friend".into(),
        role,
        worker: None,
        client: None,
        sites,
        theme: "system".into(),
        unread: 0,
    }
}

fn wanted(world: &World, user: User) -> Wanted {
    let scope = user.scope(Permission::Compliance).unwrap();
    let asked = show(Section::Alerts).resolve(date("2026-03-29"), date(TODAY)).unwrap();
    Wanted { db: world.db().clone(), user, scope, asked, now: noon(world, TODAY) }
}

async fn read(wanted: &Wanted, code: &str) -> Vec<Vec<String>> {
    let (_, mut ready) = sheets(wanted, Some(code)).await.unwrap();
    let ready = ready.remove(0);
    let bytes = csv(ready.table, Bom::Without).whole().await.unwrap();
    let mut lines = ::csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
    let lines: Vec<Vec<String>> =
        lines.records().map(|line| line.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(lines.len() as i64 - 1, ready.rows, "{code}: the log says as many rows as there are");
    lines[1..].to_vec()
}

#[tokio::test]
async fn each_table_of_the_file_is_the_list_of_the_page_whole() {
    let db = database().await;
    let world = org(&db).await;
    with_breaches(&world).await;
    let (user_id, ana) = (world.user("Farai", Role::Supervisor).await, world.worker("Zed").await);
    dispute(&world, ana, user_id, noon(&world, "2026-03-11"), false).await;
    dispute(&world, ana, user_id, noon(&world, "2026-03-12"), true).await;
    world.incident(None).on("2026-03-05").await;
    for ahead in 1..40 {
        world.shift(ana).on_day(date(TODAY) + Days::new(ahead)).await;
    }
    night_of(&world, TODAY).await;
    let all = wanted(&world, user(&world, Role::Hr, Vec::new()));
    let it = page(&world, &everywhere(), &show(Section::Alerts)).await;
    let summary = read(&all, "summary").await;
    let number =
        |what: &str| summary.iter().find(|line| line[0].starts_with(what)).map(|line| line[1].clone()).unwrap();
    assert_eq!(number("Required and in order"), it.matrix.total().in_order().hit.to_string());
    assert_eq!(number("Changes with a row"), "1");
    let rows = async |code| read(&all, code).await.len() as i64;
    assert_eq!(rows("alerts").await, it.alerts.total);
    assert_eq!(rows("people").await, it.matrix.total().required());
    assert_eq!(rows("breaches").await, 2);
    assert_eq!(rows("incidents").await, 1);
    assert_eq!(rows("log").await, 1);
    let trail = read(&all, "trail").await;
    assert_eq!(trail.iter().filter(|line| !line[4].is_empty()).count(), 1, "the gap");
    for code in SHEETS {
        read(&all, code).await;
    }
    let names = read(&all, "people").await;
    assert!(names.iter().any(|line| line[0] == "Ben"));
}

#[tokio::test]
async fn the_file_has_the_scope_of_who_asks_and_no_name_where_the_scope_has_none() {
    let db = database().await;
    let world = org(&db).await;
    let north = with_breaches(&world).await;
    let of_north = wanted(&world, user(&world, Role::Supervisor, vec![north]));
    for code in SHEETS {
        let text = format!("{:?}", read(&of_north, code).await);
        assert!(!text.contains("Ana") && !text.contains("Ben") && !text.contains("HOME"), "{code}: {text}");
    }
    let mut nameless = wanted(&world, user(&world, Role::Executive, Vec::new()));
    nameless.scope.names = false;
    for code in SHEETS {
        let text = format!("{:?}", read(&nameless, code).await);
        assert!(!text.contains("Ana") && !text.contains("Ben"), "{code}: {text}");
    }
    let rival = org_named(&db, "rival", chrono_tz::America::New_York).await;
    let theirs = wanted(&rival, user(&rival, Role::Admin, Vec::new()));
    for code in ["alerts", "sites", "people", "breaches", "incidents", "log"] {
        assert!(read(&theirs, code).await.is_empty(), "{code} of another company");
    }
}

#[tokio::test]
async fn the_log_tells_nobody_who_may_leave_or_whose_pay_was_seen() {
    let db = database().await;
    let world = org(&db).await;
    let (ana, hr) = (world.worker("Ana").await, world.user("Hr", Role::Hr).await);
    let mut tx = world.tx().await;
    for action in [audit::LOOKED_AT_CHURN, audit::LOOKED_AT_PAY, audit::LOOKED_AT_SCORE] {
        audit::record(&mut tx, hr, action, "worker", Some(ana.0), None, noon(&world, "2026-03-10")).await.unwrap();
    }
    tx.commit().await.unwrap();
    let log = async |role: Role, sites: Vec<SiteId>| {
        let lines = read(&wanted(&world, user(&world, role, sites)), "log").await;
        lines.into_iter().map(|line| (line[3].clone(), line[5].clone(), !line[6].is_empty())).collect::<Vec<_>>()
    };
    let (risk, pay, score) =
        (audit::LOOKED_AT_CHURN.to_owned(), audit::LOOKED_AT_PAY.to_owned(), audit::LOOKED_AT_SCORE.to_owned());
    let hidden = |action: &String| (action.clone(), String::new(), false);
    let shown = |action: &String| (action.clone(), ana.to_string(), true);
    assert_eq!(log(Role::Supervisor, vec![world.home()]).await, [shown(&score)]);
    for role in [Role::Scheduler, Role::Executive] {
        assert_eq!(log(role, Vec::new()).await, [hidden(&score)], "{role}");
    }
    assert_eq!(log(Role::Hr, Vec::new()).await, [shown(&risk), shown(&score)]);
    assert_eq!(log(Role::Admin, Vec::new()).await, [hidden(&risk), hidden(&pay), hidden(&score)]);
}

#[tokio::test]
async fn a_foreign_site_is_refused_and_one_of_nobody_is_not_there() {
    let db = database().await;
    let world = org(&db).await;
    let north = world.site("NORTH").await;
    let asked = |site: SiteId| Filter { site: Some(site.to_string()), ..Filter::default() };
    assert!(matches!(try_page(&world, &of(&[world.home()]), &asked(north)).await, Err(Error::Forbidden(_))));
    let nobody = SiteId(Uuid::now_v7());
    assert!(matches!(try_page(&world, &everywhere(), &asked(nobody)).await, Err(Error::NotFound(_))));
}
