//! Revenue for a meeting: the course of the period, services, methods, and the proof that the books agree.

use chrono::{Days, NaiveDate};

use super::{About, grown_count, growth_of, heads, n, nothing, share, table, tile};
use crate::charts::{Figure, count, day};
use crate::commerce::{Amount, Revenue, figures};
use crate::models::forecast::{Forecast, Outlook, chart};
use crate::reports::ahead as words;
use crate::reports::document::{Block, Document, Tile};

/// The forecast of net revenue, and the latest days that are known.
#[derive(Debug, Clone, PartialEq)]
pub struct Ahead {
    /// What it says.
    pub forecast: Forecast,
    /// The days before it, oldest first.
    pub known: Vec<(NaiveDate, f64)>,
}

impl Ahead {
    /// Its chart.
    #[must_use]
    pub fn figure(&self, outlook: &Outlook, currency: &str) -> Figure {
        let title = "Net revenue by the day, and the next 30 days";
        let question = "What will the next 30 days bring?";
        chart("revenue-ahead", title, question, ("Net revenue", currency), &self.known, outlook)
    }

    fn blocks(&self, currency: &str) -> Vec<Block> {
        let since = day(self.forecast.through + Days::new(1));
        let lead = format!("Net revenue by the day from {since} on, whatever the period is.");
        let mut blocks = vec![Block::heading("The next 30 days", &lead)];
        let Some(outlook) = &self.forecast.outlook else {
            blocks.push(Block::Paragraph { text: words::withheld(&self.forecast) });
            return blocks;
        };
        blocks.push(Block::Paragraph { text: words::total(outlook, currency) });
        blocks.push(Block::figure(&self.figure(outlook, currency)));
        let quality = self.forecast.verdict.as_ref().map(|verdict| words::quality(verdict).join(" "));
        blocks.extend(quality.map(|text| Block::Paragraph { text }));
        blocks
    }
}

/// Lays the page of revenue out, with what lies ahead.
#[must_use]
pub fn revenue(it: &Revenue, ahead: Option<&Ahead>, about: About<'_>) -> Document {
    let mut blocks = Vec::new();
    if it.total.orders == 0 && it.total.payments() == Amount::ZERO && it.total.refund_count == 0 {
        blocks.push(nothing("orders and no money"));
    } else {
        blocks.push(Block::Tiles { tiles: tiles(it, &about) });
        blocks.push(Block::heading(
            "How the period went",
            "Orders count on the day they were placed, refunds on the day they went.",
        ));
        blocks.push(Block::figure(&figures::revenue(it, &about.org.currency)));
        blocks.extend(ahead.into_iter().flat_map(|ahead| ahead.blocks(&about.org.currency)));
        blocks.push(Block::heading("Top services", "By category of service, the most gross revenue first."));
        blocks.push(categories(it, &about));
        blocks.push(Block::heading("By payment method", "Payments received in the period."));
        blocks.push(methods(it, &about));
    }
    blocks.push(Block::heading("Reconciliation", "Net revenue by what was ordered, and by what was paid."));
    let lines = it.proof.lines().into_iter().map(|(name, amount)| vec![name.into(), about.money(amount)]).collect();
    let note = "Each side is summed from facts of its own; the difference must be nought.";
    blocks.push(table(
        "The order book against the payments".into(),
        "Line",
        &[about.heading("Amount")],
        lines,
        false,
        note,
    ));
    about.document("Revenue", &it.partners, it.standing, blocks)
}

fn tiles(it: &Revenue, about: &About<'_>) -> Vec<Tile> {
    let (now, before) = (&it.total, &it.before);
    let refunds =
        format!("{}; {} of gross", count(now.refund_count, "refund", "refunds"), share(now.refunds, now.gross));
    let mut back = about.money_tile("Refunds", now.refunds, before.refunds, "Given back in the period.");
    back.lines.push(refunds);
    let average = now.average().map_or_else(|| "n/a".into(), |average| about.money(average));
    let was = before.average().map_or_else(|| "n/a before".into(), |was| format!("{} before", about.money(was)));
    vec![
        about.money_tile(
            "Gross revenue",
            now.gross,
            before.gross,
            "The worth of orders that stand, and what had been paid for those that ended.",
        ),
        about.money_tile("Net revenue", now.net(), before.net(), "Gross revenue less refunds."),
        tile("Orders", n(now.orders), "", vec![grown_count(now.orders, before.orders)], "Placed in the period."),
        tile("Average order value", average, &about.org.currency, vec![was], "Gross revenue per order placed."),
        back,
        tile(
            "New customers",
            n(now.new_customers),
            "",
            vec![
                grown_count(now.new_customers, before.new_customers),
                format!("{} returning, once a day each", n(now.returning_customers)),
            ],
            "A customer is new on the day of the first order ever.",
        ),
    ]
}

fn categories(it: &Revenue, about: &About<'_>) -> Block {
    let whole = &it.total;
    let row = |name: String, orders: i64, gross: Amount, refunds: Amount, before: Amount| {
        vec![
            name,
            n(orders),
            about.money(gross),
            about.money(refunds),
            about.money(gross - refunds),
            share(gross, whole.gross),
            growth_of(gross, before),
        ]
    };
    let mut rows: Vec<_> =
        (it.categories.iter()).map(|it| row(it.label(), it.orders, it.gross, it.refunds, it.before)).collect();
    rows.push(row("All together".into(), whole.orders, whole.gross, whole.refunds, it.before.gross));
    let heads = heads(["Orders", "Gross", "Refunds", "Net", "Share of gross", "Growth of gross"]);
    table(about.heading("Revenue by service"), "Service", &heads, rows, true, "")
}

fn methods(it: &Revenue, about: &About<'_>) -> Block {
    let (all, all_before) = (it.total.payments(), it.before.payments());
    let row = |name: &str, now: Amount, before: Amount| {
        vec![name.to_owned(), about.money(now), share(now, all), growth_of(now, before)]
    };
    let each = it.total.methods().into_iter().zip(it.before.methods());
    let mut rows: Vec<_> = each.map(|((name, now), (_, before))| row(name, now, before)).collect();
    rows.push(row("All together", all, all_before));
    table(about.heading("Payments by method"), "Method", &heads(["Received", "Share", "Growth"]), rows, true, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::forecast::{Daily, HORIZON, outlooks};

    #[test]
    fn what_lies_ahead_is_a_sentence_and_a_chart_or_why_there_is_none() {
        let first: NaiveDate = "2025-06-01".parse().expect("a day");
        let days: Vec<Option<f64>> = (0..300).map(|day| Some(100.0 + f64::from(day % 7))).collect();
        let series = Daily::new("all", first, &days).expect("a series");
        let outlook = outlooks(&[series], HORIZON).remove(0);
        let through = first + Days::new(299);
        let known = vec![(through, 105.0)];
        let ahead = Ahead { forecast: Forecast { through, outlook, verdict: None }, known };
        let blocks = ahead.blocks("ZAR");
        let told = |block: &Block| matches!(block, Block::Paragraph { text } if text.starts_with("The next 30 days bring 3,0") && text.contains(" ZAR"));
        assert!(blocks.iter().any(told), "{blocks:?}");
        assert!(blocks.iter().any(|block| matches!(block, Block::Figures { .. })), "its chart");
        let forecast = Forecast { through, outlook: None, verdict: None };
        let blocks = Ahead { forecast, known: Vec::new() }.blocks("ZAR");
        assert!(matches!(&blocks[1], Block::Paragraph { text } if text.starts_with("It is judged on the own past")));
        assert_eq!(blocks.len(), 2);
    }
}
