//! `/alignment/quality/{check}`: which rows, and what is wrong with each?

use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use muster::alignment::quality::{Check, Findings, findings};
use muster::people::Permission;

use super::{address, files};
use crate::caller::Caller;
use crate::error::AppError;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, Column, DataTable, EmptyState, Pager, fmt, page_of};

/// Rows of a page.
const ROWS: i64 = 50;

struct Shown {
    caller: Caller,
    check: Check,
    findings: Findings,
    page: u32,
}

/// `/alignment/quality/{check}`
#[component]
pub fn CheckPage() -> impl IntoView {
    let code = use_params_map().get_untracked().get("check").unwrap_or_default();
    let asked = page_of(&use_query_map().get_untracked(), "page");
    let page = Suspend::new(async move {
        match async { load(&code, asked?).await }.await {
            Ok(shown) => Either::Left(view(&shown)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(code: &str, page: u32) -> Result<Shown, AppError> {
    let caller = Caller::with(Permission::Alignment)?;
    let check = Check::of(code).ok_or(AppError::NotFound)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let findings = findings(&mut tx, check, ROWS, i64::from(page - 1) * ROWS).await?;
    drop(tx);
    Ok(Shown { caller, check, findings, page })
}

fn view(shown: &Shown) -> impl IntoView + use<> {
    let it = &shown.findings;
    let lead = match it.made_at {
        None => "It was not made yet.".to_owned(),
        Some(at) => {
            let at = fmt::moment(at.with_timezone(&shown.caller.user().org.zone).fixed_offset());
            let cut = if it.kept < it.bad {
                format!(", {} of them kept", fmt::number(it.kept as f64, 0))
            } else {
                String::new()
            };
            format!("{} on {at}{cut}. The newest days first.", fmt::count(it.bad, "bad row", "bad rows"))
        }
    };
    let older = i64::from(shown.page) * ROWS < it.kept;
    let file =
        (it.kept > 0).then(|| view! { <p><a href=files::link(shown.check) download="">"These rows as CSV"</a></p> });
    let body = if it.rows.is_empty() { empty(shown) } else { table(it) };
    let (title, advice, page) = (shown.check.title(), shown.check.advice(), shown.page);
    let href = format!("{}?page=", address(shown.check));
    view! {
        <PageFrame title=title lead=advice>
            <p class="way-back"><a href="/alignment#data-quality">"Operational alignment"</a></p>
            <Card id="rows" title="Rows" lead=lead>
                {body}
                <Pager label="Pages of rows" page=page older=older href=href/>
                {file}
            </Card>
        </PageFrame>
    }
}

fn empty(shown: &Shown) -> AnyView {
    let (title, why) = match (shown.page, shown.findings.made_at) {
        (1, None) => ("Not looked at yet", "The data is looked through every six hours."),
        (1, Some(_)) => ("Nothing was found", "Every row that was judged is in order."),
        _ => ("There is no such page", "The list is shorter. Turn back to its first page."),
    };
    view! { <EmptyState title=title><p>{why}</p></EmptyState> }.into_any()
}

fn table(it: &Findings) -> AnyView {
    let columns = vec![
        Column::text("key", "Row"),
        Column::text("source", "Table"),
        Column::text("day", "Day"),
        Column::text("what", "What is wrong"),
    ];
    let rows = it
        .rows
        .iter()
        .map(|row| {
            vec![
                view! { <code class="row-key">{row.key.clone()}</code> }.into_any(),
                row.source.clone().into_any(),
                row.day.map_or_else(|| "–".to_owned(), fmt::day_and_year).into_any(),
                row.what.clone().into_any(),
            ]
        })
        .collect();
    view! { <DataTable caption="Bad rows" hide_caption=true columns rows/> }.into_any()
}
