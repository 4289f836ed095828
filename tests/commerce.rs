//! Orders and the money for them, summed by the night: a month worked by hand, what must hold for any days, and that a
//! rebuild from what changed gives what a rebuild from everything gives.
#![cfg(feature = "testing")]

use std::io::Cursor;

use calamine::{Data, DataType, Reader, Xlsx};
use chrono::{DateTime, NaiveDate, Utc};
use muster::commerce::{self, Asked, Filter, Revenue, Segment, Sums, View, Wanted};
use muster::exports::xlsx;
use muster::intake::{Source, Summary, Table, load};
use muster::metrics::Period;
use muster::people::{Organization, Role, User};
use muster::reports::{self, commerce::About};
use muster::simulation::{Company, Plan, Scale, Simulation};
use muster::testing::{World, database, date, org};
use proptest::prelude::*;
use rust_decimal::Decimal;
use sqlx::AssertSqlSafe;

fn now() -> DateTime<Utc> {
    "2026-04-10T12:00:00Z".parse().unwrap()
}

fn exact(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// The organization of a world, with another currency.
async fn with_currency(world: &World, currency: &str) -> Organization {
    let mut tx = world.db().global().await.unwrap();
    sqlx::query("update organizations set currency = $2 where id = $1")
        .bind(world.org().0)
        .bind(currency)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    Organization { currency: currency.into(), ..world.organization().clone() }
}

async fn taken(world: &World, org: &Organization, table: Table, file: impl Into<Vec<u8>>) -> Summary {
    let source = Source::new(table, format!("{table}.csv"), Cursor::new(file.into()));
    load(world.db(), org, source, now()).await.expect("a file that is taken")
}

async fn all_good(world: &World, table: Table, file: impl Into<Vec<u8>>) {
    let summary = taken(world, world.organization(), table, file).await;
    assert_eq!(summary.rejected, 0, "{table}: {:?}", summary.reasons);
}

async fn night(world: &World, last: &str) {
    commerce::rebuild(world.db(), world.organization(), date(last), |_, _| {}).await.expect("the night");
}

fn asked(from: &str, to: &str) -> Asked {
    let filter = Filter { from: Some(from.into()), to: Some(to.into()), ..Filter::default() };
    filter.resolve(date("2026-04-09"), &commerce::COLUMNS).expect("a period")
}

async fn revenue(world: &World, asked: Asked) -> Revenue {
    commerce::revenue(&mut world.tx().await, asked).await.expect("the page")
}

/// Three customers, two partners, a category, and the orders of a March.
async fn march(world: &World) {
    all_good(world, Table::Customers, "ref,name\nCU1,Zola\nCU2,Thabo\nCU3,Naledi\n").await;
    all_good(world, Table::Partners, "ref,name,daily_capacity\nPA1,Spotless,10\nPA2,Fynbos,\n").await;
    all_good(world, Table::ServiceCategories, "ref,name\nLAUNDRY,Laundry\n").await;
    let orders = "ref,customer,partner,category,amount,discount,placed_at,accepted_at,completed_at,cancelled_at\n\
        A,CU1,PA1,LAUNDRY,100,10,2026-03-02 23:30,2026-03-02 23:40,2026-03-03 12:00,\n\
        B,CU2,PA1,LAUNDRY,80,,2026-03-03 09:00,,,2026-03-03 11:00\n\
        C,CU3,PA2,,60,,2026-03-04 09:00,,,2026-03-04 10:00\n\
        D,CU2,PA2,LAUNDRY,200,,2026-03-31 18:00,2026-03-31 18:30,2026-04-02 09:00,\n\
        E,CU1,PA1,,70,,2026-02-27 08:00,,2026-03-01 08:00,\n\
        F,CU3,,LAUNDRY,33.33,,2026-03-15 08:00,,,\n\
        G,CU3,PA2,,120,,2026-03-16 08:00,2026-03-16 08:20,,2026-03-16 12:00\n";
    all_good(world, Table::Orders, orders).await;
    let payments = "ref,order_ref,method,amount,paid_at\n\
        1,A,card,50,2026-03-02 23:35\n2,A,cash,40,2026-03-03 12:00\n3,B,wallet,80,2026-03-03 09:01\n\
        4,D,online,200,2026-04-02 09:00\n5,E,cash,70,2026-03-01 08:00\n6,G,card,120,2026-03-16 08:01\n";
    all_good(world, Table::Payments, payments).await;
    let refunds = "ref,order_ref,amount,reason,refunded_at\n\
        1,A,25.50,damaged,2026-03-10 09:00\n2,B,80,cancelled,2026-03-05 09:00\n3,G,100,cancelled for a fee,2026-03-18 09:00\n";
    all_good(world, Table::Refunds, refunds).await;
    all_good(world, Table::OrderRatings, "order_ref,rating,rated_at\nA,3,2026-03-04 09:00\n").await;
    all_good(world, Table::OrderIssues, "ref,order_ref,kind,reported_at\n1,A,damaged,2026-03-04 09:00\n").await;
}

#[tokio::test]
async fn a_month_worked_by_hand_reads_so_on_the_page() {
    let db = database().await;
    let world = org(&db).await;
    march(&world).await;
    night(&world, "2026-04-09").await;
    let it = revenue(&world, asked("2026-03-01", "2026-03-31")).await;
    // A 90, B 80 as paid, C nothing, D 200, F 33.33, G 120 as paid.
    assert_eq!(it.total.gross, exact("523.33"));
    assert_eq!((it.total.refunds, it.total.refund_count), (exact("205.50"), 3));
    assert_eq!(it.total.net(), exact("317.83"));
    assert_eq!((it.total.orders, it.total.completed, it.total.cancelled, it.total.pending()), (6, 2, 3, 1));
    assert_eq!(it.total.average().map(|average| average.round_dp(3)), Some(exact("87.222")));
    let methods = it.total.methods().map(|(_, amount)| amount);
    assert_eq!(methods, ["110", "170", "80", "0"].map(exact));
    // CU1 ordered in February already; CU2 and CU3 came new, and each came again.
    assert_eq!((it.total.new_customers, it.total.returning_customers), (2, 4));
    let proof = it.proof;
    let lines = [proof.payments, proof.for_others, proof.elsewhen, proof.unpaid, proof.refunds, proof.refunds_of_ended];
    assert_eq!(lines, ["360", "70", "200", "33.33", "25.50", "180"].map(exact));
    assert_eq!((proof.net_by_payments(), proof.difference()), (exact("317.83"), Decimal::ZERO));
    assert_eq!(it.before.gross, exact("70"), "February, of the same length");
    let second = it.parts.iter().find(|part| part.first == date("2026-03-02")).expect("the day");
    assert_eq!((second.sums.gross, second.sums.card), (exact("90"), exact("50")), "23:30 local is still the second");
}

#[tokio::test]
async fn orders_partners_and_customers_of_that_month() {
    let db = database().await;
    let world = org(&db).await;
    march(&world).await;
    night(&world, "2026-04-09").await;
    let mut tx = world.tx().await;
    let orders = commerce::orders(&mut tx, asked("2026-03-01", "2026-03-31")).await.unwrap();
    assert_eq!(orders.week.0[0][23], 1, "A came on a Monday at 23:30");
    assert_eq!(orders.week.total(), 6);
    let categories: Vec<_> = orders.categories.iter().map(|it| (it.label(), it.orders, it.completed)).collect();
    assert_eq!(categories, [("Laundry".to_owned(), 4, 2), ("Without a category".to_owned(), 2, 0)], "A, B, D, F; C, G");
    let spotless = orders.partners.iter().find(|it| it.name == "Spotless").unwrap().id;
    let theirs = Asked { partner: Some(spotless), ..asked("2026-03-01", "2026-03-31") };
    let theirs = commerce::orders(&mut tx, theirs).await.unwrap();
    assert_eq!(theirs.categories.iter().map(|it| (it.orders, it.completed)).collect::<Vec<_>>(), [(2, 1)], "A and B");
    let accepted = &orders.stages[0].1;
    assert_eq!(accepted.n(), 3);
    let half = accepted.percentile(0.5).unwrap();
    assert!((15.0..=21.7).contains(&half), "10, 20 and 30 minutes: {half}");
    let partners = commerce::partners(&mut tx, asked("2026-03-01", "2026-03-31")).await.unwrap();
    let spotless = partners.partners.iter().find(|it| it.name == "Spotless").unwrap();
    assert_eq!((spotless.received, spotless.completed, spotless.cancelled), (2, 1, 1), "A and B; E was in February");
    assert_eq!((spotless.rating(), spotless.issues), (Some(3.0), [0, 1, 0]));
    assert_eq!((spotless.gross, spotless.refunds), (exact("170"), exact("105.50")));
    assert_eq!(spotless.utilization(), Some(2.0 / 310.0));
    assert_eq!(partners.total.received, 5, "F has no partner");
    assert!(partners.top.is_empty() && partners.low.is_empty(), "nobody is judged by so few");
    let customers = commerce::customers(&mut tx, asked("2026-03-01", "2026-03-31")).await.unwrap();
    let of = |name: &str| customers.top.iter().find(|it| it.name.as_deref() == Some(name)).unwrap();
    assert_eq!((of("Zola").spent, of("Zola").orders), (exact("134.50"), 2));
    assert_eq!((of("Thabo").spent, of("Naledi").spent), (exact("200"), exact("20")));
    assert_eq!(of("Zola").gap_days, Some(exact("3.0")));
    assert_eq!(customers.total.new_customers, 2);
}

/// Every page's workbook, read again by a library.
async fn workbook(world: &World, view: View, asked: &Asked) -> Xlsx<Cursor<Vec<u8>>> {
    let user = world.user("Farai", Role::Finance).await;
    let user = User {
        id: user,
        org: world.organization().clone(),
        name: "Farai".into(),
        role: Role::Finance,
        worker: None,
        client: None,
        sites: Vec::new(),
        theme: "system".into(),
        unread: 0,
    };
    let wanted = Wanted { db: world.db().clone(), user, view, asked: asked.clone(), now: now() };
    let (head, tables) = commerce::sheets(&wanted, None).await.expect("the tables");
    let bytes = xlsx(head, tables.into_iter().map(|ready| ready.table).collect()).whole().await.expect("a file");
    Xlsx::new(Cursor::new(bytes)).expect("a workbook")
}

/// A column of a sheet below its heading.
fn column(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str, name: &str) -> Vec<Data> {
    let range = book.worksheet_range(sheet).expect(sheet);
    let (rows, columns) = range.get_size();
    let at = (0..columns).find(|at| range[(0, *at)] == *name).unwrap_or_else(|| panic!("{name} of {sheet}"));
    (1..rows).map(|row| range[(row, at)].clone()).collect()
}

/// The sum of a column, in thousandths.
fn summed(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str, name: &str) -> i64 {
    let number = |cell: &Data| cell.as_f64().unwrap_or_else(|| panic!("{cell:?} of {name} is no number"));
    column(book, sheet, name).iter().map(|cell| (1000.0 * number(cell)).round() as i64).sum()
}

fn thousandths(amount: Decimal) -> i64 {
    i64::try_from(amount.normalize().mantissa() * 10_i128.pow(3 - amount.normalize().scale())).expect("a small amount")
}

#[tokio::test]
async fn the_workbooks_read_again_are_the_pages() {
    let db = database().await;
    let world = org(&db).await;
    march(&world).await;
    night(&world, "2026-04-09").await;
    let whole = asked("2026-03-01", "2026-03-31");
    let mut tx = world.tx().await;

    let it = commerce::orders(&mut tx, whole.clone()).await.unwrap();
    let mut book = workbook(&world, View::Orders, &whole).await;
    assert_eq!(book.sheet_names()[1..], ["Days", "Categories", "Stages", "Week", "Orders"]);
    assert_eq!(summed(&mut book, "Days", "Placed"), 1000 * it.total.orders);
    assert_eq!(summed(&mut book, "Days", "Completed"), 1000 * it.total.completed);
    assert_eq!(summed(&mut book, "Categories", "Orders"), 1000 * it.total.orders);
    assert_eq!(summed(&mut book, "Categories", "Completed"), 1000 * it.total.completed);
    assert_eq!(summed(&mut book, "Week", "Orders"), 1000 * it.week.total());
    let counted: i64 = it.stages.iter().map(|(_, counts)| counts.n()).sum();
    assert_eq!(summed(&mut book, "Stages", "Orders"), 1000 * counted);
    assert_eq!(column(&mut book, "Orders", "Order").len() as i64, it.total.orders);

    let it = commerce::partners(&mut tx, whole.clone()).await.unwrap();
    let mut book = workbook(&world, View::Partners, &whole).await;
    let names: Vec<String> = it.partners.iter().map(|it| it.name.clone()).collect();
    assert_eq!(column(&mut book, "Partners", "Partner"), names.into_iter().map(Data::String).collect::<Vec<_>>());
    for (name, sum) in
        [("Received", it.total.received), ("Completed", it.total.completed), ("Damaged", it.total.issues[1])]
    {
        assert_eq!(summed(&mut book, "Partners", name), 1000 * sum, "{name}");
    }
    assert_eq!(summed(&mut book, "Partners", "Gross (ZAR)"), thousandths(it.total.gross));
    assert_eq!(summed(&mut book, "Partners", "Refunds (ZAR)"), thousandths(it.total.refunds));
    assert_eq!(it.weeks.len(), 12);
    for (at, week) in it.weeks.iter().enumerate() {
        let trend = column(&mut book, "Partners", &format!("Completion, week from {week} (%)"));
        let shown: Vec<Option<f64>> = it.partners.iter().map(|partner| partner.weeks[at].value()).collect();
        assert_eq!(trend.iter().map(Data::as_f64).collect::<Vec<_>>(), shown, "{week}");
    }

    let it = commerce::customers(&mut tx, whole.clone()).await.unwrap();
    let mut book = workbook(&world, View::Customers, &whole).await;
    let spent: Decimal = it.segments.iter().map(|share| share.spent).sum();
    let value: Decimal = it.segments.iter().map(|share| share.value).sum();
    for sheet in ["Segments", "Customers"] {
        assert_eq!(summed(&mut book, sheet, "Paid less refunds (ZAR)"), thousandths(spent), "{sheet}");
        assert_eq!(summed(&mut book, sheet, "Lifetime value (ZAR)"), thousandths(value), "{sheet}");
    }
    assert_eq!(summed(&mut book, "New customers", "New"), 1000 * it.total.new_customers);
    let sources: i64 = it.sources.iter().map(|(_, n)| n).sum();
    assert_eq!(summed(&mut book, "Sources", "New customers"), 1000 * sources);
    let named: Vec<Data> = it.top.iter().map(|it| Data::String(it.name.clone().unwrap_or_default())).collect();
    assert_eq!(column(&mut book, "Customers", "Name"), named, "the same order too");

    // What is of all partners claims none.
    for (view, claims) in [(View::Orders, true), (View::Partners, false), (View::Customers, false)] {
        let about = workbook(&world, view, &whole).await.worksheet_range("About").expect("About");
        assert_eq!(about.used_cells().any(|(_, _, cell)| *cell == "Partner"), claims, "{view:?}");
    }
}

#[tokio::test]
async fn values_and_risks_are_each_told_by_its_own_model() {
    let db = database().await;
    let world = org(&db).await;
    march(&world).await;
    night(&world, "2026-04-09").await;
    for (set, of_values, of_risks) in [
        ("expected_margin = null, churn_risk = null", false, false),
        ("expected_margin = 5, churn_risk = null", true, false),
        ("expected_margin = null, churn_risk = 0.1", false, true),
        ("expected_margin = 5, churn_risk = 0.1", true, true),
    ] {
        let mut tx = world.tx().await;
        sqlx::query(AssertSqlSafe(format!("update customer_analytics set at_risk = false, {set}")))
            .execute(&mut *tx)
            .await
            .unwrap();
        let asked = asked("2026-03-01", "2026-03-31");
        let it = commerce::customers(&mut tx, asked.clone()).await.unwrap();
        assert_eq!((it.values_by_model, it.risks_by_model), (of_values, of_risks), "{set}");
        assert!(it.at_risk.is_empty(), "and that nobody is at risk tells of no model");
        let about = About { org: world.organization(), asked: &asked, now: now() };
        let said = reports::commerce::customers(&it, about).text();
        assert!(said.contains(it.risk_definition()), "{said}");
        assert_eq!(it.value_definition().contains("expected in 12 months"), of_values, "{set}");
        assert_eq!(it.risk_definition().contains("by the model"), of_risks, "{set}");
    }
}

#[tokio::test]
async fn customers_of_one_partner_are_new_or_returning() {
    let db = database().await;
    let world = org(&db).await;
    march(&world).await;
    night(&world, "2026-04-09").await;
    let whole = asked("2026-03-01", "2026-03-31");
    let all = revenue(&world, whole.clone()).await;
    let mut sum = (0, 0);
    for partner in &all.partners {
        let it = revenue(&world, Asked { partner: Some(partner.id), ..whole.clone() }).await;
        if partner.name == "Spotless" {
            // A is not the first order of CU1, B is that of CU2.
            assert_eq!((it.total.new_customers, it.total.returning_customers), (1, 1));
        }
        sum = (sum.0 + it.total.new_customers, sum.1 + it.total.returning_customers);
    }
    assert_eq!(sum, (2, 3), "F came without a partner");
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_that_arrive_while_their_day_is_summed_reach_their_customers_in_the_next_night() {
    let db = database().await;
    let world = org(&db).await;
    march(&world).await;
    night(&world, "2026-04-09").await;
    all_good(&world, Table::Orders, "ref,customer,amount,placed_at\nH,CU2,10,2026-03-20 09:00\n").await;
    // Customers are summed, their days are not yet: that is when the night tells of its days for the first time.
    let meanwhile = |summed, _| {
        if summed == 0 {
            let late = all_good(&world, Table::Orders, "ref,customer,amount,placed_at\nI,CU1,20,2026-03-20 10:00\n");
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(late));
        }
    };
    commerce::rebuild(world.db(), world.organization(), date("2026-04-09"), meanwhile).await.expect("the night");
    night(&world, "2026-04-09").await;
    let zola = customer_orders(&world, "CU1").await;
    assert_eq!(zola, 3, "A, E and I");
    let first = everything(&world).await;
    rebuild_everything(&world).await;
    assert_eq!(first, everything(&world).await);
}

async fn customer_orders(world: &World, customer: &str) -> i64 {
    sqlx::query_scalar(
        "select a.orders::bigint from customer_analytics a join customers c on c.org_id = a.org_id and c.id = a.customer_id where c.ref = $1",
    )
    .bind(customer)
    .fetch_one(&mut *world.tx().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_customer_may_order_any_number_of_times_a_day() {
    let db = database().await;
    let world = org(&db).await;
    march(&world).await;
    let categories: String = (0..400).map(|n| format!("C{n},Category {n}\n")).collect();
    all_good(&world, Table::ServiceCategories, format!("ref,name\n{categories}")).await;
    let orders: String = (0..400).map(|n| format!("X{n},CU1,C{n},1,2026-03-20 10:00\n")).collect();
    all_good(&world, Table::Orders, format!("ref,customer,category,amount,placed_at\n{orders}")).await;
    night(&world, "2026-04-09").await;
    assert_eq!(customer_orders(&world, "CU1").await, 402);
}

#[tokio::test]
async fn a_source_that_is_corrected_counts_without_an_order() {
    let db = database().await;
    let world = org(&db).await;
    march(&world).await;
    night(&world, "2026-04-09").await;
    let sources = async || {
        let it = commerce::customers(&mut world.tx().await, asked("2026-03-01", "2026-03-31")).await.unwrap();
        it.sources
    };
    assert_eq!(sources().await.iter().map(|(_, n)| n).sum::<i64>(), 2);
    all_good(&world, Table::Customers, "ref,source\nCU2,radio\n").await;
    night(&world, "2026-04-10").await;
    let found = sources().await;
    assert!(found.contains(&(Some("radio".into()), 1)), "{found:?}");
    assert_eq!(found.iter().map(|(_, n)| n).sum::<i64>(), 2);
}

#[tokio::test]
async fn a_long_period_reads_the_same_from_months_as_from_days() {
    let db = database().await;
    let world = org(&db).await;
    for table in FACTS {
        all_good(&world, table, csv(&simulated(), table)).await;
    }
    let told = std::sync::Mutex::new(Vec::new());
    let tell = |done, of| told.lock().unwrap().push((done, of));
    commerce::rebuild(world.db(), world.organization(), date("2026-04-09"), tell).await.unwrap();
    let told = told.into_inner().unwrap();
    assert!(
        told.len() > 2 && told.is_sorted() && told[0].0 == 0 && told.iter().all(|it| it.1 == told[0].1),
        "{told:?}"
    );
    assert_eq!(told.last().map(|(done, of)| done == of), Some(true), "{told:?}");
    let partner = revenue(&world, asked("2026-03-01", "2026-03-31")).await.partners[0].id;
    let look = async || {
        let mut pages = Vec::new();
        for from in ["2023-04-10", "2025-06-01", "2026-02-03"] {
            for partner in [None, Some(partner)] {
                let asked = Asked { partner, ..asked(from, "2026-04-09") };
                let mut tx = world.tx().await;
                let revenue = commerce::revenue(&mut tx, asked.clone()).await.unwrap();
                assert_eq!(revenue.proof.difference(), Decimal::ZERO);
                let orders = commerce::orders(&mut tx, asked.clone()).await.unwrap();
                pages.push((revenue, orders, commerce::partners(&mut tx, asked).await.unwrap()));
            }
        }
        pages
    };
    let from_months = look().await;
    assert!(from_months[0].0.total.orders > 60 && from_months[1].1.stages[0].1.n() > 0);
    let mut tx = world.tx().await;
    let gone = sqlx::query("delete from revenue_months").execute(&mut *tx).await.unwrap().rows_affected();
    assert!(gone > 5, "only {gone} months: this tests little");
    tx.commit().await.unwrap();
    assert!(look().await == from_months);
}

/// Of a month that is mostly asked for the days outside are taken away again: what was only there must not be named.
#[tokio::test]
async fn who_had_something_only_on_the_days_left_out_of_a_month_is_not_named() {
    let db = database().await;
    let world = org(&db).await;
    march(&world).await;
    all_good(&world, Table::Partners, "ref,name\nPA3,Early\n").await;
    all_good(&world, Table::ServiceCategories, "ref,name\nIRON,Ironing\n").await;
    let order = "ref,customer,partner,category,amount,placed_at,completed_at\nEARLY,CU1,PA3,IRON,40,2026-03-01 09:00,2026-03-01 12:00\n";
    all_good(&world, Table::Orders, order).await;
    night(&world, "2026-04-09").await;
    let (whole, later) = (asked("2026-03-01", "2026-03-31"), asked("2026-03-02", "2026-03-31"));
    let named = async |asked: &Asked| {
        let mut tx = world.tx().await;
        let partners = commerce::partners(&mut tx, asked.clone()).await.expect("the page").partners;
        let categories = commerce::revenue(&mut tx, asked.clone()).await.expect("the page").categories;
        let mut names: Vec<_> = partners.into_iter().map(|it| it.name).collect();
        names.extend(categories.iter().map(|it| it.label()));
        names.sort();
        names
    };
    assert_eq!(named(&whole).await, ["Early", "Fynbos", "Ironing", "Laundry", "Spotless", "Without a category"]);
    assert_eq!(named(&later).await, ["Fynbos", "Ironing", "Laundry", "Spotless", "Without a category"]);
    let before = revenue(&world, later).await.categories.into_iter().find(|it| it.label() == "Ironing").unwrap();
    assert_eq!((before.orders, before.gross, before.before), (0, Decimal::ZERO, exact("40")), "of the period before");
    let alone = Asked { before: asked("2026-01-31", "2026-02-28").period, ..asked("2026-03-02", "2026-03-31") };
    assert!(!named(&alone).await.contains(&"Ironing".to_owned()));
}

#[tokio::test]
async fn payments_far_from_their_orders_are_in_the_proof() {
    let db = database().await;
    let world = org(&db).await;
    march(&world).await;
    // A is of 2 March, G of the end of the month; both are paid so late that no usual payment is.
    let late = "ref,order_ref,method,amount,paid_at\n8,A,card,1,2026-07-01 09:00\n9,G,card,2,2026-05-15 09:00\n";
    all_good(&world, Table::Payments, late).await;
    night(&world, "2026-08-09").await;
    for (from, to) in [
        ("2026-03-01", "2026-03-31"),
        ("2026-05-01", "2026-05-31"),
        ("2026-03-15", "2026-07-15"),
        ("2026-01-01", "2026-06-30"),
    ] {
        assert_eq!(revenue(&world, asked(from, to)).await.proof.difference(), Decimal::ZERO, "{from} to {to}");
    }
}

#[tokio::test]
async fn money_that_came_after_the_last_night_does_not_unbalance_the_books() {
    let db = database().await;
    let world = org(&db).await;
    march(&world).await;
    // F is paid on the day that is not over, and the night knows of that: what it owes is less.
    all_good(
        &world,
        Table::Payments,
        "ref,order_ref,method,amount,paid_at\n9,F,cash,13.33,2026-04-10 00:30\n10,F,cash,20,2026-04-09 00:30\n",
    )
    .await;
    night(&world, "2026-04-09").await;
    for (from, to) in [("2026-03-01", "2026-03-31"), ("2026-03-01", "2026-04-30"), ("2026-03-15", "2026-04-10")] {
        let it = revenue(&world, asked(from, to)).await;
        assert_eq!(it.proof.difference(), Decimal::ZERO, "{from} to {to}: {:?}", it.proof);
    }
    let filter = |to: &str| Filter { from: Some("2026-03-01".into()), to: Some(to.into()), ..Filter::default() };
    // The clock is ahead of the night: the tenth is over, and not summed.
    let early = filter("2026-04-10").resolve(date("2026-04-10"), &commerce::COLUMNS).unwrap();
    assert_eq!(revenue(&world, early).await.proof.difference(), Decimal::ZERO);
}

#[tokio::test]
async fn a_currency_has_the_decimals_it_has() {
    let db = database().await;
    let world = org(&db).await;
    all_good(&world, Table::Customers, "ref\nCU1\n").await;
    for (currency, amount, good) in [
        ("UGX", "12500", true),
        ("UGX", "12500.5", false),
        ("JPY", "7.00", true),
        ("KWD", "1.255", true),
        ("ZAR", "1.255", false),
    ] {
        let org = with_currency(&world, currency).await;
        let file = format!("ref,customer,amount,placed_at\n{currency}{amount},CU1,{amount},2026-03-03 09:00\n");
        let summary = taken(&world, &org, Table::Orders, file).await;
        assert_eq!(summary.rejected == 0, good, "{amount} {currency}: {:?}", summary.reasons);
    }
    let org = with_currency(&world, "UGX").await;
    let payment = "ref,order_ref,method,amount,paid_at\n1,UGX12500,cash,12500,2026-03-03 09:00\n";
    assert_eq!(taken(&world, &org, Table::Payments, payment).await.rejected, 0);
    let refund = "ref,order_ref,amount,refunded_at\n1,UGX12500,4167,2026-03-04 09:00\n";
    assert_eq!(taken(&world, &org, Table::Refunds, refund).await.rejected, 0);
    night(&world, "2026-04-09").await;
    let it = revenue(&world, asked("2026-03-01", "2026-03-31")).await;
    assert_eq!(it.proof.difference(), Decimal::ZERO);
    assert_eq!(commerce::money(it.total.refunds, "UGX"), "4,167");
    assert_eq!(it.total.gross, exact("12508.255"), "12,500 and 7 and 1.255 of whatever currency");
}

#[tokio::test]
async fn money_before_its_order_is_refused() {
    let db = database().await;
    let world = org(&db).await;
    march(&world).await;
    let early = "ref,order_ref,method,amount,paid_at\n9,A,card,1,2026-03-01 09:00\n";
    let summary = taken(&world, world.organization(), Table::Payments, early).await;
    assert_eq!(summary.reasons[0].reason, "paid_at: before the order was placed");
    let both = "ref,customer,amount,placed_at,completed_at,cancelled_at\nZ,CU1,1,2026-03-01 09:00,2026-03-01 10:00,2026-03-01 10:00\n";
    assert_eq!(taken(&world, world.organization(), Table::Orders, both).await.rejected, 1);
}

#[tokio::test]
async fn segments_are_judged_in_their_order() {
    let db = database().await;
    let world = org(&db).await;
    all_good(&world, Table::Customers, "ref,name\nC,churned\nN,new\nV,vip\nR,regular\nO,occasional\nS,slow\n").await;
    let mut orders = "ref,customer,amount,placed_at,completed_at\n".to_owned();
    let mut order = |who: &str, amount: &str, day: &str| {
        let n = orders.lines().count();
        orders += &format!("{who}{n},{who},{amount},{day} 09:00,{day} 10:00\n");
    };
    // Judged on 2026-04-09: 90 days before is 2026-01-09.
    order("C", "10", "2025-12-01");
    order("N", "10", "2026-03-20");
    for day in ["2025-11-02", "2025-12-03", "2026-01-04", "2026-02-05", "2026-03-06"] {
        order("V", "900", day);
    }
    for day in ["2026-01-20", "2026-02-20", "2026-03-05"] {
        order("R", "20", day);
    }
    order("O", "10", "2026-03-01");
    // Silent for 100 days, but a gap of 60 is usual: not before 180.
    for day in ["2025-09-01", "2025-10-31", "2025-12-30"] {
        order("S", "10", day);
    }
    all_good(&world, Table::Orders, orders.clone()).await;
    let paid: String = orders.lines().skip(1).fold("ref,order_ref,method,amount,paid_at\n".into(), |file, line| {
        let fields: Vec<&str> = line.split(',').collect();
        format!("{file}{0},{0},card,{1},{2}\n", fields[0], fields[2], fields[3])
    });
    all_good(&world, Table::Payments, paid).await;
    night(&world, "2026-04-09").await;
    let it = commerce::customers(&mut world.tx().await, asked("2026-03-01", "2026-03-31")).await.unwrap();
    let of = |name: &str| it.top.iter().find(|it| it.name.as_deref() == Some(name)).unwrap().segment;
    assert_eq!(of("churned"), Segment::Churned);
    assert_eq!(of("new"), Segment::New);
    assert_eq!(of("vip"), Segment::Vip);
    assert_eq!(of("regular"), Segment::Regular);
    assert_eq!(of("occasional"), Segment::Occasional);
    assert_eq!(of("slow"), Segment::Occasional);
    assert_eq!(it.at_risk.len(), 0, "nobody is silent for twice their gap: {:?}", it.at_risk);
    assert_eq!(it.segments.iter().map(|share| share.customers).sum::<i64>(), 6);
}

const FACTS: [Table; 8] = [
    Table::Customers,
    Table::Partners,
    Table::ServiceCategories,
    Table::Orders,
    Table::Payments,
    Table::Refunds,
    Table::OrderRatings,
    Table::OrderIssues,
];

fn simulated() -> Simulation {
    Simulation::new(Plan::new(Company::Demo, Scale::Tiny, 7, date("2026-04-10")))
}

fn csv(simulation: &Simulation, table: Table) -> String {
    let mut bytes = Vec::new();
    simulation.write(table, simulation.plan().first_day, &mut bytes).expect("memory");
    String::from_utf8(bytes).expect("text")
}

/// Everything the night wrote, as text.
async fn everything(world: &World) -> Vec<String> {
    let mut all = Vec::new();
    for table in [
        "revenue_slices",
        "payment_lags",
        "category_daily_revenue",
        "daily_revenue_summaries",
        "partner_performance_metrics",
        "customer_analytics",
        "customer_segments",
        "customer_days",
        "newcomer_sources",
        "revenue_months",
        "category_months",
        "partner_months",
    ] {
        let sql = format!("select '{table} ' || to_jsonb(t)::text from {table} t order by 1");
        all.extend(
            sqlx::query_scalar::<_, String>(AssertSqlSafe(sql)).fetch_all(&mut *world.tx().await).await.unwrap(),
        );
    }
    all
}

async fn rebuild_everything(world: &World) {
    let mut tx = world.tx().await;
    commerce::mark_days(&mut tx, Period { first: date("2026-01-01"), last: date("2026-04-09") }).await.unwrap();
    sqlx::query(
        "insert into dirty_customers (org_id, customer_id) select org_id, id from customers on conflict do nothing",
    )
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    night(world, "2026-04-09").await;
}

#[tokio::test]
async fn what_is_rebuilt_from_changes_is_what_is_rebuilt_from_everything() {
    let db = database().await;
    let world = org(&db).await;
    let simulation = simulated();
    // First what was known on a day in the middle, then the rest: late, corrected, moved.
    for table in FACTS {
        let file = csv(&simulation, table);
        let half = if table < Table::Orders { file.lines().count() } else { file.lines().count() / 2 };
        let part: String = file.lines().take(half).map(|line| format!("{line}\n")).collect();
        taken(&world, world.organization(), table, part).await;
        night(&world, "2026-04-09").await;
    }
    for table in FACTS {
        all_good(&world, table, csv(&simulation, table)).await;
    }
    night(&world, "2026-04-09").await;
    let orders = csv(&simulation, Table::Orders);
    let mut lines = orders.lines();
    let header = lines.next().expect("a header");
    let fields: Vec<&str> = lines.next().expect("an order").split(',').collect();
    let other = orders.lines().last().expect("another order").split(',').nth(1).expect("a customer");
    let moved = format!("{header}\n{},{other},PA01,KEYS,99.50,0,2026-03-01T08:00:00Z,,,,,,,\n", fields[0]);
    all_good(&world, Table::Orders, moved).await;
    let refunds = csv(&simulation, Table::Refunds);
    let refund: Vec<&str> = refunds.lines().nth(1).expect("a refund").split(',').collect();
    let other = format!(
        "ref,order_ref,amount,reason,refunded_at\n{},{},1.25,mistaken,2026-04-09T08:00:00Z\n",
        refund[0], fields[0]
    );
    all_good(&world, Table::Refunds, other).await;
    night(&world, "2026-04-09").await;
    let from_changes = everything(&world).await;
    assert!(from_changes.len() > 300, "only {} rows: this tests little", from_changes.len());
    rebuild_everything(&world).await;
    let from_all = everything(&world).await;
    for (one, two) in from_changes.iter().zip(&from_all) {
        assert_eq!(one, two);
    }
    assert_eq!(from_changes.len(), from_all.len());
    rebuild_everything(&world).await;
    assert!(everything(&world).await == from_all, "twice is as once");
}

#[test]
fn any_split_of_the_days_sums_to_the_whole_and_the_books_agree() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (_db, world) = runtime.block_on(async {
        let db = database().await;
        let world = org(&db).await;
        for table in FACTS {
            all_good(&world, table, csv(&simulated(), table)).await;
        }
        night(&world, "2026-04-09").await;
        (db, world)
    });
    let partners = runtime.block_on(revenue(&world, asked("2026-03-01", "2026-03-31"))).partners;
    let page = |first: NaiveDate, last: NaiveDate, partner: usize| {
        let period = Period { first, last };
        let partner = partners.get(partner).map(|it| it.id);
        runtime.block_on(revenue(
            &world,
            Asked { period, before: period.previous(), partner, ..asked("2026-03-01", "2026-03-31") },
        ))
    };
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(40));
    let days = (0_u64..44, 1_u64..30, 1_u64..30, 0_usize..9);
    runner
        .run(&days, |(from, one, two, partner)| {
            let first = date("2026-02-25") + chrono::Days::new(from);
            let (middle, last) = (first + chrono::Days::new(one - 1), first + chrono::Days::new(one + two - 1));
            let whole = page(first, last, partner);
            let parts = [page(first, middle, partner), page(middle + chrono::Days::new(1), last, partner)];
            prop_assert_eq!(parts.iter().map(|part| part.total).sum::<Sums>(), whole.total);
            for it in parts.iter().chain([&whole]) {
                prop_assert_eq!(it.proof.difference(), Decimal::ZERO);
                prop_assert_eq!(it.parts.iter().map(|part| part.sums).sum::<Sums>(), it.total);
                prop_assert_eq!(it.categories.iter().map(|it| it.gross).sum::<Decimal>(), it.total.gross);
                prop_assert_eq!(it.categories.iter().map(|it| it.refunds).sum::<Decimal>(), it.total.refunds);
                prop_assert_eq!(it.categories.iter().map(|it| it.before).sum::<Decimal>(), it.before.gross);
            }
            Ok(())
        })
        .unwrap();
    assert!(page(date("2026-03-01"), date("2026-03-31"), 99).total.orders > 60);
}
