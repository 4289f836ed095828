//! What was sold, ordered, carried out, by whom and for whom? The pages of `/financial/{revenue, orders, partners, customers}` for
//! a meeting: the same numbers, laid out for print, with their charts.

mod customers;
mod orders;
mod partners;
mod revenue;

pub use customers::customers;
pub use orders::orders;
pub use partners::partners;
pub use revenue::{Ahead, revenue};

use chrono::{DateTime, Utc};

use super::document::{Block, Column, Document, Table, Tile};
use crate::charts::{Unit, day_and_year, number, period};
use crate::commerce::{Amount, Asked, Named, Standing, growth, height, money};
use crate::people::Organization;
use crate::units::Rate;

/// Rows of a table at most; all of them are in the workbook.
const MOST: usize = 40;

/// Who reads it, when, and for which period.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// Whose it is.
    pub org: &'a Organization,
    /// What was asked for.
    pub asked: &'a Asked,
    /// When it is made.
    pub now: DateTime<Utc>,
}

impl About<'_> {
    fn document(&self, title: &str, partners: &[Named], standing: Standing, blocks: Vec<Block>) -> Document {
        let local = self.now.with_timezone(&self.org.zone);
        let partner = partners.iter().find(|it| Some(it.id) == self.asked.partner);
        let reach = standing.through.map_or_else(
            || "Nothing is summed yet.".to_owned(),
            |through| match standing.waiting {
                0 => format!("Summed through {}.", day_and_year(through)),
                _ => format!("Summed through {}; days that changed since will be summed anew.", day_and_year(through)),
            },
        );
        let said = Block::Paragraph { text: format!("{reach} Compared with {}.", self.before()) };
        Document {
            title: title.into(),
            organization: self.org.name.clone(),
            period: self.period(),
            scope: partner.map_or_else(|| "all partners".into(), |it| it.name.clone()),
            generated: format!("{}, {} ({})", day_and_year(local.date_naive()), local.format("%H:%M"), self.org.zone),
            generated_at: self.now,
            blocks: std::iter::once(said).chain(blocks).collect(),
        }
    }

    fn period(&self) -> String {
        period(self.asked.period.first, self.asked.period.last)
    }

    fn before(&self) -> String {
        period(self.asked.before.first, self.asked.before.last)
    }

    fn money(&self, amount: Amount) -> String {
        money(amount, &self.org.currency)
    }

    /// A heading with the currency.
    fn heading(&self, name: &str) -> String {
        format!("{name} ({})", self.org.currency)
    }

    fn grown(&self, now: Amount, before: Amount) -> String {
        match growth(now, before) {
            Some(growth) => format!("{} from {}", change(growth), self.money(before)),
            None => format!("{} before", self.money(before)),
        }
    }

    fn money_tile(&self, label: &str, now: Amount, before: Amount, how: &str) -> Tile {
        tile(label, self.money(now), &self.org.currency, vec![self.grown(now, before)], how)
    }
}

fn change(growth: f64) -> String {
    Unit::growth(100.0 * growth)
}

fn growth_of(now: Amount, before: Amount) -> String {
    growth(now, before).map_or_else(|| "n/a".into(), change)
}

fn grown_count(now: i64, before: i64) -> String {
    match before {
        0 => "0 before".into(),
        _ => format!("{} from {}", change((now - before) as f64 / before as f64), n(before)),
    }
}

fn tile(label: &str, value: String, unit: &str, lines: Vec<String>, how: &str) -> Tile {
    Tile { label: label.into(), value, unit: unit.into(), light: None, target: String::new(), lines, how: how.into() }
}

fn n(count: i64) -> String {
    number(count as f64, 0)
}

fn percent(rate: Rate) -> String {
    rate.value().map_or_else(|| "n/a".into(), |share| Unit::Percent.value(100.0 * share))
}

fn share(part: Amount, whole: Amount) -> String {
    if whole > Amount::ZERO { Unit::Percent.value(100.0 * height(part) / height(whole)) } else { "n/a".into() }
}

fn minutes(minutes: Option<f64>) -> String {
    match minutes {
        None => "n/a".into(),
        Some(minutes) if minutes < 90.0 => format!("{} min", number(minutes, 0)),
        Some(minutes) if minutes < 48.0 * 60.0 => format!("{} h", number(minutes / 60.0, 1)),
        Some(minutes) => format!("{} days", number(minutes / 1_440.0, 1)),
    }
}

/// A table whose last row, if `has_total`, is the sum of the others.
fn table(caption: String, first: &str, heads: &[String], rows: Vec<Vec<String>>, has_total: bool, note: &str) -> Block {
    Block::Table(Table {
        caption,
        columns: [Column::text(first)].into_iter().chain(heads.iter().map(|head| Column::number(head))).collect(),
        rows: rows.into_iter().map(|row| row.into_iter().map(Into::into).collect()).collect(),
        has_total,
        note: note.into(),
    })
}

fn heads<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(str::to_owned).to_vec()
}

/// What stands under a table that does not show all.
fn of_all(all: usize) -> String {
    if all > MOST { format!("{MOST} of {all}; the workbook has all of them.") } else { String::new() }
}

fn nothing(what: &str) -> Block {
    Block::Notice { text: format!("No {what} in this period.") }
}
