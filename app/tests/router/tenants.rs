//! Two companies in one database do not mix.

use axum::http::StatusCode;
use muster::people::Role;
use uuid::Uuid;

use crate::house::{House, PASSWORD};

#[tokio::test]
async fn each_worker_sees_the_own_record_whatever_the_address_says() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    house.add_rivals_worker().await;
    let foreign = house.rivals_worker;
    for (email, own, other) in [("worker@test", "Ana", "Zoë of the rival"), ("worker@rival", "Zoë of the rival", "Ana")]
    {
        let mut visitor = house.signed_in(email).await;
        for query in [String::new(), format!("?worker={foreign}&worker_id={foreign}&org={}", house.rival.org())] {
            let answer = visitor.get(&format!("/api/v1/performance/me{query}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{email}{query}: {}", answer.body);
            assert!(answer.body.contains(own) && !answer.body.contains(other), "{email}{query}: {}", answer.body);
            let page = visitor.get(&format!("/me{query}")).await;
            assert!(!page.body.contains(other), "{email}{query}");
        }
    }
}

/// The application's own check taken away: the database still gives nothing.
#[tokio::test]
async fn with_the_application_check_removed_a_query_still_returns_nothing_of_another_org() {
    let house = House::with_everybody().await;
    house.add_rivals_worker().await;
    let mut owner = house.db.owner().await;
    let tables: Vec<String> = sqlx::query_scalar(
        "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id'
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity order by 1",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert!(tables.len() > 20, "the schema has many tenant tables: {tables:?}");
    let mut tx = house.db.org(house.test.org()).await.unwrap();
    for table in &tables {
        let count = format!("select count(*) from {table} where org_id <> $1");
        let foreign: i64 =
            sqlx::query_scalar(sqlx::AssertSqlSafe(count)).bind(house.test.org().0).fetch_one(&mut *tx).await.unwrap();
        assert_eq!(foreign, 0, "{table}");
    }
    let rivals: Vec<Uuid> = sqlx::query_scalar("select id from workers where id = $1")
        .bind(house.rivals_worker.0)
        .fetch_all(&mut *tx)
        .await
        .unwrap();
    assert!(rivals.is_empty(), "not even by its id");
}

#[tokio::test]
async fn a_login_belongs_to_one_company_and_its_email_to_one_login() {
    use muster::people::accounts::{NewUser, create_user};
    let house = House::new().await;
    house.add(Role::Worker).await;
    let again = NewUser {
        name: "Again".into(),
        email: "Worker@Test".into(),
        role: Role::Admin,
        worker: None,
        client: None,
        sites: Vec::new(),
    };
    let refused = create_user(&house.db, house.rival.org(), &again, PASSWORD, house.now).await;
    assert!(matches!(refused, Err(muster::Error::Conflict(_))), "{refused:?}");
    let mut tx = house.rival.tx().await;
    let users: i64 = sqlx::query_scalar("select count(*) from users").fetch_one(&mut *tx).await.unwrap();
    assert_eq!(users, 0, "and nothing is left behind");
}
