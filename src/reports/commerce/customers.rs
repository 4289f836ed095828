//! Customers for a meeting: how they are doing, who came new and from where, who may be lost, and who brings most.

use super::{About, grown_count, heads, n, nothing, percent, table, tile};
use crate::charts::{Unit, day_and_year};
use crate::commerce::{Amount, Customer, Customers, Segment, Share, figures};
use crate::reports::document::{Block, Document, Tile};
use crate::units::Rate;

/// Lays the page of customers out: of lists by value, the page that was asked for.
#[must_use]
pub fn customers(it: &Customers, about: About<'_>) -> Document {
    let mut blocks = Vec::new();
    if it.segments.iter().all(|share| share.customers == 0) {
        blocks.push(nothing("customer"));
    } else {
        blocks.push(Block::Tiles { tiles: tiles(it, &about) });
        let as_of = it.as_of.map_or_else(|| "not judged yet".into(), |day| format!("as of {}", day_and_year(day)));
        let lead = format!("Each customer is in the first segment whose definition fits, {as_of}.");
        blocks.push(Block::heading("Segments", &lead));
        blocks.push(segments(it, &about));
        blocks.push(definitions());
        blocks.push(Block::heading("Acquisition", "A customer is new on the day of the first order ever."));
        blocks.push(Block::figure(&figures::newcomers(it)));
        blocks.push(sources(it));
        let who = format!("{}; the highest lifetime value first. The workbook has all of them.", it.risk_definition());
        blocks.push(Block::heading("At risk", &who));
        blocks.push(list("Customers at risk", &it.at_risk, &about));
        blocks.push(Block::heading("Top customers", "The highest lifetime value first; the workbook has all of them."));
        blocks.push(list("Customers by lifetime value", &it.top, &about));
    }
    about.document("Customers", &[], it.standing, blocks)
}

fn tiles(it: &Customers, about: &About<'_>) -> Vec<Tile> {
    let sum = |of: fn(&Share) -> i64| it.segments.iter().map(of).sum::<i64>();
    let all = sum(|it| it.customers);
    let churned = sum(|it| if it.segment == Segment::Churned { it.customers } else { 0 });
    let at_risk = sum(|it| it.at_risk);
    let value: Amount = it.segments.iter().map(|share| share.value).sum();
    let mean = if all > 0 { about.money(value / Amount::from(all)) } else { "n/a".into() };
    let valued = format!("{}.", it.value_definition());
    let of = |hit: i64, of: i64, what: &str| vec![format!("{} {what}", percent(Rate { hit, of }))];
    vec![
        tile("Customers", n(all), "", Vec::new(), "Who ever ordered."),
        tile(
            "New customers",
            n(it.total.new_customers),
            "",
            vec![grown_count(it.total.new_customers, it.before.new_customers)],
            "First order ever in the period.",
        ),
        tile("At risk", n(at_risk), "", of(at_risk, all - churned, "of those not churned"), "See below."),
        tile("Churned", n(churned), "", of(churned, all, "of all"), "See below."),
        tile("Mean lifetime value", mean, &about.org.currency, Vec::new(), &valued),
    ]
}

fn segments(it: &Customers, about: &About<'_>) -> Block {
    let all: i64 = it.segments.iter().map(|share| share.customers).sum();
    let row = |name: &str, counts: [i64; 3], money: [Amount; 2]| {
        let [customers, at_risk, orders] = counts;
        let share = percent(Rate { hit: customers, of: all });
        let counts = [name.to_owned(), n(customers), share, n(at_risk), n(orders)];
        counts.into_iter().chain(money.map(|amount| about.money(amount))).collect::<Vec<_>>()
    };
    let mut rows: Vec<_> = (it.segments.iter())
        .map(|it| row(it.segment.label(), [it.customers, it.at_risk, it.orders], [it.spent, it.value]))
        .collect();
    let sum = |of: fn(&Share) -> i64| it.segments.iter().map(of).sum();
    let money = |of: fn(&Share) -> Amount| it.segments.iter().map(of).sum();
    rows.push(row(
        "All together",
        [sum(|it| it.customers), sum(|it| it.at_risk), sum(|it| it.orders)],
        [money(|it| it.spent), money(|it| it.value)],
    ));
    let heads = heads(["Customers", "Share", "At risk", "Orders so far", "Paid less refunds", "Lifetime value"]);
    table(about.heading("Segments"), "Segment", &heads, rows, true, "")
}

fn definitions() -> Block {
    Block::Terms { terms: Segment::ALL.map(|it| (it.label().to_owned(), format!("{}.", it.definition()))).to_vec() }
}

fn sources(it: &Customers) -> Block {
    let all: i64 = it.sources.iter().map(|(_, n)| n).sum();
    let row = |name: String, hit: i64| vec![name, n(hit), percent(Rate { hit, of: all })];
    let mut rows: Vec<_> =
        (it.sources.iter()).map(|(source, n)| row(source.clone().unwrap_or_else(|| "Not known".into()), *n)).collect();
    rows.push(row("All together".into(), all));
    table("New customers by source".into(), "Source", &heads(["New customers", "Share"]), rows, true, "")
}

fn list(caption: &str, people: &[Customer], about: &About<'_>) -> Block {
    if people.is_empty() {
        return Block::Paragraph { text: "Nobody.".into() };
    }
    let row = |it: &Customer| {
        vec![
            it.name.clone().unwrap_or_else(|| it.reference.clone()),
            it.segment.label().to_owned(),
            n(it.orders),
            about.money(it.spent),
            about.money(it.value),
            day_and_year(it.last_order),
            it.risk.map_or_else(|| "n/a".into(), |risk| Unit::Percent.value(100.0 * risk)),
        ]
    };
    let heads = heads(["Segment", "Orders", "Paid less refunds", "Lifetime value", "Last order", "Risk of leaving"]);
    table(about.heading(caption), "Customer", &heads, people.iter().map(row).collect(), false, "")
}
