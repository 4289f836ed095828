//! How many requests may a caller of the API send? So many a minute, counted per token, or per user for who comes with a
//! session; a caller that was quiet may send all of a minute's at once.
//!
//! Each instance counts for itself: behind a load balancer a caller has the limit once per instance.

use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use muster::units::UserId;

use crate::caller::Caller;
use crate::error::AppError;
use crate::server::App;

const MINUTE: u64 = 60;
/// Callers remembered before those who were quiet for a minute are forgotten.
const MANY: usize = 10_000;

/// What every answer says of the limit, with its meaning.
pub(super) const LIMIT_HEADERS: [(&str, &str); 3] = [
    ("RateLimit-Limit", "Requests a caller has in a minute"),
    ("RateLimit-Remaining", "Requests left just now"),
    ("RateLimit-Reset", "Seconds until all of them are there again"),
];

/// Who is counted: a user, and which of its tokens (a hash; none for a session).
type Key = (UserId, Option<u64>);

/// Counts the requests of each caller.
#[derive(Debug)]
pub struct Limits<C: Clock = DefaultClock> {
    callers: RateLimiter<Key, HashMapStateStore<Key>, C, StateInformationMiddleware>,
    clock: C,
    per_minute: NonZeroU32,
    tokens: RandomState,
}

/// What a caller has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    /// Requests left just now.
    remaining: u32,
    /// Seconds until all of them are there again.
    reset: u64,
    /// Seconds to wait, for who has none left.
    wait: Option<u64>,
}

impl Limits {
    /// So many requests a minute.
    #[must_use]
    pub fn per_minute(limit: NonZeroU32) -> Self {
        Self::with_clock(limit, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Limits<C> {
    fn with_clock(per_minute: NonZeroU32, clock: C) -> Self {
        let callers = RateLimiter::new(Quota::per_minute(per_minute), HashMapStateStore::default(), clock.clone());
        Self { callers, clock, per_minute, tokens: RandomState::new() }
    }

    fn count(&self, key: Key) -> Standing {
        if self.callers.len() > MANY {
            self.callers.retain_recent();
        }
        match self.callers.check_key(&key) {
            Ok(left) => {
                let remaining = left.remaining_burst_capacity();
                let used = u64::from(self.per_minute.get().saturating_sub(remaining));
                let reset = (used * MINUTE).div_ceil(u64::from(self.per_minute.get()));
                Standing { remaining, reset, wait: None }
            }
            Err(not_yet) => {
                let wait = whole_seconds(not_yet.wait_time_from(self.clock.now()));
                Standing { remaining: 0, reset: MINUTE, wait: Some(wait) }
            }
        }
    }

    fn key(&self, caller: &Caller, request: &Request) -> Key {
        let token = request.headers().get(header::AUTHORIZATION);
        (caller.user().id, token.map(|token| self.tokens.hash_one(token.as_bytes())))
    }
}

fn whole_seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

/// Counts the request and says in every answer what is left; who has none left is told when to come back.
pub async fn limited(State(app): State<App>, request: Request, next: Next) -> Response {
    let limits = &app.limits;
    // Who is not known was refused before.
    let Some(caller) = request.extensions().get::<Caller>() else { return next.run(request).await };
    let standing = limits.count(limits.key(caller, &request));
    let mut response = match standing.wait {
        None => next.run(request).await,
        Some(seconds) => AppError::TooMany { seconds }.problem(),
    };
    let headers = [
        ("ratelimit-limit", u64::from(limits.per_minute.get())),
        ("ratelimit-remaining", u64::from(standing.remaining)),
        ("ratelimit-reset", standing.reset),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;
    use uuid::Uuid;

    use super::*;

    fn user(nth: u128) -> Key {
        (UserId(Uuid::from_u128(nth)), None)
    }

    #[test]
    fn a_minutes_requests_may_come_at_once_and_then_one_at_a_time() {
        let clock = FakeRelativeClock::default();
        let limits = Limits::with_clock(NonZeroU32::new(6).unwrap(), clock.clone());
        for remaining in (0..6).rev() {
            let reset = u64::from(6 - remaining) * 10;
            assert_eq!(limits.count(user(1)), Standing { remaining, reset, wait: None });
        }
        assert_eq!(limits.count(user(1)), Standing { remaining: 0, reset: 60, wait: Some(10) });
        clock.advance(Duration::from_millis(9_500));
        assert_eq!(limits.count(user(1)).wait, Some(1), "a part of a second is waited for as a whole one");
        clock.advance(Duration::from_millis(500));
        assert_eq!(limits.count(user(1)), Standing { remaining: 0, reset: 60, wait: None });
        clock.advance(Duration::from_secs(600));
        assert_eq!(limits.count(user(1)).remaining, 5, "and never more than a minute's");
    }

    #[test]
    fn each_caller_and_each_token_is_counted_alone() {
        let limits = Limits::with_clock(NonZeroU32::new(1).unwrap(), FakeRelativeClock::default());
        assert_eq!(limits.count(user(1)).wait, None);
        assert_eq!(limits.count(user(1)).wait, Some(60));
        assert_eq!(limits.count(user(2)).wait, None);
        assert_eq!(limits.count((user(1).0, Some(7))).wait, None);
    }
}
