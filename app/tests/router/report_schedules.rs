//! `/reports`: who schedules what, what becomes of it, who may download what; and the operations reports as pages, PDFs, JSON.

use axum::http::{Request, StatusCode};
use muster::clock::Clock;
use muster::mail;
use muster::night;
use muster::people::{Role, create_token};
use muster::queue::drain;
use muster::reports::schedules;
use serde_json::Value;

use crate::house::{Answer, House, Visitor};

const FORM: &str = "typed[name]=Takings&typed[description]=For+%3Cb%3Ethe%3C%2Fb%3E+board&typed[format]=csv&typed[rhythm]=monthly\
&typed[weekday]=1&typed[day]=31&typed[at]=07%3A30&typed[zone]=Europe%2FBerlin&typed[site]=&typed[partner]=&typed[finance]=yes\
&typed[emails]=executive%40test";

async fn post(visitor: &mut Visitor, path: &str, form: &str) -> String {
    let answer = visitor.post(path, form).await;
    assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.body);
    answer.header("location").to_owned()
}

/// What waits is done: the reports, then their mails, which without a mail server are kept.
async fn work(house: &House) {
    for _ in 0..2 {
        let hands = night::hands(&house.db, Clock::fixed(house.now));
        drain(mail::hands(hands, &house.db, None)).await.unwrap();
    }
}

#[tokio::test]
async fn finance_schedules_a_report_changes_pauses_sends_and_deletes_it() {
    let house = House::with_everybody().await;
    let mut finance = house.signed_in("finance@test").await;
    let page = finance.get("/reports").await.body;
    assert!(page.contains("You keep no schedule yet") && page.contains("No report was sent to you yet"), "{page}");
    let choices = finance.get("/reports/new").await.body;
    assert!(choices.contains("/reports/new?report=payroll") && !choices.contains("executive-quarterly"), "{choices}");
    let form = finance.get("/reports/new?report=revenue").await.body;
    assert!(form.contains("value=\"csv\"") && !form.contains("value=\"pdf\""), "{form}");
    assert!(!form.contains("typed[hr]"), "only roles that may see it: {form}");

    let own = post(&mut finance, "/fn/schedule_report", &format!("report=revenue&{FORM}")).await;
    let page = finance.get(&own).await.body;
    for words in [
        "It is scheduled.",
        "For &lt;b&gt;the&lt;/b&gt; board",
        "on the 31st of each month, or its last day at 07:30 (Europe/Berlin)",
        "every finance, executive@test",
        "It never went out yet",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(finance.get("/reports").await.body.contains("Takings"));
    let id = own.trim_start_matches("/reports/");

    post(&mut finance, "/fn/change_report", &format!("id={id}&{}", FORM.replace("Takings", "Income"))).await;
    assert!(finance.get(&own).await.body.contains("<h1>Income</h1>"));
    post(&mut finance, "/fn/pause_report", &format!("id={id}&active=no")).await;
    let page = finance.get(&own).await.body;
    assert!(page.contains("It is paused") && page.contains("Let it go on"), "{page}");

    post(&mut finance, "/fn/send_report", &format!("id={id}")).await;
    let page = finance.get(&own).await.body;
    assert!(page.contains("It is in the queue") && page.contains("waits its turn"), "{page}");
    post(&mut finance, "/fn/send_report", &format!("id={id}")).await;
    assert!(finance.get(&own).await.body.contains("It is being sent already"));
    work(&house).await;
    let page = finance.get(&own).await.body;
    assert!(page.contains("2 kept here") && page.contains("SMTP_URL is not set"), "{page}");
    let link = page.split("href=\"").find(|it| it.starts_with("/reports/files/")).unwrap();
    let link = &link[..link.find('"').unwrap()];
    let file = finance.get(link).await;
    assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8; header=present"));
    assert!(file.header("content-disposition").starts_with("attachment; filename=\"test-revenue-"));
    let mut executive = house.signed_in("executive@test").await;
    assert_eq!(executive.get(link).await.status, StatusCode::OK, "the executive has an own one");
    assert!(executive.get("/reports").await.body.contains("Income"), "and finds it");
    for other in ["admin@test", "worker@test"] {
        assert_eq!(house.signed_in(other).await.get(link).await.status, StatusCode::NOT_FOUND, "{other}");
    }

    assert_eq!(post(&mut finance, "/fn/delete_report", &format!("id={id}")).await, "/reports");
    assert!(finance.get("/reports").await.body.contains("‘Income’ is deleted."));
    assert_eq!(finance.get(&own).await.status, StatusCode::NOT_FOUND);
    let mut tx = house.test.tx().await;
    let noted: Vec<String> =
        sqlx::query_scalar("select action from audit_log where record = 'report schedule' order by at, id")
            .fetch_all(&mut *tx)
            .await
            .unwrap();
    assert_eq!(
        noted,
        [
            "scheduled a report",
            "changed a report schedule",
            "paused a report schedule",
            "sent a report",
            "deleted a report schedule"
        ]
    );
}

#[tokio::test]
async fn what_was_typed_comes_back_with_what_to_mend() {
    let house = House::with_everybody().await;
    let mut finance = house.signed_in("finance@test").await;
    for (from, to, words) in [
        ("executive%40test", "stranger%40test", "Nobody here signs in as ‘stranger@test’."),
        ("executive%40test", "scheduler%40test", "is not for The scheduler, whose role is scheduler."),
        ("Europe%2FBerlin", "Mars", "&#39;Mars&#39; is not a time zone"),
        ("07%3A30", "soon", "Write the time as 09:00."),
        ("typed[day]=31", "typed[day]=32", "a day from 1 to 31"),
        ("typed[name]=Takings", "typed[name]=+", "Give it a name"),
    ] {
        let back =
            post(&mut finance, "/fn/schedule_report", &format!("report=revenue&{}", FORM.replace(from, to))).await;
        assert_eq!(back, "/reports/new?report=revenue");
        let page = finance.get(&back).await.body;
        assert!(page.contains(words) || page.contains(&words.replace("&#39;", "'")), "{words}: {page}");
        assert!(page.contains("For &lt;b>the&lt;/b> board"), "what was typed is kept: {page}");
    }
    assert_eq!(post(&mut finance, "/fn/schedule_report", "").await, "/reports/new");
}

#[tokio::test]
async fn everybody_keeps_the_own_schedules_and_an_admin_all() {
    let house = House::with_everybody().await;
    schedules::plan(&house.db, house.now).await.unwrap();
    let mut finance = house.signed_in("finance@test").await;
    let own = post(&mut finance, "/fn/schedule_report", &format!("report=revenue&{FORM}")).await;
    let id = own.trim_start_matches("/reports/").to_owned();
    let mut admin = house.signed_in("admin@test").await;
    let page = admin.get("/admin/reports").await.body;
    for name in ["Takings", "Operations, daily", "Operations, weekly", "Muster, for every organization"] {
        assert!(page.contains(name), "{name}: {page}");
    }
    assert_eq!(admin.get(&own).await.status, StatusCode::OK);
    assert!(!finance.get("/reports").await.body.contains("Operations, daily"));
    assert_eq!(finance.get("/admin/reports").await.status, StatusCode::FORBIDDEN);
    for role in ["executive", "hr", "supervisor", "scheduler", "worker", "client", "platform"] {
        let mut other = house.signed_in(&format!("{role}@test")).await;
        assert_eq!(other.get(&own).await.status, StatusCode::NOT_FOUND, "{role}");
        for form in ["/fn/send_report", "/fn/delete_report", "/fn/pause_report", "/fn/change_report"] {
            post(&mut other, form, &format!("id={id}&{FORM}")).await;
        }
        post(&mut other, "/fn/schedule_report", &format!("report=payroll&{}", FORM.replace("Takings", role))).await;
    }
    let mut tx = house.test.tx().await;
    let (runs, made): (i64, i64) = sqlx::query_as(
        "select (select count(*) from report_runs), (select count(*) from report_schedules where report = 'payroll')",
    )
    .fetch_one(&mut *tx)
    .await
    .unwrap();
    assert_eq!((runs, made), (0, 1), "only the executive may see pay, and schedules it");
    assert!(finance.get(&own).await.body.contains("every finance"), "nobody changed it");
}

#[tokio::test]
async fn the_operations_reports_are_pages_pdfs_and_can_be_sent_by_an_admin() {
    let house = House::with_everybody().await;
    schedules::plan(&house.db, house.now).await.unwrap();
    let mut admin = house.signed_in("admin@test").await;
    let mut executive = house.signed_in("executive@test").await;
    for (path, title) in [
        ("/alignment/report/daily", "Daily operations report"),
        ("/alignment/report/weekly", "Weekly operations report"),
    ] {
        let page = executive.get(path).await.body;
        assert!(page.contains(&format!("<h1>{title}</h1>")) && page.contains("Nothing is on record"), "{page}");
        assert!(!page.contains("Send the latest now"), "an executive reads");
        let pdf = executive.get(&format!("{path}.pdf")).await;
        assert_eq!((pdf.status, pdf.header("content-type")), (StatusCode::OK, "application/pdf"));
        let page = admin.get(path).await.body;
        let id = page.split("name=\"id\" value=\"").nth(1).unwrap()[..36].to_owned();
        let own = post(&mut admin, "/fn/send_report", &format!("id={id}")).await;
        work(&house).await;
        let page = admin.get(&own).await.body;
        assert!(page.contains("2 kept here"), "to the executive and the admin: {page}");
    }
    for (path, words) in [
        ("/alignment/report/daily?day=soon", "Write the day as 2026-03-31."),
        ("/alignment/report/daily?day=2999-01-01", "The latest day that is over is"),
        ("/alignment/report/weekly?week=2026-12", "write it as 2026-W12"),
        ("/alignment/report/weekly.pdf?week=2199-W01", "has no complete day yet"),
    ] {
        let answer = executive.get(path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(answer.body.contains(words), "{path}: {}", answer.body);
    }
}

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{}: {}", answer.status, answer.body))
}

#[tokio::test]
async fn programs_read_the_reports_and_send_them_and_see_what_became_of_it() {
    let house = House::with_everybody().await;
    let mut visitor = house.visitor();
    let scope = ["operational".to_owned()];
    let mut tokens = Vec::new();
    for email in ["admin@test", "executive@test"] {
        let token = create_token(&house.db, email, "laptop", &scope, None, house.now).await.unwrap();
        tokens.push(format!("Bearer {token}"));
    }
    let mut ask = async |request: http::request::Builder, token: &str| {
        visitor.send(request.header("authorization", token), "").await
    };
    let daily = ask(Request::get("/api/v1/operational/daily-report"), &tokens[1]).await;
    let (status, daily) = (daily.status, json(&daily));
    assert_eq!((status, &daily["work"]["shifts_filled"]["value"]), (StatusCode::OK, &Value::Null));
    assert!(daily["summary"][0].as_str().unwrap().starts_with("Nothing is on record"));
    let weekly = json(&ask(Request::get("/api/v1/operational/weekly-report?week=2026-W02"), &tokens[1]).await);
    assert_eq!((&weekly["from"], weekly["days"].as_array().unwrap().len()), (&Value::from("2026-01-05"), 7));

    let refused = ask(Request::post("/api/v1/operational/send-daily-report"), &tokens[1]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "an executive reads");
    let sent = ask(Request::post("/api/v1/operational/send-daily-report"), &tokens[0]).await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.body);
    let href = json(&sent)["href"].as_str().unwrap().to_owned();
    let again = ask(Request::post("/api/v1/operational/send-daily-report"), &tokens[0]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert_eq!(json(&ask(Request::get(&href), &tokens[0]).await)["state"], "waiting");
    work(&house).await;
    let run = json(&ask(Request::get(&href), &tokens[0]).await);
    assert_eq!((&run["state"], &run["deliveries"][0]["state"]), (&"done".into(), &"kept".into()));
    assert_eq!(ask(Request::get(&href), &tokens[1]).await.status, StatusCode::NOT_FOUND, "whose schedule it is not");
    let weekly = ask(Request::post("/api/v1/operational/send-weekly-report"), &tokens[0]).await;
    assert_eq!(weekly.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn who_gets_a_report_need_not_be_able_to_schedule_one() {
    let house = House::with_everybody().await;
    let form = FORM.replace("csv", "pdf").replace("typed[finance]", "typed[client]").replace("executive%40test", "");
    let mut admin = house.signed_in("admin@test").await;
    let own = post(&mut admin, "/fn/schedule_report", &format!("report=client-monthly&{form}")).await;
    let id = own.trim_start_matches("/reports/").to_owned();
    post(&mut admin, "/fn/send_report", &format!("id={id}")).await;
    work(&house).await;
    let mut client = house.signed_in("client@test").await;
    let page = client.get("/reports").await.body;
    assert!(page.contains("Takings") && !page.contains("Schedule a report"), "{page}");
    let link = page.split("href=\"").find(|it| it.starts_with("/reports/files/")).unwrap();
    let file = client.get(&link[..link.find('"').unwrap()]).await;
    assert!(file.bytes.starts_with(b"%PDF-"));
    assert_eq!(client.get("/reports/new").await.status, StatusCode::FORBIDDEN);
    let role = Role::Client;
    assert!(page.contains(&format!("The {role}")), "the frame names who looks");
}
