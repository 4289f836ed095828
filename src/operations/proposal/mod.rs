//! A roster before anybody is told of it: what does the generator propose for a site's week, how good is it, what does
//! it cost, and what becomes of it?
//!
//! [`make`] asks the generator and keeps the answer as a draft; [`change`] gives single lines to somebody else, or to
//! nobody; [`confirm`] gives the shifts to their people, once, if what stood behind each line still holds; [`discard`]
//! forgets it. The hard rules hold for every line that is given, whoever chose it.

mod change;
mod confirm;
pub mod figures;
mod judge;
mod make;
mod store;
mod week;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

pub use change::{Changed, Choices, LONGEST_REASON, change, choices};
pub use confirm::{Confirmed, confirm, discard};
pub use judge::Figures;
pub use make::{Ask, Question, asked, is_stale, make};
pub use store::{Made, Summary, made, own_reasons, proposal, proposals_of};
pub use week::{Pattern, WeekState, patterns, week_state};

use super::roster::{Assigned, RosterQuality};
use crate::units::{ShiftId, SiteId, UserId, WorkerId};

/// What the generator is called in the records.
pub const ALGORITHM: &str = "generated";

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody has decided yet.
    Draft,
    /// Its shifts are given.
    Confirmed,
    /// It was thrown away.
    Discarded,
}

/// What confirming made of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The person has the shift.
    Given,
    /// Nobody has it.
    Open,
    /// Something had changed since, so that it was left as it was.
    Refused,
}

/// A line that somebody changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Who has it instead; `None`: nobody.
    pub to: Option<WorkerId>,
    /// Why, in the words of who changed it.
    pub reason: String,
    /// Who changed it.
    pub by: UserId,
    /// Their name.
    pub by_name: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// One shift of a proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Which shift.
    pub shift: ShiftId,
    /// Its business day.
    pub day: NaiveDate,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// The skill it asks for.
    pub skill: Option<String>,
    /// Whether confirming adds the shift.
    pub creates: bool,
    /// Whom the generator proposes.
    pub proposed: Option<WorkerId>,
    /// Why this person, or why nobody.
    pub why: String,
    /// What it costs as it stands, in cents.
    pub cost_cents: i64,
    /// Its minutes beyond the ordinary hours of the week.
    pub overtime_minutes: i64,
    /// What somebody made of it by hand.
    pub change: Option<Change>,
    /// What confirming made of it; `None` before.
    pub outcome: Option<Outcome>,
    /// Where it was refused: why.
    pub outcome_why: Option<String>,
}

impl Line {
    /// Who has it as it stands.
    #[must_use]
    pub fn worker(&self) -> Option<WorkerId> {
        self.change.as_ref().map_or(self.proposed, |change| change.to)
    }

    fn assigned(&self) -> Option<Assigned> {
        Some(Assigned { shift: self.shift, worker: self.worker()? })
    }
}

/// A proposal with all its lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// Which.
    pub id: Uuid,
    /// For which site.
    pub site: SiteId,
    /// The site's name.
    pub site_name: String,
    /// The site's zone: its days and clock.
    pub zone: Tz,
    /// The Monday.
    pub first: NaiveDate,
    /// The Sunday.
    pub last: NaiveDate,
    /// Of what the generator was given.
    pub fingerprint: String,
    /// How long it thought, in milliseconds.
    pub solve_ms: i32,
    /// What its quality rests on.
    pub figures: Figures,
    /// How good it is as it stands.
    pub quality: RosterQuality,
    /// What its filled lines cost, in cents.
    pub cost_cents: i64,
    /// Who asked for it.
    pub made_by: UserId,
    /// Their name.
    pub made_by_name: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// What became of it.
    pub state: State,
    /// Who decided, and when.
    pub settled: Option<(String, DateTime<Utc>)>,
    /// The roster it became.
    pub roster: Option<Uuid>,
    /// Its shifts, in the order in which they begin.
    pub lines: Vec<Line>,
    /// The people of the lines.
    pub names: HashMap<WorkerId, String>,
}

impl Proposal {
    /// Its lines with somebody, as they stand.
    #[must_use]
    pub fn assigned(&self) -> Vec<Assigned> {
        self.lines.iter().filter_map(Line::assigned).collect()
    }

    /// How many lines somebody changed.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.lines.iter().filter(|line| line.change.is_some()).count()
    }

    /// Everybody who is in a line, proposed or by hand.
    fn everybody(&self) -> Vec<WorkerId> {
        let mut all: Vec<WorkerId> =
            self.lines.iter().flat_map(|line| [line.proposed, line.worker()]).flatten().collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}
