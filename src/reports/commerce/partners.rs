//! Partners for a meeting: who is surely good, who surely weak, and each with its numbers.

use super::{About, MOST, heads, minutes, n, nothing, of_all, percent, table, tile};
use crate::charts::{Unit, count, number};
use crate::commerce::{FEWEST, Partner, Partners};
use crate::reports::document::{Block, Document, Points, Tile};

/// Lays the page of partners out.
#[must_use]
pub fn partners(it: &Partners, about: About<'_>) -> Document {
    let mut blocks = Vec::new();
    if it.partners.is_empty() {
        blocks.push(nothing("orders of any partner"));
    } else {
        blocks.push(Block::Tiles { tiles: tiles(&it.total) });
        let judged = format!("Only partners with {FEWEST} ended orders or more are judged.");
        blocks.push(Block::heading("Who stands out", &judged));
        blocks.push(Block::Columns {
            columns: vec![points("Surely good", it, &it.top), points("Surely weak", it, &it.low)],
        });
        blocks.push(Block::heading(
            "Partners",
            "Accepted and rejected of the orders received; completed of those that ended. Ratings and issues count on the day they came.",
        ));
        blocks.push(list(it, &about));
        blocks.push(Block::heading(
            "How long stages take",
            "The mean over the orders of the period that reached both ends of the stage.",
        ));
        blocks.push(stages(it));
    }
    about.document("Partners", &[], it.standing, blocks)
}

fn tiles(all: &Partner) -> Vec<Tile> {
    let completion = all.completion();
    let issues: i64 = all.issues.iter().sum();
    let [reported, damaged, lost] = all.issues;
    vec![
        tile(
            "Acceptance",
            percent(all.acceptance()),
            "",
            vec![format!("{} of {} orders", n(all.accepted), n(all.received))],
            "Accepted of received.",
        ),
        tile(
            "Completion",
            percent(completion),
            "",
            vec![
                format!("{} of {} that ended", n(completion.hit), n(completion.of)),
                format!("{} before", percent(all.before)),
            ],
            "Completed of those that ended.",
        ),
        tile(
            "Rating",
            all.rating().map_or_else(|| "n/a".into(), |rating| number(rating, 2)),
            "of 5",
            vec![format!("from {}", count(all.ratings.of, "rating", "ratings"))],
            "The mean of the ratings that came in the period.",
        ),
        tile(
            "Issues",
            n(issues),
            "",
            vec![format!("{} reported, {} damaged, {} lost", n(reported), n(damaged), n(lost))],
            "Those that came in the period.",
        ),
    ]
}

fn points(title: &str, it: &Partners, places: &[usize]) -> Points {
    let said = |partner: &Partner| {
        let rate = partner.completion();
        format!("{}: {} completed, {} of {}", partner.name, percent(rate), n(rate.hit), n(rate.of))
    };
    Points {
        title: title.into(),
        nothing: "Nobody: differences may be chance.".into(),
        points: places.iter().filter_map(|at| it.partners.get(*at)).map(said).collect(),
    }
}

/// The partners that are shown, and all together.
fn shown(it: &Partners) -> impl Iterator<Item = &Partner> {
    it.partners.iter().take(MOST).chain([&it.total])
}

fn list(it: &Partners, about: &About<'_>) -> Block {
    let row = |partner: &Partner| {
        let few = if partner.completion().of < FEWEST { " (few)" } else { "" };
        vec![
            partner.name.clone(),
            n(partner.received),
            percent(partner.acceptance()),
            percent(partner.rejection()),
            format!("{}{few}", percent(partner.completion())),
            partner.change().map_or_else(|| "n/a".into(), |change| Unit::Percent.change(100.0 * change)),
            partner.rating().map_or_else(|| "n/a".into(), |rating| number(rating, 2)),
            n(partner.issues.iter().sum()),
            partner.utilization().map_or_else(|| "n/a".into(), |used| Unit::Percent.value(100.0 * used)),
            about.money(partner.gross),
        ]
    };
    let heads = heads([
        "Received",
        "Accepted",
        "Rejected",
        "Completed",
        "Change",
        "Rating",
        "Issues",
        "Capacity used",
        "Gross",
    ]);
    let rows = shown(it).map(row).collect();
    table(about.heading("Partners; gross"), "Partner", &heads, rows, true, &of_all(it.partners.len()))
}

fn stages(it: &Partners) -> Block {
    let row = |partner: &Partner| {
        std::iter::once(partner.name.clone()).chain(partner.took.map(|took| minutes(took.minutes()))).collect()
    };
    let heads = heads(["To accept", "To pick up", "To process", "To deliver", "Placed to completed"]);
    table(
        "Mean time of each stage".into(),
        "Partner",
        &heads,
        shown(it).map(row).collect(),
        true,
        &of_all(it.partners.len()),
    )
}
