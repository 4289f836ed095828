//! `/compliance` and its files as each role gets them.

use std::io::Cursor;

use axum::http::{Request, StatusCode, header};
use calamine::{Reader, Xlsx};
use chrono::Days;
use http_body_util::BodyExt;
use muster::night::{self, Job};
use muster::people::Role;

use crate::house::{House, Visitor};

/// Ana lacks 'First aid' for a shift in two days; Noor of NORTH lacks it too, and has none.
async fn company() -> House {
    let house = House::with_everybody().await;
    house.test.requires_certification("First aid", None).await;
    let today = house.now.with_timezone(&house.test.organization().zone).date_naive();
    house.test.shift(house.worker).on_day(today + Days::new(2)).await;
    let north = house.test.site("NORTH").await;
    house.test.worker("=Noor").at(north).await;
    night::run(&house.db, house.test.organization(), Job::WorkerDays, house.now, &|_| {}).await.expect("the night");
    house
}

#[tokio::test]
async fn an_alert_is_told_in_a_sentence_and_each_list_opens() {
    let house = company().await;
    let mut hr = house.signed_in("hr@test").await;
    let page = hr.get("/compliance").await.body;
    assert!(
        page.contains("Ana has no ‘First aid’ on record.") && page.contains("1\u{a0}planned shift without it"),
        "{page}"
    );
    for (section, words) in [
        ("matrix", "Certifications and training by site"),
        ("people", "=Noor"),
        ("hours", "Shifts that break a rule"),
        ("incidents", "No such incident"),
        ("trail", "No gap"),
    ] {
        let answer = hr.get(&format!("/compliance?show={section}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{section}");
        assert!(answer.body.contains(words), "{section}: {}", answer.body);
    }
    for query in ["show=secrets", "site=home", "page=0", "kind=pass", "show=people&show=hours", "sort=name"] {
        assert_eq!(hr.get(&format!("/compliance?{query}")).await.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn a_supervisor_sees_the_own_sites_on_the_page_and_in_the_files() {
    let house = company().await;
    let mut farai = house.signed_in("supervisor@test").await;
    let page = farai.get("/compliance?show=people").await.body;
    assert!(page.contains("Ana") && !page.contains("Noor") && !page.contains("NORTH"), "{page}");
    let file = farai.get("/compliance/export.csv?table=people").await;
    assert!(file.body.contains("Ana") && !file.body.contains("Noor"), "{}", file.body);
    let north = {
        let mut tx = house.test.tx().await;
        let id: uuid::Uuid = sqlx::query_scalar("select id from sites where org_id = $1 and code = 'NORTH'")
            .bind(house.test.org().0)
            .fetch_one(&mut *tx)
            .await
            .expect("the site");
        id
    };
    for path in ["/compliance?", "/compliance/export.xlsx?", "/compliance/export.csv?table=people&"] {
        assert_eq!(farai.get(&format!("{path}site={north}")).await.status, StatusCode::FORBIDDEN, "{path}");
        let mut hr = house.signed_in("hr@test").await;
        let rivals = format!("{path}site={}", house.rival.home());
        assert_eq!(hr.get(&rivals).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for role in ["hr", "scheduler", "executive", "admin"] {
        let mut visitor = house.signed_in(&format!("{role}@test")).await;
        let page = visitor.get("/compliance?show=people").await.body;
        assert!(page.contains("Ana") && page.contains("Noor"), "{role}");
    }
}

#[tokio::test]
async fn another_company_sees_nothing() {
    let house = company().await;
    let new = muster::people::accounts::NewUser {
        name: "Rival".into(),
        email: "hr@rival".into(),
        role: Role::Hr,
        worker: None,
        client: None,
        sites: Vec::new(),
    };
    muster::people::accounts::create_user(&house.db, house.rival.org(), &new, crate::house::PASSWORD, house.now)
        .await
        .expect("a user");
    let mut rival = house.signed_in("hr@rival").await;
    for section in ["alerts", "matrix", "people", "hours", "incidents", "trail"] {
        let page = rival.get(&format!("/compliance?show={section}")).await.body;
        assert!(!page.contains("Ana") && !page.contains("NORTH") && !page.contains("First aid"), "{section}: {page}");
    }
    let file = rival.get("/compliance/export.csv?table=people").await.body;
    assert_eq!(file.lines().count(), 1, "the headings alone: {file}");
}

async fn bytes(visitor: &mut Visitor, path: &str) -> (String, String, Vec<u8>) {
    let answer = visitor.open(Request::get(path).header(header::ACCEPT, "text/html"), "").await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let head = |name| answer.headers().get(name).and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned();
    let (kind, name) = (head(header::CONTENT_TYPE), head(header::CONTENT_DISPOSITION));
    let body = answer.into_body().collect().await.expect("a whole file").to_bytes();
    (kind, name, body.to_vec())
}

#[tokio::test]
async fn the_workbook_opens_says_what_it_is_and_is_written_into_the_log() {
    let house = company().await;
    let mut hr = house.signed_in("hr@test").await;
    let (kind, name, body) = bytes(&mut hr, "/compliance/export.xlsx?from=2026-01-01&to=2026-01-31").await;
    assert_eq!(kind, muster::exports::XLSX);
    assert_eq!(name, "attachment; filename=\"test-compliance-2026-01-01-2026-01-31.xlsx\"");
    let mut book = Xlsx::new(Cursor::new(body)).expect("a workbook");
    assert_eq!(book.sheet_names()[..3], ["About", "Summary", "Alerts"]);
    let about = book.worksheet_range("About").expect("the first sheet");
    let said: Vec<String> = about.used_cells().map(|(_, _, cell)| cell.to_string()).collect();
    assert!(
        said.iter().any(|text| text == "2026-01-01 to 2026-01-31") && said.iter().any(|text| text == "The hr, hr"),
        "{said:?}"
    );
    let people = book.worksheet_range("Requirements").expect("the people");
    assert!(people.rows().any(|row| row[0] == "=Noor"), "words stay words");
    assert!(book.worksheet_formula("Requirements").expect("formulas").is_empty());

    let mut tx = house.test.tx().await;
    let after: serde_json::Value =
        sqlx::query_scalar("select after from audit_log where org_id = $1 and action = 'exported'")
            .bind(house.test.org().0)
            .fetch_one(&mut *tx)
            .await
            .expect("one row in the log");
    assert_eq!((after["rows"]["people"].as_i64(), after["rows"]["alerts"].as_i64()), (Some(2), Some(1)), "{after}");
    assert_eq!(after["from"], "2026-01-01");
}

#[tokio::test]
async fn a_table_as_csv_is_neutralised_named_and_refused_in_words() {
    let house = company().await;
    let mut hr = house.signed_in("hr@test").await;
    let (kind, name, body) = bytes(&mut hr, "/compliance/export.csv?table=people&from=2026-01-01&to=2026-01-31").await;
    assert_eq!(kind, muster::exports::CSV);
    assert_eq!(name, "attachment; filename=\"test-compliance-people-2026-01-01-2026-01-31.csv\"");
    let text = String::from_utf8(body).expect("UTF-8");
    assert!(text.starts_with("\u{feff}Name,Employee number,") && text.contains("\r\n'=Noor,'=Noor,"), "{text}");
    for query in ["table=secrets", "table=people&table=log", "table=people&from=soon"] {
        let answer = hr.get(&format!("/compliance/export.csv?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(answer.body.contains("<h1"), "{query}: in the frame");
    }
}
