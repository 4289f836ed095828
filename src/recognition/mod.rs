//! What is worth being proud of: streaks, achievements, kudos, team challenges.
//!
//! Streaks and achievements are derived from worker days and facts and can be rebuilt at any time; kudos are facts.
//! None of it ranks people: each is measured against the own record or a fixed mark.
//!
//! - [`rebuild`] follows the days that metrics has built, [`announce`] tells who earned something; the night calls both.
//! - [`streaks`], [`achievements`] and [`kudos_received`] are what a worker sees of it.
//! - [`create_challenge`], [`end_challenge`] and [`challenges_of`] are a supervisor's; the night does [`settle_challenges`].
//! - [`kudos_wall`], [`team_awards`] and [`award_counts`] are what a team is proud of.
//! - [`give_kudos`] thanks one of the [`colleagues`].

mod achievement;
pub mod challenge;
mod kudos;
mod rule;
mod streaks;

pub use achievement::{Definition, EVER, Tier, Window};
pub use challenge::{
    Challenge, Draft, LONGEST_DAYS, LONGEST_NAME, MOST_SITES, Metric, SHORTEST_DAYS, SMALLEST_SAMPLE, Standing, State,
};
pub use kudos::{Category, DAYS_BETWEEN, GivenBefore, LONGEST, MOST_A_DAY, may_give, message};
pub use rule::{Reading, Rule, Tally};
pub use streaks::{Career, DayFacts, LONG_STREAK, Streak, StreakKind};

#[cfg(feature = "server")]
mod announce;
#[cfg(feature = "server")]
mod award;
#[cfg(feature = "server")]
mod careers;
#[cfg(feature = "server")]
mod contest;
#[cfg(feature = "server")]
mod give;
#[cfg(feature = "server")]
mod progress;
#[cfg(feature = "server")]
mod rebuild;
#[cfg(feature = "server")]
mod store;
#[cfg(feature = "server")]
mod wall;

#[cfg(feature = "server")]
pub use achievement::definitions;
#[cfg(feature = "server")]
pub use announce::{DAYS_OF_NEWS, announce};
#[cfg(feature = "server")]
pub use award::{check_definitions, sync_definitions};
#[cfg(feature = "server")]
pub use careers::{CurrentStreak, streaks};
#[cfg(feature = "server")]
pub use contest::{Opponent, Stopped, challenges_of, create_challenge, end_challenge, opponents, settle_challenges};
#[cfg(feature = "server")]
pub use give::{Colleague, Giver, Kudos, colleagues, give_kudos, kudos_after, kudos_received};
#[cfg(feature = "server")]
pub use progress::{Achievements, Earned, Next, achievements};
#[cfg(feature = "server")]
pub use rebuild::{rebuild, rebuild_worker};
#[cfg(feature = "server")]
pub use wall::{AwardCount, ON_A_PAGE, TeamAward, TeamKudos, Wall, award_counts, kudos_wall, team_awards};
