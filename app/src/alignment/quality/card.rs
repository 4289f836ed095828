//! The card: the score of the data, its course, and every check with what it found.

use chrono::Duration;
use leptos::prelude::*;
use muster::alignment::quality::{Checked, Course, Quality, latest, runs, word};
use muster::people::{Permission, Role};

use super::address;
use crate::caller::Caller;
use crate::error::AppError;
use crate::ui::{Card, Column, DataTable, Details, EmptyState, Tile, fmt};

/// Days of the course.
const DAYS: i64 = 30;

/// The card for this caller.
pub(crate) async fn card(caller: &Caller) -> Result<AnyView, AppError> {
    caller.scope(Permission::Alignment)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let quality = latest(&mut tx).await?;
    let course = runs(&mut tx, caller.now() - Duration::days(DAYS)).await?;
    drop(tx);
    let set = (caller.user().role == Role::Admin)
        .then(|| view! { <p><a href=crate::admin::quality::PAGE>"Set what the checks hold to"</a></p> });
    let (lead, body) = match &quality {
        None => (String::new(), nothing().into_any()),
        Some(quality) => (lead(caller, quality), view(quality, &course).into_any()),
    };
    Ok(view! { <Card id="data-quality" title="Data quality" lead=lead>{body}{set}</Card> }.into_any())
}

fn lead(caller: &Caller, quality: &Quality) -> String {
    let made = quality.made_at.with_timezone(&caller.user().org.zone).fixed_offset();
    format!("Facts of {}, looked through {}.", fmt::period(quality.first, quality.last), fmt::ago(made, caller.now()))
}

fn nothing() -> impl IntoView {
    view! {
        <EmptyState title="The data was not looked through yet">
            <p>"It is every six hours, at 00:00, 06:00, 12:00 and 18:00."</p>
        </EmptyState>
    }
}

fn view(quality: &Quality, course: &[Course]) -> impl IntoView + use<> {
    let value = quality.score.map_or_else(|| "n/a".to_owned(), fmt::points);
    let scores: Vec<f64> = course.iter().filter_map(|it| it.score).collect();
    let lowest = scores.iter().copied().reduce(f64::min);
    let note = lowest.map(|lowest| {
        let runs = fmt::count(scores.len() as i64, "run", "runs");
        format!("lowest of {runs} in {DAYS} days: {}", fmt::points(lowest))
    });
    let columns = vec![
        Column::text("check", "Check"),
        Column::text("family", "Family"),
        Column::number("bad", "Bad rows"),
        Column::number("of", "Of"),
        Column::number("score", "Score"),
    ];
    let (bad, good): (Vec<_>, Vec<_>) = quality.checks.iter().partition(|it| it.tally.bad > 0 || it.broken);
    let found = if bad.is_empty() {
        view! { <EmptyState title="Nothing was found"><p>"Every check that had something to judge found it in order."</p></EmptyState> }.into_any()
    } else {
        let rows = bad.into_iter().map(row).collect();
        view! { <DataTable caption="Checks that found something" columns=columns.clone() rows/> }.into_any()
    };
    let rest = (!good.is_empty()).then(|| {
        let summary = fmt::count(good.len() as i64, "check found nothing", "checks found nothing");
        let rows = good.into_iter().map(row).collect();
        view! { <Details summary=summary><DataTable caption="Checks that found nothing" hide_caption=true columns rows/></Details> }
    });
    let word = word(quality.score);
    view! {
        <div class="tiles">
            <Tile label="Score" value=value unit="of 100" period="each check weighs equally" note=note.unwrap_or_default()>
                {word}
            </Tile>
        </div>
        {found}
        {rest}
    }
}

fn row(it: &Checked) -> Vec<AnyView> {
    let title = view! { <a href=address(it.check)>{it.check.title()}</a> };
    let number = |n: i64| fmt::number(n as f64, 0);
    let [bad, of, score] = if it.broken {
        ["could not be made".to_owned(), "–".into(), "left out".into()]
    } else {
        let score = it.tally.score().map_or_else(|| "nothing to judge".to_owned(), fmt::points);
        [number(it.tally.bad), number(it.tally.judged), score]
    };
    vec![title.into_any(), it.check.family().label().into_any(), bad.into_any(), of.into_any(), score.into_any()]
}
