//! What can fail in the engine, with its cause. What a person is told about it is the app's affair.

/// The one error of the engine.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such record, or none this caller may know of.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The caller may not do this.
    #[error("not permitted: {0}")]
    Forbidden(&'static str),
    /// What was asked for is not possible as asked; the text tells a person what to do.
    #[error("{0}")]
    Invalid(String),
    /// Somebody else was first, or a limit is reached; the text tells a person what to do.
    #[error("{0}")]
    Conflict(String),
    /// A setting or stored definition this program cannot work with.
    #[error("{0}")]
    Misconfigured(String),
    /// The database failed.
    #[cfg(feature = "server")]
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The queue of jobs failed.
    #[error("queue: {0}")]
    Queue(String),
    /// A migration failed.
    #[cfg(feature = "server")]
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A file or a pipe failed.
    #[error("{context}: {source}")]
    Io {
        /// What was being done, with the path.
        context: String,
        /// The cause.
        source: std::io::Error,
    },
    /// Stored JSON is not what it should be.
    #[error("stored JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl Error {
    /// An [`Error::Io`] that says what was being done.
    pub fn io(context: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let context = context.into();
        move |source| Self::Io { context, source }
    }
}

/// The engine's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;
