//! What did the month cost, where is it heading, and where does it go wrong? The page of `/financial` for a meeting: the same
//! numbers, laid out for print. Nobody is named.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::ahead as words;
use super::document::{Block, Column, Document, Light, Table, Tile};
use crate::charts::{Unit, count, day_and_year, period};
use crate::executive::{Impact, ImpactLine, Light as Stands};
use crate::finance::{KINDS, Line, Month, amount, figures, signed_amount, whole};
use crate::operations::measures::Costs;
use crate::people::Organization;
use crate::units::SiteId;

/// Sites of the last table; all of them are in the workbook.
const MOST: usize = 20;

/// Lays a month out, of one site or of all.
#[must_use]
pub fn document(it: &Month, site: Option<SiteId>, org: &Organization, now: DateTime<Utc>) -> Document {
    let page = Page { it, currency: &org.currency };
    let local = now.with_timezone(&org.zone);
    let days = whole(it.month);
    let mut blocks: Vec<Block> = page.open().into_iter().collect();
    blocks.push(Block::Paragraph { text: page.summary() });
    blocks.push(Block::Tiles { tiles: page.tiles() });
    blocks.push(Block::heading("The month so far", "What was spent, day by day added up, beside the budget."));
    blocks.push(Block::figure(&figures::course(it, &org.currency)));
    blocks.extend(page.ahead(local.date_naive()));
    blocks.push(Block::heading("What it was spent on", ""));
    blocks.push(page.kinds());
    blocks.push(Block::heading("Site by site", "The furthest above its budget first."));
    blocks.push(page.sites());
    blocks.extend(page.impact());
    blocks.push(Block::heading("How the numbers are computed", ""));
    blocks.push(terms());
    Document {
        title: "Financial report".into(),
        organization: org.name.clone(),
        period: format!("{}: {}", it.month.format("%B %Y"), period(days.first, days.last)),
        scope: site.map_or_else(|| "all sites".into(), |site| it.site_name(site).to_owned()),
        generated: format!("{}, {} ({})", day_and_year(local.date_naive()), local.format("%H:%M"), org.zone),
        generated_at: now,
        blocks,
    }
}

struct Page<'a> {
    it: &'a Month,
    currency: &'a str,
}

fn light(stands: Stands) -> Option<Light> {
    let shape = match stands {
        Stands::OnTarget => "on",
        Stands::Watch => "watch",
        Stands::OffTarget => "off",
        Stands::NoData => return None,
    };
    Some(Light { shape, word: stands.word() })
}

impl Page<'_> {
    fn money(&self, cents: i64) -> String {
        amount(cents, self.currency)
    }

    fn some(&self, cents: Option<i64>) -> String {
        cents.map_or_else(|| "n/a".into(), |cents| self.money(cents))
    }

    fn signed(&self, cents: Option<i64>) -> String {
        cents.map_or_else(|| "n/a".into(), |cents| signed_amount(cents, self.currency))
    }

    fn is_closed(&self) -> bool {
        self.it.course.over == self.it.course.days
    }

    /// That the month goes on.
    fn open(&self) -> Option<Block> {
        let course = self.it.course;
        (!self.is_closed()).then(|| Block::Notice {
            text: format!("The month goes on: {} of its {} days are over.", course.over, course.days),
        })
    }

    fn beside(&self, cents: i64) -> String {
        match cents {
            0 => "exactly the budget".into(),
            1.. => format!("{} {} above the budget", self.money(cents), self.currency),
            _ => format!("{} {} below the budget", self.money(-cents), self.currency),
        }
    }

    fn summary(&self) -> String {
        let total = &self.it.total;
        let mut said = vec![format!("{} {} were spent.", self.money(total.actual.total()), self.currency)];
        if let Some(against) = total.against {
            let what = if self.is_closed() { "That is" } else { "By what is planned the month will end" };
            said.push(format!("{what} {}.", self.beside(against)));
        }
        let off = self.it.lines.iter().filter(|line| line.light() == Stands::OffTarget).count();
        if off > 0 {
            let sites = count(off as i64, "site goes", "sites go");
            said.push(format!("{sites} beyond the budget by more than 5 %."));
        }
        if let Some(before) = self.it.before.map(Costs::total).filter(|before| *before > 0) {
            let change = Unit::growth(100.0 * (total.actual.total() - before) as f64 / before as f64);
            said.push(format!("Against the same days of the month before: {change}."));
        }
        said.join(" ")
    }

    fn tiles(&self) -> Vec<Tile> {
        let (it, total) = (self.it, &self.it.total);
        let tile = |label: &str, value: String, lines: Vec<String>, how: &str| Tile {
            label: label.into(),
            value,
            unit: self.currency.into(),
            light: None,
            target: String::new(),
            lines,
            how: how.into(),
        };
        let expected = if self.is_closed() { "The month cost" } else { "Expected for the month" };
        vec![
            tile(
                "Spent",
                self.money(total.actual.total()),
                vec![format!(
                    "Budget to date: {} ({})",
                    self.some(total.to_date.map(Costs::total)),
                    self.signed(total.difference)
                )],
                "Pay of shifts to which somebody came, and what else a site cost.",
            ),
            Tile {
                light: light(total.light()),
                ..tile(
                    expected,
                    self.some(total.expected),
                    vec![
                        format!("Against the budget: {}", self.signed(total.against)),
                        format!("At the mean day: {}", self.some(total.run_rate)),
                    ],
                    "What was spent, what is planned, and the mean day for days without a plan.",
                )
            },
            tile(
                "Budget of the month",
                self.some(total.budget.map(Costs::total)),
                vec![format!(
                    "of {}",
                    count(it.lines.iter().filter(|line| line.budget.is_some()).count() as i64, "site", "sites")
                )],
                "As it was imported.",
            ),
            tile(
                "Pay per shift",
                self.some(total.per_shift()),
                vec![format!("{} paid", count(total.shifts, "shift", "shifts"))],
                "Pay without other costs, by shifts paid.",
            ),
        ]
    }

    /// The days ahead, as the page shows them: only of the month that runs.
    fn ahead(&self, today: NaiveDate) -> Vec<Block> {
        let it = self.it;
        let running = (it.month.year(), it.month.month()) == (today.year(), today.month());
        if self.is_closed() || !running {
            return Vec::new();
        }
        let lead = "Pay by the day, continued by several methods; the bands come from its own past errors.";
        let mut blocks = vec![Block::heading("The next 30 days", lead)];
        let said = |text: String| Block::Paragraph { text };
        let Some(ahead) = &it.ahead else {
            blocks.push(said(format!("No forecast yet. {}", words::EARLY)));
            return blocks;
        };
        let Some(outlook) = &ahead.forecast.outlook else {
            blocks.push(said(words::withheld(&ahead.forecast)));
            return blocks;
        };
        if let Some(end) = &ahead.month {
            let told = words::month(end, it.month, it.total.budget.map(Costs::total), self.currency);
            blocks.push(said(told.total));
            blocks.push(if told.alarming { Block::Notice { text: told.chance } } else { said(told.chance) });
        }
        blocks.push(Block::figure(&figures::ahead(ahead, outlook, self.currency)));
        blocks.extend(ahead.forecast.verdict.as_ref().map(|verdict| said(words::quality(verdict).join(" "))));
        blocks
    }

    fn kinds(&self) -> Block {
        let total = &self.it.total;
        let row = |name: &str, of: fn(Costs) -> i64| {
            let cells = [
                name.to_owned(),
                self.money(of(total.actual)),
                self.some(total.to_date.map(of)),
                self.some(total.budget.map(of)),
                self.some(self.it.before.map(of)),
            ];
            cells.map(Into::into).to_vec()
        };
        let mut rows: Vec<_> = KINDS.iter().map(|(_, name, of)| row(name, *of)).collect();
        rows.push(row("All together", Costs::total));
        let heads = ["Spent", "Budget to date", "Budget of the month", "Same days of the month before"];
        Block::Table(Table {
            caption: format!("Cost by kind ({})", self.currency),
            columns: [Column::text("Kind")].into_iter().chain(heads.map(Column::number)).collect(),
            rows,
            has_total: true,
            note: String::new(),
        })
    }

    fn sites(&self) -> Block {
        let mut lines: Vec<&Line> = self.it.lines.iter().collect();
        lines.sort_by(|a, b| b.against.cmp(&a.against).then_with(|| a.name.cmp(&b.name)));
        let row = |line: &Line| {
            let cells = [
                line.name.clone(),
                self.money(line.actual.total()),
                self.some(line.to_date.map(Costs::total)),
                self.some(line.expected),
                self.some(line.budget.map(Costs::total)),
                self.signed(line.against),
            ];
            cells.map(Into::into).to_vec()
        };
        let heads = ["Spent", "Budget to date", "Expected", "Budget", "Expected less budget"];
        let all = Line { name: "All together".into(), ..self.it.total.clone() };
        Block::Table(Table {
            caption: format!("Spent and budget by site ({})", self.currency),
            columns: [Column::text("Site")].into_iter().chain(heads.map(Column::number)).collect(),
            rows: lines.into_iter().chain([&all]).map(row).collect(),
            has_total: true,
            note: "What has no budget is in what was spent, and in no difference.".into(),
        })
    }

    fn impact(&self) -> Vec<Block> {
        let lines = &self.it.impact;
        if lines.is_empty() {
            return Vec::new();
        }
        let row = |name: &str, it: Impact| {
            let cells = [it.no_shows, it.lateness, it.overtime, it.leavers, it.total()].map(|cents| self.money(cents));
            [name.to_owned()].into_iter().chain(cells).map(Into::into).collect()
        };
        let sum = |lines: &[ImpactLine]| lines.iter().map(|line| line.impact).sum::<Impact>();
        let (shown, rest) = lines.split_at(lines.len().min(MOST));
        let mut rows: Vec<_> = shown.iter().map(|line| row(&line.name, line.impact)).collect();
        if !rest.is_empty() {
            rows.push(row(&count(rest.len() as i64, "more site", "more sites"), sum(rest)));
        }
        rows.push(row("All together", sum(lines)));
        let heads = ["No-shows", "Lateness", "Overtime", "Leavers", "Together"];
        vec![
            Block::heading("What it costs when it goes wrong", "Estimates, to find where to look; not postings."),
            Block::Table(Table {
                caption: format!("Cost by site, the costliest first ({})", self.currency),
                columns: [Column::text("Site")].into_iter().chain(heads.map(Column::number)).collect(),
                rows,
                has_total: true,
                note: "Sites of fewer than five people stand together.".into(),
            }),
        ]
    }
}

fn terms() -> Block {
    let terms = [
        ("Spent", "The pay of shifts to which somebody came, by the day they began, with what else a site cost."),
        ("Budget to date", "The budget of the month, evenly over its days, for those that are over."),
        (
            "At the mean day",
            "What the month will have cost if each day to come costs as much as those that are over did on average.",
        ),
        (
            "Expected",
            "What was spent, the planned pay of shifts that have a worker as far ahead as shifts are planned, and the mean day after that.",
        ),
        (
            "When it goes wrong",
            "A colleague covers a no-show’s shift for half more than a shift’s mean pay; minutes late are paid and not worked; overtime costs what it is above the regular rate; replacing a leaver costs six weeks’ pay.",
        ),
    ];
    Block::Terms { terms: terms.map(|(term, means)| (term.to_owned(), means.to_owned())).to_vec() }
}
