//! Learning: snapshots of every month whose sixty days are over, the later of them held out.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::fact::TENURE;
use super::snapshot::{Look, looks, table};
use super::{HORIZON_DAYS, NAME, store};
use crate::database::OrgTx;
use crate::models::backtest::{Held, Question, Subject, backtest};
use crate::models::classifier::{Classifier, FEWEST_OF_EACH};
use crate::models::report::Report;
use crate::models::store as kept;
use crate::{Error, Result};

/// It learns from so many months, at most.
const MONTHS: u32 = 24;
/// Before the first snapshot there must be so many days of facts.
const HISTORY_DAYS: u64 = 28;
/// Share of the snapshots' days that are held out, the latest.
const HELD_OUT: f64 = 0.3;

/// What a version learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Learned {
    pub classifier: Classifier,
    /// Share of the snapshots after which somebody left: what bands are measured by.
    pub usual: f64,
}

/// What a training came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Training {
    /// A version, and whether its estimates may be shown.
    Done {
        /// Which version.
        version: i32,
        /// What the back-test came to.
        report: Box<Report>,
    },
    /// There was too little to learn from or to judge by.
    TooLittle {
        /// Snapshots whose sixty days are over.
        snapshots: usize,
        /// After how many of them somebody left.
        left: usize,
    },
}

/// Learns from the snapshots whose sixty days are over, judges itself on the later of them, and is kept as a version. Run
/// again on the same day, it takes the place of that day's version.
///
/// # Errors
/// [`Error::Database`].
pub async fn train_churn(tx: &mut OrgTx, today: NaiveDate, now: DateTime<Utc>) -> Result<Training> {
    let mut all = Vec::new();
    for day in snapshot_days(store::first_day(tx).await?, today) {
        all.extend(looks(day, &store::people(tx, day).await?));
    }
    let (snapshots, left) = (all.len(), all.iter().filter(|look| look.leaves).count());
    let too_little = Training::TooLittle { snapshots, left };
    let Some(split) = split(&all) else { return Ok(too_little) };
    let first_day = all[0].day;
    let judging = tokio::task::spawn_blocking(move || judged(&all, split));
    let judged = judging.await.map_err(|error| Error::io("training churn")(std::io::Error::other(error)))?;
    let (report, learned) = match judged {
        Err(Error::Invalid(_)) => return Ok(too_little),
        other => other?,
    };
    let last_day = today - Days::new(1);
    let training = kept::Training { name: NAME, at: now, first_day, last_day, report: &report, parameters: &learned };
    let version = kept::keep(tx, &training).await?;
    Ok(Training::Done { version, report: Box::new(report) })
}

/// Each month's first day with some history before it and the whole horizon behind it, oldest first.
fn snapshot_days(first_fact: Option<NaiveDate>, today: NaiveDate) -> Vec<NaiveDate> {
    let Some(first_fact) = first_fact else { return Vec::new() };
    let this_month = today - Days::new(u64::from(today.day0()));
    let days = (0..=MONTHS + 3).rev().map(|back| this_month - Months::new(back));
    let days =
        days.filter(|day| *day >= first_fact + Days::new(HISTORY_DAYS) && *day + Days::new(HORIZON_DAYS) <= today);
    let mut days: Vec<NaiveDate> = days.collect();
    days.drain(..days.len().saturating_sub(MONTHS as usize));
    days
}

/// The first day that is held out: so late that about the wished share is, and that each part has enough of either outcome.
fn split(all: &[Look]) -> Option<NaiveDate> {
    let mut days: Vec<NaiveDate> = all.iter().map(|look| look.day).collect();
    days.dedup();
    let wished = days.len() - ((HELD_OUT * days.len() as f64).ceil() as usize).min(days.len());
    let enough = |day: NaiveDate| {
        let known: Vec<&Look> = all.iter().filter(|look| is_known(look, day)).collect();
        let left = known.iter().filter(|look| look.leaves).count();
        let asked = all.iter().filter(|look| look.day >= day && look.leaves).count();
        left >= 2 * FEWEST_OF_EACH && known.len() - left >= 2 * FEWEST_OF_EACH && asked >= FEWEST_OF_EACH
    };
    days.get(wished).copied().filter(|day| enough(*day))
}

/// Whether it was known on that day what became of the snapshot.
fn is_known(look: &Look, day: NaiveDate) -> bool {
    look.day + Days::new(HORIZON_DAYS) <= day
}

fn judged(all: &[Look], split: NaiveDate) -> Result<(Report, Learned)> {
    // Snapshots between the parts are left out: on the day of the split nobody knew yet what became of them.
    let told: Vec<Look> = all.iter().filter(|look| look.day >= split || is_known(look, split)).cloned().collect();
    let outcomes = |looks: &[Look]| looks.iter().map(|look| look.leaves).collect::<Vec<bool>>();
    let held = Held::Later {
        column: "day".into(),
        from: split.to_string(),
        later: told.iter().map(|look| look.day >= split).collect(),
    };
    let question = Question {
        subject: Subject::Churn,
        table: &table(&told),
        outcomes: &outcomes(&told),
        held,
        baseline: Some(TENURE.into()),
        seed: 1,
    };
    let target = format!("somebody employed on a month's first day leaves within {HORIZON_DAYS} days");
    let gap = all.len() - told.len();
    let mut report = Report { target, ..backtest(&question)? };
    report.notes.push(format!(
        "{gap} snapshots between the parts were left out: on {split} it was not known yet what became of them"
    ));
    let (table, outcomes) = (table(all), outcomes(all));
    let rows: Vec<usize> = (0..outcomes.len()).collect();
    let classifier = Classifier::fitted(&table, &rows, &outcomes, 1)?;
    Ok((report, Learned { usual: classifier.base_rate, classifier }))
}

#[cfg(test)]
mod tests {
    use super::super::snapshot::tests::somebody;
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_snapshot_has_history_before_it_and_its_sixty_days_behind_it() {
        let days = snapshot_days(Some(date("2025-09-20")), date("2026-03-02"));
        let expected = ["2025-11-01", "2025-12-01", "2026-01-01"].map(date);
        assert_eq!(days, expected, "1 October has 11 days of history; 1 February's sixty are not over");
        assert_eq!(snapshot_days(Some(date("2025-09-20")), date("2026-03-01")).last(), Some(&date("2025-12-01")));
        assert_eq!(snapshot_days(Some(date("2010-01-01")), date("2026-03-02")).len(), 24);
        assert_eq!(snapshot_days(None, date("2026-03-02")), []);
    }

    #[test]
    fn what_was_not_known_on_the_day_of_the_split_is_not_learned_from() {
        let months = (1..=12).map(|month| NaiveDate::from_ymd_opt(2025, month, 1).unwrap());
        let all: Vec<Look> = months
            .flat_map(|day| {
                let people: Vec<_> = (1..=40).map(somebody).collect();
                let mut looks = looks(day, &people);
                looks.iter_mut().take(8).for_each(|look| look.leaves = true);
                looks
            })
            .collect();
        let split = split(&all).unwrap();
        assert_eq!(split, date("2025-09-01"), "four of twelve months are held out");
        let known: Vec<NaiveDate> =
            all.iter().map(|look| look.day).filter(|day| *day + Days::new(60) <= split).collect();
        assert_eq!(known.last(), Some(&date("2025-07-01")), "August's sixty days end in September");
    }

    #[test]
    fn without_leavers_there_is_nothing_to_split() {
        let people: Vec<_> = (1..=40).map(somebody).collect();
        assert_eq!(split(&looks(date("2025-03-01"), &people)), None);
        assert_eq!(split(&[]), None);
    }
}
