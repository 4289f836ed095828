//! What a request of the API says, taken apart; whatever does not fit is told in words and never guessed at.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use muster::units::SiteId;
use serde::de::DeserializeOwned;

use super::DOCS;
use super::problem::Refusal;
use crate::error::AppError;

/// What is said to an address that says two things.
pub const TWICE: &str = "The address has a field twice, or one that is not text.";

/// The fields of the query, each as text: what a field must be is for the handler to say.
#[derive(Debug)]
pub struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let query: Result<Query<T>, QueryRejection> = Query::from_request_parts(parts, state).await;
        query.map(|Query(asked)| Self(asked)).map_err(|_| AppError::Invalid(TWICE.into()).into())
    }
}

/// The JSON of the body.
#[derive(Debug)]
pub struct Sent<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        match Json::from_request(request, state).await {
            Ok(Json(sent)) => Ok(Self(sent)),
            Err(JsonRejection::JsonDataError(cause)) => Err(not_fitting(&cause.body_text())),
            Err(JsonRejection::JsonSyntaxError(cause)) => Err(not_fitting(&cause.body_text())),
            Err(other) if other.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                let error = AppError::Invalid("Send JSON, with the header Content-Type: application/json.".into());
                Err((other.status(), error.problem()).into_response())
            }
            Err(other) => Err(other.into_response()),
        }
    }
}

fn not_fitting(cause: &str) -> Response {
    let cause: String = cause.chars().take(300).collect();
    AppError::Invalid(format!("The body is not what is asked for; see {DOCS}. {cause}")).problem()
}

/// The site that the path names.
#[derive(Debug, Clone, Copy)]
pub struct SiteInPath(pub SiteId);

impl<S: Send + Sync> FromRequestParts<S> for SiteInPath {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let named: Option<Path<String>> = Path::from_request_parts(parts, state).await.ok();
        let site = named.and_then(|Path(site)| site.parse().ok());
        site.map(Self).ok_or_else(|| AppError::Invalid("The site in the path is not an id of a site.".into()).into())
    }
}
