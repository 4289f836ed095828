//! Addresses, read and said again: every field once, empty ones not at all. What the fields mean is each page's own affair.

use leptos_router::params::ParamsMap;

use crate::api::TWICE;
use crate::error::AppError;

/// The fields of an address, in their order.
pub(crate) type Fields = Vec<(&'static str, String)>;

/// The value of a field; `None` where it is not there or empty.
///
/// # Errors
/// [`AppError::Invalid`] for a field that stands there twice.
pub(crate) fn once(query: &ParamsMap, field: &str) -> Result<Option<String>, AppError> {
    match query.get_all(field).unwrap_or_default().as_slice() {
        [] => Ok(None),
        [value] => Ok(Some(value.clone()).filter(|value| !value.trim().is_empty())),
        _ => Err(AppError::Invalid(TWICE.into())),
    }
}

/// The fields that have a value.
pub(crate) fn given<const N: usize>(fields: [(&'static str, &Option<String>); N]) -> Fields {
    let value = |value: &Option<String>| value.clone().filter(|value| !value.trim().is_empty());
    fields.into_iter().filter_map(|(name, text)| Some((name, value(text)?))).collect()
}

/// The fields with another value for one, which then comes last.
pub(crate) fn with(mut fields: Fields, name: &'static str, value: &str) -> Fields {
    fields.retain(|(field, _)| *field != name);
    fields.push((name, value.to_owned()));
    fields
}

/// `path?a=1&b=2`; without fields the path alone.
pub(crate) fn link(path: &str, fields: &[(&'static str, String)]) -> String {
    match serde_urlencoded::to_string(fields) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.to_owned(),
    }
}

/// The same, ready for another field.
pub(crate) fn open_link(path: &str, fields: &[(&'static str, String)]) -> String {
    let link = link(path, fields);
    let more = if link.contains('?') { '&' } else { '?' };
    format!("{link}{more}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_read_again() {
        let fields = given([("site", &Some("7 & 8".to_owned())), ("from", &None), ("to", &Some(" ".to_owned()))]);
        assert_eq!(link("/team", &fields), "/team?site=7+%26+8");
        assert_eq!(open_link("/team", &fields), "/team?site=7+%26+8&");
        assert_eq!((link("/team", &[]), open_link("/team", &[])), ("/team".into(), "/team?".into()));
        assert_eq!(link("/team", &with(with(fields, "page", "2"), "site", "9")), "/team?page=2&site=9");
    }

    #[test]
    fn a_field_stands_there_once_and_an_empty_one_is_none() {
        let query: ParamsMap = [("a", "1"), ("b", " "), ("c", "1"), ("c", "2")]
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .into_iter()
            .collect();
        assert_eq!(once(&query, "a").unwrap().as_deref(), Some("1"));
        assert_eq!((once(&query, "b").unwrap(), once(&query, "z").unwrap()), (None, None));
        assert!(once(&query, "c").is_err());
    }
}
