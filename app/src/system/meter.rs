//! Counts every answer by method, route and status, and how long it took. A route is its pattern: no id ever becomes a label.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use muster::queue::Tally;
use muster::system::Answered;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::window::{Window, answered};
use crate::server::App;

/// What no route matched; there are as many such addresses as anybody cares to invent.
const NOWHERE: &str = "(no route)";
/// Ends of the buckets of durations, in seconds.
const BUCKETS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    route: String,
}

/// What was asked for, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    method: &'static str,
    route: String,
    status: &'static str,
}

fn histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

/// The meter of a process.
#[derive(Debug, Clone)]
pub struct Meter {
    began: Instant,
    requests: Family<Ended, Counter>,
    durations: Family<Asked, Histogram, fn() -> Histogram>,
    in_flight: Gauge<i64, AtomicI64>,
    windows: Arc<Mutex<BTreeMap<(&'static str, String), Window>>>,
    /// What the process does in the background.
    pub jobs: Tally,
}

impl Default for Meter {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            requests: Family::default(),
            durations: Family::new_with_constructor(histogram),
            in_flight: Gauge::default(),
            windows: Arc::default(),
            jobs: Tally::default(),
        }
    }
}

/// One route as it was in the last hour.
#[derive(Debug, Clone, PartialEq)]
pub struct Busy {
    /// Its method.
    pub method: &'static str,
    /// Its pattern.
    pub route: String,
    /// Its answers in the last five minutes.
    pub five_minutes: Answered,
    /// Its answers in the last hour.
    pub hour: Answered,
}

impl Meter {
    /// Since when the process serves.
    #[must_use]
    pub fn uptime(&self) -> Duration {
        self.began.elapsed()
    }

    /// What it counts, under names of ours.
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register("http_requests", "Answers by method, route and class of status", self.requests.clone());
        registry.register(
            "http_request_duration_seconds",
            "How long answers took until their first byte",
            self.durations.clone(),
        );
        registry.register("http_in_flight", "Requests that are being answered", self.in_flight.clone());
    }

    fn count(&self, method: &'static str, route: &str, status: StatusCode, took: Duration) {
        let asked = Asked { method, route: route.to_owned() };
        self.durations.get_or_create(&asked).observe(took.as_secs_f64());
        self.requests.get_or_create(&Ended { method, route: asked.route.clone(), status: class(status) }).inc();
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        windows.entry((method, asked.route)).or_default().add(self.minute(), took, status.is_server_error());
    }

    fn minute(&self) -> u64 {
        self.began.elapsed().as_secs() / 60
    }

    /// All answers of the last five minutes, and of the last hour.
    #[must_use]
    pub fn answered(&self) -> (Answered, Answered) {
        let windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let within = |span| answered(windows.values(), self.minute(), span);
        (within(5), within(60))
    }

    /// The routes that were used in the last hour, those with most errors first, then the slowest.
    #[must_use]
    pub fn routes(&self) -> Vec<Busy> {
        let windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = self.minute();
        let mut busy: Vec<Busy> = windows
            .iter()
            .map(|((method, route), window)| Busy {
                method,
                route: route.clone(),
                five_minutes: answered([window], minute, 5),
                hour: answered([window], minute, 60),
            })
            .filter(|it| it.hour.requests > 0)
            .collect();
        busy.sort_by_key(|it| std::cmp::Reverse((it.hour.errors, it.hour.p95)));
        busy
    }
}

/// One more in flight, until it is dropped: also when whoever asked has gone.
struct InFlight(Gauge<i64, AtomicI64>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Measures every answer.
pub async fn measured(State(app): State<App>, matched: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let method = known(request.method().as_str());
    let begun = Instant::now();
    app.meter.in_flight.inc();
    let in_flight = InFlight(app.meter.in_flight.clone());
    let response = next.run(request).await;
    drop(in_flight);
    let route = matched.as_ref().map_or(NOWHERE, MatchedPath::as_str);
    app.meter.count(method, route, response.status(), begun.elapsed());
    response
}

/// A method that anybody may invent is no label.
fn known(method: &str) -> &'static str {
    ["GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"].into_iter().find(|it| *it == method).unwrap_or("other")
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        100..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}
