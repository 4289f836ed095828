//! Scheduled reports: each goes out once at its local time, to whom it may go, and what became of it is on record.
#![cfg(feature = "testing")]

mod smtp;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::{Europe::Berlin, Tz};
use mail_parser::{Message, MessageParser, MimeHeaders};
use muster::Error;
use muster::alignment::alerts::{Kind, open_alerts};
use muster::clock::Clock;
use muster::mail::{self, Post};
use muster::night::{self, Job};
use muster::people::accounts::{NewUser, create_user};
use muster::people::{Role, User, user_of_id};
use muster::queue::{self, JobState, drain};
use muster::reports::schedules::{self, Format, Kept, Report, Rhythm, Run, RunState, Schedule};
use muster::testing::{self, TestDatabase, World};
use muster::units::UserId;
use smtp::Server;

fn now() -> DateTime<Utc> {
    "2026-03-27T12:00:00Z".parse().unwrap()
}

fn nine() -> NaiveTime {
    NaiveTime::from_hms_opt(9, 0, 0).unwrap()
}

async fn user(world: &World, name: &str, role: Role) -> User {
    let client = if role == Role::Client { Some(world.client("Mill").await) } else { None };
    let sites = if role == Role::Supervisor { vec![world.home()] } else { Vec::new() };
    let email = format!("{}@example.com", name.to_lowercase());
    let new = NewUser { name: name.into(), email, role, worker: None, client, sites };
    let id = create_user(world.db(), world.org(), &new, "gate-seven-opens-at-six", now()).await.unwrap();
    user_of_id(world.db(), world.org(), id).await.unwrap().unwrap()
}

fn schedule(report: Report, format: Format, recipients: &[&User]) -> Schedule {
    Schedule {
        name: "The report".into(),
        description: "For the board".into(),
        report,
        format,
        rhythm: Rhythm::Daily,
        at: nine(),
        zone: Berlin,
        site: None,
        partner: None,
        roles: Vec::new(),
        recipients: recipients.iter().map(|user| user.id).collect(),
    }
}

async fn made(world: &World, schedule: &Schedule, by: &User) -> muster::Result<uuid::Uuid> {
    let mut tx = world.tx().await;
    let id = schedules::create(&mut tx, schedule, by, now()).await?;
    tx.commit().await?;
    Ok(id)
}

async fn sent_now(world: &World, id: uuid::Uuid, by: &User) -> uuid::Uuid {
    let mut tx = world.tx().await;
    let run = schedules::send_now(&mut tx, id, by, now()).await.unwrap();
    tx.commit().await.unwrap();
    run
}

/// The queue is worked until nothing waits: the report, then its mails.
async fn work(world: &World, at: DateTime<Utc>, post: Option<Post>) {
    for _ in 0..2 {
        drain(mail::hands(night::hands(world.db(), Clock::fixed(at)), world.db(), post.clone())).await.unwrap();
    }
}

async fn run_of(world: &World, id: uuid::Uuid) -> Run {
    schedules::run(&mut world.tx().await, id).await.unwrap()
}

async fn pauses_pass(db: &TestDatabase) {
    sqlx::raw_sql("update graphile_worker._private_jobs set run_at = now()")
        .execute(&mut db.owner().await)
        .await
        .unwrap();
}

async fn told(world: &World, user: UserId) -> Vec<String> {
    sqlx::query_scalar("select text from notifications where user_id = $1 and kind = 'report' order by created_at")
        .bind(user.0)
        .fetch_all(&mut *world.tx().await)
        .await
        .unwrap()
}

/// The local moments for which the daily report of an organization was planned, in order.
async fn slots(world: &World, zone: Tz) -> Vec<chrono::NaiveDateTime> {
    let slots: Vec<DateTime<Utc>> = sqlx::query_scalar(
        "select r.slot from report_runs r join report_schedules s on s.org_id = r.org_id and s.id = r.schedule_id
         where s.report = 'operations-daily' order by r.slot",
    )
    .fetch_all(&mut *world.tx().await)
    .await
    .unwrap();
    slots.into_iter().map(|slot| slot.with_timezone(&zone).naive_local()).collect()
}

#[tokio::test]
async fn the_daily_report_is_planned_once_each_day_at_nine_over_both_changes_of_the_clocks_and_a_month_s_end() {
    let db = testing::database().await;
    for (slug, begin) in
        [("winter", "2026-02-26T12:00:00Z"), ("spring", "2026-03-27T12:00:00Z"), ("autumn", "2026-10-23T12:00:00Z")]
    {
        let world = testing::org_named(&db, slug, Berlin).await;
        let begin: DateTime<Utc> = begin.parse().unwrap();
        for half_hour in 0..2 * 24 * 5 {
            let at = begin + TimeDelta::minutes(30 * half_hour);
            let before = slots(&world, Berlin).await.len();
            // Two instances look at once.
            let (one, two) = tokio::join!(schedules::plan(world.db(), at), schedules::plan(world.db(), at));
            one.unwrap();
            two.unwrap();
            let put = slots(&world, Berlin).await.len() - before;
            let local = at.with_timezone(&Berlin).naive_local();
            assert_eq!(put, usize::from(local.time() == nine()), "{local}");
        }
        let each: Vec<_> = (1..=5).map(|days| (begin.date_naive() + Days::new(days)).and_time(nine())).collect();
        assert_eq!(slots(&world, Berlin).await, each, "{slug}");
    }
}

#[tokio::test]
async fn the_daily_report_arrives_on_both_sides_of_the_change_of_the_clocks_and_is_about_the_day_before() {
    let db = testing::database().await;
    let world = testing::org_named(&db, "berlin", Berlin).await;
    let server = Server::start();
    user(&world, "Executive", Role::Executive).await;
    user(&world, "Scheduler", Role::Scheduler).await;
    let begin: DateTime<Utc> = "2026-03-27T12:00:00Z".parse().unwrap();
    for hour in 0..=68 {
        let at = begin + TimeDelta::hours(hour);
        if schedules::plan(world.db(), at).await.unwrap() > 0 {
            work(&world, at, Some(server.post())).await;
        }
    }
    let mails = server.mails();
    let messages: Vec<Message> = mails.iter().map(|mail| MessageParser::default().parse(mail).unwrap()).collect();
    // The 30th is a Monday: the week comes too.
    let subjects: Vec<_> = messages.iter().map(|it| it.subject().unwrap().replace('\u{a0}', " ")).collect();
    let mut expected = vec![
        "Operations, daily: 27 Mar 2026",
        "Operations, daily: 28 Mar 2026",
        "Operations, daily: 29 Mar 2026",
        "Operations, weekly: week 13 of 2026",
    ];
    let mut found: Vec<_> = subjects.iter().map(String::as_str).collect();
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected, "a scheduler gets none");
    let sent: Vec<String> =
        messages.iter().map(|it| it.date().unwrap().to_rfc3339()).filter(|at| !at.contains("03-30")).collect();
    assert_eq!(sent, ["2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z"], "nine o'clock before and after the change");
    for message in &messages {
        assert_eq!(message.to().unwrap().first().unwrap().address.as_deref(), Some("executive@example.com"));
        let file = message.attachment(0).unwrap();
        assert!(file.contents().starts_with(b"%PDF-"), "{:?}", file.attachment_name());
        let text = message.body_text(0).unwrap();
        assert!(text.contains("Nothing is on record"), "an empty company's day is told to be empty: {text}");
    }
    let names: Vec<_> = messages.iter().filter_map(|it| it.attachment(0)?.attachment_name()).collect();
    assert!(names.contains(&"berlin-operations-2026-03-28.pdf") && names.contains(&"berlin-operations-2026-W13.pdf"));
}

#[tokio::test]
async fn what_every_organization_gets_is_made_once_and_stays_paused_or_deleted() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let admin = user(&world, "Admin", Role::Admin).await;
    for _ in 0..3 {
        schedules::plan(world.db(), now()).await.unwrap();
    }
    let mut tx = world.tx().await;
    let kept = schedules::list(&mut tx, &admin).await.unwrap();
    let usual: Vec<_> = kept.iter().map(|it| (it.schedule.report, it.schedule.rhythm, it.active)).collect();
    assert_eq!(
        usual,
        [
            (Report::OperationsDaily, Rhythm::Daily, true),
            (Report::OperationsWeekly, Rhythm::Weekly(Weekday::Mon), true)
        ]
    );
    assert!(kept.iter().all(|it| it.usual && it.schedule.roles == [Role::Executive, Role::Admin]));
    schedules::set_active(&mut tx, kept[0].id, false, &admin, now()).await.unwrap();
    schedules::delete(&mut tx, kept[1].id, &admin, now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(schedules::plan(world.db(), now() + TimeDelta::days(30)).await.unwrap(), 0);
    let mut tx = world.tx().await;
    let left = schedules::list(&mut tx, &admin).await.unwrap();
    assert_eq!(left.iter().map(|it| it.active).collect::<Vec<_>>(), [false]);
    // What fell into the pause is not sent when it goes on.
    let later = now() + TimeDelta::days(30);
    schedules::set_active(&mut tx, left[0].id, true, &admin, later).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(schedules::plan(world.db(), later).await.unwrap(), 0);
    assert_eq!(schedules::plan(world.db(), later + TimeDelta::days(1)).await.unwrap(), 1);
}

#[tokio::test]
async fn what_was_missed_goes_out_once_to_those_who_may_see_it_as_a_pdf() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    world.without_reports().await;
    let server = Server::start();
    let executive = user(&world, "Executive", Role::Executive).await;
    let other = user(&world, "Other", Role::Executive).await;
    let quarterly = Schedule {
        name: "The quarter".into(),
        rhythm: Rhythm::Monthly(31),
        ..schedule(Report::ExecutiveQuarterly, Format::Pdf, &[&executive, &other])
    };
    let id = made(&world, &quarterly, &executive).await.unwrap();
    sqlx::query("update users set role = 'scheduler' where id = $1")
        .bind(other.id.0)
        .execute(&mut db.owner().await)
        .await
        .unwrap();
    let months_later = now() + TimeDelta::days(100);
    assert_eq!(schedules::plan(world.db(), months_later).await.unwrap(), 1);
    assert_eq!(schedules::plan(world.db(), months_later).await.unwrap(), 0);
    work(&world, months_later, Some(server.post())).await;

    let mails = server.mails();
    assert_eq!(mails.len(), 1, "a scheduler may not see it any more");
    let message = MessageParser::default().parse(&mails[0]).unwrap();
    assert_eq!(message.to().unwrap().first().unwrap().address.as_deref(), Some("executive@example.com"));
    assert_eq!(message.subject(), Some("The quarter: Q2 2026"));
    assert_eq!(message.attachment(0).unwrap().attachment_name(), Some("test-2026-Q2.pdf"));
    let run = schedules::runs(&mut world.tx().await, id, None, 9).await.unwrap().pop().unwrap();
    let outcome: Vec<_> = run
        .deliveries
        .iter()
        .map(|it| (it.name.as_str(), it.state.as_deref(), it.outcome.as_deref().or(it.refused.as_deref())))
        .collect();
    assert_eq!(
        outcome,
        [("Executive", Some("sent"), Some("250 taken")), ("Other", None, Some("may not see this report"))]
    );
}

#[tokio::test]
async fn who_has_left_gets_nothing_and_a_schedule_of_who_has_left_sends_nothing() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    world.without_reports().await;
    let (owner, reader) = (user(&world, "Owner", Role::Executive).await, user(&world, "Reader", Role::Executive).await);
    let admin = user(&world, "Admin", Role::Admin).await;
    let id = made(&world, &schedule(Report::ExecutiveQuarterly, Format::Pdf, &[&reader]), &owner).await.unwrap();
    let leave = async |user: &User| {
        sqlx::query("update users set status = 'disabled' where id = $1")
            .bind(user.id.0)
            .execute(&mut db.owner().await)
            .await
            .unwrap();
    };
    leave(&reader).await;
    let run = sent_now(&world, id, &owner).await;
    work(&world, now(), None).await;
    let run = run_of(&world, run).await;
    assert_eq!((run.state, run.deliveries.len()), (RunState::Done, 1));
    assert_eq!(run.deliveries[0].refused.as_deref(), Some("may not sign in any more"));

    leave(&owner).await;
    let run = sent_now(&world, id, &admin).await;
    work(&world, now(), None).await;
    let run = run_of(&world, run).await;
    assert!(run.deliveries.is_empty() && run.note.unwrap().contains("may not sign in any more"));
    // Whoever saves it anew makes it theirs.
    let anew = schedule(Report::ExecutiveQuarterly, Format::Pdf, &[&admin]);
    let mut tx = world.tx().await;
    schedules::change(&mut tx, id, &anew, &admin, now()).await.unwrap();
    tx.commit().await.unwrap();
    let run = sent_now(&world, id, &admin).await;
    work(&world, now(), None).await;
    assert_eq!(run_of(&world, run).await.deliveries[0].state.as_deref(), Some("kept"));
}

#[tokio::test]
async fn a_run_that_fails_is_tried_again_then_given_up_and_its_owner_is_told_once() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    world.without_reports().await;
    let finance = user(&world, "Finance", Role::Finance).await;
    let id = made(&world, &schedule(Report::Revenue, Format::Csv, &[&finance]), &finance).await.unwrap();
    let rename = async |from: &str, to: &str| {
        let sql = format!("alter table {from} rename to {to}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut db.owner().await).await.unwrap();
    };
    rename("daily_revenue_summaries", "elsewhere").await;
    let run = sent_now(&world, id, &finance).await;
    let again = schedules::send_now(&mut world.tx().await, id, &finance, now()).await;
    assert!(matches!(again, Err(Error::Conflict(_))), "one at a time: {again:?}");
    work(&world, now(), None).await;
    schedules::plan(world.db(), now()).await.unwrap();
    let first = run_of(&world, run).await;
    assert_eq!((first.state, first.attempts), (RunState::Waiting, 1));
    assert!(first.error.unwrap().contains("daily_revenue_summaries"));
    assert!(told(&world, finance.id).await.is_empty(), "it is tried again");
    for _ in 0..6 {
        pauses_pass(&db).await;
        work(&world, now(), None).await;
    }
    for _ in 0..2 {
        schedules::plan(world.db(), now()).await.unwrap();
    }
    let lost = run_of(&world, run).await;
    assert_eq!((lost.state, lost.attempts), (RunState::Failed, 6));
    let told = told(&world, finance.id).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("‘The report’ could not be made") && told[0].contains("daily_revenue_summaries"));
    let mails = mail::deliveries(&mut world.tx().await, 9).await.unwrap();
    assert_eq!(mails.iter().map(|it| it.subject.as_str()).collect::<Vec<_>>(), ["Not sent: The report"]);
    let failing = schedules::failing(&mut world.tx().await).await.unwrap();
    assert_eq!(failing.iter().map(|it| it.schedule).collect::<Vec<_>>(), [id]);

    rename("elsewhere", "daily_revenue_summaries").await;
    night::run(world.db(), world.organization(), Job::Alerts, now(), &|_| {}).await.unwrap();
    let alerts = open_alerts(&mut world.tx().await).await.unwrap();
    let known: Vec<_> = alerts.iter().map(|it| (it.kind, it.key.clone(), it.title.as_str())).collect();
    assert_eq!(known, [(Kind::Report, id.to_string(), "A report does not go out: The report")], "one alert, not two");
    let mut global = world.db().global().await.unwrap();
    let job = queue::latest(&mut global, world.org(), Some(schedules::JOB), 1).await.unwrap().remove(0);
    assert_eq!(job.state, JobState::Failed);
    assert!(queue::retry(&mut global, world.org(), job.id).await.unwrap());
    global.commit().await.unwrap();
    work(&world, now(), None).await;
    assert_eq!(run_of(&world, run).await.state, RunState::Done);
    assert!(schedules::failing(&mut world.tx().await).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_mail_that_is_refused_is_shown_with_the_server_s_words_and_the_owner_is_told() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    world.without_reports().await;
    let server = Server::start();
    let (owner, nobody) = (user(&world, "Owner", Role::Finance).await, user(&world, "Nobody", Role::Finance).await);
    let id = made(&world, &schedule(Report::Partners, Format::Xlsx, &[&nobody]), &owner).await.unwrap();
    let run = sent_now(&world, id, &owner).await;
    work(&world, now(), Some(server.post())).await;
    for _ in 0..2 {
        schedules::plan(world.db(), now()).await.unwrap();
    }
    let refused = run_of(&world, run).await.deliveries.remove(0);
    assert_eq!(refused.state.as_deref(), Some("failed"));
    assert!(refused.outcome.unwrap().contains("no such person"));
    let told_to = told(&world, owner.id).await;
    assert_eq!(told_to.len(), 1, "{told_to:?}");
    assert!(told_to[0].contains("nobody@example.com was refused"), "{told_to:?}");
    assert!(told(&world, nobody.id).await.is_empty());
}

#[tokio::test]
async fn without_a_mail_server_the_file_is_here_for_its_recipient_and_for_nobody_else() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    world.without_reports().await;
    let (finance, admin) = (user(&world, "Finance", Role::Finance).await, user(&world, "Admin", Role::Admin).await);
    let id = made(&world, &schedule(Report::Partners, Format::Csv, &[&finance]), &admin).await.unwrap();
    let run = sent_now(&world, id, &admin).await;
    work(&world, now(), None).await;
    for _ in 0..2 {
        schedules::plan(world.db(), now()).await.unwrap();
    }
    assert_eq!(run_of(&world, run).await.deliveries[0].state.as_deref(), Some("kept"));
    assert_eq!(told(&world, finance.id).await.len(), 1, "told once");
    let mut tx = world.tx().await;
    let own = schedules::own_files(&mut tx, &finance, 9).await.unwrap();
    assert_eq!((own.len(), own[0].run, own[0].file.as_str()), (1, run, "test-partners-2026-03-26-2026-03-26.csv"));
    let file = schedules::file(&mut tx, &finance, run).await.unwrap();
    assert_eq!(i64::try_from(file.content.len()).unwrap(), own[0].bytes);
    let foreign = schedules::file(&mut tx, &admin, run).await;
    assert!(matches!(foreign, Err(Error::NotFound(_))), "not even for the admin who sent it");
}

#[tokio::test]
async fn who_lost_the_right_to_a_report_or_to_its_names_lost_its_files_too() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    world.without_reports().await;
    let (finance, admin) = (user(&world, "Finance", Role::Finance).await, user(&world, "Admin", Role::Admin).await);
    let mut runs = Vec::new();
    for (report, format) in [(Report::Payroll, Format::Csv), (Report::FinancialMonthly, Format::Pdf)] {
        let id = made(&world, &schedule(report, format, &[&finance, &admin]), &admin).await.unwrap();
        runs.push(sent_now(&world, id, &admin).await);
    }
    work(&world, now(), None).await;
    let mut tx = world.tx().await;
    let mut check = async |user: &User, expected: [bool; 2]| {
        let mut listed: Vec<_> =
            schedules::own_files(&mut tx, user, 9).await.unwrap().into_iter().map(|file| file.run).collect();
        listed.sort();
        let readable: Vec<_> =
            runs.iter().zip(expected).filter(|(_, readable)| *readable).map(|(run, _)| *run).collect();
        assert_eq!(listed, readable, "{}", user.role);
        for (run, readable) in runs.iter().zip(expected) {
            assert_eq!(schedules::file(&mut tx, user, *run).await.is_ok(), readable, "{} {run}", user.role);
        }
    };
    check(&finance, [true, true]).await;
    check(&admin, [true, true]).await;
    // What is by name is finance's alone; what is printed names nobody; a worker sees no money at all.
    check(&User { role: Role::Executive, ..finance.clone() }, [false, true]).await;
    check(&User { role: Role::Worker, ..finance.clone() }, [false, false]).await;
    check(&User { role: Role::Finance, ..admin.clone() }, [true, true]).await;
}

/// What a recipient's file of a run says.
async fn content(world: &World, run: uuid::Uuid, user: &User) -> String {
    let file = schedules::file(&mut world.tx().await, user, run).await.unwrap();
    String::from_utf8_lossy(&file.content).into_owned()
}

#[tokio::test]
async fn each_recipient_gets_what_that_recipient_may_see() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    world.without_reports().await;
    let ana = world.worker("Ana Beauty").rate(50).await;
    world.shift(ana).on("2026-03-10").hours("06:00", "14:00").pay(400).clocked_in("06:00").await;
    let away = world.site("Away").await;
    night::run(world.db(), world.organization(), Job::WorkerDays, now(), &|_| {}).await.unwrap();
    let (finance, admin) = (user(&world, "Finance", Role::Finance).await, user(&world, "Admin", Role::Admin).await);
    let payroll = made(&world, &schedule(Report::Payroll, Format::Csv, &[&finance, &admin]), &admin).await.unwrap();
    let run = sent_now(&world, payroll, &admin).await;
    work(&world, now(), None).await;
    assert!(content(&world, run, &finance).await.contains("Ana Beauty"), "finance sees pay by name");
    let of_admin = content(&world, run, &admin).await;
    assert!(!of_admin.contains("Ana Beauty") && of_admin.contains("All job roles"), "an admin by job role: {of_admin}");

    let (supervisor, hr) = (user(&world, "Supervisor", Role::Supervisor).await, user(&world, "Hr", Role::Hr).await);
    let teams = made(&world, &schedule(Report::Team, Format::Csv, &[&supervisor, &hr]), &admin).await.unwrap();
    let run = sent_now(&world, teams, &admin).await;
    work(&world, now(), None).await;
    assert!(content(&world, run, &hr).await.contains("Away"));
    assert!(!content(&world, run, &supervisor).await.contains("Away"), "only the own site");
    let of_away = Schedule { site: Some(away), ..schedule(Report::Team, Format::Csv, &[&supervisor, &hr]) };
    let of_away = made(&world, &of_away, &admin).await.unwrap();
    let run = sent_now(&world, of_away, &admin).await;
    work(&world, now(), None).await;
    let run = run_of(&world, run).await;
    let refused: Vec<_> = run.deliveries.iter().map(|it| (it.name.as_str(), it.refused.as_deref())).collect();
    assert_eq!(refused, [("Hr", None), ("Supervisor", Some("may not see this site"))]);
}

#[tokio::test]
async fn every_report_is_made_in_each_of_its_files() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    world.without_reports().await;
    let admin = user(&world, "Admin", Role::Admin).await;
    let client = user(&world, "Client", Role::Client).await;
    let mut runs = Vec::new();
    for report in Report::ALL {
        for format in report.formats() {
            let reader = if report.is_for(Role::Admin) { &admin } else { &client };
            let id = made(&world, &schedule(*report, *format, &[reader]), &admin).await.unwrap();
            runs.push((*report, *format, reader, sent_now(&world, id, &admin).await));
        }
    }
    work(&world, now(), None).await;
    for (report, format, reader, run) in runs {
        let it = run_of(&world, run).await;
        assert_eq!(it.state, RunState::Done, "{report:?} as {format:?}: {:?}", it.error);
        let file = schedules::file(&mut world.tx().await, reader, run).await.unwrap();
        let begins: &[u8] = match format {
            Format::Pdf => b"%PDF-",
            Format::Xlsx => b"PK",
            Format::Csv => "\u{feff}".as_bytes(),
        };
        assert!(file.content.starts_with(begins), "{report:?} as {format:?}");
        assert!(file.name.ends_with(format.code()) && file.media_type == format.media_type(), "{}", file.name);
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_not_scheduled_and_others_schedules_are_not_there() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let rival = testing::org_named(&db, "rival", Berlin).await;
    let (finance, executive) =
        (user(&world, "Finance", Role::Finance).await, user(&world, "Executive", Role::Executive).await);
    let scheduler = user(&world, "Scheduler", Role::Scheduler).await;
    let good = schedule(Report::Revenue, Format::Csv, &[&finance]);
    let foreign = rival.site("Foreign").await;
    let refused = async |schedule: Schedule, by: &User, words: &str| {
        let error = made(&world, &schedule, by).await.unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    refused(Schedule { name: " ".into(), ..good.clone() }, &finance, "a name").await;
    refused(Schedule { recipients: Vec::new(), ..good.clone() }, &finance, "who gets it").await;
    refused(Schedule { format: Format::Pdf, ..good.clone() }, &finance, "comes as XLSX or CSV").await;
    refused(Schedule { roles: vec![Role::Hr], ..good.clone() }, &finance, "not for the role hr").await;
    refused(Schedule { recipients: vec![scheduler.id], ..good.clone() }, &finance, "not for Scheduler").await;
    refused(Schedule { site: Some(world.home()), ..good.clone() }, &finance, "choose no single one").await;
    refused(Schedule { partner: Some(uuid::Uuid::nil()), ..good.clone() }, &finance, "partner").await;
    let month = Schedule { site: Some(foreign), ..schedule(Report::FinancialMonthly, Format::Pdf, &[&finance]) };
    refused(month, &finance, "site").await;
    refused(schedule(Report::ExecutiveQuarterly, Format::Pdf, &[&executive]), &finance, "").await;
    refused(good.clone(), &scheduler, "").await;

    let id = made(&world, &good, &finance).await.unwrap();
    let mut tx = world.tx().await;
    assert!(matches!(schedules::one(&mut tx, id, &executive).await, Err(Error::NotFound(_))));
    assert!(matches!(schedules::delete(&mut tx, id, &executive, now()).await, Err(Error::NotFound(_))));
    assert!(matches!(schedules::send_now(&mut tx, id, &executive, now()).await, Err(Error::NotFound(_))));
    let orders = schedule(Report::Orders, Format::Csv, &[&finance]);
    let changed = schedules::change(&mut tx, id, &orders, &finance, now());
    assert!(changed.await.is_err(), "it keeps its report");
    let kept: Kept = schedules::one(&mut tx, id, &finance).await.unwrap();
    assert_eq!(
        (kept.emails.as_slice(), kept.created_by.as_deref()),
        (&["finance@example.com".to_owned()][..], Some("Finance"))
    );
    assert_eq!(kept.next_run_at, "2026-03-28T08:00:00Z".parse::<DateTime<Utc>>().unwrap());
    let typed = schedules::users_by_email(&mut tx, "Finance@example.com,\n executive@example.com;").await.unwrap();
    assert_eq!(typed, [finance.id, executive.id]);
    assert!(
        schedules::users_by_email(&mut tx, "stranger@example.com").await.unwrap_err().to_string().contains("stranger")
    );
}

#[tokio::test]
async fn runs_are_kept_for_a_year() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    world.without_reports().await;
    let finance = user(&world, "Finance", Role::Finance).await;
    let id = made(&world, &schedule(Report::Partners, Format::Csv, &[&finance]), &finance).await.unwrap();
    let run = sent_now(&world, id, &finance).await;
    work(&world, now(), None).await;
    let forget = async |days| {
        let mut tx = world.tx().await;
        let forgotten = schedules::forget_old(&mut tx, now() + TimeDelta::days(days)).await.unwrap();
        tx.commit().await.unwrap();
        forgotten
    };
    assert_eq!((forget(364).await, forget(366).await), (0, 1));
    assert!(matches!(schedules::run(&mut world.tx().await, run).await, Err(Error::NotFound(_))));
}
