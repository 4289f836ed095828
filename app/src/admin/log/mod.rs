//! `/admin/audit`: who did what to which record, when, and from where?

mod file;
mod page;

use axum::routing::{MethodRouter, get};
use muster::people::log::Filter;

pub use page::AuditPage;

use crate::error::AppError;
use crate::export::Fields;
use crate::server::App;

/// The address of the page.
pub const PAGE: &str = "/admin/audit";
/// The address of the file.
pub const CSV: &str = "/admin/audit.csv";
/// No field is longer.
const LONGEST: usize = 200;

pub(super) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![(CSV, get(file::csv))]
}

/// What the address asks for.
fn filter(fields: &Fields) -> Result<Filter, AppError> {
    let text = |name| match fields.once(name)? {
        Some(text) if text.chars().count() > LONGEST => {
            Err(AppError::Invalid(format!("Write at most {LONGEST} characters.")))
        }
        text => Ok(text.unwrap_or_default().replace('\0', "")),
    };
    let day = |name| match fields.once(name)? {
        None => Ok(None),
        Some(day) => match day.parse() {
            Ok(day) => Ok(Some(day)),
            Err(_) => Err(AppError::Invalid("A day is written as 2026-03-31.".into())),
        },
    };
    let filter: Filter = Filter { who: text("who")?, what: text("what")?, from: day("from")?, to: day("to")? };
    match (filter.from, filter.to) {
        (Some(from), Some(to)) if from > to => Err(AppError::Invalid("The first day is after the last.".into())),
        _ => Ok(filter),
    }
}

/// The filter as it stands in an address; without what says nothing.
fn query(filter: &Filter) -> String {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let fields = [
        ("who", filter.who.clone()),
        ("what", filter.what.clone()),
        ("from", day(filter.from)),
        ("to", day(filter.to)),
    ];
    let said: Vec<_> = fields.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    serde_urlencoded::to_string(said).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_survives_its_address() {
        let asked = "who=Ana+%26+Co&what=changed+user&from=2026-03-01&to=2026-03-02";
        let read = filter(&Fields::read(asked).unwrap()).unwrap();
        assert_eq!(query(&read), asked);
        assert_eq!(query(&Filter::default()), "");
    }

    #[test]
    fn what_is_no_filter_is_refused_in_words() {
        for asked in
            ["from=yesterday", "from=2026-03-02&to=2026-03-01", "who=a&who=b", &format!("who={}", "a".repeat(201))]
        {
            assert!(matches!(filter(&Fields::read(asked).unwrap()), Err(AppError::Invalid(_))), "{asked}");
        }
    }
}
