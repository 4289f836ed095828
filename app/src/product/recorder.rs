//! From a request to the database without the request: events wait in a bounded queue, and one task writes them in batches.
//!
//! Noting an event never waits: where the queue is full the event is dropped and counted. A batch that cannot be written is
//! tried once more (each event has an id, so that it is there once) and then dropped and counted.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use muster::database::Database;
use muster::product::{Event, record};
use rand::RngCore;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout, timeout_at};

/// Events that may wait.
const WAITING: usize = 10_000;
/// Events of one batch.
const BATCH: usize = 500;
/// A batch is written no later than this after its first event.
const LINGER: Duration = Duration::from_secs(2);
/// A batch may take the database so long.
const PATIENCE: Duration = Duration::from_secs(10);
/// Before a batch is tried again.
const PAUSE: Duration = Duration::from_secs(1);
/// Whoever ends the program waits for the last batch no longer.
const FAREWELL: Duration = Duration::from_secs(5);

enum Message {
    Event(Box<Event>),
    Flush(oneshot::Sender<()>),
}

/// Takes events in. Clones share one queue and one writer.
#[derive(Clone)]
pub struct Recorder {
    queue: mpsc::Sender<Message>,
    /// What the writer will read, until it is started by the first event: then there is a runtime.
    unread: Arc<Mutex<Option<mpsc::Receiver<Message>>>>,
    dropped: Arc<AtomicU64>,
    db: Database,
    /// In memory alone: with it a visit cannot be led back to its session, not even by who has the database.
    key: Arc<[u8; 32]>,
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").field("dropped", &self.dropped).finish_non_exhaustive()
    }
}

impl Recorder {
    /// A recorder into this database. The writer starts with the first event.
    #[must_use]
    pub fn new(db: Database) -> Self {
        let (queue, unread) = mpsc::channel(WAITING);
        let mut key = [0; 32];
        rand::rng().fill_bytes(&mut key);
        Self { queue, unread: Arc::new(Mutex::new(Some(unread))), dropped: Arc::default(), db, key: Arc::new(key) }
    }

    /// Takes an event, or drops it where too many wait already. Never waits.
    pub fn note(&self, event: Event) {
        self.start();
        if self.queue.try_send(Message::Event(Box::new(event))).is_err() {
            self.drop_some(1);
        }
    }

    /// How many events were dropped since the program began.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Has everything written that was taken before, as far as that can be done within seconds.
    pub async fn flush(&self) {
        let (done, written) = oneshot::channel();
        let flush = async {
            if self.queue.send(Message::Flush(done)).await.is_ok() {
                written.await.ok();
            }
        };
        let is_running = self.unread.lock().unwrap_or_else(PoisonError::into_inner).is_none();
        if is_running && timeout(FAREWELL, flush).await.is_err() {
            tracing::warn!("the last product events could not be written in time");
        }
    }

    pub(super) fn key(&self) -> &[u8; 32] {
        &self.key
    }

    fn start(&self) {
        let unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(unread) = unread {
            let (db, dropped) = (self.db.clone(), Arc::clone(&self.dropped));
            tokio::spawn(async move { write_all(unread, &db, &dropped).await });
        }
    }

    fn drop_some(&self, events: u64) {
        drop_some(&self.dropped, events);
    }
}

fn drop_some(dropped: &AtomicU64, events: u64) {
    let before = dropped.fetch_add(events, Ordering::Relaxed);
    // Once when it begins and then now and again: a database that is away must not fill the log.
    if before == 0 || (before + events) / 1_000 > before / 1_000 {
        tracing::warn!(dropped = before + events, "product events are dropped");
    }
}

/// Writes until every recorder is gone.
async fn write_all(mut queue: mpsc::Receiver<Message>, db: &Database, dropped: &AtomicU64) {
    while let Some(first) = queue.recv().await {
        let (mut batch, mut asked) = (Vec::new(), Vec::new());
        let by = Instant::now() + LINGER;
        let mut next = Some(first);
        while let Some(message) = next.take() {
            match message {
                Message::Event(event) => batch.push(*event),
                Message::Flush(done) => asked.push(done),
            }
            if batch.len() < BATCH && asked.is_empty() {
                next = timeout_at(by, queue.recv()).await.ok().flatten();
            }
        }
        write(db, &batch, dropped).await;
        for done in asked {
            done.send(()).ok();
        }
    }
}

/// Writes one batch, twice tried.
async fn write(db: &Database, batch: &[Event], dropped: &AtomicU64) {
    if batch.is_empty() {
        return;
    }
    for last in [false, true] {
        let outcome = timeout(PATIENCE, record(db, batch)).await;
        match outcome {
            Ok(Ok(_)) => return,
            Ok(Err(cause)) => tracing::debug!(%cause, "product events were not written"),
            Err(_) => tracing::debug!("product events were not written in time"),
        }
        if !last {
            tokio::time::sleep(PAUSE).await;
        }
    }
    drop_some(dropped, batch.len() as u64);
}
