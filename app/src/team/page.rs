//! `/team/{site}`: health, trend, spread, top performers, and the people.

use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use leptos_router::params::ParamsMap;
use muster::me::Filter;
use muster::people::Permission;
use muster::team::{RosterFilter, Team, figures, team};
use muster::units::SiteId;

use super::{address, people, tiles, viewer};
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::recognition::{self, TeamThanks};
use crate::ui::frame::PageFrame;
use crate::ui::{Card, ChartFigure, EmptyState, FilterBar, Notice, NoticeKind, fmt};

/// Everything the page shows.
pub(super) struct Shown {
    pub team: Team,
    thanks: TeamThanks,
    pub filter: Filter,
    pub roster: RosterFilter,
    pub trend_days: u32,
    pub names: bool,
}

impl Shown {
    /// The page's own address.
    pub(super) fn path(&self) -> String {
        format!("/team/{}", self.team.site.id)
    }
}

/// `/team/{site}`
#[component]
pub fn TeamPage() -> impl IntoView {
    let site = use_params_map().get_untracked().get("site").unwrap_or_default();
    let query = use_query_map().get_untracked();
    let page = Suspend::new(async move {
        match load(&site, &query).await {
            Ok(shown) => Either::Left(view(shown)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(site: &str, query: &ParamsMap) -> Result<Shown, AppError> {
    let (filter, roster) = (address::filter(query)?, address::roster(query)?);
    let caller = Caller::with(Permission::Team)?;
    let site: SiteId = site.parse().map_err(|_| AppError::NotFound)?;
    let (viewer, last) = (viewer(&caller)?, caller.last_complete_day());
    let (_, trend) = filter.resolve(last)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let team = team(&mut tx, &viewer, site, &filter, &roster, last).await?;
    let scope = viewer.scope.narrowed_to(Some(site))?;
    let flash = Flash::take().await;
    let thanks = recognition::load(&mut tx, &caller, &scope, site, query, flash.as_ref()).await?;
    tx.commit().await?;
    let trend_days = u32::try_from(trend.days()).unwrap_or(0);
    Ok(Shown { team, thanks, filter, roster, trend_days, names: viewer.scope.names })
}

fn view(shown: Shown) -> impl IntoView {
    let team = &shown.team;
    let filter = view! {
        <FilterBar
            action=shown.path()
            from=team.period.first
            to=team.period.last
            days=shown.trend_days
            choices=vec![30, 90, 180, 365]
            chosen=shown.filter.from.is_some() || shown.filter.to.is_some()
        />
    };
    let lead = format!(
        "Team · {}, compared with {}",
        fmt::period(team.period.first, team.period.last),
        fmt::period(team.previous_period.first, team.previous_period.last)
    );
    let audited = if shown.names {
        "Each of them can see on their own page that you looked."
    } else {
        "You see this team without names, and no figure of fewer than five people."
    };
    let (title, health) = (team.site.name.clone(), tiles::tiles(team));
    // Beside the trend stand those who do best, or without names the spread.
    let (trend, spread) = (trend(team), histogram(team));
    let (left, right) = if shown.names { (Some(spread), None) } else { (None, Some(spread)) };
    let top = team.top.as_ref().map(|top| people::top(top, &shown));
    let thanks = &shown.thanks;
    let (challenges, kudos, awards) =
        (recognition::challenges_card(thanks), recognition::kudos_card(thanks), recognition::awards_card(thanks));
    let roster = team.roster.as_ref().map(|roster| people::roster(roster, &shown));
    view! {
        <PageFrame title=title lead=lead aside=Some(filter.into_any())>
            <p class="team-audited">{audited}</p>
            {health}
            <div class="columns">
                <div class="stack">{trend} {left}</div>
                <div class="stack">{top} {right}</div>
            </div>
            {roster}
            <div class="columns">
                <div class="stack">{challenges}</div>
                <div class="stack">{kudos} {awards}</div>
            </div>
        </PageFrame>
    }
}

fn trend(team: &Team) -> impl IntoView + use<> {
    let figure = figures::trend(team);
    view! { <section class="card" aria-label="Trend"><ChartFigure figure alone=true/></section> }
}

fn histogram(team: &Team) -> impl IntoView + use<> {
    let body = match &team.histogram {
        Some(histogram) if histogram.n > 0 => {
            let few = (histogram.n < muster::team::FEWEST).then(|| {
                let say = format!("Small sample: {} with a score.", fmt::count(histogram.n, "person", "people"));
                view! { <Notice kind=NoticeKind::Info><p>{say}</p></Notice> }
            });
            view! { {few}<ChartFigure figure=figures::histogram(histogram)/> }.into_any()
        }
        Some(_) => view! {
            <EmptyState title="Nobody has a score yet">
                <p>"A score needs five scheduled shifts within 28 days."</p>
            </EmptyState>
        }
        .into_any(),
        None => view! {
            <EmptyState title="Not shown without names">
                <p>"Some scores are of fewer than five people, who could be recognized."</p>
            </EmptyState>
        }
        .into_any(),
    };
    let lead = format!("{}, scores of the people employed then.", fmt::period(team.scored.first, team.scored.last));
    view! { <Card id="spread" title="Spread of the scores" lead=lead>{body}</Card> }
}
