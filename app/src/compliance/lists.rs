//! The lists that name people or records: alerts, what is to be acted on, gaps of the trail.

use leptos::prelude::*;
use muster::compliance::{Alert, Holding, Kind, List, PAGE, Section, Standing, trail};

use super::page::Shown;
use super::{address, files};
use crate::ui::{Card, Column, DataTable, EmptyState, Pager, fmt};

/// A sign and a word, coloured by how urgent it is.
pub(super) fn standing(it: Standing) -> impl IntoView + use<> {
    let class = match it {
        Standing::Missing | Standing::Expired => "tag failed",
        Standing::Current => "tag done",
        _ => "tag warning",
    };
    view! { <span class=class><span aria-hidden="true">{it.sign()}" "</span>{it.label()}</span> }
}

/// Which rows of a list are shown, and where the others are.
pub(super) fn turn(shown: &Shown, section: Section, rows: usize, total: i64) -> impl IntoView + use<> {
    let page = shown.it.asked.page;
    let first = (page - 1) * PAGE;
    let said = format!("{} to {} of {}", first + 1, first + rows, fmt::number(total as f64, 0));
    let href = format!("{}page=", address::open_link(address::PATH, &address::ordered(&shown.filter, section)));
    let older = total > (first + rows) as i64 && rows > 0;
    let page = u32::try_from(page).unwrap_or(u32::MAX);
    view! {
        {(rows > 0).then(|| view! { <p class="compliance-range">{said}</p> })}
        <Pager label="Pages of the list" page=page older=older href=href anchor="#list"/>
    }
}

/// What stands where a list has no row: on its first page, or past its last.
pub(super) fn empty(shown: &Shown, title: &'static str, why: &'static str) -> AnyView {
    if shown.it.asked.page > 1 {
        return view! { <EmptyState title="There is no such page"><p>"The list is shorter. Turn back to its first page."</p></EmptyState> }.into_any();
    }
    view! { <EmptyState title=title><p>{why}</p></EmptyState> }.into_any()
}

/// Who it is about, in a sentence.
fn whose(shown: &Shown, name: &str) -> String {
    if shown.names { name.to_owned() } else { "Somebody".to_owned() }
}

/// `Asha’s Control room access ends on 3 Dec 2026.`
fn said(shown: &Shown, it: &Alert) -> String {
    let who = whose(shown, &it.name);
    match it.until {
        None if it.kind == Kind::Registration => {
            format!("{who} has no number of registration on record ({}).", it.thing)
        }
        None => format!("{who} has no ‘{}’ on record.", it.thing),
        Some(until) => {
            let word = if it.standing == Standing::Expired { "ended" } else { "ends" };
            format!("{who}’s ‘{}’ {word} on {}.", it.thing, fmt::day_and_year(until))
        }
    }
}

pub(super) fn alerts(shown: &Shown) -> AnyView {
    let listed = &shown.it.alerts;
    let body = if listed.rows.is_empty() {
        empty(
            shown,
            "Everybody may work the shifts they have",
            "Whatever is missing or runs out before a shift that is planned stands here, the soonest shift first.",
        )
    } else {
        listed.rows.iter().map(|it| alert(shown, it)).collect_view().into_any()
    };
    let body = if listed.rows.is_empty() { body } else { view! { <ul class="entries">{body}</ul> }.into_any() };
    let more = turn(shown, Section::Alerts, listed.rows.len(), listed.total);
    let file = files::csv(shown, "alerts");
    view! {
        <Card id="alerts" title="Not in order on a planned shift" lead="Planned shifts from today on, the soonest first.">
            {body}{more}{file}
        </Card>
    }
    .into_any()
}

fn alert(shown: &Shown, it: &Alert) -> impl IntoView + use<> {
    let shifts = match (it.until, it.standing) {
        (Some(_), Standing::Missing | Standing::Expired) | (None, _) => {
            format!(
                "{} without it, the first on {}.",
                fmt::count(it.shifts, "planned shift", "planned shifts"),
                fmt::day(it.first)
            )
        }
        _ => format!(
            "{} after that, the first on {}.",
            fmt::count(it.shifts, "planned shift", "planned shifts"),
            fmt::day(it.first)
        ),
    };
    let unasked = (!it.required).then_some(" Neither the role nor the home site asks for it.");
    view! {
        <li>
            <div class="entry-head">
                <span class="entry-name">{said(shown, it)}</span>
                {standing(it.standing)}
            </div>
            <p class="entry-text">{shifts}" Home site: "{shown.it.site(it.site).to_owned()}"."{unasked}</p>
        </li>
    }
}

pub(super) fn people(shown: &Shown) -> AnyView {
    let List::People(listed) = &shown.it.list else { return ().into_any() };
    let chosen = shown.it.asked.standing;
    let fields = address::shown(&shown.filter, Section::People);
    let choice = |standing: Option<Standing>| {
        let href = match standing {
            Some(standing) => address::link(address::PATH, &address::with(fields.clone(), "standing", standing.word())),
            None => address::link(address::PATH, &fields),
        };
        let label = standing.map_or("All to act on", Standing::label);
        let current = (standing == chosen).then_some("true");
        view! { <a class="choice" href=format!("{href}#list") aria-current=current>{label}</a> }
    };
    let choices = std::iter::once(None).chain(Standing::ALL.map(Some)).map(choice).collect_view();
    let body = if listed.rows.is_empty() {
        empty(shown, "Nothing to act on", "What is missing, has run out or ends within 90 days stands here.")
    } else {
        holdings(shown, &listed.rows)
    };
    let more = turn(shown, Section::People, listed.rows.len(), listed.total);
    let file = files::csv(shown, "people");
    view! {
        <nav class="choices compliance-lists" aria-label="How it stands">{choices}</nav>
        <Card id="people" title="To act on" lead="As of today, the most urgent first. The file holds everything that is required.">
            {body}{more}{file}
        </Card>
    }
    .into_any()
}

fn holdings(shown: &Shown, rows: &[Holding]) -> AnyView {
    let mut columns = vec![
        Column::text("what", "What"),
        Column::text("kind", "Kind"),
        Column::text("site", "Home site"),
        Column::text("standing", "How it stands"),
        Column::text("until", "Last day it counts"),
    ];
    if shown.names {
        columns.insert(0, Column::text("name", "Who"));
    }
    let rows = rows
        .iter()
        .map(|it| {
            let until = it.until.map_or_else(|| "–".to_owned(), fmt::day_and_year);
            let mut cells = vec![
                it.thing.clone().into_any(),
                it.kind.label().into_any(),
                shown.it.site(it.site).to_owned().into_any(),
                standing(it.standing).into_any(),
                until.into_any(),
            ];
            if shown.names {
                cells.insert(0, it.name.clone().into_any());
            }
            cells
        })
        .collect();
    view! { <DataTable caption="What is to be acted on" columns rows hide_caption=true/> }.into_any()
}

pub(super) fn trail(shown: &Shown) -> AnyView {
    let List::Trail(listed) = &shown.it.list else { return ().into_any() };
    let columns = vec![
        Column::text("change", "Change"),
        Column::number("n", "Changes"),
        Column::number("written", "Written down"),
        Column::number("share", "Share (%)"),
    ];
    let rows = shown
        .it
        .changes
        .iter()
        .map(|it| {
            let n = |n: i64| fmt::number(n as f64, 0).into_any();
            let share = fmt::percent(it.written.hit, it.written.of).into_any();
            vec![trail::label(&it.change).to_owned().into_any(), n(it.written.of), n(it.written.hit), share]
        })
        .collect();
    let zone = shown.caller.user().org.zone;
    let gaps = if listed.rows.is_empty() {
        empty(shown, "No gap", "Each change of the period has a row in the audit log, by who made it.")
    } else {
        let columns = vec![
            Column::text("change", "Change"),
            Column::text("at", "When"),
            Column::text("by", "Who"),
            Column::text("site", "Site"),
            Column::text("record", "Record"),
        ];
        let rows = listed
            .rows
            .iter()
            .map(|it| {
                let at = fmt::moment(it.at.with_timezone(&zone).fixed_offset());
                let site = it.site.map_or_else(String::new, |site| shown.it.site(site).to_owned());
                vec![
                    trail::label(&it.change).to_owned().into_any(),
                    at.into_any(),
                    it.by.clone().unwrap_or_else(|| "not known".into()).into_any(),
                    site.into_any(),
                    format!("{} {}", it.record, it.id).into_any(),
                ]
            })
            .collect();
        view! { <DataTable caption="Changes that were not written down" columns rows hide_caption=true/> }.into_any()
    };
    let more = turn(shown, Section::Trail, listed.rows.len(), listed.total);
    let (file, log) =
        (files::csv(shown, "trail"), files::csv_named(shown, "log", "The audit log of the period as CSV"));
    view! {
        <Card id="trail" title="Changes and the audit log" lead=fmt::period(shown.it.asked.period.first, shown.it.asked.period.last)>
            <DataTable caption="Changes by kind" columns rows hide_caption=true/>
            {file}{log}
        </Card>
        <Card id="gaps" title="Not written down" lead="Changes of the period without a row in the log, the newest first.">{gaps}{more}</Card>
    }
    .into_any()
}
