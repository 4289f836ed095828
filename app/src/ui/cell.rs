//! What stands in the cells of tables and in lists to choose from: written at once, because some pages hold hundreds of them, and
//! building a view of each takes several times as long as all the rest of the page.

use std::fmt::Write;

use leptos::prelude::*;
use muster::charts::escape;

/// A cell, ready to be written: text that is escaped, or a view that is rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell(String);

impl Cell {
    /// A cell that is more than text.
    #[must_use]
    pub fn of(view: impl IntoView) -> Self {
        Self(view.into_view().to_html())
    }

    /// Its HTML.
    #[must_use]
    pub(super) fn html(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self(escape(text))
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<AnyView> for Cell {
    fn from(view: AnyView) -> Self {
        Self(view.to_html())
    }
}

/// What can be chosen, for the inside of a `select`: value, label, and whether it is the one chosen.
#[must_use]
pub fn choices<V: std::fmt::Display, L: AsRef<str>>(all: impl IntoIterator<Item = (V, L, bool)>) -> String {
    let mut out = String::new();
    for (value, label, chosen) in all {
        let (value, label) = (escape(&value.to_string()), escape(label.as_ref()));
        let chosen = if chosen { " selected" } else { "" };
        let _ = write!(out, r#"<option value="{value}"{chosen}>{label}</option>"#);
    }
    out
}
