//! The card that gives one line to somebody else.

use leptos::prelude::*;
use muster::operations::proposal::{Choices, LONGEST_REASON, Line};
use muster::operations::roster::Candidate;

use super::fns::CHANGE;
use super::lines::{day_said, when};
use super::proposal::Shown;
use crate::ui::{Card, Details, EmptyState, fmt};

/// How many are shown before the list unfolds.
const FIRST: usize = 6;

pub(super) fn card(shown: &Shown) -> Option<AnyView> {
    let choices = shown.choices.as_ref()?;
    let line = shown.it.lines.iter().find(|line| line.shift == choices.shift)?;
    let title = format!("Change {}, {}", day_said(line.day), when(&shown.it, line));
    let now = match line.worker().and_then(|worker| shown.it.names.get(&worker)) {
        Some(name) => format!("Now: {name}. Only those who can have it beside all their other shifts can be chosen."),
        None => "Now: nobody. Only those who can have it beside all their other shifts can be chosen.".into(),
    };
    let back = format!("/operations/roster/{}#lines", shown.it.id);
    let (form, kept) = (form(shown, choices, line), kept(choices));
    Some(
        view! {
            <Card id="change" title=title lead=now>
                {form}
                {kept}
                <p><a class="button quiet" href=back>"Leave it as it is"</a></p>
            </Card>
        }
        .into_any(),
    )
}

fn form(shown: &Shown, choices: &Choices, line: &Line) -> AnyView {
    let mend = shown.flash.as_ref().filter(|flash| flash.form == CHANGE && !flash.done);
    let typed = |field: &str| mend.map(|flash| flash.typed(field)).unwrap_or_default();
    let (to, reason) = (typed("to"), fmt::typed(&typed("reason")));
    if choices.free.is_empty() && line.worker().is_none() {
        let why = "Everybody is kept from it by a rule; below stands by which.";
        return view! { <EmptyState title="Nobody can have this shift"><p>{why}</p></EmptyState> }.into_any();
    }
    let pick = |(name, it): &(String, Candidate)| choice(&it.worker.to_string(), name, &it.why, &to);
    let first = choices.free.iter().take(FIRST).map(pick).collect_view();
    let more = choices.free.get(FIRST..).filter(|more| !more.is_empty()).map(|more| {
        let summary = format!("{} more who can have it", more.len());
        let more = more.iter().map(pick).collect_view();
        view! { <Details summary=summary><ul class="entries picks">{more}</ul></Details> }
    });
    let nobody = line.worker().is_some().then(|| choice("nobody", "Nobody", "leave the shift open", &to));
    let (proposal, shift) = (shown.it.id.to_string(), line.shift.to_string());
    view! {
        <form class="form" method="post" action="/fn/change_roster_line">
            <input type="hidden" name="proposal" value=proposal/>
            <input type="hidden" name="shift" value=shift/>
            <fieldset class="roster-picks">
                <legend>"Who should have it, best suited first"</legend>
                <ul class="entries picks">{first}{nobody}</ul>
                {more}
            </fieldset>
            <label class="field">"Why? It is kept with the roster; the people do not see it."
                <textarea name="reason" rows="2" required=true maxlength=LONGEST_REASON.to_string()>{reason}</textarea>
            </label>
            <button class="button" type="submit">"Change the line"</button>
        </form>
    }
    .into_any()
}

fn choice(value: &str, name: &str, why: &str, chosen: &str) -> AnyView {
    let (value, name, why, checked) = (value.to_owned(), name.to_owned(), why.to_owned(), value == chosen);
    view! {
        <li>
            <label class="pick"><input type="radio" name="to" value=value checked=checked required=true/>
                <span><span class="entry-name">{name}</span><span class="entry-text">{why}</span></span>
            </label>
        </li>
    }
    .into_any()
}

/// Those whom a rule keeps from it, with the rule.
fn kept(choices: &Choices) -> Option<AnyView> {
    if choices.kept.is_empty() {
        return None;
    }
    let summary = format!(
        "{} kept from it by a rule, and by which",
        fmt::count(i64::try_from(choices.kept.len()).unwrap_or(0), "person is", "people are")
    );
    let rows = choices
        .kept
        .iter()
        .map(|(name, it)| {
            view! { <li><span class="entry-name">{name.clone()}</span><span class="entry-text roster-kept">{it.why.clone()}</span></li> }
        })
        .collect_view();
    Some(view! { <Details summary=summary><ul class="entries">{rows}</ul></Details> }.into_any())
}
