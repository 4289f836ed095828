//! Orders for a meeting: how many came, what became of them, of which category, how long stages took, and when in the week they came.

use super::{About, grown_count, heads, minutes, n, nothing, percent, table, tile};
use crate::commerce::{Orders, WEEKDAYS, figures};
use crate::reports::document::{Block, Document, Tile};
use crate::units::Rate;

/// Hours that stand together in a column.
const TOGETHER: usize = 3;

/// Lays the page of orders out.
#[must_use]
pub fn orders(it: &Orders, about: About<'_>) -> Document {
    let mut blocks = Vec::new();
    if it.total.orders == 0 {
        blocks.push(nothing("orders"));
    } else {
        blocks.push(Block::Tiles { tiles: tiles(it) });
        blocks.push(Block::heading(
            "Volume and status",
            "By the day an order was placed, and what has become of it by now.",
        ));
        blocks.push(Block::figure(&figures::volume(it)));
        blocks.push(Block::heading("By category", "By category of service, the most orders first."));
        blocks.push(categories(it));
        blocks.push(Block::heading(
            "How long stages take",
            "Of orders placed in the period that reached both ends of the stage. Each figure is right to a twelfth of itself.",
        ));
        blocks.push(stages(it));
        blocks.push(Block::heading("When orders come", "By weekday and time of day, on the organization’s clock."));
        blocks.push(week(it));
    }
    about.document("Orders", &it.partners, it.standing, blocks)
}

fn tiles(it: &Orders) -> Vec<Tile> {
    let (now, before) = (&it.total, &it.before);
    let rate = |label: &str, hit: i64, then: i64, how: &str| {
        let (now, then) = (Rate { hit, of: now.orders }, Rate { hit: then, of: before.orders });
        let lines = vec![format!("{} of {} orders", n(now.hit), n(now.of)), format!("{} before", percent(then))];
        tile(label, percent(now), "", lines, how)
    };
    vec![
        tile("Orders placed", n(now.orders), "", vec![grown_count(now.orders, before.orders)], "Placed in the period."),
        rate("Completion rate", now.completed, before.completed, "Completed by now, of those placed."),
        rate("Cancellation rate", now.cancelled, before.cancelled, "Cancelled by now, of those placed."),
        rate("Rejection rate", now.rejected, before.rejected, "Rejected by now, of those placed."),
        rate("Still under way", now.pending(), before.pending(), "Neither completed nor ended, of those placed."),
    ]
}

fn categories(it: &Orders) -> Block {
    let all = it.total.orders;
    let row = |name: String, orders: i64, completed: i64| {
        let (share, done) = (Rate { hit: orders, of: all }, Rate { hit: completed, of: orders });
        vec![name, n(orders), percent(share), n(completed), percent(done)]
    };
    let mut rows: Vec<_> = it.categories.iter().map(|it| row(it.label(), it.orders, it.completed)).collect();
    rows.push(row("All together".into(), all, it.total.completed));
    let heads = heads(["Orders", "Share of orders", "Completed", "Completion rate"]);
    table("Orders by category".into(), "Service", &heads, rows, true, "")
}

fn stages(it: &Orders) -> Block {
    let rows = (it.stages.iter())
        .map(|(stage, counts)| {
            let within = [0.5, 0.75, 0.9, 0.95].map(|share| minutes(counts.percentile(share)));
            [stage.label().to_owned(), n(counts.n())].into_iter().chain(within).collect()
        })
        .collect();
    let heads = heads(["Orders", "Half within", "75 % within", "90 % within", "95 % within"]);
    table("How long stages take".into(), "Stage", &heads, rows, false, "")
}

fn week(it: &Orders) -> Block {
    let row = |name: &str, hours: &[i64; 24]| {
        let parts = hours.chunks(TOGETHER).map(|part| n(part.iter().sum()));
        let sum = std::iter::once(n(hours.iter().sum()));
        std::iter::once(name.to_owned()).chain(parts).chain(sum).collect::<Vec<_>>()
    };
    let mut all = [0; 24];
    for hours in &it.week.0 {
        all.iter_mut().zip(hours).for_each(|(sum, n)| *sum += n);
    }
    let mut rows: Vec<_> = it.week.0.iter().zip(WEEKDAYS).map(|(hours, day)| row(day, hours)).collect();
    rows.push(row("All together", &all));
    let parts = (0..24 / TOGETHER).map(|part| format!("{:02}–{:02}", part * TOGETHER, (part + 1) * TOGETHER));
    let heads: Vec<_> = parts.chain(["Sum".to_owned()]).collect();
    table("Orders placed by hours".into(), "Weekday", &heads, rows, true, "")
}
