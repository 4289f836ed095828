//! How is the quarter laid out? From the numbers to the document: first what an executive must know, then what it rests on.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::words::{percent, summary};
use super::{Number, Quarterly};
use crate::charts::{Axis, Emphasis, Figure, Mark as Drawn, Unit, count, day_and_year, number, period};
use crate::executive::{
    Amount, Comparison, Health, HealthBand, Kind, Line, Metric, Place, SiteRate, TRENDS, Trend, figures,
};
use crate::reports::{Block, Cell, Column, Document, Light, Mark, Multiple, Picture, Points, Table, Tile};
use crate::units::Rate;

/// Lines of a table that sums up; the rest is one line.
const LINES: usize = 12;
/// Sites outside the limits of chance that are listed before the table of all.
const OUTSIDE: usize = 24;
/// Small trends.
const DRAWN: usize = 60;

/// Lays a quarter out.
#[must_use]
pub fn document(it: &Quarterly, now: DateTime<Utc>, zone: Tz) -> Document {
    let said = summary(it);
    let local = now.with_timezone(&zone);
    let mut blocks: Vec<Block> = said.open.map(|text| Block::Notice { text }).into_iter().collect();
    blocks.push(Block::Paragraph { text: said.lead.join(" ") });
    blocks.push(Block::Tiles { tiles: it.numbers.iter().map(|number| tile(it, number)).collect() });
    blocks.push(Block::Columns {
        columns: vec![
            Points { title: "What went well".into(), nothing: "Nothing stands out.".into(), points: said.well },
            Points { title: "What needs you".into(), nothing: "Nothing stands out.".into(), points: said.needs },
        ],
    });
    for part in [sites(it), trends(it), money(it), clients(it), all_sites(it), computed(it)] {
        blocks.extend(part);
    }
    Document {
        title: "Quarterly report".into(),
        organization: it.organization.clone(),
        period: it.period_name(),
        scope: it.site.clone().unwrap_or_else(|| "all sites".into()),
        generated: format!("{}, {} ({zone})", day_and_year(local.date_naive()), local.format("%H:%M")),
        generated_at: now,
        blocks,
    }
}

fn tile(it: &Quarterly, found: &Number) -> Tile {
    let (kind, currency) = (found.it.kind, it.currency.as_str());
    let unit = kind.unit(currency);
    let now = found.it.now.value();
    let against = |name: &str, before: &Amount| {
        let before = before.value();
        let change = now.zip(before).map(|(now, before)| changed(&unit, kind.shown(now - before)));
        let change = change.map(|change| format!(" ({change})")).unwrap_or_default();
        let before = before.map_or_else(|| "no data".into(), |before| kind.text(Some(before), currency));
        format!("{}: {before}{change}", capital(name))
    };
    let sample = if now.is_some() { found.it.sample() } else { kind.nothing().into() };
    Tile {
        label: kind.label().into(),
        value: kind.text(now, currency),
        unit: if unit == Unit::Percent { String::new() } else { unit.name().to_owned() },
        light: found.it.light.map(|light| Light { shape: light.code(), word: light.word() }),
        target: match found.it.target {
            Some(target) => format!("target {}", kind.text(Some(target), currency)),
            None if found.it.light.is_none() => "no target".into(),
            None => String::new(),
        },
        lines: vec![
            sample,
            against(&it.previous_name(), &found.it.before),
            against(&it.last_year_name(), &found.last_year),
        ],
        how: how(kind).into(),
    }
}

/// How a number is computed.
fn how(kind: Kind) -> &'static str {
    match kind {
        Kind::CostSaved => {
            "The hours saved at the planner’s rate, and what rosters made with Muster cost less than the same work planned by hand."
        }
        Kind::HoursSaved => {
            "For each confirmed roster made with Muster: the hours one takes by hand less the minutes it took."
        }
        Kind::Compliance => {
            "Confirmed rosters without any breach of a working-time or certification rule, of all confirmed rosters."
        }
        Kind::FillRate => "Shifts that had a worker when they began, of all shifts planned.",
        Kind::ActiveWorkers => {
            "People with at least one shift, task or work order in these days, of those employed in them."
        }
        Kind::CustomerHealth => {
            "0–100 over all clients’ sites: fill 35, work in time 25, satisfaction 20, trend 20; a part without data drops out. 70 and more is healthy, under 40 churning."
        }
    }
}

fn sites(it: &Quarterly) -> Vec<Block> {
    let judged: Vec<&Comparison> = it.comparisons.iter().filter(|one| one.total.of > 0).collect();
    if judged.is_empty() || it.site.is_some() {
        return Vec::new();
    }
    let mut blocks = vec![
        Block::PageBreak,
        Block::heading(
            "Sites side by side",
            "Which sites differ from the others by more than chance explains? Small sites swing more, so the limits widen for them.",
        ),
    ];
    let funnel = |metric| judged.iter().find(|one| one.metric == metric).map(|one| figures::funnel(one, &it.currency));
    match (funnel(Metric::FillRate), funnel(Metric::Sla)) {
        (Some(left), Some(right)) => blocks.push(Block::pair(&left, &right)),
        (Some(only), None) | (None, Some(only)) => blocks.push(Block::figure(&only)),
        (None, None) => {}
    }
    blocks.push(totals(it, &judged));
    blocks.push(outside(&judged));
    blocks
}

/// Every metric over all sites.
fn totals(it: &Quarterly, judged: &[&Comparison]) -> Block {
    let row = |one: &&Comparison| {
        let out =
            |better: bool| one.called_out().filter(|site| one.is_better(site) == Some(better)).count().to_string();
        let change =
            one.total.value().zip(one.before.value()).map(|(now, before)| Unit::Points.change(100.0 * (now - before)));
        vec![
            one.metric.label().into(),
            counted(one.total).into(),
            percent(one.total.value()).into(),
            percent(one.before.value()).into(),
            change.unwrap_or_else(|| "n/a".into()).into(),
            out(true).into(),
            out(false).into(),
        ]
    };
    Block::Table(Table {
        caption: "All sites together, by every metric".into(),
        columns: vec![
            Column::text("Metric"),
            Column::number("Counted"),
            Column::number("Rate"),
            Column::number(&capital(&it.previous_name())),
            Column::number("Change (points)"),
            Column::number("Sites better"),
            Column::number("Sites worse"),
        ],
        rows: judged.iter().map(row).collect(),
        has_total: false,
        note: "Better and worse: sites outside the 99.8 % limits. Of no-shows fewer are better.".into(),
    })
}

/// The sites that are called out.
fn outside(judged: &[&Comparison]) -> Block {
    let all: Vec<(&Comparison, &SiteRate)> =
        judged.iter().flat_map(|one| one.called_out().map(move |site| (*one, site))).collect();
    if all.is_empty() {
        return Block::Paragraph {
            text: "No site differs from the others by more than chance explains: each lies within the 99.8 % limits for its number of cases.".into(),
        };
    }
    let row = |(one, site): &(&Comparison, &SiteRate)| {
        let better = one.is_better(site) == Some(true);
        let mark = Some(if better { Mark::Better } else { Mark::Worse });
        let chance = site
            .limits
            .map(|limits| format!("{} – {}", percent(Some(limits.control.0)), percent(Some(limits.control.1))));
        vec![
            site.name.clone().into(),
            one.metric.label().into(),
            counted(site.rate).into(),
            percent(site.rate.value()).into(),
            percent(one.total.value()).into(),
            chance.unwrap_or_else(|| "n/a".into()).into(),
            Cell { text: if better { "better" } else { "worse" }.into(), mark },
        ]
    };
    let note = if all.len() > OUTSIDE {
        format!("{OUTSIDE} of {} shown, metric by metric; all are marked in the table of all sites.", all.len())
    } else {
        String::new()
    };
    Block::Table(Table {
        caption: "Sites that differ by more than chance explains".into(),
        columns: vec![
            Column::text("Site"),
            Column::text("Metric"),
            Column::number("Counted"),
            Column::number("Rate"),
            Column::number("All sites"),
            Column::number("By chance, 99.8 %"),
            Column::number("Verdict"),
        ],
        rows: all.iter().take(OUTSIDE).map(row).collect(),
        has_total: false,
        note,
    })
}

fn trends(it: &Quarterly) -> Vec<Block> {
    let mut weeks = [Rate::default(); TRENDS];
    for trend in &it.trends {
        for (sum, week) in weeks.iter_mut().zip(&trend.weeks) {
            *sum = *sum + *week;
        }
    }
    if weeks.iter().all(|week| week.of == 0) {
        return Vec::new();
    }
    let share = |rate: &Rate| rate.value().map(|share| 100.0 * share);
    let last = it.span.period.last;
    let ends = (0..TRENDS as u64).rev().map(|back| last - chrono::Days::new(7 * back)).collect();
    let all = Figure::new("fill-weeks", "Fill rate week by week", "Does it hold?", Unit::Percent, Axis::Days(ends))
        .with_places("Week to")
        .with("All sites together", Drawn::Line, Emphasis::Main, weeks.iter().map(share).collect());
    let target = it.number(Kind::FillRate).and_then(|found| found.it.target);
    let all = match target {
        Some(target) => all.with_reference("Target", 100.0 * target),
        None => all,
    };
    let mut blocks = vec![
        Block::heading("Trends", &format!("{TRENDS} weeks, each of seven days, to {}.", day_and_year(last))),
        Block::figure(&all),
    ];
    if it.trends.len() > 1 {
        blocks.extend(multiples(it));
    }
    blocks
}

fn multiples(it: &Quarterly) -> Vec<Block> {
    let mut shown: Vec<&Trend> = it.trends.iter().collect();
    let ends = |trend: &Trend| {
        let known: Vec<f64> = trend.weeks.iter().filter_map(|week| week.value()).collect();
        known.first().copied().zip(known.last().copied())
    };
    let mut lead = format!(
        "{}, each on its own scale; the number is the last week’s.",
        count(shown.len() as i64, "site", "sites")
    );
    if shown.len() > DRAWN {
        let moved = |trend: &Trend| ends(trend).map_or(0.0, |(first, last)| (last - first).abs());
        shown.sort_by(|a, b| moved(b).total_cmp(&moved(a)).then_with(|| a.name.cmp(&b.name)));
        lead = format!(
            "{DRAWN} of {} sites, those that moved most; each on its own scale, the number is the last week’s.",
            shown.len()
        );
        shown.truncate(DRAWN);
    }
    let multiple = |trend: &&Trend| {
        let points: Vec<Option<f64>> = trend.weeks.iter().map(|week| week.value().map(|share| 100.0 * share)).collect();
        let said = match ends(trend) {
            Some((first, last)) => format!("{}: from {} to {}", trend.name, percent(Some(first)), percent(Some(last))),
            None => format!("{}: nothing on record", trend.name),
        };
        Multiple {
            name: trend.name.clone(),
            value: percent(trend.weeks.last().and_then(|week| week.value())),
            picture: Picture::spark(&points, &said),
        }
    };
    vec![
        Block::Paragraph { text: format!("Fill rate of {lead}") },
        Block::Multiples { multiples: shown.iter().map(multiple).collect() },
    ]
}

fn money(it: &Quarterly) -> Vec<Block> {
    let (Some(cost), Some(hours)) = (it.number(Kind::CostSaved), it.number(Kind::HoursSaved)) else {
        return Vec::new();
    };
    let mut blocks = vec![Block::heading("Money", "What did planning with Muster save, and against what?")];
    if hours.it.now.value().is_none() {
        blocks.push(Block::Paragraph { text: format!("No data: {}.", Kind::HoursSaved.nothing().to_lowercase()) });
        return blocks;
    }
    let cents = |cents: Option<i64>| Kind::CostSaved.text(cents.map(|cents| cents as f64), &it.currency);
    blocks.push(Block::Paragraph {
        text: format!(
            "{} made with Muster and confirmed. Time saved: {} hours, worth {} {currency}. Rosters that cost less than by hand: {} {currency}. Together: {} {currency}.",
            capital(&count(it.saved.rosters, "roster was", "rosters were")),
            Kind::HoursSaved.text(hours.it.now.value(), &it.currency),
            cents(it.saved.time_cents),
            cents(it.saved.roster_cents),
            Kind::CostSaved.text(cost.it.now.value(), &it.currency),
            currency = it.currency,
        ),
    });
    blocks.push(Block::Paragraph { text: baselines(it) });
    blocks.extend(saved_by_site(it, cost, hours));
    blocks
}

fn baselines(it: &Quarterly) -> String {
    let base = it.baselines;
    let rate = match base.planner_rate_cents {
        Some(cents) => {
            let of = if base.planner_rate_is_set { "set" } else { "the mean of your workers’ rates" };
            format!("an hour of planning costs {} {} ({of})", number(cents as f64 / 100.0, 2), it.currency)
        }
        None => "what an hour of planning costs is not known".into(),
    };
    let by_hand = match base.manual_extra_percent {
        Some(percent) => format!("a roster made by hand costs {} more (set)", Unit::Percent.value(percent)),
        None => "what a roster costs by hand is measured for each site from those that were made so".into(),
    };
    format!(
        "Baselines: {} hours for a roster by hand, {} minutes with Muster where the minutes were not recorded ({} of {} were); {rate}; {by_hand}.",
        number(base.manual_hours, 1),
        base.target_minutes,
        it.saved.timed,
        it.saved.rosters
    )
}

fn saved_by_site(it: &Quarterly, cost: &Number, hours: &Number) -> Option<Block> {
    if cost.it.lines.len() < 2 {
        return None;
    }
    let mut lines: Vec<(&Line, &Line)> = cost.it.lines.iter().zip(&hours.it.lines).collect();
    lines.sort_by(|a, b| {
        let value = |line: &Line| line.now.value().unwrap_or(f64::NEG_INFINITY);
        value(b.0).total_cmp(&value(a.0)).then_with(|| a.0.name.cmp(&b.0.name))
    });
    let row = |name: &str, cost: (&Amount, &Amount), hours: &Amount| -> Vec<Cell> {
        let money = |amount: &Amount| Kind::CostSaved.text(amount.value(), &it.currency).into();
        vec![name.into(), Kind::HoursSaved.text(hours.value(), &it.currency).into(), money(cost.0), money(cost.1)]
    };
    let (shown, rest) = lines.split_at(lines.len().min(LINES));
    let mut rows: Vec<Vec<Cell>> =
        shown.iter().map(|(cost, hours)| row(&cost.name, (&cost.now, &cost.before), &hours.now)).collect();
    if !rest.is_empty() {
        let nothing = (Amount::Cents(None), Amount::Cents(None), Amount::Hours(None));
        let sum = rest.iter().fold(nothing, |sum, (cost, hours)| {
            (sum.0 + cost.now.clone(), sum.1 + cost.before.clone(), sum.2 + hours.now.clone())
        });
        rows.push(row(&count(rest.len() as i64, "more site", "more sites"), (&sum.0, &sum.1), &sum.2));
    }
    rows.push(row("All together", (&cost.it.now, &cost.it.before), &hours.it.now));
    Some(Block::Table(Table {
        caption: "Saved by site".into(),
        columns: vec![
            Column::text("Site"),
            Column::number("Hours saved"),
            Column::number(&format!("Cost saved ({})", it.currency)),
            Column::number(&format!("Cost saved, {} ({})", it.previous_name(), it.currency)),
        ],
        rows,
        has_total: true,
        note: String::new(),
    }))
}

fn clients(it: &Quarterly) -> Vec<Block> {
    let Some(found) = it.number(Kind::CustomerHealth).filter(|found| !found.it.lines.is_empty()) else {
        return Vec::new();
    };
    let part = |part: Option<f64>| Cell::from(part.map_or_else(|| "n/a".into(), |part| Unit::Points.value(part)));
    let row = |line: &Line| {
        let made_of = match &line.now {
            Amount::Health(facts) => Health::of(&facts.0, &facts.1),
            _ => Health::default(),
        };
        let (now, before) = (line.now.value(), line.before.value());
        let change = now.zip(before).map_or_else(|| "n/a".into(), |(now, before)| Unit::Points.change(now - before));
        vec![
            line.name.clone().into(),
            now.map_or("no data", |score| HealthBand::of(score).word()).into(),
            part(now),
            change.into(),
            part(made_of.fill),
            part(made_of.sla),
            part(made_of.satisfaction),
            part(made_of.trend),
        ]
    };
    vec![
        Block::heading("Clients", "How do the clients fare with us? By health, those who need somebody first."),
        Block::Table(Table {
            caption: String::new(),
            columns: [
                Column::text("Client"),
                Column::text("State"),
                Column::number("Health"),
                Column::number("Change"),
                Column::number("Fill"),
                Column::number("In time"),
                Column::number("Satisfaction"),
                Column::number("Trend"),
            ]
            .into(),
            rows: by_health(&found.it.lines).into_iter().map(row).collect(),
            has_total: false,
            note: format!("Points, 0–100; change from {}.", it.previous_name()),
        }),
    ]
}

fn by_health(lines: &[Line]) -> Vec<&Line> {
    let mut lines: Vec<&Line> = lines.iter().collect();
    let value = |line: &Line| line.now.value().unwrap_or(f64::INFINITY);
    lines.sort_by(|a, b| value(a).total_cmp(&value(b)).then_with(|| a.name.cmp(&b.name)));
    lines
}

/// Every site with every metric.
fn all_sites(it: &Quarterly) -> Vec<Block> {
    let mut cells: BTreeMap<(bool, String), [Option<Cell>; Metric::RATES.len()]> = BTreeMap::new();
    for (nth, comparison) in it.comparisons.iter().enumerate() {
        for site in &comparison.sites {
            let mark = site
                .called_out
                .then(|| if comparison.is_better(site) == Some(true) { Mark::Better } else { Mark::Worse });
            let last = matches!(site.place, Place::Small(_));
            let row = cells.entry((last, site.name.clone())).or_default();
            row[nth] = Some(Cell { text: percent(site.rate.value()), mark });
        }
    }
    if cells.is_empty() {
        return Vec::new();
    }
    let total = it.comparisons.iter().map(|one| Cell::from(percent(one.total.value())));
    let total: Vec<Cell> = std::iter::once("All together".into()).chain(total).collect();
    let rows = cells.into_iter().map(|((_, name), row)| {
        std::iter::once(name.into()).chain(row.into_iter().map(|cell| cell.unwrap_or_else(|| "–".into()))).collect()
    });
    vec![
        Block::heading("All sites", "Every site by every metric; the shapes mark those outside the 99.8 % limits."),
        Block::Table(Table {
            caption: String::new(),
            columns: std::iter::once(Column::text("Site"))
                .chain(Metric::RATES.map(|metric| Column::number(metric.label())))
                .collect(),
            rows: rows.chain(std::iter::once(total)).collect(),
            has_total: true,
            note: "Upward: better than chance explains; downward: worse. n/a: nothing to judge; –: not told apart, because fewer than five people work there, or nothing on record.".into(),
        }),
    ]
}

fn computed(it: &Quarterly) -> Vec<Block> {
    let term = |term: &str, means: &str| (term.to_owned(), means.to_owned());
    let compared = format!(
        "{} with {} and {}.",
        period(it.span.period.first, it.span.period.last),
        period(it.previous.first, it.previous.last),
        period(it.last_year.first, it.last_year.last)
    );
    let rates = Metric::RATES.map(|metric| {
        let (hits, of) = metric.counts();
        format!("{} ({hits} of {of})", metric.label().to_lowercase())
    });
    vec![
        Block::heading("How this is computed", ""),
        Block::Terms {
            terms: vec![
                term("Periods", &format!("This report compares {compared}")),
                term("Rates", &format!("Each is a sum divided once: {}.", rates.join(", "))),
                term(
                    "More than chance explains",
                    "Outside the 99.8 % control limits of a funnel plot around the rate of all sites, for the number of cases the site has.",
                ),
                term(
                    "Targets",
                    "Fill and compliance 95 %; customer health 70; hours and cost saved: what the rosters made would save if each took the minutes it should.",
                ),
                term("No data", "n/a means that there is nothing to judge. It is never counted as nought."),
                term(
                    "The same numbers",
                    "The page “Executive” of Muster shows them for the same days, with every site behind them. There, savings and active workers are those of the month and the week a period ends with; here, of the whole quarter.",
                ),
            ],
        },
    ]
}

/// A change with its sign; that of a share in points, since per cent of per cent is another thing.
fn changed(unit: &Unit, by: f64) -> String {
    if *unit == Unit::Percent { format!("{} points", Unit::Points.change(by)) } else { unit.change(by) }
}

fn counted(rate: Rate) -> String {
    format!("{} of {}", number(rate.hit as f64, 0), number(rate.of as f64, 0))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
