//! What news can be about, and where it may lead.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Longest text, in characters.
pub const LONGEST: usize = 500;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $label:literal, $meaning:literal;)+) => {
        /// What news is about: each kind can be muted.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Kind { $($(#[$doc])* #[serde(rename = $word)] $variant,)+ }

        impl Kind {
            /// All of them, in the order a page shows them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word for it in SQL, forms and JSON.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// What a page calls it.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }

            /// What one is told, as a sentence.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }
        }
    };
}

kinds! {
    /// Conversations: planned, moved, followed up.
    Coaching = "coaching", "Coaching", "Conversations that are planned, moved or followed up.";
    /// Disputed facts.
    Dispute = "dispute", "Disputes", "Facts that are disputed, and what became of them.";
    /// Thanks.
    Kudos = "kudos", "Kudos", "Thanks that somebody sent you.";
    /// Achievements earned.
    Achievement = "achievement", "Achievements", "What you have earned.";
    /// Team challenges.
    Challenge = "challenge", "Team challenges", "Challenges of your team: when they begin, and who won.";
    /// Shifts offered, and taken.
    Offer = "offer", "Shift offers", "Shifts that are offered to you, and who took them.";
    /// Shifts given by a roster.
    Roster = "roster", "Rosters", "Shifts that a roster gives you.";
    /// Scheduled reports.
    Report = "report", "Reports", "Scheduled reports that wait here for you, and those of yours that could not be sent.";
}

impl std::str::FromStr for Kind {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let known = Self::ALL.iter().copied().find(|kind| kind.word() == text);
        known.ok_or_else(|| Error::Invalid("There is no such kind of notification.".into()))
    }
}

/// Whether a link leads to a page of our own: a path, never another host.
///
/// ```
/// use muster::notifications::is_own_path;
/// assert!(is_own_path("/me#kudos"));
/// assert!(!is_own_path("//evil.test") && !is_own_path("https://evil.test") && !is_own_path("/\\evil.test"));
/// ```
#[must_use]
pub fn is_own_path(link: &str) -> bool {
    let mut letters = link.chars();
    letters.next() == Some('/')
        && !matches!(letters.next(), Some('/' | '\\'))
        && !link.chars().any(|letter| letter.is_control() || letter.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_one_of_a_closed_list() {
        for kind in Kind::ALL {
            assert_eq!(kind.word().parse::<Kind>().unwrap(), *kind);
        }
        assert!("gossip".parse::<Kind>().is_err());
    }

    #[test]
    fn a_link_is_a_path_of_ours() {
        for own in ["/", "/me", "/me#kudos", "/team/0197-a?week=3"] {
            assert!(is_own_path(own), "{own}");
        }
        for foreign in
            ["", "me", "//evil.test", "/\\evil.test", "https://evil.test", "/a\nb", "/\t/evil.test", "javascript:x"]
        {
            assert!(!is_own_path(foreign), "{foreign}");
        }
    }
}
