//! Alerts over days: what opens, what is told to whom, and what is told once only.
#![cfg(feature = "testing")]

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use muster::alignment::alerts::{
    self, Alert, Check, Kind, Level, Limits, Outcome, Reading, Severity, acknowledge, checks, history, mute,
    open_alerts,
};
use muster::alignment::{self, Kpi, Value};
use muster::night::{self, Job};
use muster::people::accounts::{NewUser, create_user};
use muster::people::{Role, User, user_of_id};
use muster::testing::{self, World, date};
use muster::units::UserId;
use muster::{Error, queue};

const LIMITS: Limits = Limits { warning: 20.0, critical: 15.0, higher_is_better: true };

fn start() -> DateTime<Utc> {
    "2026-03-02T04:00:00Z".parse().unwrap()
}

async fn user(world: &World, name: &str, role: Role) -> UserId {
    let email = format!("{name}@example.com");
    let new = NewUser { name: name.into(), email, role, worker: None, client: None, sites: Vec::new() };
    create_user(world.db(), world.org(), &new, "gate-seven-opens-at-six", start()).await.unwrap()
}

async fn known(world: &World, id: UserId) -> User {
    user_of_id(world.db(), world.org(), id).await.unwrap().unwrap()
}

/// A check that reads what the test puts there; nothing there: it fails.
#[derive(Clone, Default)]
struct Meter(Arc<Mutex<Option<Vec<Reading>>>>);

impl Meter {
    fn shows(&self, readings: Vec<Reading>) {
        *self.0.lock().unwrap() = Some(readings);
    }

    fn shows_value(&self, value: impl Into<Option<f64>>) {
        self.shows(vec![Reading::measured(Kind::Kpi, "retention", "Retention", value.into(), LIMITS)]);
    }

    fn breaks(&self) {
        *self.0.lock().unwrap() = None;
    }

    fn check(&self) -> Check {
        self.check_of(Kind::Kpi)
    }

    fn check_of(&self, kind: Kind) -> Check {
        let meter = self.clone();
        Check::new(kind, move |_, _, _| {
            let shown = meter.0.lock().unwrap().clone();
            async move { shown.ok_or(Error::NotFound("meter")) }
        })
    }
}

async fn look(world: &World, checks: &[Check], hours: i64) -> Outcome {
    alerts::run(world.db(), world.organization(), checks, start() + TimeDelta::hours(hours)).await.unwrap()
}

async fn open(world: &World) -> Vec<Alert> {
    open_alerts(&mut world.tx().await).await.unwrap()
}

/// Subject by address of every mail, the oldest first.
async fn mails(world: &World) -> Vec<(String, String)> {
    sqlx::query_as("select address, subject from mails order by asked_at, address")
        .fetch_all(&mut *world.tx().await)
        .await
        .unwrap()
}

async fn mails_to(world: &World, address: &str) -> Vec<String> {
    mails(world).await.into_iter().filter(|(to, _)| to == address).map(|(_, subject)| subject).collect()
}

#[tokio::test]
async fn a_kpi_that_crosses_warning_and_critical_and_comes_back_within_two_days_is_one_alert_and_two_mails_each() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    for (name, role) in [("ada", Role::Admin), ("eve", Role::Executive), ("sue", Role::Supervisor), ("hal", Role::Hr)] {
        user(&world, name, role).await;
    }
    let gone = user(&world, "gone", Role::Executive).await;
    sqlx::query("update users set status = 'disabled' where id = $1")
        .bind(gone.0)
        .execute(&mut db.owner().await)
        .await
        .unwrap();
    let meter = Meter::default();
    let checks = [meter.check()];
    // Every six hours over two days.
    let values = [26.0, 19.5, 18.0, 14.0, 13.0, 19.0, 22.0, 23.0, 24.0];
    let mut outcomes = Vec::new();
    for (nth, value) in (0..).zip(values) {
        meter.shows_value(value);
        outcomes.push(look(&world, &checks, 6 * nth).await);
    }
    // Two users who may see it, and the administrator of the installation.
    let told = |opened, escalated| Outcome { opened, escalated, closed: 0, mails: 3 };
    let mut expected = [Outcome::default(); 9];
    (expected[1], expected[3]) = (told(1, 0), told(0, 1));
    expected[7].closed = 1;
    assert_eq!(outcomes, expected);

    for address in ["ada@example.com", "eve@example.com"] {
        assert_eq!(
            mails_to(&world, address).await,
            ["test company: Retention", "test company: critical: Retention"],
            "{address}"
        );
    }
    assert_eq!(mails(&world).await.len(), 6, "nobody else is told");
    let all = history(&mut world.tx().await, start(), 10, 0).await.unwrap();
    let alert = &all.alerts[0];
    assert_eq!((all.total, open(&world).await.len()), (1, 0));
    assert_eq!(alert.opened_at, start() + TimeDelta::hours(6));
    assert_eq!(alert.escalated_at, Some(start() + TimeDelta::hours(18)));
    assert_eq!(alert.resolved_at, Some(start() + TimeDelta::hours(42)));
}

#[tokio::test]
async fn flapping_about_the_threshold_is_one_alert_and_one_mail() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    user(&world, "ada", Role::Admin).await;
    let meter = Meter::default();
    for hour in 0..40 {
        meter.shows_value(if hour % 2 == 0 { 19.7 } else { 20.4 });
        look(&world, &[meter.check()], hour).await;
    }
    for hour in 40..60 {
        meter.shows_value(if hour % 2 == 0 { 19.0 } else { 30.0 });
        look(&world, &[meter.check()], hour).await;
    }
    assert_eq!(mails_to(&world, "ada@example.com").await.len(), 1);
    assert_eq!(history(&mut world.tx().await, start(), 10, 0).await.unwrap().total, 1);
}

#[tokio::test]
async fn a_check_that_breaks_is_an_alert_of_its_own_and_the_others_go_on() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    user(&world, "ada", Role::Admin).await;
    let (meter, jobs) = (Meter::default(), Meter::default());
    let checks = [meter.check(), jobs.check_of(Kind::Job)];
    meter.shows_value(18.0);
    jobs.shows(Vec::new());
    look(&world, &checks, 0).await;
    meter.breaks();
    jobs.shows(vec![Reading::plain(Kind::Job, "models", "A job was given up: models", Level::Warning)]);
    assert_eq!(look(&world, &checks, 6).await, Outcome { opened: 2, escalated: 0, closed: 0, mails: 2 });

    let found: Vec<_> = open(&world).await.into_iter().map(|it| (it.kind, it.severity, it.title)).collect();
    assert_eq!(
        found,
        [
            (Kind::Check, Severity::Broken, "This check could not be made: KPI".to_owned()),
            (Kind::Job, Severity::Warning, "A job was given up: models".to_owned()),
            (Kind::Kpi, Severity::Warning, "Retention".to_owned()),
        ],
        "what the broken check said before stands until it can be made again"
    );
    assert_eq!(mails_to(&world, "ada@example.com").await[1], "test company: 2 alerts");
    look(&world, &checks, 12).await;
    meter.shows_value(18.0);
    jobs.shows(Vec::new());
    look(&world, &checks, 18).await;
    look(&world, &checks, 24).await;
    assert_eq!(open(&world).await.len(), 1, "the check works again, the job is done");
    assert_eq!(mails_to(&world, "ada@example.com").await.len(), 2);
}

#[tokio::test]
async fn no_data_is_told_once_when_it_held() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    user(&world, "ada", Role::Admin).await;
    let meter = Meter::default();
    meter.shows_value(None);
    look(&world, &[meter.check()], 0).await;
    assert_eq!(open(&world).await, [], "it is watched, and shown to nobody");
    for hour in 1..9 {
        look(&world, &[meter.check()], hour).await;
    }
    let found = open(&world).await;
    assert_eq!((found.len(), found[0].severity), (1, Severity::NoData));
    assert_eq!(mails_to(&world, "ada@example.com").await.len(), 1);
}

#[tokio::test]
async fn what_is_acknowledged_or_muted_sends_no_mail_and_a_mute_outlives_its_alert() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ada = user(&world, "ada", Role::Admin).await;
    let ada = known(&world, ada).await;
    let (meter, other) = (Meter::default(), Meter::default());
    let checks = [meter.check(), other.check_of(Kind::Job)];
    meter.shows_value(18.0);
    other.shows(vec![Reading::measured(Kind::Job, "x", "X", Some(18.0), LIMITS)]);
    look(&world, &checks, 0).await;
    let mut tx = world.tx().await;
    let ids: Vec<_> = open_alerts(&mut tx).await.unwrap().iter().map(|it| (it.kind, it.id)).collect();
    let of = |kind| ids.iter().find(|(it, _)| *it == kind).unwrap().1;
    acknowledge(&mut tx, of(Kind::Kpi), " on it ", &ada, start()).await.unwrap();
    mute(&mut tx, of(Kind::Job), Some(date("2026-03-03")), &ada, start()).await.unwrap();
    for wrong in ["2026-03-01", "2027-03-04"] {
        assert!(matches!(mute(&mut tx, of(Kind::Job), Some(date(wrong)), &ada, start()).await, Err(Error::Invalid(_))));
    }
    tx.commit().await.unwrap();
    assert_eq!(mails_to(&world, "ada@example.com").await.len(), 1);

    meter.shows_value(10.0);
    other.shows(Vec::new());
    look(&world, &checks, 6).await;
    look(&world, &checks, 12).await;
    other.shows(vec![Reading::measured(Kind::Job, "x", "X", Some(18.0), LIMITS)]);
    assert_eq!(look(&world, &checks, 18).await, Outcome { opened: 1, ..Outcome::default() });
    let found = open(&world).await;
    let kpi = found.iter().find(|it| it.kind == Kind::Kpi).unwrap();
    assert_eq!((kpi.severity, kpi.note.as_deref()), (Severity::Critical, Some("on it")));
    assert_eq!(kpi.acknowledged.as_ref().map(|(_, who)| who.as_str()), Some("ada"));
    let job = found.iter().find(|it| it.kind == Kind::Job).unwrap();
    assert_eq!(job.muted_until, Some(date("2026-03-03")));
    assert_eq!(mails_to(&world, "ada@example.com").await.len(), 1);
    look(&world, &checks, 48).await;
    assert_eq!(mails_to(&world, "ada@example.com").await.len(), 2, "the mute is over, and it is still open");

    let mut tx = world.tx().await;
    assert!(matches!(mute(&mut tx, uuid::Uuid::now_v7(), None, &ada, start()).await, Err(Error::NotFound(_))));
    let noted: Vec<String> =
        sqlx::query_scalar("select action from audit_log order by id").fetch_all(&mut *tx).await.unwrap();
    assert_eq!(noted, ["acknowledged an alert", "muted an alert"]);
}

#[tokio::test]
async fn alerts_of_one_organization_are_not_the_others_and_no_thing_has_two_open() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let rival = testing::org_named(&db, "rival", chrono_tz::Europe::Berlin).await;
    user(&rival, "rob", Role::Admin).await;
    let meter = Meter::default();
    meter.shows_value(10.0);
    look(&world, &[meter.check()], 0).await;
    assert_eq!((open(&rival).await.len(), mails(&rival).await.len()), (0, 0));
    let twice = "insert into kpi_alerts (org_id, id, kind, key, title, severity, read_at, opened_at)
                 select org_id, gen_random_uuid(), kind, key, title, severity, read_at, opened_at from kpi_alerts";
    assert!(sqlx::raw_sql(twice).execute(&mut *world.tx().await).await.is_err());
}

#[tokio::test]
async fn a_certification_that_runs_out_before_a_shift_and_a_job_given_up_are_found_by_the_checks_of_the_product() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.worker("Ana").await;
    world.requires_certification("First aid", None).await;
    world.certification(ana, "First aid", "2025-03-01", Some("2026-03-05")).await;
    world.shift(ana).on("2026-03-09").await;
    let mut tx = world.tx().await;
    muster::compliance::rebuild(&mut tx, date("2026-03-02")).await.unwrap();
    tx.commit().await.unwrap();
    look(&world, &checks(), 0).await;
    let found = open(&world).await;
    assert_eq!((found.len(), found[0].kind, found[0].severity), (1, Kind::Certifications, Severity::Warning));
    assert!(
        found[0].detail.starts_with("1 person is rostered") && !found[0].detail.contains("Ana"),
        "{}",
        found[0].detail
    );

    let mut tx = world.db().global().await.unwrap();
    queue::enqueue(&mut tx, world.org(), queue::Order::new("fragile").tried(1), start()).await.unwrap();
    tx.commit().await.unwrap();
    queue::drain(queue::Hands::new(world.db().clone(), muster::clock::Clock::fixed(start()))).await.unwrap();
    // Four days later the shift is two days ahead.
    look(&world, &checks(), 5 * 24).await;
    let found: Vec<_> = open(&world).await.into_iter().map(|it| (it.kind, it.severity)).collect();
    assert_eq!(found, [(Kind::Certifications, Severity::Critical), (Kind::Job, Severity::Warning)]);
}

#[tokio::test]
async fn a_kpi_of_the_night_is_read_and_one_that_never_had_a_value_is_not() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    user(&world, "ada", Role::Admin).await;
    for (day, hours, filled, open_alerts) in
        [("2026-02-27", 0, 10.0, 1), ("2026-02-28", 24, 100.0, 1), ("2026-03-01", 48, 100.0, 0)]
    {
        let values = [
            Value::of(Kpi::FillRate, date(day), (filled, 100.0), ""),
            Value::of(Kpi::Coverage, date(day), (0.0, 0.0), "nobody patrols"),
        ];
        let mut tx = world.tx().await;
        alignment::write(&mut tx, &values).await.unwrap();
        tx.commit().await.unwrap();
        look(&world, &checks(), hours).await;
        let open = open(&world).await;
        assert_eq!(open.len(), open_alerts, "{day}: {open:?}");
        for alert in open {
            let known = (alert.kind, alert.key.as_str(), alert.severity);
            assert_eq!(known, (Kind::Kpi, Kpi::FillRate.code(), Severity::Critical));
        }
    }
    assert_eq!(mails_to(&world, "ada@example.com").await.len(), 1);
}

#[tokio::test]
async fn a_client_whose_health_falls_is_told_of_and_one_that_stands_is_not() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    user(&world, "ada", Role::Admin).await;
    let mut sites = Vec::new();
    for name in ["Falling", "Poor", "Steady"] {
        let client = world.client(name).await;
        sites.push((client, world.site(&format!("{name} site")).of(client).await));
    }
    let ana = world.worker("Ana").await;
    // Of 25 shifts in each of three periods of 28 days, so many stayed open.
    let open_shifts = [("2025-12-20", [1, 25, 0]), ("2026-01-20", [0, 25, 0]), ("2026-02-20", [1, 25, 0])];
    for (day, open) in open_shifts {
        for ((_, site), open) in sites.iter().zip(open) {
            for nth in 0..25 {
                world.shift((nth >= open).then_some(ana)).at(*site).on(day).await;
            }
        }
    }
    night::run(world.db(), world.organization(), Job::WorkerDays, start(), &|_| {}).await.unwrap();
    look(&world, &checks(), 0).await;
    let known = |it: &Alert| (it.kind == Kind::CustomerHealth).then(|| (it.key.clone(), it.severity));
    let found: Vec<_> = open(&world).await.iter().filter_map(known).collect();
    assert_eq!(
        found,
        [(sites[1].0.to_string(), Severity::Critical), (sites[0].0.to_string(), Severity::Warning)],
        "all shifts of one stayed open; another was at 89 and is at 72; the third is as it was"
    );
}

#[tokio::test]
async fn the_job_of_the_timetable_runs_end_to_end() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    user(&world, "ada", Role::Admin).await;
    for job in [Job::DataQuality, Job::Alerts] {
        night::run(world.db(), world.organization(), job, start(), &|_| {}).await.unwrap();
    }
    assert_eq!(open(&world).await, [], "nothing to judge is not off course");
}
