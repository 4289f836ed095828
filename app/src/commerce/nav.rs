//! The pages of `/financial`, one beside the other.

use axum::http::request::Parts;
use leptos::prelude::*;

/// The pages of orders and the money for them.
pub(crate) const PAGES: [(&str, &str); 4] = [
    ("/financial/revenue", "Revenue"),
    ("/financial/orders", "Orders"),
    ("/financial/partners", "Partners"),
    ("/financial/customers", "Customers"),
];

/// Links to the pages of `/financial`; the one that is open is marked.
#[component]
pub fn FinancialNav() -> impl IntoView {
    let here = use_context::<Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    let month =
        [("/financial", "The month"), ("/financial/payroll", "Payroll"), ("/financial/placements", "Placements")];
    let links = month.into_iter().chain(PAGES).map(|(path, label)| {
        let current = (here == path).then_some("page");
        view! { <a class="choice" href=path aria-current=current>{label}</a> }
    });
    let links: Vec<_> = links.collect();
    view! { <nav class="choices financial-nav" aria-label="Financial pages">{links}</nav> }
}
