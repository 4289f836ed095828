//! The form to thank somebody: on the own page, and on a team's.

use leptos::prelude::*;
use muster::recognition::{Category, Colleague, LONGEST};
use muster::units::SiteId;

use crate::flash::Flash;
use crate::ui::fmt;

/// Thanks somebody. What was typed stands in it again where it was refused.
#[component]
pub fn KudosForm(
    #[prop(into)] title: String,
    /// Whom one may thank.
    colleagues: Vec<Colleague>,
    /// The team's page to come back to; without one it is the own page.
    #[prop(optional_no_strip)]
    site: Option<SiteId>,
    #[prop(optional_no_strip)] flash: Option<Flash>,
) -> impl IntoView {
    let typed = flash.filter(|flash| flash.form == "kudos" && !flash.done).unwrap_or_default();
    let (to, category) = (typed.typed("to"), typed.typed("category"));
    let message = fmt::typed(&typed.typed("message"));
    let people = colleagues
        .into_iter()
        .map(|it| {
            let id = it.id.to_string();
            let chosen = id == to;
            view! { <option value=id selected=chosen>{it.name}</option> }
        })
        .collect_view();
    let categories = Category::ALL
        .map(|it| view! { <option value=it.word() selected=it.word() == category>{it.label()}</option> })
        .collect_view();
    let back = site.map(|site| view! { <input type="hidden" name="site" value=site.to_string()/> });
    view! {
        <form class="form" method="post" action="/fn/give_kudos">
            <h3>{title}</h3>
            {back}
            <label class="field">"To"<select name="to" required=true><option value="">"Choose"</option>{people}</select></label>
            <label class="field">"For"<select name="category" required=true>{categories}</select></label>
            <label class="field">"Your words"<textarea name="message" rows="2" maxlength=LONGEST.to_string() required=true>{message}</textarea></label>
            <button class="button" type="submit">"Send kudos"</button>
        </form>
    }
}
