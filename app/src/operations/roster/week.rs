//! The chosen week: what it holds, the button that asks for a proposal, and the proposals there are.

use leptos::prelude::*;
use muster::operations::may_change;
use muster::operations::proposal::{Pattern, State, Summary, WeekState};

use super::address::week_word;
use super::choose::{Choice, Chosen, week_said};
use super::money;
use crate::ui::{Card, EmptyState, Tile, fmt};

pub(super) fn card(choice: &Choice, chosen: &Chosen) -> impl IntoView + use<> {
    let title = format!("{}, {}", chosen.name, week_said(choice.first));
    let period = week_said(choice.first);
    let tiles = tiles(choice, &chosen.state, &period);
    let (ask, list) = (ask(choice, chosen), list(choice, &chosen.proposals));
    view! {
        <Card id="week" title=title>
            {tiles}
            {ask}
            {list}
        </Card>
    }
}

fn tiles(choice: &Choice, state: &WeekState, period: &str) -> impl IntoView + use<> {
    let number = |n: i64| fmt::number(n as f64, 0);
    let currency = &choice.caller.user().org.currency;
    let budget = state.budget_cents.map_or_else(
        || "no budget is on record".to_owned(),
        |budget| format!("of {} that pay may cost this week", money(currency, budget)),
    );
    let missed = match state.missed {
        0 => "still to begin, for nobody yet".to_owned(),
        n => format!("still to begin; {} began without anybody", fmt::count(n, "other", "others")),
    };
    let cost = money(currency, state.committed_cents);
    view! {
        <div class="tiles roster-tiles">
            <Tile label="Open shifts" value=number(state.open) period=period note=missed/>
            <Tile label="Filled shifts" value=number(state.filled) period=period note="these stay as they are"/>
            <Tile label="Planned pay so far" value=cost period=period note=budget/>
        </div>
    }
}

/// The form that asks, or why there is nothing to ask.
fn ask(choice: &Choice, chosen: &Chosen) -> AnyView {
    let state = &chosen.state;
    let empty = state.open + state.filled + state.missed == 0;
    if !may_change(choice.caller.user().role) {
        return view! { <p class="field-help">"Supervisors of the site, schedulers and admins ask for a roster; you can read it."</p> }.into_any();
    }
    if state.open > 0 {
        let label = format!("Propose a roster for {}", fmt::count(state.open, "open shift", "open shifts"));
        return form(choice, chosen, label, None);
    }
    if !empty {
        let why = "Every shift of this week that is still to begin has somebody. Add a shift on the board, or choose another week.";
        return view! { <EmptyState title="Nothing is open"><p>{why}</p></EmptyState> }.into_any();
    }
    if chosen.patterns.is_empty() {
        let why = "There are no shifts in this week and none in the eight weeks before that could be copied. Add them on the board, or import them.";
        return view! { <EmptyState title="This week has no shifts"><p>{why}</p></EmptyState> }.into_any();
    }
    form(choice, chosen, "Copy the shifts and propose a roster".into(), Some(&chosen.patterns))
}

fn form(choice: &Choice, chosen: &Chosen, label: String, patterns: Option<&[Pattern]>) -> AnyView {
    let copy = patterns.map(|patterns| {
        // The fullest week is the likeliest to be whole; of equal ones the latest.
        let fullest = patterns.iter().rev().max_by_key(|pattern| pattern.shifts).map(|pattern| pattern.first);
        let options = patterns
            .iter()
            .map(|pattern| {
                let said = format!("{}: {}", week_said(pattern.first), fmt::count(pattern.shifts, "shift", "shifts"));
                view! { <option value=week_word(pattern.first) selected=fullest == Some(pattern.first)>{said}</option> }
            })
            .collect_view();
        view! {
            <p>"This week has no shifts yet. Those of an earlier week can be copied: the same days, times and skills, for nobody yet. They are added when you confirm, and not before."</p>
            <label class="field">"Copy the shifts of"<select name="copy">{options}</select></label>
        }
    });
    let (site, week) = (chosen.site.to_string(), week_word(choice.first));
    view! {
        <form class="form" method="post" action="/fn/generate_roster">
            <input type="hidden" name="site" value=site/>
            <input type="hidden" name="week" value=week/>
            {copy}
            <button class="button" type="submit">{label}</button>
            <p class="field-help">"A proposal is a draft: nobody is given a shift and nobody is told before you confirm it."</p>
        </form>
    }
    .into_any()
}

fn list(choice: &Choice, proposals: &[Summary]) -> Option<AnyView> {
    if proposals.is_empty() {
        return None;
    }
    let zone = choice.caller.user().org.zone;
    let rows = proposals
        .iter()
        .map(|it| {
            let href = format!("/operations/roster/{}", it.id);
            let when = fmt::moment(it.made_at.with_timezone(&zone).fixed_offset());
            let quality = it.quality.map_or_else(String::new, |quality| format!(", quality {}", fmt::points(quality)));
            let said = format!("{} of {} filled{quality}", it.filled, fmt::count(it.lines, "shift", "shifts"));
            view! {
                <li>
                    <div class="entry-head">
                        <span class="entry-name"><a href=href>{state_said(it.state)}", asked for by "{it.made_by.clone()}</a></span>
                        <span class="entry-when">{when}</span>
                    </div>
                    <p class="entry-text">{said}</p>
                </li>
            }
        })
        .collect_view();
    Some(view! { <h3>"Proposals for this week"</h3><ol class="entries">{rows}</ol> }.into_any())
}

pub(super) fn state_said(state: State) -> &'static str {
    match state {
        State::Draft => "Draft",
        State::Confirmed => "Confirmed",
        State::Discarded => "Discarded",
    }
}
