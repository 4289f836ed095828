//! What is looked for: the checks of the data, as data.

/// The families of spec 3.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Facts that belong to nothing.
    Orphans,
    /// Facts that are there twice.
    Duplicates,
    /// Facts without what they need.
    Missing,
    /// Sources that went quiet.
    Freshness,
    /// Facts that cannot be, or that nobody would expect.
    Anomalies,
}

impl Family {
    /// What a page calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Orphans => "Orphans",
            Self::Duplicates => "Duplicates",
            Self::Missing => "Missing",
            Self::Freshness => "Freshness",
            Self::Anomalies => "Anomalies",
        }
    }
}

macro_rules! checks {
    ($($name:ident $code:literal $family:ident $title:literal $advice:literal;)*) => {
        /// Something that is looked for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each has its title")]
        pub enum Check { $($name),* }

        impl Check {
            /// All of them, in the order of a page.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// As it is stored and stands in an address.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// Its family.
            #[must_use]
            pub fn family(self) -> Family {
                match self { $(Self::$name => Family::$family),* }
            }

            /// What it finds.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title),* }
            }

            /// What can be done about it.
            #[must_use]
            pub fn advice(self) -> &'static str {
                match self { $(Self::$name => $advice),* }
            }
        }
    };
}

checks! {
    StrayAttendance "stray-attendance" Orphans "Clock-ins without their shift"
        "The shift was cancelled, is another person's or is not there: import shifts before clock-ins, and correct who worked.";
    StrayTasks "stray-tasks" Orphans "Tasks of a shift that is not there"
        "Import the shifts of these days, or hand the tasks out again.";
    StrayMoney "stray-money" Orphans "Payments and refunds without an order"
        "Import the orders these belong to.";
    ShiftsOfLeavers "shifts-of-leavers" Orphans "Shifts of people who were not employed"
        "Give the shift to somebody else, or correct the dates of employment.";
    OverlappingClockIns "overlapping-clock-ins" Duplicates "Clock-ins of one person at the same time"
        "Correct the clock-out of the earlier one; nobody is in two places.";
    OrdersTwice "orders-twice" Duplicates "Orders placed twice"
        "Same customer and amount within a minute: cancel the copy.";
    PeopleTwice "people-twice" Duplicates "People kept twice"
        "Same name, site and first day: have the copy forgotten or corrected by import.";
    PeopleIncomplete "people-incomplete" Missing "People without rate, hours or first day"
        "Cost and fairness leave them out: send the missing values by import.";
    AccountsIncomplete "accounts-incomplete" Missing "Accounts that see nothing"
        "Link them to a site, a worker or a client, or close them.";
    ClockOutsMissing "clock-outs-missing" Missing "Clock-ins without a clock-out"
        "Enter when they left: their hours are not counted until then.";
    AttendanceMissing "attendance-missing" Missing "Shifts of which nothing is known"
        "Send the clock-ins of these days, or say that nobody came.";
    Stale "stale" Freshness "Sources that went quiet"
        "Look at the import of this source.";
    BackwardTimes "backward-times" Anomalies "Times that run backwards"
        "The end is before the beginning: correct the clock of the source, or the fact.";
    Overpaid "overpaid" Anomalies "Orders paid more than once"
        "Paid more than the order is worth: give it back, or correct the payment.";
    RefundedBeyond "refunded-beyond" Anomalies "Orders refunded more than was paid"
        "More went back than ever came: correct the refund, or send the payment that is missing.";
    DailyCounts "daily-counts" Anomalies "Days far from the usual"
        "Look whether a file was imported twice, or only in part.";
    Bursts "bursts" Anomalies "Bursts like a machine's"
        "So many entries within a minute are rarely a person's: look at the device or account.";
}

impl Check {
    /// The check of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|check| check.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_is_found_by_its_code_and_every_family_has_one() {
        for check in Check::ALL {
            assert_eq!(Check::of(check.code()), Some(*check));
        }
        for family in [Family::Orphans, Family::Duplicates, Family::Missing, Family::Freshness, Family::Anomalies] {
            assert!(Check::ALL.iter().any(|check| check.family() == family), "{family:?}");
        }
    }
}
