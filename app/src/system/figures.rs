//! What Prometheus reads: `/metrics`, and the state of the parts as JSON, at an address of their own.
//!
//! Why an address of its own and no token: figures of the machinery are for whoever runs it, in the network where it runs. A second
//! listener is never reached through the proxy that the pages stand behind, needs no secret that could leak, and answers when the
//! pages shed load or their database is gone, which is when it is wanted. It is off unless it is asked for.

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use muster::queue;
use muster::system::PATIENCE;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use super::api::SystemHealth;
use super::health::health;
use crate::server::App;

const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What is served to whoever watches: nothing of it belongs to an organization.
pub fn watched(app: App) -> Router {
    Router::new().route("/metrics", get(metrics)).route("/system-health", get(parts)).with_state(app)
}

async fn parts(State(app): State<App>) -> Json<SystemHealth> {
    let now = app.clock.now();
    Json(SystemHealth::new(health(&app, None).await, now))
}

async fn metrics(State(app): State<App>) -> Response {
    let mut registry = Registry::with_prefix("muster");
    app.meter.register(&mut registry);
    process(&app, &mut registry);
    background(&app, &mut registry);
    database(&app, &mut registry).await;
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => ([(header::CONTENT_TYPE, MEDIA_TYPE)], text).into_response(),
        Err(cause) => {
            tracing::error!(%cause, "the figures could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Of {
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfJob {
    job: String,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct JobName {
    job: String,
}

fn process(app: &App, registry: &mut Registry) {
    registry.register("build", "Which Muster this is", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
    let uptime: Gauge = Gauge::default();
    uptime.set(i64::try_from(app.meter.uptime().as_secs()).unwrap_or(i64::MAX));
    registry.register("uptime_seconds", "Since when this process serves", uptime);
    let (asked, kept) = app.kept.all();
    let (hits, misses, entries): (Counter, Counter, Gauge) = Default::default();
    hits.inc_by(asked.hits);
    misses.inc_by(asked.misses);
    entries.set(i64::try_from(kept).unwrap_or(i64::MAX));
    registry.register("cache_hits", "Kept answers that were given again", hits);
    registry.register("cache_misses", "Answers that had to be made", misses);
    registry.register("cache_entries", "Answers that are kept", entries);
    let dropped: Counter = Counter::default();
    dropped.inc_by(app.events.dropped());
    registry.register("events_dropped", "Product events that were dropped instead of holding anybody up", dropped);
}

fn background(app: &App, registry: &mut Registry) {
    let jobs: Family<OfJob, Counter> = Family::default();
    let seconds: Family<JobName, Counter<f64, std::sync::atomic::AtomicU64>> = Family::default();
    for (job, tries) in app.meter.jobs.all() {
        jobs.get_or_create(&OfJob { job: job.clone(), outcome: "done" }).inc_by(tries.done);
        jobs.get_or_create(&OfJob { job: job.clone(), outcome: "failed" }).inc_by(tries.failed);
        seconds.get_or_create(&JobName { job }).inc_by(tries.seconds);
    }
    registry.register("jobs", "Tries of jobs by this process", jobs);
    registry.register("job_seconds", "How long tries of jobs took together", seconds);
}

async fn database(app: &App, registry: &mut Registry) {
    let pool = app.db.connections();
    let connections: Family<Of, Gauge> = Family::default();
    for (state, count) in [("used", pool.used()), ("idle", pool.idle), ("most", pool.most)] {
        connections.get_or_create(&Of { state }).set(i64::from(count));
    }
    registry.register("database_connections", "Connections of the pool", connections);
    let asked = async {
        let mut tx = app.db.global().await?;
        queue::health(&mut tx, app.clock.now()).await
    };
    let health = tokio::time::timeout(PATIENCE, asked).await.ok().and_then(Result::ok);
    let up: Gauge = Gauge::default();
    up.set(i64::from(health.is_some()));
    registry.register("database_up", "Whether the database answers within two seconds", up);
    let Some(health) = health else { return };
    let jobs: Family<Of, Gauge> = Family::default();
    for (state, count) in [("waiting", health.waiting), ("running", health.running), ("overdue", health.overdue)] {
        jobs.get_or_create(&Of { state }).set(count);
    }
    registry.register("queue_jobs", "Jobs in the queue, of all instances", jobs);
    let instances: Gauge = Gauge::default();
    instances.set(health.instances);
    registry.register("queue_instances", "Instances that work the queue", instances);
}
