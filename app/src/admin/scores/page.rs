//! The page: the weights that hold, a form to change them with a preview, and the versions so far.

use std::collections::BTreeMap;

use axum::http::request::Parts;
use chrono::{Days, NaiveDate};
use leptos::either::Either;
use leptos::prelude::*;
use muster::scoring::{Component, FURTHEST_BACK, Policy, Preview, Version, policy_in_force, preview, versions};

use super::weights::{fields, plain, policy};
use super::{FORM, PAGE};
use crate::admin::administrator;
use crate::admin::form::said;
use crate::caller::Caller;
use crate::error::AppError;
use crate::export::Fields;
use crate::flash::Flash;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, Column, DataTable, EmptyState, Notice, NoticeKind, Tile, fmt};

struct Shown {
    caller: Caller,
    /// The last complete day.
    last: NaiveDate,
    now: Policy,
    versions: Vec<Version>,
    /// What stands in the fields.
    filled: BTreeMap<String, String>,
    /// What the weights in the fields would change, if that was asked.
    previewed: Option<Result<Preview, String>>,
    flash: Option<Flash>,
}

/// `/admin/scores`
#[component]
pub fn ScoresPage() -> impl IntoView {
    let asked = use_context::<Parts>().and_then(|parts| parts.uri.query().map(str::to_owned)).unwrap_or_default();
    let page = Suspend::new(async move {
        match load(&asked).await {
            Ok(shown) => Either::Left(view(&shown)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(asked: &str) -> Result<Shown, AppError> {
    let caller = administrator()?;
    let asked = Fields::read(asked)?;
    let last = caller.last_complete_day();
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let now = policy_in_force(&mut tx, last).await?;
    let versions = versions(&mut tx).await?;
    let flash = Flash::take().await.filter(|flash| flash.form == FORM);
    let mut filled: BTreeMap<String, String> =
        fields(&now).into_iter().map(|(code, weight)| (code.to_owned(), weight)).collect();
    filled.insert("from".into(), (last + Days::new(2)).to_string());
    let mut previewed = None;
    if let Some(flash) = flash.as_ref().filter(|flash| !flash.done) {
        filled.extend(flash.typed.clone());
    } else if asked.once("preview")?.is_some() {
        for (code, value) in &mut filled {
            *value = asked.once(code)?.unwrap_or_default().chars().take(20).collect();
        }
        for text in ["reason", "restate"] {
            let typed = asked.once(text)?.unwrap_or_default();
            filled.insert(text.into(), typed.chars().take(500).collect());
        }
        previewed = Some(match policy(|code| filled.get(code).cloned().unwrap_or_default()) {
            Ok(wanted) => Ok(preview(&mut tx, &wanted, last).await?),
            Err(error) => Err(error.text()),
        });
    }
    Ok(Shown { caller, last, now, versions, filled, previewed, flash })
}

fn view(it: &Shown) -> impl IntoView + use<> {
    let since = it.versions.iter().find(|version| version.from <= it.last);
    let lead = match since {
        Some(version) => format!(
            "Version {} holds, since {}. A day is judged by the version that held on it.",
            version.version,
            fmt::day_and_year(version.from)
        ),
        None => "The defaults of the product hold. A day is judged by the version that held on it.".to_owned(),
    };
    let (said, changed) = (said(it.flash.as_ref()), it.previewed.as_ref().map(changed));
    let (form, holding, history) = (form(it), holding(it), history(it));
    view! {
        <PageFrame title="Score policy" lead=lead>
            {said}
            {changed}
            <div class="columns">
                <div class="stack">{form}</div>
                <div class="stack">{holding} {history}</div>
            </div>
            <p><a href=crate::admin::PAGE>"Back to Admin"</a></p>
        </PageFrame>
    }
}

fn changed(previewed: &Result<Preview, String>) -> AnyView {
    let it = match previewed {
        Ok(it) => *it,
        Err(why) => {
            let why = why.clone();
            return view! { <Notice kind=NoticeKind::Failed><p>{why}</p></Notice> }.into_any();
        }
    };
    let period = format!("28 days to {}", fmt::day_and_year(it.day));
    let of = format!("of {}", fmt::count(it.judged as i64, "person", "people"));
    let (gained, lost) = (it.gained as i64, it.lost as i64);
    let note = format!(
        "{} would have a score for the first time, {} would have none any more.",
        fmt::count(gained, "person", "people"),
        fmt::count(lost, "person", "people")
    );
    view! {
        <Card id="preview" title="What these weights would change" lead="Nothing was changed. Everybody was judged once more by the weights in the form.">
            <div class="tiles">
                <Tile label="A better band" value=it.better.to_string() unit=of.clone() period=period.clone()/>
                <Tile label="A worse band" value=it.worse.to_string() unit=of period=period.clone()/>
                <Tile label="Mean change of the score" value=fmt::change(it.shift) unit="points" period=period/>
            </div>
            <p class="muted">{note}</p>
        </Card>
    }
    .into_any()
}

fn form(it: &Shown) -> impl IntoView + use<> {
    let value = |code: &str| it.filled.get(code).cloned().unwrap_or_default();
    let groups = Component::ALL.iter().map(|component| group(*component, &value)).collect_view();
    let (from, reason, restate) = (value("from"), value("reason"), !value("restate").is_empty());
    let published = fmt::day_and_year(it.last);
    let earliest = fmt::day_and_year(it.last - Days::new(FURTHEST_BACK - 1));
    view! {
        <Card id="change" title="New weights" lead="The weights of the components add up to 100, and so do those of the parts of each component. What weighs 0 is shown and does not count.">
            <form class="admin-weights" method="post" action="/fn/change_score_policy">
                {groups}
                <label class="field">"From which day on"<input type="date" name="from" required=true value=from/></label>
                <label class="field">"Why (it is kept with the version)"<input type="text" name="reason" maxlength="500" required=true value=reason/></label>
                <label class="admin-check"><input type="checkbox" name="restate" value="yes" checked=restate/>
                    {format!("Restate: judge published days again, back to {earliest} at most. Without it the version begins after {published}.")}
                </label>
                <div class="admin-buttons">
                    <button class="button quiet" type="submit" formmethod="get" formaction=PAGE formnovalidate=true name="preview" value="1">"Preview"</button>
                    <button class="button" type="submit">"Make this version"</button>
                </div>
            </form>
        </Card>
    }
}

fn group(component: Component, value: &dyn Fn(&str) -> String) -> impl IntoView + use<> {
    let parts = component
        .parts()
        .iter()
        .map(|part| {
            let weight = value(part.code());
            view! { <label class="field">{part.label()}<input type="text" inputmode="decimal" name=part.code() maxlength="8" value=weight/></label> }
        })
        .collect_view();
    let weight = value(component.code());
    let label = format!("{}: weight in the score", component.label());
    view! {
        <fieldset class="admin-group">
            <legend>{component.label()}</legend>
            <label class="field admin-whole">{label}<input type="text" inputmode="decimal" name=component.code() maxlength="8" value=weight/></label>
            {parts}
        </fieldset>
    }
}

fn holding(it: &Shown) -> impl IntoView + use<> {
    let columns = vec![Column::text("what", "Component and part"), Column::number("weight", "Weight")];
    let mut rows = Vec::new();
    for component in Component::ALL {
        let label = component.label();
        rows.push(vec![
            view! { <strong>{label}</strong> }.into_any(),
            view! { <strong>{plain(it.now.of(*component))}</strong> }.into_any(),
        ]);
        for part in component.parts() {
            rows.push(vec![
                view! { <span class="admin-within">{part.label()}</span> }.into_any(),
                plain(it.now.within(*part)).into_any(),
            ]);
        }
    }
    let caption = format!("Weights that held on {}", fmt::day_and_year(it.last));
    view! { <Card id="holding" class="admin-holding" title="What holds"><DataTable caption columns rows/></Card> }
}

fn history(it: &Shown) -> impl IntoView + use<> {
    let zone = it.caller.user().org.zone;
    let columns = vec![
        Column::number("version", "Version"),
        Column::text("from", "Holds from"),
        Column::text("by", "Made"),
        Column::text("reason", "Why"),
    ];
    let rows: Vec<_> = it
        .versions
        .iter()
        .map(|version| {
            let made = fmt::day_and_year(version.made_at.with_timezone(&zone).date_naive());
            let by = version.made_by.clone().map_or_else(|| made.clone(), |by| format!("{made} by {by}"));
            let restated = if version.restates { " (published days were restated)" } else { "" };
            vec![
                version.version.to_string().into_any(),
                fmt::day_and_year(version.from).into_any(),
                by.into_any(),
                format!("{}{restated}", version.reason).into_any(),
            ]
        })
        .collect();
    let body = if rows.is_empty() {
        view! { <EmptyState title="No version was made yet"><p>"The defaults of the product hold since the beginning."</p></EmptyState> }.into_any()
    } else {
        view! { <DataTable caption="Versions, newest first" hide_caption=true columns rows/> }.into_any()
    };
    view! { <Card id="versions" title="Versions">{body}</Card> }
}
