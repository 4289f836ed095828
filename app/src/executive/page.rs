//! The page: filter, the six numbers, what one of them is made of, and the sites by one metric.

use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use muster::executive::{Compare, Executive, Filter, Metric, executive};
use muster::people::{Permission, Scope};

use super::{address, impact, numbers, report, sites};
use crate::caller::Caller;
use crate::error::AppError;
use crate::ui::fmt;
use crate::ui::frame::PageFrame;

/// Everything the page shows.
pub(super) struct Shown {
    pub it: Executive,
    pub filter: Filter,
    pub currency: String,
}

/// `/executive`
#[component]
pub fn ExecutivePage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let page = Suspend::new(async move {
        match load(&query).await {
            Ok((shown, report)) => Either::Left(view(shown, report)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

/// What the caller may see here.
pub(super) fn scope(caller: &Caller) -> Result<Scope, AppError> {
    // People are told apart here only for who may see them by name on their team's page.
    let names = caller.scope(Permission::Team).is_ok_and(|team| team.names);
    Ok(Scope { names, ..caller.scope(Permission::Executive)? })
}

async fn load(query: &ParamsMap) -> Result<(Shown, AnyView), AppError> {
    let caller = Caller::with(Permission::Executive)?;
    let scope = scope(&caller)?;
    let filter = address::filter(query)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let it = executive(&mut tx, &scope, &filter, caller.last_complete_day()).await?;
    let report = report::form(&caller).into_any();
    Ok((Shown { it, filter, currency: caller.user().org.currency.clone() }, report))
}

fn view(shown: Shown, report: AnyView) -> impl IntoView {
    let asked = shown.it.asked;
    let lead = format!(
        "{}, compared with {}",
        fmt::period(asked.period.first, asked.period.last),
        fmt::period(asked.before.first, asked.before.last)
    );
    let (filter, six, parts) = (filter_form(&shown), numbers::tiles(&shown), numbers::parts(&shown));
    let compared = sites::card(&shown);
    let trends = sites::trends(&shown);
    let cost = impact::card(&shown);
    view! {
        <PageFrame title="Executive" lead=lead aside=Some(filter.into_any())>
            {six}
            {parts}
            {report}
            {compared}
            {trends}
            {cost}
        </PageFrame>
    }
}

fn filter_form(shown: &Shown) -> impl IntoView + use<> {
    let asked = shown.it.asked;
    let compares =
        [(Compare::Previous, "previous", "The period before"), (Compare::LastYear, "last_year", "Last year")].map(
            |(compare, code, label)| {
                view! { <option value=code selected=compare == asked.compare>{label}</option> }
            },
        );
    let metrics = Metric::ALL.map(|metric| {
        view! { <option value=metric.code() selected=metric == asked.metric>{metric.label()}</option> }
    });
    let chosen = shown.filter.vertical();
    let verticals: Vec<_> = (shown.it.verticals.iter())
        .map(|it| view! { <option value=it.clone() selected=chosen == Some(it)>{it.clone()}</option> })
        .collect();
    let verticals = (verticals.len() > 1 || chosen.is_some()).then(|| {
        view! {
            <label class="field">
                "Kind of site"<select name="vertical"><option value="">"All"</option>{verticals}</select>
            </label>
        }
    });
    let show = asked.show.map(|kind| view! { <input type="hidden" name="show" value=kind.code()/> });
    view! {
        <details class="filters executive-filter">
            <summary><span class="filters-word">"Show"</span>" "{fmt::period(asked.period.first, asked.period.last)}</summary>
            <form method="get" action=address::PATH class="filter-form">
                {show}
                <label class="field">"From"<input type="date" name="from" value=asked.period.first.to_string()/></label>
                <label class="field">"To"<input type="date" name="to" value=asked.period.last.to_string()/></label>
                <label class="field">"Compared with"<select name="compare">{compares}</select></label>
                {verticals}
                <label class="field">"Sites by"<select name="metric">{metrics}</select></label>
                <button class="button" type="submit">"Show"</button>
            </form>
        </details>
    }
}
