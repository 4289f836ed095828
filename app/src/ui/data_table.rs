//! Tables that sort by address and stack on phones.

use leptos::prelude::*;

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
            (true, _) => "num",
            (false, true) => "short",
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
pub fn DataTable(
    #[prop(into)] caption: String,
    columns: Vec<Column>,
    rows: Vec<Vec<AnyView>>,
    #[prop(optional_no_strip)] sort: Option<Sort>,
    /// The page's address with everything but `sort` and `order`; ends in `?` or `&`.
    #[prop(optional, into)]
    href: String,
    /// The heading is read but not seen.
    #[prop(optional)]
    hide_caption: bool,
) -> impl IntoView {
    let heads = columns.iter().map(|column| head(column, sort.as_ref(), &href)).collect_view();
    let body = rows.into_iter().map(|cells| row(&columns, cells)).collect_view();
    view! {
        <div class="table-box">
            <table class="data">
                <caption class=if hide_caption { "sr-only" } else { "" }>{caption}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}

fn head(column: &Column, sort: Option<&Sort>, href: &str) -> AnyView {
    let class = column.class();
    let title = column.title.clone();
    if !column.sortable {
        return view! { <th scope="col" class=class>{title}</th> }.into_any();
    }
    let here = sort.filter(|sort| sort.by == column.key);
    // Numbers are looked at largest first, names from A.
    let descending = here.map_or(column.numeric, |sort| !sort.descending);
    let (aria, arrow) = match here {
        Some(Sort { descending: true, .. }) => ("descending", "▼"),
        Some(_) => ("ascending", "▲"),
        None => ("none", ""),
    };
    let href = format!("{href}sort={}&order={}", column.key, if descending { "desc" } else { "asc" });
    view! {
        <th scope="col" class=class aria-sort=aria>
            <a href=href>{title}<span class="sort-arrow" aria-hidden="true">{arrow}</span></a>
        </th>
    }
    .into_any()
}

fn row(columns: &[Column], cells: Vec<AnyView>) -> impl IntoView + use<> {
    let cells = cells
        .into_iter()
        .zip(columns)
        .enumerate()
        .map(|(nth, (cell, column))| {
            let class = column.class();
            if nth == 0 {
                view! { <th scope="row" class=class>{cell}</th> }.into_any()
            } else {
                view! { <td class=class data-label=column.title.clone()>{cell}</td> }.into_any()
            }
        })
        .collect_view();
    view! { <tr>{cells}</tr> }
}
