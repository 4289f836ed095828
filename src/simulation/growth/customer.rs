//! One simulated customer of the platform: how it came, whether it stayed, what it paid, and what it did on which day.

use chrono::{Datelike, Days, NaiveDate};

use super::super::dice::{Dice, Topic};

/// Monthly prices in hundredths, cheapest first.
pub(super) const TIERS: [(&str, i64); 3] = [("starter", 4_900), ("professional", 14_900), ("business", 39_900)];
const CHANNELS: [&str; 5] = ["search", "social", "events", "partners", "invite"];
const DAY: i64 = 24 * 60;
/// Days for nothing before a customer pays.
const TRIAL: u64 = 14;

/// What was planted, as probabilities.
pub(super) mod planted {
    /// Sign-ups that stay.
    pub const STAYS: f64 = 0.15;
    /// Sign-ups that try for a week or two.
    pub const TRIES: f64 = 0.13;
    /// Of the rest, those who leave the form.
    pub const LEAVES_THE_FORM: f64 = 0.19;
    /// First roster within a day, of those who stay, try, and the rest.
    pub const ROSTER_AT_ONCE: [f64; 3] = [0.8, 0.5, 0.22];
    /// Of those without, a first roster within a week.
    pub const ROSTER_LATER: [f64; 3] = [0.5, 0.3, 0.05];
    /// Onboarded, of those with a roster.
    pub const ONBOARDED: [f64; 3] = [0.95, 0.9, 0.7];
    /// Subscriptions cancelled in a month.
    pub const CHURN: f64 = 0.05;
    /// Subscriptions upgraded in a month.
    pub const UPGRADE: f64 = 0.03;
    /// Invitations a user sends on a day the customer is active.
    pub const INVITES: f64 = 0.035;
    /// Invitations that are accepted.
    pub const ACCEPTED: f64 = 0.45;
    /// Days on which somebody who stays is active: on a weekday, and at the weekend.
    pub const ACTIVE: [f64; 2] = [0.75, 0.4];
}

/// How a customer turns out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    Stays,
    Tries,
    Looks,
}

/// A time in minutes after the midnight with which the day of sign-up begins.
type Minutes = i64;

/// A customer of the platform.
#[derive(Debug)]
pub(super) struct Customer {
    pub code: String,
    pub day: NaiveDate,
    pub nature: Nature,
    pub channel: &'static str,
    pub started: Minutes,
    pub signed: Option<Minutes>,
    pub roster: Option<Minutes>,
    pub onboarded: Option<Minutes>,
    pub users: i64,
    pub subscriptions: Vec<Subscription>,
    /// The last day on which it may do anything; `None`: it goes on.
    pub last: Option<NaiveDate>,
    key: u64,
    seed: u64,
}

/// What a customer pays.
#[derive(Debug)]
pub(super) struct Subscription {
    pub tier: usize,
    pub from: NaiveDate,
    pub until: Option<(NaiveDate, End)>,
}

/// How a subscription ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Upgraded,
    Cancelled,
}

/// What a customer did on a day.
#[derive(Debug)]
pub(super) struct Activity {
    pub day: NaiveDate,
    pub active: i64,
    pub rosters: i64,
    pub invites: usize,
    pub ticket: bool,
}

/// Days until something happens that happens to this share of all in a month.
fn wait(dice: &mut Dice, monthly: f64) -> u64 {
    let months = (1.0 - dice.unit()).ln() / (1.0 - monthly).ln();
    (months * 30.0) as u64 + 1
}

impl Customer {
    /// The `nth` who signs up on a day, `since` days after the first.
    pub fn new(seed: u64, day: NaiveDate, since: u64, nth: usize) -> Self {
        let key = since * 1_000 + nth as u64;
        let mut dice = Dice::new(seed, Topic::Growth, key, 0);
        let fate = dice.unit();
        let nature = if fate < planted::STAYS {
            Nature::Stays
        } else if fate < planted::STAYS + planted::TRIES {
            Nature::Tries
        } else {
            Nature::Looks
        };
        let started = dice.whole(6 * 60, 20 * 60);
        let left = dice.chance(planted::LEAVES_THE_FORM) && nature == Nature::Looks;
        let signed = (!left).then_some(started + dice.whole(2, 20));
        let of = nature as usize;
        let (at_once, later) = (dice.chance(planted::ROSTER_AT_ONCE[of]), dice.chance(planted::ROSTER_LATER[of]));
        let (soon, late) = (dice.whole(10, DAY - 1), dice.whole(DAY + 1, 7 * DAY));
        let roster = signed.filter(|_| at_once || later).map(|at| at + if at_once { soon } else { late });
        let (onboards, after) = (dice.chance(planted::ONBOARDED[of]), dice.whole(5, 60));
        let onboarded = roster.filter(|_| onboards).map(|at| at + after);
        let users = match nature {
            Nature::Stays => 3 + dice.count(4.0) as i64,
            Nature::Tries => 2 + dice.count(1.0) as i64,
            Nature::Looks => 1,
        };
        let code = format!("c{since:04}-{nth}");
        let channel = dice.pick(&CHANNELS);
        let mut customer = Self {
            code,
            day,
            nature,
            channel,
            started,
            signed,
            roster,
            onboarded,
            users,
            subscriptions: Vec::new(),
            last: None,
            key,
            seed,
        };
        customer.settle(&mut dice);
        customer
    }

    /// What it will pay, and how long it will be there.
    fn settle(&mut self, dice: &mut Dice) {
        let paid_from = self.day + Days::new(TRIAL);
        match self.nature {
            Nature::Looks => self.last = Some(self.day + Days::new(dice.index(3) as u64)),
            Nature::Tries => self.last = Some(self.day + Days::new(9 + dice.index(12) as u64)),
            Nature::Stays => {
                let tier = [0, 0, 0, 0, 0, 0, 1, 1, 1, 2][dice.index(10)];
                let ends = paid_from + Days::new(wait(dice, planted::CHURN));
                let grows = paid_from + Days::new(wait(dice, planted::UPGRADE));
                let cancelled = Some((ends, End::Cancelled));
                if grows < ends && tier + 1 < TIERS.len() {
                    self.subscriptions.push(Subscription {
                        tier,
                        from: paid_from,
                        until: Some((grows, End::Upgraded)),
                    });
                    self.subscriptions.push(Subscription { tier: tier + 1, from: grows, until: cancelled });
                } else {
                    self.subscriptions.push(Subscription { tier, from: paid_from, until: cancelled });
                }
                self.last = Some(ends);
            }
        }
    }

    /// What it did on a day; `None`: nothing.
    pub fn on(&self, day: NaiveDate) -> Option<Activity> {
        if self.signed.is_none() || day < self.day || self.last.is_some_and(|last| day > last) {
            return None;
        }
        let age = (day - self.day).num_days().unsigned_abs();
        let mut dice = Dice::new(self.seed, Topic::Growth, self.key, age + 1);
        let weekend = day.weekday().num_days_from_monday() > 4;
        let likely = match self.nature {
            _ if age == 0 => 1.0,
            Nature::Stays => planted::ACTIVE[usize::from(weekend)],
            Nature::Tries => 0.6,
            Nature::Looks => 0.5,
        };
        if !dice.chance(likely) {
            return None;
        }
        let active = 1 + (1..self.users).filter(|_| dice.chance(0.5)).count() as i64;
        let rosters = i64::from(dice.chance(0.3));
        let keen = if self.nature == Nature::Stays { planted::INVITES } else { 0.0 };
        let invites = dice.count(keen * self.users as f64);
        Some(Activity { day, active, rosters, invites, ticket: dice.chance(0.012) })
    }

    /// The dice of something that came of an activity.
    pub fn dice(&self, day: NaiveDate, about: u64) -> Dice {
        let age = (day - self.day).num_days().unsigned_abs();
        Dice::new(self.seed, Topic::Growth, self.key, 100_000 + age * 100 + about)
    }
}
