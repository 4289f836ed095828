//! The additive numerators and denominators of a worker's day, or of any set of days.

use serde::{Deserialize, Serialize};

macro_rules! sums {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// Sums over one or more days. Every field is a count or a sum of whole numbers, so that adding days in any
        /// order and any grouping gives the same result.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub struct Sums { $($(#[$doc])* pub $name: i64,)+ }

        impl Sums {
            /// The columns of `worker_daily_metrics`, in the order of [`Sums::to_array`].
            pub const COLUMNS: &'static [&'static str] = &[$(stringify!($name),)+];

            /// The fields in the order of [`Sums::COLUMNS`].
            #[must_use]
            pub fn to_array(&self) -> [i64; Self::COLUMNS.len()] {
                [$(self.$name,)+]
            }

            /// From fields in the order of [`Sums::COLUMNS`].
            #[must_use]
            pub fn from_array(values: [i64; Self::COLUMNS.len()]) -> Self {
                let [$($name,)+] = values;
                Self { $($name,)+ }
            }
        }

        impl std::ops::AddAssign for Sums {
            fn add_assign(&mut self, other: Self) { $(self.$name += other.$name;)+ }
        }

        impl std::ops::SubAssign for Sums {
            fn sub_assign(&mut self, other: Self) { $(self.$name -= other.$name;)+ }
        }
    };
}

sums! {
    /// Ended shifts assigned to the worker, without those on approved leave.
    scheduled,
    /// Of those, clocked in.
    attended,
    /// Of the attended, clocked in no later than five minutes after the start.
    on_time,
    /// Scheduled, neither attended nor called in: no call, no show.
    ncns,
    /// Minutes after the start, of clock-ins beyond the grace of five minutes.
    late_minutes,
    /// Clock-ins whose place is known.
    geofence_checked,
    /// Of those, inside the site's geofence.
    geofence_inside,
    /// Answered offers of overtime shifts.
    overtime_offered,
    /// Of those, accepted.
    overtime_accepted,
    /// Tasks due.
    tasks_due,
    /// Of those, completed.
    tasks_completed,
    /// Completed tasks that had a time to keep.
    tasks_sla_judged,
    /// Of those, kept.
    tasks_sla_hit,
    /// Completed tasks that were checked.
    tasks_checked,
    /// Of those, right the first time.
    tasks_passed_first,
    /// Tasks with a quality mark.
    tasks_quality_n,
    /// Their marks, 0–100 each.
    tasks_quality_sum,
    /// Tours planned.
    tours_planned,
    /// Of those, completed.
    tours_completed,
    /// Checkpoints planned.
    checkpoints_planned,
    /// Of those, visited.
    checkpoints_visited,
    /// Of the visited, within ten minutes of plan.
    checkpoints_on_time,
    /// Incidents found on tours.
    incidents_found,
    /// Incidents a tour should have found.
    incidents_missed,
    /// Work orders closed.
    orders_closed,
    /// Of those, with a deadline.
    orders_sla_judged,
    /// Of those, closed by it.
    orders_sla_hit,
    /// Closed orders whose resolution time can be judged.
    orders_timed,
    /// Their time scores, clamp(2 − actual/target, 0, 1) each, in millionths.
    orders_time_score,
    /// Orders rated by the customer.
    orders_rated,
    /// Their ratings, 1–5 each.
    orders_rating_sum,
    /// Orders with a quality mark.
    orders_quality_n,
    /// Their marks, 0–100 each.
    orders_quality_sum,
    /// Orders closed before they were opened, or due by then: not timed, reported.
    orders_implausible,
    /// Certifications asked for, summed over days.
    certs_required,
    /// Of those, current on the day.
    certs_current,
    /// Trainings asked for, summed over days.
    trainings_required,
    /// Of those, complete on the day.
    trainings_complete,
    /// Incident reports with a quality mark.
    documents_n,
    /// Their marks, 0–100 each.
    documents_quality_sum,
    /// Incidents attributable to the worker.
    attributable,
    /// Attended shifts that began in the night (18:00–04:00 local).
    night_shifts,
    /// Minutes worked in ordinary time.
    minutes_regular,
    /// Minutes worked in overtime.
    minutes_overtime,
}

impl std::ops::Add for Sums {
    type Output = Self;
    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl std::iter::Sum for Sums {
    fn sum<I: Iterator<Item = Self>>(days: I) -> Self {
        days.fold(Self::default(), |sum, day| sum + day)
    }
}

impl<'a> std::iter::Sum<&'a Self> for Sums {
    fn sum<I: Iterator<Item = &'a Self>>(days: I) -> Self {
        days.copied().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_sums() -> impl Strategy<Value = Sums> {
        proptest::array::uniform32(0..10_000i64).prop_map(|seed| {
            let mut values = [0; Sums::COLUMNS.len()];
            for (i, value) in values.iter_mut().enumerate() {
                *value = seed[i % seed.len()];
            }
            Sums::from_array(values)
        })
    }

    proptest! {
        #[test]
        fn any_split_of_days_gives_the_same_sums(days in proptest::collection::vec(any_sums(), 0..40), cut in 0usize..40) {
            let cut = cut.min(days.len());
            let whole: Sums = days.iter().sum();
            let parts = days[..cut].iter().sum::<Sums>() + days[cut..].iter().sum();
            prop_assert_eq!(whole, parts);
        }

        #[test]
        fn a_day_that_leaves_the_window_takes_all_it_brought(a in any_sums(), b in any_sums()) {
            let mut sum = a + b;
            sum -= b;
            prop_assert_eq!(sum, a);
        }
    }
}
