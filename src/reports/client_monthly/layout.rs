//! How is the month laid out? From the numbers to the document: how it went, then site by site, then what happened.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{Monthly, words};
use crate::charts::{Unit, day_and_year, number, period};
use crate::portal::{Facts, Incident, LISTED, Placed, SiteLine, figures};
use crate::reports::{Block, Cell, Column, Document, Table, Tile};
use crate::units::Rate;

/// Lays a month out.
#[must_use]
pub fn document(it: &Monthly, now: DateTime<Utc>, zone: Tz) -> Document {
    let local = now.with_timezone(&zone);
    let mut blocks: Vec<Block> = words::open(it).into_iter().map(|text| Block::Notice { text }).collect();
    if it.portal.choices.is_empty() {
        let text = "No site of yours is on record yet. As soon as one is linked to you, its figures stand here.";
        blocks.push(Block::Paragraph { text: text.into() });
    } else {
        blocks.push(Block::Paragraph { text: words::summary(it).join(" ") });
        blocks.push(Block::Tiles { tiles: tiles(it) });
        blocks.push(Block::heading("Week by week", "Is the service getting better?"));
        blocks.push(Block::figure(&figures::weeks(&it.portal.weeks)));
        blocks.extend(sites(it));
        blocks.extend(incidents(it));
        blocks.extend(placements(it));
        blocks.extend(computed(it));
    }
    Document {
        title: "Monthly service report".into(),
        organization: it.organization.clone(),
        period: it.period_name(),
        scope: match &it.site {
            Some(site) => format!("{}, {site}", it.portal.client),
            None => it.portal.client.clone(),
        },
        generated: format!("{}, {} ({zone})", day_and_year(local.date_naive()), local.format("%H:%M")),
        generated_at: now,
        blocks,
    }
}

fn percent(rate: Rate) -> String {
    rate.value().map_or_else(|| "n/a".into(), |share| Unit::Percent.value(100.0 * share))
}

fn counted(rate: Rate) -> String {
    format!("{} of {}", number(rate.hit as f64, 0), number(rate.of as f64, 0))
}

/// A rate and what it is made of.
fn of(rate: Rate) -> String {
    if rate.of > 0 { format!("{} ({})", percent(rate), counted(rate)) } else { "n/a".into() }
}

fn tile(label: &str, value: String, unit: &str, lines: Vec<String>) -> Tile {
    Tile {
        label: label.into(),
        value,
        unit: unit.into(),
        light: None,
        target: String::new(),
        lines: lines.into_iter().filter(|line| !line.is_empty()).collect(),
        how: String::new(),
    }
}

fn tiles(it: &Monthly) -> Vec<Tile> {
    let (now, before) = it.portal.total();
    let since = capital(&it.previous_name());
    let rate = |label, now: Rate, before: Rate, what: &str| {
        let sample = if now.of > 0 { format!("{} {what}", counted(now)) } else { "Nothing to judge".into() };
        let was = before.value().map_or_else(|| "no data".into(), |_| percent(before));
        let change = now.value().zip(before.value());
        let change = change.map(|(now, before)| format!(" ({} points)", Unit::Points.change(100.0 * (now - before))));
        tile(label, percent(now), "", vec![sample, format!("{since}: {was}{}", change.unwrap_or_default())])
    };
    vec![
        rate("Shifts filled", now.fill, before.fill, "shifts"),
        rate("Work in time", now.sla, before.sla, "tasks and work orders"),
        satisfaction(&since, now, before),
        happened(it, &since),
        begun(it, &since),
        standing(it),
    ]
}

fn satisfaction(since: &str, now: Facts, before: Facts) -> Tile {
    let mark = |facts: Facts| facts.mark().map(|(mark, _)| number(mark, 1));
    let rated = now.mark().map_or_else(
        || "No work order was rated".into(),
        |(_, n)| crate::charts::count(n, "work order rated", "work orders rated"),
    );
    let was = format!("{since}: {}", mark(before).unwrap_or_else(|| "no data".into()));
    tile("Satisfaction", mark(now).unwrap_or_else(|| "n/a".into()), "of 5", vec![rated, was])
}

fn happened(it: &Monthly, since: &str) -> Tile {
    let seen = &it.portal.incidents;
    let resolved = seen.median_hours.map(|hours| format!("Half were resolved within {} hours", number(hours, 1)));
    let open = format!("{} open when this report was made", seen.open);
    let lines = vec![open, resolved.unwrap_or_default(), format!("{since}: {}", seen.before)];
    tile("Incidents", number(seen.happened as f64, 0), "", lines)
}

fn begun(it: &Monthly, since: &str) -> Tile {
    let (now, before) = it.portal.placed;
    let jobs =
        format!("{}, {} open at the end", crate::charts::count(now.posted, "job posted", "jobs posted"), now.open);
    tile("Placements begun", now.started.to_string(), "", vec![jobs, format!("{since}: {}", before.started)])
}

fn standing(it: &Monthly) -> Tile {
    let health = it.portal.health();
    let parts = [
        ("fill", health.fill),
        ("in time", health.sla),
        ("satisfaction", health.satisfaction),
        ("trend", health.trend),
    ];
    let parts: Vec<String> =
        parts.into_iter().filter_map(|(name, part)| Some(format!("{name} {}", Unit::Points.value(part?)))).collect();
    let (value, word) = match it.portal.standing() {
        Some((score, word)) => (Unit::Points.value(score), word),
        None => ("n/a".into(), "no data"),
    };
    let lines = vec![word.into(), parts.join(", ")];
    tile("How your service stands", value, "of 100", lines)
}

fn sites(it: &Monthly) -> Vec<Block> {
    let row = |name: &str, now: Facts, before: Facts, happened: i64, open: i64| -> Vec<Cell> {
        let change = now.fill.value().zip(before.fill.value());
        let change = change.map_or_else(|| "n/a".into(), |(now, was)| Unit::Points.change(100.0 * (now - was)));
        let mark = now.mark().map_or_else(|| "n/a".into(), |(mark, n)| format!("{} ({n})", number(mark, 1)));
        vec![
            name.into(),
            of(now.fill).into(),
            change.into(),
            of(now.sla).into(),
            mark.into(),
            happened.to_string().into(),
            open.to_string().into(),
        ]
    };
    let each = |site: &SiteLine| row(&site.name, site.now, site.before, site.incidents, site.open);
    let mut rows: Vec<Vec<Cell>> = it.portal.sites.iter().map(each).collect();
    let has_total = rows.len() > 1;
    if has_total {
        let (now, before) = it.portal.total();
        let sum = |count: fn(&SiteLine) -> i64| it.portal.sites.iter().map(count).sum();
        rows.push(row("All together", now, before, sum(|site| site.incidents), sum(|site| site.open)));
    }
    vec![
        Block::heading("Your sites", "Where is the service as it should be, and where not?"),
        Block::Table(Table {
            caption: String::new(),
            columns: vec![
                Column::text("Site"),
                Column::number("Shifts filled"),
                Column::number("Change (points)"),
                Column::number("Work in time"),
                Column::number("Satisfaction (1–5)"),
                Column::number("Incidents"),
                Column::number("Open"),
            ],
            rows,
            has_total,
            note: format!("Change: of shifts filled, since {}.", it.previous_name()),
        }),
    ]
}

fn incidents(it: &Monthly) -> Vec<Block> {
    let seen = &it.portal.incidents;
    let head = Block::heading("Incidents", "What happened at your sites, and what is still open?");
    if seen.listed.is_empty() {
        let text = "No incident happened in this time, and none is open.";
        return vec![head, Block::Paragraph { text: text.into() }];
    }
    let complete = i64::try_from(seen.listed.len()).is_ok_and(|n| n < LISTED);
    let note = if complete { String::new() } else { format!("The first {LISTED}: open ones, then the latest.") };
    vec![
        head,
        Block::Table(Table {
            caption: String::new(),
            columns: vec![
                Column::text("What"),
                Column::text("Site"),
                Column::text("When"),
                Column::number("Severity (1–5)"),
                Column::text("State"),
            ],
            rows: seen.listed.iter().map(incident).collect(),
            has_total: false,
            note,
        }),
    ]
}

fn incident(it: &Incident) -> Vec<Cell> {
    let zone: Tz = it.zone.parse().unwrap_or(Tz::UTC);
    let local = |at: DateTime<Utc>| {
        let at = at.with_timezone(&zone);
        format!("{}, {}", day_and_year(at.date_naive()), at.format("%H:%M"))
    };
    let state = it.resolved_at.map_or_else(|| "open".into(), |at| format!("resolved {}", local(at)));
    vec![
        it.kind.clone().into(),
        it.site.clone().into(),
        local(it.happened_at).into(),
        it.severity.to_string().into(),
        state.into(),
    ]
}

fn placements(it: &Monthly) -> Vec<Block> {
    let (now, before) = it.portal.placed;
    let head = Block::heading("People you asked for", "Jobs at your sites, and placements in them.");
    if [now, before].iter().all(|it| it.posted + it.open + it.started + it.stayed.of == 0) {
        return vec![head, Block::Paragraph { text: "Nobody was asked for in this time.".into() }];
    }
    let days = |it: Placed| it.median_days.map_or_else(|| "n/a".into(), |days| format!("{} days", number(days, 1)));
    let mark =
        |it: Placed| it.mark().map_or_else(|| "n/a".into(), |(mark, n)| format!("{} of 5 ({n})", number(mark, 1)));
    let row = |what: &str, text: &dyn Fn(Placed) -> String| -> Vec<Cell> {
        vec![what.into(), text(now).into(), text(before).into()]
    };
    vec![
        head,
        Block::Table(Table {
            caption: String::new(),
            columns: vec![
                Column::text("What"),
                Column::number(&capital(if it.span.is_open() { "these days" } else { "this month" })),
                Column::number(&capital(&it.previous_name())),
            ],
            rows: vec![
                row("Jobs posted", &|it| it.posted.to_string()),
                row("Of those closed, filled", &|it| of(it.filled)),
                row("Jobs open at the end", &|it| it.open.to_string()),
                row("Time to fill, half within", &days),
                row("Placements begun", &|it| it.started.to_string()),
                row("Stayed 90 days (begun in the year before that)", &|it| of(it.stayed)),
                row("Your marks for those placed", &mark),
            ],
            has_total: false,
            note: String::new(),
        }),
    ]
}

fn computed(it: &Monthly) -> Vec<Block> {
    let term = |term: &str, means: &str| (term.to_owned(), means.to_owned());
    let compared = format!(
        "This report compares {} with {}.",
        period(it.span.period.first, it.span.period.last),
        period(it.span.previous.first, it.span.previous.last)
    );
    vec![
        Block::heading("How this is computed", ""),
        Block::Terms {
            terms: vec![
                term("Periods", &compared),
                term("Shifts filled", "Shifts with somebody, of all shifts planned."),
                term("Work in time", "Tasks and work orders finished by their deadline, of those that had one."),
                term("Satisfaction", "The mean of your marks for work orders, 1 to 5."),
                term(
                    "How your service stands",
                    "0–100: shifts filled 35, work in time 25, satisfaction 20 (1 is 0, 5 is 100), trend 20 (50 where nothing has changed, 5 more for each point that the others rose). A part without data drops out and the others share its weight. 70 and more is healthy, 40 to 69 at risk, less poor.",
                ),
                term("No data", "n/a means that there is nothing to judge. It is never counted as nought."),
                term("Not in here", "Nothing about pay, and nothing about a person."),
            ],
        },
    ]
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
