//! How is the week laid out? What happened, what needs somebody, then day by day and site by site.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::words::{lead, needs, open, well};
use super::{Day, Weekly};
use crate::charts::{Axis, Emphasis, Figure, Mark, Unit, day, number};
use crate::commerce;
use crate::reports::operations::parts::{
    count_tile, counted, framed, money, percent, rate_tile, sites_table, terms, tile, unbuilt,
};
use crate::reports::{Block, Cell, Column, Document, Points, Table, Tile};

/// Lays a week out.
#[must_use]
pub fn document(it: &Weekly, now: DateTime<Utc>, zone: Tz) -> Document {
    if it.is_platform {
        let blocks = it.course.iter().flat_map(|course| course.blocks(true, zone)).collect();
        let period = capital(&it.week.with_days());
        let it = framed("Weekly operations report", (&it.organization, period), (now, zone), blocks);
        return Document { scope: "all organizations".into(), ..it };
    }
    let notices = [unbuilt(it.period.last, it.through), open(it)];
    let mut blocks: Vec<Block> = notices.into_iter().flatten().map(|text| Block::Notice { text }).collect();
    blocks.push(Block::Paragraph { text: lead(it).join(" ") });
    blocks.push(Block::Tiles { tiles: tiles(it) });
    blocks.push(Block::Columns {
        columns: vec![
            Points { title: "What needs you".into(), nothing: "Nothing stands out.".into(), points: needs(it) },
            Points { title: "What went well".into(), nothing: "Nothing stands out.".into(), points: well(it) },
        ],
    });
    blocks.extend(it.course.iter().flat_map(|course| course.blocks(true, zone)));
    blocks.push(Block::heading("Day by day", "Which days were hard?"));
    blocks.extend(figures(it).iter().map(Block::figure));
    blocks.push(days(it));
    blocks.extend(sites(it));
    blocks.push(Block::heading("How the numbers are computed", ""));
    let sites = [(
        "Sites that stand out",
        "Sites outside the 99.8 % limits of chance around what all have in common, for their number of cases.",
    )];
    blocks.push(Block::Terms {
        terms: terms().into_iter().chain(sites).map(|(term, means)| (term.to_owned(), means.to_owned())).collect(),
    });
    framed("Weekly operations report", (&it.organization, capital(&it.week.with_days())), (now, zone), blocks)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

/// Its charts, in the order in which they stand in the document.
#[must_use]
pub fn figures(it: &Weekly) -> Vec<Figure> {
    if it.days.iter().all(|day| day.work.fill.of == 0) {
        return Vec::new();
    }
    let names: Vec<NaiveDate> = it.days.iter().map(|day| day.day).collect();
    let shares = it.days.iter().map(|day| day.work.fill.value().map(|share| 100.0 * share)).collect();
    let question = "How many of the planned shifts had a worker?";
    let figure = Figure::new("fill-days", "Shifts filled, day by day", question, Unit::Percent, Axis::Days(names))
        .with("All sites together", Mark::Line, Emphasis::Main, shares);
    let figure = match it.work[1].fill.value() {
        Some(before) => figure.with_reference("The week before", 100.0 * before),
        None => figure,
    };
    vec![figure]
}

fn tiles(it: &Weekly) -> Vec<Tile> {
    let [work, before] = &it.work;
    let since = "The week before";
    let no_shows =
        format!("{} of {} shifts to be attended", percent(work.no_shows), number(work.no_shows.of as f64, 0));
    vec![
        rate_tile("Shifts filled", (work.fill, before.fill), "shifts", since, ""),
        count_tile("No-shows", (work.no_shows.hit, before.no_shows.hit), no_shows, since, ""),
        rate_tile("Work in time", (work.sla, before.sla), "tasks and work orders", since, ""),
        rate_tile("People at work", (it.active[0], it.active[1]), "people employed", since, ""),
        cost_tile(it, since),
        revenue_tile(it, since),
    ]
}

fn cost_tile(it: &Weekly, since: &str) -> Tile {
    let change =
        (it.cost_before > 0).then(|| Unit::growth(100.0 * (it.cost() - it.cost_before) as f64 / it.cost_before as f64));
    let change = change.map(|change| format!(" ({change})")).unwrap_or_default();
    let lines = vec![format!("{since}: {}{change}", money(it.cost_before, &it.currency))];
    tile("Cost", crate::finance::amount(it.cost(), &it.currency), &it.currency, lines, "")
}

fn revenue_tile(it: &Weekly, since: &str) -> Tile {
    let (Some(now), Some(before)) = (it.revenue(), it.revenue_before) else {
        return tile("Net revenue", "n/a".into(), "", vec!["No orders are on record".into()], "");
    };
    let growth = commerce::growth(now, before).map(|growth| Unit::growth(100.0 * growth));
    let lines = vec![
        format!("{since}: {}\u{a0}{}", commerce::money(before, &it.currency), it.currency),
        format!("Growth: {}", growth.unwrap_or_else(|| "n/a".into())),
    ];
    tile("Net revenue", commerce::money(now, &it.currency), &it.currency, lines, "")
}

fn days(it: &Weekly) -> Block {
    let amount = |cents| crate::finance::amount(cents, &it.currency);
    let revenue =
        |net: Option<commerce::Amount>| net.map_or_else(|| "n/a".into(), |net| commerce::money(net, &it.currency));
    let cells = |name: String, work: &super::Work, cost: i64, net: Option<commerce::Amount>| -> Vec<Cell> {
        let cells = [
            name,
            counted(work.fill),
            percent(work.fill),
            number(work.no_shows.hit as f64, 0),
            percent(work.attendance),
            percent(work.sla),
            amount(cost),
            revenue(net),
        ];
        cells.map(Into::into).to_vec()
    };
    let row = |it: &Day| cells(format!("{} {}", it.day.format("%a"), day(it.day)), &it.work, it.cost, it.revenue);
    let mut rows: Vec<_> = it.days.iter().map(row).collect();
    rows.push(cells("All together".into(), &it.work[0], it.cost(), it.revenue()));
    let (cost, net) = (format!("Cost ({})", it.currency), format!("Net revenue ({})", it.currency));
    let heads = ["Shifts filled", "Filled", "No-shows", "Attendance", "Work in time", &cost, &net];
    Block::Table(Table {
        caption: "Each day of the week".into(),
        columns: [Column::text("Day")].into_iter().chain(heads.into_iter().map(Column::number)).collect(),
        rows,
        has_total: true,
        note: String::new(),
    })
}

fn sites(it: &Weekly) -> Vec<Block> {
    let Some(table) = sites_table(&it.sites, "Sites with unfilled shifts or no-shows") else { return Vec::new() };
    vec![Block::heading("Where it went wrong", "Which sites had shifts without anybody?"), table]
}
