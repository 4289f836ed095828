//! A worker's own page and its JSON twin: the same numbers, in words where there are none, and forms that answer.

use axum::http::{Request, StatusCode, header};
use chrono::{Datelike, Days, Duration, NaiveDate};
use muster::charts::Unit;
use muster::night;
use muster::people::Role;
use muster::scoring::Component;
use muster::testing::{date, moment};
use muster::units::WorkerId;
use serde_json::Value;

use crate::house::{Answer, House, Visitor};

const ME: &str = "/api/v1/performance/me";
const NOTE: &str = "The gate was shut until ten past.";

/// A house with the worker's login, on a Monday morning after the jobs of the night.
pub async fn monday() -> House {
    let mut house = House::new().await;
    house.now = moment(house.test.organization().zone, date("2026-03-30"), "09:00");
    house.add(Role::Worker).await;
    house
}

/// The jobs of the night run.
pub async fn night(house: &House) {
    night::run_all(house.test.db(), house.test.organization(), house.now, &|_| {}).await.unwrap();
}

/// The four days worked in each of the last eight weeks.
fn worked_days() -> impl Iterator<Item = NaiveDate> {
    date("2026-02-02").iter_days().take(56).filter(|day| day.weekday().num_days_from_monday() < 4)
}

/// Eight weeks with something to judge for every component, the last four better than those before.
pub async fn eight_weeks(house: &House, worker: WorkerId) {
    let test = &house.test;
    test.requires_certification("First aid", None).await;
    test.certification(worker, "First aid", "2025-06-01", Some("2026-04-20")).await;
    for (nth, day) in worked_days().enumerate() {
        let rough = day < date("2026-03-02");
        let clocked_in = if rough && nth % 3 == 0 { "06:19" } else { "05:58" };
        let shift = test.shift(worker).on_day(day).clocked_in(clocked_in).inside_geofence(true).await;
        let done = if nth % 5 == 0 { "13:10" } else { "11:20" };
        test.task(worker).of_shift(&shift).completed(done).passed_first_time(!rough || nth % 4 != 0).await;
        let tour = test.tour(worker).of_shift(&shift).checkpoint("09:05");
        if nth % 6 == 0 { tour.checkpoint_missed("09:20") } else { tour.checkpoint("09:20") }.await;
        let closed = if nth % 7 == 0 { "12:30" } else { "10:40" };
        test.work_order(worker).on(&day.to_string()).due("12:00").resolved(closed).rated(4).await;
    }
}

/// A late shift, which counts against the worker.
pub async fn late(house: &House, worker: WorkerId) -> String {
    house.test.shift(worker).on("2026-03-26").clocked_in("06:31").await.id.to_string()
}

async fn json(visitor: &mut Visitor, query: &str) -> Value {
    let answer = visitor.get(&format!("{ME}{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

async fn page(visitor: &mut Visitor) -> String {
    let answer = visitor.get("/me").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list"))
}

#[track_caller]
fn adds_up(parts: &Value, field: &str, whole: &Value) {
    let sum: f64 = list(parts).iter().map(|part| number(&part[field])).sum();
    assert!((sum - number(whole)).abs() < 1e-9, "{sum} is not {whole}: {parts}");
}

#[track_caller]
fn says(page: &str, words: &str) {
    assert!(page.contains(words), "it does not say '{words}': {page}");
}

/// Posts one of the page's forms; what the page then says.
async fn send(visitor: &mut Visitor, function: &str, form: &str) -> String {
    let answer = visitor.post(&format!("/fn/{function}"), form).await;
    assert!(answer.status.is_redirection(), "{}: {}", answer.status, answer.body);
    page(visitor).await
}

async fn rows(house: &House, table: &str) -> i64 {
    let count = format!("select count(*) from {table}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(count)).fetch_one(&mut house.db.owner().await).await.unwrap()
}

#[tokio::test]
async fn every_number_of_a_full_record_adds_up_and_the_page_shows_what_the_json_says() {
    let house = monday().await;
    eight_weeks(&house, house.worker).await;
    night(&house).await;
    let mut visitor = house.signed_in("worker@test").await;
    let told = json(&mut visitor, "").await;
    let page = page(&mut visitor).await;

    assert_eq!((&told["period"]["from"], &told["period"]["to"]), (&"2026-03-02".into(), &"2026-03-29".into()));
    says(&page, &format!("class=\"hero-number\">{:.1}<", number(&told["bpi"])));
    assert_eq!(list(&told["components"]).len(), 5, "{told}");
    adds_up(&told["components"], "contribution", &told["bpi"]);
    for (component, known) in list(&told["components"]).iter().zip(Component::ALL) {
        assert_eq!(component["name"], known.label());
        says(&page, &format!("class=\"component-name\">{}<", known.label().replace('&', "&amp;")));
        says(&page, &format!("class=\"component-score\">{:.1}<", number(&component["score"])));
        says(&page, &format!("{:.1} points of the score", number(&component["contribution"])));
        adds_up(&component["parts"], "contribution", &component["contribution"]);
        for part in list(&component["parts"]) {
            says(&page, &format!("class=\"part-score\">{:.1}<", number(&part["score"])));
            says(&page, part["rests_on"].as_str().unwrap());
        }
    }

    let why = &told["why"];
    let delta = number(&told["bpi"]) - number(&told["previous_bpi"]);
    assert!(delta > 1.0 && (number(&why["delta"]) - delta).abs() < 1e-9, "{why}");
    adds_up(&why["lines"], "delta", &why["delta"]);
    for line in list(&why["lines"]) {
        if !line["parts"].is_null() {
            adds_up(&line["parts"], "delta", &line["delta"]);
        }
        says(&page, &format!("class=\"line-value\">{}<", Unit::Points.change(number(&line["delta"]))));
    }
}

#[tokio::test]
async fn the_first_answer_already_holds_the_drawings_and_their_tables() {
    let house = monday().await;
    eight_weeks(&house, house.worker).await;
    night(&house).await;
    let page = page(&mut house.signed_in("worker@test").await).await;
    for chart in ["trend", "why"] {
        let from = page.find(&format!("id=\"{chart}\"")).unwrap_or_else(|| panic!("no chart '{chart}'"));
        let figure = page[from..].split("</figure>").next().unwrap();
        assert!(figure.contains("<svg ") && figure.contains("role=\"img\"") && figure.contains("<title "), "{figure}");
        assert!(figure.contains("<details") && figure.contains("<table>") && figure.contains("<td>"), "{figure}");
    }
}

#[tokio::test]
async fn three_shifts_are_too_few_for_a_score_and_are_shown() {
    let house = monday().await;
    for day in ["2026-03-23", "2026-03-24", "2026-03-25"] {
        house.test.shift(house.worker).on(day).clocked_in("06:00").await;
    }
    night(&house).await;
    let mut visitor = house.signed_in("worker@test").await;
    let told = json(&mut visitor, "").await;
    assert_eq!((&told["bpi"], &told["band"], &told["why"]), (&Value::Null, &Value::Null, &Value::Null));
    assert_eq!(told["reason"], "not enough shifts yet (3 of 5)");
    assert_eq!(told["components"][0]["contribution"], Value::Null, "no score, no points of it");
    let page = page(&mut visitor).await;
    says(&page, "not enough shifts yet (3 of 5)");
    says(&page, "3 of 3 shifts");
    assert!(!page.contains("hero-number"), "no number where there is none");
}

#[tokio::test]
async fn somebody_without_a_single_fact_is_told_so() {
    let house = monday().await;
    night(&house).await;
    let mut visitor = house.signed_in("worker@test").await;
    let told = json(&mut visitor, "").await;
    assert_eq!((&told["bpi"], &told["reason"]), (&Value::Null, &"nothing to judge in this period".into()));
    assert_eq!((list(&told["components"]).len(), list(&told["not_counted"]).len()), (0, 5));
    let page = page(&mut visitor).await;
    for words in ["nothing to judge in this period", "No shift of yours is planned", "None earned yet", "No kudos yet"]
    {
        says(&page, words);
    }
}

#[tokio::test]
async fn a_crew_that_only_closes_work_orders_is_judged_by_them_alone() {
    let house = monday().await;
    for day in 9..17 {
        let closed = if day < 11 { "12:30" } else { "10:00" };
        house.test.work_order(house.worker).on(&format!("2026-03-{day:02}")).due("12:00").resolved(closed).await;
    }
    night(&house).await;
    let mut visitor = house.signed_in("worker@test").await;
    let told = json(&mut visitor, "").await;
    let [only] = list(&told["components"]) else { panic!("one component: {told}") };
    assert_eq!(only["name"], Component::Service.label());
    assert!((number(&only["contribution"]) - number(&told["bpi"])).abs() < 1e-9);
    assert_eq!(list(&told["not_counted"]).len(), 4);
    let page = page(&mut visitor).await;
    says(&page, "8\u{a0}tasks, tours and work orders");
    says(&page, "Nothing to judge for: ");
}

#[tokio::test]
async fn a_crew_without_deadlines_has_nothing_to_judge() {
    let house = monday().await;
    for day in 9..17 {
        house.test.work_order(house.worker).on(&format!("2026-03-{day:02}")).resolved("10:00").await;
    }
    night(&house).await;
    let mut visitor = house.signed_in("worker@test").await;
    let told = json(&mut visitor, "").await;
    assert_eq!((&told["bpi"], &told["reason"]), (&Value::Null, &"nothing to judge in this period".into()));
    assert_eq!(told["notes"]["orders_without_deadline"], 8);
    says(&page(&mut visitor).await, "8\u{a0}work orders were closed without a deadline on record");
}

#[tokio::test]
async fn a_login_without_a_worker_record_is_told_how_to_get_one() {
    let house = monday().await;
    house.add(Role::Admin).await;
    let mut admin = house.signed_in("admin@test").await;
    says(&page(&mut admin).await, "Your login is not linked to a worker record");
    let answer = admin.get(ME).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    problem(&answer, "");
}

#[track_caller]
fn problem(answer: &Answer, hint: &str) {
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(problem["status"], answer.status.as_u16());
    assert!(problem["detail"].as_str().unwrap().contains(hint), "{problem}");
}

#[tokio::test]
async fn an_address_that_makes_no_sense_is_answered_with_what_to_type() {
    let house = monday().await;
    let mut visitor = house.signed_in("worker@test").await;
    for (query, hint) in [
        ("?days=99999999999", "Try ?days=90"),
        ("?days=abc", "Try ?days=90"),
        ("?days=-7", "Try ?days=90"),
        ("?days=%00", "Try ?days=90"),
        ("?from=2026-13-45", "write it as 2026-03-31"),
        ("?to=99999-01-01", "write it as 2026-03-31"),
        ("?from=2026-03-20&to=2026-03-10", "swap the two dates"),
        ("?from=1999-03-20&to=2026-03-10", "choose at most"),
        ("?days=30&days=90", "a field twice"),
        ("?from=2026-03-01&from=2026-03-02", "a field twice"),
    ] {
        let page = visitor.get(&format!("/me{query}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(page.body.contains(hint), "{query}: {}", page.body);
        assert!(page.body.contains("<nav") && page.body.contains("Sign out"), "{query}: it stands in the frame");
        let answer = visitor.get(&format!("{ME}{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        problem(&answer, hint);
    }
}

#[tokio::test]
async fn a_dispute_is_filed_once_and_stands_under_my_disputes() {
    let house = monday().await;
    let fact = late(&house, house.worker).await;
    let mut visitor = house.signed_in("worker@test").await;
    let before = page(&mut visitor).await;
    says(&before, "Clocked in at 06:31 for 06:00, 31 minutes late");
    assert!(!before.contains("My disputes"));
    let form = format!("fact=shift&fact_id={fact}&note={NOTE}");
    let after = send(&mut visitor, "file_dispute", &form).await;
    let (_, mine) = after.split_once("My disputes").expect("a list of my disputes");
    says(mine, NOTE);
    says(mine, "waits for your supervisor");
    assert!(!after.contains("31 minutes late"), "what is disputed is not offered again");
    says(&send(&mut visitor, "file_dispute", &form).await, "You have disputed this already");
    assert_eq!(rows(&house, "disputes").await, 1);
}

#[tokio::test]
async fn what_is_not_mine_or_says_nothing_is_not_written_down() {
    let house = monday().await;
    let own = late(&house, house.worker).await;
    let colleagues = late(&house, house.test.worker("Ben").await).await;
    let mut visitor = house.signed_in("worker@test").await;
    let form = format!("fact=shift&fact_id={colleagues}&note={NOTE}");
    says(&send(&mut visitor, "file_dispute", &form).await, "That is not among what is recorded for you");
    let form = format!("fact=task&fact_id={own}&note={NOTE}");
    says(&send(&mut visitor, "file_dispute", &form).await, "That is not among what is recorded for you");
    let page = send(&mut visitor, "file_dispute", &format!("fact=shift&fact_id={own}&note=hm+%3C")).await;
    says(&page, "Say in a few words");
    says(&page, ">hm &lt;</textarea>");
    assert_eq!(rows(&house, "disputes").await, 0);
    assert_eq!(rows(&house, "audit_log where action = 'filed a dispute'").await, 0);
}

#[tokio::test]
async fn kudos_reach_a_colleague_and_no_more_than_one_a_week() {
    let house = monday().await;
    let ben = house.test.worker("Ben").await;
    let mut visitor = house.signed_in("worker@test").await;
    says(&page(&mut visitor).await, ">Ben</option>");
    let form = |message: &str| format!("to={ben}&category=safety&message={message}");
    says(&send(&mut visitor, "give_kudos", &form("You+saw+the+smoke")).await, "Your kudos is on its way");
    let refused = send(&mut visitor, "give_kudos", &form("And+the+fire")).await;
    says(&refused, "You thanked this colleague on 30 March. You can thank the same person again from 6 April.");
    says(&refused, ">And the fire</textarea>");
    assert_eq!(rows(&house, "kudos").await, 1);
}

#[tokio::test]
async fn the_sixth_kudos_of_a_day_waits_for_tomorrow() {
    let mut house = monday().await;
    let mut visitor = house.signed_in("worker@test").await;
    let mut last = String::new();
    for nth in 1..=6 {
        let colleague = house.test.worker(&format!("Colleague {nth}")).await;
        let form = format!("to={colleague}&category=teamwork&message=Thanks+{nth}");
        last = send(&mut visitor, "give_kudos", &form).await;
    }
    says(&last, "You have given 5 kudos today. You can give more tomorrow.");
    says(&last, ">Thanks 6</textarea>");
    assert_eq!(rows(&house, "kudos").await, 5);
    house.now += Duration::hours(20);
    let mut tomorrow = house.signed_in("worker@test").await;
    let colleague = house.test.worker("Colleague 7").await;
    let form = format!("to={colleague}&category=teamwork&message=Thanks");
    says(&send(&mut tomorrow, "give_kudos", &form).await, "Your kudos is on its way");
}

#[tokio::test]
async fn kudos_go_to_colleagues_of_the_own_site_alone() {
    let house = monday().await;
    let far = house.test.site("FAR").await;
    let stranger = house.test.worker("Cyd of another site").at(far).await;
    let mut visitor = house.signed_in("worker@test").await;
    assert!(!page(&mut visitor).await.contains("Cyd"), "nobody else's name is offered");
    for to in [stranger, house.rivals_worker] {
        let form = format!("to={to}&category=quality&message=Well+done");
        says(&send(&mut visitor, "give_kudos", &form).await, "That is not a colleague of your site");
    }
    for (form, words) in [
        (format!("to={}&category=quality&message=Well+done", house.worker), "Kudos are for colleagues"),
        ("to=&category=quality&message=Well+done".into(), "Choose whom you want to thank"),
        (format!("to={stranger}&category=luck&message=Well+done"), "Choose what the thanks are for"),
        (format!("to={stranger}&category=quality&message=+"), "Write a line"),
    ] {
        says(&send(&mut visitor, "give_kudos", &form).await, words);
    }
    assert_eq!(rows(&house, "kudos").await, 0);
}

#[tokio::test]
async fn names_that_are_markup_stay_names() {
    const HOSTILE: &str = r#"<script>alert("gate")</script>'&"#;
    const ESCAPED: &str = "&lt;script&gt;alert(";
    let mut house = monday().await;
    let root = std::env::temp_dir().join(format!("muster-site-{}", house.worker));
    std::fs::create_dir_all(&root).unwrap();
    std::fs::write(root.join("manifest.json"), r#"{"pkg":"pkg/0","files":["charts.js"]}"#).unwrap();
    house.site_root = root.clone();
    eight_weeks(&house, house.worker).await;
    let colleague = house.test.worker(HOSTILE).await;
    house.test.kudos(colleague, house.worker, "2026-03-27").await;
    for sql in [
        "update workers set name = $1, job_role = $1 where name = 'Ana'",
        "update sites set name = $1",
        "update users set name = $1",
        "update kudos set message = $1",
    ] {
        sqlx::query(sql).bind(HOSTILE).execute(&mut house.db.owner().await).await.unwrap();
    }
    night(&house).await;
    let mut visitor = house.signed_in("worker@test").await;
    let page = page(&mut visitor).await;
    assert!(!page.contains("<script>alert"), "{page}");
    assert!(page.matches(ESCAPED).count() >= 5, "{page}");
    let options: Vec<&str> = page.split("class=\"chart-option\">").skip(1).collect();
    assert_eq!(options.len(), 2, "the trend, and why it moved: {page}");
    for option in options {
        let option = option.split("</script>").next().unwrap();
        assert!(!option.contains('<'), "{option}");
        serde_json::from_str::<Value>(option).expect("what the browser gets is JSON");
    }
    assert_eq!(json(&mut visitor, "").await["worker"]["name"], HOSTILE, "data is not escaped for a page");
    let fact = late(&house, house.worker).await;
    let typed = "%3C%2Ftextarea%3E%3Cscript%3Ealert(";
    let note = format!("fact=shift&fact_id={fact}&note={typed}{}", "x".repeat(2000));
    let thanks = format!("to={}&category=quality&message={typed}", house.worker);
    for (function, form) in [("file_dispute", note), ("give_kudos", thanks)] {
        let page = send(&mut visitor, function, &form).await;
        says(&page, ">&lt;/textarea>&lt;script>alert(");
        assert!(!page.contains("<script>alert"), "{function}: what was typed stays in its field");
    }
    let refused = visitor.get("/me?days=%3Cscript%3Ealert(1)").await;
    assert!(!refused.body.contains("<script>alert") && refused.body.contains(ESCAPED), "{}", refused.body);
    std::fs::remove_dir_all(root).unwrap();
}

#[tokio::test]
async fn streaks_and_achievements_appear_after_the_night() {
    let house = monday().await;
    for day in worked_days() {
        house.test.shift(house.worker).on_day(day).clocked_in("05:58").await;
    }
    let mut visitor = house.signed_in("worker@test").await;
    let evening = page(&mut visitor).await;
    says(&evening, "Your first shift starts your first streak");
    says(&evening, "None earned yet");
    night(&house).await;
    let morning = page(&mut visitor).await;
    says(&morning, "class=\"streak-days\">32<");
    says(&morning, "your record");
    says(&morning, "Perfect week");
    assert!(!morning.contains("None earned yet") && !morning.contains("starts your first streak"));
}

#[tokio::test]
async fn a_program_that_is_not_signed_in_gets_a_problem_and_a_person_the_door() {
    let house = monday().await;
    let mut visitor = house.visitor();
    let answer = visitor.send(Request::get(ME).header(header::ACCEPT, "application/json"), "").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    problem(&answer, "Sign in");
    let page = visitor.get("/me").await;
    assert_eq!((page.status, page.header("location").starts_with("/sign-in")), (StatusCode::SEE_OTHER, true));
}

#[tokio::test]
async fn the_dates_in_the_address_choose_what_is_judged() {
    let house = monday().await;
    eight_weeks(&house, house.worker).await;
    night(&house).await;
    let mut visitor = house.signed_in("worker@test").await;
    let first = date("2026-02-02");
    let told = json(&mut visitor, &format!("?from={first}&to={}&days=30", first + Days::new(27))).await;
    let now = json(&mut visitor, "").await;
    assert_eq!(told["bpi"], now["previous_bpi"], "the four weeks before are judged alike from either side");
    assert_eq!(told["previous_bpi"], Value::Null);
}
