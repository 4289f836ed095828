//! `/executive`: what it shows to whom, what its address may say, and where it leads.

use axum::http::StatusCode;
use chrono::Days;
use muster::night;
use muster::people::Role;
use muster::testing::{date, moment};

use crate::house::{House, Visitor};

/// A house on a Monday morning.
async fn monday() -> House {
    let mut house = House::new().await;
    house.now = moment(house.test.organization().zone, date("2026-03-30"), "09:00");
    house
}

/// Four weeks of six people at home, a roster for each, and Otto alone at another site of a client.
async fn a_month(house: &House) {
    let client = house.test.client("Mill").await;
    let other = house.test.site("OTHER").of(client).await;
    let mut workers = vec![house.worker];
    for name in ["Ben", "Cid", "Dia", "Eli", "Fay"] {
        workers.push(house.test.worker(name).await);
    }
    let otto = house.test.worker("Otto").at(other).await;
    for week in 0..4 {
        let monday = date("2026-03-02") + Days::new(7 * week);
        for day in monday.iter_days().take(4) {
            for worker in &workers {
                house.test.shift(*worker).on_day(day).clocked_in("05:55").await;
            }
            house.test.shift(otto).on_day(day).at(other).clocked_in("05:55").await;
        }
        house.test.shift(None).on_day(monday).at(other).await;
        house.test.roster().from(&monday.to_string()).took(20).costs(4_000, 100).await;
    }
    night::run_all(house.test.db(), house.test.organization(), house.now, &|_| {}).await.unwrap();
}

async fn open(visitor: &mut Visitor, path: &str) -> String {
    let answer = visitor.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    answer.body
}

#[track_caller]
fn says(page: &str, words: &str) {
    assert!(page.contains(words), "it does not say '{words}': {page}");
}

#[tokio::test]
async fn an_executive_reads_six_numbers_and_compares_the_sites() {
    let house = monday().await;
    house.add(Role::Executive).await;
    a_month(&house).await;
    let mut visitor = house.signed_in("executive@test").await;
    let page = open(&mut visitor, "/executive").await;
    for words in [
        "Cost saved this month",
        "Hours saved this week",
        "Compliance rate",
        "Fill rate",
        "Active workers this week",
        "Customer health",
        "112 of 116 shifts filled",
        "on target",
        "target 95.0",
        "Savings are measured against planning by hand: 6.0 hours for a roster",
        "id=\"sites-funnel\"",
        "id=\"sites-bars\"",
        "Fill rate week by week",
        "2 of 2\u{a0}sites",
    ] {
        says(&page, words);
    }
    says(&page, &format!("<a href=\"/team/{}\">HOME</a>", house.home()));
    for name in ["Ana", "Ben", "Otto"] {
        assert!(!page.contains(&format!(">{name}<")), "nobody is named");
    }
    assert!(!page.contains("style=\""), "no style in the page");
}

#[tokio::test]
async fn the_address_says_what_is_shown() {
    let house = monday().await;
    house.add(Role::Admin).await;
    a_month(&house).await;
    let mut visitor = house.signed_in("admin@test").await;
    let people = open(&mut visitor, "/executive?metric=attendance&compare=last_year").await;
    says(&people, "Sites by attendance");
    says(&people, "2 of the smallest sites together");
    says(&people, "2 Mar – 29 Mar 2025".replace(' ', "\u{a0}").replace("\u{a0}–\u{a0}", " – ").as_str());
    let parts = open(&mut visitor, "/executive?show=active_workers").await;
    says(&parts, "Active workers this week: what it is made of");
    says(&parts, "All together");
    says(&parts, "7 of 7");
    let health = open(&mut visitor, "/executive?show=customer_health").await;
    says(&health, ">Mill<");
    let place = |page: &str, name: &str| {
        let table = page.split("<table class=\"data\"").nth(1).expect("a table").to_owned();
        table.find(&format!(">{name}</a>")).expect("in the table")
    };
    let best = open(&mut visitor, "/executive?sort=rate&order=desc").await;
    assert!(place(&best, "HOME") < place(&best, "OTHER"));
    let worst = open(&mut visitor, "/executive?sort=rate&order=asc").await;
    assert!(place(&worst, "HOME") > place(&worst, "OTHER"));
}

#[tokio::test]
async fn nonsense_is_answered_and_not_asked() {
    let house = monday().await;
    house.add(Role::Executive).await;
    let mut visitor = house.signed_in("executive@test").await;
    for nonsense in [
        "metric=password",
        "compare=budget",
        "show=salaries",
        "sort=name;drop",
        "order=up",
        "page=0",
        "page=x",
        "from=2026-03-02&to=2026-03-01",
        "from=soon",
        "metric=sla&metric=attendance",
    ] {
        let answer = visitor.get(&format!("/executive?{nonsense}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{nonsense}");
    }
}

#[tokio::test]
async fn an_empty_company_is_told_why_there_is_nothing() {
    let house = monday().await;
    house.add(Role::Executive).await;
    let mut visitor = house.signed_in("executive@test").await;
    for path in ["/executive", "/executive?show=cost_saved", "/executive?page=7", "/executive?metric=compliance"] {
        let page = open(&mut visitor, path).await;
        says(&page, "Nothing to compare in this time");
        says(&page, "no data");
        says(&page, "No roster was made with Muster in this time");
    }
}

#[tokio::test]
async fn only_executives_and_admins_come_in() {
    let house = House::with_everybody().await;
    for role in Role::ALL {
        let expected = if matches!(role, Role::Executive | Role::Admin) { 200 } else { 403 };
        let answer = house.signed_in(&format!("{role}@test")).await.get("/executive").await;
        assert_eq!(answer.status.as_u16(), expected, "{role}");
    }
}

/// The text between two marks, without tags, with plain spaces.
pub fn text_between(page: &str, from: &str, to: &str) -> String {
    let found = page.split(from).nth(1).unwrap_or_else(|| panic!("no '{from}' in {page}"));
    let (mut text, mut in_tag) = (String::new(), false);
    for letter in found.split(to).next().unwrap_or_default().chars() {
        match letter {
            '<' => in_tag = true,
            '>' => in_tag = false,
            letter if !in_tag => text.push(if letter == '\u{a0}' { ' ' } else { letter }),
            _ => {}
        }
    }
    text.trim().to_owned()
}

#[tokio::test]
async fn a_tile_says_what_the_table_it_opens_adds_up_to() {
    let house = monday().await;
    house.add(Role::Executive).await;
    a_month(&house).await;
    let mut visitor = house.signed_in("executive@test").await;
    let numbers = [
        ("cost_saved", "Cost saved this month"),
        ("hours_saved", "Hours saved this week"),
        ("compliance", "Compliance rate"),
        ("fill_rate", "Fill rate"),
        ("active_workers", "Active workers this week"),
        ("customer_health", "Customer health"),
    ];
    let mut said = 0;
    for filter in
        ["", "&compare=last_year", "&from=2026-03-09&to=2026-03-22", "&from=2026-03-30&to=2026-03-30", "&to=2026-03-08"]
    {
        for (code, label) in numbers {
            let answer = visitor.get(&format!("/executive?show={code}{filter}")).await;
            if answer.status == StatusCode::BAD_REQUEST {
                continue;
            }
            let page = answer.body;
            let tile = page.split(&format!("tile-label\">{label}")).nth(1).expect("the tile");
            let value = text_between(tile, "tile-value\">", "<span");
            let value = value.split("</p>").next().unwrap_or_default().trim().to_owned();
            if value.starts_with("n/a") {
                continue;
            }
            let parts = page.split("id=\"parts\"").nth(1).expect("what it is made of");
            let row = parts.split("All together").nth(1).expect("the sum");
            let cell = text_between(row.split("<td").nth(1).expect("a number"), ">", "</td>");
            let number = value.split([' ', '%']).next().unwrap_or_default();
            assert!(cell.starts_with(number), "{code}{filter}: the tile says {value}, the table {cell}");
            said += 1;
        }
    }
    assert!(said >= 12, "there was something to say: {said}");
}

#[tokio::test]
async fn any_metric_compares_the_sites_and_none_names_anybody() {
    let house = monday().await;
    house.add(Role::Executive).await;
    a_month(&house).await;
    let mut visitor = house.signed_in("executive@test").await;
    for metric in muster::executive::Metric::ALL {
        let page = open(&mut visitor, &format!("/executive?metric={}", metric.code())).await;
        says(&page, &format!("<option value=\"{}\" selected", metric.code()));
        for name in ["Ana", "Ben", "Otto"] {
            assert!(!page.contains(&format!(">{name}<")), "{}", metric.code());
        }
    }
    let cost = open(&mut visitor, "/executive?metric=cost_per_shift").await;
    says(&cost, "Sites by cost per shift");
    says(&cost, "Mean (ZAR)");
    says(&cost, "What it costs when it goes wrong");
    says(&cost, "replacing a leaver costs 6 weeks’ pay");
}

#[tokio::test]
async fn programs_read_the_numbers_of_the_page() {
    let house = monday().await;
    house.add(Role::Executive).await;
    a_month(&house).await;
    let mut visitor = house.signed_in("executive@test").await;
    let json = |answer: crate::house::Answer| -> serde_json::Value {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    };
    let six = json(visitor.get("/api/v1/analytics/executive").await);
    assert_eq!(six["numbers"].as_array().unwrap().len(), 6);
    let fill = &six["numbers"][3];
    assert_eq!((&fill["code"], &fill["light"]), (&"fill_rate".into(), &"on_target".into()));
    let sum =
        |field: &str| fill["parts"].as_array().unwrap().iter().map(|part| part[field].as_i64().unwrap()).sum::<i64>();
    assert_eq!((sum("hit"), sum("of")), (112, 116), "as on the page");
    let compared =
        json(visitor.get("/api/v1/analytics/executive/comparison?metric=attendance&sort=site&order=asc").await);
    let sites = compared["sites"].as_array().unwrap();
    assert_eq!(sites.len(), 1);
    assert_eq!(sites[0]["site"], serde_json::Value::Null, "Otto alone is no line of his own: home stands with him");
    assert_eq!(
        compared["total"]["of"].as_i64(),
        Some(sites.iter().map(|site| site["now"]["of"].as_i64().unwrap()).sum())
    );
    let twice = visitor.get("/api/v1/analytics/executive/comparison?metric=sla&metric=bpi").await;
    assert_eq!(twice.status, StatusCode::BAD_REQUEST);
}
