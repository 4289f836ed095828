//! The signals of each worker, out of the stored days, cohorts and events.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::store::facts::{self, Event, Windows};
use super::{Certificate, Evidence, Kind, Late, Signal};
use crate::Result;
use crate::database::OrgTx;
use crate::scoring::shrink::{Sample, mean, shrunk};
use crate::scoring::statistics::quantile;
use crate::scoring::{Comparison, comparisons};

/// How many late arrivals are named.
const WORST: usize = 3;

/// What a worker's days say today.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub help: Vec<Signal>,
    pub praise: Vec<Signal>,
}

impl Judged {
    pub(super) fn of(&self, kind: Kind) -> &[Signal] {
        match kind {
            Kind::Help => &self.help,
            Kind::Praise => &self.praise,
        }
    }
}

/// The signals of everybody employed on `last`, or of the workers named.
pub(super) async fn signals(tx: &mut OrgTx, of: Option<&[Uuid]>, last: NaiveDate) -> Result<HashMap<Uuid, Judged>> {
    let today = last + Days::new(1);
    let windows = facts::windows(tx, of, last).await?;
    let standings = Standings::of(comparisons(tx, today).await?, &windows);
    let (missed, late) = facts::missed_and_late(tx, of, last).await?;
    let events = Events {
        missed: by_worker(missed),
        late: by_worker(late),
        certificates: by_worker(facts::certificates(tx, of, today).await?),
        streaks: by_worker(facts::broken_streaks(tx, of, last).await?),
        disputes: by_worker(facts::open_disputes(tx, of).await?),
        gold: by_worker(facts::gold(tx, of, last).await?),
    };
    Ok(windows
        .iter()
        .filter(|window| of.is_none_or(|of| of.contains(&window.worker)))
        .map(|window| (window.worker, judge(window, &standings, &events, today)))
        .collect())
}

struct Events {
    missed: HashMap<Uuid, Vec<Event>>,
    late: HashMap<Uuid, Vec<Event>>,
    certificates: HashMap<Uuid, Vec<Event>>,
    streaks: HashMap<Uuid, Vec<Event>>,
    disputes: HashMap<Uuid, Vec<Event>>,
    gold: HashMap<Uuid, Vec<Event>>,
}

fn by_worker(events: Vec<Event>) -> HashMap<Uuid, Vec<Event>> {
    let mut map: HashMap<Uuid, Vec<Event>> = HashMap::new();
    for event in events {
        map.entry(event.worker).or_default().push(event);
    }
    map
}

fn judge(window: &Windows, standings: &Standings, events: &Events, today: NaiveDate) -> Judged {
    let of = |map: &'_ HashMap<Uuid, Vec<Event>>| map.get(&window.worker).cloned().unwrap_or_default();
    let days = |events: Vec<Event>| {
        let mut days: Vec<NaiveDate> =
            events.iter().flat_map(|it| std::iter::repeat_n(it.day, usize::try_from(it.count).unwrap_or(1))).collect();
        days.sort_unstable();
        days
    };
    let scores = window.bpi.zip(window.bpi_before);
    let help = [
        Some(Evidence::NoShow { days: days(of(&events.missed)), scheduled: window.scheduled }),
        scores.map(|(now, before)| Evidence::BpiDrop { now, before }),
        standings.evidence(window),
        Some(lateness(window, of(&events.late))),
        sla(window),
        window.patrol.map(|score| Evidence::Patrol { score, checkpoints: window.checkpoints, tours: window.tours }),
        Some(Evidence::Certification {
            certificates: of(&events.certificates)
                .into_iter()
                .map(|it| Certificate { name: it.name, expires_on: it.day })
                .collect(),
            on: today,
        }),
        of(&events.streaks).into_iter().next().map(|it| Evidence::BrokenStreak {
            streak: it.name,
            days: i32::try_from(it.count).unwrap_or(i32::MAX),
            on: it.day,
        }),
        Some(Evidence::Dispute { days: days(of(&events.disputes)) }),
    ];
    let praise = [
        scores.map(|(now, before)| Evidence::Rise { now, before }),
        of(&events.gold).into_iter().next().map(|it| Evidence::Gold { name: it.name, on: it.day }),
    ];
    Judged {
        help: help.into_iter().flatten().filter_map(Signal::of).collect(),
        praise: praise.into_iter().flatten().filter_map(Signal::of).collect(),
    }
}

fn lateness(window: &Windows, late: Vec<Event>) -> Evidence {
    Evidence::Lateness {
        minutes: window.late_minutes,
        attended: window.attended,
        minutes_before: window.late_minutes_before,
        attended_before: window.attended_before,
        worst: late.into_iter().take(WORST).map(|it| Late { day: it.day, minutes: it.count }).collect(),
    }
}

/// Tasks or work orders, whichever is kept less among those with enough to judge.
fn sla(window: &Windows) -> Option<Evidence> {
    [("tasks", window.tasks), ("work orders", window.orders)]
        .into_iter()
        .filter_map(|(what, kept)| Some((what, kept, kept.score()?)))
        .min_by(|a, b| a.2.total_cmp(&b.2))
        .map(|(what, kept, _)| Evidence::Sla { what: what.into(), kept })
}

/// The shrunk BPIs of today, by cohort.
struct Standings {
    compared: HashMap<Uuid, Comparison>,
    cohorts: HashMap<String, Cohort>,
}

struct Cohort {
    mean: f64,
    p25: f64,
    p5: f64,
    workers: i64,
}

impl Standings {
    fn of(compared: HashMap<Uuid, Comparison>, windows: &[Windows]) -> Self {
        let mut members: HashMap<&str, Vec<Sample>> = HashMap::new();
        for (sample, comparison) in windows.iter().filter_map(|it| sample(it).zip(compared.get(&it.worker))) {
            for name in &comparison.cohorts {
                members.entry(name).or_default().push(sample);
            }
        }
        let strengths: HashMap<&str, f64> =
            compared.values().filter_map(|it| Some((it.cohort.as_str(), it.prior_strength?))).collect();
        let cohorts = strengths
            .into_iter()
            .filter_map(|(name, k)| Some((name.to_owned(), Cohort::of(members.get(name)?, k)?)))
            .collect();
        Self { compared, cohorts }
    }

    fn evidence(&self, window: &Windows) -> Option<Evidence> {
        let comparison = self.compared.get(&window.worker)?;
        let cohort = self.cohorts.get(&comparison.cohort)?;
        let own = sample(window)?;
        Some(Evidence::UnderCohort {
            bpi: own.score,
            shrunk: shrunk(own, cohort.mean, comparison.prior_strength?),
            shifts: window.scheduled,
            p25: cohort.p25,
            p5: cohort.p5,
            cohort: comparison.cohort.clone(),
            workers: cohort.workers,
        })
    }
}

impl Cohort {
    fn of(members: &[Sample], k: f64) -> Option<Self> {
        let mean = mean(members).filter(|_| members.len() >= crate::scoring::cohort::FEWEST)?;
        let mut sorted: Vec<f64> = members.iter().map(|member| shrunk(*member, mean, k)).collect();
        sorted.sort_by(f64::total_cmp);
        let workers = i64::try_from(members.len()).unwrap_or(i64::MAX);
        Some(Self { mean, p25: quantile(&sorted, 0.25)?, p5: quantile(&sorted, 0.05)?, workers })
    }
}

fn sample(window: &Windows) -> Option<Sample> {
    window.bpi.map(|score| Sample { n: window.scheduled as f64, score })
}
