//! How good is a proposal as it stands? The facts its quality rests on.

use serde::{Deserialize, Serialize};

use super::week::WeekState;
use super::{Line, WorkerId};
use crate::operations::crew::{Crew, monday_of};
use crate::operations::roster::{Assigned, Priced, QualityFacts, RosterQuality, price, quality};
use crate::scoring::statistics::gini;
use crate::units::Rate;

/// What the quality of a proposal rests on, and how the hours lie before and after. Money in cents, hours in minutes of
/// the week, without names and in no order of people.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// What the score is made of: the whole week of the site, with what is settled already.
    pub facts: QualityFacts,
    /// Minutes of each of the site's own people before, ascending; those after are in the facts.
    pub before: Vec<i64>,
    /// Planned pay of what is settled already.
    pub committed_cents: i64,
    /// What the site may spend on pay in the week.
    pub budget_cents: Option<i64>,
    /// How many people were asked about.
    pub people: usize,
    /// Whether no better roster is possible, proven.
    pub optimal: bool,
    /// Whether no roster fills more shifts, proven.
    pub most_filled: bool,
    /// The Monday of the week whose pattern was copied.
    pub copied_from: Option<chrono::NaiveDate>,
}

impl Figures {
    /// How unevenly the hours lie before and after, 0 even.
    #[must_use]
    pub fn unevenness(&self) -> (Option<f64>, Option<f64>) {
        let of = |minutes: &[i64]| gini(&minutes.iter().map(|minutes| *minutes as f64).collect::<Vec<_>>());
        (of(&self.before), of(&self.facts.minutes))
    }

    /// The judgement.
    #[must_use]
    pub fn quality(&self) -> RosterQuality {
        quality(&self.facts)
    }

    /// Judges the lines as they stand. Returns what each filled line costs.
    pub(super) fn judge(&mut self, week: &WeekState, crew: &Crew, lines: &[Line]) -> Vec<Priced> {
        let assigned: Vec<Assigned> = lines.iter().filter_map(Line::assigned).collect();
        let mut priced = price(&crew.shifts, &crew.people, &assigned, &crew.rules);
        for line in priced.iter_mut().filter(|line| !crew.paid.contains(&line.worker)) {
            (line.wage_cents, line.overtime_cents, line.premium_cents) = (0, 0, 0);
        }
        let cost: i64 = priced.iter().map(Priced::cost_cents).sum();
        let given = i64::try_from(assigned.len()).unwrap_or(0);
        let all = i64::try_from(lines.len()).unwrap_or(0);
        let changed = i64::try_from(lines.iter().filter(|line| line.change.is_some()).count()).unwrap_or(0);
        let mut after = Vec::new();
        self.before.clear();
        for (worker, minutes) in settled(crew) {
            let given: i64 = priced.iter().filter(|line| line.worker == worker).map(|line| line.minutes).sum();
            self.before.push(minutes);
            after.push(minutes + given);
        }
        self.before.sort_unstable();
        after.sort_unstable();
        (self.committed_cents, self.budget_cents) = (week.committed_cents, week.budget_cents);
        self.facts = QualityFacts {
            filled: Rate { hit: week.filled + given, of: week.filled + week.missed + all },
            compliant: Rate { hit: week.filled - week.breaching + given, of: week.filled + given },
            cost_and_budget: week.budget_cents.map(|budget| (week.committed_cents + cost, budget)),
            minutes: after,
            kept: Rate { hit: all - changed, of: all },
            accepted: week.accepted,
        };
        priced
    }
}

/// The minutes each of the site's own people has in the week already.
fn settled(crew: &Crew) -> Vec<(WorkerId, i64)> {
    let Some(first) = crew.shifts.first() else { return Vec::new() };
    let week = |at: chrono::DateTime<chrono::Utc>| monday_of(at.with_timezone(&crew.rules.zone).date_naive());
    let own = week(first.starts);
    let minutes = |person: &crate::operations::roster::Person| {
        person.booked.iter().filter(|work| week(work.starts) == own).map(|work| work.minutes).sum()
    };
    let home = crew.people.iter().filter(|person| crew.home.contains(&person.id));
    home.map(|person| (person.id, minutes(person))).collect()
}
