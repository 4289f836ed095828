//! `muster serve`

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use app::server::{App, router};
use app::shell::Site;
use axum::serve::ListenerExt;
use muster::clock::Clock;
use muster::config::Settings;
use muster::database::Database;
use muster::mail::{self, Post};
use muster::queue::{self, Pace};
use muster::webhooks::Reach;
use muster::{Error, Result, night, webhooks};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::{Source, told_to_stop};

/// How often the timetable is looked at.
const TICK: Duration = Duration::from_secs(30);

/// Serves until told to stop; `ready` is told the address once it listens.
pub async fn run(ready: impl FnOnce(&str)) -> Result<ExitCode> {
    let source = Source::open().await?;
    let db = source.migrated(Settings::load()?.connections).await?;
    serve(&db, ready).await?;
    db.close().await;
    source.release()?;
    Ok(ExitCode::SUCCESS)
}

/// Serves this database until told to stop.
pub async fn serve(db: &Database, ready: impl FnOnce(&str)) -> Result<()> {
    // An achievement this program cannot judge must not be passed over in silence.
    muster::recognition::check_definitions(db).await?;
    let settings = Settings::load()?;
    let address = settings.addr;
    let app = App::new(db.clone(), Clock::system(), Site::open(&settings.site_root)?, settings.proxies)
        .with_api_limit(settings.api_per_minute)
        .with_home(settings.home.clone());
    let (streams, events, jobs) = (app.streams.clone(), app.events.clone(), app.meter.jobs.clone());
    let watch = watch(&app, settings.metrics_addr).await?;
    let listener = TcpListener::bind(address).await.map_err(Error::io(format!(
        "listening on {address} (is another Muster running? MUSTER_ADDR chooses another address)"
    )))?;
    let bound = listener.local_addr().map_err(Error::io("listening"))?;
    let behind = db.behind_pages();
    let timetable = tokio::spawn(keep_the_timetable(behind.clone()));
    let (stop, stopped) = oneshot::channel::<()>();
    let post = Post::of(&settings)?;
    let hands = mail::hands(night::hands(&behind, Clock::system()), &behind, post);
    let hands = webhooks::hands(hands, &behind, Reach::Public).counted(jobs);
    let work = tokio::spawn(queue::work(hands, Pace::default(), async {
        // Told, or the server is gone: either way it is over.
        stopped.await.ok();
    }));
    ready(&format!("http://{bound}"));
    let listener = listener.tap_io(|connection| {
        // Streamed pages stall 40 ms otherwise.
        if let Err(cause) = connection.set_nodelay(true) {
            tracing::debug!(%cause, "no TCP_NODELAY");
        }
    });
    axum::serve(listener, router(app).into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async move {
            told_to_stop().await;
            // They would go on for ever, and the server waits for every answer.
            streams.end();
        })
        .await
        .map_err(Error::io("serving"))?;
    events.flush().await;
    timetable.abort();
    if let Some(watch) = watch {
        watch.abort();
    }
    drop(stop);
    work.await.map_err(|cause| Error::Queue(cause.to_string()))?
}

/// Serves the figures of this process at an address of their own, where one is set.
async fn watch(app: &App, address: Option<SocketAddr>) -> Result<Option<JoinHandle<()>>> {
    let Some(address) = address else { return Ok(None) };
    let listener = TcpListener::bind(address).await.map_err(Error::io(format!(
        "listening on {address} for /metrics (MUSTER_METRICS_ADDR chooses another address)"
    )))?;
    let router = app::system::watched(app.clone());
    tracing::info!(%address, "figures of this instance at /metrics");
    Ok(Some(tokio::spawn(async move {
        if let Err(cause) = axum::serve(listener, router).await {
            tracing::error!(%cause, "the figures are not served any more");
        }
    })))
}

async fn keep_the_timetable(db: Database) {
    let mut tick = tokio::time::interval(TICK);
    loop {
        tick.tick().await;
        match night::plan(&db, Clock::system().now()).await {
            Ok(0) => {}
            Ok(due) => tracing::info!(due, "jobs of the timetable"),
            Err(cause) => tracing::error!(%cause, "the timetable could not be kept"),
        }
    }
}
