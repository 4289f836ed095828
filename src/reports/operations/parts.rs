//! Sentences and blocks that the report of a day and that of a week have in common.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{SiteWork, Work};
use crate::charts::{Unit, count, day_and_year, number};
use crate::finance;
use crate::reports::{Block, Column, Document, Table, Tile};
use crate::scoring::funnel::wilson;
use crate::units::Rate;

/// Sites of a table; the rest is one line.
const SITES: usize = 12;

pub(super) fn percent(rate: Rate) -> String {
    rate.value().map_or_else(|| "n/a".into(), |share| Unit::Percent.value(100.0 * share))
}

pub(super) fn counted(rate: Rate) -> String {
    format!("{} of {}", number(rate.hit as f64, 0), number(rate.of as f64, 0))
}

/// `+1.2 points`; `None` where either is not known.
pub(super) fn change(now: Rate, before: Rate) -> Option<String> {
    let by = now.value()? - before.value()?;
    Some(format!("{}\u{a0}points", Unit::Points.change(100.0 * by)))
}

/// Whether a rate lies beyond what chance explains around what is usual: the usual is outside its 95 % interval.
pub(super) fn differs(now: Rate, usual: Rate) -> Option<bool> {
    let (low, high) = wilson(now)?;
    let usual = usual.value()?;
    if usual < low {
        Some(true)
    } else if usual > high {
        Some(false)
    } else {
        None
    }
}

pub(super) fn money(cents: i64, currency: &str) -> String {
    format!("{}\u{a0}{currency}", finance::amount(cents, currency))
}

pub(super) fn tile(label: &str, value: String, unit: &str, lines: Vec<String>, how: &str) -> Tile {
    Tile {
        label: label.into(),
        value,
        unit: unit.into(),
        light: None,
        target: String::new(),
        lines: lines.into_iter().filter(|line| !line.is_empty()).collect(),
        how: how.into(),
    }
}

/// A rate with its sample and what it is compared with.
pub(super) fn rate_tile(label: &str, (now, before): (Rate, Rate), what: &str, since: &str, how: &str) -> Tile {
    let sample = if now.of > 0 { format!("{} {what}", counted(now)) } else { format!("No {what}") };
    let change = change(now, before).map(|change| format!(" ({change})")).unwrap_or_default();
    let was = if before.of > 0 { percent(before) } else { "no data".into() };
    tile(label, percent(now), "", vec![sample, format!("{since}: {was}{change}")], how)
}

/// A number of things, and how many there were before.
pub(super) fn count_tile(label: &str, (now, before): (i64, i64), sample: String, since: &str, how: &str) -> Tile {
    tile(label, number(now as f64, 0), "", vec![sample, format!("{since}: {}", number(before as f64, 0))], how)
}

/// The sites at which shifts had nobody or people stayed away, the most first.
pub(super) fn troubled(sites: &[SiteWork]) -> Vec<(&str, Work)> {
    let mut found: Vec<(&str, Work)> = sites
        .iter()
        .filter_map(|site| Some((site.name.as_str(), *site.work.first()?)))
        .filter(|(_, work)| work.unfilled() + work.no_shows.hit > 0)
        .collect();
    let trouble = |work: &Work| work.unfilled() + work.no_shows.hit;
    found.sort_by(|a, b| trouble(&b.1).cmp(&trouble(&a.1)).then_with(|| a.0.cmp(b.0)));
    found
}

/// Their table.
pub(super) fn sites_table(sites: &[SiteWork], caption: &str) -> Option<Block> {
    let found = troubled(sites);
    if found.is_empty() {
        return None;
    }
    let row = |(name, work): &(&str, Work)| {
        let cells = [
            (*name).to_owned(),
            number(work.unfilled() as f64, 0),
            counted(work.fill),
            number(work.no_shows.hit as f64, 0),
            percent(work.attendance),
            percent(work.sla),
        ];
        cells.map(Into::into).to_vec()
    };
    let more = found.len().saturating_sub(SITES);
    let note = match more {
        0 => String::new(),
        _ => format!(
            "{SITES} of {} shown, those with most unfilled shifts and no-shows.",
            count(found.len() as i64, "site", "sites")
        ),
    };
    let heads = ["Unfilled shifts", "Filled", "No-shows", "Attendance", "Work in time"];
    Some(Block::Table(Table {
        caption: caption.into(),
        columns: [Column::text("Site")].into_iter().chain(heads.map(Column::number)).collect(),
        rows: found.iter().take(SITES).map(row).collect(),
        has_total: false,
        note,
    }))
}

/// The sites with most shifts that nobody had, in words: `North gate 4, Depot 1`.
pub(super) fn most(sites: &[SiteWork], of: fn(&Work) -> i64, named: usize) -> String {
    let mut found: Vec<(&str, i64)> = sites
        .iter()
        .filter_map(|site| Some((site.name.as_str(), of(site.work.first()?))))
        .filter(|(_, n)| *n > 0)
        .collect();
    found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let more = found.len().saturating_sub(named);
    let mut said: Vec<String> = found.iter().take(named).map(|(name, n)| format!("{name} {n}")).collect();
    if more > 0 {
        said.push(count(more as i64, "more site", "more sites"));
    }
    said.join(", ")
}

/// That the night has not come to a day yet.
pub(super) fn unbuilt(last: NaiveDate, through: Option<NaiveDate>) -> Option<String> {
    match through {
        Some(through) if through >= last => None,
        Some(through) => Some(format!(
            "The sums reach only to {}: what came later is not in here yet. Jobs under Admin say why.",
            day_and_year(through)
        )),
        None => Some("Nothing has been summed up yet: the first night does it, or a job by hand under Admin.".into()),
    }
}

/// The frame of a document.
pub(super) fn framed(
    title: &str,
    (organization, period): (&str, String),
    (now, zone): (DateTime<Utc>, Tz),
    blocks: Vec<Block>,
) -> Document {
    let local = now.with_timezone(&zone);
    Document {
        title: title.into(),
        organization: organization.into(),
        period,
        scope: "all sites".into(),
        generated: format!("{}, {} ({zone})", day_and_year(local.date_naive()), local.format("%H:%M")),
        generated_at: now,
        blocks,
    }
}

/// How the numbers that both have are computed.
pub(super) fn terms() -> Vec<(&'static str, &'static str)> {
    vec![
        ("Shifts filled", "Shifts that had a worker when they began, of all planned and not cancelled."),
        (
            "No-shows",
            "Shifts to which nobody came and nobody said so, of those that people were to attend; approved leave does not count.",
        ),
        ("Work in time", "Tasks and work orders finished in their time, of those that had one."),
        (
            "People at work",
            "People with at least one shift, task, tour or work order in these days, of those employed in them.",
        ),
        ("Cost", "Pay of shifts to which somebody came, with what else a site cost."),
        ("Net revenue", "Worth of the orders of these days less refunds given on them."),
        (
            "More than chance explains",
            "What is usual lies outside the 95 % interval (Wilson) of the share. Small numbers swing more, so their interval is wider.",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_shifts_prove_nothing_and_many_do() {
        let rate = |hit, of| Rate { hit, of };
        assert_eq!(differs(rate(4, 5), rate(95, 100)), None);
        assert_eq!(differs(rate(400, 500), rate(95, 100)), Some(false));
        assert_eq!(differs(rate(500, 500), rate(95, 100)), Some(true));
        assert_eq!(differs(rate(0, 0), rate(95, 100)), None);
    }
}
