//! What an entry of the queue is, and where it stands.

use serde::{Deserialize, Serialize};

/// What the conversation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something got harder.
    Help,
    /// Something went well.
    Praise,
}

impl Kind {
    /// Both, praise first: as the page shows them.
    pub const ALL: [Self; 2] = [Self::Praise, Self::Help];

    /// The word for it in data.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Help => "help",
            Self::Praise => "praise",
        }
    }
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody has taken it up yet.
    Suggested,
    /// A day is set.
    Scheduled,
    /// The conversation is going on.
    InProgress,
    /// It was held.
    Completed,
    /// Put off, with a reason.
    Snoozed,
    /// Not needed, with a reason.
    Dismissed,
    /// The signals went away before anybody took it up.
    Lapsed,
}

impl State {
    /// All, in the order of the work.
    pub const ALL: [Self; 7] = [
        Self::Suggested,
        Self::Scheduled,
        Self::InProgress,
        Self::Completed,
        Self::Snoozed,
        Self::Dismissed,
        Self::Lapsed,
    ];

    /// The word for it in data and addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Suggested => "suggested",
            Self::Scheduled => "scheduled",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Snoozed => "snoozed",
            Self::Dismissed => "dismissed",
            Self::Lapsed => "lapsed",
        }
    }

    /// What a page calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Suggested => "Suggested",
            Self::Scheduled => "Scheduled",
            Self::InProgress => "In progress",
            Self::Completed => "Completed",
            Self::Snoozed => "Snoozed",
            Self::Dismissed => "Dismissed",
            Self::Lapsed => "Settled by itself",
        }
    }

    /// Whether somebody still has to do something.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Suggested | Self::Scheduled | Self::InProgress)
    }

    /// Whether a supervisor has answered it, so that only something new or worse brings the worker back.
    #[must_use]
    pub fn is_answered(self) -> bool {
        matches!(self, Self::Completed | Self::Snoozed | Self::Dismissed)
    }
}

macro_rules! parsed {
    ($($name:ident: $what:literal),+) => { $(
        impl std::str::FromStr for $name {
            type Err = crate::Error;
            fn from_str(text: &str) -> crate::Result<Self> {
                Self::ALL
                    .into_iter()
                    .find(|it| it.word() == text)
                    .ok_or_else(|| crate::Error::Invalid(format!(concat!("'{}' is no ", $what), text)))
            }
        }
    )+ };
}
parsed!(Kind: "kind of entry", State: "state of an entry");
