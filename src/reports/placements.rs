//! Do jobs find people, how soon, do they stay, and what does it bring? The page of `/financial/placements` for a meeting.

use chrono::{DateTime, Utc};

use super::document::{Block, Column, Document, Table, Tile};
use crate::charts::{Axis, Emphasis, Figure, Mark, Unit, count, day_and_year, number, period};
use crate::finance::amount;
use crate::people::Organization;
use crate::staffing::{Asked, Group, Matched, Spread, Staffing};
use crate::units::Rate;

/// Bars of a chart at most, so that their names can be read.
const BARS: usize = 12;

/// Lays the page of placements out, of one site or of all.
#[must_use]
pub fn document(it: &Staffing, asked: &Asked, org: &Organization, now: DateTime<Utc>) -> Document {
    let page = Page { it, currency: &org.currency };
    let local = now.with_timezone(&org.zone);
    let site = asked.site.and_then(|site| it.sites.iter().find(|(id, _)| *id == site));
    let mut blocks = vec![
        Block::Paragraph { text: format!("Compared with {}.", period(it.before.first, it.before.last)) },
        Block::Tiles { tiles: page.tiles() },
        Block::heading("Job categories", "The largest revenue first. A share or a median of few says little."),
    ];
    blocks.extend((!it.categories.is_empty()).then(|| Block::figure(&page.revenue())));
    blocks.push(page.groups("Category", &it.categories));
    blocks.push(Block::heading("Clients", "The largest revenue first."));
    blocks.push(page.groups("Client", &it.clients));
    blocks.extend(page.matching());
    Document {
        title: "Placements".into(),
        organization: org.name.clone(),
        period: period(it.period.first, it.period.last),
        scope: site.map_or_else(|| "all sites".into(), |(_, name)| name.clone()),
        generated: format!("{}, {} ({})", day_and_year(local.date_naive()), local.format("%H:%M"), org.zone),
        generated_at: now,
        blocks,
    }
}

struct Page<'a> {
    it: &'a Staffing,
    currency: &'a str,
}

fn n(count: i64) -> String {
    number(count as f64, 0)
}

fn percent(rate: Rate) -> String {
    rate.value().map_or_else(|| "n/a".into(), |share| Unit::Percent.value(100.0 * share))
}

fn of(rate: Rate) -> String {
    format!("{} ({} of {})", percent(rate), n(rate.hit), n(rate.of))
}

fn days(days: Option<f64>) -> String {
    days.map_or_else(|| "n/a".into(), |days| number(days, 1))
}

fn tile(label: String, value: String, unit: &str, lines: Vec<String>, how: &str) -> Tile {
    Tile { label, value, unit: unit.into(), light: None, target: String::new(), lines, how: how.into() }
}

impl Page<'_> {
    fn money(&self, cents: i64) -> String {
        amount(cents, self.currency)
    }

    fn tiles(&self) -> Vec<Tile> {
        let (it, total, before) = (self.it, &self.it.total, &self.it.total_before);
        let success = total.success();
        let spread = |label: &str, it: Spread, how: &str| {
            let lines = vec![format!("the median of {}; nine of ten took at most {}", it.n, days(it.p90))];
            tile(label.into(), days(it.median), "days", lines, how)
        };
        let mut tiles = vec![
            tile(
                "Jobs that found somebody".into(),
                percent(success),
                "",
                vec![
                    format!("{} of {} posted and closed since", n(success.hit), n(success.of)),
                    format!("{} before; {} open at the end", percent(before.success()), n(it.open)),
                ],
                "Of the jobs posted in the period and closed since, those that were filled.",
            ),
            spread("To fill a job", it.to_fill, "From posting to filling, of jobs filled in the period."),
            spread("To hire", it.to_hire, "From posting to the first day, of placements that began in the period."),
        ];
        tiles.extend(it.stayed.map(|stayed| {
            let lines = vec![format!("{} of {} who could have", n(stayed.rate.hit), n(stayed.rate.of))];
            let how = "Of placements that could have reached it and began in the year before.";
            tile(format!("Stayed {} days", stayed.days), percent(stayed.rate), "", lines, how)
        }));
        let roi = total.roi().map_or_else(|| "n/a".into(), |roi| Unit::growth(100.0 * roi));
        tiles.push(tile(
            "Revenue of placements".into(),
            self.money(total.sums.fees),
            self.currency,
            vec![
                format!("{} begun", count(total.sums.placements, "placement", "placements")),
                format!("{} before; return on cost {roi}", self.money(before.sums.fees)),
            ],
            "The fees of placements that began in the period.",
        ));
        tiles
    }

    /// Revenue of the largest categories as bars.
    fn revenue(&self) -> Figure {
        let shown = &self.it.categories[..self.it.categories.len().min(BARS)];
        let axis = Axis::Categories(shown.iter().map(|it| it.name.clone()).collect());
        let values = shown.iter().map(|it| Some(it.sums.fees as f64 / 100.0)).collect();
        let unit = Unit::Count(self.currency.to_owned());
        Figure::new("placements-revenue", "Revenue of placements", "Which work brings most?", unit, axis)
            .with_places("Category")
            .with("Revenue", Mark::Bar, Emphasis::Main, values)
    }

    fn groups(&self, what: &str, groups: &[Group]) -> Block {
        let row = |group: &Group, to_fill: Spread| {
            let cells = [
                group.name.clone(),
                n(group.sums.posted),
                of(group.success()),
                format!("{} ({})", days(to_fill.median), to_fill.n),
                n(group.sums.placements),
                self.money(group.sums.fees),
                self.money(group.sums.cost),
                group.roi().map_or_else(|| "n/a".into(), |roi| Unit::growth(100.0 * roi)),
            ];
            cells.map(Into::into).to_vec()
        };
        let mut rows: Vec<_> = groups.iter().map(|group| row(group, group.to_fill)).collect();
        rows.push(row(&self.it.total, self.it.to_fill));
        let heads = [
            "Jobs posted",
            "Filled, of closed",
            "Median days to fill",
            "Placements begun",
            "Revenue",
            "Cost",
            "Return on cost",
        ];
        Block::Table(Table {
            caption: format!("Jobs and placements; money in {}", self.currency),
            columns: [Column::text(what)].into_iter().chain(heads.map(Column::number)).collect(),
            rows,
            has_total: true,
            note: String::new(),
        })
    }

    fn matching(&self) -> Vec<Block> {
        let it = &self.it.matching;
        if it.algorithms.is_empty() {
            return Vec::new();
        }
        let row = |it: &Matched| [it.name.clone(), n(it.proposed), n(it.shown), of(it.taken)].map(Into::into).to_vec();
        let table = |what: &str, caption: &str, mut rows: Vec<Vec<_>>, total: Option<Vec<_>>| {
            let has_total = total.is_some();
            rows.extend(total);
            Block::Table(Table {
                caption: caption.into(),
                columns: [Column::text(what)]
                    .into_iter()
                    .chain(["Proposed", "Shown", "Taken, of decided"].map(Column::number))
                    .collect(),
                rows,
                has_total,
                note: String::new(),
            })
        };
        vec![
            Block::heading("Candidates for jobs", "Of those proposed in the period, how many were shown and taken."),
            table(
                "Algorithm",
                "By what proposed them",
                it.algorithms.iter().map(row).collect(),
                Some(row(&it.total())),
            ),
            table("Rank", "By rank", it.ranks.iter().map(row).collect(), None),
        ]
    }
}
