//! Will a shift be filled by its start, why, and when should it have been posted?
//!
//! Learned from the shifts that were posted open, each looked at from one moment before its start, with what was known
//! then. How likely, [`at_risk`], for what, and the posting time that would do all come from the one model.

mod features;
mod memory;
mod store;

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::backtest::{Held, Question, Subject, backtest};
use super::classifier::Classifier;
use super::report::Report;
use super::store as kept;
use crate::database::OrgTx;
use crate::{Error, Result};

pub use memory::{Memory, Outlook};

use features::{History, Look, OpenShift, Pool, SITE, has_season, moment, table, words};
use store::Which;

/// A shift with a lower probability is at risk.
pub const AT_RISK: f64 = 0.7;
/// Its name in the store.
pub const NAME: &str = "shift-fill";
/// It learns from the shifts of so many days.
const DAYS: i64 = 400;
/// History begins so many days before.
const HISTORY_DAYS: i64 = 100;
/// It learns from the latest of these, at the most: each asks who could have come.
const MOST_SHIFTS: usize = 30_000;
/// Fewer open shifts teach nothing.
const FEWEST_SHIFTS: usize = 200;
/// The later part of the shifts is held out for the back-test.
const HELD_OUT: f64 = 0.3;
/// Posting times that are weighed, in hours before the start.
const LEADS: [f64; 12] = [6.0, 12.0, 18.0, 24.0, 36.0, 48.0, 60.0, 72.0, 96.0, 120.0, 144.0, 168.0];

/// What a version learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Learned {
    classifier: Classifier,
    season: bool,
    /// The longest lead that was usual: beyond it nothing was seen.
    longest_lead: f64,
    /// What an hour of an open shift cost once it was filled, by site; all sites under the empty name.
    hourly: HashMap<String, f64>,
}

/// What a training came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Training {
    /// A version, and whether its predictions may be shown.
    Done {
        /// Which version.
        version: i32,
        /// What the back-test came to.
        report: Box<Report>,
    },
    /// There were so few open shifts that nothing was learned.
    TooLittle {
        /// How many.
        shifts: usize,
    },
}

/// How likely a shift is filled by its start.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prediction {
    /// Which shift.
    pub shift: Uuid,
    /// 0–1.
    pub probability: f64,
    /// Below [`AT_RISK`].
    pub at_risk: bool,
    /// The three strongest reasons, in words.
    pub reasons: Vec<String>,
    /// The fewest hours before its start at which it would have had to be posted to reach the target; `None` where no
    /// posting time that was ever usual would do.
    pub post_hours_ahead: Option<f64>,
    /// What it is likely to cost once filled, in the organization's currency; `None` where no open shift was filled yet.
    pub cost: Option<f64>,
}

/// Learns from the shifts that began before `now`, judges itself on the later of them, and is kept as a version. Run
/// again on the same day, it takes the place of that day's version.
///
/// # Errors
/// [`Error::Database`].
pub async fn train_shift_fill(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<Training> {
    let facts = Facts::read(tx, now).await?;
    if !facts.teach() {
        return Ok(Training::TooLittle { shifts: facts.shifts.len() });
    }
    let (first_day, last_day) = (facts.shifts[0].0.day, now.date_naive());
    let judging = tokio::task::spawn_blocking(move || facts.judged());
    let judged = judging.await.map_err(|error| Error::io("training shift fill")(std::io::Error::other(error)))?;
    let (report, learned) = match judged {
        Err(Error::Invalid(_)) => return Ok(Training::TooLittle { shifts: 0 }),
        other => other?,
    };
    let training = kept::Training { name: NAME, at: now, first_day, last_day, report: &report, parameters: &learned };
    let version = kept::keep(tx, &training).await?;
    Ok(Training::Done { version, report: Box::new(report) })
}

/// How likely each of these shifts is filled, as things stand now, by the newest version; `target` is the probability
/// that a recommended posting time reaches. Empty where there is no version, or none that may be shown
/// (see [`super::latest`] for why).
///
/// # Errors
/// [`Error::Database`]; [`Error::Json`] when a stored model is not what it should be.
pub async fn predict_shift_fill(
    tx: &mut OrgTx,
    shifts: &[Uuid],
    target: f64,
    now: DateTime<Utc>,
) -> Result<Vec<Prediction>> {
    let outlook = Memory::default().outlook(tx, shifts, now).await?;
    Ok(outlook.map_or_else(Vec::new, |outlook| outlook.predictions(shifts, target)))
}

fn pool(pools: &HashMap<Uuid, Pool>, shift: &OpenShift) -> Pool {
    pools.get(&shift.id).copied().unwrap_or_default()
}

/// What it learns from.
struct Facts {
    /// In the order of their moments, with who could come.
    shifts: Vec<(OpenShift, DateTime<Utc>, Pool)>,
    history: History,
    hourly: HashMap<String, f64>,
}

impl Facts {
    async fn read(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<Self> {
        let from = now - Duration::days(DAYS + HISTORY_DAYS);
        let begun = store::open_shifts(tx, Which::Begun(from, now)).await?;
        let history = History::of(&begun, &store::answers(tx, from, now).await?);
        let hourly = hourly(&begun);
        let first = now - Duration::days(DAYS);
        let mut looked: Vec<(OpenShift, DateTime<Utc>)> = begun
            .into_iter()
            .filter(|shift| shift.starts_at >= first)
            .filter_map(|shift| moment(&shift).map(|at| (shift, at)))
            .collect();
        looked.drain(..looked.len().saturating_sub(MOST_SHIFTS));
        let pools = store::pools(tx, &looked.iter().map(|(shift, at)| (shift.id, *at)).collect::<Vec<_>>()).await?;
        let shifts = looked
            .into_iter()
            .map(|(shift, at)| {
                let pool = pool(&pools, &shift);
                (shift, at, pool)
            })
            .collect();
        Ok(Self { shifts, history, hourly })
    }

    /// Whether there is enough of either outcome.
    fn teach(&self) -> bool {
        let filled = self.shifts.iter().filter(|(shift, ..)| shift.filled_at.is_some()).count();
        self.shifts.len() >= FEWEST_SHIFTS && filled.min(self.shifts.len() - filled) >= FEWEST_SHIFTS / 10
    }

    fn judged(self) -> Result<(Report, Learned)> {
        let looks: Vec<Look<'_>> =
            self.shifts.iter().map(|(shift, at, pool)| Look { shift, at: *at, pool: *pool }).collect();
        let days = self.shifts.iter().map(|(shift, ..)| shift.day);
        let season = days.clone().min().zip(days.max()).is_some_and(|(first, last)| has_season(first, last));
        let table = table(&looks, &self.history, season);
        let outcomes: Vec<bool> = self.shifts.iter().map(|(shift, ..)| shift.filled_at.is_some()).collect();
        // Shifts are in the order of their starts; what begins from here on is held out.
        let split = self.shifts[((1.0 - HELD_OUT) * self.shifts.len() as f64) as usize].0.starts_at;
        let held = Held::Later {
            column: "start".into(),
            from: split.date_naive().to_string(),
            later: self.shifts.iter().map(|(shift, ..)| shift.starts_at >= split).collect(),
        };
        let question = Question {
            subject: Subject::ShiftFill,
            table: &table,
            outcomes: &outcomes,
            held,
            baseline: Some(SITE.into()),
            seed: 1,
        };
        let target = "a shift that was posted open is filled by its start".into();
        let report = Report { target, ..backtest(&question)? };
        let all: Vec<usize> = (0..outcomes.len()).collect();
        let classifier = Classifier::fitted(&table, &all, &outcomes, 1)?;
        let longest_lead = self
            .shifts
            .iter()
            .map(|(shift, ..)| (shift.starts_at - shift.posted_at).num_minutes() as f64 / 60.0)
            .fold(0.0, f64::max);
        Ok((report, Learned { classifier, season, longest_lead, hourly: self.hourly }))
    }
}

/// What an hour of open shifts cost that were filled, by site, and over all under the empty name.
fn hourly(shifts: &[OpenShift]) -> HashMap<String, f64> {
    let mut sums = HashMap::<String, (f64, f64)>::new();
    for shift in shifts.iter().filter(|shift| shift.filled_at.is_some() && shift.pay > 0.0) {
        for name in [shift.site.as_str(), ""] {
            let sum = sums.entry(name.to_owned()).or_default();
            *sum = (sum.0 + shift.pay, sum.1 + shift.hours);
        }
    }
    sums.into_iter().map(|(name, (pay, hours))| (name, pay / hours)).collect()
}

impl Learned {
    fn predictions(&self, looks: &[Look<'_>], history: &History, target: f64) -> Vec<Prediction> {
        let table = table(looks, history, self.season);
        let rows: Vec<usize> = (0..looks.len()).collect();
        let posting = self.posting_times(looks, history, target);
        let mut predictions = Vec::with_capacity(looks.len());
        self.classifier.explain(&table, &rows, |row, explained| {
            let reasons = self.classifier.reasons(&table, row, &explained, 3);
            let shift = looks[row].shift;
            let hourly = self.hourly.get(&shift.site).or_else(|| self.hourly.get(""));
            predictions.push(Prediction {
                shift: shift.id,
                probability: explained.probability,
                at_risk: explained.probability < AT_RISK,
                reasons: reasons.iter().map(words).collect(),
                post_hours_ahead: posting[row],
                cost: hourly.map(|hourly| hourly * shift.hours),
            });
        });
        predictions
    }

    /// The shortest lead at which the model reaches the target, had the shift been posted then with all else as it is.
    fn posting_times(&self, looks: &[Look<'_>], history: &History, target: f64) -> Vec<Option<f64>> {
        let mut best = vec![None; looks.len()];
        for lead in LEADS.into_iter().filter(|lead| *lead <= self.longest_lead) {
            let as_posted: Vec<OpenShift> = looks
                .iter()
                .map(|look| OpenShift {
                    posted_at: look.shift.starts_at - Duration::minutes((60.0 * lead) as i64),
                    ..look.shift.clone()
                })
                .collect();
            let then: Vec<Look<'_>> =
                as_posted.iter().zip(looks).map(|(shift, look)| Look { shift, at: shift.posted_at, ..*look }).collect();
            let table = table(&then, history, self.season);
            let rows: Vec<usize> = (0..then.len()).collect();
            for (best, p) in best.iter_mut().zip(self.classifier.probabilities(&table, &rows)) {
                if best.is_none() && p >= target {
                    *best = Some(lead);
                }
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Days, NaiveDate};

    use super::super::figures::{auc, deciles, ece};
    use super::*;
    use crate::intake::Table as Fact;
    use crate::simulation::{Company, Plan, Scale, Simulation};

    /// The open shifts of the demo company that have begun, each with the planted chance that it is filled.
    fn planted(days: u64) -> Vec<(OpenShift, f64)> {
        let today: NaiveDate = "2026-03-18".parse().unwrap();
        let plan = Plan::new(Company::Demo, Scale::Small, 7, today).begun(today - Days::new(days));
        let simulation = Simulation::new(plan);
        let chances: HashMap<String, f64> = simulation.open_shifts(plan.first_day).collect();
        let (mut shifts, mut holidays) = (Vec::new(), Vec::new());
        simulation.write(Fact::Shifts, plan.first_day, &mut shifts).unwrap();
        simulation.write(Fact::CalendarDays, plan.first_day, &mut holidays).unwrap();
        let rows = |bytes: &[u8]| -> Vec<HashMap<String, String>> {
            csv::Reader::from_reader(bytes).deserialize().map(Result::unwrap).collect()
        };
        let holidays: Vec<String> =
            rows(&holidays).into_iter().filter(|row| row["kind"] == "holiday").map(|row| row["day"].clone()).collect();
        let mut open: Vec<(OpenShift, f64)> = rows(&shifts)
            .into_iter()
            .filter_map(|row| Some((*chances.get(&row["ref"])?, row)))
            .map(|(chance, row)| (shift(&row, &holidays), chance))
            .filter(|(shift, _)| shift.day < today)
            .collect();
        open.sort_by_key(|(shift, _)| (shift.starts_at, shift.id));
        open
    }

    fn shift(row: &HashMap<String, String>, holidays: &[String]) -> OpenShift {
        let moment = |column: &str| DateTime::parse_from_rfc3339(&row[column]);
        let starts = moment("starts_at").unwrap();
        let day = starts.date_naive();
        OpenShift {
            id: Uuid::from_u128(row["ref"].bytes().fold(0, |id, byte| id * 131 + u128::from(byte))),
            site: row["site"].clone(),
            day,
            starts_at: starts.to_utc(),
            hours: 8.0,
            local: starts.naive_local(),
            skill: Some(row["required_skill"].clone()),
            posted_at: moment("posted_at").unwrap().to_utc(),
            filled_at: moment("filled_at").ok().map(|at| at.to_utc()),
            holiday: holidays.contains(&day.to_string()),
            pay: 800.0,
        }
    }

    #[test]
    fn the_planted_chance_is_found_again_and_calibrated() {
        let open = planted(400);
        let shifts: Vec<OpenShift> = open.iter().map(|(shift, _)| shift.clone()).collect();
        let history = History::of(&shifts, &[]);
        let looks: Vec<Look<'_>> =
            shifts.iter().map(|shift| Look { shift, at: shift.posted_at, pool: Pool::default() }).collect();
        let table = table(&looks, &history, false);
        let outcomes: Vec<bool> = shifts.iter().map(|shift| shift.filled_at.is_some()).collect();
        let split = open.len() * 6 / 10;
        let (known, asked): (Vec<usize>, Vec<usize>) = (0..open.len()).partition(|row| *row < split);
        let model = Classifier::fitted(&table, &known, &outcomes, 1).unwrap();
        let told = model.probabilities(&table, &asked);
        let truth: Vec<f64> = asked.iter().map(|row| open[*row].1).collect();
        let came: Vec<bool> = asked.iter().map(|row| outcomes[*row]).collect();
        let (found, best) = (auc(&told, &came).unwrap().0, auc(&truth, &came).unwrap().0);
        assert!(found > best - 0.03, "AUC {found:.3} of {best:.3} on {} shifts", asked.len());
        // Against what was planted, not what fell: chance has no part in it.
        let mut tenths = deciles(&told, &came);
        let mut order: Vec<usize> = (0..told.len()).collect();
        order.sort_by(|a, b| told[*a].total_cmp(&told[*b]));
        let mut from = 0;
        for tenth in &mut tenths {
            let of = &order[from..from + tenth.rows];
            tenth.observed = of.iter().map(|at| truth[*at]).sum::<f64>() / tenth.rows as f64;
            from += tenth.rows;
        }
        let error = ece(&tenths);
        assert!(error < 0.03, "calibration error {error:.4}: {tenths:?}");
    }

    #[test]
    fn posted_earlier_it_is_likelier_and_the_posting_time_is_the_models_own() {
        let open = planted(200);
        let shifts: Vec<OpenShift> = open.into_iter().map(|(shift, _)| shift).collect();
        let facts = Facts {
            history: History::of(&shifts, &[]),
            hourly: hourly(&shifts),
            shifts: shifts.iter().map(|shift| (shift.clone(), shift.posted_at, Pool::default())).collect(),
        };
        let (report, learned) = facts.judged().unwrap();
        assert!(report.verdict.shown, "{report}");
        let history = History::of(&shifts, &[]);
        let looks: Vec<Look<'_>> =
            shifts.iter().take(200).map(|shift| Look { shift, at: shift.posted_at, pool: Pool::default() }).collect();
        let modest = learned.predictions(&looks, &history, 0.4);
        let bold = learned.predictions(&looks, &history, 0.8);
        let hours = |told: &Prediction| told.post_hours_ahead.unwrap_or(f64::MAX);
        assert!(modest.iter().zip(&bold).all(|(modest, bold)| hours(modest) <= hours(bold)));
        assert!(modest.iter().zip(&bold).any(|(modest, bold)| hours(modest) < hours(bold)));
        let told = &bold[0];
        assert_eq!((told.reasons.len(), told.at_risk), (3, told.probability < AT_RISK), "{told:?}");
        assert!((told.cost.unwrap() - 800.0).abs() < 1e-6, "eight hours at 100");
    }
}
