//! The lists behind the tiles.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use leptos::prelude::*;
use muster::operations::board::{Available, BoardShift, EXPIRES_WITHIN, Expiring, Standing, Urgency};
use muster::operations::may_change;

use super::address::List;
use super::live::whole;
use super::page::Board;
use super::risk::Risk;
use crate::ui::{Card, Column, DataTable, Details, EmptyState, fmt};

/// The chosen list, with the tabs that choose it.
pub(super) fn list(board: &Board) -> impl IntoView + use<> {
    let tabs = List::ALL
        .map(|list| {
            let href = format!("/operations?{}#list", board.asked.query(list));
            let current = (list == board.asked.list).then_some("true");
            let live = (list != List::Expiring).then(|| list.word());
            let n = board.length(list).map(|n| view! { <span class="choice-count" data-live=live>{whole(n)}</span> });
            view! { <a class="choice" href=href aria-current=current>{list.label()}{n}</a> }
        })
        .collect_view();
    let (title, lead, body) = match board.asked.list {
        List::Open => ("Unfilled, most urgent first", String::new(), open(board)),
        List::AtRisk => ("At risk, soonest first", String::new(), at_risk(board)),
        List::Shifts => ("All shifts, soonest first", String::new(), every(board)),
        List::There => ("Clocked in now", "On shifts that have not ended.".into(), every(board)),
        List::Available => (
            "Available today",
            "No shift today, not on leave, and available by what they said. The day is that of the home site.".into(),
            available(&board.available),
        ),
        List::Expiring => (
            "Certifications that expire",
            format!("Within {EXPIRES_WITHIN} days from today and not renewed, soonest first."),
            expiring(&board.expiring.rows),
        ),
    };
    view! {
        <div class="stack" id="list">
            <nav class="choices operations-lists" aria-label="Which list">{tabs}</nav>
            <Card id="rows" title=title lead=lead>{body}</Card>
            {how()}
        </div>
    }
}

fn empty(title: &'static str, why: &'static str) -> AnyView {
    view! { <EmptyState title=title><p>{why}</p></EmptyState> }.into_any()
}

fn open(board: &Board) -> AnyView {
    if board.shifts.is_empty() {
        let title = if board.tiles.any_shift() { "Every shift has somebody" } else { "No shift is planned" };
        return empty(title, "Shifts that nobody has stand here, the soonest first.");
    }
    let rows = board.shifts.iter().map(|shift| open_shift(board, shift)).collect_view();
    view! { <ul class="entries">{rows}</ul> }.into_any()
}

fn at_risk(board: &Board) -> AnyView {
    match &board.risk {
        Risk::Unknown(why) => empty("No model is shown yet", why),
        Risk::Known { .. } if board.shifts.is_empty() => {
            empty("No open shift is at risk", "Each is predicted to be filled with 70 % or more.")
        }
        Risk::Known { .. } => open(board),
    }
}

fn open_shift(board: &Board, shift: &BoardShift) -> impl IntoView + use<> {
    let Standing::Open(urgency) = shift.standing else { return ().into_any() };
    let class = if urgency <= Urgency::Now { "tag failed" } else { "tag warning" };
    let asks = shift.skill.as_ref().map_or_else(String::new, |skill| format!(" It asks for {skill}."));
    let offers = match (shift.waiting, shift.declined) {
        (0, 0) => "Not offered to anybody yet.".to_owned(),
        (waiting, 0) => format!("{} without an answer.", fmt::count(waiting, "offer", "offers")),
        (0, declined) => format!("{} declined, none waits for an answer.", fmt::count(declined, "offer", "offers")),
        (waiting, declined) => {
            format!("{} without an answer, {declined} declined.", fmt::count(waiting, "offer", "offers"))
        }
    };
    let predicted = board.risk.of(shift.id).map(|it| {
        let said = format!("Predicted to be filled: {:.0}\u{a0}%", 100.0 * it.probability);
        let reasons = it.reasons.iter().map(|reason| view! { <li>{reason.clone()}</li> }).collect_view();
        view! { <Details summary=said><ul class="reasons">{reasons}</ul></Details> }
    });
    let may_offer = may_change(board.caller.user().role) && shift.starts_at > board.caller.now();
    let offer = may_offer.then(|| {
        let href = format!("/operations?{}&offer={}#offer", board.asked.query(board.asked.list), shift.id);
        view! { <p><a class="button quiet" href=href>"Offer it"</a></p> }
    });
    view! {
        <li id=format!("shift-{}", shift.id)>
            <div class="entry-head">
                <span class="entry-name">{shift.site_name.clone()}" · "{when(shift)}</span>
                <span class=class>{urgency.label()}</span>
            </div>
            <p class="entry-text">{offers}{asks}</p>
            {predicted}
            {offer}
        </li>
    }
    .into_any()
}

fn every(board: &Board) -> AnyView {
    if board.shifts.is_empty() {
        return match board.asked.list {
            List::There => {
                empty("Nobody is clocked in", "Whoever clocks in to a shift stands here until they clock out.")
            }
            _ => empty("No shift is planned", "Shifts that run now or begin within 48 hours stand here."),
        };
    }
    let columns = vec![
        Column::text("site", "Site"),
        Column::text("when", "When"),
        Column::text("worker", "Who"),
        Column::text("state", "How it stands"),
    ];
    let rows = board
        .shifts
        .iter()
        .map(|shift| {
            let (class, said) = standing(shift);
            let who = shift.worker.as_ref().map_or_else(|| "nobody".to_owned(), |(_, name)| name.clone());
            vec![
                shift.site_name.clone().into_any(),
                when(shift).into_any(),
                who.into_any(),
                view! { <span class=class>{said}</span> }.into_any(),
            ]
        })
        .collect();
    view! { <DataTable caption="Shifts" columns rows hide_caption=true/> }.into_any()
}

fn standing(shift: &BoardShift) -> (&'static str, String) {
    let at = |at: DateTime<Utc>| local(at, shift.zone).format("%H:%M").to_string();
    match shift.standing {
        Standing::Open(urgency) if urgency <= Urgency::Now => ("tag failed", "unfilled".into()),
        Standing::Open(_) => ("tag warning", "unfilled".into()),
        Standing::Filled => ("tag", "filled".into()),
        Standing::CalledIn => ("tag failed", "called in absent".into()),
        Standing::Missing => ("tag failed", "begun, not clocked in".into()),
        Standing::There(since) => ("tag done", format!("there since {}", at(since))),
        Standing::Left(since) => ("tag", format!("left at {}", at(since))),
    }
}

fn available(rows: &[Available]) -> AnyView {
    if rows.is_empty() {
        return empty(
            "Nobody is free today",
            "Everybody has a shift, is on leave, or said not to be available. Offer to people of another site.",
        );
    }
    let columns = vec![
        Column::text("name", "Who"),
        Column::text("site", "Home site"),
        Column::text("role", "Role"),
        Column::text("skills", "Skills on record"),
    ];
    let rows = rows
        .iter()
        .map(|it| {
            let skills = if it.skills.is_empty() { "none".to_owned() } else { it.skills.join(", ") };
            [it.name.clone(), it.site.clone(), it.job_role.clone(), skills].map(IntoAny::into_any).into()
        })
        .collect();
    view! { <DataTable caption="Available today" columns rows hide_caption=true/> }.into_any()
}

fn expiring(rows: &[Expiring]) -> AnyView {
    if rows.is_empty() {
        return empty("Nothing expires soon", "Certifications stand here from 14 days before they expire.");
    }
    let columns = vec![
        Column::text("name", "Who"),
        Column::text("site", "Home site"),
        Column::text("certification", "Certification"),
        Column::text("until", "Valid until"),
    ];
    let rows = rows
        .iter()
        .map(|it| {
            let until = fmt::day_and_year(it.expires_on);
            [it.name.clone(), it.site.clone(), it.certification.clone(), until].map(IntoAny::into_any).into()
        })
        .collect();
    view! { <DataTable caption="Certifications that expire" columns rows hide_caption=true/> }.into_any()
}

fn local(at: DateTime<Utc>, zone: Tz) -> DateTime<chrono::FixedOffset> {
    at.with_timezone(&zone).fixed_offset()
}

/// `Fri 20 Nov, 22:00 – 06:00`, on the clock of the site.
pub(super) fn when(shift: &BoardShift) -> String {
    let end = local(shift.ends_at, shift.zone).format("%H:%M");
    format!("{} – {end}", fmt::moment(local(shift.starts_at, shift.zone)))
}

fn how() -> impl IntoView {
    view! {
        <Details summary="What counts as what?">
            <p>"Shifts: those planned that run now or begin within 48 hours. Cancelled ones are left out."</p>
            <p>"Urgency follows from the hours to the start alone: begun, less than 8, less than 24, less than 48."</p>
            <p>"At risk: an open shift whose predicted fill is below 70 %. The prediction comes from a model that is back-tested each week on shifts it has not seen; where it proves no better than a simple rule, nothing is shown."</p>
        </Details>
    }
}
