//! Is the operation on course, and what is to be done first? The KPIs, open alerts and data quality of `/alignment`, as a report
//! tells them.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::charts::{Unit, count, day, day_and_year, number};
use crate::reports::{Block, Column, Points, Table};

/// Actions and alerts of the report of a day; that of a week has all.
const FIRST: usize = 5;

/// A KPI as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Kpi {
    /// What it is called.
    pub title: String,
    /// Its value, and its target, as they are read.
    pub value: String,
    /// What is asked of it.
    pub target: String,
    /// What has changed in seven days, as it is read.
    pub change: String,
    /// How it stands: fine, warning, critical or no data.
    pub state: &'static str,
    /// Whether it is on its target or beyond; `None`: nothing to judge.
    pub on_target: Option<bool>,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// For which KPI.
    pub title: String,
    /// How that stands.
    pub state: &'static str,
    /// What helps.
    pub advice: String,
}

/// An open alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// What it is about.
    pub title: String,
    /// Its numbers, in a sentence.
    pub detail: String,
    /// How grave it is.
    pub severity: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Whether somebody said to know of it.
    pub is_known: bool,
}

/// How good the data is.
#[derive(Debug, Clone, PartialEq)]
pub struct Quality {
    /// 0–100; `None`: there was nothing to check.
    pub score: Option<f64>,
    /// What that means.
    pub word: &'static str,
    /// When it was checked.
    pub at: DateTime<Utc>,
}

/// How the operation stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Course {
    /// The day whose values these are; `None`: none was computed yet.
    pub day: Option<NaiveDate>,
    /// 0–100, with its word; `None`: no KPI has a value.
    pub score: Option<(f64, &'static str)>,
    /// The score seven days before.
    pub week_ago: Option<f64>,
    /// The KPIs, in the order of their catalogue.
    pub kpis: Vec<Kpi>,
    /// What to do, the most urgent first.
    pub actions: Vec<Action>,
    /// The open alerts, the gravest first.
    pub alarms: Vec<Alarm>,
    /// `None`: it was not checked yet.
    pub quality: Option<Quality>,
}

impl Course {
    /// In a few sentences.
    #[must_use]
    pub fn said(&self) -> Vec<String> {
        let mut said = vec![self.standing()];
        if self.day.is_some() {
            let off = self.off_target().count();
            let without = self.kpis.iter().filter(|kpi| kpi.on_target.is_none()).count();
            let judged = self.kpis.len() - without;
            let off = if off == 0 { "none".to_owned() } else { off.to_string() };
            let without = match without {
                0 => String::new(),
                n => format!("; {n} without data"),
            };
            said.push(format!("Off target: {off} of {}{without}.", count(judged as i64, "KPI", "KPIs")));
        }
        said.push(match self.alarms.len() {
            0 => "No alert is open.".into(),
            n => format!("{} open.", count(n as i64, "alert is", "alerts are")),
        });
        said.push(match &self.quality {
            Some(Quality { score: Some(score), word, .. }) => {
                format!("Data quality is {} of 100: {word}.", number(*score, 1))
            }
            Some(_) => "There is no data whose quality could be checked.".into(),
            None => "Data quality was not checked yet.".into(),
        });
        said
    }

    fn standing(&self) -> String {
        match (self.day, self.score) {
            (None, _) => "No KPI was computed yet.".into(),
            (_, None) => "No KPI has data.".into(),
            (_, Some((score, word))) => {
                let before = self
                    .week_ago
                    .map(|before| format!(", {} against a week before", Unit::Points.change(score - before)));
                format!("Operational alignment is {} of 100, {word}{}.", number(score, 1), before.unwrap_or_default())
            }
        }
    }

    fn off_target(&self) -> impl Iterator<Item = &Kpi> {
        self.kpis.iter().filter(|kpi| kpi.on_target == Some(false))
    }

    /// Its part of a report: of the KPIs those off target, of actions and alerts the first; with `all` every one.
    pub(super) fn blocks(&self, all: bool, zone: Tz) -> Vec<Block> {
        let day = self.day.map(|day| format!("As computed for {}.", day_and_year(day)));
        let mut blocks = vec![
            Block::heading("On course?", &day.unwrap_or_default()),
            Block::Paragraph { text: self.said().join(" ") },
        ];
        let shown: Vec<&Kpi> = if all { self.kpis.iter().collect() } else { self.off_target().collect() };
        if !shown.is_empty() && self.day.is_some() {
            blocks.push(kpis(&shown, if all { "KPIs and their targets" } else { "KPIs off their target" }));
        }
        let most = if all { usize::MAX } else { FIRST };
        let action = |it: &Action| format!("{} ({}): {}", it.title, it.state, it.advice);
        let alarms = self.alarms.iter().take(most).map(|it| alarm(it, zone));
        let more = self.alarms.len().saturating_sub(most);
        let more = (more > 0).then(|| format!("{} under Operational alignment.", count(more as i64, "more", "more")));
        blocks.push(Block::Columns {
            columns: vec![
                Points {
                    title: "Do first".into(),
                    nothing: "Nothing: no KPI with data is off its target.".into(),
                    points: self.actions.iter().take(most).map(action).collect(),
                },
                Points { title: "Open alerts".into(), nothing: "None.".into(), points: alarms.chain(more).collect() },
            ],
        });
        blocks
    }
}

fn alarm(it: &Alarm, zone: Tz) -> String {
    let since = it.since.with_timezone(&zone);
    let known = if it.is_known { ", acknowledged" } else { "" };
    format!(
        "{}: {}. {} Since {}, {}{known}.",
        it.severity,
        it.title,
        it.detail,
        day(since.date_naive()),
        since.format("%H:%M")
    )
}

fn kpis(shown: &[&Kpi], caption: &str) -> Block {
    let row = |it: &&Kpi| {
        let cells = [it.title.clone(), it.value.clone(), it.target.clone(), it.change.clone(), it.state.to_owned()];
        cells.map(Into::into).to_vec()
    };
    let heads = ["Value", "Target", "Change in 7 days"];
    Block::Table(Table {
        caption: caption.into(),
        columns: [Column::text("KPI")]
            .into_iter()
            .chain(heads.map(Column::number))
            .chain([Column::text("State")])
            .collect(),
        rows: shown.iter().map(row).collect(),
        has_total: false,
        note: String::new(),
    })
}
