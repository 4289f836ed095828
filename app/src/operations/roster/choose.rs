//! `/operations/roster`: for which site and week?

use chrono::{DateTime, Days, NaiveDate, Utc};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use muster::database::OrgTx;
use muster::metrics::Period;
use muster::operations::measures::savings;
use muster::operations::proposal::{Pattern, Summary, WeekState, patterns, proposals_of, week_state};
use muster::operations::savings::Savings;
use muster::people::{Permission, site_name, sites_in};
use muster::units::SiteId;

use super::address::{Asked, WEEKS, monday_of, week_word};
use super::fns::{GENERATE, SETTLE};
use super::{baselines, said, week};
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, EmptyState, fmt};

/// Days over which savings are summed.
const SAVED_DAYS: u64 = 28;

/// A site's week with what can be done with it.
pub(super) struct Chosen {
    pub site: SiteId,
    pub name: String,
    pub state: WeekState,
    pub patterns: Vec<Pattern>,
    pub proposals: Vec<Summary>,
}

/// Everything the page shows.
pub(super) struct Choice {
    pub caller: Caller,
    pub sites: Vec<(SiteId, String)>,
    pub first: NaiveDate,
    pub chosen: Option<Chosen>,
    pub saved: (Savings, Period),
    pub flash: Option<Flash>,
}

/// `/operations/roster`
#[component]
pub fn RosterPage() -> impl IntoView {
    let asked = Asked::of(&use_query_map().get_untracked());
    let page = Suspend::new(async move {
        match async { load(asked?).await }.await {
            Ok(choice) => Either::Left(view(&choice)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(asked: Asked) -> Result<Choice, AppError> {
    let caller = Caller::with(Permission::Operations)?;
    let scope = caller.scope(Permission::Operations)?;
    scope.narrowed_to(asked.site)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let sites = sites_in(&mut tx, &scope).await?;
    // Planning is for the week to come, unless said otherwise.
    let first = asked.week.unwrap_or_else(|| monday_of(caller.today()) + Days::new(7));
    let only = match sites.as_slice() {
        [(only, _)] => Some(*only),
        _ => None,
    };
    let chosen = match asked.site.or(only) {
        None => None,
        Some(site) => Some(chosen(&mut tx, site, first, caller.now()).await?),
    };
    let last = caller.today();
    let period = Period { first: last - Days::new(SAVED_DAYS - 1), last };
    let saved = (savings(&mut tx, &scope, period).await?, period);
    Ok(Choice { flash: Flash::take().await, caller, sites, first, chosen, saved })
}

async fn chosen(tx: &mut OrgTx, site: SiteId, first: NaiveDate, now: DateTime<Utc>) -> Result<Chosen, AppError> {
    let name = site_name(tx, site).await?;
    let state = week_state(tx, site, first, now).await?;
    // Weeks are copied only into one without shifts; to look for them takes longest.
    let empty = state.open + state.filled + state.missed == 0;
    let patterns = if empty { patterns(tx, site, first).await? } else { Vec::new() };
    Ok(Chosen { site, name, state, patterns, proposals: proposals_of(tx, site, first).await? })
}

fn view(choice: &Choice) -> impl IntoView + use<> {
    let lead =
        "The generator proposes who works which open shift, says why, and gives nothing to anybody before you confirm.";
    let said = said(choice.flash.as_ref(), &[GENERATE, SETTLE]);
    let week = match &choice.chosen {
        Some(chosen) => week::card(choice, chosen).into_any(),
        None => view! {
            <Card id="week" title="Which site?">
                <EmptyState title="No site is chosen yet"><p>"Choose a site and a week above. A roster is made for one site at a time."</p></EmptyState>
            </Card>
        }
        .into_any(),
    };
    let (form, saved) = (form(choice), baselines::card(choice));
    view! {
        <PageFrame title="Make a roster" lead=lead>
            <div class="operations">
                <p class="way-back"><a href="/operations">"Back to the next 48 hours"</a></p>
                {said}
                {form}
                {week}
                {saved}
            </div>
        </PageFrame>
    }
}

fn form(choice: &Choice) -> impl IntoView + use<> {
    let site = choice.chosen.as_ref().map(|chosen| chosen.site);
    let sites = choice
        .sites
        .iter()
        .map(|(id, name)| view! { <option value=id.to_string() selected=site == Some(*id)>{name.clone()}</option> })
        .collect_view();
    let now = monday_of(choice.caller.today());
    let mut weeks: Vec<NaiveDate> = (0..WEEKS).map(|nth| now + Days::new(7 * nth)).collect();
    if !weeks.contains(&choice.first) {
        weeks.push(choice.first);
    }
    let weeks = weeks
        .into_iter()
        .map(|first| {
            let said = week_said(first);
            view! { <option value=week_word(first) selected=first == choice.first>{said}</option> }
        })
        .collect_view();
    view! {
        <form class="form roster-choice" method="get" action="/operations/roster">
            <label class="field">"Site"<select name="site" required=true><option value="">"Choose a site"</option>{sites}</select></label>
            <label class="field">"Week"<select name="week">{weeks}</select></label>
            <button class="button quiet" type="submit">"Show the week"</button>
        </form>
    }
}

/// `Week 48, 23 Nov – 29 Nov 2026`.
pub(super) fn week_said(first: NaiveDate) -> String {
    let week = week_word(first);
    let number = week.split("-W").nth(1).unwrap_or_default().trim_start_matches('0').to_owned();
    format!("Week {number}, {}", fmt::period(first, first + Days::new(6)))
}
