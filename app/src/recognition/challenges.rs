//! The challenges of a team: how they stand, ending one, making one.

use chrono::Days;
use leptos::prelude::*;
use muster::charts::Unit;
use muster::recognition::{
    Challenge, LONGEST_DAYS, LONGEST_NAME, Metric, SHORTEST_DAYS, SMALLEST_SAMPLE, Standing, State,
};
use muster::units::{Rate, SiteId};

use super::{TeamThanks, said};
use crate::flash::Flash;
use crate::ui::{Card, Column, DataTable, Delta, Details, EmptyState, fmt};

/// Fields of the form for other sites.
pub(super) const AGAINST: [&str; 3] = ["against", "against_2", "against_3"];

/// The challenges this site takes part in, and for who may change something the forms.
pub fn challenges_card(it: &TeamThanks) -> impl IntoView + use<> {
    let all: Vec<_> = it.challenges.iter().map(|challenge| one(challenge, it)).collect();
    let list = if all.is_empty() {
        view! { <EmptyState title="No challenge yet"><p>"Two or more sites compete over one rate. Each is measured against its own past, so that large and small teams have the same chance."</p></EmptyState> }.into_any()
    } else {
        view! { <div class="challenges">{all}</div> }.into_any()
    };
    let (said, make) = (said(it.flash.as_ref(), "challenge"), it.may_change.then(|| make(it)));
    view! {
        <Card id="challenges" title="Team challenges" lead="Standing by change against the own period before the start. Only totals of sites are shown.">
            {said}
            {list}
            {make}
        </Card>
    }
}

fn one(challenge: &Challenge, of: &TeamThanks) -> impl IntoView + use<> {
    let (days, before) = (challenge.days, challenge.days.previous());
    let name = format!("challenge-{}", challenge.id);
    let about = format!("{}, {}", challenge.metric.label(), fmt::period(days.first, days.last));
    let columns = vec![
        Column::text("site", "Site"),
        Column::number("change", "Change, points"),
        Column::number("now", "In the challenge"),
        Column::number("before", "Before"),
    ];
    let rows = challenge.standings.iter().map(|it| row(it, challenge, of.site)).collect();
    let note = format!(
        "Before: the own {} to the start, {}. With fewer than {SMALLEST_SAMPLE} {} in either period a site is not judged.",
        fmt::count(i64::try_from(before.days()).unwrap_or(0), "day", "days"),
        fmt::period(before.first, before.last),
        challenge.metric.counted().1
    );
    let is_over = matches!(challenge.state, State::Ended | State::Settled);
    let end = (of.may_change && !is_over && challenge.host == Some(of.site)).then(|| end(challenge, of.site));
    let caption = format!("Standing of {}", challenge.name);
    view! {
        <article class="challenge" aria-labelledby=name.clone()>
            <h3 id=name.clone()>{challenge.name.clone()}</h3>
            <p class="entry-when">{about}</p>
            <p class="challenge-state">{state(challenge)}</p>
            <DataTable caption columns rows hide_caption=true/>
            <p class="entry-text">{note}</p>
            {end}
        </article>
    }
}

/// How it stands, as a sentence.
fn state(it: &Challenge) -> String {
    let early = if it.ended_early { "It was ended early. " } else { "" };
    match it.state {
        State::Upcoming => format!("Begins on {}.", fmt::day_and_year(it.days.first)),
        State::Running { through: None } => "It has begun. The first day is counted tonight.".into(),
        State::Running { through: Some(day) } => format!("It runs. Counted up to {}.", fmt::day_and_year(day)),
        State::Ended => format!("{early}It is over. Tonight it is written down who won."),
        State::Settled if it.winners.is_empty() => {
            format!("{early}Nobody won: no site had enough to be judged by.")
        }
        State::Settled => {
            let names: Vec<_> =
                it.standings.iter().filter(|at| it.winners.contains(&at.site)).map(|at| at.name.as_str()).collect();
            format!("{early}Won by {}.", names.join(" and "))
        }
    }
}

fn row(it: &Standing, of: &Challenge, own: SiteId) -> Vec<AnyView> {
    let won = of.winners.contains(&it.site).then(|| view! { <span class="challenge-won">"won"</span> });
    let mine = (it.site == own).then_some(" (this site)");
    let change = match it.change() {
        Some(value) => view! { <Delta value unit=Unit::Points/> }.into_any(),
        None if of.state == State::Upcoming => view! { <span class="muted">"not begun"</span> }.into_any(),
        None => view! { <span class="muted">"too few"</span> }.into_any(),
    };
    vec![
        view! { <span>{it.name.clone()}{mine}" "{won}</span> }.into_any(),
        change,
        rate(it.now, of.metric).into_any(),
        rate(it.before, of.metric).into_any(),
    ]
}

fn rate(it: Rate, metric: Metric) -> impl IntoView + use<> {
    let (one, many) = metric.counted();
    let sample = format!("{} of {}", fmt::number(it.hit as f64, 0), fmt::count(it.of, one, many));
    view! { <span>{fmt::percent(it.hit, it.of)}" "<small class="muted">{sample}</small></span> }
}

fn end(it: &Challenge, site: SiteId) -> impl IntoView + use<> {
    let what = match it.state {
        State::Running { through: Some(_) } => {
            "It then counts up to its last whole day, and tonight it is written down who won."
        }
        _ => "No whole day has passed, so it is called off and nobody wins.",
    };
    let (label, id, site) = (format!("End it now: {}", it.name), it.id.to_string(), site.to_string());
    view! {
        <Details summary="End it early">
            <form class="form" method="post" action="/fn/end_challenge">
                <p class="entry-text">{what}</p>
                <input type="hidden" name="site" value=site/>
                <input type="hidden" name="id" value=id/>
                <button class="button quiet" type="submit" aria-label=label>"End it now"</button>
            </form>
        </Details>
    }
}

fn make(it: &TeamThanks) -> AnyView {
    if it.opponents.is_empty() {
        return view! { <p class="entry-text">"There is no other site of five people or more to compete with."</p> }
            .into_any();
    }
    let typed = it.flash.clone().filter(|flash| flash.form == "challenge" && !flash.done);
    let open = typed.as_ref().is_some_and(|flash| !flash.typed.is_empty());
    let typed = typed.unwrap_or_default();
    let or = |field: &str, default: String| Some(typed.typed(field)).filter(|it| !it.is_empty()).unwrap_or(default);
    let metric = typed.typed("metric");
    let metrics = Metric::ALL
        .map(|it| view! { <option value=it.word() selected=it.word() == metric>{it.label()}</option> })
        .collect_view();
    let tomorrow = it.today + Days::new(1);
    let from = or("from", tomorrow.to_string());
    let to = or("to", (tomorrow + Days::new(13)).to_string());
    let against: Vec<_> = AGAINST.iter().enumerate().map(|(nth, field)| opponents(it, field, nth, &typed)).collect();
    let (site, today, name) = (it.site.to_string(), it.today.to_string(), typed.typed("name"));
    let lasts = format!("{SHORTEST_DAYS} to {LONGEST_DAYS} days. Supervisors of the sites are told.");
    view! {
        <Details summary="Make a challenge" open>
            <form class="form" method="post" action="/fn/create_challenge">
                <input type="hidden" name="site" value=site/>
                <label class="field">"Name"<input type="text" name="name" required=true minlength="3" maxlength=LONGEST_NAME.to_string() value=name/></label>
                <label class="field">"What counts"<select name="metric" required=true>{metrics}</select></label>
                <label class="field">"First day"<input type="date" name="from" required=true min=today.clone() value=from/></label>
                <label class="field">"Last day"<input type="date" name="to" required=true min=today value=to/></label>
                {against}
                <p class="entry-text">{lasts}</p>
                <button class="button" type="submit">"Make the challenge"</button>
            </form>
        </Details>
    }
    .into_any()
}

fn opponents(it: &TeamThanks, field: &'static str, nth: usize, typed: &Flash) -> impl IntoView + use<> {
    let chosen = typed.typed(field);
    let (label, nothing) = if nth == 0 { ("Against", "Choose") } else { ("And (if you like)", "Nobody more") };
    let sites = it
        .opponents
        .iter()
        .map(|site| {
            let id = site.id.to_string();
            let selected = id == chosen;
            view! { <option value=id selected=selected>{site.name.clone()}</option> }
        })
        .collect_view();
    view! { <label class="field">{label}<select name=field required=nth == 0><option value="">{nothing}</option>{sites}</select></label> }
}
