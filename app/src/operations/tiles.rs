//! The tiles: each number leads to the list it counts, and changes while somebody looks.

use leptos::nonce::use_nonce;
use leptos::prelude::*;

use super::address::List;
use super::live::{LIVE, whole};
use super::page::Board;
use super::risk::Risk;
use crate::ui::Tile;

const AHEAD: &str = "next 48 hours";

pub(super) fn tiles(board: &Board) -> impl IntoView + use<> {
    let at_risk = match &board.risk {
        Risk::Unknown(_) => tile(board, List::AtRisk, "At risk", AHEAD, "no model is shown yet"),
        Risk::Known { .. } => {
            tile(board, List::AtRisk, "At risk", AHEAD, "predicted to be filled with less than 70\u{a0}%")
        }
    };
    view! {
        <section class="tiles" id="figures" aria-label="The next 48 hours in numbers">
            {tile(board, List::Shifts, "Shifts", AHEAD, "with those that run now")}
            {tile(board, List::Open, "Unfilled", AHEAD, "nobody has them")}
            {at_risk}
            {tile(board, List::Available, "Available today", "today", "no shift, no leave, and said to be able to")}
            {tile(board, List::There, "Clocked in now", "now", "on shifts that have not ended")}
        </section>
    }
}

fn tile(
    board: &Board,
    list: List,
    label: &'static str,
    period: &'static str,
    note: &'static str,
) -> impl IntoView + use<> {
    let value = board.length(list).map_or_else(|| "–".to_owned(), whole);
    let href = format!("/operations?{}#list", board.asked.query(list));
    let heard = format!("Show: {}", list.label());
    view! { <Tile label=label value=value period=period note=note live=list.word()><a href=href aria-label=heard>"Show"</a></Tile> }
}

/// Where the browser finds the script that keeps the tiles up to date.
#[derive(Debug, Clone)]
pub struct LiveModule(pub String);

/// How old the numbers are. Without JavaScript: as old as the page, with a way to a new one.
pub(super) fn live(board: &Board) -> impl IntoView + use<> {
    let (query, site) = (board.asked.query(board.asked.list), board.asked.site);
    let here = format!("/operations?{query}&page={}", board.asked.page);
    let stream = site.map_or_else(|| LIVE.to_owned(), |site| format!("{LIVE}?site={site}"));
    let at = board.caller.now().with_timezone(&board.caller.user().org.zone).format("%H:%M:%S").to_string();
    let script = use_context::<LiveModule>()
        .map(|LiveModule(address)| view! { <script type="module" nonce=use_nonce() src=address></script> });
    view! {
        <div class="live" id="live" data-stream=stream>
            <p class="live-state">
                <span class="live-sign" aria-hidden="true"></span>
                <span class="live-said">"As of "{at}"."</span>" "<a class="live-reload" href=here.clone()>"Reload to refresh"</a>
            </p>
            <p class="live-stale" hidden=true>"Something has changed since the list below was read. "<a href=format!("{here}#list")>"Show it as it is now"</a></p>
            <p class="sr-only" role="status"></p>
        </div>
        {script}
    }
}
