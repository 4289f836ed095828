//! When does an alert open, get worse, ease and close, and when is somebody told? Pure: readings in, changes out.
//!
//! Hysteresis. An alert opens at its threshold; it closes only after [`CALM`] readings in a row that are clear of it by
//! [`MARGIN`] of the larger threshold, or by a quarter of the distance between the two where that is less. A value that flaps about the threshold so opens one alert. In one life of an alert its
//! warning is told once, its critical once and that it has no data once, whatever happens in between.

/// Readings in a row, clear of the threshold, that close an alert.
pub const CALM: u8 = 2;
/// Readings in a row without data after which that is told.
pub const SILENT: u8 = 2;
/// How far past a threshold a value is clear of it, as a share of the larger of the two thresholds; never more than a quarter of
/// the distance between them.
pub const MARGIN: f64 = 0.05;

/// How a reading stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// As it should be.
    Fine,
    /// Off course.
    Warning,
    /// Far off course.
    Critical,
    /// There is nothing to judge by: neither fine nor critical.
    NoData,
    /// It could not be read.
    Broken,
}

/// How an alert stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Off course.
    Warning,
    /// Far off course.
    Critical,
    /// There is nothing to judge by.
    NoData,
    /// The check could not be made.
    Broken,
}

impl Severity {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Critical, Self::Broken, Self::Warning, Self::NoData];

    /// As it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Critical => "critical",
            Self::NoData => "no-data",
            Self::Broken => "broken",
        }
    }

    /// What a page calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Warning => "Warning",
            Self::Critical => "Critical",
            Self::NoData => "No data",
            Self::Broken => "Could not be checked",
        }
    }

    /// Out of what is stored.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.code() == code)
    }

    /// How grave it is; no data is graver than nothing and less than a warning.
    fn rank(self) -> u8 {
        match self {
            Self::NoData => 0,
            Self::Warning | Self::Broken => 1,
            Self::Critical => 2,
        }
    }
}

/// The thresholds of a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Beyond it is a warning.
    pub warning: f64,
    /// Beyond it is critical.
    pub critical: f64,
    /// Whether more is better.
    pub higher_is_better: bool,
}

impl Limits {
    /// Whether a value is on the wrong side of a threshold.
    fn beyond(&self, value: f64, limit: f64) -> bool {
        if self.higher_is_better { value < limit } else { value > limit }
    }

    /// How a value stands.
    #[must_use]
    pub fn judge(&self, value: f64) -> Level {
        match () {
            () if self.beyond(value, self.critical) => Level::Critical,
            () if self.beyond(value, self.warning) => Level::Warning,
            () => Level::Fine,
        }
    }

    /// Whether a value is clear of a threshold by the margin.
    fn clear(&self, value: f64, limit: f64) -> bool {
        // Where both thresholds are near the best there is, 5 % of them would lie beyond it.
        let margin =
            (MARGIN * self.warning.abs().max(self.critical.abs())).min((self.warning - self.critical).abs() / 4.0);
        let shifted = if self.higher_is_better { limit + margin } else { limit - margin };
        !self.beyond(value, shifted)
    }
}

/// What the machine sees of a reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// How it stands by its thresholds.
    pub level: Level,
    /// The value and its thresholds, where there are such.
    pub measured: Option<(f64, Limits)>,
}

impl Seen {
    /// How it stands for an alert that is open with this severity: not better until it is clear of the threshold.
    fn held(&self, open: Option<Severity>) -> Level {
        let clear =
            |pick: fn(&Limits) -> f64| self.measured.is_none_or(|(value, limits)| limits.clear(value, pick(&limits)));
        match (self.level, open) {
            (Level::Fine | Level::Warning, Some(Severity::Critical)) if !clear(|it| it.critical) => Level::Critical,
            (Level::Fine, Some(Severity::Critical | Severity::Warning)) if !clear(|it| it.warning) => Level::Warning,
            (level, _) => level,
        }
    }
}

/// An alert that is open, or watched because it had no data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// How grave.
    pub severity: Severity,
    /// Whether it is open; else it is watched only.
    pub opened: bool,
    /// Readings in a row that were clear of the threshold.
    pub calm: u8,
    /// Readings in a row without data.
    pub silent: u8,
    /// The worst that was told.
    pub told: Option<Severity>,
    /// Whether it was told that there is no data.
    pub told_no_data: bool,
}

impl Standing {
    fn new(severity: Severity, opened: bool) -> Self {
        Self { severity, opened, calm: 0, silent: u8::from(!opened), told: None, told_no_data: false }
    }

    /// Whether it stands as nobody was told yet.
    #[must_use]
    pub fn is_news(&self) -> bool {
        self.opened
            && match self.severity {
                Severity::NoData => !self.told_no_data,
                graver => self.told.is_none_or(|told| told.rank() < graver.rank()),
            }
    }

    /// The same, told.
    #[must_use]
    pub fn told(self) -> Self {
        match self.severity {
            Severity::NoData => Self { told_no_data: true, ..self },
            graver => Self { told: Some(graver), ..self },
        }
    }
}

/// What a reading changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing that anybody would notice.
    Nothing,
    /// An alert opened.
    Opened,
    /// It got worse.
    Escalated,
    /// It got better, and is still open.
    Eased,
    /// It is over.
    Closed,
}

/// How an alert stands after a reading; `None`: there is none.
#[must_use]
pub fn step(before: Option<Standing>, seen: &Seen) -> (Option<Standing>, Change) {
    let open = before.filter(|it| it.opened);
    match seen.held(open.map(|it| it.severity)) {
        Level::Fine => calm(open),
        Level::NoData => silent(before),
        Level::Warning => wrong(before, Severity::Warning),
        Level::Critical => wrong(before, Severity::Critical),
        Level::Broken => wrong(before, Severity::Broken),
    }
}

fn calm(open: Option<Standing>) -> (Option<Standing>, Change) {
    match open {
        None => (None, Change::Nothing),
        Some(it) if it.calm + 1 >= CALM => (None, Change::Closed),
        Some(it) => (Some(Standing { calm: it.calm + 1, silent: 0, ..it }), Change::Nothing),
    }
}

fn silent(before: Option<Standing>) -> (Option<Standing>, Change) {
    let Some(it) = before else { return (Some(Standing::new(Severity::NoData, false)), Change::Nothing) };
    let after = Standing { calm: 0, silent: it.silent.saturating_add(1), ..it };
    if after.silent < SILENT || it.opened && it.severity == Severity::NoData {
        return (Some(after), Change::Nothing);
    }
    let change = if it.opened { Change::Eased } else { Change::Opened };
    (Some(Standing { severity: Severity::NoData, opened: true, ..after }), change)
}

fn wrong(before: Option<Standing>, severity: Severity) -> (Option<Standing>, Change) {
    let Some(it) = before.filter(|it| it.opened) else {
        return (Some(Standing::new(severity, true)), Change::Opened);
    };
    let change = match severity.rank().cmp(&it.severity.rank()) {
        std::cmp::Ordering::Greater => Change::Escalated,
        std::cmp::Ordering::Equal => Change::Nothing,
        std::cmp::Ordering::Less => Change::Eased,
    };
    (Some(Standing { severity, calm: 0, silent: 0, ..it }), change)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMITS: Limits = Limits { warning: 20.0, critical: 15.0, higher_is_better: true };

    fn seen(value: f64) -> Seen {
        Seen { level: LIMITS.judge(value), measured: Some((value, LIMITS)) }
    }

    fn bare(level: Level) -> Seen {
        Seen { level, measured: None }
    }

    /// What happened, and how often somebody was told.
    fn run(readings: impl IntoIterator<Item = Seen>) -> (Vec<Change>, usize) {
        let (mut standing, mut changes, mut told) = (None, Vec::new(), 0);
        for seen in readings {
            let (after, change) = step(standing, &seen);
            changes.push(change);
            standing = after.map(|it: Standing| {
                told += usize::from(it.is_news());
                if it.is_news() { it.told() } else { it }
            });
        }
        (changes, told)
    }

    #[test]
    fn warning_critical_and_back_is_one_alert_told_twice() {
        use Change::{Closed, Eased, Escalated, Nothing, Opened};
        let (changes, told) = run([25.0, 19.0, 18.0, 14.0, 15.2, 17.0, 20.5, 21.0, 22.0, 22.0].map(seen));
        assert_eq!(changes, [Nothing, Opened, Nothing, Escalated, Nothing, Eased, Nothing, Nothing, Closed, Nothing]);
        assert_eq!(told, 2);
    }

    #[test]
    fn the_margin_is_of_the_larger_threshold_so_that_nought_has_one_too() {
        let growth = Limits { warning: 0.08, critical: 0.0, higher_is_better: true };
        let at = |value| Seen { level: growth.judge(value), measured: Some((value, growth)) };
        assert_eq!(run([at(-0.01), at(0.003), at(0.005)]).0, [Change::Opened, Change::Nothing, Change::Eased]);
    }

    #[test]
    fn near_a_hundred_per_cent_the_margin_is_less_so_that_an_alert_can_close() {
        let lawful = Limits { warning: 0.97, critical: 0.93, higher_is_better: true };
        let at = |value| Seen { level: lawful.judge(value), measured: Some((value, lawful)) };
        assert_eq!(run([at(0.96), at(0.975), at(0.985), at(0.985)]).0[2..], [Change::Nothing, Change::Closed]);
    }

    #[test]
    fn lower_is_better_turns_everything_round() {
        let churn = Limits { warning: 7.0, critical: 10.0, higher_is_better: false };
        let at = |value| Seen { level: churn.judge(value), measured: Some((value, churn)) };
        let (changes, told) = run([at(5.0), at(7.1), at(6.8), at(10.5), at(5.0), at(5.0)]);
        use Change::{Closed, Escalated, Nothing, Opened};
        assert_eq!((changes, told), (vec![Nothing, Opened, Nothing, Escalated, Nothing, Closed], 2));
    }

    #[test]
    fn no_data_is_told_once_it_held_and_is_neither_fine_nor_critical() {
        use Change::{Closed, Nothing, Opened};
        let silence = bare(Level::NoData);
        assert_eq!(run([silence, seen(25.0), silence, seen(25.0)]), (vec![Nothing; 4], 0));
        let (changes, told) = run([silence, silence, silence, silence, seen(25.0), seen(25.0)]);
        assert_eq!((changes, told), (vec![Nothing, Opened, Nothing, Nothing, Nothing, Closed], 1));
    }

    #[test]
    fn silence_does_not_close_an_alert_and_what_was_told_is_not_told_again_after_it() {
        use Change::{Eased, Escalated, Nothing, Opened};
        let silence = bare(Level::NoData);
        let (changes, told) = run([seen(18.0), silence, silence, silence, seen(18.0)]);
        assert_eq!((changes, told), (vec![Opened, Nothing, Eased, Nothing, Escalated], 2));
    }

    #[test]
    fn a_reading_of_silence_watched_becomes_an_alert_at_once_when_it_is_bad() {
        assert_eq!(run([bare(Level::NoData), seen(10.0)]), (vec![Change::Nothing, Change::Opened], 1));
    }

    #[test]
    fn without_a_threshold_two_fine_readings_close() {
        use Change::{Closed, Nothing, Opened};
        let (bad, fine) = (bare(Level::Warning), bare(Level::Fine));
        assert_eq!(run([bad, fine, bad, fine, fine]), (vec![Opened, Nothing, Nothing, Nothing, Closed], 1));
    }

    proptest! {
        /// However a value dances about the warning threshold, within its margin: one alert, one mail.
        #[test]
        fn flapping_about_a_threshold_opens_one_alert_and_tells_once(values in prop::collection::vec(19.01f64..20.99, 1..200)) {
            let (changes, told) = run(std::iter::once(19.0).chain(values).map(seen));
            prop_assert_eq!(changes.iter().filter(|it| **it != Change::Nothing).count(), 1);
            prop_assert_eq!(told, 1);
        }

        /// However wildly it jumps, as long as it is never clear twice in a row: one alert, each severity told once at most.
        #[test]
        fn jumping_to_and_fro_tells_each_severity_once(values in prop::collection::vec(0.0f64..19.9, 1..100)) {
            let jumps = values.into_iter().flat_map(|bad| [bad, 30.0]);
            let (changes, told) = run(jumps.map(seen));
            prop_assert_eq!(changes.iter().filter(|it| **it == Change::Opened).count(), 1);
            prop_assert!(!changes.contains(&Change::Closed));
            prop_assert!(told <= 2, "told {told} times");
        }

        /// Whatever comes: alerts open and close in turn, and nobody is told more often than three times an alert.
        #[test]
        fn alerts_open_and_close_in_turn(readings in prop::collection::vec(
            prop_oneof![(0.0f64..40.0).prop_map(seen), Just(bare(Level::NoData)), Just(bare(Level::Broken))], 1..200)) {
            let (changes, told) = run(readings);
            let turns: Vec<_> = changes.into_iter().filter(|it| matches!(it, Change::Opened | Change::Closed)).collect();
            for (nth, turn) in turns.iter().enumerate() {
                prop_assert_eq!(*turn, if nth % 2 == 0 { Change::Opened } else { Change::Closed });
            }
            prop_assert!(told <= 3 * turns.iter().filter(|it| **it == Change::Opened).count());
        }
    }
}
