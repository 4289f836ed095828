//! The documented way from a city's service requests to facts, walked with an excerpt of the same shape.
#![cfg(feature = "testing")]

use std::fs::File;
use std::path::Path;
use std::process::Command;

use muster::intake::{Source, Summary, Table, load};
use muster::testing::{World, database, org_named};
use sqlx::AssertSqlSafe;

const EXCERPT: &str = r#"request_id,opened_at,target_at,closed_at,on_time,status,department,subject,reason,type,queue,neighborhood,ward,police_district,source
1,2015-01-01 00:20:09,,2015-01-02 09:08:42,ONTIME,Closed,INFO,Hotline,Notification,Notification,INFO_Events,Downtown,Ward 5,A1,Call
2,2015-01-01 00:25:23,2015-01-16 08:30:00,2015-01-16 08:30:00,ONTIME,Closed,PWDx,Works,Lights,"Outages, street",PWDx_Lights,Fenway,Ward 5,D4,App
3,2015-01-01 00:25:36,2015-01-16 08:30:00,2015-04-28 08:49:50,OVERDUE,Closed,PWDx,Works,Lights,"The ""old"" lamps",PWDx_Lights,,Ward 5,D4,App
4,2015-03-07 12:00:00,2015-03-08 03:30:00,2015-03-08 03:10:00,ONTIME,Closed,PARK,Parks,Trees,Trees,PWDx_Lights,Fenway,Ward 5,D4,App
5,2015-02-01 10:00:00,2015-02-02 10:00:00,2015-01-31 10:00:00,ONTIME,Closed,PARK,Parks,Trees,Trees,PARK_Trees,Fenway,Ward 5,D4,App
6,2015-02-01 10:00:00,2015-02-02 10:00:00,,OVERDUE,Open,PARK,Parks,Trees,Trees,PARK_Open,Fenway,Ward 5,D4,App
"#;

async fn import(world: &World, table: Table, folder: &Path) -> Summary {
    let now = "2026-03-10T12:00:00Z".parse().unwrap();
    let file = File::open(folder.join(format!("{table}.csv"))).unwrap();
    load(world.db(), world.organization(), Source::new(table, table.name(), file), now).await.unwrap()
}

async fn text(world: &World, sql: &str) -> String {
    let sql = format!("select string_agg(x::text, ' | ' order by x::text) from ({sql}) q (x)");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *world.tx().await).await.unwrap()
}

#[tokio::test]
async fn a_citys_requests_become_sites_crews_and_orders() {
    let folder = std::env::temp_dir().join(format!("muster-city-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let excerpt = folder.join("requests.csv");
    std::fs::write(&excerpt, EXCERPT).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/city-requests.mjs");
    let ran =
        Command::new("node").arg(script).args([&excerpt, &folder]).output().expect("Node 20 or newer is installed");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));

    let db = database().await;
    let world = org_named(&db, "city", chrono_tz::America::New_York).await;
    assert_eq!(import(&world, Table::Sites, &folder).await.new, 3);
    assert_eq!(import(&world, Table::Workers, &folder).await.new, 4);
    let orders = import(&world, Table::WorkOrders, &folder).await;
    std::fs::remove_dir_all(&folder).unwrap();

    assert_eq!((orders.read, orders.new, orders.rejected), (6, 6, 0));
    let findings: Vec<String> = orders.findings.iter().map(|f| format!("{} {}", f.rows, f.finding)).collect();
    assert_eq!(findings, ["1 closed before it was opened", "1 no deadline", "1 no area"]);
    let homes = "select (employee_number, s.code, hired_on) from workers w join sites s on s.id = w.home_site_id";
    assert_eq!(
        text(&world, homes).await,
        "(INFO_Events,INFO,) | (PARK_Open,PARK,) | (PARK_Trees,PARK,) | (PWDx_Lights,PWDx,)"
    );
    let on_time = "select (count(*) filter (where resolved_at <= sla_due_at), count(*)) from work_orders where resolved_at is not null and sla_due_at is not null";
    assert_eq!(text(&world, on_time).await, "(3,4)");
    let fourth = "select (opened_at, resolved_at, closed_day) from work_orders where ref = '4'";
    assert_eq!(
        text(&world, fourth).await,
        "(\"2015-03-07 17:00:00+00\",\"2015-03-08 07:10:00+00\",2015-03-08)",
        "clocks went forward in between"
    );
    assert_eq!(
        text(&world, "select category from work_orders where ref in ('2', '3')").await,
        "Outages, street | The \"old\" lamps"
    );
}
