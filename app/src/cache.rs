//! Answers that take long to make are kept for a while. The key holds whose they are, what of it the caller may see, what was asked
//! and how often the data was rewritten: nobody is given what is another's, and nothing outlives what it was made of. Whoever asks
//! while an answer is being made waits for that one.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use moka::Expiry;
use moka::future::Cache;
use muster::units::OrgId;

use crate::error::AppError;

/// Answers kept at once, of all organizations.
const MOST: u64 = 2_000;

/// Whose answer, to what, of which data.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The organization.
    pub org: OrgId,
    /// What was asked.
    pub what: &'static str,
    /// What the caller may see of it, and with which parameters, as JSON.
    pub asked: String,
    /// How often what it rests on was rewritten.
    pub version: i64,
}

/// An answer, and when it was made.
#[derive(Debug)]
pub struct Kept<T> {
    /// The answer.
    pub it: Arc<T>,
    /// When.
    pub made_at: DateTime<Utc>,
}

#[derive(Clone)]
struct Entry {
    answer: Arc<dyn Any + Send + Sync>,
    made_at: DateTime<Utc>,
    kept_for: Duration,
}

struct AsLongAsItSays;

impl Expiry<Key, Entry> for AsLongAsItSays {
    fn expire_after_create(&self, _: &Key, entry: &Entry, _: Instant) -> Option<Duration> {
        Some(entry.kept_for)
    }
}

/// The answers that are kept.
#[derive(Clone)]
pub struct Answers {
    kept: Cache<Key, Entry>,
    asked: Arc<Mutex<BTreeMap<(OrgId, &'static str), Asked>>>,
}

/// How often answers of a kind were asked for since the process began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    /// They were there already.
    pub hits: u64,
    /// They had to be made.
    pub misses: u64,
}

/// What is kept of a kind of answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kind {
    /// How often it was asked for.
    pub asked: Asked,
    /// How many are kept now.
    pub entries: u64,
    /// When the oldest of them was made.
    pub oldest: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answers").field("kept", &self.kept.entry_count()).finish()
    }
}

impl Default for Answers {
    fn default() -> Self {
        let kept = Cache::builder().max_capacity(MOST).expire_after(AsLongAsItSays);
        Self { kept: kept.build(), asked: Arc::default() }
    }
}

impl Answers {
    /// The answer that is kept under this key, or the one that `make` gives, which is then kept for so long. What fails is told
    /// to everybody who waited and not kept.
    ///
    /// # Errors
    /// Whatever `make` failed of.
    pub async fn get<T: Send + Sync + 'static>(
        &self,
        key: Key,
        kept_for: Duration,
        now: DateTime<Utc>,
        make: impl Future<Output = Result<T, AppError>> + Send,
    ) -> Result<Kept<T>, AppError> {
        let (missed, kind) = (AtomicBool::new(false), (key.org, key.what));
        let made = async {
            missed.store(true, Ordering::Relaxed);
            Ok(Entry { answer: Arc::new(make.await?), made_at: now, kept_for })
        };
        let found: Result<Entry, Arc<AppError>> = self.kept.try_get_with(key, made).await;
        self.count(kind, missed.load(Ordering::Relaxed));
        let entry = found.map_err(|cause| (*cause).clone())?;
        let it = entry.answer.downcast::<T>().map_err(|_| AppError::ours(&"two answers share a key"))?;
        Ok(Kept { it, made_at: entry.made_at })
    }

    fn count(&self, kind: (OrgId, &'static str), missed: bool) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = asked.entry(kind).or_default();
        asked.hits += u64::from(!missed);
        asked.misses += u64::from(missed);
    }

    /// What is kept for an organization and how often it was asked for, by kind.
    #[must_use]
    pub fn of(&self, org: OrgId) -> BTreeMap<&'static str, Kind> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let asked = asked.into_iter().filter(|((of, _), _)| *of == org);
        let mut kinds: BTreeMap<_, _> =
            asked.map(|((_, what), asked)| (what, Kind { asked, ..Kind::default() })).collect();
        for (key, entry) in self.kept.iter().filter(|(key, _)| key.org == org) {
            let kind = kinds.entry(key.what).or_default();
            kind.entries += 1;
            kind.oldest = Some(kind.oldest.map_or(entry.made_at, |oldest| oldest.min(entry.made_at)));
        }
        kinds
    }

    /// How often answers were asked for, of all organizations together, and how many are kept.
    #[must_use]
    pub fn all(&self) -> (Asked, u64) {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = |of: fn(&Asked) -> u64| asked.values().map(of).sum::<u64>();
        (Asked { hits: sum(|it| it.hits), misses: sum(|it| it.misses) }, self.kept.entry_count())
    }

    /// Forgets what is kept for an organization, and tells how many answers that were.
    pub async fn clear(&self, org: OrgId) -> u64 {
        let own: Vec<Arc<Key>> = self.kept.iter().map(|(key, _)| key).filter(|key| key.org == org).collect();
        for key in &own {
            self.kept.invalidate(key.as_ref()).await;
        }
        own.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use uuid::Uuid;

    use super::*;

    fn key(org: u128, asked: &str, version: i64) -> Key {
        Key { org: OrgId(Uuid::from_u128(org)), what: "costs", asked: asked.into(), version }
    }

    fn now() -> DateTime<Utc> {
        "2026-03-02T12:00:00Z".parse().expect("a moment")
    }

    const LONG: Duration = Duration::from_secs(300);

    #[tokio::test]
    async fn who_asks_while_an_answer_is_made_waits_for_that_one() {
        let (answers, made) = (Answers::default(), AtomicUsize::new(0));
        let ask = || {
            answers.get(key(1, "", 0), LONG, now(), async {
                made.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                Ok(7)
            })
        };
        let found = futures_util::future::join_all((0..32).map(|_| ask())).await;
        assert!(found.into_iter().all(|it| *it.expect("an answer").it == 7));
        assert_eq!(made.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn another_company_another_scope_and_newer_data_have_answers_of_their_own() {
        let answers = Answers::default();
        for (nth, key) in [key(1, "", 0), key(2, "", 0), key(1, "one site", 0), key(1, "", 1)].into_iter().enumerate() {
            let found = answers.get(key, LONG, now(), async { Ok(nth) }).await.expect("an answer");
            assert_eq!(*found.it, nth);
        }
    }

    #[tokio::test]
    async fn what_is_kept_is_counted_and_cleared_for_its_own_company_only() {
        let answers = Answers::default();
        for key in [key(1, "", 0), key(1, "", 0), key(1, "one site", 0), key(2, "", 0)] {
            answers.get(key, LONG, now(), async { Ok(1) }).await.expect("an answer");
        }
        let of = |org: u128| answers.of(OrgId(Uuid::from_u128(org)))["costs"];
        let first = Kind { asked: Asked { hits: 1, misses: 2 }, entries: 2, oldest: Some(now()) };
        assert_eq!(of(1), first);
        assert_eq!(answers.clear(OrgId(Uuid::from_u128(1))).await, 2);
        assert_eq!(of(1), Kind { entries: 0, oldest: None, ..first });
        assert_eq!(of(2).entries, 1);
        assert_eq!(answers.all().0, Asked { hits: 1, misses: 3 });
    }

    #[tokio::test]
    async fn a_failure_is_told_and_not_kept() {
        let answers = Answers::default();
        let failed = answers.get(key(1, "", 0), LONG, now(), async { Err::<i32, _>(AppError::Unavailable) }).await;
        assert_eq!(failed.map(|it| *it.it).unwrap_err(), AppError::Unavailable);
        let later = now() + chrono::Duration::minutes(1);
        let found = answers.get(key(1, "", 0), LONG, later, async { Ok(3) }).await.expect("an answer");
        assert_eq!((*found.it, found.made_at), (3, later));
    }

    #[tokio::test]
    async fn an_answer_is_kept_no_longer_than_it_says_and_tells_when_it_was_made() {
        let answers = Answers::default();
        let get = async |kept_for, value, at| {
            let found = answers.get(key(1, "", 0), kept_for, at, async { Ok(value) }).await.expect("an answer");
            (*found.it, found.made_at)
        };
        let later = now() + chrono::Duration::minutes(1);
        assert_eq!(get(LONG, 1, now()).await, (1, now()));
        assert_eq!(get(LONG, 2, later).await, (1, now()));
        let short = Answers::default();
        let get =
            async |value| *short.get(key(1, "", 0), Duration::ZERO, now(), async { Ok(value) }).await.expect("it").it;
        assert_eq!((get(1).await, get(2).await), (1, 2));
    }
}
