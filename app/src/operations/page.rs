//! The page: tiles, and beneath them the list behind the chosen one.

use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use muster::operations::board::{self, Available, BoardShift, Expiring, PAGE, Part, Which};
use muster::operations::may_change;
use muster::operations::offer::{self, Choice};
use muster::operations::post::skills;
use muster::people::{Permission, site_name, sites_in};
use muster::units::SiteId;

use super::address::{Asked, List};
use super::risk::{Risk, Tiles};
use super::{forms, lists, tiles};
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::frame::PageFrame;
use crate::ui::{Pager, fmt};

/// Everything the page shows.
pub(super) struct Board {
    pub caller: Caller,
    pub asked: Asked,
    pub sites: Vec<(SiteId, String)>,
    pub tiles: Tiles,
    pub risk: Risk,
    pub available: Vec<Available>,
    pub expiring: Part<Expiring>,
    pub shifts: Vec<BoardShift>,
    pub flash: Option<Flash>,
    /// The skills on record, for the form.
    pub skills: Vec<String>,
    /// Whom to offer the chosen shift to, or why to nobody.
    pub choice: Option<Result<Choice, String>>,
}

/// `/operations`
#[component]
pub fn OperationsPage() -> impl IntoView {
    let asked = Asked::of(&use_query_map().get_untracked());
    let page = Suspend::new(async move {
        match async { load(asked?).await }.await {
            Ok(board) => Either::Left(view(&board)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(asked: Asked) -> Result<Board, AppError> {
    let caller = Caller::with(Permission::Operations)?;
    let all = caller.scope(Permission::Operations)?;
    let scope = all.narrowed_to(asked.site)?;
    let now = caller.now();
    let mut tx = caller.db().org(caller.user().org.id).await?;
    if let Some(site) = asked.site {
        site_name(&mut tx, site).await?;
    }
    let (available, rows) = match asked.list {
        List::Available => {
            let part = board::available(&mut tx, &scope, asked.page, now).await?;
            (part.total, part.rows)
        }
        _ => (board::available_count(&mut tx, &scope, now).await?, Vec::new()),
    };
    let figures = board::figures(&mut tx, &scope, now).await?;
    let mut risk = Risk::read(&mut tx, &scope, caller.shift_fill(), now).await?;
    let shifts = match asked.list {
        List::Open => board::shifts(&mut tx, &scope, Which::Open, asked.page, now).await?,
        List::Shifts => board::shifts(&mut tx, &scope, Which::All, asked.page, now).await?,
        List::There => board::shifts(&mut tx, &scope, Which::There, asked.page, now).await?,
        List::AtRisk => {
            let at_risk = risk.shifts().unwrap_or_default();
            board::shifts(&mut tx, &scope, Which::These(at_risk), asked.page, now).await?
        }
        List::Available | List::Expiring => Vec::new(),
    };
    if matches!(asked.list, List::Open | List::AtRisk) {
        risk.explain(&shifts);
    }
    let writes = may_change(caller.user().role);
    let choice = match asked.offer.filter(|_| writes) {
        None => None,
        Some(shift) => match offer::choose(&mut tx, &all, shift, now).await {
            Ok(choice) => Some(Ok(choice)),
            Err(muster::Error::Conflict(why)) => Some(Err(why)),
            Err(error) => return Err(error.into()),
        },
    };
    let expiring_page = if asked.list == List::Expiring { asked.page } else { 1 };
    Ok(Board {
        flash: Flash::take().await,
        skills: if writes { skills(&mut tx).await? } else { Vec::new() },
        choice,
        expiring: board::expiring(&mut tx, &scope, expiring_page, caller.today()).await?,
        sites: sites_in(&mut tx, &all).await?,
        tiles: Tiles::new(figures, &risk, available),
        available: rows,
        risk,
        shifts,
        asked,
        caller,
    })
}

impl Board {
    /// How long a list is; `None`: not known.
    pub(super) fn length(&self, list: List) -> Option<i64> {
        match self.tiles.number(list) {
            Some(number) => number,
            None => Some(self.expiring.total),
        }
    }
}

fn view(board: &Board) -> impl IntoView + use<> {
    let zone = board.caller.user().org.zone;
    let now = board.caller.now().with_timezone(&zone).fixed_offset();
    let lead =
        format!("The next 48 hours from {}. Times of shifts are the local times of their site.", fmt::moment(now));
    let (said, add, offer) = (forms::said(board), forms::add(board), forms::offer(board));
    let (tiles, live, list) = (tiles::tiles(board), tiles::live(board), lists::list(board));
    let href = format!("/operations?{}&page=", board.asked.query(board.asked.list));
    let older = board.length(board.asked.list).is_some_and(|n| n > i64::from(board.asked.page) * PAGE);
    let page = board.asked.page;
    let roster = board.asked.site.map(|site| format!("?site={site}")).unwrap_or_default();
    let roster = format!("/operations/roster{roster}");
    view! {
        <PageFrame title="Operations" lead=lead aside=Some(filter(board).into_any())>
            <div class="operations">
                {said}
                <div class="operations-figures">{tiles}{live}</div>
                <p class="way-on"><a class="button quiet" href=roster>"Make a roster for a week"</a></p>
                {add}
                {offer}
                {list}
                <Pager label="Pages of the list" page=page older=older href=href/>
            </div>
        </PageFrame>
    }
}

fn filter(board: &Board) -> impl IntoView + use<> {
    let sites = board
        .sites
        .iter()
        .map(|(id, name)| view! { <option value=id.to_string() selected=board.asked.site == Some(*id)>{name.clone()}</option> })
        .collect_view();
    let show = board.asked.list.word();
    let chosen = board.asked.site.and_then(|site| board.sites.iter().find(|(id, _)| *id == site));
    let chosen = chosen.map(|(_, name)| format!(" {name}")).unwrap_or_default();
    (board.sites.len() > 1).then(|| {
        view! {
            <div class="filter-bar">
                <details class="filters">
                    <summary><span class="filters-word">"Site"</span>{chosen}</summary>
                    <form method="get" action="/operations" class="filter-form">
                        <input type="hidden" name="show" value=show/>
                        <label class="field">"Site"<select name="site"><option value="">"All my sites"</option>{sites}</select></label>
                        <button class="button" type="submit">"Show"</button>
                    </form>
                </details>
            </div>
        }
    })
}
