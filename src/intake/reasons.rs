//! What is said about a file that was taken in: how many rows, why some were not taken, what was odd.

use serde::Serialize;

use super::table::Table;
use super::value::quoted;

/// How many different reasons are kept apart; a file that is wrong in more ways is wrong altogether.
const MOST_REASONS: usize = 200;

/// Why rows were rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// In words, without the value.
    pub reason: String,
    /// How many rows.
    pub rows: u64,
    /// The line of the first.
    pub first_line: u64,
    /// What was said about the first, with the value.
    pub example: String,
}

/// What was odd about rows that were taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// In words.
    pub finding: String,
    /// How many rows.
    pub rows: u64,
    /// The line of the first.
    pub first_line: u64,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The table's name.
    pub table: &'static str,
    /// The file's name.
    pub file: String,
    /// Rows read, the header not counted.
    pub read: u64,
    /// Rows that were not there before.
    pub new: u64,
    /// Rows that were there and differ.
    pub changed: u64,
    /// Rows that were there just so.
    pub same: u64,
    /// Rows that were not taken.
    pub rejected: u64,
    /// Why not, most rows first.
    pub reasons: Vec<Reason>,
    /// What was odd about rows that were taken, most rows first.
    pub findings: Vec<Finding>,
}

impl Summary {
    pub(super) fn of(table: Table, file: &str) -> Self {
        Self {
            table: table.name(),
            file: file.into(),
            read: 0,
            new: 0,
            changed: 0,
            same: 0,
            rejected: 0,
            reasons: Vec::new(),
            findings: Vec::new(),
        }
    }
}

/// Counts reasons and findings as they come.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub rejected: u64,
    reasons: Vec<Reason>,
    findings: Vec<Finding>,
}

impl Tally {
    /// A row was rejected for these reasons.
    pub fn reject(&mut self, line: u64, reasons: &[String]) {
        self.rejected += 1;
        for example in reasons {
            let reason = without_value(example);
            if let Some(known) = self.reasons.iter_mut().find(|known| known.reason == reason) {
                known.rows += 1;
            } else if self.reasons.len() < MOST_REASONS {
                self.reasons.push(Reason { reason, rows: 1, first_line: line, example: example.clone() });
            }
        }
    }

    /// Something was odd about rows that were taken.
    pub fn find(&mut self, finding: &str, rows: u64, first_line: u64) {
        match self.findings.iter_mut().find(|known| known.finding == finding) {
            Some(known) => known.rows += rows,
            None => self.findings.push(Finding { finding: finding.into(), rows, first_line }),
        }
    }

    pub fn into_reasons_and_findings(mut self) -> (Vec<Reason>, Vec<Finding>) {
        self.reasons.sort_by_key(|reason| std::cmp::Reverse(reason.rows));
        self.findings.sort_by_key(|finding| std::cmp::Reverse(finding.rows));
        (self.reasons, self.findings)
    }
}

/// `site: there is no site 'X9'` without its value, so that rows with the same trouble are counted together.
fn without_value(reason: &str) -> String {
    match (reason.find('\''), reason.rfind('\'')) {
        (Some(first), Some(last)) if first < last => format!("{}…{}", &reason[..first], &reason[last + 1..]),
        _ => reason.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end().into(),
    }
}

/// A reason about a column.
pub(super) fn about(column: &str, what: &str) -> String {
    format!("{column}: {what}")
}

/// A reason about a row with too few or too many fields.
pub(super) fn wrong_width(found: usize, expected: usize, first: &[u8]) -> String {
    let first = quoted(&String::from_utf8_lossy(first));
    format!(
        "the row that begins with {first} has another number of fields than the header ({found} instead of {expected})"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_trouble_is_counted_together() {
        let mut tally = Tally::default();
        tally.reject(2, &["site: there is no site 'X9'".into()]);
        tally.reject(5, &["site: there is no site 'it's'".into(), "ref: must not be empty".into()]);
        tally.reject(7, &["the same shift as in line 2".into()]);
        tally.reject(9, &["the same shift as in line 5".into()]);
        assert_eq!(tally.rejected, 4);
        let (reasons, _) = tally.into_reasons_and_findings();
        assert_eq!(reasons[0].reason, "site: there is no site …");
        assert_eq!((reasons[0].rows, reasons[0].first_line), (2, 2));
        assert_eq!(reasons[0].example, "site: there is no site 'X9'");
        assert_eq!((reasons[1].reason.as_str(), reasons[1].rows), ("the same shift as in line", 2));
    }
}
