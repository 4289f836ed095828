//! Which connection is asked? Pages take one of a few that are kept warm, and only when those are taken one of the rest:
//! passed around among all, each connection would find the processor's caches full of what the others did.

use std::sync::Arc;
use std::thread::available_parallelism;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool};
use sqlx::{AssertSqlSafe, Postgres, Transaction};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Connections, serving};
use crate::Result;

/// Pages at once for each processor, where a page mostly waits for a database elsewhere.
const WAITING: usize = 4;

/// The connections of a process.
#[derive(Debug, Clone)]
pub(super) struct Pools {
    warm: Option<Warm>,
    rest: PgPool,
    at_once: usize,
}

/// Connections that are asked first, each for one at a time.
#[derive(Debug, Clone)]
struct Warm {
    pool: PgPool,
    free: Arc<Semaphore>,
}

/// Held as long as a warm connection is in use; nothing for one of the rest.
pub(super) type Hold = Option<OwnedSemaphorePermit>;

impl Pools {
    /// At most so many connections; a third of them at most are kept warm: a job needs one for its work and one for its lock.
    pub async fn connect(options: PgConnectOptions, connections: u32) -> Result<Self> {
        let at_once = at_once(&options);
        let warm = (connections / 3).min(u32::try_from(at_once).unwrap_or(u32::MAX));
        let rest = serving((connections - warm).max(1)).connect_with(options.clone()).await?;
        let warm = (warm > 0).then(|| Warm {
            pool: serving(warm).connect_lazy_with(options),
            free: Arc::new(Semaphore::new(warm as usize)),
        });
        Ok(Self { warm, rest, at_once })
    }

    /// The same, but the warm ones are never free for it: for work that holds a connection for long.
    pub fn behind(&self) -> Self {
        let warm = self.warm.as_ref().map(|it| Warm { pool: it.pool.clone(), free: Arc::new(Semaphore::new(0)) });
        Self { warm, ..self.clone() }
    }

    /// How many pages at once this machine and the database do quickest.
    pub fn at_once(&self) -> usize {
        self.at_once
    }

    /// A pool with somebody free, as far as one can know.
    fn pick(&self) -> (&PgPool, Hold) {
        let warm = self.warm.as_ref().and_then(|it| Some((&it.pool, Some(it.free.clone().try_acquire_owned().ok()?))));
        warm.unwrap_or((&self.rest, None))
    }

    pub async fn acquire(&self) -> Result<(PoolConnection<Postgres>, Hold)> {
        let (pool, hold) = self.pick();
        Ok((pool.acquire().await?, hold))
    }

    pub async fn begin(&self) -> Result<(Transaction<'static, Postgres>, Hold)> {
        let (pool, hold) = self.pick();
        Ok((pool.begin().await?, hold))
    }

    /// Begins with a statement of our own, never one made of input.
    pub async fn begin_with(&self, sql: String) -> Result<(Transaction<'static, Postgres>, Hold)> {
        let (pool, hold) = self.pick();
        Ok((pool.begin_with(AssertSqlSafe(sql)).await?, hold))
    }

    pub fn options(&self) -> Arc<PgConnectOptions> {
        self.rest.connect_options()
    }

    pub fn is_closed(&self) -> bool {
        self.rest.is_closed()
    }

    pub fn connections(&self) -> Connections {
        let pools = self.warm.iter().map(|it| &it.pool).chain([&self.rest]);
        pools.fold(Connections { open: 0, idle: 0, most: 0 }, |sum, pool| {
            let (open, idle) = (pool.size(), u32::try_from(pool.num_idle()).unwrap_or(u32::MAX));
            let most = pool.options().get_max_connections();
            Connections { open: sum.open + open, idle: sum.idle + idle.min(open), most: sum.most + most }
        })
    }

    pub async fn close(&self) {
        if let Some(warm) = &self.warm {
            warm.pool.close().await;
        }
        self.rest.close().await;
    }
}

/// Whether the database runs on this machine, and so shares its processors.
fn is_near(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let named = host == "localhost" || host.starts_with('/');
    named || options.get_socket().is_some() || host.parse::<std::net::IpAddr>().is_ok_and(|host| host.is_loopback())
}

/// One for each processor that both share, and one for the moments in which they wake each other; more where the database
/// has its own.
fn at_once(options: &PgConnectOptions) -> usize {
    let processors = available_parallelism().map_or(1, usize::from);
    if is_near(options) { processors + 1 } else { WAITING * processors }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_on_this_machine_is_asked_less_at_once_than_one_elsewhere() {
        let at = |url: &str| at_once(&url.parse().expect("an address"));
        let here = at("postgres://muster@127.0.0.1/muster");
        assert_eq!(here, at("postgres://muster@localhost/muster"));
        assert!(here < at("postgres://muster@db.example.org/muster"));
    }
}
