//! Would it have been right? A model is fitted to some rows, asked about others, and compared with simpler answers.

use std::ops::Range;

use super::baseline::{Simple, rate_of_each};
use super::classifier::{Classifier, Trial};
use super::design::share;
use super::dice::folds;
use super::figures::{Figures, deciles};
use super::leak::leaks;
use super::report::{BandRate, Baseline, Driver, Example, Report, Split, Verdict};
use super::table::Table;
use crate::{Error, Result};

/// Rows of which the drivers are the mean, at most.
const MOST_DRIVEN: usize = 5_000;
/// How many drivers a report has.
const MOST_DRIVERS: usize = 10;

/// What is predicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Whether a shift is filled by its start.
    ShiftFill,
    /// Whether somebody leaves.
    Churn,
}

impl Subject {
    /// Its name on the command line and in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ShiftFill => "shift-fill",
            Self::Churn => "churn",
        }
    }

    /// The bands and where each ends, at that base rate. A shift below 0.7 is at risk; somebody at twice the usual
    /// risk, or half way from it to certainty, is high.
    #[must_use]
    pub fn bands(self, base_rate: f64) -> [(&'static str, f64); 3] {
        match self {
            Self::ShiftFill => [("at risk", 0.7), ("fair", 0.9), ("likely", 1.0)],
            Self::Churn => {
                [("low", base_rate), ("medium", (2.0 * base_rate).min((1.0 + base_rate) / 2.0)), ("high", 1.0)]
            }
        }
    }
}

/// Which rows are held out.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// Those at or after a moment.
    Later {
        /// The column of the moments.
        column: String,
        /// The first moment that is held out, as it was asked for.
        from: String,
        /// Whether a row is held out.
        later: Vec<bool>,
    },
    /// Each of so many equal parts in its turn.
    Folds(usize),
}

/// What is to be judged.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// What is predicted.
    pub subject: Subject,
    /// What is known of each row.
    pub table: &'a Table,
    /// What became of it.
    pub outcomes: &'a [bool],
    /// Which rows are held out.
    pub held: Held,
    /// The column whose rates (shift fill: of each site) or whose own model (churn: of tenure) is the simple baseline.
    pub baseline: Option<String>,
    /// Same rows and seed, same answer.
    pub seed: u64,
}

/// Rows that are learned from, and rows that are asked about.
#[derive(Debug)]
struct Round {
    known: Vec<usize>,
    asked: Vec<usize>,
    seed: u64,
}

/// What was answered about rows held out, one model's rows after the other's.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub rows: Vec<usize>,
    pub outcomes: Vec<bool>,
    pub model: Vec<f64>,
    /// Always the training rows' rate.
    pub base: Vec<f64>,
    pub simple: Vec<f64>,
    /// The range of each model.
    pub folds: Vec<Range<usize>>,
}

/// Fits, asks and compares. Deterministic: nothing depends on the order in which the rounds end.
///
/// # Errors
/// [`Error::Invalid`] where there is too little to learn from or to judge by.
pub fn backtest(question: &Question<'_>) -> Result<Report> {
    let Question { subject, table, outcomes, .. } = question;
    let rounds = rounds(question)?;
    let (models, answers) = ask_all(question, &rounds)?;
    let figures = Figures::of(&answers.model, &answers.outcomes, &answers.folds).ok_or_else(|| {
        Error::Invalid("the rows held out all have the same outcome: there is nothing to judge by".into())
    })?;
    let (base_rate, last) = (share(outcomes), &models[models.len() - 1]);
    let leaks = leaks(table, outcomes);
    let baselines = baselines(question, &answers);
    Ok(Report {
        model: subject.name().into(),
        target: String::new(),
        rows: table.rows(),
        positives: outcomes.iter().filter(|outcome| **outcome).count(),
        base_rate: answers.share(),
        split: split(&question.held, &rounds),
        kept: last.kind(),
        calibration: last.calibration().name().into(),
        trials: trials(&models),
        verdict: Verdict::of(&answers, &baselines, &leaks),
        figures,
        baselines,
        deciles: deciles(&answers.model, &answers.outcomes),
        bands: bands(*subject, base_rate, &answers),
        drivers: drivers(table, last, &rounds[rounds.len() - 1].asked),
        examples: examples(table, last, &answers),
        columns: table.columns().iter().map(Into::into).collect(),
        leaks,
        notes: Vec::new(),
    })
}

fn rounds(question: &Question<'_>) -> Result<Vec<Round>> {
    let seed = question.seed;
    match &question.held {
        Held::Later { column, from, later } => {
            let (asked, known): (Vec<usize>, Vec<usize>) = (0..later.len()).partition(|row| later[*row]);
            if asked.is_empty() || known.is_empty() {
                let where_ = if asked.is_empty() { "at or after" } else { "before" };
                return Err(Error::Invalid(format!("no row has a {column} {where_} {from}: split elsewhere")));
            }
            Ok(vec![Round { known, asked, seed }])
        }
        Held::Folds(k) => {
            let k = *k;
            if !(2..=20).contains(&k) {
                return Err(Error::Invalid(format!("{k} folds: there can be 2 to 20")));
            }
            let fold = folds(question.outcomes, k, seed);
            Ok((0..k)
                .map(|held| {
                    let (asked, known) = (0..fold.len()).partition(|row| fold[*row] == held);
                    Round { known, asked, seed: seed + held as u64 }
                })
                .collect())
        }
    }
}

fn ask_all(question: &Question<'_>, rounds: &[Round]) -> Result<(Vec<Classifier>, Answers)> {
    let asked: Vec<Result<(Classifier, Answers)>> = std::thread::scope(|scope| {
        let asked: Vec<_> = rounds.iter().map(|round| scope.spawn(|| ask(question, round))).collect();
        asked.into_iter().map(|round| round.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    let (mut models, mut all) = (Vec::new(), Answers::default());
    for answered in asked {
        let (model, answers) = answered?;
        models.push(model);
        all.add(answers);
    }
    Ok((models, all))
}

fn ask(question: &Question<'_>, round: &Round) -> Result<(Classifier, Answers)> {
    let Question { subject, table, outcomes, .. } = question;
    let model = Classifier::fitted(table, &round.known, outcomes, round.seed)?;
    let known: Vec<bool> = round.known.iter().map(|row| outcomes[*row]).collect();
    let base = vec![share(&known); round.asked.len()];
    let simple = match (&question.baseline, subject) {
        (None, _) => base.clone(),
        (Some(column), Subject::ShiftFill) => rate_of_each(table, column, (&round.known, &known), &round.asked),
        (Some(column), Subject::Churn) => {
            let table = table.only(column);
            Classifier::fitted(&table, &round.known, outcomes, round.seed)?.probabilities(&table, &round.asked)
        }
    };
    let answers = Answers {
        outcomes: round.asked.iter().map(|row| outcomes[*row]).collect(),
        model: model.probabilities(table, &round.asked),
        base,
        simple,
        folds: std::iter::once(0..round.asked.len()).collect(),
        rows: round.asked.clone(),
    };
    Ok((model, answers))
}

impl Answers {
    fn add(&mut self, other: Self) {
        let from = self.rows.len();
        self.folds.extend(other.folds.into_iter().map(|fold| fold.start + from..fold.end + from));
        self.rows.extend(other.rows);
        self.outcomes.extend(other.outcomes);
        self.model.extend(other.model);
        self.base.extend(other.base);
        self.simple.extend(other.simple);
    }

    fn share(&self) -> f64 {
        self.outcomes.iter().filter(|outcome| **outcome).count() as f64 / self.outcomes.len().max(1) as f64
    }
}

fn baselines(question: &Question<'_>, answers: &Answers) -> Vec<Baseline> {
    let mut named = vec![(Simple::BaseRate, &answers.base)];
    match (&question.baseline, question.subject) {
        (Some(column), Subject::ShiftFill) => named.push((Simple::RateOf(column.clone()), &answers.simple)),
        (Some(column), Subject::Churn) => named.push((Simple::Only(column.clone()), &answers.simple)),
        (None, _) => {}
    }
    let figures = |told: &[f64]| Figures::of(told, &answers.outcomes, &answers.folds);
    named
        .into_iter()
        .filter_map(|(simple, told)| Some(Baseline { name: simple.to_string(), figures: figures(told)? }))
        .collect()
}

fn split(held: &Held, rounds: &[Round]) -> Split {
    let (known, asked) = (rounds[0].known.len(), rounds.iter().map(|round| round.asked.len()).sum());
    match held {
        Held::Later { column, from, .. } => Split::Time { column: column.clone(), from: from.clone(), known, asked },
        Held::Folds(folds) => Split::Folds { folds: *folds, known, asked },
    }
}

/// Both kinds' trials, the mean over the rounds.
fn trials(models: &[Classifier]) -> Vec<Trial> {
    let n = models.len() as f64;
    let mean = |kind: usize, figure: fn(&Trial) -> f64| models.iter().map(|m| figure(&m.trials[kind])).sum::<f64>() / n;
    (0..models[0].trials.len())
        .map(|kind| Trial {
            kind: models[0].trials[kind].kind,
            auc: mean(kind, |trial| trial.auc),
            log_loss: mean(kind, |trial| trial.log_loss),
        })
        .collect()
}

fn bands(subject: Subject, base_rate: f64, answers: &Answers) -> Vec<BandRate> {
    let mut from = 0.0;
    subject
        .bands(base_rate)
        .into_iter()
        .map(|(name, to)| {
            let is_last = to >= 1.0;
            let inside = |p: f64| p >= from && (p < to || is_last);
            let of: Vec<usize> = (0..answers.model.len()).filter(|at| inside(answers.model[*at])).collect();
            let hits = of.iter().filter(|at| answers.outcomes[**at]).count();
            let band = BandRate { name: name.into(), from, to, rows: of.len(), positives: hits };
            from = to;
            band
        })
        .collect()
}

/// What moves the probabilities: the mean size of each column's contribution.
fn drivers(table: &Table, model: &Classifier, asked: &[usize]) -> Vec<Driver> {
    let every = asked.len().div_ceil(MOST_DRIVEN).max(1);
    let some: Vec<usize> = asked.iter().copied().step_by(every).collect();
    let mut sums = vec![0.0; model.columns().len()];
    model.explain(table, &some, |_, explained| {
        sums.iter_mut().zip(&explained.contributions).for_each(|(sum, part)| *sum += part.abs());
    });
    let n = some.len().max(1) as f64;
    let of = |(column, sum): (&str, f64)| Driver { column: column.into(), effect: sum / n };
    let mut drivers: Vec<Driver> = model.columns().into_iter().zip(sums).map(of).collect();
    drivers.sort_by(|a, b| b.effect.total_cmp(&a.effect));
    drivers.retain(|driver| driver.effect > 1e-6);
    drivers.truncate(MOST_DRIVERS);
    drivers
}

/// The least likely, the middle and the likeliest row of the last round, with their reasons.
fn examples(table: &Table, model: &Classifier, answers: &Answers) -> Vec<Example> {
    let mut of: Vec<usize> = answers.folds.last().cloned().unwrap_or_default().collect();
    of.sort_by(|a, b| answers.model[*a].total_cmp(&answers.model[*b]));
    let Some(most) = of.len().checked_sub(1) else { return Vec::new() };
    let mut examples = Vec::with_capacity(3);
    for at in [of[0], of[most / 2], of[most]] {
        let row = answers.rows[at];
        model.explain(table, &[row], |row, explained| {
            let reasons = model.reasons(table, row, &explained, 3);
            examples.push(Example {
                row: row + 1,
                probability: explained.probability,
                came_true: answers.outcomes[at],
                reasons: reasons.iter().map(ToString::to_string).collect(),
            });
        });
    }
    examples
}

#[cfg(test)]
mod tests {
    use super::super::dice::Dice;
    use super::super::{logistic, most_telling};
    use super::*;

    /// Bookings of forty sites, whose chance of being filled is known.
    fn bookings(rows: usize, planted: bool) -> (Table, Vec<bool>, Vec<f64>) {
        let mut dice = Dice::new(11);
        let nature: Vec<f64> = (0..40).map(|_| dice.unit() * 2.0 - 1.0).collect();
        let sites: Vec<usize> = (0..rows).map(|_| (dice.unit() * 40.0) as usize).collect();
        let lead: Vec<f64> = (0..rows).map(|_| dice.unit() * 14.0).collect();
        let hour: Vec<f64> = (0..rows).map(|_| (dice.unit() * 24.0).floor()).collect();
        let truth: Vec<f64> = (0..rows)
            .map(|row| {
                let night = if hour[row] < 6.0 { -1.2 } else { 0.0 };
                let log_odds = 0.4 + nature[sites[row]] + 0.25 * lead[row].min(6.0) + night;
                logistic(if planted { log_odds } else { 0.8 })
            })
            .collect();
        let outcomes = truth.iter().map(|p| dice.unit() < *p).collect();
        let names: Vec<String> = sites.iter().map(|site| format!("S{site}")).collect();
        let ids: Vec<String> = (0..rows).map(|_| format!("id {}", (dice.unit() * 300.0) as usize)).collect();
        let table = Table::new(rows)
            .categories("site", names.iter().map(|name| Some(name.as_str())))
            .numbers("lead", lead.iter().map(|lead| if *lead > 13.5 { f64::NAN } else { *lead }).collect())
            .numbers("hour", hour)
            .categories("id", ids.iter().map(|id| Some(id.as_str())));
        (table, outcomes, truth)
    }

    fn asked<'a>(table: &'a Table, outcomes: &'a [bool], held: Held) -> Question<'a> {
        let baseline = Some("site".into());
        Question { subject: Subject::ShiftFill, table, outcomes, held, baseline, seed: 1 }
    }

    #[test]
    fn what_was_planted_is_found_calibrated_and_better_than_each_sites_own_rate() {
        let (table, outcomes, truth) = bookings(4000, true);
        let later: Vec<bool> = (0..4000).map(|row| row >= 2000).collect();
        let held = Held::Later { column: "day".into(), from: "2025-02-01".into(), later };
        let report = backtest(&asked(&table, &outcomes, held)).unwrap();
        let best = super::super::figures::auc(&truth[2000..], &outcomes[2000..]).unwrap().0;
        assert!(report.figures.auc.value > best - 0.03, "{} of {best}\n{report}", report.figures.auc.value);
        assert!(report.figures.ece < 0.03, "{report}");
        assert!(report.verdict.shown && report.verdict.gain.low > 0.0, "{report}");
        assert_eq!(report.baselines[1].name, "the own rate of each site");
        assert!(report.baselines[1].figures.auc.value < report.figures.auc.value);
        let drivers: Vec<&str> = report.drivers.iter().take(3).map(|driver| driver.column.as_str()).collect();
        assert!(drivers.contains(&"lead") && drivers.contains(&"site") && drivers.contains(&"hour"), "{drivers:?}");
        assert_eq!(report.examples.len(), 3);
        assert!(report.examples[0].reasons.iter().any(|reason| reason.ends_with("less likely")), "{report}");
        assert_eq!(most_telling(&table, &outcomes).as_deref(), Some("site"));
    }

    #[test]
    fn noise_is_no_model_however_many_ids_there_are() {
        let (table, outcomes, _) = bookings(1500, false);
        let report = backtest(&asked(&table, &outcomes, Held::Folds(3))).unwrap();
        assert!((0.4..0.6).contains(&report.figures.auc.value), "{report}");
        assert!(!report.verdict.shown && report.verdict.words.starts_with("not shown to users"), "{report}");
        assert_eq!(report, backtest(&asked(&table, &outcomes, Held::Folds(3))).unwrap(), "the same again");
    }

    #[test]
    fn a_column_from_the_future_is_named_and_nothing_is_shown() {
        let (table, outcomes, _) = bookings(400, true);
        let state = outcomes.iter().map(|filled| Some(if *filled { "done" } else { "missed" }));
        let report = backtest(&asked(&table.categories("state", state), &outcomes, Held::Folds(2))).unwrap();
        assert_eq!((report.leaks.join(" "), report.verdict.shown), ("state".into(), false));
        assert!(report.to_string().contains("leave it out with --drop"), "{report}");
    }

    #[test]
    fn too_little_to_learn_from_or_to_judge_by_is_said() {
        let (table, outcomes, _) = bookings(60, true);
        let mut rare = vec![true; 60];
        rare[..5].fill(false);
        let said = |outcomes: &[bool], held| backtest(&asked(&table, outcomes, held)).unwrap_err().to_string();
        assert!(said(&rare, Held::Folds(5)).contains("too little to learn from"));
        assert!(said(&outcomes, Held::Folds(1)).contains("there can be 2 to 20"));
        let never = Held::Later { column: "day".into(), from: "2030".into(), later: vec![false; 60] };
        assert!(said(&outcomes, never).contains("no row has a day at or after 2030"));
    }

    #[test]
    fn who_leaves_is_compared_with_tenure_alone() {
        let mut dice = Dice::new(5);
        let tenure: Vec<f64> = (0..1500).map(|_| dice.unit() * 10.0).collect();
        let outcomes: Vec<bool> = tenure.iter().map(|years| dice.unit() < logistic(-0.3 * years)).collect();
        let table =
            Table::new(1500).numbers("tenure", tenure).numbers("shoe size", (0..1500).map(|_| dice.unit()).collect());
        let question = Question {
            subject: Subject::Churn,
            table: &table,
            outcomes: &outcomes,
            held: Held::Folds(3),
            baseline: Some("tenure".into()),
            seed: 1,
        };
        let report = backtest(&question).unwrap();
        assert_eq!(report.verdict.against, "tenure alone");
        assert!(!report.verdict.shown, "shoes tell nothing more: {report}");
        let rates: Vec<f64> = report.bands.iter().map(|b| b.positives as f64 / b.rows.max(1) as f64).collect();
        assert!(rates[0] < rates[1], "{report}");
    }
}
