//! Where does the database come from when nobody names one? A private Postgres of our own, in a folder.
//!
//! Every process that uses it holds a shared lock on `users.lock`; the last one out stops the server, so that an
//! import during `serve` neither starts a second server nor takes the first one away. A process that was killed has
//! let go of its lock: the next one finds the server running, uses it and stops it in the end.

mod account;
mod binaries;
mod folder;

use std::fs::File;
use std::net::TcpListener;
use std::path::Path;

use sqlx::{Connection, PgConnection};

use self::binaries::Binaries;
use self::folder::Folder;
use crate::{Error, Result};

/// The owner of the database in the embedded server, and the database's name.
const NAME: &str = "muster";

/// A private Postgres this process uses. The last process that lets go of it stops it.
#[derive(Debug)]
pub struct Embedded {
    folder: Folder,
    binaries: Binaries,
    url: String,
    /// The shared lock, while we hold it.
    lease: Option<File>,
}

impl Embedded {
    /// The server whose data lie in `.muster/postgres` of `project`: found running, else started, else made.
    /// `say` is told what a person should know.
    ///
    /// # Errors
    /// [`Error::Misconfigured`] with what to do when there is no Postgres or it does not start.
    pub async fn attach(project: &Path, say: impl Fn(&str)) -> Result<Self> {
        let folder = Folder::of_project(project, &say)?;
        let binaries = Binaries::find(folder.data_version())?;
        let mut embedded = Self { folder, binaries, url: String::new(), lease: None };
        // Declared after `embedded`, so that it is let go first where this fails: dropping `embedded` takes it too.
        let start = embedded.folder.start_lock()?;
        start.lock().map_err(Error::io("waiting for another start of Postgres"))?;
        let lease = embedded.folder.users_lock()?;
        lease.lock_shared().map_err(Error::io("sharing Postgres"))?;
        embedded.lease = Some(lease);
        embedded.url = embedded.bring_up(say).await?;
        Ok(embedded)
    }

    /// Sees to it that the server runs and has the database; says where.
    async fn bring_up(&self, say: impl Fn(&str)) -> Result<String> {
        if self.folder.data_version().is_none() {
            say("making a private Postgres, once");
            self.folder.initialize(&self.binaries, NAME)?;
        }
        let port = match self.folder.running_port(&self.binaries)? {
            Some(port) => port,
            None => {
                let port = free_port(self.folder.remembered_port())?;
                self.folder.start(&self.binaries, port, &SETTINGS)?;
                port
            }
        };
        // By hand: what sqlx would print has parameters of its own, which psql refuses.
        let server = format!("postgres://{NAME}:{}@127.0.0.1:{port}", self.folder.password()?);
        make_database(&format!("{server}/postgres")).await.map_err(|error| {
            let log = self.folder.log_tail();
            Error::Misconfigured(format!("the embedded Postgres on port {port} refuses us: {error}{log}"))
        })?;
        Ok(format!("{server}/{NAME}"))
    }

    /// Where it is, as the owner; the password is in it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Lets go of it. Dropping does the same, but can only log what fails.
    ///
    /// # Errors
    /// [`Error::Misconfigured`] when this was the last user and the server does not stop.
    pub fn release(mut self) -> Result<()> {
        self.let_go()
    }

    fn let_go(&mut self) -> Result<()> {
        let Some(lease) = self.lease.take() else { return Ok(()) };
        let start = self.folder.start_lock()?;
        start.lock().map_err(Error::io("waiting for another start of Postgres"))?;
        drop(lease);
        let alone = self.folder.users_lock()?;
        if alone.try_lock().is_ok() { self.folder.stop(&self.binaries) } else { Ok(()) }
    }
}

async fn make_database(admin: &str) -> sqlx::Result<()> {
    let mut admin = PgConnection::connect(admin).await?;
    let known: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(NAME)
        .fetch_one(&mut admin)
        .await?;
    if !known {
        sqlx::raw_sql("create database muster").execute(&mut admin).await?;
    }
    admin.close().await
}

impl Drop for Embedded {
    fn drop(&mut self) {
        if let Err(error) = self.let_go() {
            tracing::warn!(%error, "the embedded Postgres was left running; the next start uses it");
        }
    }
}

/// Settings of the server beyond its own defaults. Given at each start, so that they follow the program.
const SETTINGS: [&str; 11] = [
    "listen_addresses=127.0.0.1",
    // No socket: one way in, and that one asks for the password.
    "unix_socket_directories=",
    "max_connections=100",
    "timezone=UTC",
    "log_timezone=UTC",
    // The queries are many and short; compiling them costs more than it saves.
    "jit=off",
    "random_page_cost=1.1",
    "max_wal_size=4GB",
    "shared_buffers=256MB",
    "work_mem=16MB",
    "maintenance_work_mem=128MB",
];

/// The port of last time if nobody else has it, else one that is free.
fn free_port(remembered: Option<u16>) -> Result<u16> {
    let bind = |port| TcpListener::bind(("127.0.0.1", port));
    let listener = remembered.and_then(|port| bind(port).ok()).map_or_else(|| bind(0), Ok);
    let address = listener.and_then(|listener| listener.local_addr());
    Ok(address.map_err(Error::io("looking for a free port on 127.0.0.1"))?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_of_last_time_that_is_taken_is_given_up() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        assert_ne!(free_port(Some(port)).unwrap(), port);
        drop(taken);
        assert_eq!(free_port(Some(port)).unwrap(), port);
    }
}
