//! A file sent while it is being written. What fails before the first bytes gets a page; what breaks off later ends the
//! transfer without its end, so that no browser takes it for complete.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use muster::exports::{CSV, Chunks, XLSX};
use muster::reports::Pdf;

use crate::api::TWICE;
use crate::error::AppError;

/// So long a file may need for its first bytes and still be an error page instead.
const PATIENCE: Duration = Duration::from_secs(10);

/// The kinds of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Comma-separated values.
    Csv,
    /// A workbook.
    Xlsx,
}

impl FileKind {
    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => CSV,
            Self::Xlsx => XLSX,
        }
    }

    /// The end of its name.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }
}

/// The answer that hands over a file called `name` (without its end; anything but letters, digits, dots and dashes
/// becomes a dash).
///
/// # Errors
/// Whatever stopped it before its first bytes.
pub async fn file(kind: FileKind, name: &str, mut chunks: Chunks) -> Result<Response, AppError> {
    // A workbook's first bytes come when all its rows are written: whoever takes that long gets the file, however it ends.
    let first = match tokio::time::timeout(PATIENCE, chunks.next()).await {
        Ok(first) => first.transpose()?,
        Err(_) => None,
    };
    let rest = chunks.inspect(|chunk| {
        if let Err(cause) = chunk {
            tracing::error!(%cause, "an export broke off");
        }
    });
    let body = stream::iter(first.map(Ok)).chain(rest).map(|chunk| chunk.map(Bytes::from));
    let disposition = format!("attachment; filename=\"{}.{}\"", plain(name), kind.extension());
    let mut response = Body::from_stream(body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind.media_type()));
    let disposition = HeaderValue::from_str(&disposition).map_err(|cause| AppError::ours(&cause))?;
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}

/// The answer that hands over a PDF called `name`, as [`file`] does; what it says is for who asked alone.
///
/// # Errors
/// [`AppError::Ours`] where no header can hold the name.
pub fn pdf(name: &str, made: Pdf) -> Result<Response, AppError> {
    let disposition = format!("attachment; filename=\"{}.pdf\"", plain(name));
    let disposition = HeaderValue::from_str(&disposition).map_err(|cause| AppError::ours(&cause))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, made.bytes).into_response())
}

/// A name as part of a file's name: letters and digits of ASCII, all else a dash, six words at most.
#[must_use]
pub fn dashed(name: &str) -> String {
    let dashed: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    dashed.split('-').filter(|part| !part.is_empty()).take(6).collect::<Vec<_>>().join("-")
}

/// What stands after the question mark of a file's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads it.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for what is no query.
    pub fn read(query: &str) -> Result<Self, AppError> {
        serde_urlencoded::from_str(query)
            .map(Self)
            .map_err(|_| AppError::Invalid("The address is not readable. Choose on the page.".into()))
    }

    /// The value of a field; an empty one is none.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a field that stands there twice.
    pub fn once(&self, name: &str) -> Result<Option<&str>, AppError> {
        let mut values = self.0.iter().filter(|(field, _)| field == name).map(|(_, value)| value.trim());
        let value = values.next().filter(|value| !value.is_empty());
        if values.next().is_some() { Err(AppError::Invalid(TWICE.into())) } else { Ok(value) }
    }
}

fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use http_body_util::BodyExt;
    use muster::exports::{Bom, Cell, Column, Sheet, Table, csv};

    use super::*;

    #[test]
    fn a_files_name_is_plain() {
        assert_eq!(dashed("Nörth Gate #2; \"x\"\r\n../"), "n-rth-gate-2-x");
    }

    /// A table of so many rows that then breaks off.
    fn broken_after(rows: usize) -> Chunks {
        let sheet = Sheet::new("Rows", "", vec![Column::text("Text")]);
        let table = Table::written(sheet, move |mut sink| async move {
            for _ in 0..rows {
                sink.row(vec![Cell::text("a row of some length")]).await?;
            }
            Err(muster::Error::NotFound("rest"))
        });
        csv(table, Bom::With)
    }

    #[tokio::test]
    async fn what_fails_at_once_is_an_error_and_what_breaks_off_has_no_end() {
        assert!(matches!(file(FileKind::Csv, "a", broken_after(0)).await, Err(AppError::NotFound)));
        let answer = file(FileKind::Csv, "rows of \"March\"", broken_after(100_000)).await.expect("a beginning");
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[header::CONTENT_DISPOSITION], "attachment; filename=\"rows-of--March-.csv\"");
        assert!(answer.into_body().collect().await.is_err(), "a reader is told that it is not all");
    }
}
