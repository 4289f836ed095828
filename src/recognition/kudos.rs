//! Thanks among colleagues: who may thank whom, and how often (spec 3.3).

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Most kudos from one person in a day.
pub const MOST_A_DAY: i64 = 5;
/// Days until the same person may thank the same colleague again.
pub const DAYS_BETWEEN: u64 = 7;
/// Longest message, in characters.
pub const LONGEST: usize = 500;

/// What the thanks are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Category {
    Teamwork,
    Quality,
    Initiative,
    Safety,
}

impl Category {
    /// All of them, in the order a form shows them.
    pub const ALL: [Self; 4] = [Self::Teamwork, Self::Quality, Self::Initiative, Self::Safety];

    /// The word for it in SQL, forms and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Teamwork => "teamwork",
            Self::Quality => "quality",
            Self::Initiative => "initiative",
            Self::Safety => "safety",
        }
    }

    /// What a page calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Teamwork => "Teamwork",
            Self::Quality => "Quality",
            Self::Initiative => "Initiative",
            Self::Safety => "Safety",
        }
    }
}

impl std::str::FromStr for Category {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|category| category.word() == text).ok_or_else(|| {
            Error::Invalid("Choose what the thanks are for: teamwork, quality, initiative or safety.".into())
        })
    }
}

/// What the giver has given before, as the limits need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenBefore {
    /// Kudos given today, to anybody.
    pub today: i64,
    /// The last day this colleague was thanked.
    pub same_colleague: Option<NaiveDate>,
}

/// The message as it is kept: without spaces around it.
///
/// # Errors
/// [`Error::Invalid`] for an empty one and one that is too long.
pub fn message(text: &str) -> Result<&str> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Error::Invalid("Write a line about what you are thankful for.".into())),
        1..=LONGEST => Ok(text),
        n => Err(Error::Invalid(format!("The message has {n} characters; {LONGEST} is the most."))),
    }
}

/// Whether kudos may be given.
///
/// # Errors
/// [`Error::Invalid`] to oneself, [`Error::Conflict`] beyond a limit; the text says when it is possible again.
pub fn may_give(to_oneself: bool, before: GivenBefore, today: NaiveDate) -> Result<()> {
    if to_oneself {
        return Err(Error::Invalid("Kudos are for colleagues: choose somebody else.".into()));
    }
    if let Some(last) = before.same_colleague {
        let again = last + Days::new(DAYS_BETWEEN);
        if today < again {
            return Err(Error::Conflict(format!(
                "You thanked this colleague on {}. You can thank the same person again from {}.",
                last.format("%-d %B"),
                again.format("%-d %B")
            )));
        }
    }
    if before.today >= MOST_A_DAY {
        return Err(Error::Conflict(format!("You have given {MOST_A_DAY} kudos today. You can give more tomorrow.")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(nth: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, nth).unwrap()
    }

    const NOTHING: GivenBefore = GivenBefore { today: 0, same_colleague: None };

    #[test]
    fn nobody_thanks_himself() {
        assert!(matches!(may_give(true, NOTHING, day(2)), Err(Error::Invalid(_))));
        assert!(may_give(false, NOTHING, day(2)).is_ok());
    }

    #[test]
    fn five_a_day_are_the_most() {
        assert!(may_give(false, GivenBefore { today: 4, ..NOTHING }, day(2)).is_ok());
        assert!(matches!(may_give(false, GivenBefore { today: 5, ..NOTHING }, day(2)), Err(Error::Conflict(_))));
    }

    #[test]
    fn the_same_colleague_again_after_a_week() {
        let before = GivenBefore { today: 0, same_colleague: Some(day(2)) };
        let refused = may_give(false, before, day(8)).unwrap_err().to_string();
        assert_eq!(refused, "You thanked this colleague on 2 March. You can thank the same person again from 9 March.");
        assert!(may_give(false, before, day(9)).is_ok());
    }

    #[test]
    fn a_message_has_1_to_500_characters() {
        assert!(message("  ").is_err());
        assert_eq!(message(" Danke! ").unwrap(), "Danke!");
        assert!(message(&"é".repeat(500)).is_ok());
        assert!(message(&"é".repeat(501)).is_err());
    }

    #[test]
    fn a_category_is_one_of_four() {
        for category in Category::ALL {
            assert_eq!(category.word().parse::<Category>().unwrap(), category);
        }
        assert!("luck".parse::<Category>().is_err());
    }
}
