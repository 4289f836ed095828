//! How each achievement is judged: pure functions over what was counted in its window.

use serde::{Deserialize, Serialize};

use super::achievement::{Definition, Window, words};

words! {
    /// What an achievement measures.
    Rule, "rule":
    /// Share of scheduled shifts attended; sample: shifts.
    Attendance = "attendance",
    /// Share of planned checkpoints visited; sample: checkpoints.
    Checkpoints = "checkpoints",
    /// Share of deadlines met, tasks and work orders together; sample: deadlines.
    Deadlines = "deadlines",
    /// Different people who gave thanks for teamwork.
    TeamworkThanks = "teamwork_thanks",
    /// Mentees who came through their first 28 days; the minimum is their shifts.
    Mentees = "mentees",
    /// Shifts attended while no attributable incident happened.
    ShiftsWithoutHarm = "shifts_without_harm",
    /// Shifts attended from the day of hire without a no-show.
    FirstShifts = "first_shifts",
    /// Share of clock-ins no later than the shift's start; sample: clock-ins.
    BeforeTheStart = "before_the_start",
    /// Longest streak of days on time.
    OnTimeStreak = "on_time_streak",
    /// Mean quality 0–100 of tasks and work orders; sample: checks.
    Quality = "quality",
    /// Mean satisfaction 1–5; sample: ratings.
    Satisfaction = "satisfaction",
    /// Points of BPI above the end of the month before; sample: shifts attended.
    ScoreRise = "score_rise",
    /// The lowest component of the BPI; sample: components.
    WeakestComponent = "weakest_component",
    /// Share of incidents found on tours; sample: incidents.
    Detection = "detection",
    /// Share of work orders resolved within half of their time; sample: orders.
    QuickOrders = "quick_orders",
    /// Certifications renewed ahead; the minimum is the days ahead.
    RenewedAhead = "renewed_ahead",
    /// Shifts that start between 4 and 7 in the morning, all of them on time.
    Openings = "openings",
    /// Public holidays worked.
    Holidays = "holidays",
    /// Shifts attended.
    Shifts = "shifts",
    /// Different people who gave thanks.
    ThanksReceived = "thanks_received",
    /// Different colleagues thanked.
    ThanksGiven = "thanks_given",
    /// Points of BPI above the cohort's 90th percentile; sample: shifts attended.
    ScoreAboveP90 = "score_above_p90",
    /// Team challenges won by the own site; the minimum is the shifts worked during it.
    ChallengesWon = "challenges_won",
}

/// What was counted of one worker in one window.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[expect(missing_docs, reason = "the rules say what each is")]
pub struct Tally {
    pub scheduled: i64,
    pub attended: i64,
    pub ncns: i64,
    pub checkpoints_planned: i64,
    pub checkpoints_visited: i64,
    pub deadlines: i64,
    pub deadlines_met: i64,
    pub quality_n: i64,
    pub quality_sum: i64,
    pub ratings: i64,
    pub rating_sum: i64,
    pub incidents_found: i64,
    pub incidents_missed: i64,
    pub attributable: i64,
    pub clock_ins: i64,
    pub clock_ins_before: i64,
    pub openings: i64,
    pub openings_on_time: i64,
    pub orders_timed: i64,
    pub orders_quick: i64,
    pub holidays: i64,
    pub teamwork_givers: i64,
    pub givers: i64,
    pub thanked: i64,
    pub renewed: i64,
    pub challenges_won: i64,
    pub mentees: i64,
    pub on_time_streak: i64,
    pub shifts_ever: i64,
    pub components: i64,
    pub weakest: Option<f64>,
    pub bpi: Option<f64>,
    pub bpi_before: Option<f64>,
    pub cohort_p90: Option<f64>,
}

/// What a rule made of a tally. Kept with an award as its evidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// What is compared with the threshold.
    pub value: f64,
    /// How much was asked for.
    pub threshold: f64,
    /// How many, of `sample`, where it is a share.
    pub count: i64,
    /// On how much it rests.
    pub sample: i64,
    /// The smallest sample that is judged.
    pub minimum: i64,
    /// The mark it is measured against, where there is one: last month's score, the cohort's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub mark: Option<f64>,
    /// Whether it cannot be reached in this window any more.
    #[serde(skip)]
    pub lost: bool,
}

/// Scores are compared to a billionth.
const TOLERANCE: f64 = 1e-9;

impl Reading {
    /// Whether the achievement is earned.
    #[must_use]
    pub fn earned(&self) -> bool {
        !self.lost && self.sample >= self.minimum && self.value + TOLERANCE >= self.threshold
    }

    /// How far it has come, 0–1; 1 only when earned, 0 when lost.
    #[must_use]
    pub fn progress(&self) -> f64 {
        if self.lost {
            return 0.0;
        }
        if self.earned() {
            return 1.0;
        }
        let sample = (self.sample as f64 / self.minimum.max(1) as f64).min(1.0);
        let value = if self.threshold > 0.0 { (self.value / self.threshold).clamp(0.0, 1.0) } else { 0.5 };
        (sample * value).min(0.99)
    }
}

impl Rule {
    /// The windows it can be judged over.
    #[must_use]
    pub fn windows(self) -> &'static [Window] {
        match self {
            Self::OnTimeStreak | Self::Shifts | Self::Mentees => &[Window::Ever],
            Self::FirstShifts => &[Window::FirstThirtyDays],
            _ => &[Window::Week, Window::Month, Window::Quarter],
        }
    }

    /// Whether it rests on stored scores, whose windows look back beyond the period.
    #[must_use]
    pub fn looks_at_scores(self) -> bool {
        matches!(self, Self::ScoreRise | Self::ScoreAboveP90 | Self::WeakestComponent)
    }
}

impl Definition {
    /// What `tally` comes to by this definition; `None`: there is nothing it could be measured by.
    #[must_use]
    pub fn read(&self, tally: &Tally) -> Option<Reading> {
        let t = tally;
        let count = |count: i64| Some(self.count(count, false));
        match self.rule {
            Rule::Attendance => self.share(t.attended, t.scheduled),
            Rule::Checkpoints => self.share(t.checkpoints_visited, t.checkpoints_planned),
            Rule::Deadlines => self.share(t.deadlines_met, t.deadlines),
            Rule::BeforeTheStart => self.share(t.clock_ins_before, t.clock_ins),
            Rule::Detection => self.share(t.incidents_found, t.incidents_found + t.incidents_missed),
            Rule::QuickOrders => self.share(t.orders_quick, t.orders_timed),
            Rule::Quality => self.mean(t.quality_sum, t.quality_n),
            Rule::Satisfaction => self.mean(t.rating_sum, t.ratings),
            Rule::ShiftsWithoutHarm => Some(self.count(t.attended, t.attributable > 0)),
            Rule::FirstShifts => Some(self.count(t.attended, t.ncns > 0)),
            Rule::Openings => Some(self.count(t.openings_on_time, t.openings_on_time < t.openings)),
            Rule::TeamworkThanks => count(t.teamwork_givers),
            Rule::ThanksReceived => count(t.givers),
            Rule::ThanksGiven => count(t.thanked),
            Rule::Mentees => count(t.mentees),
            Rule::OnTimeStreak => count(t.on_time_streak),
            Rule::Shifts => count(t.shifts_ever),
            Rule::RenewedAhead => count(t.renewed),
            Rule::Holidays => count(t.holidays),
            Rule::ChallengesWon => count(t.challenges_won),
            Rule::ScoreRise => self.distance(t.bpi?, t.bpi_before?, t.attended),
            Rule::ScoreAboveP90 => self.distance(t.bpi?, t.cohort_p90?, t.attended),
            Rule::WeakestComponent => Some(self.reading(t.weakest?, t.components, t.components)),
        }
    }

    fn reading(&self, value: f64, count: i64, sample: i64) -> Reading {
        let minimum = i64::from(self.minimum);
        Reading { value, threshold: self.threshold, count, sample, minimum, mark: None, lost: false }
    }

    /// Every count is its own sample; its minimum, if any, was asked for while counting.
    fn count(&self, count: i64, lost: bool) -> Reading {
        Reading { minimum: 0, lost, ..self.reading(count as f64, count, count) }
    }

    fn share(&self, hit: i64, of: i64) -> Option<Reading> {
        let lost = self.threshold >= 1.0 && hit < of;
        (of > 0).then(|| Reading { lost, ..self.reading(hit as f64 / of as f64, hit, of) })
    }

    fn mean(&self, sum: i64, of: i64) -> Option<Reading> {
        (of > 0).then(|| self.reading(sum as f64 / of as f64, of, of))
    }

    fn distance(&self, score: f64, mark: f64, attended: i64) -> Option<Reading> {
        Some(Reading { mark: Some(mark), ..self.reading(score - mark, attended, attended) })
    }

    /// What was reached, in words: `11 of 12 shifts`.
    #[must_use]
    pub fn in_words(&self, reading: &Reading) -> String {
        let Reading { value, count, sample, .. } = *reading;
        let of = |what: &str| format!("{count} of {sample} {what}");
        let some = |one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
        let score = reading.mark.map(|mark| value + mark).unwrap_or_default();
        match self.rule {
            Rule::Attendance => of("shifts attended"),
            Rule::Checkpoints => of("checkpoints visited"),
            Rule::Deadlines => of("deadlines met"),
            Rule::BeforeTheStart => of("shifts begun ahead of time"),
            Rule::Detection => of("incidents found"),
            Rule::QuickOrders => of("work orders in half the time"),
            Rule::Quality => format!("quality {value:.1} over {} checks", sample),
            Rule::Satisfaction => format!("{value:.2} of 5 over {sample} ratings"),
            Rule::ShiftsWithoutHarm => some("shift without harm", "shifts without harm"),
            Rule::FirstShifts => some("shift, none missed without a call", "shifts, none missed without a call"),
            Rule::Openings => some("early shift, on time", "early shifts, all on time"),
            Rule::TeamworkThanks => format!("thanked for teamwork by {}", some("person", "people")),
            Rule::ThanksReceived => format!("thanked by {}", some("person", "people")),
            Rule::ThanksGiven => format!("thanked {}", some("colleague", "colleagues")),
            Rule::Mentees => some("newcomer brought through the first 28 days", "newcomers brought through their first 28 days"),
            Rule::OnTimeStreak => some("day on time in a row", "days on time in a row"),
            Rule::Shifts => some("shift worked", "shifts worked"),
            Rule::RenewedAhead => some("certification renewed ahead", "certifications renewed ahead"),
            Rule::Holidays => some("public holiday worked", "public holidays worked"),
            Rule::ChallengesWon => some("team challenge won", "team challenges won"),
            Rule::ScoreRise => format!("from {:.1} to {score:.1} points", reading.mark.unwrap_or_default()),
            Rule::ScoreAboveP90 => format!("{score:.1} points; one in ten alike reach {:.1}", reading.mark.unwrap_or_default()),
            Rule::WeakestComponent => format!("at least {value:.1} points in {sample} components"),
        }
    }
}
