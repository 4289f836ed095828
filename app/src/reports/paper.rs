//! A report as a page: the blocks of its document, one after the other, with charts that a page can draw.

use leptos::prelude::*;
use muster::charts::Figure;
use muster::reports::{Block, Cell, Document, Kind, Points, Table, Tile};

use crate::ui::{ChartFigure, Column, DataTable, EmptyState, Notice, NoticeKind};

/// The blocks of a document. Its drawings are made for paper, so `figures` stand in their place, in their order.
#[component]
pub fn Paper(document: Document, figures: Vec<Figure>) -> impl IntoView {
    let mut figures = figures.into_iter();
    let blocks = document
        .blocks
        .into_iter()
        .map(|block| match block {
            Block::Figures { figures: drawings } => {
                let drawn = figures.by_ref().take(drawings.len());
                drawn.map(|figure| view! { <ChartFigure figure/> }).collect_view().into_any()
            }
            other => printed(other),
        })
        .collect_view();
    view! { <article class="paper">{blocks}</article> }
}

fn printed(block: Block) -> AnyView {
    match block {
        Block::Heading { text, lead } => {
            let lead = (!lead.is_empty()).then(|| view! { <p class="lead">{lead}</p> });
            view! { <header class="paper-head"><h2>{text}</h2>{lead}</header> }.into_any()
        }
        Block::Paragraph { text } => view! { <p class="paper-text">{text}</p> }.into_any(),
        Block::Notice { text } => view! { <Notice kind=NoticeKind::Warning><p>{text}</p></Notice> }.into_any(),
        Block::Columns { columns } => {
            let columns = columns.into_iter().map(points).collect_view();
            view! { <div class="paper-columns">{columns}</div> }.into_any()
        }
        Block::Tiles { tiles } => {
            let tiles = tiles.into_iter().map(tile).collect_view();
            view! { <div class="tiles">{tiles}</div> }.into_any()
        }
        Block::Table(it) => table(it),
        Block::Terms { terms } => {
            let terms = terms
                .into_iter()
                .map(|(term, means)| view! { <div><dt>{term}</dt><dd>{means}</dd></div> })
                .collect_view();
            view! { <dl class="reports-facts">{terms}</dl> }.into_any()
        }
        Block::Figures { .. } | Block::Multiples { .. } | Block::PageBreak => ().into_any(),
    }
}

fn points(it: Points) -> impl IntoView {
    let body = if it.points.is_empty() {
        view! { <EmptyState title=it.nothing/> }.into_any()
    } else {
        let points = it.points.into_iter().map(|point| view! { <li>{point}</li> }).collect_view();
        view! { <ul class="paper-points">{points}</ul> }.into_any()
    };
    view! { <section class="card"><h2>{it.title}</h2>{body}</section> }
}

fn tile(it: Tile) -> impl IntoView {
    let unit = (!it.unit.is_empty()).then(|| view! { <span class="tile-unit">" "{it.unit}</span> });
    let light = it.light.map(|light| view! { <p class="tile-compared">{light.word}{(!it.target.is_empty()).then(|| format!(", {}", it.target))}</p> });
    let lines = it.lines.into_iter().map(|line| view! { <p class="tile-period">{line}</p> }).collect_view();
    view! {
        <div class="tile">
            <p class="tile-label">{it.label}</p>
            <p class="tile-value">{it.value}{unit}</p>
            {light}
            {lines}
        </div>
    }
}

fn table(it: Table) -> AnyView {
    // Keys are for sorting, which a report's tables do not.
    let columns = it
        .columns
        .iter()
        .map(|column| match column.kind {
            Kind::Text => Column::text("", &column.label),
            Kind::Number => Column::number("", &column.label),
        })
        .collect();
    let rows = it.rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect();
    let note = (!it.note.is_empty()).then(|| view! { <p class="reports-note">{it.note}</p> });
    view! { <DataTable caption=it.caption columns rows/> {note} }.into_any()
}

fn cell(it: Cell) -> AnyView {
    match it.mark {
        Some(mark) if mark.word() != it.text => format!("{} ({})", it.text, mark.word()).into_any(),
        _ => it.text.into_any(),
    }
}
