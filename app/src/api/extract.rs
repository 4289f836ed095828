//! What a request of the API says, taken apart; whatever does not fit is told in words and never guessed at.

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

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
