//! Which customers paid what and when, in a file of somebody else's?

use chrono::NaiveDate;

use super::backtest::Holdout;
use super::customers::Ledger;
use crate::models::sheet::days_and_numbers;
use crate::models::sheet::moments;
use crate::models::sheet::read::Text;
use crate::models::table::MISSING;
use crate::{Error, Result};

/// What was asked about a file.
#[derive(Debug, Clone, Default)]
pub struct LtvAsked {
    /// The column of customers.
    pub customer: String,
    /// The column of days, or of moments on them.
    pub date: String,
    /// The column of amounts; below zero was paid back.
    pub amount: String,
    /// The first day that is held out.
    pub cutoff: String,
}

/// What everybody paid and got back.
#[derive(Debug, Clone)]
pub struct Payments {
    ledgers: Vec<Ledger>,
    first: NaiveDate,
    last: NaiveDate,
    cutoff: NaiveDate,
    /// What was done to the file, in words.
    pub notes: Vec<String>,
}

impl Payments {
    /// Reads a CSV file with a header row, one payment (or refund) a row.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the line or column that cannot be taken.
    pub fn read(file: impl std::io::Read, asked: &LtvAsked) -> Result<Self> {
        let text = Text::read(file)?;
        let cutoff = moments::any(asked.cutoff.trim())
            .ok_or_else(|| Error::Invalid(format!("--cutoff '{}' is no date; write 2025-07-01", asked.cutoff)))?
            .date;
        let customer = &text.columns[text.position(&asked.customer)?];
        let (rows, mut notes) = days_and_numbers(&text, &asked.date, &asked.amount)?;
        notes.splice(0..0, text.notes.iter().cloned());
        let mut ledgers = vec![Ledger::default(); customer.levels.len()];
        let (mut first, mut last, mut nobody) = (NaiveDate::MAX, NaiveDate::MIN, 0);
        for (row, day, amount) in rows {
            let code = customer.codes[row];
            if code == MISSING {
                nobody += 1;
                continue;
            }
            (first, last) = (first.min(day), last.max(day));
            ledgers[code as usize].add(day, amount);
        }
        if nobody > 0 {
            notes.push(format!("{nobody} rows without a {} are left out", customer.name));
        }
        if first > last {
            return Err(Error::Invalid(format!("no row has a {}", customer.name)));
        }
        Ok(Self { ledgers, first, last, cutoff, notes })
    }

    /// What is judged.
    #[must_use]
    pub fn holdout(&self, seed: u64) -> Holdout<'_> {
        Holdout { ledgers: &self.ledgers, first: self.first, last: self.last, cutoff: self.cutoff, seed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(cutoff: &str) -> LtvAsked {
        LtvAsked { customer: "who".into(), date: "when".into(), amount: "paid".into(), cutoff: cutoff.into() }
    }

    #[test]
    fn payments_and_refunds_are_read_and_rows_of_nobody_are_said() {
        let text = "who,when,paid\na,2025-01-02 10:00,5\na,2025-01-02,7\nb,2025-03-01,-2\n,2025-02-01,9\n";
        let payments = Payments::read(text.as_bytes(), &asked("1 Feb 2025")).unwrap();
        let holdout = payments.holdout(1);
        assert_eq!(
            (holdout.ledgers.len(), holdout.first.to_string(), holdout.last.to_string()),
            (2, "2025-01-02".into(), "2025-03-01".into())
        );
        assert_eq!(holdout.ledgers[0].between(holdout.first, holdout.cutoff), (12.0, true));
        assert_eq!(payments.notes, ["1 rows without a who are left out"]);
    }

    #[test]
    fn what_cannot_be_read_is_refused_in_words() {
        let said = |text: &str, cutoff: &str| Payments::read(text.as_bytes(), &asked(cutoff)).unwrap_err().to_string();
        assert!(said("who,when,paid\na,2025-01-02,5\n", "soon").contains("--cutoff 'soon' is no date"));
        assert!(said("when,paid\n2025-01-02,5\n", "2025-01-01").contains("there is no column 'who'"));
        assert!(said("who,when,paid\na,2025-01-02,x\n", "2025-01-01").contains("line 2"));
    }
}
