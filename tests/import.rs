//! What becomes of a file of facts: taken in, taken again, corrected, refused, cut off in the middle.
#![cfg(feature = "testing")]

use std::io::Write;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use muster::Result;
use muster::intake::{Source, Summary, Table, load};
use muster::testing::{World, database, org};
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

const FILES: [(Table, &str); 18] = [
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
        Table::Shifts,
        "ref,site,worker,starts_at,ends_at,required_skill,state,assigned_by,posted_at,filled_at,overtime_minutes,pay_regular,pay_overtime,pay_premium,pay_travel\n\
         SH1,S1,E1,2026-03-02T22:00:00+02:00,2026-03-03T06:00:00+02:00,armed,,roster,,,0,440,0,20.5,0\n\
         SH2,S1,,2026-03-03 06:00,2026-03-03 14:00,,planned,,,,,,,,\n",
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
