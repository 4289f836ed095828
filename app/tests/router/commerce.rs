//! `/financial/revenue`, `orders`, `partners` and `customers`, and their files: what is shown is what the facts say.

use std::io::Cursor;

use axum::http::{Request, StatusCode};
use calamine::{Data, Reader, Xlsx};
use chrono::{Days, NaiveDate};
use http_body_util::BodyExt;
use muster::intake::{Source, Table, load};
use muster::night::{self, Job};

use crate::house::House;

const PAGES: [&str; 4] = ["/financial/revenue", "/financial/orders", "/financial/partners", "/financial/customers"];

fn days_ago(house: &House, days: u64) -> NaiveDate {
    house.now.with_timezone(&house.test.organization().zone).date_naive() - Days::new(days)
}

async fn taken(house: &House, table: Table, file: String) {
    let source = Source::new(table, format!("{table}.csv"), Cursor::new(file.into_bytes()));
    let summary = load(&house.db, house.test.organization(), source, house.now).await.expect("a file that is taken");
    assert_eq!(summary.rejected, 0, "{table}: {:?}", summary.reasons);
}

/// Forty orders of two partners over ten days, one of them cancelled after payment, one refunded in part.
async fn company() -> House {
    let house = House::with_everybody().await;
    taken(&house, Table::Customers, "ref,name,source\nCU1,Zola & Sons,referral\nCU2,<b>Thabo</b>,search\n".into())
        .await;
    taken(&house, Table::Partners, "ref,name,daily_capacity\nPA1,Spotless,8\nPA2,Fynbos,\n".into()).await;
    taken(&house, Table::ServiceCategories, "ref,name\nLAUNDRY,Laundry\nDRY,Dry cleaning\n".into()).await;
    let mut orders =
        "ref,customer,partner,category,amount,placed_at,accepted_at,completed_at,cancelled_at\n".to_owned();
    let mut payments = "ref,order_ref,method,amount,paid_at\n".to_owned();
    for n in 0..40_u64 {
        let day = days_ago(&house, 2 + n / 4);
        let (customer, partner) = (1 + n % 2, if n < 35 { "PA1" } else { "PA2" });
        let category = if n % 3 == 0 { "DRY" } else { "LAUNDRY" };
        let ended = if n == 7 { format!(",{day} 12:00") } else { format!("{day} 13:00,") };
        orders += &format!("OR{n},CU{customer},{partner},{category},{n}.25,{day} 09:00,{day} 09:10,{ended}\n");
        let method = ["cash", "card"][usize::try_from(n % 2).unwrap_or(0)];
        payments += &format!("PM{n},OR{n},{method},{n}.25,{day} 09:30\n");
    }
    taken(&house, Table::Orders, orders).await;
    taken(&house, Table::Payments, payments).await;
    let back = days_ago(&house, 2);
    let refunds = format!("ref,order_ref,amount,refunded_at\n1,OR7,7.25,{back} 14:00\n2,OR9,1.05,{back} 14:00\n");
    taken(&house, Table::Refunds, refunds).await;
    night::run(&house.db, house.test.organization(), Job::Commerce, house.now, &|_| {}).await.expect("the night");
    house
}

#[tokio::test]
async fn the_figures_are_those_of_the_facts() {
    let house = company().await;
    let mut tx = house.test.tx().await;
    let (net, worth, back): (String, String, String) = sqlx::query_as(
        "select to_char(a - b, 'FM999.00'), to_char(a, 'FM999.00'), to_char(b, 'FM999.00')
         from (select sum(amount) as a from payments where org_id = $1) p,
              (select sum(amount) as b from refunds where org_id = $1) r",
    )
    .bind(house.test.org().0)
    .fetch_one(&mut *tx)
    .await
    .expect("the facts");
    assert_eq!((net.as_str(), worth.as_str(), back.as_str()), ("781.70", "790.00", "8.30"));
    drop(tx);
    let mut finance = house.signed_in("finance@test").await;
    let page = finance.get("/financial/revenue").await;
    assert_eq!(page.status, StatusCode::OK);
    for words in
        [worth.as_str(), net.as_str(), back.as_str(), "Dry cleaning", "Cash", "Difference: ", ">0.00 ZAR<", "agree."]
    {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    let page = finance.get("/financial/orders").await.body;
    for words in [
        "97.5\u{a0}%",
        "2.5\u{a0}%",
        "39 of 40 orders",
        "Placed to accepted",
        "heat-5",
        "1 of 40 orders",
        "Orders by category",
        "65.0\u{a0}%",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let page = finance.get("/financial/partners").await.body;
    for words in ["Spotless", "Fynbos", "(few)", "35", "14.6\u{a0}%"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let page = finance.get("/financial/customers").await.body;
    for words in ["Zola &amp; Sons", "&lt;b&gt;Thabo", "First order in the last 30 days", "referral"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("<b>Thabo"));
}

#[tokio::test]
async fn a_period_without_orders_says_so_and_nonsense_is_told() {
    let house = company().await;
    let mut finance = house.signed_in("finance@test").await;
    for path in &PAGES[..3] {
        let page = finance.get(&format!("{path}?from=2020-01-01&to=2020-01-31")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.body.contains("class=\"empty-title\""), "{path}");
    }
    for path in PAGES {
        for query in ["from=yesterday", "from=2026-01-01&from=2026-01-02", "partner=PA1", "page=0", "sort=colour"] {
            assert_eq!(finance.get(&format!("{path}?{query}")).await.status, StatusCode::BAD_REQUEST, "{path} {query}");
        }
    }
    let nobody = format!("/financial/revenue?partner={}", house.worker);
    assert_eq!(finance.get(&nobody).await.status, StatusCode::NOT_FOUND);
    let signed_out = house.visitor().get("/financial/revenue").await;
    assert_eq!(signed_out.status, StatusCode::SEE_OTHER, "who is signed out signs in");
}

#[tokio::test]
async fn one_partner_is_a_part_of_all() {
    let house = company().await;
    let mut finance = house.signed_in("finance@test").await;
    let mut tx = house.test.tx().await;
    let fynbos: uuid::Uuid = sqlx::query_scalar("select id from partners where org_id = $1 and ref = 'PA2'")
        .bind(house.test.org().0)
        .fetch_one(&mut *tx)
        .await
        .expect("the partner");
    drop(tx);
    let page = finance.get(&format!("/financial/revenue?partner={fynbos}")).await.body;
    // 35.25 + … + 39.25
    assert!(page.contains("186.25") && page.contains(">0.00 ZAR<") && !page.contains("790.00"), "{page}");
    let page = finance.get(&format!("/financial/orders?partner={fynbos}")).await.body;
    assert!(page.contains("5 of 5 orders"), "{page}");
}

#[tokio::test]
async fn the_files_hold_what_the_page_shows() {
    let house = company().await;
    let mut finance = house.signed_in("finance@test").await;
    let csv = finance.get("/financial/revenue/export.csv?table=categories").await;
    assert_eq!(csv.status, StatusCode::OK);
    assert!(csv.body.contains("Category,Orders,Completed,Gross (ZAR)"), "{}", csv.body);
    let by_category = finance.get("/financial/orders/export.csv?table=categories").await.body;
    // Every third of 40 is dry cleaning; of the others one was cancelled.
    assert!(by_category.contains("Laundry,26,65") && by_category.contains(",25,"), "{by_category}");
    assert!(by_category.contains("Dry cleaning,14,35"), "{by_category}");
    let list = finance.get("/financial/orders/export.csv?table=list").await.body;
    assert_eq!(list.matches("\r\n").count().max(list.trim_end().lines().count()), 41, "{list}");
    let people = finance.get("/financial/customers/export.csv?table=customers").await.body;
    assert!(people.contains("Zola & Sons") && people.contains("Thabo"), "{people}");
    for (path, sheet) in PAGES.into_iter().zip(["Days", "Orders", "Partners", "Customers"]) {
        let request = Request::get(format!("{path}/export.xlsx"));
        let answer = finance.open(request, "").await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let bytes = answer.into_body().collect().await.expect("a whole file").to_bytes();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).expect("a workbook");
        let range = book.worksheet_range(sheet).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(range.height() > 2, "{path}");
        if sheet == "Days" {
            let head = range.rows().position(|row| row.iter().any(|cell| *cell == "Gross (ZAR)")).expect("a head");
            let at = range.rows().nth(head).and_then(|row| row.iter().position(|cell| *cell == "Gross (ZAR)"));
            let at = at.expect("the column");
            let sum: f64 = range
                .rows()
                .skip(head + 1)
                .filter_map(|row| match &row[at] {
                    Data::Float(x) => Some(*x),
                    _ => None,
                })
                .sum();
            assert!((sum - 790.0).abs() < 1e-6, "{sum}");
        }
    }
    assert_eq!(finance.get("/financial/orders/export.csv?table=secrets").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn programs_read_the_same_figures_as_the_pages() {
    let house = company().await;
    let mut finance = house.signed_in("finance@test").await;
    let mut json = async |what: &str| -> serde_json::Value {
        let answer = finance.get(&format!("/api/v1/analytics/{what}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{what}: {}", answer.body);
        serde_json::from_str(&answer.body).expect("JSON")
    };
    let revenue = json("revenue").await;
    assert_eq!(
        (revenue["total"]["orders"].as_i64(), revenue["proof"]["difference"].as_str()),
        (Some(40), Some("0.000")),
        "{revenue}"
    );
    assert_eq!(revenue["total"]["net"].as_str(), Some("781.700"));
    let parts = revenue["parts"].as_array().expect("parts");
    assert_eq!(parts.iter().filter_map(|part| part["sums"]["orders"].as_i64()).sum::<i64>(), 40);
    let orders = json("orders").await;
    let week: i64 = orders["week"]
        .as_array()
        .expect("a week")
        .iter()
        .flat_map(|day| day.as_array().expect("hours"))
        .filter_map(serde_json::Value::as_i64)
        .sum();
    assert_eq!((week, orders["cancelled"].as_i64()), (40, Some(1)), "{orders}");
    let categories: Vec<_> = (orders["categories"].as_array().expect("categories").iter())
        .map(|it| (it["name"].as_str(), it["orders"].as_i64(), it["completed"].as_i64()))
        .collect();
    assert_eq!(categories, [(Some("Laundry"), Some(26), Some(25)), (Some("Dry cleaning"), Some(14), Some(14))]);
    let unsorted = json("partners").await;
    let received: Vec<_> =
        unsorted["partners"].as_array().expect("partners").iter().filter_map(|it| it["received"].as_i64()).collect();
    assert_eq!(received, [35, 5], "the most received first, as is documented");
    let partners = json("partners?sort=name&order=asc").await;
    let names: Vec<_> = partners["partners"]
        .as_array()
        .expect("partners")
        .iter()
        .map(|it| (it["name"].as_str(), it["judged"].as_bool()))
        .collect();
    assert_eq!(names, [(Some("Fynbos"), Some(false)), (Some("Spotless"), Some(true))]);
    let customers = json("customers").await;
    assert_eq!((customers["top"].as_array().map(Vec::len), customers["next"].as_str()), (Some(2), None), "{customers}");
    assert_eq!([&customers["values_by_model"], &customers["risks_by_model"]], [false, false]);
    let beyond = json("customers?cursor=p501").await;
    assert_eq!((beyond["top"].as_array().map(Vec::len), beyond["next"].as_str()), (Some(0), None), "no end of pages");
    let fynbos = partners["partners"][0]["id"].as_str().expect("an id");
    let one = json(&format!("revenue?partner_id={fynbos}")).await;
    assert_eq!(one["total"]["orders"].as_i64(), Some(5), "{one}");
    // The eldest orders are the ones of Fynbos: both customers came by it, as the page says too.
    assert_eq!(one["total"]["new_customers"].as_i64(), Some(2), "{one}");
    assert_eq!(revenue["forecast"], serde_json::Value::Null, "there is none yet");
    for (what, says) in [("partners", "Partners are told of all"), ("customers", "Customers are told of all")] {
        for path in [
            format!("/api/v1/analytics/{what}?partner_id={fynbos}"),
            format!("/api/v1/analytics/{what}?partner={fynbos}"),
            format!("/api/v1/platform/export/{what}?partner={fynbos}"),
            format!("/api/v1/platform/export/{what}?partner_id={fynbos}"),
            format!("/financial/{what}?partner={fynbos}"),
            format!("/financial/{what}/report.pdf?partner={fynbos}"),
        ] {
            let answer = finance.get(&path).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
            assert!(answer.body.contains(says), "{path}: {}", answer.body);
        }
    }
    let theirs = finance.get(&format!("/api/v1/platform/export/orders?table=list&partner_id={fynbos}")).await;
    assert_eq!((theirs.status, theirs.body.trim_end().lines().count()), (StatusCode::OK, 6), "{}", theirs.body);
    for wrong in ["revenue?partner_id=Fynbos", "orders?start_date=soon", "partners?sort=colour", "customers?cursor=7"] {
        assert_eq!(finance.get(&format!("/api/v1/analytics/{wrong}")).await.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn each_page_is_a_pdf_with_its_figures_and_charts() {
    let house = company().await;
    let mut finance = house.signed_in("finance@test").await;
    let (first, last) = (days_ago(&house, 60), days_ago(&house, 2));
    for (page, words) in [
        ("revenue", ["Gross revenue", "790.00", "Laundry", "Reconciliation", "0.00"]),
        ("orders", ["Orders by category", "Placed to accepted", "10 min", "39 of 40 orders", "Monday"]),
        ("partners", ["Spotless", "Fynbos", "40 of 40 orders", "Capacity used", "Surely weak"]),
        ("customers", ["Zola & Sons", "<b>Thabo</b>", "referral", "Three orders or more, and silent", "Top customers"]),
    ] {
        let shown = finance.get(&format!("/financial/{page}?from={first}&to={last}")).await.body;
        let link = format!("/financial/{page}/report.pdf?from={first}&amp;to={last}");
        assert!(shown.contains(&link), "one click: {shown}");
        let answer = finance.get(&format!("/financial/{page}/report.pdf?from={first}&to={last}")).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/pdf"), "{page}");
        let name = format!("attachment; filename=\"test-{page}-{first}-{last}.pdf\"");
        assert_eq!(answer.header("content-disposition"), name);
        let said = crate::pdf::text(answer.bytes).replace('\u{a0}', " ");
        for words in words {
            assert!(said.contains(words), "{page}: {words}: {said}");
        }
        let nonsense = finance.get(&format!("/financial/{page}/report.pdf?from=soon")).await;
        assert_eq!(nonsense.status, StatusCode::BAD_REQUEST, "{page}");
    }
    let empty = finance.get("/financial/orders/report.pdf?from=2001-01-01&to=2001-01-31").await;
    assert!(crate::pdf::text(empty.bytes).contains("No orders in this period"));
}
