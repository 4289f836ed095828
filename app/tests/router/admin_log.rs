//! `/admin/audit`: every line, found again by its filters, page by page, and whole in the file.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use muster::people::audit::{self, LOOKED_AT_CHURN};
use muster::units::UserId;
use serde_json::json;

use crate::house::House;

const PAGE: &str = "/admin/audit";

async fn note(house: &House, user: UserId, action: &str, record: &str, at: &str) {
    let mut tx = house.test.tx().await;
    let at: DateTime<Utc> = at.parse().unwrap();
    audit::record(&mut tx, user, action, record, None, Some(json!({ "of": action })), at).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn lines_are_found_by_who_what_and_when() {
    let house = House::with_everybody().await;
    let (hr, finance) = (house.user("hr@test").await, house.user("finance@test").await);
    note(&house, hr, "exported", "people", "2026-03-01T22:30:00Z").await;
    note(&house, finance, "exported", "finance", "2026-03-02T12:00:00Z").await;
    note(&house, finance, "set budget", "budget", "2026-03-03T12:00:00Z").await;
    let mut admin = house.signed_in("admin@test").await;
    let check = async |admin: &mut crate::house::Visitor, query: &str, found: [bool; 3]| {
        let page = admin.get(&format!("{PAGE}?{query}")).await.body;
        let has = |record: &str| page.contains(&format!("data-label=\"Record\">{record}<"));
        assert_eq!([has("people"), has("finance"), has("budget")], found, "{query}: {page}");
    };
    check(&mut admin, "", [true, true, true]).await;
    check(&mut admin, "who=hr%40", [true, false, false]).await;
    check(&mut admin, "who=The+finance&what=export", [false, true, false]).await;
    // In Johannesburg it was past midnight.
    check(&mut admin, "from=2026-03-02&to=2026-03-02", [true, true, false]).await;
    check(&mut admin, "to=2026-03-01", [false, false, false]).await;
    let page = admin.get(&format!("{PAGE}?what=nothing+of+the+kind")).await.body;
    assert!(page.contains("No line is found") && page.contains("value=\"nothing of the kind\""));
    for nonsense in ["from=soon", "from=2026-03-02&to=2026-03-01", "before=1", "who=a&who=b"] {
        assert_eq!(admin.get(&format!("{PAGE}?{nonsense}")).await.status, StatusCode::BAD_REQUEST, "{nonsense}");
    }
}

#[tokio::test]
async fn pages_show_each_line_once_and_the_file_has_all_of_them() {
    let house = House::with_everybody().await;
    let mut tx = house.test.tx().await;
    sqlx::query(
        "insert into audit_log (org_id, id, at, action, record)
         select $1, gen_random_uuid(), timestamptz '2026-03-01 00:00Z' + make_interval(secs => n / 3), 'counted', 'line ' || n || '.'
         from generate_series(1, 5000) n",
    )
    .bind(house.test.org().0)
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let mut admin = house.signed_in("admin@test").await;
    let mut seen = BTreeSet::new();
    let mut next = format!("{PAGE}?what=counted");
    for _ in 0..4 {
        let page = admin.get(&next).await.body;
        let lines: Vec<&str> =
            page.split("data-label=\"Record\">line ").skip(1).filter_map(|it| it.split('.').next()).collect();
        assert_eq!(lines.len(), 50, "{next}");
        for line in lines {
            assert!(seen.insert(line.to_owned()), "line {line} is shown twice");
        }
        let (before, _) = page.split_once("\">Older").expect("older lines");
        let address = before.rsplit("href=\"").next().and_then(|rest| rest.split('"').next());
        next = address.expect("an address").replace("&amp;", "&");
    }
    // Three lines share each second: of the one where the fourth page ends, any two may stand on it.
    assert!((4803..=5000).all(|line| seen.contains(&line.to_string())), "{seen:?}");

    let file = admin.get("/admin/audit.csv?what=counted").await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(file.body.lines().filter(|line| line.contains("counted")).count(), 5000);
    let log = admin.get(&format!("{PAGE}?what=audit+log")).await.body;
    assert!(log.contains("exported"), "taking it is on record");
}

#[tokio::test]
async fn whose_risk_was_looked_at_is_not_told_to_whom_that_risk_is_not_shown_by_name() {
    let house = House::with_everybody().await;
    let hr = house.user("hr@test").await;
    let mut tx = house.test.tx().await;
    audit::record(&mut tx, hr, LOOKED_AT_CHURN, "worker", Some(house.worker.0), None, house.now).await.unwrap();
    let after = Some(json!({ "notes": "the bus comes late" }));
    audit::record(&mut tx, hr, "coaching completed", "coaching item", Some(house.worker.0), after, house.now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut admin = house.signed_in("admin@test").await;
    for path in [PAGE, "/admin/audit.csv"] {
        let answer = admin.get(path).await.body;
        assert!(answer.contains(LOOKED_AT_CHURN) && answer.contains("coaching completed"), "{path}");
        assert!(!answer.contains("Ana") && !answer.contains("the bus comes late"), "{path}");
        assert!(answer.contains("not shown to your role"));
        let id = house.worker.0.simple().to_string();
        for id in [house.worker.to_string(), format!("…{}", &id[24..])] {
            assert!(!answer.contains(&id), "{path} tells whose risk it was by the id");
        }
    }
}

#[tokio::test]
async fn the_log_is_of_the_own_company_and_of_administrators_alone() {
    let house = House::with_everybody().await;
    let rival = house.add_rivals_worker().await;
    let mut tx = house.rival.tx().await;
    audit::record(&mut tx, rival, "their secret", "thing", None, None, house.now).await.unwrap();
    tx.commit().await.unwrap();
    let mut admin = house.signed_in("admin@test").await;
    for path in [PAGE, "/admin/audit.csv"] {
        assert!(!admin.get(path).await.body.contains("their secret"), "{path}");
    }
    for other in ["hr@test", "executive@test", "platform@test"] {
        assert_eq!(house.signed_in(other).await.get("/admin/audit.csv").await.status, StatusCode::FORBIDDEN, "{other}");
    }
}
