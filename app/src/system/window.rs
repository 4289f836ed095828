//! How long answers took within the last minutes: one histogram a minute, of the last hour, added up when somebody asks.

use std::time::Duration;

use muster::system::Answered;

/// Minutes that are kept.
const MINUTES: usize = 60;
/// The end of the first bucket; each of the others ends this many times later. 64 buckets reach from 1 ms to 100 s.
const FIRST: f64 = 0.001;
const STEP: f64 = 1.2;
const BUCKETS: usize = 64;

#[derive(Debug, Clone, Copy)]
struct Minute {
    /// Which, counted from the start of the process.
    nth: u64,
    errors: u32,
    counts: [u32; BUCKETS],
}

const EMPTY: Minute = Minute { nth: u64::MAX, errors: 0, counts: [0; BUCKETS] };

/// The answers of one route in the last hour.
#[derive(Debug, Clone)]
pub(super) struct Window {
    minutes: Box<[Minute; MINUTES]>,
}

impl Default for Window {
    fn default() -> Self {
        Self { minutes: Box::new([EMPTY; MINUTES]) }
    }
}

impl Window {
    /// One more answer, in the nth minute.
    pub fn add(&mut self, nth: u64, took: Duration, is_error: bool) {
        let minute = &mut self.minutes[(nth % MINUTES as u64) as usize];
        if minute.nth != nth {
            *minute = Minute { nth, ..EMPTY };
        }
        minute.errors += u32::from(is_error);
        minute.counts[bucket(took)] += 1;
    }

    /// Adds the answers of the last `span` minutes up to the nth to `sum`.
    fn add_to(&self, sum: &mut Sum, nth: u64, span: u64) {
        for minute in self.minutes.iter().filter(|it| it.nth <= nth && it.nth + span > nth) {
            sum.errors += u64::from(minute.errors);
            for (sum, count) in sum.counts.iter_mut().zip(minute.counts) {
                *sum += u64::from(count);
            }
        }
    }
}

struct Sum {
    errors: u64,
    counts: [u64; BUCKETS],
}

/// The answers of these routes together, in the last `span` minutes up to the nth.
pub(super) fn answered<'a>(windows: impl IntoIterator<Item = &'a Window>, nth: u64, span: u64) -> Answered {
    let mut sum = Sum { errors: 0, counts: [0; BUCKETS] };
    for window in windows {
        window.add_to(&mut sum, nth, span);
    }
    let requests = sum.counts.iter().sum();
    let at = |share| quantile(&sum.counts, requests, share);
    Answered { requests, errors: sum.errors, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

fn bucket(took: Duration) -> usize {
    let ratio = took.as_secs_f64() / FIRST;
    if ratio <= 1.0 { 0 } else { (ratio.ln() / STEP.ln()).ceil().min((BUCKETS - 1) as f64) as usize }
}

fn end(bucket: usize) -> f64 {
    FIRST * STEP.powi(i32::try_from(bucket).unwrap_or(i32::MAX))
}

/// The nearest rank, told as the middle of its bucket: at most a tenth beside the truth.
fn quantile(counts: &[u64; BUCKETS], of: u64, share: f64) -> Duration {
    let rank = (share * of as f64).ceil().max(1.0) as u64;
    let mut seen = 0;
    for (bucket, count) in counts.iter().enumerate() {
        seen += count;
        if seen >= rank {
            return Duration::from_secs_f64(end(bucket) / STEP.sqrt());
        }
    }
    Duration::ZERO
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn quantiles_are_within_a_tenth_of_the_truth() {
        let mut window = Window::default();
        for nth in 1..=1000 {
            window.add(7, ms(nth), nth % 100 == 0);
        }
        let it = answered([&window], 7, 5);
        assert_eq!((it.requests, it.errors), (1000, 10));
        for (told, truth) in [(it.p50, 0.5), (it.p95, 0.95), (it.p99, 0.99)] {
            let off = told.as_secs_f64() / truth;
            assert!((0.9..=1.1).contains(&off), "{told:?} instead of {truth} s");
        }
    }

    #[test]
    fn what_is_older_than_the_span_does_not_count_and_a_minute_is_used_again_after_an_hour() {
        let mut window = Window::default();
        window.add(0, ms(10), true);
        window.add(4, ms(10), false);
        let count = |window: &Window, nth, span| answered([window], nth, span).requests;
        assert_eq!((count(&window, 4, 5), count(&window, 5, 5), count(&window, 59, 60)), (2, 1, 2));
        assert_eq!(count(&window, 60, 60), 1);
        window.add(60, ms(10), false);
        assert_eq!((count(&window, 60, 60), answered([&window], 60, 60).errors), (2, 0));
    }

    #[test]
    fn the_shortest_and_the_longest_have_their_bucket() {
        assert_eq!((bucket(Duration::ZERO), bucket(ms(1)), bucket(Duration::from_secs(9_999))), (0, 0, BUCKETS - 1));
        assert_eq!(answered([&Window::default()], 3, 5), Answered::default());
    }
}
