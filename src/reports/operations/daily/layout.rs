//! How is the day laid out? What happened, what needs somebody, then what it rests on.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::words::{day_name, lead, needs, well};
use super::{Ahead, Daily, OpenShift};
use crate::charts::{Axis, Emphasis, Figure, Mark, Unit, count, day, number};
use crate::commerce;
use crate::reports::operations::parts::{
    count_tile, framed, money, percent, rate_tile, sites_table, terms, tile, unbuilt,
};
use crate::reports::{Block, Column, Document, Points, Table, Tile};

/// Lays a day out.
#[must_use]
pub fn document(it: &Daily, now: DateTime<Utc>, zone: Tz) -> Document {
    if it.is_platform {
        let blocks = it.course.iter().flat_map(|course| course.blocks(true, zone)).collect();
        let it = framed("Daily operations report", (&it.organization, day_name(it)), (now, zone), blocks);
        return Document { scope: "all organizations".into(), ..it };
    }
    let mut blocks: Vec<Block> = unbuilt(it.day, it.through).map(|text| Block::Notice { text }).into_iter().collect();
    blocks.push(Block::Paragraph { text: lead(it).join(" ") });
    blocks.push(Block::Tiles { tiles: tiles(it) });
    blocks.push(Block::Columns {
        columns: vec![
            Points { title: "What needs you".into(), nothing: "Nothing stands out.".into(), points: needs(it) },
            Points {
                title: "What went better than usual".into(),
                nothing: "Nothing beyond what chance explains.".into(),
                points: well(it),
            },
        ],
    });
    blocks.extend(it.ahead.iter().flat_map(next));
    blocks.extend(it.course.iter().flat_map(|course| course.blocks(false, zone)));
    if let Some(table) = sites_table(&it.sites, "Sites with unfilled shifts or no-shows") {
        blocks.push(Block::heading("Where it went wrong", "Which sites had shifts without anybody?"));
        blocks.push(table);
    }
    let figures = figures(it);
    if !figures.is_empty() {
        blocks.push(Block::heading("The days before", "Is it one bad day, or many?"));
        blocks.extend(figures.iter().map(Block::figure));
    }
    blocks.push(Block::heading("How the numbers are computed", ""));
    blocks.push(Block::Terms {
        terms: terms().into_iter().map(|(term, means)| (term.to_owned(), means.to_owned())).collect(),
    });
    framed("Daily operations report", (&it.organization, day_name(it)), (now, zone), blocks)
}

/// Its charts, in the order in which they stand in the document.
#[must_use]
pub fn figures(it: &Daily) -> Vec<Figure> {
    if it.fill_days.iter().all(|(_, rate)| rate.of == 0) {
        return Vec::new();
    }
    let days: Vec<NaiveDate> = it.fill_days.iter().map(|(day, _)| *day).collect();
    let shares = it.fill_days.iter().map(|(_, rate)| rate.value().map(|share| 100.0 * share)).collect();
    let question = "How many of the planned shifts had a worker?";
    let figure = Figure::new("fill-days", "Shifts filled, day by day", question, Unit::Percent, Axis::Days(days)).with(
        "All sites together",
        Mark::Line,
        Emphasis::Main,
        shares,
    );
    vec![figure]
}

fn tiles(it: &Daily) -> Vec<Tile> {
    let [work, before, _] = &it.work;
    let since = format!("A week before ({})", day(it.day - chrono::Days::new(7)));
    let no_shows =
        format!("{} of {} shifts to be attended", percent(work.no_shows), number(work.no_shows.of as f64, 0));
    vec![
        rate_tile("Shifts filled", (work.fill, before.fill), "shifts", &since, ""),
        count_tile("No-shows", (work.no_shows.hit, before.no_shows.hit), no_shows, &since, ""),
        rate_tile("Work in time", (work.sla, before.sla), "tasks and work orders", &since, ""),
        rate_tile("People at work", (it.active[0], it.active[1]), "people employed", &since, ""),
        cost_tile(it, &since),
        revenue_tile(it, &since),
    ]
}

fn cost_tile(it: &Daily, since: &str) -> Tile {
    let budget = match it.money.beside_budget {
        Some(beside) => format!("Against its budget so far: {}", crate::finance::signed_amount(beside, &it.currency)),
        None => "No budget for the month".into(),
    };
    let lines = vec![
        format!("{since}: {}", money(it.money.before, &it.currency)),
        format!("Month so far: {}", money(it.money.month, &it.currency)),
        budget,
    ];
    tile("Cost", crate::finance::amount(it.money.day, &it.currency), &it.currency, lines, "")
}

fn revenue_tile(it: &Daily, since: &str) -> Tile {
    let Some(taken) = &it.taken else {
        return tile("Net revenue", "n/a".into(), "", vec!["No orders are on record".into()], "");
    };
    let of = |amount| format!("{}\u{a0}{}", commerce::money(amount, &it.currency), it.currency);
    let lines = vec![format!("{since}: {}", of(taken.before)), format!("Month so far: {}", of(taken.month))];
    tile("Net revenue", commerce::money(taken.day, &it.currency), &it.currency, lines, "")
}

/// The next 48 hours.
fn next(ahead: &Ahead) -> Vec<Block> {
    let mut blocks =
        vec![Block::heading("The next 48 hours", "From the moment this report was made. What can still be mended?")];
    let text = match (ahead.shifts, ahead.open) {
        (0, _) => "No shift is planned.".to_owned(),
        (shifts, 0) => format!("Each of {} has somebody.", count(shifts, "shift", "shifts")),
        (shifts, open) => format!("{open} of {} {} nobody yet.", count(shifts, "shift", "shifts"), has(open)),
    };
    blocks.push(Block::Paragraph { text });
    if ahead.soonest.is_empty() {
        return blocks;
    }
    let note = match ahead.open - ahead.soonest.len() as i64 {
        more @ 1.. => format!(
            "The soonest {} of {}; all are under Operations.",
            ahead.soonest.len(),
            ahead.soonest.len() as i64 + more
        ),
        _ => String::new(),
    };
    blocks.push(Block::Table(Table {
        caption: "Shifts that nobody has yet, on the clock of the site".into(),
        columns: ["Site", "Begins", "Asks for", "How soon", "Offers waiting"]
            .into_iter()
            .enumerate()
            .map(|(nth, head)| if nth == 4 { Column::number(head) } else { Column::text(head) })
            .collect(),
        rows: ahead.soonest.iter().map(open_row).collect(),
        has_total: false,
        note,
    }));
    blocks
}

fn has(open: i64) -> &'static str {
    if open == 1 { "has" } else { "have" }
}

fn open_row(shift: &OpenShift) -> Vec<crate::reports::Cell> {
    let (at, zone) = shift.starts;
    let local = at.with_timezone(&zone);
    let cells = [
        shift.site.clone(),
        format!("{} {}, {}", local.format("%a"), day(local.date_naive()), local.format("%H:%M")),
        shift.skill.clone().unwrap_or_else(|| "nothing special".into()),
        shift.urgency.label().to_owned(),
        number(shift.offered as f64, 0),
    ];
    cells.map(Into::into).to_vec()
}
