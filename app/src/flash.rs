//! What a form's page must say after its redirect: done, or what to mend, with everything that was typed.

use std::collections::BTreeMap;

use axum::http::request::Parts;
use leptos::prelude::use_context;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

const KEY: &str = "flash";

/// One message, shown once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// Which form it belongs to.
    pub form: String,
    /// Whether it was done.
    pub done: bool,
    /// What to say.
    pub message: String,
    /// What was typed, when it has to be mended.
    pub typed: BTreeMap<String, String>,
}

fn session() -> Option<Session> {
    use_context::<Parts>()?.extensions.get::<Session>().cloned()
}

impl Flash {
    /// It worked.
    #[must_use]
    pub fn done(form: &str, message: impl Into<String>) -> Self {
        Self { form: form.into(), done: true, message: message.into(), typed: BTreeMap::new() }
    }

    /// It did not; here is what was typed.
    #[must_use]
    pub fn mend(form: &str, message: impl Into<String>, typed: &[(&str, &str)]) -> Self {
        // No database keeps a NUL.
        let kept = |value: &str| value.chars().filter(|letter| *letter != '\0').take(2000).collect();
        let typed = typed.iter().map(|(name, value)| ((*name).to_owned(), kept(value))).collect();
        Self { form: form.into(), done: false, message: message.into(), typed }
    }

    /// Keeps it for the next page of this session.
    pub async fn keep(self) {
        if let Some(session) = session() {
            self.keep_in(&session).await;
        }
    }

    /// The same where there is no page that runs: for handlers of plain forms.
    pub async fn keep_in(self, session: &Session) {
        if let Err(cause) = session.insert(KEY, self).await {
            tracing::error!(%cause, "a flash message could not be kept");
        }
    }

    /// Takes it out of the session, to be shown now.
    pub async fn take() -> Option<Self> {
        session()?.remove(KEY).await.ok().flatten()
    }

    /// What was typed into a field.
    #[must_use]
    pub fn typed(&self, field: &str) -> String {
        self.typed.get(field).cloned().unwrap_or_default()
    }
}
