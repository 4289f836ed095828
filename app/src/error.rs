//! What a person is told when something does not work. The only place that logs causes, mints references, sets statuses.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::Problem;
use crate::caller::Caller;
use crate::shell;
use crate::ui::frame::PlainPage;

/// What Postgres says of a NUL or of broken UTF-8.
const NOT_TEXT: &str = "22021";

/// Why a request gets no page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppError {
    /// Nobody is signed in; `expired`: somebody was.
    SignedOut {
        /// Whether a session had been there.
        expired: bool,
    },
    /// This view is not the caller's.
    Forbidden,
    /// The request came from a foreign page.
    ForeignOrigin,
    /// There is no such thing, or none the caller may know of.
    NotFound,
    /// What was asked for makes no sense; the text says what to do.
    Invalid(String),
    /// Somebody was first, or a limit is reached; the text says what to do.
    Conflict(String),
    /// Too many tries.
    Locked {
        /// When to try again.
        until: DateTime<Utc>,
    },
    /// More requests of the API than a caller has.
    TooMany {
        /// How long to wait.
        seconds: u64,
    },
    /// Overloaded or the database does not answer.
    Unavailable,
    /// Our fault. The reference is in the log.
    Ours {
        /// What to quote.
        reference: String,
    },
}

impl From<muster::Error> for AppError {
    fn from(cause: muster::Error) -> Self {
        match cause {
            muster::Error::NotFound(_) => Self::NotFound,
            muster::Error::Forbidden(_) => Self::Forbidden,
            muster::Error::Invalid(text) => Self::Invalid(text),
            muster::Error::Conflict(text) => Self::Conflict(text),
            muster::Error::Database(sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_)) => {
                tracing::error!(%cause, "the database does not answer");
                Self::Unavailable
            }
            muster::Error::Database(sqlx::Error::Database(ref refusal))
                if refusal.code().as_deref() == Some(NOT_TEXT) =>
            {
                Self::Invalid("What was typed holds a character that is not text. Type it anew.".into())
            }
            cause => Self::ours(&cause),
        }
    }
}

impl From<tower_sessions::session::Error> for AppError {
    fn from(cause: tower_sessions::session::Error) -> Self {
        match cause {
            tower_sessions::session::Error::Store(tower_sessions::session_store::Error::Backend(_)) => {
                tracing::error!(%cause, "sessions cannot be reached");
                Self::Unavailable
            }
            cause => Self::ours(&cause),
        }
    }
}

impl AppError {
    /// What is said where only a status is known; `None`: nothing is wrong.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Option<Self> {
        let say = |text: &str| Some(Self::Invalid(text.into()));
        match status {
            StatusCode::NOT_FOUND => Some(Self::NotFound),
            StatusCode::METHOD_NOT_ALLOWED => {
                say("Nothing is done at this address in that way. Go back to the page and use its buttons.")
            }
            StatusCode::PAYLOAD_TOO_LARGE => say("What was sent is larger than 1 MB. Nothing was changed; send less."),
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT => Some(Self::Unavailable),
            status if status.is_client_error() => {
                say("What was sent did not arrive as a form of ours. Nothing was changed; go back and try again.")
            }
            status if status.is_server_error() => Some(Self::ours(&format!("a bare {status}"))),
            _ => None,
        }
    }

    /// Logs a cause that is nobody's business, and gives the reference to quote.
    pub fn ours(cause: &dyn std::fmt::Display) -> Self {
        let reference = Uuid::new_v4().simple().to_string()[..8].to_uppercase();
        tracing::error!(reference, %cause, "request failed");
        Self::Ours { reference }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::SignedOut { .. } => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::ForeignOrigin => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Locked { .. } | Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Ours { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// One line for the page's heading and title.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self {
            Self::SignedOut { expired: true } => "You were signed out",
            Self::SignedOut { expired: false } => "Please sign in",
            Self::Forbidden => "This view is not yours",
            Self::ForeignOrigin => "That came from another page",
            Self::NotFound => "There is nothing here",
            Self::Invalid(_) => "That does not work as asked",
            Self::Conflict(_) => "That is not possible just now",
            Self::Locked { .. } => "Too many tries",
            Self::TooMany { .. } => "Too many requests",
            Self::Unavailable => "Busy for a moment",
            Self::Ours { .. } => "Something went wrong on our side",
        }
    }

    /// What happened and what to do.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::SignedOut { expired: true } => {
                "Your session has ended. Sign in again and you are back where you were.".into()
            }
            Self::SignedOut { expired: false } => "Sign in to see this page.".into(),
            Self::Forbidden => {
                "Your role does not include it. If you need it for your work, ask your administrator.".into()
            }
            Self::ForeignOrigin => {
                "To be safe, nothing was changed. Go back to the page in Muster and try again from there.".into()
            }
            Self::NotFound => "The address may be mistyped, or the record is not one you can see.".into(),
            Self::Invalid(text) | Self::Conflict(text) => text.clone(),
            Self::Locked { until } => {
                format!("There were too many failed tries. Try again at {} UTC.", until.format("%H:%M:%S"))
            }
            Self::TooMany { seconds } => {
                format!(
                    "These were more requests than a caller has in a minute. Nothing was done; try again in {seconds} s."
                )
            }
            Self::Unavailable => {
                "There is more to do than we can do at once. Nothing was changed; try again in a few seconds.".into()
            }
            Self::Ours { reference } => {
                format!("Nothing was changed. If it happens again, tell your administrator the reference {reference}.")
            }
        }
    }

    /// The answer, as a page for people or as problem+json (RFC 9457) for programs.
    #[must_use]
    pub fn response(&self, wants_json: bool, caller: Option<&Caller>, site: &shell::Site) -> Response {
        if wants_json {
            return self.problem();
        }
        self.with_status(shell::document(site, caller, self.title(), || self.page()))
    }

    /// The answer for programs: problem+json (RFC 9457).
    #[must_use]
    pub fn problem(&self) -> Response {
        let mut response = Json(Problem::from(self)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        self.with_status(response)
    }

    fn with_status(&self, mut response: Response) -> Response {
        *response.status_mut() = self.status();
        let wait = match self {
            Self::Unavailable => Some(5),
            Self::TooMany { seconds } => Some(*seconds),
            _ => None,
        };
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    /// The page's view, inside the frame.
    pub fn page(&self) -> impl IntoView + use<> {
        let (title, text, code) = (self.title(), self.text(), self.status().as_u16());
        view! {
            <PlainPage title=title code=Some(code)>
                <p>{text}</p>
                <p><a class="button" href="/">"Go to my start page"</a></p>
            </PlainPage>
        }
    }
}

/// Whether the caller is a program: REST, or a client that asks for JSON.
#[must_use]
pub fn wants_json(path: &str, headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let api = path.starts_with("/api/") && path != crate::api::DOCS;
    api || (accept.contains("json") && !accept.contains("text/html"))
}
