//! What does planning with Muster save? Hours and money against two baselines, which are shown beside every such number.

use serde::{Deserialize, Serialize};

/// Hours a roster takes by hand where the organization says nothing else: the middle of the usual 4 to 8.
pub const MANUAL_HOURS: f64 = 6.0;
/// Minutes a roster should take with Muster where the organization says nothing else.
pub const TARGET_MINUTES: i64 = 10;

/// What savings are measured against.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Baselines {
    /// Hours a roster takes by hand.
    pub manual_hours: f64,
    /// Minutes it should take with Muster; stands for rosters whose minutes were not recorded.
    pub target_minutes: i64,
    /// What an hour of the planner costs, in cents; `None` when neither set nor to be measured.
    pub planner_rate_cents: Option<i64>,
    /// Whether that rate is a setting; else it is the mean hourly rate of the organization's workers.
    pub planner_rate_is_set: bool,
    /// How much more a roster made by hand costs, in per cent, where the organization has set it; else what an hour costs
    /// by hand is measured for each site from the rosters that were made so.
    pub manual_extra_percent: Option<f64>,
}

/// The rosters of one site that were made with Muster, and what they would have cost by hand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// How many.
    pub rosters: i64,
    /// Of those, how many whose planning minutes were recorded.
    pub timed: i64,
    /// The recorded minutes.
    pub minutes: i64,
    /// Scheduled cost in cents.
    pub cost_cents: i64,
    /// Minutes of work they plan.
    pub work_minutes: i64,
    /// Scheduled cost in cents of the site's rosters made by hand, up to the end of the period.
    pub manual_cost_cents: i64,
    /// Minutes of work those plan; 0: there are none.
    pub manual_work_minutes: i64,
}

/// Hours and money saved by a set of rosters.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Savings {
    /// Against what.
    pub baselines: Baselines,
    /// Rosters made with Muster and confirmed.
    pub rosters: i64,
    /// Of those, how many whose planning minutes were recorded; the others count at the target.
    pub timed: i64,
    /// Minutes planning took.
    pub planning_minutes: i64,
    /// Rosters for which it is known what they would have cost by hand.
    pub priced: i64,
    /// Scheduled cost of those, in cents.
    pub scheduled_cents: i64,
    /// What those would have cost by hand, in cents.
    pub manual_cents: i64,
}

impl Savings {
    /// Adds up the sites.
    #[must_use]
    pub fn of(baselines: Baselines, sites: &[Planned]) -> Self {
        let mut saved = Self {
            baselines,
            rosters: 0,
            timed: 0,
            planning_minutes: 0,
            priced: 0,
            scheduled_cents: 0,
            manual_cents: 0,
        };
        for site in sites {
            saved.rosters += site.rosters;
            saved.timed += site.timed;
            saved.planning_minutes += site.minutes + (site.rosters - site.timed) * baselines.target_minutes;
            if let Some(manual_cents) = site.by_hand(baselines.manual_extra_percent) {
                saved.priced += site.rosters;
                saved.scheduled_cents += site.cost_cents;
                saved.manual_cents += manual_cents;
            }
        }
        saved
    }

    /// (manual hours − hours with Muster) × rosters; `None` without rosters.
    #[must_use]
    pub fn hours(&self) -> Option<f64> {
        let by_hand = self.baselines.manual_hours * self.rosters as f64;
        (self.rosters > 0).then(|| by_hand - self.planning_minutes as f64 / 60.0)
    }

    /// The hours saved at the planner's rate, in cents; `None` without rosters or rate.
    #[must_use]
    pub fn time_cents(&self) -> Option<i64> {
        Some((self.hours()? * self.baselines.planner_rate_cents? as f64).round() as i64)
    }

    /// What the rosters would have cost by hand less what they cost, in cents; `None` where that is known of none.
    #[must_use]
    pub fn roster_cents(&self) -> Option<i64> {
        (self.priced > 0).then_some(self.manual_cents - self.scheduled_cents)
    }

    /// Cost saved: time and rosters together, in cents; `None` where neither can be said.
    #[must_use]
    pub fn cents(&self) -> Option<i64> {
        match (self.time_cents(), self.roster_cents()) {
            (None, None) => None,
            (time, roster) => Some(time.unwrap_or(0) + roster.unwrap_or(0)),
        }
    }
}

impl Planned {
    /// What the same work would have cost by hand, in cents.
    fn by_hand(&self, extra_percent: Option<f64>) -> Option<i64> {
        if self.rosters == 0 {
            return None;
        }
        if let Some(percent) = extra_percent {
            return Some((self.cost_cents as f64 * (1.0 + percent / 100.0)).round() as i64);
        }
        let measured = || self.manual_cost_cents as f64 * self.work_minutes as f64 / self.manual_work_minutes as f64;
        (self.manual_work_minutes > 0).then(|| measured().round() as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASELINES: Baselines = Baselines {
        manual_hours: MANUAL_HOURS,
        target_minutes: TARGET_MINUTES,
        planner_rate_cents: Some(5_000),
        planner_rate_is_set: true,
        manual_extra_percent: None,
    };

    /// Two rosters, one timed at 20 minutes, of 100 hours at 40 an hour; by hand an hour cost 42.
    const SITE: Planned = Planned {
        rosters: 2,
        timed: 1,
        minutes: 20,
        cost_cents: 400_000,
        work_minutes: 6_000,
        manual_cost_cents: 84_000,
        manual_work_minutes: 1_200,
    };

    #[test]
    fn time_and_cost_are_saved_against_both_baselines() {
        let saved = Savings::of(BASELINES, &[SITE]);
        assert_eq!((saved.rosters, saved.timed, saved.planning_minutes), (2, 1, 30)); // one counts at the target of 10
        assert_eq!(saved.hours(), Some(11.5)); // 2 × 6 h − 30 min
        assert_eq!(saved.time_cents(), Some(57_500));
        assert_eq!(saved.roster_cents(), Some(20_000)); // 100 h × 2
        assert_eq!(saved.cents(), Some(77_500));
    }

    #[test]
    fn a_site_that_never_planned_by_hand_saves_time_only_unless_the_extra_cost_is_set() {
        let site = Planned { manual_cost_cents: 0, manual_work_minutes: 0, ..SITE };
        let saved = Savings::of(BASELINES, &[site]);
        assert_eq!((saved.priced, saved.roster_cents(), saved.cents()), (0, None, Some(57_500)));
        let set = Baselines { manual_extra_percent: Some(4.0), ..BASELINES };
        assert_eq!(Savings::of(set, &[site]).roster_cents(), Some(16_000));
        // The other site is counted still, and only what is priced is compared.
        let both = Savings::of(BASELINES, &[site, SITE]);
        assert_eq!((both.rosters, both.priced, both.roster_cents()), (4, 2, Some(20_000)));
    }

    #[test]
    fn without_rosters_nothing_is_saved_or_lost() {
        let saved = Savings::of(BASELINES, &[]);
        assert_eq!((saved.hours(), saved.time_cents(), saved.roster_cents(), saved.cents()), (None, None, None, None));
        let unpaid = Baselines { planner_rate_cents: None, ..BASELINES };
        assert_eq!(Savings::of(unpaid, &[SITE]).time_cents(), None);
    }
}
