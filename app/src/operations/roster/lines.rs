//! The lines of a proposal: day by day who works and why, and for who may see pay by name what it costs; and the shifts
//! nobody can have.

use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::*;
use muster::operations::proposal::{Line, Outcome, Proposal};

use super::money;
use super::proposal::Shown;
use crate::ui::{Card, Column, DataTable, EmptyState, fmt};

/// `06:00 – 14:00, first aid`.
pub(super) fn when(it: &Proposal, line: &Line) -> String {
    let clock = |at: DateTime<Utc>| at.with_timezone(&it.zone).format("%H:%M").to_string();
    let skill = line.skill.as_ref().map(|skill| format!(", {skill}")).unwrap_or_default();
    format!("{} – {}{skill}", clock(line.starts_at), clock(line.ends_at))
}

/// `Mon 23 Nov 2026`.
pub(super) fn day_said(day: NaiveDate) -> String {
    format!("{} {}", day.format("%A"), fmt::day_and_year(day))
}

fn has_nobody(line: &Line) -> bool {
    line.worker().is_none() || line.outcome == Some(Outcome::Refused)
}

/// The shifts without anybody, each with why.
pub(super) fn open(shown: &Shown) -> Option<AnyView> {
    let open: Vec<&Line> = shown.it.lines.iter().filter(|line| has_nobody(line)).collect();
    if open.is_empty() {
        return None;
    }
    let rows = open
        .iter()
        .map(|line| {
            let title = format!("{}, {}", day_said(line.day), when(&shown.it, line));
            view! {
                <li>
                    <div class="entry-head"><span class="entry-name">{title}</span></div>
                    <p class="entry-text">{why(line)}</p>
                    {change_link(shown, line)}
                </li>
            }
        })
        .collect_view();
    let title = format!("{} without anybody", fmt::count(i64::try_from(open.len()).unwrap_or(0), "shift", "shifts"));
    Some(view! { <Card id="open" title=title lead="Each person is counted once, under the first thing that keeps them."><ul class="entries">{rows}</ul></Card> }.into_any())
}

/// Why this person, or why nobody.
fn why(line: &Line) -> String {
    match (&line.outcome_why, &line.change) {
        (Some(why), _) => format!("Left as it was: {why}."),
        (None, Some(change)) => {
            let what = if change.to.is_some() { "Chosen" } else { "Left open" };
            format!("{what} by {}: {}", change.by_name, change.reason)
        }
        (None, None) if line.proposed.is_none() => format!("Nobody can have it: {}.", line.why),
        (None, None) => line.why.clone(),
    }
}

/// Every line, one table a day.
pub(super) fn all(shown: &Shown) -> AnyView {
    let it = &shown.it;
    if it.lines.is_empty() {
        return view! { <EmptyState title="This proposal has no shifts"/> }.into_any();
    }
    let tables = it
        .lines
        .chunk_by(|one, other| one.day == other.day)
        .map(|lines| {
            let rows = lines.iter().map(|line| row(shown, line)).collect();
            let caption = day_said(lines[0].day);
            view! { <DataTable caption=caption columns=columns(shown) rows=rows/> }
        })
        .collect_view();
    view! { <Card id="lines" title="Day by day" lead="Why each person was chosen stands beside the name."><div class="roster-days">{tables}</div></Card> }.into_any()
}

fn columns(shown: &Shown) -> Vec<Column> {
    let currency = &shown.caller.user().org.currency;
    let mut columns = vec![Column::text("shift", "Shift"), Column::text("person", "Who"), Column::text("why", "Why")];
    columns.extend(shown.pay.then(|| Column::number("cost", &format!("Cost, {currency}"))));
    columns.extend(shown.open.then(|| Column::text("change", "By hand")));
    columns
}

fn row(shown: &Shown, line: &Line) -> Vec<AnyView> {
    let it = &shown.it;
    let name = |worker| it.names.get(&worker).cloned().unwrap_or_default();
    let who = match (line.worker().filter(|_| !has_nobody(line)), &line.change) {
        (None, _) => view! { <strong>"Nobody"</strong> }.into_any(),
        (Some(worker), None) => name(worker).into_any(),
        (Some(worker), Some(_)) => {
            let before = line.proposed.map_or_else(|| "nobody".to_owned(), name);
            view! { {name(worker)}<span class="roster-was">"in place of "{before}</span> }.into_any()
        }
    };
    let overtime = (line.overtime_minutes > 0 && !has_nobody(line)).then(|| {
        let said = format!("{} hours of it overtime", fmt::number(line.overtime_minutes as f64 / 60.0, 1));
        view! { <span class="roster-was">{said}</span> }
    });
    let cost = || if has_nobody(line) { "–".to_owned() } else { money("", line.cost_cents).trim().to_owned() };
    let when = when(it, line);
    let mut cells = vec![view! { {when}{overtime} }.into_any(), who, why(line).into_any()];
    cells.extend(shown.pay.then(|| cost().into_any()));
    cells.extend(shown.open.then(|| change_link(shown, line).into_any()));
    cells
}

fn change_link(shown: &Shown, line: &Line) -> Option<AnyView> {
    shown.open.then(|| {
        let href = format!("/operations/roster/{}?change={}#change", shown.it.id, line.shift);
        let heard = format!("Change {}, {}", day_said(line.day), when(&shown.it, line));
        view! { <a class="button quiet" href=href aria-label=heard>"Change"</a> }.into_any()
    })
}
