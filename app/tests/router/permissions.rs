//! Every route × every role × signed out: exactly what the specification's table says.

use std::collections::BTreeSet;

use app::access::{self, ROUTES};
use app::server::paths;
use axum::http::StatusCode;
use muster::people::Role;

use crate::house::{Answer, House, Visitor};

const ANYBODY: &str = "anybody";
const ALL: &str = "worker supervisor scheduler finance hr executive client admin platform";
const ME: &str = "worker supervisor scheduler finance hr executive admin";

/// Who may open what: the table of the specification once more, per route and by hand.
const TABLE: &[(&str, &str)] = &[
    ("/health", ANYBODY),
    ("/ready", ANYBODY),
    ("/status", ANYBODY),
    ("/sign-in", ANYBODY),
    ("/favicon.ico", ANYBODY),
    ("/favicon.svg", ANYBODY),
    ("/manifest.webmanifest", ANYBODY),
    ("/robots.txt", ANYBODY),
    ("/pkg/{*file}", ANYBODY),
    ("/icons/{*file}", ANYBODY),
    ("/api/openapi.json", ANYBODY),
    ("/api/docs", ANYBODY),
    ("/", ALL),
    ("/fn/choose_theme", ALL),
    ("/notifications", ALL),
    ("/fn/open_notification", ALL),
    ("/fn/read_notifications", ALL),
    ("/fn/mute_notifications", ALL),
    ("/sessions", ALL),
    ("/fn/end_sessions", ALL),
    ("/privacy", ALL),
    ("/privacy/data.json", ALL),
    ("/privacy/data.csv", ALL),
    ("/fn/choose_consent", ALL),
    ("/api/v1/events", ALL),
    ("/reports", ALL),
    // Who sees no report schedules none.
    ("/reports/new", "supervisor finance hr executive admin platform"),
    ("/reports/{schedule}", ALL),
    ("/reports/files/{run}", ALL),
    ("/fn/schedule_report", ALL),
    ("/fn/change_report", ALL),
    ("/fn/pause_report", ALL),
    ("/fn/delete_report", ALL),
    ("/fn/send_report", ALL),
    ("/admin/reports", "admin platform"),
    ("/alignment/report/daily", "executive admin platform"),
    ("/alignment/report/weekly", "executive admin platform"),
    ("/alignment/report/daily.pdf", "executive admin platform"),
    ("/alignment/report/weekly.pdf", "executive admin platform"),
    ("/api/v1/operational/daily-report", "executive admin platform"),
    ("/api/v1/operational/weekly-report", "executive admin platform"),
    // Executives get past the gate; the handler lets only who may change something send.
    ("/api/v1/operational/send-daily-report", "executive admin platform"),
    ("/api/v1/operational/send-weekly-report", "executive admin platform"),
    ("/api/v1/operational/report-runs/{run}", "executive admin platform"),
    ("/sign-out", ALL),
    ("/me", ME),
    ("/fn/give_kudos", ME),
    ("/fn/file_dispute", ME),
    ("/api/v1/performance/me", ME),
    ("/api/v1/performance/me/trends", ME),
    ("/api/v1/performance/me/achievements", ME),
    ("/api/v1/performance/me/shifts", ME),
    ("/api/v1/performance/me/certifications", ME),
    ("/api/v1/performance/me/looks", ME),
    ("/api/v1/performance/me/facts", ME),
    ("/api/v1/performance/me/disputes", ME),
    ("/api/v1/performance/me/sessions", ME),
    ("/api/v1/performance/kudos", ME),
    ("/api/v1/performance/coaching-queue/{site}", "supervisor hr executive admin"),
    ("/api/v1/performance/team/{site}", "supervisor hr executive admin"),
    ("/api/v1/performance/coaching-effect", "supervisor hr executive admin"),
    // Names are all it is about.
    ("/api/v1/performance/top-performers/{site}", "supervisor hr"),
    ("/api/v1/performance/colleagues", ME),
    ("/fn/create_challenge", "supervisor hr executive admin"),
    ("/fn/end_challenge", "supervisor hr executive admin"),
    ("/team", "supervisor hr executive admin"),
    ("/team/{site}", "supervisor hr executive admin"),
    // Executives and admins see teams without names, so no page of one person.
    ("/team/{site}/{worker}", "supervisor hr"),
    ("/disputes", "supervisor hr executive admin"),
    ("/fn/rule_dispute", "supervisor hr executive admin"),
    ("/api/v1/performance/disputes", "supervisor hr executive admin"),
    // hr, executives and admins get past the gate; the handler lets only supervisors rule.
    ("/api/v1/performance/disputes/{dispute}/ruling", "supervisor hr executive admin"),
    ("/coaching", "supervisor hr executive admin"),
    ("/fn/schedule_coaching", "supervisor hr executive admin"),
    ("/fn/start_coaching", "supervisor hr executive admin"),
    ("/fn/complete_coaching", "supervisor hr executive admin"),
    ("/fn/snooze_coaching", "supervisor hr executive admin"),
    ("/fn/dismiss_coaching", "supervisor hr executive admin"),
    ("/fn/undo_coaching", "supervisor hr executive admin"),
    ("/operations", "supervisor scheduler executive admin"),
    ("/operations/live", "supervisor scheduler executive admin"),
    ("/fn/add_shift", "supervisor scheduler executive admin"),
    ("/fn/offer_shift", "supervisor scheduler executive admin"),
    ("/operations/roster", "supervisor scheduler executive admin"),
    ("/operations/roster/{proposal}", "supervisor scheduler executive admin"),
    ("/fn/generate_roster", "supervisor scheduler executive admin"),
    ("/fn/change_roster_line", "supervisor scheduler executive admin"),
    ("/fn/confirm_roster", "supervisor scheduler executive admin"),
    ("/fn/discard_roster", "supervisor scheduler executive admin"),
    ("/fn/set_baselines", "supervisor scheduler executive admin"),
    ("/fn/withdraw_shift", "supervisor scheduler executive admin"),
    ("/fn/withdraw_offer", "supervisor scheduler executive admin"),
    ("/fn/answer_offer", ME),
    ("/api/v1/operational/next-48-hours", "supervisor scheduler executive admin"),
    ("/api/v1/operational/shifts", "supervisor scheduler executive admin"),
    ("/api/v1/operational/available", "supervisor scheduler executive admin"),
    ("/api/v1/operational/certifications", "supervisor scheduler executive admin"),
    ("/api/v1/operational/shifts/{shift}/candidates", "supervisor scheduler executive admin"),
    // Executives get past the gate; the handler lets only those who look after a site offer.
    ("/api/v1/operational/shifts/{shift}/offers", "supervisor scheduler executive admin"),
    ("/api/v1/operational/offers", ME),
    ("/api/v1/operational/offers/{offer}/answer", ME),
    ("/executive", "executive admin"),
    ("/api/v1/analytics/executive", "executive admin"),
    ("/api/v1/analytics/executive/comparison", "executive admin"),
    ("/executive/report.pdf", "executive admin"),
    ("/api/v1/analytics/dashboard", "finance executive admin"),
    ("/api/v1/analytics/payroll", "finance executive admin"),
    ("/api/v1/analytics/revenue", "finance executive admin"),
    ("/api/v1/analytics/orders", "finance executive admin"),
    ("/api/v1/analytics/partners", "finance executive admin"),
    ("/api/v1/analytics/customers", "finance executive admin"),
    ("/api/v1/analytics/placements", "finance executive admin"),
    ("/api/v1/platform/metrics/revenue", "finance executive admin"),
    ("/api/v1/platform/metrics/jobs", "finance executive admin"),
    ("/api/v1/platform/metrics/matching", "finance executive admin"),
    ("/api/v1/platform/export/{type}", "finance executive admin"),
    ("/financial", "finance executive admin"),
    ("/financial/payroll", "finance executive admin"),
    ("/financial/export.xlsx", "finance executive admin"),
    ("/financial/export.csv", "finance executive admin"),
    ("/financial/report.pdf", "finance executive admin"),
    ("/financial/placements", "finance executive admin"),
    ("/financial/placements.xlsx", "finance executive admin"),
    ("/financial/placements.csv", "finance executive admin"),
    ("/financial/placements.pdf", "finance executive admin"),
    ("/financial/revenue", "finance executive admin"),
    ("/financial/revenue/export.xlsx", "finance executive admin"),
    ("/financial/revenue/export.csv", "finance executive admin"),
    ("/financial/revenue/report.pdf", "finance executive admin"),
    ("/financial/orders", "finance executive admin"),
    ("/financial/orders/export.xlsx", "finance executive admin"),
    ("/financial/orders/export.csv", "finance executive admin"),
    ("/financial/orders/report.pdf", "finance executive admin"),
    ("/financial/partners", "finance executive admin"),
    ("/financial/partners/export.xlsx", "finance executive admin"),
    ("/financial/partners/export.csv", "finance executive admin"),
    ("/financial/partners/report.pdf", "finance executive admin"),
    ("/financial/customers", "finance executive admin"),
    ("/financial/customers/export.xlsx", "finance executive admin"),
    ("/financial/customers/export.csv", "finance executive admin"),
    ("/financial/customers/report.pdf", "finance executive admin"),
    ("/people", "hr executive admin"),
    ("/people/export.xlsx", "hr executive admin"),
    ("/people/export.csv", "hr executive admin"),
    ("/compliance", "supervisor scheduler hr executive admin"),
    ("/compliance/export.xlsx", "supervisor scheduler hr executive admin"),
    ("/compliance/export.csv", "supervisor scheduler hr executive admin"),
    ("/client", "client"),
    ("/client/report.pdf", "client"),
    ("/alignment", "executive admin platform"),
    ("/alignment/{kpi}", "executive admin platform"),
    ("/api/v1/operational/alignment-score", "executive admin platform"),
    ("/api/v1/operational/kpi-status", "executive admin platform"),
    ("/api/v1/operational/priority-actions", "executive admin platform"),
    ("/alignment/alerts", "executive admin platform"),
    ("/alignment/quality/{check}", "executive admin platform"),
    ("/alignment/quality.csv", "executive admin platform"),
    ("/alignment/values.csv", "executive admin platform"),
    // Executives get past the gate; the handler lets only those act who may change something.
    ("/fn/acknowledge_alert", "executive admin platform"),
    ("/fn/mute_alert", "executive admin platform"),
    ("/api/v1/operational/kpi-alerts", "executive admin platform"),
    ("/api/v1/operational/data-quality", "executive admin platform"),
    ("/api/v1/operational/real-time-metrics", "executive admin platform"),
    ("/product", "platform"),
    ("/admin", "admin platform"),
    ("/fn/forget_person", "admin platform"),
    ("/fn/set_retention", "admin platform"),
    ("/admin/jobs", "admin platform"),
    ("/fn/run_job", "admin platform"),
    ("/fn/retry_job", "admin platform"),
    ("/admin/webhooks", "admin platform"),
    ("/fn/add_webhook", "admin platform"),
    ("/fn/pause_webhook", "admin platform"),
    ("/fn/test_webhook", "admin platform"),
    ("/fn/remove_webhook", "admin platform"),
    ("/admin/quality", "admin platform"),
    ("/fn/set_data_quality", "admin platform"),
    ("/admin/users", "admin"),
    // The platform gets past the gate; the handlers let only administrators of the organization in.
    ("/fn/add_user", "admin platform"),
    ("/fn/change_user", "admin platform"),
    ("/fn/deactivate_user", "admin platform"),
    ("/fn/activate_user", "admin platform"),
    ("/fn/reset_user", "admin platform"),
    ("/admin/targets", "admin platform"),
    ("/fn/set_target", "admin platform"),
    ("/fn/reset_target", "admin platform"),
    ("/admin/scores", "admin"),
    ("/fn/change_score_policy", "admin platform"),
    ("/admin/audit", "admin"),
    ("/admin/audit.csv", "admin"),
    ("/admin/tokens", "admin"),
    ("/fn/make_token", "admin platform"),
    ("/fn/revoke_token", "admin platform"),
    ("/admin/cache", "admin"),
    ("/fn/clear_cache", "admin platform"),
    ("/admin/privacy", "admin platform"),
    ("/admin/system", "admin platform"),
    ("/api/v1/operational/system-health", "executive admin platform"),
];

#[test]
fn every_route_is_in_the_registry_and_in_the_table_here() {
    for path in paths() {
        assert!(access::of(&path).is_some(), "{path} has no entry in app/src/access.rs: nobody can open it");
        assert!(TABLE.iter().any(|(known, _)| *known == path), "{path} is not in the table of this test");
    }
}

#[test]
fn every_entry_of_the_registry_is_known_here() {
    let known: BTreeSet<&str> = TABLE.iter().map(|(path, _)| *path).collect();
    let unknown: Vec<&str> = ROUTES.iter().map(|route| route.path).filter(|path| !known.contains(path)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

fn is_form(path: &str) -> bool {
    path.starts_with("/fn/") || path == "/sign-out"
}

async fn open(visitor: &mut Visitor, house: &House, path: &str) -> Answer {
    let address = path
        .replace("{site}", &house.home().to_string())
        .replace("{worker}", &house.worker.to_string())
        .replace("{proposal}", &house.worker.to_string())
        .replace("{kpi}", "attendance")
        .replace("{check}", "bursts")
        .replace("{type}", "revenue")
        .replace("{schedule}", &house.worker.to_string())
        .replace("{run}", &house.worker.to_string())
        .replace("{*file}", "nothing.css");
    if is_form(path) { visitor.post(&address, "").await } else { visitor.get(&address).await }
}

/// What the specification promises who is let in: the page; or where to go; or that there is no such file or record.
fn expect_let_in(path: &str, who: &str, answer: &Answer) {
    let status = answer.status;
    let expected = match path {
        "/health" | "/ready" | "/status" | "/api/openapi.json" | "/admin/audit.csv" => status == StatusCode::OK,
        "/sign-in" if who == "nobody" => status == StatusCode::OK,
        // Of one site a list says nothing.
        "/team" => status == StatusCode::FOUND,
        "/" | "/sign-in" | "/sign-out" => status == StatusCode::SEE_OTHER,
        _ if path.starts_with("/api/v1/performance/me") || path.ends_with("/kudos") => {
            // Who is no worker has no such record.
            status == if who == "worker" { StatusCode::OK } else { StatusCode::NOT_FOUND }
        }
        // It is a stream, and this visitor asks for a page.
        "/operations/live" => status == StatusCode::BAD_REQUEST,
        // The platform has KPIs of its own.
        "/alignment/{kpi}" if who == "platform" => status == StatusCode::NOT_FOUND,
        // There is none of that id.
        _ if path.ends_with("{schedule}") || path.ends_with("{run}") => status == StatusCode::NOT_FOUND,
        _ if path.starts_with("/alignment/report/") && path.ends_with(".pdf") => status == StatusCode::OK,
        // There is none of that id.
        _ if path.ends_with("{proposal}") => status == StatusCode::NOT_FOUND,
        // It is only posted to.
        _ if path == "/api/v1/events"
            || path.ends_with("/ruling")
            || path.ends_with("}/offers")
            || path.ends_with("/answer")
            || path.contains("/send-") =>
        {
            status == StatusCode::METHOD_NOT_ALLOWED
        }
        // Of no shift a path says nothing; who is no worker has no offers.
        _ if path.ends_with("/candidates") => status == StatusCode::NOT_FOUND,
        "/api/v1/operational/offers" => status == if who == "worker" { StatusCode::OK } else { StatusCode::NOT_FOUND },
        _ if path.starts_with("/api/v1/") => status == StatusCode::OK,
        _ if path.starts_with("/fn/") => status != StatusCode::UNAUTHORIZED && status != StatusCode::FORBIDDEN,
        "/compliance/export.xlsx" | "/compliance/export.csv" => status == StatusCode::OK,
        "/api/docs" => status == StatusCode::OK && answer.body.contains("<h1"),
        _ if path.starts_with("/privacy/") => status == StatusCode::OK,
        // Without a quarter it says how to ask.
        "/executive/report.pdf" => status == StatusCode::BAD_REQUEST && answer.body.contains("?quarter="),
        // Without a period it is the one that runs.
        _ if path.starts_with("/financial/") && path.contains('.') => status == StatusCode::OK,
        // Without a month it says how to ask.
        "/client/report.pdf" => status == StatusCode::BAD_REQUEST && answer.body.contains("?month="),
        "/alignment/quality.csv" => status == StatusCode::OK,
        // Without a KPI it says how to ask.
        "/alignment/values.csv" => status == StatusCode::BAD_REQUEST && answer.body.contains("?kpi="),
        _ if path.contains("/export.") => status == StatusCode::OK,
        _ if path.contains('.') || path.contains("{*file}") => status == StatusCode::NOT_FOUND,
        _ => status == StatusCode::OK && answer.body.contains("<h1"),
    };
    assert!(expected, "{path} as {who}: {status}");
    assert!(
        !answer.header("location").starts_with("/sign-in") || path == "/sign-out",
        "{path} as {who} signs in again"
    );
}

fn expect_refused(path: &str, who: &str, answer: &Answer) {
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} as {who}");
    let kind = answer.header("content-type");
    if path.starts_with("/api/") {
        assert!(kind.starts_with("application/problem+json"), "{path} as {who}: {kind}");
    } else {
        assert!(kind.starts_with("text/html") && answer.body.contains("This view is not yours"), "{path} as {who}");
        assert!(answer.body.contains("aria-label=\"Views\""), "the refusal is in the frame, with a way on");
    }
}

#[tokio::test]
async fn each_role_opens_exactly_what_the_table_says() {
    let house = House::with_everybody().await;
    for role in Role::ALL {
        let mut visitor = house.signed_in(&format!("{role}@test")).await;
        // Signing out comes last.
        let signing_out = |path: &str| path == "/sign-out";
        let built = TABLE.iter().copied().filter(|(path, _)| paths().iter().any(|known| known == path));
        let (last, first): (Vec<_>, Vec<_>) = built.partition(|(path, _)| signing_out(path));
        for (path, who) in first.into_iter().chain(last) {
            let answer = open(&mut visitor, &house, path).await;
            if who == ANYBODY || who.split(' ').any(|word| word == role.word()) {
                expect_let_in(path, role.word(), &answer);
            } else {
                expect_refused(path, role.word(), &answer);
            }
        }
    }
}

#[tokio::test]
async fn who_is_signed_out_is_sent_to_sign_in_and_then_back() {
    let house = House::new().await;
    let mut visitor = house.visitor();
    for path in paths() {
        let (_, who) = TABLE.iter().find(|(known, _)| *known == path).expect("a known path");
        let answer = open(&mut visitor, &house, &path).await;
        if *who == ANYBODY {
            expect_let_in(&path, "nobody", &answer);
        } else if path.starts_with("/api/") {
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
            assert!(answer.header("content-type").starts_with("application/problem+json"), "{path}");
        } else {
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
            assert!(
                answer.header("location").starts_with("/sign-in?next=%2F"),
                "{path}: {}",
                answer.header("location")
            );
        }
    }
}

#[tokio::test]
async fn each_role_lands_on_the_view_it_came_for() {
    let house = House::with_everybody().await;
    let came_for =
        ["/me", "/coaching", "/operations", "/financial", "/people", "/executive", "/client", "/admin", "/alignment"];
    for (role, view) in Role::ALL.into_iter().zip(came_for) {
        let mut visitor = house.signed_in(&format!("{role}@test")).await;
        let answer = visitor.get("/").await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, view), "{role}");
        let answer = visitor.get(view).await;
        assert_eq!(answer.status, StatusCode::OK, "{role}");
        assert!(answer.body.contains("aria-current=\"page\""), "{role} sees where they are");
    }
}

#[tokio::test]
async fn an_address_that_is_nowhere_is_404_in_the_frame() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    let mut visitor = house.signed_in("worker@test").await;
    for path in ["/nowhere", "/me/nowhere", "/team/a/b/c", "/.env", "/pkg/../Cargo.toml"] {
        let answer = visitor.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let answer = visitor.get("/nowhere").await;
    assert!(answer.body.contains("There is nothing here") && answer.body.contains("<h1"));
    let answer = visitor.get("/api/v1/nowhere").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.header("content-type").starts_with("application/problem+json"));
}
