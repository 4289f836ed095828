//! Who works which shift? The roster generator and the rules that every roster is held to.
//!
//! Pure: no clock, no database, no chance. The same question gets the same answer, and ties go to the smaller id.
//!
//! - [`generate`] proposes a [`Roster`]: first as many shifts filled as possible, then the least [`Weights`]ed sum of
//!   cost, uneven hours and unmet preferences. It says for each line why this person, for each open shift why nobody.
//! - [`check`] holds any assignments, ours or a person's, to the same hard [`Rules`].
//! - [`price`] says what assignments cost; [`suited`] ranks whom to offer one shift to; [`quality`] judges a roster.
//!
//! Conventions: money is whole cents. A shift belongs to the local day on which it starts, in the zone of the rules;
//! all its minutes count in the ISO week (Monday to Sunday) of that day, also where it ends in the next one. Rest is
//! elapsed time, so a night in which the clocks change is as long as it was, not as the clock face says.

mod check;
mod exact;
mod generate;
mod improve;
mod instance;
mod matching;
mod person;
mod price;
mod quality;
mod reasons;
mod rules;
mod shift;
mod state;
mod suited;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

pub use check::{Assigned, Breach, check};
pub use generate::{Assignment, OpenShift, PersonHours, Roster, generate};
pub use person::{Absence, Booked, Certification, Person, Preferences, TimeOfDay};
pub use price::{Priced, price};
pub use quality::{QualityFacts, QualityImprovement, QualityLine, QualityPart, RosterQuality, quality};
pub use reasons::{Blocked, told_to_worker};
pub use rules::{Rule, Rules, Weights};
pub use shift::Shift;
pub use suited::{Candidate, suited};
