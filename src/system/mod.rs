//! Is the machinery well? Database, migrations, queue, timetable, mail and disk, each with a state and what it was judged by. It
//! answers within seconds whatever does not: what cannot be asked is said to be unknown, and never taken for well.

mod disk;
mod judge;
mod probe;

use serde::Serialize;

pub use disk::{LEAST_ROOM_MB, room_mb};
pub use judge::{Answered, requests};
pub use probe::{Look, PATIENCE, look};

/// How a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Well.
    Fine,
    /// It cannot be told.
    Unknown,
    /// Somebody should look before long.
    Warning,
    /// Somebody must look now.
    Critical,
}

impl State {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Unknown => "unknown",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }

    /// Its shape, so that colour is never all that tells it.
    #[must_use]
    pub fn shape(self) -> &'static str {
        match self {
            Self::Fine => "●",
            Self::Unknown => "○",
            Self::Warning => "▲",
            Self::Critical => "■",
        }
    }
}

/// One part of the machinery.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Its name in data.
    pub code: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// How it is.
    pub state: State,
    /// Why, in a sentence.
    pub says: String,
    /// What it was judged by: each with its name.
    pub facts: Vec<Fact>,
}

/// A figure with its name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fact {
    /// What it is.
    pub name: String,
    /// How much, with its unit.
    pub value: String,
}

impl Part {
    fn new(code: &'static str, title: &'static str, state: State, says: impl Into<String>) -> Self {
        Self { code, title, state, says: says.into(), facts: Vec::new() }
    }

    fn fact(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.facts.push(Fact { name: name.into(), value: value.to_string() });
        self
    }
}

/// The state of the whole: that of its worst part.
#[must_use]
pub fn overall(parts: &[Part]) -> State {
    parts.iter().map(|part| part.state).max().unwrap_or(State::Unknown)
}
