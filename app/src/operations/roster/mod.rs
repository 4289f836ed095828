//! `/operations/roster`: a roster for a site's week, proposed, looked at, changed by hand and confirmed.

mod address;
mod baselines;
mod change;
mod choose;
mod fns;
mod lines;
mod proposal;
mod week;

pub use choose::RosterPage;
pub use proposal::ProposalPage;

use crate::flash::Flash;
use crate::ui::{Notice, NoticeKind, fmt};
use leptos::prelude::*;

/// What one of these forms has to say after its redirect.
fn said(flash: Option<&Flash>, forms: &[&str]) -> Option<AnyView> {
    let flash = flash.filter(|flash| forms.contains(&flash.form.as_str()))?;
    let kind = if flash.done { NoticeKind::Done } else { NoticeKind::Failed };
    let message = flash.message.clone();
    Some(view! { <div id="said"><Notice kind><p>{message}</p></Notice></div> }.into_any())
}

/// An amount with its currency: `ZAR 12,300.00`.
fn money(currency: &str, cents: i64) -> String {
    format!("{currency}\u{a0}{}", fmt::number(cents as f64 / 100.0, 2))
}
