//! `/operations/live`: the tiles of the board as they change, for as long as somebody looks.
//!
//! Server-sent events. Everybody with the same sites shares one reading of them ([`muster::operations::live`]); a stream that
//! goes on for a minute asks again who is looking.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse, Response, Sse};
use futures_util::stream::unfold;
use muster::clock::Clock;
use muster::database::Database;
use muster::models::shift_fill::Memory;
use muster::operations::live::{Live, Watching};
use muster::people::{Permission, Scope, site_name};
use muster::units::{OrgId, SiteId, UserId};
use rand::Rng;
use serde::Deserialize;
use tokio::time::{Interval, MissedTickBehavior, interval};
use tower_sessions::Session;

use super::address::List;
use super::risk::{self, Tiles};
use crate::api::TWICE;
use crate::caller::Caller;
use crate::error::AppError;
use crate::server::{App, find_caller};
use crate::ui::fmt;

/// The address of the stream.
pub(crate) const LIVE: &str = "/operations/live";
/// Streams of one user: as many as somebody has windows, not more.
pub const MOST_OF_ONE: usize = 8;
/// Streams of a process.
pub const MOST: usize = 4_000;
/// How often a stream makes sure that its user is still let in.
const RECHECK: Duration = Duration::from_secs(60);
/// A line without meaning, so that nothing on the way takes the stream for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// A browser that lost its stream comes back after so many milliseconds, not all at the same moment.
const COME_BACK: std::ops::Range<u64> = 1_000..4_000;

/// What the streams of a process share.
#[derive(Debug, Clone)]
pub struct Streams {
    live: Live<Tiles>,
    open: Arc<Mutex<HashMap<UserId, usize>>>,
    recheck: Duration,
}

impl Streams {
    pub(crate) fn new(db: Database, clock: Clock, fill: Memory) -> Self {
        let read = {
            let db = db.clone();
            move |org, scope: Scope| -> std::pin::Pin<Box<dyn Future<Output = muster::Result<Tiles>> + Send>> {
                let (db, fill) = (db.clone(), fill.clone());
                Box::pin(async move { risk::tiles(&mut db.org(org).await?, &scope, &fill, clock.now()).await })
            }
        };
        Self { live: Live::new(db, read), open: Arc::default(), recheck: RECHECK }
    }

    /// The same, with users asked for again so often.
    #[must_use]
    pub(crate) fn rechecked_every(self, recheck: Duration) -> Self {
        Self { recheck, ..self }
    }

    /// Ends all streams for good.
    pub fn end(&self) {
        self.live.end();
    }

    fn place(&self, user: UserId) -> Option<Place> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = open.values().sum();
        let own = open.entry(user).or_default();
        if all >= MOST || *own >= MOST_OF_ONE {
            return None;
        }
        *own += 1;
        Some(Place { open: self.open.clone(), user })
    }
}

/// One of the streams there may be; given back when it is dropped.
#[derive(Debug)]
struct Place {
    open: Arc<Mutex<HashMap<UserId, usize>>>,
    user: UserId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = open.get_mut(&self.user) {
            *own -= 1;
            if *own == 0 {
                open.remove(&self.user);
            }
        }
    }
}

/// Which sites.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    site: Option<String>,
}

impl Asked {
    fn site(&self) -> Result<Option<SiteId>, AppError> {
        let invalid = |_| AppError::Invalid("The address names a site that cannot be one.".into());
        self.site.as_deref().filter(|site| !site.is_empty()).map(|site| site.parse().map_err(invalid)).transpose()
    }
}

/// `GET /operations/live?site=…`: an event `tiles` at once and after each change.
pub(crate) async fn stream(
    State(app): State<App>,
    caller: Caller,
    session: Session,
    headers: HeaderMap,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let asked = asked.map(|Query(asked)| asked).map_err(|_| AppError::Invalid(TWICE.into()));
    match open(&app, &caller, session, &headers, asked).await {
        Ok(response) => response,
        Err(error) => error.response(false, Some(&caller), &app.site),
    }
}

async fn open(
    app: &App,
    caller: &Caller,
    session: Session,
    headers: &HeaderMap,
    asked: Result<Asked, AppError>,
) -> Result<Response, AppError> {
    let site = asked?.site()?;
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or("*/*");
    if !accept.contains("text/event-stream") && !accept.contains("*/*") {
        return Err(AppError::Invalid(
            "This address is for the tiles of the board; they read it by themselves.".into(),
        ));
    }
    let (org, scope) = (caller.user().org.id, caller.scope(Permission::Operations)?.narrowed_to(site)?);
    if let Some(site) = site {
        site_name(&mut app.db.org(org).await?, site).await?;
    }
    let place = app.streams.place(caller.user().id).ok_or(AppError::Unavailable)?;
    let mut recheck = interval(app.streams.recheck);
    recheck.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first tick of an interval is at once, and the gate has asked just now.
    recheck.reset();
    let watching = app.streams.live.watch(org, &scope);
    let told = Told { watching, recheck, session, app: app.clone(), site, org, scope, come_back: true, _place: place };
    let events = unfold(told, async |mut told| told.next().await.map(|event| (Ok::<_, Infallible>(event), told)));
    // Some proxies hold an answer back until it is whole.
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    let kept = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok(([unbuffered, (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], kept).into_response())
}

/// One who is told.
struct Told {
    watching: Watching<Tiles>,
    recheck: Interval,
    session: Session,
    app: App,
    site: Option<SiteId>,
    org: OrgId,
    scope: Scope,
    come_back: bool,
    _place: Place,
}

impl Told {
    /// The next event; `None` ends the stream, and the browser comes back by itself to hear why.
    async fn next(&mut self) -> Option<Event> {
        loop {
            tokio::select! {
                tiles = self.watching.next() => return Some(self.event(&tiles?)),
                _ = self.recheck.tick() => if !self.may_go_on().await { return None },
            }
        }
    }

    fn event(&mut self, tiles: &Tiles) -> Event {
        let data: HashMap<&str, String> = List::ALL
            .into_iter()
            .filter_map(|list| Some((list.word(), tiles.number(list)?.map_or_else(|| "–".into(), whole))))
            .collect();
        let event = Event::default().event("tiles").data(serde_json::json!(data).to_string());
        if std::mem::take(&mut self.come_back) {
            return event.retry(Duration::from_millis(rand::rng().random_range(COME_BACK)));
        }
        event
    }

    /// Whether the session is there yet and its user still sees the same sites.
    async fn may_go_on(&self) -> bool {
        let asked = async {
            self.session.load().await?;
            let caller = find_caller(&self.app, &self.session, None).await?;
            let caller = caller.ok_or(AppError::SignedOut { expired: true })?;
            let scope = caller.scope(Permission::Operations)?.narrowed_to(self.site)?;
            Ok::<_, AppError>(caller.user().org.id == self.org && scope.sites == self.scope.sites)
        };
        asked.await.unwrap_or(false)
    }
}

/// A number as the tiles show it.
pub(super) fn whole(n: i64) -> String {
    fmt::number(n as f64, 0)
}
