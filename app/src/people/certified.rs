//! The certifications that people must hold: how many stand how, and which those are.

use leptos::prelude::*;
use muster::charts::{Figure, Unit};
use muster::workforce::{FOR_GOOD, Held, PAGE, Standing};

use super::address;
use super::page::Shown;
use crate::ui::{Card, ChartFigure, Column, DataTable, EmptyState, Pager, fmt};

pub(super) fn card(shown: &Shown) -> impl IntoView + use<> {
    let lead = format!("Today, what role and site ask of {}.", shown.whose());
    let body = if shown.it.certified.total() == 0 {
        view! {
            <EmptyState title="Nothing is asked of anybody">
                <p>"No requirement is on record. Import requirements to see who holds what."</p>
            </EmptyState>
        }
        .into_any()
    } else {
        counts(shown).into_any()
    };
    view! { <Card id="certifications" title="Certifications" lead=lead>{body}</Card> }
}

fn counts(shown: &Shown) -> impl IntoView + use<> {
    let it = shown.it.certified;
    let bars = Standing::ALL.map(|standing| (standing.label().to_owned(), Some(it.of(standing) as f64))).into();
    let figure =
        Figure::bars("certified", "How they stand", "How many stand how?", Unit::Count("certifications".into()), bars)
            .with_places("Standing");
    let choices: Vec<_> = Standing::ALL
        .iter()
        .map(|standing| {
            let fields = address::with(address::of_filter(&shown.filter), "certs", standing.code());
            let href = format!("{}#certifications", address::link(address::PATH, &fields));
            let current = (shown.it.asked.certs == Some(*standing)).then_some("true");
            let said = format!("{} ({})", standing.label(), fmt::number(it.of(*standing) as f64, 0));
            view! { <a class="choice" href=href aria-current=current>{said}</a> }
        })
        .collect();
    view! {
        <ChartFigure figure/>
        <nav class="choices people-choices" aria-label="Which certifications are listed">{choices}</nav>
        {list(shown)}
    }
}

fn list(shown: &Shown) -> Option<impl IntoView + use<>> {
    let standing = shown.it.asked.certs?;
    let (held, total) = shown.it.held.as_ref()?;
    if held.is_empty() {
        return Some(view! { <EmptyState title="None like that"/> }.into_any());
    }
    let mut columns = Vec::new();
    columns.extend(shown.names.then(|| Column::text("name", "Who")));
    columns.extend([
        Column::text("certification", "Certification"),
        Column::text("site", "Site"),
        Column::text("until", "Held until"),
    ]);
    let rows: Vec<_> = held.iter().map(|it| row(it, shown.names)).collect();
    let page = shown.it.asked.list;
    let first = (page - 1) * PAGE;
    let caption =
        format!("{}: {} to {} of {}", standing.label(), first + 1, first + held.len(), fmt::number(*total as f64, 0));
    let older = *total > (first + held.len()) as i64;
    let turned = format!("{}list=", address::open_link(&address::of_order(&shown.filter)));
    Some(
        view! {
            <DataTable caption columns rows/>
            <Pager label="Pages of certifications" page=page as u32 older=older href=turned anchor="#certifications"/>
        }
        .into_any(),
    )
}

fn row(it: &Held, names: bool) -> Vec<AnyView> {
    let until = match it.until {
        None => "never held".into(),
        Some(FOR_GOOD) => "for good".into(),
        Some(until) => fmt::day_and_year(until),
    };
    let mut cells = Vec::new();
    if names {
        let who = it.worker.as_ref().map(|(worker, name)| {
            let href = format!("/team/{}/{worker}", it.site.0);
            view! { <a href=href>{name.clone()}</a> }
        });
        cells.push(who.into_any());
    }
    cells.extend([it.certification.clone().into_any(), it.site.1.clone().into_any(), until.into_any()]);
    cells
}
