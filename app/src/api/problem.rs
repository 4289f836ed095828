//! What a handler gives: JSON, the id of what was made, or why not, as problem+json (RFC 9457).

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::AppError;

/// What a handler of the API gives: JSON, or a problem.
pub type Answer<T> = Result<Json<T>, Refusal>;

/// Why there is no answer (RFC 9457). The media type is `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status says which kind it is.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The kind in words, the same for every problem of its status.
    title: &'static str,
    /// The status of the answer.
    status: u16,
    /// What happened here and what to do about it, for a person.
    detail: String,
}

impl From<&AppError> for Problem {
    fn from(error: &AppError) -> Self {
        Self { kind: "about:blank", title: error.title(), status: error.status().as_u16(), detail: error.text() }
    }
}

/// An error on its way out of a handler.
#[derive(Debug)]
pub struct Refusal(AppError);

impl<E: Into<AppError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.0.problem()
    }
}

/// What was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Made {
    /// Its id.
    id: Uuid,
}

impl Made {
    /// The answer that it was made.
    pub fn answer(id: Uuid) -> (StatusCode, Json<Self>) {
        (StatusCode::CREATED, Json(Self { id }))
    }
}
