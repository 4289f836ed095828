//! Which database? The one `DATABASE_URL` names, else the project's own embedded Postgres.

use muster::Result;
use muster::config::Settings;
use muster::database::Database;
use muster::database::embedded::Embedded;

/// A database to work on. Keep it as long as the work lasts: it holds the embedded server.
#[derive(Debug)]
pub struct Source {
    url: String,
    embedded: Option<Embedded>,
}

impl Source {
    /// Finds it, and starts the embedded server where that is the one.
    pub async fn open() -> Result<Self> {
        match Settings::load()?.database_url {
            Some(url) => Ok(Self { url: url.expose().to_owned(), embedded: None }),
            None => Self::embedded().await,
        }
    }

    /// The project's own server, whatever `DATABASE_URL` says.
    pub async fn embedded() -> Result<Self> {
        let embedded = Embedded::attach(&Settings::load()?.home, |what| eprintln!("{what}")).await?;
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
