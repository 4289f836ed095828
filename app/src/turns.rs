//! Who is worked on, and who waits? What the machine can do at once is done at once, first come, first served: begun all
//! together, each page would take as long as the last.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use muster::database::Database;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{AppError, wants_json};
use crate::server::App;

/// Requests that are inside at once; one more is told to come back, so that those inside stay quick.
const INSIDE: usize = 512;
/// Nobody waits longer for a turn: behind slow pages one goes on beside them.
const PATIENCE: Duration = Duration::from_millis(100);

/// The places inside, and the turns among those who look at something.
#[derive(Debug, Clone)]
pub struct Turns {
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

impl Turns {
    /// Of a server of this database: as many as both do quickest.
    #[must_use]
    pub fn of(db: &Database) -> Self {
        Self::at_once(db.at_once())
    }

    fn at_once(turns: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(INSIDE)), turns: Arc::new(Semaphore::new(turns)) }
    }

    /// A turn, once those who came before have had theirs; none after [`PATIENCE`].
    async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned()).await.ok()?.ok()
    }
}

/// Sheds load, and lets those inside take turns. Who changes something does not wait: a body may take long to arrive.
pub(crate) async fn in_turn(State(app): State<App>, request: Request, next: Next) -> Response {
    let Ok(_place) = app.turns.places.clone().try_acquire_owned() else {
        let json = wants_json(request.uri().path(), request.headers());
        return AppError::Unavailable.response(json, None, &app.site);
    };
    let _turn = if request.method() == Method::GET { app.turns.turn().await } else { None };
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn turns_come_in_order_and_nobody_waits_for_ever() {
        let turns = Turns::at_once(1);
        let first = turns.turn().await;
        assert!(first.is_some());
        let begun = std::time::Instant::now();
        assert!(turns.turn().await.is_none(), "who has waited long enough goes on without a turn");
        assert!(begun.elapsed() >= PATIENCE);
        let (second, third) = (turns.turn(), turns.turn());
        let (mut second, mut third) = (std::pin::pin!(second), std::pin::pin!(third));
        assert!(futures_util::poll!(second.as_mut()).is_pending() && futures_util::poll!(third.as_mut()).is_pending());
        drop(first);
        assert!(futures_util::poll!(third.as_mut()).is_pending(), "the second was before the third");
        assert!(second.await.is_some());
    }
}
