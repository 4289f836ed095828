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
            Rule::Mentees => {
                some("newcomer brought through the first 28 days", "newcomers brought through their first 28 days")
            }
            Rule::OnTimeStreak => some("day on time in a row", "days on time in a row"),
            Rule::Shifts => some("shift worked", "shifts worked"),
            Rule::RenewedAhead => some("certification renewed ahead", "certifications renewed ahead"),
            Rule::Holidays => some("public holiday worked", "public holidays worked"),
            Rule::ChallengesWon => some("team challenge won", "team challenges won"),
            Rule::ScoreRise => format!("from {:.1} to {score:.1} points", reading.mark.unwrap_or_default()),
            Rule::ScoreAboveP90 => {
                format!("{score:.1} points; one in ten alike reach {:.1}", reading.mark.unwrap_or_default())
            }
            Rule::WeakestComponent => format!("at least {value:.1} points in {sample} components"),
        }
    }
}

#[cfg(all(test, feature = "server"))]
mod tests {
    use super::*;
    use crate::recognition::definitions;

    fn definition(code: &str) -> Definition {
        definitions().unwrap().into_iter().find(|it| it.code == code).unwrap()
    }

    /// Just enough earns it and says so in these words; a little less does not.
    #[track_caller]
    fn check(code: &str, enough: Tally, words: &str, too_little: &[Tally]) {
        let it = definition(code);
        let reading = it.read(&enough).unwrap();
        assert!(reading.earned(), "{code}: {reading:?}");
        assert_eq!(it.in_words(&reading), words);
        assert!((reading.progress() - 1.0).abs() < 1e-9);
        for tally in too_little {
            let reading = it.read(tally);
            assert!(!reading.is_some_and(|reading| reading.earned()), "{code}: {reading:?}");
            assert!(reading.is_none_or(|reading| reading.progress() < 1.0));
        }
        assert!(!it.read(&Tally::default()).is_some_and(|reading| reading.earned()), "{code} is earned by nothing");
    }

    fn shifts(attended: i64, scheduled: i64) -> Tally {
        Tally { attended, scheduled, ..Tally::default() }
    }

    #[test]
    fn attendance_is_perfect_over_enough_shifts() {
        check("perfect-week", shifts(3, 3), "3 of 3 shifts attended", &[shifts(2, 2), shifts(4, 5)]);
        check("perfect-month", shifts(10, 10), "10 of 10 shifts attended", &[shifts(9, 9), shifts(10, 11)]);
        check("perfect-quarter", shifts(30, 30), "30 of 30 shifts attended", &[shifts(29, 29), shifts(59, 60)]);
        assert!(definition("perfect-week").read(&shifts(4, 5)).unwrap().lost, "a missed shift cannot be made up for");
    }

    #[test]
    fn shares_need_their_sample() {
        let checkpoints =
            |visited, planned| Tally { checkpoints_visited: visited, checkpoints_planned: planned, ..Tally::default() };
        check(
            "patrol-pro",
            checkpoints(49, 50),
            "49 of 50 checkpoints visited",
            &[checkpoints(39, 39), checkpoints(48, 50)],
        );
        let deadlines = |met, all| Tally { deadlines_met: met, deadlines: all, ..Tally::default() };
        check("sla-champion", deadlines(97, 100), "97 of 100 deadlines met", &[deadlines(19, 19), deadlines(96, 100)]);
        let before = |before, all| Tally { clock_ins_before: before, clock_ins: all, ..Tally::default() };
        check("early-bird", before(19, 20), "19 of 20 shifts begun ahead of time", &[before(11, 11), before(18, 20)]);
        let incidents = |found, missed| Tally { incidents_found: found, incidents_missed: missed, ..Tally::default() };
        check("eagle-eye", incidents(19, 1), "19 of 20 incidents found", &[incidents(4, 0), incidents(18, 1)]);
        let orders = |quick, timed| Tally { orders_quick: quick, orders_timed: timed, ..Tally::default() };
        check("quick-resolver", orders(5, 10), "5 of 10 work orders in half the time", &[orders(9, 9), orders(5, 11)]);
    }

    #[test]
    fn means_need_their_sample() {
        let quality = |sum, n| Tally { quality_sum: sum, quality_n: n, ..Tally::default() };
        check("quality-star", quality(900, 10), "quality 90.0 over 10 checks", &[quality(900, 9), quality(899, 10)]);
        let ratings = |sum, n| Tally { rating_sum: sum, ratings: n, ..Tally::default() };
        check("customer-favourite", ratings(45, 10), "4.50 of 5 over 10 ratings", &[ratings(45, 9), ratings(44, 10)]);
    }

    type Set = fn(&mut Tally, i64);

    #[test]
    fn counts_reach_their_threshold() {
        let t = |f: Set, n| {
            let mut tally = Tally::default();
            f(&mut tally, n);
            tally
        };
        let counts: [(&str, Set, i64, &str); 10] = [
            ("team-player", |t, n| t.teamwork_givers = n, 2, "thanked for teamwork by 2 people"),
            ("mentor-master", |t, n| t.mentees = n, 3, "3 newcomers brought through their first 28 days"),
            ("iron-streak", |t, n| t.on_time_streak = n, 50, "50 days on time in a row"),
            ("certified-ahead", |t, n| t.renewed = n, 1, "1 certification renewed ahead"),
            ("holiday-hero", |t, n| t.holidays = n, 2, "2 public holidays worked"),
            ("century-of-shifts", |t, n| t.shifts_ever = n, 100, "100 shifts worked"),
            ("kudos-magnet", |t, n| t.givers = n, 3, "thanked by 3 people"),
            ("kudos-giver", |t, n| t.thanked = n, 3, "thanked 3 colleagues"),
            ("team-challenge-winner", |t, n| t.challenges_won = n, 1, "1 team challenge won"),
            ("safety-champion", |t, n| t.attended = n, 40, "40 shifts without harm"),
        ];
        for (code, set, threshold, words) in counts {
            check(code, t(set, threshold), words, &[t(set, threshold - 1)]);
        }
    }

    #[test]
    fn harm_a_no_show_and_a_late_opening_put_it_out_of_reach() {
        let harmed = Tally { attended: 60, attributable: 1, ..Tally::default() };
        check("safety-champion", shifts(40, 40), "40 shifts without harm", &[harmed]);
        let missed = Tally { attended: 20, ncns: 1, ..Tally::default() };
        check("first-month", shifts(8, 8), "8 shifts, none missed without a call", &[missed, shifts(7, 7)]);
        let openings = |on_time, all| Tally { openings_on_time: on_time, openings: all, ..Tally::default() };
        check("trusted-opener", openings(8, 8), "8 early shifts, all on time", &[openings(8, 9), openings(7, 7)]);
        assert!(definition("safety-champion").read(&harmed).unwrap().progress() < 1e-9);
    }

    #[test]
    fn scores_are_measured_against_the_own_past_the_cohort_and_75() {
        let rise = |bpi, before, attended| Tally { bpi, bpi_before: before, attended, ..Tally::default() };
        let less = [rise(Some(69.9), Some(60.0), 8), rise(Some(80.0), Some(60.0), 7), rise(Some(99.0), None, 20)];
        check("comeback", rise(Some(70.0), Some(60.0), 8), "from 60.0 to 70.0 points", &less);
        let cohort = |bpi, p90, attended| Tally { bpi, cohort_p90: p90, attended, ..Tally::default() };
        let less = [cohort(Some(90.9), Some(91.0), 8), cohort(Some(99.0), None, 20), cohort(Some(99.0), Some(91.0), 7)];
        check("cohort-leader", cohort(Some(91.0), Some(91.0), 8), "91.0 points; one in ten alike reach 91.0", &less);
        let weakest = |weakest, components| Tally { weakest, components, ..Tally::default() };
        let less = [weakest(Some(74.9), 5), weakest(Some(95.0), 3), weakest(None, 0)];
        check("all-rounder", weakest(Some(75.0), 4), "at least 75.0 points in 4 components", &less);
    }

    #[test]
    fn progress_grows_with_the_sample_and_the_value() {
        let it = definition("perfect-month");
        let so_far = |attended| it.read(&shifts(attended, attended)).unwrap().progress();
        assert!(so_far(2) < so_far(5) && so_far(5) < so_far(9) && so_far(9) < 1.0);
    }

    #[test]
    fn evidence_survives_being_stored() {
        let it = definition("comeback");
        let reading =
            it.read(&Tally { bpi: Some(72.0), bpi_before: Some(60.0), attended: 9, ..Tally::default() }).unwrap();
        let stored: Reading = serde_json::from_value(serde_json::to_value(reading).unwrap()).unwrap();
        assert_eq!(stored, reading);
        assert_eq!(it.in_words(&stored), "from 60.0 to 72.0 points");
    }
}
