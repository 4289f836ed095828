//! What a team is proud of and competes for, on its page: kudos, achievements, challenges.

use axum::http::StatusCode;
use chrono::Days;
use muster::people::Role;
use muster::units::{SiteId, WorkerId};
use uuid::Uuid;

use crate::house::{House, Visitor};

async fn challenges(house: &House) -> i64 {
    let sql = "select count(*) from team_challenges where cancelled_at is null";
    sqlx::query_scalar(sql).fetch_one(&mut house.db.owner().await).await.unwrap()
}

/// The form of a challenge of the home site that begins the day after tomorrow and lasts two weeks.
fn form(house: &House, site: SiteId, against: impl std::fmt::Display) -> String {
    let first = house.now.date_naive() + Days::new(2);
    let last = first + Days::new(13);
    format!(
        "site={site}&name=Spring+on+time&metric=on_time&from={first}&to={last}&against={against}&against_2=&against_3="
    )
}

/// Posts a form and reads the page it leads to.
async fn submit(visitor: &mut Visitor, path: &str, form: &str) -> String {
    let answer = visitor.post(path, form).await;
    assert!(answer.status.is_redirection(), "{}: {}", answer.status, answer.body);
    let (page, _) = answer.header("location").split_once('#').expect("a part of a page");
    visitor.get(page).await.body
}

/// Two sites large enough to compete, and a supervisor of the first.
async fn two_sites() -> (House, SiteId) {
    let house = House::new().await;
    let far = house.test.site("FAR").await;
    for name in ["Fay", "Finn", "Fred", "Flo", "Fatima"] {
        house.test.worker(name).at(far).await;
        house.test.worker(&format!("{name} of home")).await;
    }
    house.add(Role::Supervisor).await;
    (house, far)
}

async fn thanked(house: &House, to: WorkerId, message: &str) {
    let from = house.test.user("Giver", Role::Supervisor).await;
    sqlx::query(
        "insert into kudos (org_id, id, to_worker_id, from_user_id, category, message, given_at, day)
         values ($1, $2, $3, $4, 'teamwork', $5, $6, $7)",
    )
    .bind(house.test.org().0)
    .bind(Uuid::now_v7())
    .bind(to.0)
    .bind(from.0)
    .bind(message)
    .bind(house.now)
    .bind(house.now.date_naive())
    .execute(&mut house.db.owner().await)
    .await
    .unwrap();
}

#[tokio::test]
async fn a_supervisor_makes_a_challenge_sees_it_and_calls_it_off() {
    let (house, far) = two_sites().await;
    let mut visitor = house.signed_in("supervisor@test").await;
    let home = house.home();
    let empty = visitor.get(&format!("/team/{home}")).await.body;
    assert!(empty.contains("No challenge yet") && empty.contains("No kudos yet") && empty.contains("None earned yet"));
    let page = submit(&mut visitor, "/fn/create_challenge", &form(&house, home, far)).await;
    assert!(page.contains("The challenge is made") && page.contains("Spring on time") && page.contains("Begins on"));
    assert!(page.contains("FAR") && page.contains("fewer than 20 shifts"), "who against, and how much it takes");
    let id: Uuid =
        sqlx::query_scalar("select id from team_challenges").fetch_one(&mut house.db.owner().await).await.unwrap();
    let page = submit(&mut visitor, "/fn/end_challenge", &format!("site={home}&id={id}")).await;
    assert!(page.contains("called off") && page.contains("No challenge yet"));
    assert_eq!(challenges(&house).await, 0);
    let page = submit(&mut visitor, "/fn/end_challenge", &format!("site={home}&id={id}")).await;
    assert!(page.contains("There is no such challenge"));
}

#[tokio::test]
async fn what_is_wrong_is_said_and_what_was_typed_is_kept() {
    let (house, far) = two_sites().await;
    let mut visitor = house.signed_in("supervisor@test").await;
    let home = house.home();
    let right = form(&house, home, far);
    let wrong = [
        (right.replace("Spring+on+time", "Sp"), "a name of 3 to 80"),
        (right.replace("on_time", "charm"), "Choose what the challenge is about"),
        (right.replace(&format!("against={far}"), "against="), "at least one other site"),
        (right.replace(&far.to_string(), &house.rival.home().to_string()), "not of this organization"),
        (right.replace("from=2", "from=1"), "today or later"),
        (right.replace("&to=2", "&to=next"), "Give both days"),
        ("site=".to_owned() + &home.to_string(), "Choose what the challenge is about"),
    ];
    for (form, says) in wrong {
        let page = submit(&mut visitor, "/fn/create_challenge", &form).await;
        assert!(page.contains(says), "{form}: {says}");
        assert!(form.len() < 60 || form.contains("=Sp&") || page.contains("value=\"Spring on time\""), "{form}");
    }
    assert_eq!(challenges(&house).await, 0);
}

#[tokio::test]
async fn nobody_makes_or_ends_a_challenge_of_a_foreign_site() {
    let (house, far) = two_sites().await;
    house.add(Role::Admin).await;
    house.add(Role::Hr).await;
    house.add(Role::Executive).await;
    let home = house.home();
    let mut supervisor = house.signed_in("supervisor@test").await;
    supervisor.post("/fn/create_challenge", &form(&house, far, home)).await;
    assert_eq!(challenges(&house).await, 0, "a supervisor for a site that is not the own");
    assert_eq!(supervisor.get(&format!("/team/{far}")).await.status, StatusCode::FORBIDDEN);
    for reader in ["hr@test", "executive@test"] {
        let mut visitor = house.signed_in(reader).await;
        let page = submit(&mut visitor, "/fn/create_challenge", &form(&house, home, far)).await;
        assert!(page.contains("That is not yours to change.") && !page.contains("/fn/create_challenge"), "{reader}");
    }
    let mut admin = house.signed_in("admin@test").await;
    submit(&mut admin, "/fn/create_challenge", &form(&house, far, home)).await;
    assert_eq!(challenges(&house).await, 1);
    let id: Uuid =
        sqlx::query_scalar("select id from team_challenges").fetch_one(&mut house.db.owner().await).await.unwrap();
    let page = submit(&mut supervisor, "/fn/end_challenge", &format!("site={home}&id={id}")).await;
    assert!(page.contains("That is not yours to change."), "the guest does not end it");
    assert!(page.contains("Spring on time") && !page.contains("/fn/end_challenge"), "but sees it");
    assert_eq!(challenges(&house).await, 1);
}

#[tokio::test]
async fn a_supervisor_thanks_on_the_wall_within_the_limits() {
    let (house, far) = two_sites().await;
    let mut visitor = house.signed_in("supervisor@test").await;
    let (home, ana) = (house.home(), house.worker);
    let words = format!("site={home}&to={ana}&category=safety&message=For+the+torch");
    let page = submit(&mut visitor, "/fn/give_kudos", &words).await;
    assert!(page.contains("on its way") && page.contains("For the torch") && page.contains("from The supervisor"));
    let page = submit(&mut visitor, "/fn/give_kudos", &words.replace("torch", "lamp")).await;
    assert!(page.contains("You thanked this colleague") && page.contains(">For the lamp</textarea>"), "kept");
    let stranger = house.test.worker("Gus").at(far).await;
    let page = submit(&mut visitor, "/fn/give_kudos", &words.replace(&ana.to_string(), &stranger.to_string())).await;
    assert!(page.contains("not a colleague of your site"));
}

#[tokio::test]
async fn the_wall_is_paged_and_not_shown_where_names_are_not() {
    let (house, _) = two_sites().await;
    house.add(Role::Hr).await;
    house.add(Role::Executive).await;
    house.add(Role::Admin).await;
    for nth in 0..9 {
        thanked(&house, house.worker, &format!("Thanks number {nth}")).await;
    }
    let address = format!("/team/{}", house.home());
    for reader in ["supervisor@test", "hr@test"] {
        let mut visitor = house.signed_in(reader).await;
        let first = visitor.get(&address).await.body;
        assert!(first.contains("Thanks number 8") && !first.contains("Thanks number 0"), "{reader}");
        assert!(first.contains(&format!("href=\"{address}?kudos=2#kudos\"")), "{reader}");
        let second = visitor.get(&format!("{address}?kudos=2")).await.body;
        assert!(second.contains("Thanks number 0") && !second.contains("Thanks number 8"), "{reader}");
        assert_eq!(visitor.get(&format!("{address}?kudos=x")).await.status, StatusCode::BAD_REQUEST);
    }
    for reader in ["executive@test", "admin@test"] {
        let mut visitor = house.signed_in(reader).await;
        let page = visitor.get(&address).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.body.contains("Thanks number") && !page.body.contains("Ana"), "{reader}");
    }
}
