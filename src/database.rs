//! The door to Postgres. SQL on tenant tables runs only inside an [`OrgTx`], so that row-level security always has
//! an organization to compare with; SQL on the few global tables runs inside a [`GlobalTx`]. No pool leaves this file.

pub mod embedded;
mod examination;
mod origin;
mod pools;
mod versions;

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgListener, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Postgres, Transaction};

use crate::units::OrgId;
use crate::{Error, Result};

use pools::{Hold, Pools};

pub use examination::{Examination, examine};
pub use origin::Origin;
pub use versions::Topic;

/// The migrations of this build.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// The role that serves: it can neither bypass row-level security nor create anything.
pub const SERVING_ROLE: &str = "muster_app";

/// A listener that hears nothing for so long makes sure that somebody is still there.
const SILENCE: Duration = Duration::from_secs(60);
/// How long a connection may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection that was in use until so short a time ago is not asked whether it still lives.
const FRESH: Duration = Duration::from_secs(1);

/// A pool whose connections become the serving role.
fn serving(connections: u32) -> PgPoolOptions {
    let pool = PgPoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE);
    let pool = pool.test_before_acquire(false).before_acquire(|connection, meta| {
        Box::pin(async move {
            if meta.idle_for >= FRESH {
                connection.ping().await?;
            }
            Ok(true)
        })
    });
    pool.after_connect(|connection, _| {
        Box::pin(async move {
            // Compiling a night's long statements takes Postgres longer than running them.
            sqlx::raw_sql("set role muster_app; set timezone to 'UTC'; set jit to off").execute(connection).await?;
            Ok(())
        })
    })
}

/// When are the statements of a transaction planned?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plans {
    /// As Postgres thinks best.
    Usual,
    /// Once for whatever they are asked: for those whose plan is always the same and takes as long to make as to run.
    Once,
    /// Each time for what they are asked: for those whose rows a plan for any question would look up one by one.
    EachTime,
}

impl Plans {
    fn setting(self) -> &'static str {
        match self {
            Self::Usual => "",
            Self::Once => "set local plan_cache_mode = force_generic_plan; ",
            Self::EachTime => "set local plan_cache_mode = force_custom_plan; ",
        }
    }
}

/// Connections that are the serving role.
#[derive(Debug, Clone)]
pub struct Database {
    pools: Pools,
}

impl Database {
    /// Connects, becomes [`SERVING_ROLE`] and refuses to go on if that role could bypass row-level security.
    ///
    /// # Errors
    /// [`Error::Database`] when it cannot be reached, [`Error::Misconfigured`] when the role is too powerful.
    pub async fn connect(url: &str, connections: u32) -> Result<Self> {
        let database = Self { pools: Pools::connect(url.parse()?, connections).await? };
        database.refuse_powerful_role().await?;
        Ok(database)
    }

    /// Applies the migrations of this build, as the owner named in `url`.
    ///
    /// # Errors
    /// [`Error::Migration`] with the failing file.
    pub async fn migrate(url: &str) -> Result<()> {
        let mut connection = PgConnection::connect(url).await?;
        MIGRATOR.run(&mut connection).await?;
        connection.close().await?;
        Ok(())
    }

    /// Lets the planner know what the tables hold, as the owner named in `url`: after a large import its own notice would
    /// come too late for the job that follows.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn analyze(url: &str) -> Result<()> {
        let mut connection = PgConnection::connect(url).await?;
        sqlx::raw_sql("analyze").execute(&mut connection).await?;
        connection.close().await?;
        Ok(())
    }

    async fn refuse_powerful_role(&self) -> Result<()> {
        let (powerful, owner): (bool, bool) = sqlx::query_as(
            "select r.rolsuper or r.rolbypassrls, exists (select from pg_class c where c.relname = 'workers' and c.relowner = r.oid)
             from pg_roles r where r.rolname = current_user",
        )
        .fetch_one(&mut *self.pools.acquire().await?.0)
        .await?;
        if powerful || owner {
            return Err(Error::Misconfigured(format!(
                "the role {SERVING_ROLE} can bypass row-level security; run: alter role {SERVING_ROLE} nosuperuser nobypassrls"
            )));
        }
        Ok(())
    }

    /// Begins a transaction that sees one organization.
    ///
    /// # Errors
    /// [`Error::Database`] when no connection is to be had.
    pub async fn org(&self, org: OrgId) -> Result<OrgTx> {
        // One message instead of two for what each look begins with; an id and an origin hold nothing that ends a literal.
        let (tx, hold) = self.pools.begin_with(format!("begin; {}", sees(org))).await?;
        Ok(OrgTx { tx, org, hold })
    }

    /// Begins a transaction that looks at one organization as it is now: what others commit meanwhile is not seen, so that
    /// sums that are read apart agree. It changes nothing.
    ///
    /// # Errors
    /// [`Error::Database`] when no connection is to be had.
    pub async fn snapshot(&self, org: OrgId, plans: Plans) -> Result<OrgTx> {
        let begin = "begin isolation level repeatable read read only";
        let (tx, hold) = self.pools.begin_with(format!("{begin}; {}{}", plans.setting(), sees(org))).await?;
        Ok(OrgTx { tx, org, hold })
    }

    /// Begins a transaction for the global tables; tenant tables are empty in it.
    ///
    /// # Errors
    /// [`Error::Database`] when no connection is to be had.
    pub async fn global(&self) -> Result<GlobalTx> {
        let (tx, hold) = self.pools.begin().await?;
        Ok(GlobalTx { tx, hold })
    }

    /// A connection for statements that stand for themselves: each sees the global tables, and of tenant tables nothing but
    /// through a function that is told the organization.
    ///
    /// # Errors
    /// [`Error::Database`] when no connection is to be had.
    pub async fn glance(&self) -> Result<Glance> {
        let (connection, hold) = self.pools.acquire().await?;
        Ok(Glance { connection, _hold: hold })
    }

    /// Hears what transactions say on a channel when they commit, from now on. It has a connection of its own, so that
    /// it takes none from the requests.
    ///
    /// # Errors
    /// [`Error::Database`] when no connection is to be had, and once this database is closed.
    pub async fn listen(&self, channel: &str) -> Result<Notices> {
        if self.pools.is_closed() {
            return Err(sqlx::Error::PoolClosed.into());
        }
        let own = serving(1).max_lifetime(None).idle_timeout(None);
        let own = own.connect_with(self.pools.options().as_ref().clone()).await?;
        let mut listener = PgListener::connect_with(&own).await?;
        listener.ignore_pool_close_event(true);
        // Whoever listens must know of a loss before anything else is heard.
        listener.eager_reconnect(false);
        listener.listen(channel).await?;
        Ok(Notices { listener })
    }

    /// A few connections apart from those of requests and jobs, for the library that keeps the queue: the same role, no
    /// organization, so that it sees no tenant's rows.
    pub(crate) async fn own_pool(&self, connections: u32) -> Result<PgPool> {
        Ok(serving(connections).connect_with(self.pools.options().as_ref().clone()).await?)
    }

    /// Whether the database answers and holds every migration of this build.
    ///
    /// # Errors
    /// [`Error::Database`] when it does not answer.
    pub async fn is_ready(&self) -> Result<bool> {
        let newest = MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or(0);
        let (mut connection, _hold) = self.pools.acquire().await?;
        let known: bool =
            sqlx::query_scalar("select muster_schema_version() >= $1").bind(newest).fetch_one(&mut *connection).await?;
        Ok(known)
    }

    /// For work that holds a connection for long, as jobs do: it leaves alone those that are kept warm for pages.
    #[must_use]
    pub fn behind_pages(&self) -> Self {
        Self { pools: self.pools.behind() }
    }

    /// How many pages at once are quickest: with a database on this machine no more than both can work on.
    #[must_use]
    pub fn at_once(&self) -> usize {
        self.pools.at_once()
    }

    /// How many of the connections are in use.
    #[must_use]
    pub fn connections(&self) -> Connections {
        self.pools.connections()
    }

    /// Ends all connections, waiting for the running ones.
    pub async fn close(&self) {
        self.pools.close().await;
    }
}

/// What makes the rest of a transaction see one organization, and its audit log say on whose behalf.
fn sees(org: OrgId) -> String {
    let from = Origin::current();
    format!(
        "set local app.org_id = '{}'; set local app.request = '{}'; set local app.subnet = '{}'",
        org.0,
        from.request(),
        from.subnet()
    )
}

/// The connections of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// Open ones.
    pub open: u32,
    /// Open ones that nobody uses.
    pub idle: u32,
    /// As many as there may be.
    pub most: u32,
}

impl Connections {
    /// Those that somebody uses.
    #[must_use]
    pub fn used(self) -> u32 {
        self.open.saturating_sub(self.idle)
    }
}

/// What is said on a channel.
#[derive(Debug)]
pub struct Notices {
    listener: PgListener,
}

impl Notices {
    /// The next notice. `None`: the connection is lost, and with it whatever was said since; listen anew.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            match tokio::time::timeout(SILENCE, self.listener.try_recv()).await {
                Ok(Ok(Some(notice))) => return Some(notice.payload().to_owned()),
                Ok(_) => return None,
                Err(_) => {
                    let alive = sqlx::query("select 1").execute(&mut self.listener);
                    tokio::time::timeout(PATIENCE, alive).await.ok()?.ok()?;
                }
            }
        }
    }
}

/// A transaction that sees one organization. Dropped without [`OrgTx::commit`] it leaves nothing behind.
#[derive(Debug)]
pub struct OrgTx {
    tx: Transaction<'static, Postgres>,
    org: OrgId,
    // Let go of after the transaction: fields are dropped in their order.
    hold: Hold,
}

impl OrgTx {
    /// The organization it sees.
    #[must_use]
    pub fn org(&self) -> OrgId {
        self.org
    }

    /// Makes it last.
    ///
    /// # Errors
    /// [`Error::Database`] when the database could not.
    pub async fn commit(self) -> Result<()> {
        // The hold is let go of when the connection has done its work.
        let Self { tx, hold: _hold, org: _ } = self;
        Ok(tx.commit().await?)
    }

    /// Makes the monthly partitions of `table` for facts from `first` to `last`.
    ///
    /// # Errors
    /// [`Error::Database`] for a table that is not partitioned or an absurd range.
    pub async fn ensure_partitions(
        &mut self,
        table: &str,
        first: chrono::NaiveDate,
        last: chrono::NaiveDate,
    ) -> Result<()> {
        sqlx::query("select ensure_partitions($1, $2, $3)")
            .bind(table)
            .bind(first)
            .bind(last)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Has the statements from here on planned as [`Plans::EachTime`].
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn plan_each_time(&mut self) -> Result<()> {
        sqlx::raw_sql(Plans::EachTime.setting()).execute(&mut *self.tx).await?;
        Ok(())
    }

    /// Runs SQL that is built at run time out of names of our own (never out of input).
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn run(&mut self, sql: String) -> Result<u64> {
        Ok(sqlx::query(AssertSqlSafe(sql)).execute(&mut *self.tx).await?.rows_affected())
    }
}

impl Deref for OrgTx {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        &self.tx
    }
}

impl DerefMut for OrgTx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.tx
    }
}

/// A transaction for the global tables.
#[derive(Debug)]
pub struct GlobalTx {
    tx: Transaction<'static, Postgres>,
    hold: Hold,
}

impl GlobalTx {
    /// Goes on as a transaction that sees one organization: for who has just learned there which one.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn of(mut self, org: OrgId) -> Result<OrgTx> {
        sqlx::raw_sql(AssertSqlSafe(sees(org))).execute(&mut *self.tx).await?;
        Ok(OrgTx { tx: self.tx, org, hold: self.hold })
    }

    /// Makes it last.
    ///
    /// # Errors
    /// [`Error::Database`] when the database could not.
    pub async fn commit(self) -> Result<()> {
        let Self { tx, hold: _hold } = self;
        Ok(tx.commit().await?)
    }
}

impl Deref for GlobalTx {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        &self.tx
    }
}

impl DerefMut for GlobalTx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.tx
    }
}

/// A connection for a look without a transaction.
#[derive(Debug)]
pub struct Glance {
    connection: PoolConnection<Postgres>,
    _hold: Hold,
}

impl Deref for Glance {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Glance {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}
