//! What the model looks at, and which cause each fact speaks for. No protected attribute is among them: not age, sex, origin,
//! health (leave is only left out of the hours, never counted) or family.

/// A number the model sees of everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    /// Change of the hours a week of the last four weeks against the eight before, leave left out, as a share.
    HoursChange,
    /// Hours a week of the last four weeks as a share of the contract's.
    HoursOfContract,
    /// Share of nights among the shifts of the last four weeks, less the one of weeks nine to eighteen before.
    NightsChange,
    /// The share of nights less the site's.
    NightsOfSite,
    /// Share of weekend shifts over eight weeks less the site's.
    WeekendsOfSite,
    /// Offers not taken in eight weeks.
    OffersRefused,
    /// Days until the next certificate expires, 90 where it is longer; below 0 it has.
    Certificate,
    /// Kilometres from home to the site, as the crow flies.
    Commute,
    /// Regular pay an hour against the median of the job role, as a share.
    PayOfRole,
    /// How much pay varies between weeks: deviation as a share of the mean.
    PaySwing,
    /// Absences without a call in eight weeks.
    NoShows,
    /// Share of shifts come late to in eight weeks.
    Late,
    /// BPI of the day before.
    Bpi,
    /// Its change in eight weeks.
    BpiChange,
    /// Kudos received in twelve weeks.
    Thanks,
    /// Requests for leave refused in 180 days.
    RefusedLeave,
    /// Years since hired.
    Tenure,
}

/// The column of the simple baseline.
pub(super) const TENURE: &str = "years employed";

impl Fact {
    pub const ALL: [Self; 17] = [
        Self::HoursChange,
        Self::HoursOfContract,
        Self::NightsChange,
        Self::NightsOfSite,
        Self::WeekendsOfSite,
        Self::OffersRefused,
        Self::Certificate,
        Self::Commute,
        Self::PayOfRole,
        Self::PaySwing,
        Self::NoShows,
        Self::Late,
        Self::Bpi,
        Self::BpiChange,
        Self::Thanks,
        Self::RefusedLeave,
        Self::Tenure,
    ];

    /// What it is called in the model's report.
    pub fn column(self) -> &'static str {
        match self {
            Self::HoursChange => "change of hours",
            Self::HoursOfContract => "hours against contract",
            Self::NightsChange => "change of nights",
            Self::NightsOfSite => "nights against the site",
            Self::WeekendsOfSite => "weekends against the site",
            Self::OffersRefused => "offers refused",
            Self::Certificate => "days to a certificate's expiry",
            Self::Commute => "km to work",
            Self::PayOfRole => "pay against the job role",
            Self::PaySwing => "pay variance between weeks",
            Self::NoShows => "no-shows",
            Self::Late => "share of late shifts",
            Self::Bpi => "BPI",
            Self::BpiChange => "change of BPI",
            Self::Thanks => "kudos",
            Self::RefusedLeave => "leave refused",
            Self::Tenure => TENURE,
        }
    }

    pub fn cause(self) -> Cause {
        match self {
            Self::HoursChange | Self::HoursOfContract => Cause::Hours,
            Self::NightsChange | Self::NightsOfSite | Self::WeekendsOfSite => Cause::Shifts,
            Self::OffersRefused => Cause::Offers,
            Self::Certificate => Cause::Certificate,
            Self::Commute => Cause::Commute,
            Self::PayOfRole | Self::PaySwing => Cause::Pay,
            Self::NoShows | Self::Late => Cause::Attendance,
            Self::Bpi | Self::BpiChange => Cause::Score,
            Self::Thanks => Cause::Thanks,
            Self::RefusedLeave => Cause::Leave,
            Self::Tenure => Cause::Tenure,
        }
    }
}

/// What facts of one kind speak for: one reason, and one step that could help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Too few or too many hours.
    Hours,
    /// Nights and weekends.
    Shifts,
    /// Offers of extra shifts.
    Offers,
    /// A certificate about to expire.
    Certificate,
    /// The way to work.
    Commute,
    /// Pay, its height and its steadiness.
    Pay,
    /// Absence and lateness.
    Attendance,
    /// The score.
    Score,
    /// Recognition.
    Thanks,
    /// Leave that was refused.
    Leave,
    /// How long somebody has been here.
    Tenure,
}

impl Cause {
    /// All, in no particular order.
    pub const ALL: [Self; 11] = [
        Self::Hours,
        Self::Shifts,
        Self::Offers,
        Self::Certificate,
        Self::Commute,
        Self::Pay,
        Self::Attendance,
        Self::Score,
        Self::Thanks,
        Self::Leave,
        Self::Tenure,
    ];

    /// Its name in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Shifts => "shifts",
            Self::Offers => "offers",
            Self::Certificate => "certificate",
            Self::Commute => "commute",
            Self::Pay => "pay",
            Self::Attendance => "attendance",
            Self::Score => "score",
            Self::Thanks => "thanks",
            Self::Leave => "leave",
            Self::Tenure => "tenure",
        }
    }

    /// What could help.
    #[must_use]
    pub fn step(self) -> &'static str {
        match self {
            Self::Hours => "Ask which hours they want, agree on them, and plan the next roster so.",
            Self::Shifts => "Share nights and weekends anew at the site; ask which they can take.",
            Self::Offers => "Ask which extra shifts suit them, and offer only those.",
            Self::Certificate => "Book the renewal with them now, in paid time.",
            Self::Commute => "Look for a site nearer to home, or help with transport.",
            Self::Pay => "Compare their pay with others of the job role, and talk about rate and steady hours.",
            Self::Attendance => "Ask what keeps them from coming on time, before it becomes a matter of discipline.",
            Self::Score => "Let the own supervisor offer help with the work; no word of this estimate is needed.",
            Self::Thanks => "Say thank you for something that went well, and let colleagues know how.",
            Self::Leave => "Look at the refused leave again, and offer days.",
            Self::Tenure => "Sit down with them: how are the first months, who shows them the work?",
        }
    }
}

/// What to do where nothing speaks for leaving in particular.
pub(super) const NO_STEP: &str = "Nothing in particular: ask how they are.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_has_its_own_place_and_column() {
        for (place, fact) in Fact::ALL.into_iter().enumerate() {
            assert_eq!(fact as usize, place);
            assert_eq!(Fact::ALL.iter().filter(|other| other.column() == fact.column()).count(), 1, "{fact:?}");
        }
    }

    #[test]
    fn no_fact_is_a_protected_attribute() {
        for word in
            ["age", "sex", "gender", "race", "origin", "religion", "health", "sick", "family", "language", "name"]
        {
            let named = |fact: &&Fact| fact.column().split(|c: char| !c.is_alphanumeric()).any(|part| part == word);
            assert_eq!(Fact::ALL.iter().find(named), None, "{word}");
        }
    }

    #[test]
    fn every_cause_is_spoken_for() {
        for cause in Cause::ALL {
            assert!(Fact::ALL.iter().any(|fact| fact.cause() == cause), "{cause:?}");
        }
    }
}
