//! Tables that sort by address and stack on phones.

use std::fmt::Write;

use leptos::prelude::*;
use muster::charts::escape;

use super::Cell;

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in the address.
    pub key: &'static str,
    /// Its heading, with the unit.
    pub title: String,
    /// Numbers stand to the right.
    pub numeric: bool,
    /// Whether the table can be sorted by it.
    pub sortable: bool,
    /// Dates and other short words, which never wrap.
    pub short: bool,
}

impl Column {
    /// A column of text that does not sort.
    #[must_use]
    pub fn text(key: &'static str, title: &str) -> Self {
        Self { key, title: title.into(), numeric: false, sortable: false, short: false }
    }

    /// A column of numbers that does not sort.
    #[must_use]
    pub fn number(key: &'static str, title: &str) -> Self {
        Self { numeric: true, ..Self::text(key, title) }
    }

    /// A column of dates or other short words that stay on one line, and does not sort.
    #[must_use]
    pub fn short(key: &'static str, title: &str) -> Self {
        Self { short: true, ..Self::text(key, title) }
    }

    fn class(&self) -> &'static str {
        match (self.numeric, self.short) {
            (true, _) => r#" class="num""#,
            (false, true) => r#" class="short""#,
            (false, false) => "",
        }
    }

    /// The same, but sortable.
    #[must_use]
    pub fn sortable(self) -> Self {
        Self { sortable: true, ..self }
    }
}

/// What a table is sorted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// The column's key.
    pub by: String,
    /// Largest first.
    pub descending: bool,
}

/// A table. The first cell of each row is its heading.
#[component]
pub fn DataTable<C>(
    #[prop(into)] caption: String,
    columns: Vec<Column>,
    rows: Vec<Vec<C>>,
    #[prop(optional_no_strip)] sort: Option<Sort>,
    /// The page's address with everything but `sort` and `order`; ends in `?` or `&`.
    #[prop(optional, into)]
    href: String,
    /// The heading is read but not seen.
    #[prop(optional)]
    hide_caption: bool,
) -> impl IntoView
where
    C: Into<Cell> + 'static,
{
    let mut heads = String::from("<tr>");
    columns.iter().for_each(|column| head(&mut heads, column, sort.as_ref(), &href));
    heads.push_str("</tr>");
    view! {
        <div class="table-box">
            <table class="data">
                <caption class=hide_caption.then_some("sr-only")>{caption}</caption>
                <thead inner_html=heads></thead>
                <tbody inner_html=body(&columns, rows)></tbody>
            </table>
        </div>
    }
}

fn head(out: &mut String, column: &Column, sort: Option<&Sort>, href: &str) {
    let (class, title) = (column.class(), escape(&column.title));
    if !column.sortable {
        let _ = write!(out, r#"<th scope="col"{class}>{title}</th>"#);
        return;
    }
    let here = sort.filter(|sort| sort.by == column.key);
    // Numbers are looked at largest first, names from A.
    let descending = here.map_or(column.numeric, |sort| !sort.descending);
    let (aria, arrow) = match here {
        Some(Sort { descending: true, .. }) => ("descending", "▼"),
        Some(_) => ("ascending", "▲"),
        None => ("none", ""),
    };
    let order = if descending { "desc" } else { "asc" };
    let href = escape(&format!("{href}sort={}&order={order}", column.key));
    let _ = write!(
        out,
        r#"<th scope="col"{class} aria-sort="{aria}"><a href="{href}">{title}<span class="sort-arrow" aria-hidden="true">{arrow}</span></a></th>"#
    );
}

fn body<C: Into<Cell>>(columns: &[Column], rows: Vec<Vec<C>>) -> String {
    let opened = |(nth, column): (usize, &Column)| match (nth, column.class()) {
        (0, class) => format!(r#"<th scope="row"{class}>"#),
        (_, class) => format!(r#"<td{class} data-label="{}">"#, escape(&column.title)),
    };
    let opened: Vec<String> = columns.iter().enumerate().map(opened).collect();
    let mut out = String::with_capacity(rows.len() * columns.len() * 64);
    for row in rows {
        out.push_str("<tr>");
        for (nth, (cell, open)) in row.into_iter().zip(&opened).enumerate() {
            out.push_str(open);
            out.push_str(cell.into().html());
            out.push_str(if nth == 0 { "</th>" } else { "</td>" });
        }
        out.push_str("</tr>");
    }
    out
}
