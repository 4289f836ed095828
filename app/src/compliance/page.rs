//! The page: filter, the numbers, and the list one of them opens.

use std::collections::BTreeMap;

use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use muster::compliance::{Compliance, Filter, Kind, Section, compliance};
use muster::people::Permission;
use muster::units::SiteId;

use super::{address, files, lists, sites, tiles};
use crate::caller::Caller;
use crate::error::AppError;
use crate::ui::fmt;
use crate::ui::frame::PageFrame;

/// Everything the page shows.
pub(super) struct Shown {
    pub it: Compliance,
    pub filter: Filter,
    pub caller: Caller,
    /// Whether people are named.
    pub names: bool,
}

/// `/compliance`
#[component]
pub fn CompliancePage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let page = Suspend::new(async move {
        match load(&query).await {
            Ok(shown) => Either::Left(view(&shown)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(query: &ParamsMap) -> Result<Shown, AppError> {
    let caller = Caller::with(Permission::Compliance)?;
    let scope = caller.scope(Permission::Compliance)?;
    let filter = address::filter(query)?;
    let asked = filter.resolve(caller.last_complete_day(), caller.today())?;
    let org = &caller.user().org;
    let mut tx = caller.db().org(org.id).await?;
    let it = compliance(&mut tx, &scope, asked, (org.zone, caller.now())).await?;
    Ok(Shown { it, filter, names: scope.names, caller })
}

fn view(shown: &Shown) -> impl IntoView + use<> {
    let asked = shown.it.asked;
    let place = asked.site.map_or_else(|| "All your sites".to_owned(), |site| shown.it.site(site).to_owned());
    let lead = format!(
        "{place}, {}. What people hold is told as of today, {}.",
        fmt::period(asked.period.first, asked.period.last),
        fmt::day_and_year(asked.today)
    );
    let (filter, numbers, tabs) = (filter_form(shown), tiles::tiles(shown), tabs(shown));
    let body = match asked.show {
        Section::Alerts => lists::alerts(shown),
        Section::Matrix => sites::matrix(shown),
        Section::People => lists::people(shown),
        Section::Hours => sites::hours(shown),
        Section::Incidents => sites::incidents(shown),
        Section::Trail => lists::trail(shown),
    };
    let auditor = files::link(shown, "xlsx", None);
    view! {
        <PageFrame title="Compliance" lead=lead>
            <div class="compliance">
                {filter}
                {numbers}
                <div class="stack" id="list">
                    {tabs}
                    {body}
                </div>
                <p class="compliance-files">
                    <a class="button" href=auditor download="">"Export for an auditor (XLSX)"</a>
                    " All lists of this page for the period and site above, whole, with the audit log. Each export is written into the log."
                </p>
                {how()}
            </div>
        </PageFrame>
    }
}

fn tabs(shown: &Shown) -> impl IntoView + use<> {
    let tabs = Section::ALL
        .map(|section| {
            let href = format!("{}#list", address::link(address::PATH, &address::shown(&shown.filter, section)));
            let current = (section == shown.it.asked.show).then_some("true");
            view! { <a class="choice" href=href aria-current=current>{section.label()}</a> }
        })
        .collect_view();
    view! { <nav class="choices compliance-lists" aria-label="Which list">{tabs}</nav> }
}

fn options(names: &BTreeMap<SiteId, String>, chosen: Option<SiteId>) -> impl IntoView + use<> {
    let mut names: Vec<_> = names.iter().map(|(id, name)| (name.clone(), *id)).collect();
    names.sort();
    names
        .into_iter()
        .map(|(name, id)| view! { <option value=id.to_string() selected=chosen == Some(id)>{name}</option> })
        .collect_view()
}

fn filter_form(shown: &Shown) -> impl IntoView + use<> {
    let asked = shown.it.asked;
    let sites = (shown.it.names.len() > 1).then(|| {
        let options = options(&shown.it.names, asked.site);
        view! {
            <label class="field">"Site"<select name="site"><option value="">"All my sites"</option>{options}</select></label>
        }
    });
    let kinds = Kind::ALL
        .map(|kind| view! { <option value=kind.code() selected=asked.kind == Some(kind)>{kind.label()}</option> })
        .collect_view();
    view! {
        <div class="filter-bar">
            <details class="filters">
                <summary>
                    <span class="filters-word">"Period"</span>
                    " "{fmt::period(asked.period.first, asked.period.last)}
                    {asked.site.map(|site| format!(", {}", shown.it.site(site)))}
                    {asked.kind.map(|kind| format!(", {}", kind.label().to_lowercase()))}
                </summary>
                <form method="get" action=address::PATH class="filter-form">
                    <input type="hidden" name="show" value=asked.show.code()/>
                    {sites}
                    <label class="field">"From"<input type="date" name="from" value=asked.period.first.to_string()/></label>
                    <label class="field">"To"<input type="date" name="to" value=asked.period.last.to_string()/></label>
                    <label class="field">
                        "Kind"<select name="kind"><option value="">"All kinds"</option>{kinds}</select>
                    </label>
                    <button class="button" type="submit">"Show"</button>
                </form>
            </details>
        </div>
    }
}

fn how() -> impl IntoView {
    view! {
        <crate::ui::Details summary="What counts as what?">
            <p>"Required: one for each person employed today and each certification, training or registration that the job role or the home site asks for. It counts up to and including its last day. Who stands how is worked out each night."</p>
            <p>"Alerts: whatever is missing or will have run out on the day of a shift that is planned for this person, here or at another site; also what nobody asks for, if it still counts today."</p>
            <p>"Working time: two shifts at once, less than 12 hours of rest, more than 45 ordinary hours and 10 of overtime in a week from Monday. A shift that breaks several rules counts once in a rate."</p>
            <p>"Compliance rate: rosters of the period without any breach, of all that were confirmed: the same number as on the executive page."</p>
            <p>"Audit trail: steps of coaching, disputes, team challenges, shifts added, offered and answered here. Each must have a row in the log by the same person at the same moment. What is imported and what the night works out is nobody’s change."</p>
            <p>"Reporting an incident is never held against anybody."</p>
        </crate::ui::Details>
    }
}
