//! What becomes of a file of facts: taken in, taken again, corrected, refused, cut off in the middle.
#![cfg(feature = "testing")]

use std::io::{Read, Write};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use muster::intake::{Column, Kind, Source, Summary, Table, load};
use muster::testing::{World, database, org, org_named};
use muster::{Error, Result};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sqlx::AssertSqlSafe;

fn now() -> DateTime<Utc> {
    "2026-03-10T12:00:00Z".parse().unwrap()
}

/// A file that can be looked at after it was written by another thread.
#[derive(Clone, Default)]
struct Pad(Arc<Mutex<Vec<u8>>>);

impl Pad {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Pad {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn import(world: &World, table: Table, file: impl AsRef<[u8]>) -> (Result<Summary>, String) {
    let (rejects, bytes) = (Pad::default(), std::io::Cursor::new(file.as_ref().to_vec()));
    let source = Source::new(table, format!("{table}.csv"), bytes).rejects(rejects.clone());
    (load(world.db(), world.organization(), source, now()).await, rejects.text())
}

/// Imports a file all of whose rows are good.
#[track_caller]
fn all_good((summary, rejects): (Result<Summary>, String)) -> Summary {
    let summary = summary.expect("a file that is taken");
    assert_eq!(rejects, "", "nothing is rejected");
    assert_eq!(summary.rejected, 0);
    summary
}

/// How many were new, changed, the same, rejected.
fn counts(summary: &Summary) -> [u64; 4] {
    [summary.new, summary.changed, summary.same, summary.rejected]
}

async fn text(world: &World, sql: &str) -> String {
    let sql = format!("select coalesce(string_agg(x::text, ' | ' order by x::text), '') from ({sql}) q (x)");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *world.tx().await).await.unwrap()
}

const FILES: [(Table, &str); 40] = [
    (Table::Clients, "code,name\nC1,Client One\n"),
    (
        Table::Sites,
        "code,name,client,vertical,time_zone,latitude,longitude,geofence_m,address\nS1,Site One,C1,retail,Africa/Johannesburg,-26.2,28.04,150,\"1 Main Road\nTown\"\n",
    ),
    (
        Table::Workers,
        "employee_number,name,job_role,home_site,hired_on,left_on,leave_reason,registration_number,registration_grade,hourly_rate,weekly_hours,home_latitude,home_longitude,skills,supervisor\n\
         E1,Ana,guard,S1,2024-01-01,,,,C,55.50,45,-26.1,28.1,armed;driver,E2\nE2,Ben,guard,S1,,,,,,,,,,,\n",
    ),
    (Table::Requirements, "kind,name,job_role,site\ncertification,First aid,guard,\ntraining,Fire,,S1\n"),
    (Table::Certifications, "worker,name,issued_on,expires_on\nE1,First aid,2025-01-01,2027-01-01\n"),
    (Table::Trainings, "worker,name,completed_on,expires_on\nE1,Fire,2025-06-01,\n"),
    (Table::Leave, "worker,first_day,last_day,kind,approved\nE1,2026-04-01,2026-04-10,annual,true\n"),
    (Table::CalendarDays, "day,name,kind\n2026-03-21,Human Rights Day,holiday\n"),
    (Table::MentoringPairs, "mentor,mentee,started_on,ended_on\nE1,E2,2026-01-05,\n"),
    (
        Table::WorkerAvailability,
        "worker,weekday,from_time,until_time,first_day,last_day\nE1,1,06:00,14:00,2026-01-01,\nE1,1,22:00,06:00,2026-01-01,2026-12-31\nE1,7,00:00,24:00,2026-01-01,\n",
    ),
    (Table::WorkerPreferences, "worker,wish,site,part_of_day\nE1,prefers,S1,\nE1,avoids,,night\n"),
    (Table::Budgets, "site,month,kind,amount\nS1,2026-03-01,regular,120000.50\nS1,2026-03-01,other,0\n"),
    (Table::OtherCosts, "ref,site,day,kind,amount\nO1,S1,2026-03-05,vehicles,99.95\n"),
    (
        Table::Rosters,
        "ref,site,first_day,last_day,algorithm,shift_count,filled_count,filled_minutes,solve_ms,planning_minutes,cost,budget,generated_at,confirmed_at,overrides,violations\n\
         R1,S1,2026-03-02,2026-03-08,manual,2,1,480,,300,460.5,500,2026-02-20 09:00,2026-02-20 14:00,,1\n",
    ),
    (
        Table::Shifts,
        "ref,site,worker,starts_at,ends_at,required_skill,state,assigned_by,posted_at,filled_at,overtime_minutes,pay_regular,pay_overtime,pay_premium,pay_travel,roster\n\
         SH1,S1,E1,2026-03-02T22:00:00+02:00,2026-03-03T06:00:00+02:00,armed,,roster,,,0,440,0,20.5,0,R1\n\
         SH2,S1,,2026-03-03 06:00,2026-03-03 14:00,,planned,,,,,,,,,\n",
    ),
    (
        Table::Attendance,
        "shift,clock_in,clock_out,latitude,longitude,device,inside_geofence,called_in\nSH1,2026-03-02 21:58:00,2026-03-03 06:01:30,-26.2,28.04,phone,true,\n",
    ),
    (
        Table::Tasks,
        "ref,site,worker,shift,title,assigned_at,due_at,started_at,completed_at,sla_minutes,passed_first_time,quality\n\
         T1,S1,E1,SH1,Lock up,2026-03-02 22:00,2026-03-03 01:00,,2026-03-03 00:30,120,true,90\n\
         T2,S1,E1,,Report,,2026-03-03 01:00,,,,,\n",
    ),
    (
        Table::Tours,
        "ref,site,worker,shift,planned_start,started_at,completed_at,incidents_found,incidents_missed\nTO1,S1,E1,SH1,2026-03-03 00:00,2026-03-03 00:05,2026-03-03 00:40,1,0\n",
    ),
    (
        Table::Checkpoints,
        "tour,position,name,planned_at,visited_at\nTO1,1,Gate,2026-03-03 00:05,2026-03-03 00:06\nTO1,2,Roof,2026-03-03 00:20,\n",
    ),
    (
        Table::WorkOrders,
        "ref,site,worker,opened_at,assigned_at,resolved_at,sla_due_at,priority,category,area,satisfaction,quality\n\
         W1,S1,E1,2026-03-01 08:00,,2026-03-02 23:30,2026-03-03 08:00,high,plumbing,roof,5,80\n",
    ),
    (
        Table::Incidents,
        "ref,site,worker,happened_at,kind,severity,attributable,documentation_quality,resolved_at\nI1,S1,E1,2026-03-02 23:00,theft,3,false,70,\n",
    ),
    (
        Table::ShiftOffers,
        "shift,worker,offered_at,answered_at,accepted,overtime\nSH2,E2,2026-03-01 09:00,2026-03-01 10:00,false,true\n",
    ),
    (
        Table::Kudos,
        "to_worker,from_worker,category,message,given_at\nE1,E2,safety,\"Thank you, Ana\",2026-03-04 08:00\n",
    ),
    (
        Table::CoachingSessions,
        "ref,worker,scheduled_for,completed_on,agenda,notes,agreed_actions,follow_up_on\n\
         CS1,E1,2026-02-02,2026-02-03,Late starts,\"Bus line changed, takes the earlier one\",Leave at 5,2026-03-03\n\
         CS2,E2,2026-03-09,,,,,\n",
    ),
    (
        Table::Jobs,
        "ref,site,category,posted_at,closed_at,openings,state\nJ1,S1,guard,2026-02-01 09:00,2026-02-10 15:00,2,filled\nJ2,S1,guard,2026-03-01 09:00,,,\n",
    ),
    (
        Table::Placements,
        "ref,job,worker,started_on,ended_on,end_reason,fee,cost,satisfaction\nP1,J1,E1,2026-02-12,,,5000.50,2000,4\nP2,J1,,2026-02-12,2026-02-20,no show,,,\n",
    ),
    (
        Table::Signups,
        "ref,channel,started_at,signed_up_at,onboarded_at,first_roster_at\nSU1,search,2026-02-01 09:00,2026-02-01 09:10,2026-02-01 12:00,2026-02-01 11:30\nSU2,,2026-02-02T09:00:00Z,,,\n",
    ),
    (Table::SignupActivity, "signup,day,users,active_users,rosters\nSU1,2026-02-01,3,2,1\nSU1,2026-02-08,3,1,\n"),
    (
        Table::Subscriptions,
        "ref,signup,tier,mrr,started_at,upgraded_at,cancelled_at\nSS1,SU1,starter,49,2026-02-15 12:00,2026-02-20 12:00,\nSS2,SU1,professional,149.50,2026-02-20 12:00,,\n",
    ),
    (Table::Invites, "ref,signup,sent_at,accepted_at\nIN1,SU1,2026-02-16 10:00,2026-02-18 10:00\n"),
    (Table::MarketingSpend, "day,channel,amount\n2026-02-01,search,120.50\n2026-02-01,events,0\n"),
    (
        Table::SupportTickets,
        "ref,signup,topic,opened_at,answered_at,closed_at,satisfaction\nTI1,SU1,import,2026-02-03 10:00,2026-02-03 10:20,2026-02-04 09:00,5\nTI2,,billing,2026-02-03 11:00,,,\n",
    ),
    (Table::Customers, "ref,name,source,joined_on\nCU1,Zola,search,2026-01-04\nCU2,,,\n"),
    (Table::Partners, "ref,name,daily_capacity,joined_on\nPA1,Spotless,40,2025-06-01\nPA2,Fynbos,,\n"),
    (Table::ServiceCategories, "ref,name\nLAUNDRY,Laundry\n"),
    (
        Table::Orders,
        "ref,customer,partner,category,amount,discount,placed_at,accepted_at,rejected_at,picked_up_at,processed_at,delivered_at,completed_at,cancelled_at\n\
         OR1,CU1,PA1,LAUNDRY,100.50,10,2026-03-02 23:30,2026-03-02 23:40,,2026-03-03 08:00,2026-03-03 12:00,2026-03-03 14:00,2026-03-03 14:05,\n\
         OR2,CU2,,,80,,2026-03-03 09:00,,,,,,,2026-03-03 10:00\n",
    ),
    (
        Table::Payments,
        "ref,order_ref,method,amount,paid_at\nPM1,OR1,card,50.50,2026-03-02 23:35\nPM2,OR1,cash,40.00,2026-03-03 14:05\nPM3,OR2,wallet,80,2026-03-03 09:01\n",
    ),
    (Table::Refunds, "ref,order_ref,amount,reason,refunded_at\nRF1,OR2,80,cancelled,2026-03-04 09:00\n"),
    (Table::OrderRatings, "order_ref,rating,rated_at\nOR1,5,2026-03-04 18:00\n"),
    (Table::OrderIssues, "ref,order_ref,kind,reported_at\nIS1,OR1,damaged,2026-03-04 18:05\n"),
];

#[tokio::test]
async fn every_table_takes_its_rows_once() {
    let db = database().await;
    let world = org(&db).await;
    for (table, file) in FILES {
        let rows = file.matches('\n').count() as u64 - 1 - u64::from(table == Table::Sites);
        assert_eq!(counts(&all_good(import(&world, table, file).await)), [rows, 0, 0, 0], "{table}, the first time");
    }
    for (table, file) in FILES {
        let rows = file.matches('\n').count() as u64 - 1 - u64::from(table == Table::Sites);
        assert_eq!(counts(&all_good(import(&world, table, file).await)), [0, 0, rows, 0], "{table}, again");
    }
    assert_eq!(text(&world, "select skills from workers").await, "{armed,driver} | {}");
    assert_eq!(text(&world, "select pay_premium from shifts").await, "0.00 | 20.50");
    assert_eq!(
        text(&world, "select (fact, rows_new, rows_same) from imports where fact = 'tasks'").await,
        "(tasks,0,2) | (tasks,2,0)"
    );
}

#[tokio::test]
async fn a_conversation_is_scheduled_until_it_is_held() {
    let db = database().await;
    let planned = "ref,worker,scheduled_for,completed_on\nCS1,Ana,2026-02-02,\n";
    let world = world_with(&db, &[(Table::CoachingSessions, planned)]).await;
    let states = "select (ref, state, completed_on, item_id is null) from coaching_sessions";
    assert_eq!(text(&world, states).await, "(CS1,scheduled,,t)");
    let held = "ref,worker,completed_on,notes\nCS1,Ana,2026-02-03,All well\n";
    assert_eq!(counts(&all_good(import(&world, Table::CoachingSessions, held).await)), [0, 1, 0, 0]);
    assert_eq!(text(&world, states).await, "(CS1,completed,2026-02-03,t)");
    assert_eq!(text(&world, "select (scheduled_for, notes) from coaching_sessions").await, "(2026-02-02,\"All well\")");
    let neither = import(&world, Table::CoachingSessions, "ref,worker\nCS2,Ana\n").await;
    assert!(neither.1.contains("scheduled_for: neither planned nor held"), "{}", neither.1);
}

/// Home site `HOME`, workers Ana and Ben, and whatever files a test starts from.
async fn world_with(db: &muster::database::Database, files: &[(Table, &str)]) -> World {
    let world = org(db).await;
    world.worker("Ana").await;
    world.worker("Ben").await;
    for (table, file) in files {
        all_good(import(&world, *table, file).await);
    }
    world
}

const SHIFT: &str = "ref,site,worker,starts_at,ends_at\nSH1,HOME,Ana,2026-03-02 22:00,2026-03-03 06:00\n";

async fn dirty(world: &World) -> String {
    let who = "coalesce((select employee_number from workers w where w.id = d.worker_id), 'everybody')";
    text(world, &format!("select d.day || ' ' || {who} from dirty_days d")).await
}

#[tokio::test]
async fn wrong_headers_are_refused_and_nothing_is_remembered() {
    let db = database().await;
    let world = world_with(&db, &[]).await;
    let (refused, rejects) =
        import(&world, Table::Shifts, "ref,site,wroker,starts_at\nSH1,HOME,Ana,2026-03-02 06:00\n").await;
    let Err(Error::Invalid(text_of_it)) = refused else { panic!("{refused:?}") };
    for words in ["'wroker' is not known (did you mean 'worker'?)", "column 'ends_at' is missing", "Optional: worker"] {
        assert!(text_of_it.contains(words), "{text_of_it}");
    }
    assert_eq!((rejects.as_str(), text(&world, "select count(*) from imports").await.as_str()), ("", "0"));
    let (refused, _) = import(&world, Table::Shifts, "ref;site;starts_at;ends_at\n").await;
    assert!(refused.unwrap_err().to_string().contains("separated by semicolons"));
}

#[tokio::test]
async fn bad_rows_go_to_the_rejects_and_good_ones_land() {
    let db = database().await;
    let world = world_with(&db, &[]).await;
    let mut file = b"ref,site,worker,starts_at,ends_at\n".to_vec();
    file.extend_from_slice(b"SH1,HOME,Ana,2026-03-02 06:00,2026-03-02 14:00\n"); // good
    file.extend_from_slice(b"SH2,HOME,Ana,02/03/2026 06:00,2026-03-02 14:00\n");
    file.extend_from_slice(b"SH3,NOWHERE,Zed,2026-03-02 06:00,2026-03-02 14:00\n");
    file.extend_from_slice(b"SH4,HOME,Ana,2026-03-02 06:00,2026-03-02 05:00\n");
    file.extend_from_slice(b"SH5,HOME,Ana,1026-03-02 06:00,2026-03-02 14:00\n");
    file.extend_from_slice(b"SH\xff,HOME,Ana,2026-03-02 06:00,2026-03-02 14:00\n");
    file.extend_from_slice(b"SH1,HOME,Ben,2026-03-02 07:00,2026-03-02 14:00\n");
    file.extend_from_slice(b"SH8,HOME,Ben,2026-03-02 07:00\n");
    let (summary, rejects) = import(&world, Table::Shifts, file).await;
    let summary = summary.unwrap();
    assert_eq!((summary.read, counts(&summary)), (8, [1, 0, 0, 7]));
    let lines: Vec<&str> = rejects.lines().collect();
    assert_eq!(lines[0], "ref,site,worker,starts_at,ends_at,line,reason");
    let because =
        |line: &str, why: &str| assert!(lines.iter().any(|l| l.contains(line) && l.contains(why)), "{rejects}");
    because(
        "SH2,HOME,Ana,02/03/2026 06:00,2026-03-02 14:00,3,",
        "starts_at: '02/03/2026 06:00' is not a time as 2025-12-31T18:00:00+02:00",
    );
    because(
        "SH3,NOWHERE,Zed,2026-03-02T06:00:00,2026-03-02T14:00:00,4,",
        "site: there is no site 'NOWHERE'; worker: there is no worker 'Zed'",
    );
    because(",5,", "ends_at: not after starts_at");
    because(",6,", "starts_at: '1026-03-02' is before 1990");
    because("SH\u{fffd},HOME", "ref: is not valid UTF-8");
    because("SH1,HOME,Ben", "the same ref as in line 2");
    because("SH8,HOME,Ben,2026-03-02 07:00,,9,", "another number of fields");
    assert_eq!(text(&world, "select (ref, day) from shifts").await, "(SH1,2026-03-02)");
    assert!(
        summary
            .reasons
            .iter()
            .any(|why| why.reason == "worker: there is no worker …" && (why.rows, why.first_line) == (1, 4))
    );
    assert_eq!(text(&world, "select (rows_read, rows_new, rows_rejected) from imports").await, "(8,1,7)");
}

#[tokio::test]
async fn a_rejects_file_put_right_is_taken() {
    let db = database().await;
    let world = world_with(&db, &[]).await;
    let (_, rejects) =
        import(&world, Table::Workers, "employee_number,name,job_role,home_site\nE9,=cmd(),guard,HMOE\n").await;
    assert!(rejects.contains("E9,'=cmd(),guard,HMOE,2,home_site: there is no site 'HMOE'"), "{rejects}");
    all_good(import(&world, Table::Workers, rejects.replace("HMOE,2", "HOME,2")).await);
    assert_eq!(text(&world, "select name from workers where employee_number = 'E9'").await, "=cmd()");
}

#[tokio::test]
async fn a_formula_in_a_name_is_text_and_a_finding() {
    let db = database().await;
    let world = world_with(&db, &[]).await;
    let summary = all_good(import(&world, Table::Clients, "code,name\nC1,=1+1\nC2,Plain\n").await);
    assert_eq!(summary.findings[0].finding, "name looks like a spreadsheet formula");
    assert_eq!(
        text(&world, "select (finding, rows, example) from import_findings").await,
        "(\"name looks like a spreadsheet formula\",1,\"line 2\")"
    );
}

#[tokio::test]
async fn what_is_odd_is_taken_and_reported() {
    let db = database().await;
    let world = world_with(&db, &[(Table::Shifts, SHIFT)]).await;
    let orders = "ref,site,worker,opened_at,resolved_at,sla_due_at,area\n\
        W1,HOME,Ana,2026-03-02 10:00,2026-03-02 09:00,2026-03-03 09:00,roof\n\
        W2,HOME,Ana,2026-03-02 10:00,,2026-03-01 09:00,\n\
        W3,HOME,,2026-03-02 10:00,,,roof\n";
    let summary = all_good(import(&world, Table::WorkOrders, orders).await);
    let mut findings: Vec<(&str, u64)> = summary.findings.iter().map(|f| (f.finding.as_str(), f.first_line)).collect();
    findings.sort_unstable();
    let expected =
        [("closed before it was opened", 2), ("due before it was opened", 3), ("no area", 3), ("no deadline", 4)];
    assert_eq!(findings, expected);
    let late = "shift,clock_in,clock_out\nSH1,2026-03-03 11:00,2026-03-03 12:00\n";
    let summary = all_good(import(&world, Table::Attendance, late).await);
    assert_eq!(summary.findings[0].finding, "clocked in more than 12 hours from the start of the shift");
    let backwards = "shift,clock_in,clock_out\nSH1,2026-03-02 23:00,2026-03-02 22:00\n";
    let (summary, rejects) = import(&world, Table::Attendance, backwards).await;
    assert_eq!(counts(&summary.unwrap()), [0, 0, 0, 1]);
    assert!(rejects.contains("clock_out: before clock_in"));
}

#[tokio::test]
async fn a_night_shift_belongs_to_the_day_it_starts_on() {
    let db = database().await;
    let world = world_with(&db, &[(Table::Shifts, SHIFT)]).await;
    all_good(import(&world, Table::Attendance, "shift,clock_in\nSH1,2026-03-03 00:10\n").await);
    let tasks = "ref,site,worker,shift,due_at\nT1,HOME,Ana,SH1,2026-03-03 05:00\nT2,HOME,Ana,,2026-03-03 05:00\n";
    all_good(import(&world, Table::Tasks, tasks).await);
    assert_eq!(
        text(&world, "select (day, worker_id = (select id from workers where name = 'Ana'), clock_in) from attendance")
            .await,
        "(2026-03-02,t,\"2026-03-02 22:10:00+00\")"
    );
    assert_eq!(text(&world, "select (ref, day) from tasks").await, "(T1,2026-03-02) | (T2,2026-03-03)");
}

#[tokio::test]
async fn local_times_follow_the_clocks_of_the_site() {
    let db = database().await;
    let world = org_named(&db, "city", chrono_tz::America::New_York).await;
    world.site("LA").zone("America/Los_Angeles").insert().await;
    let orders = "ref,site,opened_at,resolved_at\n\
        winter,HOME,2015-01-15 12:00,2015-01-15T23:30:00\n\
        summer,HOME,2015-07-15 12:00,2015-07-16T03:30:00Z\n\
        west,LA,2015-07-15 12:00,2015-07-16T03:30:00Z\n\
        skipped,HOME,2015-03-08 02:30,\n\
        twice,HOME,2015-11-01 01:30,\n";
    let summary = all_good(import(&world, Table::WorkOrders, orders).await);
    let utc = "to_char(opened_at at time zone 'UTC', 'MM-DD HH24:MI')";
    let found =
        text(&world, &format!("select ref || ' ' || {utc} || ' ' || coalesce(closed_day::text, '') from work_orders"))
            .await;
    let expected = "skipped 03-08 07:30  | summer 07-15 16:00 2015-07-15 | twice 11-01 06:30  | west 07-15 19:00 2015-07-15 | winter 01-15 17:00 2015-01-15";
    assert_eq!(found, expected);
    let found =
        |words: &str| summary.findings.iter().find(|f| f.finding.contains(words)).map(|f| (f.rows, f.first_line));
    assert_eq!((found("skipped"), found("came twice")), (Some((1, 5)), Some((1, 6))));
}

#[tokio::test]
async fn a_corrected_row_replaces_the_old_one_wherever_that_was() {
    let db = database().await;
    let world = world_with(&db, &[(Table::Shifts, SHIFT)]).await;
    all_good(
        import(
            &world,
            Table::Tasks,
            "ref,site,worker,due_at\nT1,HOME,Ana,2026-01-20 10:00\nT2,HOME,Ana,2026-01-20 10:00\n",
        )
        .await,
    );
    let moved = "ref,site,worker,due_at\nT1,HOME,Ben,2026-02-20 10:00\nT2,HOME,Ana,2026-01-20 10:00\n";
    assert_eq!(counts(&all_good(import(&world, Table::Tasks, moved).await)), [0, 1, 1, 0]);
    let tasks = text(&world, "select (ref, day, tableoid::regclass) from tasks").await;
    assert_eq!(tasks, "(T1,2026-02-20,tasks_202602) | (T2,2026-01-20,tasks_202601)");
    assert_eq!(dirty(&world).await, "2026-01-20 Ana | 2026-02-20 Ben | 2026-03-02 Ana");
}

#[tokio::test]
async fn what_hangs_on_a_shift_moves_with_it() {
    let db = database().await;
    let world = world_with(&db, &[(Table::Shifts, SHIFT)]).await;
    all_good(import(&world, Table::Attendance, "shift,clock_in\nSH1,2026-03-02 22:00\n").await);
    all_good(import(&world, Table::Tasks, "ref,site,worker,shift,due_at\nT1,HOME,Ana,SH1,2026-03-03 05:00\n").await);
    all_good(
        import(&world, Table::Tours, "ref,site,worker,shift,planned_start\nTO1,HOME,Ana,SH1,2026-03-02 23:00\n").await,
    );
    all_good(import(&world, Table::Checkpoints, "tour,position,planned_at\nTO1,1,2026-03-02 23:05\n").await);
    let mut tx = world.tx().await;
    tx.run("delete from dirty_days".into()).await.unwrap();
    tx.commit().await.unwrap();
    let moved = "ref,site,worker,starts_at,ends_at\nSH1,HOME,Ben,2026-02-27 22:00,2026-02-28 06:00\n";
    assert_eq!(counts(&all_good(import(&world, Table::Shifts, moved).await)), [0, 1, 0, 0]);
    let days = "select 'shift', day from shifts union all select 'attendance', day from attendance union all select 'task', day from tasks \
        union all select 'tour', day from tours union all select 'checkpoint', day from checkpoints";
    let days = text(&world, &format!("select (k, d) from ({days}) d (k, d)")).await;
    assert_eq!(
        days,
        "(attendance,2026-02-27) | (checkpoint,2026-02-27) | (shift,2026-02-27) | (task,2026-02-27) | (tour,2026-02-27)"
    );
    assert_eq!(text(&world, "select w.name from attendance a join workers w on w.id = a.worker_id").await, "Ben");
    assert_eq!(dirty(&world).await, "2026-02-27 Ana | 2026-02-27 Ben | 2026-03-02 Ana");
}

#[tokio::test]
async fn a_column_that_is_not_in_the_file_is_left_as_it_is() {
    let db = database().await;
    let world = world_with(&db, &[]).await;
    let workers = "employee_number,name,job_role,home_site,hourly_rate\nE1,Cas,guard,HOME,50\n";
    all_good(import(&world, Table::Workers, workers).await);
    let renamed = "employee_number,name,job_role,home_site\nE1,Cass,guard,HOME\n";
    assert_eq!(counts(&all_good(import(&world, Table::Workers, renamed).await)), [0, 1, 0, 0]);
    assert_eq!(
        text(&world, "select (name, hourly_rate) from workers where employee_number = 'E1'").await,
        "(Cass,50.00)"
    );
    let emptied = "employee_number,name,job_role,home_site,hourly_rate\nE1,Cass,guard,HOME,\n";
    assert_eq!(counts(&all_good(import(&world, Table::Workers, emptied).await)), [0, 1, 0, 0]);
    assert_eq!(text(&world, "select (name, hourly_rate) from workers where employee_number = 'E1'").await, "(Cass,)");
}

#[tokio::test]
async fn days_are_marked_for_those_whose_facts_changed() {
    let db = database().await;
    let world = world_with(&db, &[(Table::Shifts, SHIFT)]).await;
    assert_eq!(dirty(&world).await, "2026-03-02 Ana");
    all_good(import(&world, Table::Shifts, SHIFT).await);
    let future = "ref,site,worker,starts_at,ends_at\nSH2,HOME,Ana,2026-03-20 06:00,2026-03-20 14:00\nSH3,HOME,,2026-03-04 06:00,2026-03-04 14:00\n";
    all_good(import(&world, Table::Shifts, future).await);
    assert_eq!(
        dirty(&world).await,
        "2026-03-02 Ana | 2026-03-04 everybody",
        "days to come are not marked, unfilled shifts concern the team"
    );
}

#[tokio::test]
async fn a_busy_day_is_marked_once_for_everybody() {
    let db = database().await;
    let world = world_with(&db, &[]).await;
    let mut file = String::from("ref,site,worker,due_at\n");
    for n in 0..60 {
        file += &format!("T{n},HOME,Ana,2026-03-02 10:00\n");
    }
    file += "T60,HOME,Ana,2026-03-03 10:00\n";
    all_good(import(&world, Table::Tasks, file).await);
    assert_eq!(dirty(&world).await, "2026-03-02 everybody | 2026-03-03 Ana");
}

#[tokio::test]
async fn a_certificate_marks_the_days_it_counts_on() {
    let db = database().await;
    let world = world_with(&db, &[]).await;
    let file = "worker,name,issued_on,expires_on\nAna,First aid,2026-03-08,2027-03-08\n";
    all_good(import(&world, Table::Certifications, file).await);
    assert_eq!(dirty(&world).await, "", "nothing was computed yet, so nothing can be out of date");
    let mut tx = world.tx().await;
    tx.ensure_partitions("worker_daily_metrics", "2026-03-01".parse().unwrap(), "2026-03-01".parse().unwrap())
        .await
        .unwrap();
    tx.run("insert into worker_daily_metrics (org_id, day, worker_id, site_id) select org_id, '2026-03-01', id, home_site_id from workers".into()).await.unwrap();
    tx.commit().await.unwrap();
    all_good(import(&world, Table::Certifications, file.replace("2027", "2028")).await);
    assert_eq!(dirty(&world).await, "2026-03-08 Ana | 2026-03-09 Ana | 2026-03-10 Ana");
    let leave = "worker,first_day,last_day,kind,approved\nBen,2026-02-01,2026-03-02,annual,yes\n";
    all_good(import(&world, Table::Leave, leave).await);
    let more = "2026-03-01 Ben | 2026-03-02 Ben | 2026-03-08 Ana | 2026-03-09 Ana | 2026-03-10 Ana";
    assert_eq!(dirty(&world).await, more, "leave marks its own days, from the first that was computed");
    all_good(import(&world, Table::Requirements, "kind,name,job_role\ncertification,First aid,guard\n").await);
    assert_eq!(
        text(&world, "select count(*) from dirty_days where worker_id = '00000000-0000-0000-0000-000000000000'").await,
        "10"
    );
}

/// A reader that breaks after some bytes.
struct Breaking(std::io::Cursor<Vec<u8>>);

impl Read for Breaking {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(std::io::Error::other("the disk went away")),
            read => Ok(read),
        }
    }
}

#[tokio::test]
async fn nothing_is_half_loaded_when_the_file_breaks_off() {
    let db = database().await;
    let world = world_with(&db, &[]).await;
    let mut file = String::from("code,name\n");
    for n in 0..100_000 {
        file += &format!("C{n},Client number {n}\n");
    }
    let source = Source::new(Table::Clients, "clients.csv", Breaking(std::io::Cursor::new(file.clone().into_bytes())));
    let broken = load(world.db(), world.organization(), source, now()).await.unwrap_err();
    assert!(matches!(broken, Error::Io { .. }) && broken.to_string().contains("the disk went away"), "{broken}");
    assert_eq!(text(&world, "select count(*) from clients").await, "0");
    let summary = all_good(import(&world, Table::Clients, file).await);
    assert_eq!(summary.new, 100_000, "the connection is as good as before");
}

#[tokio::test]
async fn what_rosters_are_made_of_is_checked_row_by_row() {
    let db = database().await;
    let world = world_with(&db, &[]).await;
    let bad = async |table: Table, file: &str, reasons: &[&str]| {
        let (summary, rejects) = import(&world, table, file).await;
        assert_eq!(counts(&summary.unwrap()), [1, 0, 0, reasons.len() as u64], "{table}: {rejects}");
        for reason in reasons {
            assert!(rejects.contains(reason), "{reason}: {rejects}");
        }
    };
    let hours = "worker,weekday,from_time,until_time,first_day,last_day\n\
        Ana,1,22:00,06:00,2026-01-01,\nAna,8,06:00,14:00,2026-01-01,\nAna,2,24:00,06:00,2026-01-01,\n\
        Ana,3,06:00,00:00,2026-01-01,\nAna,4,06:00,14:00,2026-01-02,2026-01-01\nAna,5,6am,14:00,2026-01-01,\n";
    let wrong = [
        "'8' is not a whole number from 1 to 7",
        "from_time: 24:00 is the end of a day",
        "until_time: write 24:00 for the end of a day",
        "last_day: before first_day",
        "'6am' is not a time of day as 06:30",
    ];
    bad(Table::WorkerAvailability, hours, &wrong).await;
    assert_eq!(text(&world, "select (from_minute, until_minute) from worker_availability").await, "(1320,360)");
    let wishes = "worker,wish,site,part_of_day\nAna,avoids,,night\nAna,avoids,HOME,night\nAna,avoids,,\n";
    let one = "site: fill either site or part_of_day";
    bad(Table::WorkerPreferences, wishes, &[one, one]).await;
    let budgets = "site,month,kind,amount\nHOME,2026-03-01,regular,10\nHOME,2026-03-02,regular,10\nHOME,2026-03-01,fuel,10\n\
        HOME,2026-03-01,regular,11\n";
    let wrong = ["month: not the first day of a month", "'fuel' is not one of regular", "as in line 2"];
    bad(Table::Budgets, budgets, &wrong).await;
    let rosters = "ref,site,first_day,last_day,algorithm,shift_count,filled_count,generated_at,confirmed_at\n\
        R1,HOME,2026-03-02,2026-03-08,manual,2,1,2026-02-20 09:00,\nR2,HOME,2026-03-02,2026-03-01,manual,2,1,2026-02-20 09:00,\n\
        R3,HOME,2026-03-02,2026-03-08,manual,2,3,2026-02-20 09:00,\nR4,HOME,2026-03-02,2026-03-08,manual,2,1,2026-02-20 09:00,2026-02-19 09:00\n";
    bad(Table::Rosters, rosters, &["last_day: before", "filled_count: more than", "confirmed_at: before"]).await;
}

#[tokio::test]
async fn a_shift_finds_its_roster_and_says_so_when_it_does_not_fit() {
    let db = database().await;
    let rosters = "ref,site,first_day,last_day,algorithm,shift_count,filled_count,generated_at\n\
        R1,HOME,2026-03-02,2026-03-08,generated,2,1,2026-02-20 09:00\n";
    let world = world_with(&db, &[(Table::Rosters, rosters)]).await;
    world.site("EAST").await;
    let file = "ref,site,worker,roster,starts_at,ends_at\nSH1,HOME,Ana,R1,2026-03-02 22:00,2026-03-03 06:00\n\
        SH2,EAST,Ana,R1,2026-03-04 22:00,2026-03-05 06:00\nSH3,HOME,Ana,R1,2026-03-09 22:00,2026-03-10 06:00\n";
    let summary = all_good(import(&world, Table::Shifts, file).await);
    let mut findings: Vec<&str> = summary.findings.iter().map(|finding| finding.finding.as_str()).collect();
    findings.sort_unstable();
    assert_eq!(findings, ["shift in a roster of another site", "shift outside the days of its roster"]);
    let unlinked = "ref,site,worker,roster,starts_at,ends_at\nSH1,HOME,Ana,,2026-03-02 22:00,2026-03-03 06:00\n";
    assert_eq!(counts(&all_good(import(&world, Table::Shifts, unlinked).await)), [0, 1, 0, 0]);
    let (_, rejects) = import(&world, Table::Shifts, unlinked.replace("Ana,,", "Ana,R9,")).await;
    assert!(rejects.contains("roster: there is no roster 'R9'"), "{rejects}");
}

#[tokio::test]
async fn another_organization_is_not_touched_and_not_referred_to() {
    let db = database().await;
    let world = world_with(&db, &[(Table::Shifts, SHIFT)]).await;
    let rival = org_named(&db, "rival", chrono_tz::Africa::Johannesburg).await;
    let (summary, rejects) = import(&rival, Table::Shifts, SHIFT).await;
    assert_eq!(counts(&summary.unwrap()), [0, 0, 0, 1]);
    assert!(rejects.contains("there is no worker 'Ana'"));
    rival.worker("Ana").await;
    assert_eq!(counts(&all_good(import(&rival, Table::Shifts, SHIFT).await)), [1, 0, 0, 0]);
    assert_eq!(text(&world, "select count(*) from shifts").await, "1");
}

#[tokio::test]
async fn the_same_moment_written_differently_is_the_same_row() {
    let db = database().await;
    let world = world_with(&db, &[(Table::Shifts, SHIFT)]).await;
    let offers = "shift,worker,offered_at\nSH1,Ben,2026-03-01 10:00\nSH1,Ben,2026-03-01T08:00:00Z\n";
    let (summary, rejects) = import(&world, Table::ShiftOffers, offers).await;
    assert_eq!(counts(&summary.unwrap()), [1, 0, 0, 1]);
    assert!(rejects.contains("SH1,Ben,2026-03-01T08:00:00Z,3,") && rejects.contains("as in line 2"), "{rejects}");
}

#[tokio::test]
async fn a_zone_that_changes_asks_for_the_facts_again() {
    let db = database().await;
    let world = world_with(&db, &[(Table::Shifts, SHIFT)]).await;
    let sites = "code,name,time_zone\nHOME,HOME,Asia/Tokyo\n";
    let summary = all_good(import(&world, Table::Sites, sites).await);
    assert!(summary.findings[0].finding.starts_with("time zone changed"));
    let instants = "ref,site,worker,starts_at,ends_at\nSH1,HOME,Ana,2026-03-02T20:00:00Z,2026-03-03T04:00:00Z\n";
    assert_eq!(counts(&all_good(import(&world, Table::Shifts, instants).await)), [0, 1, 0, 0]);
    assert_eq!(text(&world, "select day from shifts").await, "2026-03-03");
}

#[tokio::test]
async fn a_file_with_few_columns_is_judged_with_what_is_there() {
    let db = database().await;
    let world = world_with(&db, &[(Table::Shifts, SHIFT)]).await;
    all_good(import(&world, Table::Tasks, "ref,site,worker,shift,due_at\nT1,HOME,Ana,SH1,2026-03-03 05:00\n").await);
    all_good(import(&world, Table::Tasks, "ref,site,worker,due_at,quality\nT1,HOME,Ana,2026-03-03 05:00,90\n").await);
    assert_eq!(text(&world, "select (day, quality) from tasks").await, "(2026-03-02,90)", "it stays with its shift");
    let order = "ref,site,opened_at,resolved_at\nW1,HOME,2026-03-02 08:00,2026-03-02 09:00\n";
    all_good(import(&world, Table::WorkOrders, order).await);
    all_good(import(&world, Table::WorkOrders, "ref,site,opened_at,priority\nW1,HOME,2026-03-02 08:00,high\n").await);
    assert_eq!(text(&world, "select (closed_day, priority) from work_orders").await, "(2026-03-02,high)");
    let (summary, rejects) = import(
        &world,
        Table::Workers,
        "employee_number,name,job_role,home_site,left_on\nAna,Ana,guard,HOME,2020-01-01\n",
    )
    .await;
    assert_eq!(counts(&summary.unwrap()), [0, 0, 0, 1]);
    assert!(rejects.contains("left_on: before hired_on"), "hired on 2025-01-01, as was known: {rejects}");
}

/// A value that is plausible, odd or wrong.
fn any_value(column: &Column, random: &mut ChaCha8Rng) -> String {
    let pool: Vec<String> = match column.kind {
        Kind::Word(words) => words.iter().map(|word| (*word).to_owned()).collect(),
        Kind::Whole(least, most) => vec![least.to_string(), most.to_string(), "1".into(), "2".into()],
        Kind::Hundredths(most) => vec!["0".into(), most.to_string(), "12.5".into()],
        Kind::Amount(most) => vec!["0".into(), most.to_string(), "12.5".into(), "1.255".into()],
        Kind::Number(least, most) => vec![least.to_string(), most.to_string(), "0".into()],
        Kind::Date(..) => ["1990-01-01", "2026-03-02", "2026-03-03", "2028-02-29"].map(String::from).to_vec(),
        Kind::Moment => [
            "1990-01-01T00:00:00+14:00",
            "2026-03-02 06:00",
            "2026-03-02T07:00:00.5Z",
            "2026-03-03 01:00",
            "2029-03-10T23:59:59-12:00",
        ]
        .map(String::from)
        .to_vec(),
        Kind::Clock => ["00:00", "06:30", "24:00"].map(String::from).to_vec(),
        Kind::Flag => vec!["yes".into(), "no".into()],
        Kind::Zone => ["Africa/Johannesburg", "US/Eastern", "Etc/GMT+12", "EST5EDT"].map(String::from).to_vec(),
        Kind::List => vec!["a;b".into(), ";;".into()],
        Kind::Ref(Table::Clients) => vec!["C1".into()],
        Kind::Ref(Table::Sites) => vec!["S1".into(), "A".into()],
        Kind::Ref(Table::Workers) => vec!["E1".into(), "E2".into(), "A".into()],
        Kind::Ref(Table::Shifts) => vec!["SH1".into(), "SH2".into(), "A".into()],
        Kind::Ref(Table::Rosters) => vec!["R1".into(), "A".into()],
        Kind::Ref(Table::Orders) => vec!["OR1".into(), "OR2".into(), "A".into()],
        Kind::Ref(Table::Customers) => vec!["CU1".into(), "CU2".into()],
        Kind::Ref(_) => vec!["TO1".into(), "A".into()],
        Kind::Code | Kind::Text(_) => {
            ["A", "B", "=cmd()", "'; drop table workers; --", "ünï", "{\\"].map(String::from).to_vec()
        }
    };
    let chance = random.random_range(0..20);
    match chance {
        0 => "nonsense".into(),
        1..4 if !column.required => String::new(),
        _ => pool.choose(random).unwrap().clone(),
    }
}

#[tokio::test]
async fn whatever_a_file_holds_the_database_never_has_to_refuse_it() {
    let db = database().await;
    let world = org(&db).await;
    for (table, file) in FILES {
        all_good(import(&world, table, file).await);
    }
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut taken = 0;
    for round in 0..2 {
        for table in Table::ALL {
            let columns = table.columns().iter().filter(|column| column.required || random.random_bool(0.8));
            let columns: Vec<&Column> = columns.collect();
            let mut file = columns.iter().map(|column| column.name).collect::<Vec<_>>().join(",") + "\n";
            for _ in 0..60 {
                let row: Vec<String> = columns.iter().map(|column| any_value(column, &mut random)).collect();
                file += &(row.join(",") + "\n");
            }
            let (summary, _) = import(&world, table, &file).await;
            let summary = summary.unwrap_or_else(|error| panic!("round {round}, {table}: {error}\n{file}"));
            assert_eq!(summary.read, counts(&summary).iter().sum::<u64>(), "{table}: every row is counted once");
            taken += summary.new + summary.changed;
            let (again, _) = import(&world, table, &file).await;
            assert_eq!(
                counts(&again.unwrap()),
                [0, 0, summary.read - summary.rejected, summary.rejected],
                "{table}: again"
            );
        }
    }
    assert!(taken > 300, "only {taken} rows were taken, this tests little");
}
