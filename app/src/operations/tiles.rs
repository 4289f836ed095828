//! The tiles: each number leads to the list it counts.

use leptos::prelude::*;

use super::address::List;
use super::page::{Board, Risk};
use crate::ui::{Tile, fmt};

const AHEAD: &str = "next 48 hours";

pub(super) fn tiles(board: &Board) -> impl IntoView + use<> {
    let at_risk = match &board.risk {
        Risk::Unknown(_) => tile(board, List::AtRisk, "At risk", AHEAD, "no model is shown yet"),
        Risk::Known(_) => {
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
    let value = board.length(list).map_or_else(|| "–".to_owned(), |n| fmt::number(n as f64, 0));
    let href = format!("/operations?{}#list", board.asked.query(list));
    let heard = format!("Show: {}", list.label());
    view! { <Tile label=label value=value period=period note=note><a href=href aria-label=heard>"Show"</a></Tile> }
}
