//! Which database? The one `DATABASE_URL` names, else the project's own embedded Postgres.

use std::path::PathBuf;

use muster::database::Database;
use muster::database::embedded::Embedded;
use muster::{Error, Result};

/// A database to work on. Keep it as long as the work lasts: it holds the embedded server.
#[derive(Debug)]
pub struct Source {
    url: String,
    embedded: Option<Embedded>,
}

impl Source {
    /// Finds it, and starts the embedded server where that is the one.
    pub async fn open() -> Result<Self> {
        match std::env::var("DATABASE_URL") {
            Ok(url) if !url.is_empty() => Ok(Self { url, embedded: None }),
            _ => Self::embedded().await,
        }
    }

    /// The project's own server, whatever `DATABASE_URL` says.
    pub async fn embedded() -> Result<Self> {
        let embedded = Embedded::attach(&project()?, |what| eprintln!("{what}")).await?;
        Ok(Self { url: embedded.url().to_owned(), embedded: Some(embedded) })
    }

    /// Its address, as the owner.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Applies the migrations of this build, then connects as the serving role.
    pub async fn migrated(&self, connections: u32) -> Result<Database> {
        Database::migrate(&self.url).await?;
        Database::connect(&self.url, connections).await
    }

    /// Lets go of the embedded server, if it is one: the last one out stops it. Dropping does the same.
    pub fn release(self) -> Result<()> {
        self.embedded.map_or(Ok(()), Embedded::release)
    }
}

/// The folder that `.muster/` and `target/site/` are in: `MUSTER_HOME`, else the current one.
pub fn project() -> Result<PathBuf> {
    match std::env::var_os("MUSTER_HOME") {
        Some(home) => Ok(home.into()),
        None => std::env::current_dir().map_err(Error::io("looking for the current folder")),
    }
}
