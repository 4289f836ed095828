//! `/people`: what it shows to whom, what its address may say, and where it leads.

use axum::http::StatusCode;
use calamine::Reader;
use chrono::Days;
use muster::night;
use muster::people::Role;
use muster::testing::{date, moment};
use muster::units::SiteId;

use crate::house::{House, Visitor};

/// What everybody is called: words that stand nowhere else.
const NAMES: [&str; 12] = [
    "Aurelio",
    "Benedikta",
    "Casimir",
    "Dorothea",
    "Emerentia",
    "Florentin",
    "Gundula",
    "Hyazinth",
    "Isolde",
    "Jeremias",
    "Kunigunde",
    "Leberecht",
];

/// A house on the Monday after four weeks of twelve people, half of whom come late, and six who left.
pub(super) async fn four_weeks() -> House {
    let mut house = House::with_everybody().await;
    house.now = moment(house.test.organization().zone, date("2026-03-30"), "09:00");
    house.test.requires_certification("First aid", None).await;
    for (nth, name) in NAMES.into_iter().enumerate() {
        let worker = house.test.worker(name).contracted(30).await;
        for day in 0..10 {
            let day = date("2026-03-02") + Days::new(7 * (day % 4) + day / 4);
            let night = nth < 6;
            let (from, until, at) = match (night, nth % 3) {
                (true, _) => ("22:00", "06:00", "22:00"),
                (false, 0) => ("06:00", "14:00", "06:40"),
                (false, _) => ("06:00", "14:00", "05:55"),
            };
            house.test.shift(worker).on_day(day).hours(from, until).clocked_in(at).await;
        }
    }
    for name in ["Ottokar", "Philippine", "Quirin", "Rosamunde", "Sigismund", "Theodora"] {
        house.test.worker(name).hired("2025-12-01").left("2026-03-10").because("resigned").await;
    }
    house.test.site("Far").await;
    night::run_all(house.test.db(), house.test.organization(), house.now, &|_| {}).await.unwrap();
    house
}

async fn open(visitor: &mut Visitor, path: &str) -> String {
    let answer = visitor.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    answer.body
}

#[track_caller]
fn says(page: &str, words: &str) {
    assert!(page.replace('\u{a0}', " ").contains(words), "it does not say '{words}': {page}");
}

#[tokio::test]
async fn hr_sees_how_work_is_shared_and_who_is_reliable() {
    let house = four_weeks().await;
    let mut visitor = house.signed_in("hr@test").await;
    let page = open(&mut visitor, "/people").await;
    for words in [
        "Gini of hours",
        "Utilization",
        "Offers accepted",
        "id=\"sharing\"",
        "id=\"gini-trend\"",
        "Fairness monitor",
        "A difference is a question, not a verdict.",
        "Mostly nights",
        "Most reliable",
        "Benedikta",
        "id=\"staying\"",
        "Left, by reason",
        "Resigned",
        "2 Mar – 29 Mar 2026",
        "whole weeks",
        "Who may leave",
    ] {
        says(&page, words);
    }
    assert!(!page.contains("style=\""), "no style in the page");
    // The tile and its drill-down.
    says(&page, "0 expired, 13 never held");
    let list = open(&mut visitor, "/people?certs=missing").await;
    says(&list, "Never held: 1 to 13 of 13");
    says(&list, "Leberecht");
}

#[tokio::test]
async fn executives_and_admins_see_everything_but_names() {
    let house = four_weeks().await;
    for role in ["executive", "admin"] {
        let mut visitor = house.signed_in(&format!("{role}@test")).await;
        for path in [
            "/people",
            "/people?certs=missing&share=nights&by=tenure&of=bpi",
            &format!("/people?site={}", house.home()),
            "/people?by=site&sort=difference&order=asc",
            "/people?from=2026-03-02&to=2026-03-08&share=offers",
        ] {
            let page = open(&mut visitor, path).await;
            says(&page, "nobody by name");
            for name in NAMES.into_iter().chain(["Ottokar", "Theodora"]) {
                assert!(!page.contains(name), "{name} is named to {role} on {path}");
            }
        }
        let page = open(&mut visitor, "/people").await;
        says(&page, "Not shown without names");
    }
}

#[tokio::test]
async fn the_tables_are_taken_along_with_names_for_hr_alone() {
    let house = four_weeks().await;
    for (role, named) in [("hr", true), ("executive", false)] {
        let mut visitor = house.signed_in(&format!("{role}@test")).await;
        let csv = visitor.get("/people/export.csv?table=certifications&certs=missing").await;
        assert_eq!(csv.status, StatusCode::OK, "{}", csv.body);
        // The heading and everybody's line, as the page counts them.
        assert_eq!(csv.body.lines().count(), 14, "{}", csv.body);
        assert_eq!(NAMES.iter().any(|name| csv.body.contains(name)), named, "{role}: {}", csv.body);
        let groups = visitor.get("/people/export.csv?table=groups").await;
        assert!(groups.body.contains("Mostly nights"), "{}", groups.body);
        let book = visitor.get("/people/export.xlsx").await;
        assert_eq!(book.status, StatusCode::OK);
        assert!(
            book.header("content-disposition").contains("test-people-2026-03-02-2026-03-29.xlsx"),
            "{:?}",
            book.headers
        );
    }
    let mut visitor = house.signed_in("hr@test").await;
    assert_eq!(visitor.get("/people/export.csv?table=salaries").await.status, StatusCode::BAD_REQUEST);
}

/// Twelve people at the home site, three at the outpost, eight at the mill: the outpost and, with it, the mill stay hidden.
async fn with_a_small_site() -> (House, Vec<SiteId>) {
    let mut house = House::with_everybody().await;
    house.now = moment(house.test.organization().zone, date("2026-03-30"), "09:00");
    let (outpost, mill) = (house.test.site("Outpost").await, house.test.site("Mill").await);
    for (site, people) in [(house.home(), 12), (outpost, 3), (mill, 8)] {
        for nth in 0..people {
            let worker = house.test.worker(&format!("{site} {nth}")).at(site).contracted(30).await;
            for day in 0..6 {
                let day = date("2026-03-02") + Days::new(7 * (day % 4) + day / 4);
                house.test.shift(worker).on_day(day).at(site).hours("06:00", "14:00").clocked_in("05:55").await;
            }
        }
    }
    night::run_all(house.test.db(), house.test.organization(), house.now, &|_| {}).await.unwrap();
    (house, vec![outpost, mill])
}

#[tokio::test]
async fn a_group_under_five_and_its_complement_are_on_no_page_in_no_file_and_behind_no_filter() {
    let (house, hidden) = with_a_small_site().await;
    for role in ["hr", "executive"] {
        let mut visitor = house.signed_in(&format!("{role}@test")).await;
        for of in ["hours", "nights", "weekends", "bpi"] {
            let page = open(&mut visitor, &format!("/people?by=site&of={of}")).await;
            // hr sees people by name, and with each the site.
            for name in ["Outpost", "Mill"].into_iter().filter(|_| role != "hr") {
                assert!(!page.contains(name), "{of}: {name} is told apart: {page}");
            }
        }
        for table in ["sites", "groups"] {
            let csv = visitor.get(&format!("/people/export.csv?table={table}")).await.body;
            assert!(csv.contains("HOME") || table == "groups", "{csv}");
            assert!(!csv.contains("Outpost") && !csv.contains("Mill"), "{role}, {table}: {csv}");
        }
        let book = visitor.get("/people/export.xlsx").await.bytes;
        let mut book = calamine::Xlsx::new(std::io::Cursor::new(book)).unwrap();
        for (sheet, cells) in book.worksheets().into_iter().filter(|(name, _)| name != "Certifications") {
            for cell in cells.cells().map(|(_, _, cell)| cell.to_string()) {
                assert!(!cell.contains("Outpost") && !cell.contains("Mill"), "{role}, {sheet}: {cell}");
            }
        }
        // Asked for by itself, a site as small as that shows no figure of its people.
        for site in &hidden {
            let page = open(&mut visitor, &format!("/people?site={site}")).await;
            for figure in ["id=\"sharing\"", "Gini of hours", "id=\"reliable\"", "id=\"staying\""] {
                assert!(!page.contains(figure), "{role}: {figure}: {page}");
            }
        }
        says(&open(&mut visitor, &format!("/people?site={}", house.home())).await, "Gini of hours");
    }
}

#[tokio::test]
async fn the_address_says_what_is_shown() {
    let house = four_weeks().await;
    let mut visitor = house.signed_in("hr@test").await;
    let nights = open(&mut visitor, "/people?share=nights").await;
    says(&nights, "Nights per person");
    let week = open(&mut visitor, "/people?from=2026-03-04&to=2026-03-10").await;
    says(&week, "2 Mar – 15 Mar 2026");
    let tenure = open(&mut visitor, "/people?by=tenure&of=hours").await;
    says(&tenure, "One to three years");
    let site = open(&mut visitor, &format!("/people?site={}", house.home())).await;
    says(&site, "the people of HOME");
    let far = open(&mut visitor, "/people?from=2025-01-06&to=2025-01-12").await;
    says(&far, "Nobody was at work in these weeks");
}

#[tokio::test]
async fn nonsense_is_answered_and_another_company_s_site_is_not_there() {
    let house = House::new().await;
    house.add(Role::Hr).await;
    let mut visitor = house.signed_in("hr@test").await;
    for nonsense in [
        "share=money",
        "by=gender",
        "of=pay",
        "site=home",
        "certs=soon",
        "sort=name;drop",
        "order=up",
        "page=0",
        "groups=x",
        "list=-1",
        "from=soon",
        "from=2026-03-02&to=2026-03-01",
        "share=hours&share=nights",
    ] {
        let answer = visitor.get(&format!("/people?{nonsense}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{nonsense}");
    }
    let answer = visitor.get(&format!("/people?site={}", house.rival.home())).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_empty_company_is_told_why_there_is_nothing() {
    let house = House::new().await;
    house.add(Role::Hr).await;
    let mut visitor = house.signed_in("hr@test").await;
    for path in ["/people", "/people?certs=expired&page=3", "/people?by=site&groups=2"] {
        says(&open(&mut visitor, path).await, "Nobody was at work in these weeks");
    }
}

#[tokio::test]
async fn only_hr_executives_and_admins_come_in() {
    let house = House::with_everybody().await;
    for role in Role::ALL {
        let expected = if matches!(role, Role::Hr | Role::Executive | Role::Admin) { 200 } else { 403 };
        let answer = house.signed_in(&format!("{role}@test")).await.get("/people").await;
        assert_eq!(answer.status.as_u16(), expected, "{role}");
    }
}
