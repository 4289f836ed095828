//! Is the operation on course, and what is to be done first? The KPIs, open alerts and data quality of `/alignment`, as a report
//! tells them.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::Result;
use crate::alignment::{self, BACK, Band, Row, Set, Then, alerts, alignment_of, quality};
use crate::charts::{Unit, count, day, day_and_year, number};
use crate::database::OrgTx;
use crate::people::{Scope, Sites};
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
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quality {
    /// It was not checked yet.
    Unchecked,
    /// As the newest check found it.
    Known {
        /// 0–100; `None`: there was nothing to check.
        score: Option<f64>,
        /// What that means.
        word: &'static str,
    },
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
    /// The open alerts, the gravest first; `None`: not told.
    pub alarms: Option<Vec<Alarm>>,
    /// How good the data is; `None`: not told.
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
        said.extend(self.alarms.as_ref().map(|alarms| match alarms.len() {
            0 => "No alert is open.".into(),
            n => format!("{} open.", count(n as i64, "alert is", "alerts are")),
        }));
        said.extend(self.quality.as_ref().map(|quality| match quality {
            Quality::Known { score: Some(score), word } => {
                format!("Data quality is {} of 100: {word}.", number(*score, 1))
            }
            Quality::Known { score: None, .. } => "There is no data whose quality could be checked.".into(),
            Quality::Unchecked => "Data quality was not checked yet.".into(),
        }));
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
        let mut columns = vec![Points {
            title: "Do first".into(),
            nothing: "Nothing: no KPI with data is off its target.".into(),
            points: self.actions.iter().take(most).map(action).collect(),
        }];
        columns.extend(self.alarms.as_ref().map(|open| {
            let more = open.len().saturating_sub(most);
            let more = (more > 0).then(|| format!("{more} more under Operational alignment."));
            let shown = open.iter().take(most).map(|it| alarm(it, zone));
            Points { title: "Open alerts".into(), nothing: "None.".into(), points: shown.chain(more).collect() }
        }));
        blocks.push(Block::Columns { columns });
        blocks
    }
}

/// How the operation stands by the newest values up to a day: of an organization's own people and sites, or, where `product`
/// is asked for, of Muster as a business.
pub(super) async fn course(tx: &mut OrgTx, set: Set, last: NaiveDate) -> Result<Course> {
    let it = alignment_of(tx, set, last, BACK[0] + 1).await?;
    let week_ago = |trend: &[Then; 5]| trend.iter().find(|then| then.back == 7).copied();
    let kpi = |row: &Row| {
        let (kpi, standing) = (row.standing.kpi, &row.standing);
        Kpi {
            title: kpi.title().into(),
            value: kpi.text(standing.value()),
            target: kpi.text(Some(standing.target.target)),
            change: kpi.change(week_ago(&row.trend).and_then(|then| then.change)),
            state: standing.state().word(),
            on_target: standing.is_on_target(),
        }
    };
    let action = |it: alignment::Action| Action {
        title: it.kpi.title().into(),
        state: it.state.word(),
        advice: it.advice.into(),
    };
    // Alerts and data quality are the organization's.
    let (alarms, quality) = match set {
        Set::Workforce => (Some(alarms(tx).await?), Some(quality(tx).await?)),
        Set::Product => (None, None),
    };
    Ok(Course {
        day: it.day,
        score: it.score.map(|score| (score, Band::of(score).word())),
        week_ago: week_ago(&it.trend).and_then(|then| then.value),
        kpis: it.rows.iter().map(kpi).collect(),
        actions: it.actions().into_iter().map(action).collect(),
        alarms,
        quality,
    })
}

async fn alarms(tx: &mut OrgTx) -> Result<Vec<Alarm>> {
    let open = alerts::open_alerts(tx).await?;
    let alarm = |it: alerts::Alert| Alarm {
        title: it.title,
        detail: it.detail,
        severity: it.severity.label().into(),
        since: it.opened_at,
        is_known: it.acknowledged.is_some(),
    };
    Ok(open.into_iter().map(alarm).collect())
}

async fn quality(tx: &mut OrgTx) -> Result<Quality> {
    let newest = quality::latest(tx).await?;
    Ok(newest.map_or(Quality::Unchecked, |it| Quality::Known { score: it.score, word: quality::word(it.score) }))
}

/// Whoever sees no site of the organization reads of Muster as a business: that is the platform.
pub(super) fn set_of(scope: &Scope) -> Set {
    if scope.sites == Sites::Only(Vec::new()) { Set::Product } else { Set::Workforce }
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
