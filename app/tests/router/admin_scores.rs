//! `/admin/scores`: other weights are checked, tried out, and hold from a day on; the past is never changed in silence.

use chrono::{Days, NaiveDate};
use muster::night::{self, Job};
use muster::scoring::{Component, Part, Policy};

use crate::house::House;

const PAGE: &str = "/admin/scores";

/// The default weights as the form sends them, with others in their place.
fn form(others: &[(&str, &str)]) -> String {
    let policy = Policy::default();
    let components = Component::ALL.iter().map(|it| (it.code(), policy.of(*it)));
    let parts = Part::ALL.iter().map(|it| (it.code(), policy.within(*it)));
    let weights = components.chain(parts).map(|(code, weight)| {
        let other = others.iter().find(|(name, _)| *name == code);
        format!("{code}={}", other.map_or_else(|| weight.to_string(), |(_, weight)| (*weight).to_owned()))
    });
    let more = others.iter().filter(|(name, _)| ["from", "reason", "restate"].contains(name));
    weights.chain(more.map(|(name, value)| format!("{name}={value}"))).collect::<Vec<_>>().join("&")
}

fn last(house: &House) -> NaiveDate {
    muster::metrics::dirty::last_complete_day(house.test.organization().zone, house.now)
}

/// A guard who is always there and always late, and judged up to yesterday.
async fn late_guard(house: &House) {
    let last = last(house);
    for back in 0..12 {
        let day = (last - Days::new(back)).to_string();
        house.test.shift(house.worker).on(&day).clocked_in("06:45").await;
    }
    night::run(&house.db, house.test.organization(), Job::WorkerDays, house.now, &|_| {}).await.unwrap();
}

async fn bpi(house: &House, day: NaiveDate) -> f64 {
    let mut tx = house.test.tx().await;
    sqlx::query_scalar("select bpi from worker_daily_metrics where worker_id = $1 and day = $2")
        .bind(house.worker.0)
        .bind(day)
        .fetch_one(&mut *tx)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_defaults_hold_and_weights_that_do_not_add_up_are_refused_with_what_was_typed() {
    let house = House::with_everybody().await;
    let mut admin = house.signed_in("admin@test").await;
    let page = admin.get(PAGE).await.body;
    assert!(page.contains("The defaults of the product hold") && page.contains("No version was made yet"));
    let tomorrow = (last(&house) + Days::new(2)).to_string();
    let long_ago = (last(&house) - Days::new(100)).to_string();
    let published = last(&house).to_string();
    for (others, said) in [
        (vec![("patrol", "15"), ("from", &*tomorrow), ("reason", "Why+not")], "the components add up to 95"),
        (
            vec![("on_time", "40"), ("from", &tomorrow), ("reason", "Why+not")],
            "Attendance &amp; reliability add up to 110",
        ),
        (vec![("on_time", "much"), ("from", &tomorrow), ("reason", "Why+not")], "is no number"),
        (vec![("tasks", "20"), ("patrol", "25"), ("from", &tomorrow), ("reason", "")], "Say why"),
        (vec![("tasks", "20"), ("patrol", "25"), ("from", "soon"), ("reason", "Why+not")], "Say from which day on"),
        (vec![("tasks", "20"), ("patrol", "25"), ("from", &published), ("reason", "Why+not")], "are published"),
        (
            vec![("tasks", "20"), ("patrol", "25"), ("from", &long_ago), ("reason", "Why+not"), ("restate", "yes")],
            "At most 92 days",
        ),
        (vec![("from", &tomorrow), ("reason", "Why+not")], "hold on that day already"),
    ] {
        admin.post("/fn/change_score_policy", &form(&others)).await;
        let page = admin.get(PAGE).await.body;
        assert!(page.contains(said), "{said}: {page}");
        let kept = others
            .iter()
            .filter(|(name, _)| *name != "restate")
            .all(|(_, value)| value.is_empty() || page.contains(&format!("value=\"{}\"", value.replace('+', " "))));
        assert!(kept, "{said}: {page}");
    }
    assert!(admin.get(PAGE).await.body.contains("No version was made yet"));
}

#[tokio::test]
async fn a_preview_tells_how_many_bands_would_change_and_changes_nothing() {
    let house = House::with_everybody().await;
    late_guard(&house).await;
    let before = bpi(&house, last(&house)).await;
    let mut admin = house.signed_in("admin@test").await;
    // Being on time is all that counts, and this guard never is.
    let only = [("attendance_rate", "0"), ("on_time", "100"), ("no_show", "0"), ("lateness", "0"), ("geofence", "0")];
    let page = admin.get(&format!("{PAGE}?preview=1&{}", form(&only))).await.body;
    assert!(page.contains("What these weights would change") && page.contains("of 1\u{a0}person"), "{page}");
    assert!(page.contains("name=\"on_time\" maxlength=\"8\" value=\"100\""), "what was typed stands in the form");
    let (_, worse) = page.split_once("A worse band").unwrap();
    assert!(worse.split_once("tile-value\">").unwrap().1.starts_with('1'), "{worse}");
    assert!(page.contains("No version was made yet"));
    assert_eq!(bpi(&house, last(&house)).await, before);
    let page = admin.get(&format!("{PAGE}?preview=1&{}", form(&[("patrol", "15")]))).await.body;
    assert!(page.contains("the components add up to 95"));
}

#[tokio::test]
async fn a_version_leaves_what_was_published_as_it_is_unless_that_is_restated() {
    let house = House::with_everybody().await;
    late_guard(&house).await;
    let last = last(&house);
    let before = bpi(&house, last).await;
    let mut admin = house.signed_in("admin@test").await;
    let only = [("attendance_rate", "0"), ("on_time", "100"), ("no_show", "0"), ("lateness", "0"), ("geofence", "0")];
    let with = |more: &[(&'static str, String)]| {
        let more = more.iter().map(|(name, value)| (*name, value.as_str()));
        form(&only.into_iter().chain(more).collect::<Vec<_>>())
    };
    let tomorrow = (last + Days::new(2)).to_string();
    admin.post("/fn/change_score_policy", &with(&[("from", tomorrow.clone()), ("reason", "Punctuality".into())])).await;
    let page = admin.get(PAGE).await.body;
    assert!(page.contains("What was published before stays as it is") && page.contains("Punctuality"), "{page}");
    night::run(&house.db, house.test.organization(), Job::WorkerDays, house.now, &|_| {}).await.unwrap();
    assert_eq!(bpi(&house, last).await, before);

    let from = last - Days::new(1);
    let other = [("from", from.to_string()), ("reason", "From now on".into()), ("restate", "yes".to_owned())];
    admin.post("/fn/change_score_policy", &with(&other)).await;
    assert!(admin.get(PAGE).await.body.contains("will stand as restated"));
    night::run(&house.db, house.test.organization(), Job::WorkerDays, house.now, &|_| {}).await.unwrap();
    assert!(bpi(&house, last).await < before - 20.0, "the day is judged by the new weights");
    assert_eq!(bpi(&house, from - Days::new(1)).await.round(), before.round(), "days before it are not");
    let mut worker = house.signed_in("worker@test").await;
    let page = worker.get("/me").await.body;
    assert!(page.contains("the weights of the score changed (version 2)"), "{page}");

    let log = admin.get("/admin/audit?what=score+policy").await.body;
    assert!(
        log.contains("changed score policy") && log.contains("<del>30</del>") && log.contains("<ins>100</ins>"),
        "{log}"
    );
}
