//! `/admin/users`: who may sign in, and that a change of rights holds at once.

use axum::http::{Request, StatusCode};
use muster::people::{Role, create_token};

use crate::admin::once;
use crate::house::{House, PASSWORD, Visitor};

const PAGE: &str = "/admin/users";

/// Sends a form about a user and reads what its page then says.
async fn act(admin: &mut Visitor, path: &str, form: &str) -> String {
    let answer = admin.post(path, form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {form}: {}", answer.body);
    admin.get(answer.header("location")).await.body
}

#[tokio::test]
async fn the_list_is_searched_filtered_and_paged_and_holds_nobody_of_another_company() {
    let house = House::with_everybody().await;
    house.add_rivals_worker().await;
    let mut admin = house.signed_in("admin@test").await;
    let page = admin.get(PAGE).await.body;
    for role in Role::ALL {
        assert!(page.contains(&format!("The {role}")) && page.contains(&format!("{role}@test")), "{role}");
    }
    assert!(
        page.contains("9\u{a0}users are active, 0 deactivated")
            && page.contains("worker Ana")
            && page.contains(">HOME<")
    );
    assert!(!page.contains("Zoë") && !page.contains("worker@rival"));

    let found = admin.get(&format!("{PAGE}?find=hr%40&role=hr&state=active")).await.body;
    assert!(found.contains("hr@test") && !found.contains("finance@test"));
    assert!(admin.get(&format!("{PAGE}?find=%25")).await.body.contains("Nobody is found"));
    assert!(admin.get(&format!("{PAGE}?state=deactivated")).await.body.contains("Nobody is found"));
    for nonsense in ["role=king", "state=asleep", "page=0", "find=a&find=b"] {
        assert_eq!(admin.get(&format!("{PAGE}?{nonsense}")).await.status, StatusCode::BAD_REQUEST, "{nonsense}");
    }

    for nth in 0..60 {
        house.test.user(&format!("Guard {nth:02}"), Role::Worker).await;
    }
    let first = admin.get(&format!("{PAGE}?find=Guard")).await.body;
    assert!(
        first.contains("Guard 49") && !first.contains("Guard 50") && first.contains("?find=Guard&amp;page=2#users")
    );
    let second = admin.get(&format!("{PAGE}?find=Guard&page=2")).await.body;
    assert!(!second.contains("Guard 49") && second.contains("Guard 50") && second.contains("Guard 59"));
}

#[tokio::test]
async fn a_user_who_is_added_signs_in_with_the_password_that_is_shown_once() {
    let house = House::with_everybody().await;
    let mut admin = house.signed_in("admin@test").await;
    let (site, form) = (house.home(), "name=Thandi+M&email=Thandi%40test.example&role=supervisor");
    let answer = admin.post("/fn/add_user", &format!("{form}&site={site}")).await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "private, no-store"));
    let password = once(&answer.body);
    assert!(!admin.get(PAGE).await.body.contains(&password));
    let mut thandi = house.visitor();
    assert_eq!(thandi.sign_in("thandi@test.example", &password).await.status, StatusCode::SEE_OTHER);
    assert_eq!(thandi.get(&format!("/team/{site}")).await.status, StatusCode::OK);
    let log = admin.get("/admin/audit?what=added+user").await.body;
    assert!(log.contains("user Thandi M") && log.contains("192.0.2.0/24") && !log.contains("192.0.2.1"), "{log}");
    assert!(!log.contains(&password));
}

#[tokio::test]
async fn who_cannot_be_added_is_told_why_and_what_was_typed_stays() {
    let house = House::with_everybody().await;
    let mut admin = house.signed_in("admin@test").await;
    let foreign = house.rival.home();
    for (form, said) in [
        ("name=Ann&email=hr%40test&role=hr".to_owned(), "This e-mail is in use already."),
        ("name=Ann&email=ann&role=hr".into(), "That is not an e-mail address."),
        ("name=Ann&email=ann%40test".into(), "Choose a role."),
        ("name=Ann&email=ann%40test&role=king".into(), "is not a role"),
        ("name=Ann&email=ann%40test&role=client".into(), "Choose the client"),
        ("name=Ann&email=ann%40test&role=platform".into(), "on the command line only"),
        ("name=Ann&email=ann%40test&role=worker&number=nobody".into(), "there is no worker with employee number"),
        (format!("name=Ann&email=ann%40test&role=supervisor&site={foreign}"), "not one you can see"),
        (format!("name=Ann&email=ann%40test&role=client&client={foreign}"), "not one you can see"),
    ] {
        let page = act(&mut admin, "/fn/add_user", &form).await;
        assert!(page.contains(said) && page.contains("value=\"Ann\""), "{form}: {page}");
    }
    let users: i64 =
        sqlx::query_scalar("select count(*) from users").fetch_one(&mut house.db.owner().await).await.unwrap();
    assert_eq!(users, 9);
}

#[tokio::test]
async fn a_change_of_role_holds_in_the_session_that_is_open() {
    let house = House::with_everybody().await;
    let mut admin = house.signed_in("admin@test").await;
    let mut finance = house.signed_in("finance@test").await;
    let id = house.user("finance@test").await;
    assert_eq!(finance.get("/financial").await.status, StatusCode::OK);
    let page = act(&mut admin, "/fn/change_user", &format!("user={id}&role=supervisor&site={}", house.home())).await;
    assert!(page.contains("is supervisor from the next request on"), "{page}");
    assert_eq!(finance.get("/financial").await.status, StatusCode::FORBIDDEN);
    assert_eq!(finance.get(&format!("/team/{}", house.home())).await.status, StatusCode::OK);
    // And another scope.
    act(&mut admin, "/fn/change_user", &format!("user={id}&role=supervisor")).await;
    assert_eq!(finance.get(&format!("/team/{}", house.home())).await.status, StatusCode::FORBIDDEN);

    let log = admin.get("/admin/audit?what=changed+user").await.body;
    assert!(
        log.contains("<del>finance</del>") && log.contains("<ins>supervisor</ins>") && log.contains("HOME"),
        "{log}"
    );
}

#[tokio::test]
async fn who_is_deactivated_is_out_at_once_and_comes_back_only_by_an_administrator() {
    let house = House::with_everybody().await;
    let mut admin = house.signed_in("admin@test").await;
    let mut hr = house.signed_in("hr@test").await;
    let id = house.user("hr@test").await;
    let token = create_token(&house.db, "hr@test", "export", &["*".into()], None, house.now).await.unwrap();
    let page = act(&mut admin, "/fn/deactivate_user", &format!("user={id}")).await;
    assert!(page.contains("is deactivated") && page.contains("Activate again"), "{page}");
    assert_eq!(hr.get("/people").await.status, StatusCode::SEE_OTHER, "the session has ended");
    let team = format!("/api/v1/performance/team/{}", house.home());
    let asked = Request::get(&team).header("authorization", format!("Bearer {token}"));
    assert_eq!(house.visitor().send(asked, "").await.status, StatusCode::UNAUTHORIZED);
    assert_ne!(house.visitor().sign_in("hr@test", PASSWORD).await.status, StatusCode::SEE_OTHER);

    act(&mut admin, "/fn/activate_user", &format!("user={id}")).await;
    assert_eq!(hr.get("/people").await.status, StatusCode::SEE_OTHER, "the old session stays ended");
    assert_eq!(house.visitor().sign_in("hr@test", PASSWORD).await.status, StatusCode::SEE_OTHER);
    let asked = Request::get(&team).header("authorization", format!("Bearer {token}"));
    assert_eq!(house.visitor().send(asked, "").await.status, StatusCode::UNAUTHORIZED, "tokens stay revoked");
}

#[tokio::test]
async fn a_password_is_reset_and_the_old_one_and_its_sessions_are_gone() {
    let house = House::with_everybody().await;
    let mut admin = house.signed_in("admin@test").await;
    let mut hr = house.signed_in("hr@test").await;
    let id = house.user("hr@test").await;
    let password = once(&admin.post("/fn/reset_user", &format!("user={id}")).await.body);
    assert_eq!(hr.get("/people").await.status, StatusCode::SEE_OTHER);
    assert_ne!(house.visitor().sign_in("hr@test", PASSWORD).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.visitor().sign_in("hr@test", &password).await.status, StatusCode::SEE_OTHER);
    assert!(admin.get("/admin/audit").await.body.contains("reset password"));
}

#[tokio::test]
async fn nobody_locks_themselves_out_or_touches_the_platform() {
    let house = House::with_everybody().await;
    let mut admin = house.signed_in("admin@test").await;
    let own = house.user("admin@test").await;
    for (path, form) in [("/fn/change_user", "&role=hr"), ("/fn/deactivate_user", "")] {
        let page = act(&mut admin, path, &format!("user={own}{form}")).await;
        assert!(page.contains("nobody changes the own rights"), "{path}");
    }
    let platform = house.user("platform@test").await;
    for (path, form) in [
        ("/fn/change_user", "&role=hr"),
        ("/fn/deactivate_user", ""),
        ("/fn/activate_user", ""),
        ("/fn/reset_user", ""),
    ] {
        let page = act(&mut admin, path, &format!("user={platform}{form}")).await;
        assert!(page.contains("on the command line only"), "{path}: {page}");
    }
    assert_eq!(admin.get(PAGE).await.status, StatusCode::OK);
}

#[tokio::test]
async fn two_administrators_cannot_shut_each_other_out() {
    let house = House::with_everybody().await;
    let mut admin = house.signed_in("admin@test").await;
    let second = admin.post("/fn/add_user", "name=Second&email=second%40test&role=admin").await;
    let mut other = house.visitor();
    other.sign_in("second@test", &once(&second.body)).await;
    let (first, second) = (house.user("admin@test").await, house.user("second@test").await);
    let (one, two) = (format!("user={second}"), format!("user={first}"));
    tokio::join!(admin.post("/fn/deactivate_user", &one), other.post("/fn/deactivate_user", &two));
    let left: i64 = sqlx::query_scalar("select count(*) from users where role = 'admin' and status = 'active'")
        .fetch_one(&mut house.db.owner().await)
        .await
        .unwrap();
    assert_eq!(left, 1);
}

#[tokio::test]
async fn another_companys_user_is_not_there() {
    let house = House::with_everybody().await;
    let rival = house.add_rivals_worker().await;
    let mut admin = house.signed_in("admin@test").await;
    assert_eq!(admin.get(&format!("{PAGE}?user={rival}")).await.status, StatusCode::NOT_FOUND);
    for path in ["/fn/change_user", "/fn/deactivate_user", "/fn/activate_user", "/fn/reset_user"] {
        let answer = admin.post(path, &format!("user={rival}&role=hr")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(admin.get(PAGE).await.body.contains("not one you can see"), "{path}");
    }
    assert_eq!(house.visitor().sign_in("worker@rival", PASSWORD).await.status, StatusCode::SEE_OTHER);
}
