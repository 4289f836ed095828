//! The page: filter, tiles, how work is shared, the fairness monitor, certifications, who may leave, who is reliable, who left.

use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use muster::people::Permission;
use muster::people::audit::Viewer;
use muster::units::SiteId;
use muster::workforce::{Filter, Overview, Scoped, overview};

use super::risk::{ChurnRisk, ShownRisk};
use super::{address, certified, fairness, files, leaving, reliable, sharing, sites, tiles};
use crate::caller::Caller;
use crate::error::AppError;
use crate::ui::frame::PageFrame;
use crate::ui::{EmptyState, fmt};

/// Everything the page shows.
pub(super) struct Shown {
    pub it: Overview,
    pub filter: Filter,
    /// Whether people are shown by name.
    pub names: bool,
    /// When the figures were worked out, as the caller's clock shows it.
    pub made_at: String,
    risk: ShownRisk,
}

impl Shown {
    /// The name of a site.
    pub(super) fn site_name(&self, site: SiteId) -> String {
        self.it.names.get(&site).cloned().unwrap_or_default()
    }

    /// The site that was asked for, as said in a sentence.
    pub(super) fn whose(&self) -> String {
        match self.it.asked.site {
            Some(site) => format!("the people of {}", self.site_name(site)),
            None => "everybody".into(),
        }
    }

    /// The period in words.
    pub(super) fn period(&self) -> String {
        fmt::period(self.it.asked.period.first, self.it.asked.period.last)
    }
}

/// `/people`
#[component]
pub fn PeoplePage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let page = Suspend::new(async move {
        match load(&query).await {
            Ok(shown) => Either::Left(view(shown)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(query: &ParamsMap) -> Result<Shown, AppError> {
    let caller = Caller::with(Permission::People)?;
    let user = caller.user();
    let scope = caller.scope(Permission::People)?;
    let names = scope.names;
    let viewer = Viewer { user: user.id, worker: user.worker, scope, now: caller.now() };
    let filter = address::filter(query)?;
    let mut tx = caller.db().org(user.org.id).await?;
    let it = overview(&mut tx, &viewer, &filter, caller.last_complete_day(), caller.today()).await?;
    let risk = ShownRisk::load(&mut tx, &caller, query).await?;
    tx.commit().await?;
    let made_at = fmt::moment(it.made_at.with_timezone(&user.org.zone).fixed_offset());
    Ok(Shown { it, filter, names, made_at, risk })
}

fn view(shown: Shown) -> impl IntoView {
    let asked = shown.it.asked;
    let lead = format!(
        "{}, whole weeks, compared with {}",
        shown.period(),
        fmt::period(asked.before.first, asked.before.last)
    );
    let who = if shown.names {
        "People you see by name can see on their own page that you looked."
    } else {
        "You see groups of five people and more, and nobody by name."
    };
    let body = match &shown.it.scoped {
        None => few().into_any(),
        Some(scoped) if scoped.part.people == 0 => nobody().into_any(),
        Some(scoped) => parts(&shown, scoped).into_any(),
    };
    let said = format!("{who} Figures of {}; the morning makes them anew.", shown.made_at);
    let filter = filter_form(&shown);
    view! {
        <PageFrame title="People" lead=lead aside=Some(filter.into_any())>
            <p class="people-said">{said}</p>
            {body}
        </PageFrame>
    }
}

fn parts(shown: &Shown, scoped: &Scoped) -> impl IntoView + use<> {
    let kept =
        address::of_order(&shown.filter).into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Vec<_>>();
    let risk = shown.risk.clone();
    view! {
        {tiles::tiles(shown, scoped)}
        <div class="people-parts">
            {sharing::card(shown, scoped)}
            {sites::card(shown)}
            {fairness::card(shown)}
            <ChurnRisk shown=risk action=address::PATH kept=kept/>
            {certified::card(shown)}
            {reliable::card(shown, scoped)}
            {leaving::card(shown, scoped)}
        </div>
        {files::links(shown)}
    }
}

fn few() -> impl IntoView {
    view! {
        <section class="card">
            <EmptyState title="Too few people to look at by themselves">
                <p>"Fewer than five people are at home there, or what is shown of other sites would give those few away. "
                    <a href=address::PATH>"Look at all sites"</a>"."</p>
            </EmptyState>
        </section>
    }
}

fn nobody() -> impl IntoView {
    view! {
        <section class="card">
            <EmptyState title="Nobody was at work in these weeks">
                <p>"No week that is over has anybody on record. Choose other dates, or import people, shifts and attendance: the figures follow the next morning."</p>
            </EmptyState>
        </section>
    }
}

fn filter_form(shown: &Shown) -> impl IntoView + use<> {
    let asked = shown.it.asked;
    let sites = shown.it.choices.iter().map(|(site, name)| {
        view! { <option value=site.to_string() selected=asked.site == Some(*site)>{name.clone()}</option> }
    });
    let sites: Vec<_> = sites.collect();
    let kept = address::of_filter(&shown.filter).into_iter().filter(|(name, _)| !["from", "to", "site"].contains(name));
    let kept: Vec<_> = kept.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect();
    let site = asked.site.map(|site| format!(", {}", shown.site_name(site)));
    view! {
        <details class="filters people-filter">
            <summary><span class="filters-word">"Weeks"</span>" "{shown.period()}{site}</summary>
            <form method="get" action=address::PATH class="filter-form">
                {kept}
                <label class="field">"From the week of"<input type="date" name="from" value=asked.period.first.to_string()/></label>
                <label class="field">"To the week of"<input type="date" name="to" value=asked.period.last.to_string()/></label>
                <label class="field">"Site"<select name="site"><option value="">"All sites"</option>{sites}</select></label>
                <button class="button" type="submit">"Show"</button>
            </form>
        </details>
    }
}
