//! Newer and older pages of a list, by address.

use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use crate::error::AppError;

/// No list is turned further: nobody reads so far, and each page costs those before it.
const LAST_PAGE: u32 = 500;

/// The page of the address, from 1.
///
/// # Errors
/// [`AppError::Invalid`] for anything but one number from 1 to 500.
pub fn page_of(query: &ParamsMap, field: &str) -> Result<u32, AppError> {
    match query.get_all(field).unwrap_or_default().as_slice() {
        [] => Ok(1),
        [number] => {
            let page = number.parse().ok().filter(|page| (1..=LAST_PAGE).contains(page));
            page.ok_or_else(|| AppError::Invalid(format!("Pages are numbered from 1 to {LAST_PAGE}.")))
        }
        _ => Err(AppError::Invalid("The address names the page twice. Name it once.".into())),
    }
}

/// Links to the newer and the older page; nothing where there is but one.
#[component]
pub fn Pager(
    /// What is turned, for those who hear the page.
    #[prop(into)]
    label: String,
    /// The page shown, from 1.
    page: u32,
    /// Whether there is an older one.
    older: bool,
    /// The page's address up to the number.
    #[prop(into)]
    href: String,
    /// Where on the page the list is, such as `#kudos-wall`.
    #[prop(optional, into)]
    anchor: String,
) -> impl IntoView {
    let link = |page: u32, word: &'static str| {
        let href = format!("{href}{page}{anchor}");
        view! { <a class="button quiet" href=href>{word}</a> }
    };
    let newer = (page > 1).then(|| link(page - 1, "Newer"));
    let older = (older && page < LAST_PAGE).then(|| link(page + 1, "Older"));
    (page > 1 || older.is_some()).then(|| {
        view! { <nav class="pager" aria-label=label>{newer}<span class="pager-page">"Page "{page}</span>{older}</nav> }
    })
}
