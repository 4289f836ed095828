//! Who is asking: from the session cookie or a bearer token, put into each request by the gate.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::use_context;
use muster::database::{Database, Topic};
use muster::models::shift_fill::Memory;
use muster::people::{Permission, Scope, User};

use crate::cache::{Kept, Key};
use crate::error::AppError;
use crate::product::Recorder;
use crate::server::App;

/// A signed-in user with what a request needs.
#[derive(Debug, Clone)]
pub struct Caller {
    user: Arc<User>,
    app: App,
}

impl Caller {
    pub(crate) fn new(user: User, app: App) -> Self {
        Self { user: Arc::new(user), app }
    }

    /// The caller of the running page or server function, if it may.
    ///
    /// # Errors
    /// [`AppError::SignedOut`], [`AppError::Forbidden`].
    pub fn with(permission: Permission) -> Result<Self, AppError> {
        let caller = Self::current().ok_or(AppError::SignedOut { expired: false })?;
        caller.scope(permission)?;
        Ok(caller)
    }

    /// The caller of the running page or server function.
    #[must_use]
    pub fn current() -> Option<Self> {
        use_context::<Self>().or_else(|| use_context::<Parts>()?.extensions.get::<Self>().cloned())
    }

    /// What the caller may see through a permission.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn scope(&self, permission: Permission) -> Result<Scope, AppError> {
        Ok(self.user.scope(permission)?)
    }

    /// The user.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.user
    }

    /// The application: what belongs to the process and to no organization.
    pub(crate) fn app(&self) -> &App {
        &self.app
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Database {
        &self.app.db
    }

    /// What takes product events in.
    #[must_use]
    pub fn recorder(&self) -> &Recorder {
        &self.app.events
    }

    /// What predictions of shift fill lean on.
    #[must_use]
    pub fn shift_fill(&self) -> &Memory {
        &self.app.shift_fill
    }

    /// What is kept of an answer of the caller's organization, or what `make` gives. `asked` is what was asked, and as JSON what
    /// the caller may see of it and all parameters; `topics` is what it rests on.
    ///
    /// # Errors
    /// Whatever `make` failed of.
    pub async fn kept<T: Send + Sync + 'static>(
        &self,
        (what, asked): (&'static str, String),
        topics: &[Topic],
        kept_for: Duration,
        make: impl Future<Output = Result<T, AppError>> + Send,
    ) -> Result<Kept<T>, AppError> {
        let org = self.user.org.id;
        // Asked first: what is rewritten while the answer is made has another number.
        let version = self.db().version(org, topics).await?;
        self.app.kept.get(Key { org, what, asked, version }, kept_for, self.now(), make).await
    }

    /// The site's files.
    #[must_use]
    pub fn site(&self) -> &crate::shell::Site {
        &self.app.site
    }

    /// The moment.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.app.clock.now()
    }

    /// The organization's local date.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.app.clock.today(self.user.org.zone)
    }

    /// The last business day that is over.
    #[must_use]
    pub fn last_complete_day(&self) -> NaiveDate {
        muster::metrics::dirty::last_complete_day(self.user.org.zone, self.now())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::UNAUTHORIZED)
    }
}
