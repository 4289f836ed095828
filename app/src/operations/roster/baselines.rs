//! What making rosters with Muster has saved, against what, and where an admin changes that.

use leptos::prelude::*;
use muster::operations::baselines::may_set;

use super::choose::Choice;
use super::fns::BASELINES;
use super::{money, said};
use crate::ui::{Card, Details, fmt};

pub(super) fn card(choice: &Choice) -> impl IntoView + use<> {
    let (saved, period) = (&choice.saved.0, choice.saved.1);
    let currency = &choice.caller.user().org.currency;
    let hours = match saved.hours() {
        Some(hours) => {
            let cost = saved.cents().map(|cents| format!(" and {}", money(currency, cents))).unwrap_or_default();
            format!(
                "{} hours{cost} saved with {}.",
                fmt::number(hours, 1),
                fmt::count(saved.rosters, "roster", "rosters")
            )
        }
        None => "No roster made with Muster was confirmed in these days.".into(),
    };
    let it = saved.baselines;
    let rate = match it.planner_rate_cents {
        Some(cents) => {
            let of = if it.planner_rate_is_set { "set" } else { "the mean of your workers’ rates" };
            format!("{} ({of})", money(currency, cents))
        }
        None => "not known".into(),
    };
    let extra = it.manual_extra_percent.map_or_else(
        || "measured for each site from the rosters made by hand".to_owned(),
        |percent| format!("{}\u{a0}% (set)", fmt::number(percent, 1)),
    );
    let hand = format!("{} hours", fmt::number(it.manual_hours, 1));
    let target = format!("{} minutes, where it was not recorded", it.target_minutes);
    let said = said(choice.flash.as_ref(), &[BASELINES]);
    let form = may_set(choice.caller.user().role).then(|| form(choice));
    view! {
        <Card id="baselines" title="What it saves, and against what" lead=fmt::period(period.first, period.last)>
            {said}
            <p>{hours}</p>
            <dl class="roster-facts">
                <div><dt>"A roster by hand takes"</dt><dd>{hand}</dd></div>
                <div><dt>"With Muster it takes"</dt><dd>{target}</dd></div>
                <div><dt>"An hour of planning costs"</dt><dd>{rate}</dd></div>
                <div><dt>"A roster by hand costs more by"</dt><dd>{extra}</dd></div>
            </dl>
            {form}
        </Card>
    }
}

fn form(choice: &Choice) -> impl IntoView + use<> {
    let it = choice.saved.0.baselines;
    let mend = choice.flash.as_ref().filter(|flash| flash.form == BASELINES && !flash.done);
    let typed = |field: &str, now: String| mend.map_or(now, |flash| flash.typed(field));
    let optional = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let rate = it.planner_rate_cents.filter(|_| it.planner_rate_is_set).map(|cents| cents as f64 / 100.0);
    let hours = typed("manual_hours", it.manual_hours.to_string());
    let minutes = typed("target_minutes", it.target_minutes.to_string());
    let rate = typed("planner_rate", optional(rate));
    let extra = typed("manual_extra", optional(it.manual_extra_percent));
    let open = mend.is_some();
    view! {
        <Details summary="Change the baselines" open=open>
            <form class="form" method="post" action="/fn/set_baselines">
                <label class="field">"Hours a roster takes by hand"<input type="text" inputmode="decimal" name="manual_hours" required=true value=hours/></label>
                <label class="field">"Minutes it should take with Muster"<input type="text" inputmode="numeric" name="target_minutes" required=true value=minutes/></label>
                <label class="field">"What an hour of planning costs; empty: the mean of your workers’ rates"<input type="text" inputmode="decimal" name="planner_rate" value=rate/></label>
                <label class="field">"Per cent a roster by hand costs more; empty: measured"<input type="text" inputmode="decimal" name="manual_extra" value=extra/></label>
                <button class="button" type="submit">"Set the baselines"</button>
                <p class="field-help">"Every number of savings changes with them, also those of past weeks. Who changed them and what they were is kept."</p>
            </form>
        </Details>
    }
}
