//! The page: the queue for those who work it, counts and states for those who may only read.

use chrono::NaiveDate;
use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use muster::coaching::effect::DidItWork;
use muster::coaching::{self, Counts, Entry, Filter, Page, Resolved, Shown, State};
use muster::people::{Permission, audit, sites_in};
use muster::units::SiteId;

use super::{cards, entry};
use crate::api::TWICE;
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, Details, EmptyState, fmt};

/// What a supervisor works.
pub(super) struct Queue {
    pub caller: Caller,
    pub flash: Option<Flash>,
    pub filter: Resolved,
    pub page: Page,
    pub sites: Vec<(SiteId, String)>,
    pub effect: Option<(NaiveDate, DidItWork)>,
}

/// What others read.
struct Overview {
    caller: Caller,
    counts: Vec<Counts>,
    effect: Option<(NaiveDate, DidItWork)>,
}

enum Loaded {
    Queue(Box<Queue>),
    Overview(Box<Overview>),
}

/// `/coaching`
#[component]
pub fn CoachingPage() -> impl IntoView {
    let filter = typed(&use_query_map().get_untracked());
    let page = Suspend::new(async move {
        match async { load(filter?).await }.await {
            Ok(Loaded::Queue(queue)) => EitherOf3::A(view(&queue)),
            Ok(Loaded::Overview(overview)) => EitherOf3::B(counted(&overview)),
            Err(error) => EitherOf3::C(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

/// The filter of the address, every field once.
fn typed(query: &ParamsMap) -> Result<Filter, AppError> {
    let once = |field| match query.get_all(field).unwrap_or_default().as_slice() {
        [] => Ok(None),
        [value] => Ok(Some(value.clone())),
        _ => Err(AppError::Invalid(TWICE.into())),
    };
    Ok(Filter { site: once("site")?, show: once("show")?, state: once("state")?, page: once("page")? })
}

async fn load(filter: Filter) -> Result<Loaded, AppError> {
    let caller = Caller::with(Permission::Coaching)?;
    let scope = caller.scope(Permission::Coaching)?;
    let filter = filter.resolve()?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let effect = coaching::effect::kept_effect(&mut tx).await?;
    if !scope.names {
        let counts = coaching::counts(&mut tx, &scope, filter.site, caller.today()).await?;
        return Ok(Loaded::Overview(Box::new(Overview { caller, counts, effect })));
    }
    let own = caller.user().worker;
    let page = coaching::page(&mut tx, &scope, &filter, own, caller.last_complete_day()).await?;
    let sites = sites_in(&mut tx, &scope).await?;
    let looked: Vec<_> = page.praise.iter().chain(&page.entries).map(|it| it.worker).collect();
    audit::looked_at(&mut tx, caller.user().id, &looked, caller.now()).await?;
    tx.commit().await?;
    Ok(Loaded::Queue(Box::new(Queue { flash: Flash::take().await, caller, filter, page, sites, effect })))
}

impl Queue {
    /// The address of the page with these fields changed; an empty value leaves one out.
    pub(super) fn address(&self, changed: &[(&str, &str)]) -> String {
        let site = self.filter.site.map(|site| site.to_string()).unwrap_or_default();
        let state = self.filter.state.map(State::word).unwrap_or_default();
        let page = self.filter.page.to_string();
        let shown = self.filter.shown.word();
        let fields = [("show", shown), ("site", site.as_str()), ("state", state), ("page", page.as_str())];
        let kept = fields.map(|(name, value)| {
            (name, changed.iter().find(|(other, _)| *other == name).map_or(value, |(_, value)| *value))
        });
        let told: Vec<_> = kept
            .into_iter()
            .filter(|(name, value)| {
                !value.is_empty() && (*name, *value) != ("show", "open") && (*name, *value) != ("page", "1")
            })
            .collect();
        serde_urlencoded::to_string(told).unwrap_or_default()
    }
}

fn view(queue: &Queue) -> impl IntoView + use<> {
    let todo = queue.page.tabs.iter().find(|(shown, _)| *shown == Shown::Open).map_or(0, |(_, n)| *n);
    let lead = format!(
        "{} to do. Judged each morning from the 28 days up to yesterday, {}.",
        fmt::count(todo, "entry", "entries"),
        fmt::day_and_year(queue.caller.last_complete_day())
    );
    let aside = filter(queue);
    let said = cards::said(queue);
    let praise = cards::praise(queue);
    let entries: Vec<_> = queue.page.entries.iter().enumerate().map(|(nth, it)| entry::entry(queue, nth, it)).collect();
    let body = if entries.is_empty() {
        empty(queue).into_any()
    } else {
        view! { <ol class="queue">{entries}</ol> }.into_any()
    };
    let pager = cards::pager(queue);
    let effect = cards::effect(queue.effect.as_ref());
    let title = title(queue.filter.shown);
    view! {
        <PageFrame title="Coaching" lead=lead aside=Some(aside.into_any())>
            {said}
            <div class="coaching">
                <div class="stack">
                    {praise}
                    <section aria-labelledby="queue-h" id="queue">
                        <h2 id="queue-h" class="queue-title">{title}</h2>
                        {body}
                        {pager}
                    </section>
                </div>
                <div class="stack">{effect} {how_computed()}</div>
            </div>
        </PageFrame>
    }
}

fn title(shown: Shown) -> &'static str {
    match shown {
        Shown::Open => "Who may need you, most urgent first",
        Shown::Snoozed => "Snoozed: back when something is new or worse",
        Shown::Closed => "Done and dismissed, latest first",
    }
}

fn empty(queue: &Queue) -> impl IntoView + use<> {
    let narrowed = queue.filter.site.is_some() || queue.filter.state.is_some();
    let (title, why) = match queue.filter.shown {
        _ if narrowed => ("Nothing matches this filter", "Choose all sites and all states to see the whole list."),
        Shown::Open => ("Nobody waits for you this morning", "The queue is made anew every morning at 06:00."),
        Shown::Snoozed => ("Nothing is snoozed", "What you put off stands here until something is new or worse."),
        Shown::Closed => {
            ("Nothing is done yet", "Conversations that were held and entries that were dismissed stand here.")
        }
    };
    view! { <Card id="nothing" title=title><EmptyState title=why/></Card> }
}

fn filter(queue: &Queue) -> impl IntoView + use<> {
    let tabs = queue
        .page
        .tabs
        .iter()
        .map(|(shown, n)| {
            let query = queue.address(&[("show", shown.word()), ("state", ""), ("page", "1")]);
            let href = if query.is_empty() { "/coaching".to_owned() } else { format!("/coaching?{query}") };
            let current = (*shown == queue.filter.shown).then_some("true");
            view! { <a class="choice" href=href aria-current=current>{shown.label()}<span class="choice-count">{*n}</span></a> }
        })
        .collect_view();
    let one_site = queue.sites.len() < 2;
    let sites = queue
        .sites
        .iter()
        .map(|(id, name)| view! { <option value=id.to_string() selected=queue.filter.site == Some(*id)>{name.clone()}</option> })
        .collect_view();
    let states = [State::Suggested, State::Scheduled, State::InProgress]
        .map(|state| view! { <option value=state.word() selected=queue.filter.state == Some(state)>{state.label()}</option> })
        .collect_view();
    let states = (queue.filter.shown == Shown::Open).then(|| {
        view! { <label class="field">"State"<select name="state"><option value="">"All states"</option>{states}</select></label> }
    });
    let sites = (!one_site).then(|| {
        view! { <label class="field">"Site"<select name="site"><option value="">"All my sites"</option>{sites}</select></label> }
    });
    let show = queue.filter.shown.word();
    let form = (states.is_some() || sites.is_some()).then(|| {
        view! {
            <details class="filters">
                <summary><span class="filters-word">"Filter"</span></summary>
                <form method="get" action="/coaching" class="filter-form">
                    <input type="hidden" name="show" value=show/>
                    {sites}
                    {states}
                    <button class="button" type="submit">"Show"</button>
                </form>
            </details>
        }
    });
    view! { <div class="filter-bar"><nav class="choices" aria-label="Which entries">{tabs}</nav>{form}</div> }
}

fn counted(overview: &Overview) -> impl IntoView + use<> {
    let table = cards::counts(&overview.counts);
    let effect = cards::effect(overview.effect.as_ref());
    let lead = format!(
        "How many conversations are suggested, planned and held, as of {}. What is said in them stays between the worker and the supervisor.",
        fmt::day_and_year(overview.caller.today())
    );
    view! {
        <PageFrame title="Coaching" lead=lead>
            <div class="stack">{table} {effect} {how_computed()}</div>
        </PageFrame>
    }
}

fn how_computed() -> impl IntoView {
    view! {
        <Card id="how" title="How is this computed?">
            <Details summary="Signals, priority, and who comes back">
                <p>"Each reason has a weight from 0 to 1, which follows from the numbers shown with it. The priority is 100 · (1 − the product of (1 − 0.8 · weight) over all reasons): many small reasons never outshout one grave one."</p>
                <p>"From 40 on somebody is listed, most urgent first. What you snoozed, dismissed or completed comes back only when a reason is new or its weight has risen by 0.2."</p>
                <p>"Praise is listed for whom the score rose by 10 points or more in 28 days, and for gold achievements."</p>
                <p>"Signals are there to help people. They decide nothing by themselves."</p>
            </Details>
        </Card>
    }
}

/// The name of an entry's anchor.
pub(super) fn anchor(entry: &Entry) -> String {
    format!("entry-{}", entry.id)
}
