//! The API as it is documented is the API as it is.

use std::collections::BTreeSet;

use app::access::{self, Needs};
use app::api::{DOCS, OPENAPI, document};
use app::server::paths;
use axum::http::{Method, Request, StatusCode};
use muster::people::{Role, create_token};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::house::{Answer, House, Visitor};
use crate::me::{eight_weeks, late, monday, night};

/// Queries thrown at each route.
const THROWN: usize = 40;

/// An operation of the document.
struct Documented {
    method: Method,
    path: String,
    spec: Value,
}

impl Documented {
    fn address(&self, house: &House) -> String {
        let nil = uuid::Uuid::nil().to_string();
        let path = self.path.replace("{site}", &house.home().to_string());
        // The one shift and the one offer of the house.
        let shift = uuid::Uuid::from_u128(1).to_string();
        path.replace("{dispute}", &nil).replace("{shift}", &shift).replace("{offer}", &nil).replace("{type}", "revenue")
    }
}

fn operations() -> Vec<Documented> {
    let document = serde_json::to_value(document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(|(method, spec)| Documented {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                spec: spec.clone(),
            })
        })
        .collect()
}

fn reads() -> Vec<Documented> {
    let json = |it: &Documented| it.spec["responses"]["200"]["content"]["application/json"].is_object();
    operations().into_iter().filter(|it| it.method == Method::GET && json(it)).collect()
}

/// A worker with a past, a supervisor, a kudos, a look, a dispute and a fact to dispute.
async fn lived_in() -> House {
    let house = monday().await;
    eight_weeks(&house, house.worker).await;
    let colleague = house.test.worker("Ben").await;
    house.test.kudos(colleague, house.worker, "2026-03-27").await;
    let disputed = late(&house, house.worker).await;
    house.test.shift(house.worker).on("2026-03-31").await;
    night(&house).await;
    let supervisor = house.add(Role::Supervisor).await;
    house.add(Role::Executive).await;
    let mut tx = house.test.tx().await;
    let looked = muster::people::audit::LOOKED_AT_SCORE;
    let worker = Some(house.worker.0);
    muster::people::audit::record(&mut tx, supervisor, looked, "worker", worker, None, house.now).await.unwrap();
    sqlx::query(
        "insert into coaching_sessions (org_id, id, ref, worker_id, state, completed_on, notes) values ($1, $2, 'talk', $3, 'completed', '2026-03-20', 'All well')",
    )
    .bind(house.test.org().0)
    .bind(uuid::Uuid::now_v7())
    .bind(house.worker.0)
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    ahead(&house, colleague).await;
    let body = json!({ "fact": "shift", "fact_id": disputed, "note": "The gate was shut." }).to_string();
    let filed = send(&mut house.signed_in("worker@test").await, "me/disputes", &body).await;
    assert_eq!(filed.status, StatusCode::CREATED, "{}", filed.body);
    house
}

/// A shift of tomorrow that is offered to Ana, and a certification of hers that expires.
async fn ahead(house: &House, colleague: muster::units::WorkerId) {
    let mut open = house.test.shift(None).on("2026-03-31").hours("15:00", "20:00").await;
    let mut tx = house.test.tx().await;
    let known = uuid::Uuid::from_u128(1);
    tx.run(format!("update shifts set id = '{known}' where id = '{}'", open.id)).await.unwrap();
    tx.commit().await.unwrap();
    open.id = known;
    house.test.shift_offer(&open, house.worker).on("2026-03-29").await;
    assert_ne!(colleague, house.worker);
    house.test.certification(house.worker, "Radio licence", "2025-04-01", Some("2026-04-05")).await;
}

/// Posts JSON as a page of ours would.
async fn send(visitor: &mut Visitor, to: &str, body: &str) -> Answer {
    let request = Request::post(format!("/api/v1/performance/{to}"))
        .header("origin", "https://muster.test")
        .header("content-type", "application/json");
    visitor.send(request, body).await
}

/// The same document, as a JSON Schema that asks for one of its schemas.
fn validator(schema: &Value) -> jsonschema::Validator {
    let document = serde_json::to_value(document()).unwrap();
    let schema = json!({ "allOf": [schema], "components": document["components"] });
    jsonschema::draft202012::options().should_validate_formats(true).build(&schema).expect("a schema")
}

fn expect_problem(answer: &Answer, status: StatusCode, about: &str) {
    assert_eq!(answer.status, status, "{about}: {}", answer.body);
    assert_eq!(answer.header("content-type"), "application/problem+json", "{about}");
    let problem: Value = serde_json::from_str(&answer.body).unwrap();
    let schema = json!({ "$ref": "#/components/schemas/Problem" });
    assert!(validator(&schema).is_valid(&problem), "{about}: {problem}");
    assert_eq!(problem["status"], status.as_u16(), "{about}");
}

#[test]
fn every_route_of_the_api_is_documented_and_every_documented_one_is_there() {
    let routed: BTreeSet<String> = paths().into_iter().filter(|path| path.starts_with("/api/v1/")).collect();
    let documented: BTreeSet<String> = document().paths.paths.into_keys().collect();
    assert_eq!(routed, documented);
}

#[test]
fn every_operation_has_a_summary_a_tag_that_is_explained_and_a_name_of_its_own() {
    let document = serde_json::to_value(document()).unwrap();
    let tags: Vec<&Value> = document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    let operations = operations();
    let mut names = BTreeSet::new();
    for it in &operations {
        assert!(it.spec["summary"].is_string(), "{} {}", it.method, it.path);
        assert!(tags.contains(&&it.spec["tags"][0]), "{} {}", it.method, it.path);
        assert!(names.insert(it.spec["operationId"].to_string()), "{} is twice", it.spec["operationId"]);
    }
}

#[tokio::test]
async fn the_document_and_its_page_are_for_anybody() {
    let house = House::new().await;
    let answer = house.visitor().get(OPENAPI).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
    let document: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    assert_eq!(document["components"]["securitySchemes"]["session"]["in"], "cookie");
    let page = house.visitor().get(DOCS).await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(!page.body.contains("<script"), "it needs none");
    for it in operations() {
        let id = it.spec["operationId"].as_str().unwrap();
        assert!(page.body.contains(&format!("id=\"{id}\"")), "{id} is not explained");
    }
    for link in page.body.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(page.body.contains(&format!("id=\"{link}\"")), "#{link} leads nowhere");
    }
}

#[tokio::test]
async fn every_documented_operation_is_routed_by_its_method_and_others_are_refused() {
    let house = House::new().await;
    house.add(Role::Supervisor).await;
    // Who between them get through the gate everywhere.
    let roles = [Role::Supervisor, Role::Executive, Role::Platform];
    house.add(Role::Executive).await;
    house.add(Role::Platform).await;
    let mut visitors = Vec::new();
    for role in roles {
        visitors.push(house.signed_in(&format!("{role}@test")).await);
    }
    let may = |role: Role, path: &str| match access::of(path) {
        Some(Needs::Permission(permission)) => permission.is_for(role),
        _ => true,
    };
    let operations = operations();
    for path in document().paths.paths.into_keys() {
        let address = path.replace("{site}", &house.home().to_string());
        let who = roles.iter().position(|role| may(*role, &path)).expect("one of them may");
        let visitor = &mut visitors[who];
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let request =
                Request::builder().method(method.clone()).uri(&address).header("origin", "https://muster.test");
            let answer = visitor.send(request, "").await;
            let documented = operations.iter().any(|it| it.path == path && it.method == method);
            let refused = answer.status == StatusCode::METHOD_NOT_ALLOWED;
            assert_eq!(!documented, refused, "{method} {path}: {}", answer.status);
            if refused {
                assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_read_has_the_documented_shape_and_lacks_nothing() {
    let house = lived_in().await;
    let mut visitors = [
        house.signed_in("worker@test").await,
        house.signed_in("supervisor@test").await,
        house.signed_in("executive@test").await,
    ];
    // No report was sent here; `report_schedules` reads the run of one.
    for it in reads().into_iter().filter(|it| !it.path.ends_with("/{run}")) {
        let (mut answered, mut showed) = (0, 0);
        for visitor in &mut visitors {
            let answer = visitor.get(&it.address(&house)).await;
            if answer.status != StatusCode::OK {
                continue;
            }
            answered += 1;
            let body: Value = serde_json::from_str(&answer.body).unwrap();
            let schema = &it.spec["responses"]["200"]["content"]["application/json"]["schema"];
            let wrong: Vec<String> = validator(schema)
                .iter_errors(&body)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(wrong.is_empty(), "{}: {wrong:?} in {body}", it.path);
            assert!(schema.is_object(), "{}", it.path);
            showed += i32::from(body != json!([]) && body["items"] != json!([]));
            expect_every_field(&it.path, schema, &body);
        }
        assert!(answered > 0, "nobody could read {}", it.path);
        assert!(showed > 0, "{} shows nothing to anybody", it.path);
    }
}

/// A field that is there without being documented is as wrong as one that is documented without being there.
#[track_caller]
fn expect_every_field(path: &str, schema: &Value, body: &Value) {
    let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) else { return };
    let document = serde_json::to_value(document()).unwrap();
    let fields = |object: &Value| object.as_object().into_iter().flatten().map(|it| it.0.clone()).collect();
    let documented: BTreeSet<String> = fields(&document["components"]["schemas"][name]["properties"]);
    let there: BTreeSet<String> = fields(body);
    assert_eq!(documented, there, "{path}");
}

#[tokio::test]
async fn a_parameter_that_makes_no_sense_is_told_what_would() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    let mut visitor = house.signed_in("worker@test").await;
    for (query, hint) in [
        ("me?from=yesterday", "2026-03-31"),
        ("me?from=2026-03-02&to=2026-03-01", "swap"),
        ("me?from=2026-03-02&from=2026-03-01", "twice"),
        ("me/trends?days=6", "7 to 365"),
        ("me/trends?days=366", "7 to 365"),
        ("me/trends?days=", "7 to 365"),
        ("me/facts?to=2026-02-30", "2026-03-31"),
        ("me/looks?limit=0", "1 to 100"),
        ("me/disputes?limit=101", "1 to 100"),
        ("kudos?cursor=7", "cursor"),
        ("kudos?cursor=%00", "cursor"),
        ("kudos?cursor=%ff", "cursor"),
    ] {
        let answer = visitor.get(&format!("/api/v1/performance/{query}")).await;
        if query.ends_with('=') {
            assert_eq!(answer.status, StatusCode::OK, "an empty field is none: {}", answer.body);
            continue;
        }
        expect_problem(&answer, StatusCode::BAD_REQUEST, query);
        assert!(answer.body.contains(hint), "{query}: {}", answer.body);
    }
}

/// A value as somebody, or something, might put it into an address.
fn value() -> impl Strategy<Value = String> {
    let any = ".{0,24}".prop_map(|text| {
        serde_urlencoded::to_string([("", text)]).unwrap_or_default().trim_start_matches('=').to_owned()
    });
    proptest::prop_oneof![
        any,
        "[0-9a-f]{46,50}",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}",
        proptest::num::i128::ANY.prop_map(|number| number.to_string()),
        "(%[0-9a-f]{2}){1,8}",
    ]
}

#[tokio::test]
async fn no_query_whatsoever_breaks_a_route() {
    let house = House::with_everybody().await;
    let mut runner = TestRunner::deterministic();
    let mut visitors = [house.signed_in("worker@test").await, house.signed_in("supervisor@test").await];
    for it in reads() {
        let parameters = it.spec["parameters"].as_array().cloned().unwrap_or_default();
        let mut names: Vec<String> = parameters
            .iter()
            .filter(|it| it["in"] == "query")
            .filter_map(|it| it["name"].as_str())
            .map(Into::into)
            .collect();
        names.push("nonsense".into());
        let query = proptest::collection::vec((proptest::sample::select(names), value()), 1..4);
        for _ in 0..THROWN {
            let fields = query.new_tree(&mut runner).unwrap().current();
            let fields: Vec<String> = fields.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
            let address = format!("{}?{}", it.address(&house), fields.join("&"));
            for visitor in &mut visitors {
                let answer = visitor.get(&address).await;
                assert!(!answer.status.is_server_error(), "{address}: {}", answer.body);
                if answer.status == StatusCode::BAD_REQUEST {
                    expect_problem(&answer, StatusCode::BAD_REQUEST, &address);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_token_of_another_area_opens_no_route_and_one_of_this_opens_each() {
    let house = lived_in().await;
    let area = |path: &str| path.split('/').nth(3).unwrap().to_owned();
    let mut scopes: Vec<String> = operations().iter().map(|it| area(&it.path)).chain(["*".to_owned()]).collect();
    scopes.sort();
    scopes.dedup();
    assert!(scopes.len() > 2, "{scopes:?}");
    let mut tokens = Vec::new();
    for scope in scopes {
        let token = create_token(&house.db, "worker@test", "laptop", std::slice::from_ref(&scope), None, house.now)
            .await
            .unwrap();
        tokens.push((scope, format!("Bearer {token}")));
    }
    let mut visitor = house.visitor();
    for it in operations() {
        for (scope, token) in &tokens {
            let request = Request::builder().method(it.method.clone()).uri(it.address(&house));
            let status = visitor.send(request.header("authorization", token), "").await.status;
            let opens = *scope == "*" || *scope == area(&it.path);
            assert_eq!(status != StatusCode::UNAUTHORIZED, opens, "{} {} with {scope}", it.method, it.path);
        }
    }
}
