//! What do the sites of a scope look like now, and now? However many look, each scope is read once, and only after something
//! it shows has changed.
//!
//! The triggers of the facts say on the channel [`CHANNEL`] which sites a transaction touched. One listener of the process
//! hears it; for each scope that somebody watches one task reads anew, at most once in [`GAP`], and all who watch share it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, sleep, sleep_until};

use super::change::Change;
use crate::Result;
use crate::database::Database;
use crate::people::{Scope, Sites};
use crate::units::{OrgId, SiteId};

/// Where the triggers speak.
const CHANNEL: &str = "operations";
/// A scope is read at most so often.
pub const GAP: Duration = Duration::from_millis(500);
/// And at least so often: with time alone shifts begin, end, and come into view.
pub const TICK: Duration = Duration::from_secs(30);
/// What could not be read is tried again after this.
const AGAIN: Duration = Duration::from_secs(3);
/// A lost listener comes back after this at first, then after twice as long, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Changes that may wait to be seen by a scope; who has missed some reads anew and has missed nothing.
const WAITING: usize = 256;

/// What is read of a scope.
type Reading<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;
type Read<T> = dyn Fn(OrgId, Scope) -> Reading<T> + Send + Sync;

/// Which facts are read together: every site of an organization (`None`), or these.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    org: OrgId,
    sites: Option<Vec<SiteId>>,
}

impl Key {
    fn of(org: OrgId, scope: &Scope) -> Self {
        let sites = scope.site_ids().map(|sites| {
            let mut sites: Vec<_> = sites.into_iter().map(SiteId).collect();
            sites.sort_unstable();
            sites.dedup();
            sites
        });
        Self { org, sites }
    }

    /// The scope that sees these facts: numbers alone, so nobody by name.
    fn scope(&self) -> Scope {
        let sites = self.sites.clone().map_or(Sites::All, Sites::Only);
        Scope { sites, only_worker: None, names: false }
    }

    /// Waits for a change of these facts.
    async fn changed(&self, changes: &mut broadcast::Receiver<Change>) {
        loop {
            match changes.recv().await {
                Ok(change) if !change.concerns(self.org, self.sites.as_deref()) => {}
                // Of what was missed nothing is known.
                Ok(_) | Err(_) => return,
            }
        }
    }
}

/// The watched scopes of the process.
pub struct Live<T> {
    inner: Arc<Inner<T>>,
}

struct Inner<T> {
    db: Database,
    read: Box<Read<T>>,
    changes: broadcast::Sender<Change>,
    listening: AtomicBool,
    scopes: Mutex<HashMap<Key, watch::Sender<Option<T>>>>,
    ended: watch::Sender<bool>,
}

impl<T> Clone for Live<T> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone() }
    }
}

impl<T> fmt::Debug for Live<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").finish_non_exhaustive()
    }
}

/// One who watches a scope.
#[derive(Debug)]
pub struct Watching<T> {
    newest: watch::Receiver<Option<T>>,
    ended: watch::Receiver<bool>,
}

impl<T: Clone + Send + Sync + 'static> Live<T> {
    /// Watches nothing yet; `read` reads one scope.
    pub fn new<R>(db: Database, read: R) -> Self
    where
        R: Fn(OrgId, Scope) -> Reading<T> + Send + Sync + 'static,
    {
        let inner = Inner {
            db,
            read: Box::new(read),
            changes: broadcast::Sender::new(WAITING),
            listening: AtomicBool::new(false),
            scopes: Mutex::default(),
            ended: watch::Sender::new(false),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Watches the sites of a scope. Must be called within a Tokio runtime.
    #[must_use]
    pub fn watch(&self, org: OrgId, scope: &Scope) -> Watching<T> {
        if !self.inner.listening.swap(true, Ordering::Relaxed) {
            tokio::spawn(self.inner.clone().listen());
        }
        let mut scopes = self.inner.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        let mut newest = match scopes.entry(Key::of(org, scope)) {
            Entry::Occupied(known) => known.get().subscribe(),
            Entry::Vacant(free) => {
                let (sender, newest) = watch::channel(None);
                tokio::spawn(self.inner.clone().follow(free.key().clone(), sender.clone()));
                free.insert(sender);
                newest
            }
        };
        // Whoever comes later sees at once what was read before.
        newest.mark_changed();
        Watching { newest, ended: self.inner.ended.subscribe() }
    }

    /// Lets go of everybody who watches, for good: the process is about to end.
    pub fn end(&self) {
        self.inner.ended.send_replace(true);
    }
}

impl<T: Clone> Watching<T> {
    /// What the scope looks like, as soon as it was read and after each further reading; who is slow gets the newest.
    /// `None`: the process is about to end.
    pub async fn next(&mut self) -> Option<T> {
        loop {
            tokio::select! {
                // The end comes first, whatever is new as well.
                biased;
                _ = self.ended.wait_for(|ended| *ended) => return None,
                changed = self.newest.changed() => changed.ok()?,
            }
            if let Some(newest) = self.newest.borrow_and_update().clone() {
                return Some(newest);
            }
        }
    }
}

impl<T: Clone + Send + Sync + 'static> Inner<T> {
    /// Hears changes until the end. After each loss everybody reads anew.
    async fn listen(self: Arc<Self>) {
        let mut ended = self.ended.subscribe();
        tokio::select! {
            _ = ended.wait_for(|ended| *ended) => {}
            () = self.hear() => {}
        }
    }

    async fn hear(&self) {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.db.listen(CHANNEL).await {
                Ok(mut notices) => {
                    // What was said while nobody listened is not known.
                    let _nobody = self.changes.send(Change::Everything);
                    while let Some(notice) = notices.next().await {
                        pause = FIRST_PAUSE;
                        let _nobody = self.changes.send(Change::of(&notice));
                    }
                    tracing::warn!("the listener for live figures is lost; it comes back");
                }
                Err(crate::Error::Database(sqlx::Error::PoolClosed)) => return,
                Err(cause) => tracing::warn!(%cause, "nobody listens for live figures; trying again"),
            }
            sleep(pause).await;
            pause = (2 * pause).min(LONGEST_PAUSE);
        }
    }

    /// Reads one scope whenever it changes, until nobody watches it.
    async fn follow(self: Arc<Self>, key: Key, newest: watch::Sender<Option<T>>) {
        let mut ended = self.ended.subscribe();
        loop {
            // All that was said until now is in what is read next.
            let mut changes = self.changes.subscribe();
            let started = Instant::now();
            let rest = match (self.read)(key.org, key.scope()).await {
                Ok(it) => {
                    newest.send_replace(Some(it));
                    TICK
                }
                Err(cause) => {
                    tracing::warn!(%cause, "live figures could not be read");
                    AGAIN
                }
            };
            tokio::select! {
                _ = ended.wait_for(|ended| *ended) => return,
                () = newest.closed() => if self.forget(&key, &newest) { return },
                () = key.changed(&mut changes) => {}
                () = sleep(rest) => {}
            }
            // A burst of changes is one change.
            sleep_until(started + GAP).await;
        }
    }

    /// Gives a scope up, unless somebody has come to watch it at this moment.
    fn forget(&self, key: &Key, newest: &watch::Sender<Option<T>>) -> bool {
        let mut scopes = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        let alone = newest.receiver_count() == 0;
        if alone {
            scopes.remove(key);
        }
        alone
    }
}
