//! Which facts can be disputed, and what a note must be.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The kind of a scored fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// A shift: late, or not come.
    Shift,
    /// A task: not done, late, or not right the first time.
    Task,
    /// A tour: not completed, or checkpoints missed.
    Tour,
    /// A work order: closed after its deadline.
    WorkOrder,
}

/// Characters a note has at least: enough to say what is wrong.
pub const SHORTEST_NOTE: usize = 5;
const LONGEST_NOTE: usize = 2000;

impl Fact {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Shift, Self::Task, Self::Tour, Self::WorkOrder];

    /// Its word in data and forms.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Shift => "shift",
            Self::Task => "task",
            Self::Tour => "tour",
            Self::WorkOrder => "work_order",
        }
    }
}

impl std::str::FromStr for Fact {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|fact| fact.word() == text).ok_or(Error::NotFound("kind of fact"))
    }
}

/// The note as it will be kept.
///
/// # Errors
/// [`Error::Invalid`] for a note too short to say anything, or too long to be read.
pub fn check_note(note: &str) -> Result<&str> {
    let note = note.trim();
    match note.chars().count() {
        0..SHORTEST_NOTE => {
            Err(Error::Invalid("Say in a few words what is wrong with it, so that it can be put right.".into()))
        }
        SHORTEST_NOTE..=LONGEST_NOTE => Ok(note),
        n => Err(Error::Invalid(format!("The note has {n} characters; {LONGEST_NOTE} is the most."))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_says_something_and_is_no_essay() {
        assert!(check_note("  ? ").is_err());
        assert_eq!(check_note("  The gate was shut. ").unwrap(), "The gate was shut.");
        assert!(check_note(&"x".repeat(2001)).is_err());
    }
}
