//! One schedule: what it does, its runs, and the buttons that change it.

use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use leptos_router::params::ParamsMap;
use muster::reports::schedules::{self, Kept, Run};
use uuid::Uuid;

use super::form::{self, Choices};
use super::page::{at, maker, next, to_whom, when};
use super::{PAGE, anybody, history, said};
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, Details, Notice, NoticeKind};

struct Desk {
    caller: Caller,
    flash: Option<Flash>,
    kept: Kept,
    runs: Vec<Run>,
    choices: Choices,
}

/// `/reports/{schedule}`
#[component]
pub fn SchedulePage() -> impl IntoView {
    let id = use_params_map().get_untracked().get("schedule").unwrap_or_default();
    let query = use_query_map().get_untracked();
    let page = Suspend::new(async move {
        match load(&id, &query).await {
            Ok(desk) => Either::Left(view(&desk)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(id: &str, query: &ParamsMap) -> Result<Desk, AppError> {
    let caller = anybody()?;
    let id: Uuid = id.parse().map_err(|_| AppError::NotFound)?;
    let before = match query.get("before") {
        Some(text) => Some(text.parse::<Uuid>().map_err(|_| AppError::NotFound)?),
        None => None,
    };
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let kept = schedules::one(&mut tx, id, caller.user()).await?;
    let runs = schedules::runs(&mut tx, id, before, history::SHOWN + 1).await?;
    let choices = Choices::read(&mut tx, &caller, kept.schedule.report).await?;
    Ok(Desk { flash: Flash::take().await, kept, runs, choices, caller })
}

fn view(desk: &Desk) -> impl IntoView + use<> {
    let kept = &desk.kept;
    let lead = match kept.schedule.description.as_str() {
        "" => kept.schedule.report.holds().to_owned(),
        own => own.to_owned(),
    };
    let gone = (!kept.owner_is_there).then(|| {
        view! {
            <Notice kind=NoticeKind::Warning>
                <p>"Whoever made it may not sign in any more, so it sends nothing. Save it under “Change it”, and it is yours."</p>
            </Notice>
        }
    });
    let shown = usize::try_from(history::SHOWN).unwrap_or(usize::MAX);
    let more = desk.runs.len() > shown;
    let runs = &desk.runs[..desk.runs.len().min(shown)];
    let older = runs.last().filter(|_| more).map(|run| format!("{PAGE}/{}?before={}#runs", kept.id, run.id));
    let change = form::change(kept, &desk.choices, desk.flash.as_ref());
    let open = desk.flash.as_ref().is_some_and(|flash| flash.form == form::CHANGE);
    let (said, facts, delete) = (said(desk.flash.as_ref()), facts(kept), delete(kept));
    let runs = history::card(kept, runs, desk.caller.user().id, older);
    view! {
        <PageFrame title=kept.schedule.name.clone() lead=lead>
            {said}
            {gone}
            <div class="stack reports">
                {facts}
                {runs}
                <Card id="change" title="Change it">
                    <Details summary="When it goes out, to whom, and what it is called" open=open>{change}</Details>
                    {delete}
                </Card>
                <p class="reports-links"><a href=PAGE>"All reports"</a></p>
            </div>
        </PageFrame>
    }
}

fn facts(kept: &Kept) -> impl IntoView + use<> {
    let it = &kept.schedule;
    let part = match (&kept.site, &kept.partner) {
        (Some(site), _) => format!("only {site}"),
        (_, Some(partner)) => format!("only {partner}"),
        _ => "everything the recipient may see".into(),
    };
    let people = if kept.emails.len() > 1 { format!(": {}", kept.emails.join(", ")) } else { String::new() };
    let lines = [
        ("Report", format!("{}: {}", it.report.label(), it.report.holds())),
        ("File", it.format.label().to_owned()),
        ("About", part),
        ("When", when(kept)),
        ("To", format!("{}{people}", to_whom(kept))),
        ("Next", next(kept)),
        ("Last due", kept.last_run_at.map_or_else(|| "never yet".into(), |moment| at(kept, moment))),
        ("Made by", maker(kept)),
    ]
    .map(|(term, means)| view! { <div><dt>{term}</dt><dd>{means}</dd></div> })
    .collect_view();
    let buttons = (send_now(kept), pause(kept));
    view! {
        <Card id="facts" title="What it does">
            <dl class="reports-facts">{lines}</dl>
            <div class="reports-buttons">{buttons}</div>
        </Card>
    }
}

fn send_now(kept: &Kept) -> impl IntoView + use<> {
    let id = kept.id.to_string();
    view! {
        <form method="post" action="/fn/send_report">
            <input type="hidden" name="id" value=id/>
            <button class="button" type="submit">"Send now"</button>
        </form>
    }
}

fn pause(kept: &Kept) -> impl IntoView + use<> {
    let (id, active) = (kept.id.to_string(), kept.active);
    let (to, label) = if active { ("no", "Pause") } else { ("yes", "Let it go on") };
    view! {
        <form method="post" action="/fn/pause_report">
            <input type="hidden" name="id" value=id/>
            <input type="hidden" name="active" value=to/>
            <button class="button quiet" type="submit">{label}</button>
        </form>
    }
}

fn delete(kept: &Kept) -> impl IntoView + use<> {
    let id = kept.id.to_string();
    let again = kept.usual.then_some(" It is not made anew by itself; pausing leaves it here.");
    view! {
        <Details summary="Delete it">
            <p class="muted">"It goes out no more. What it has sent stays on record for a year."{again}</p>
            <form method="post" action="/fn/delete_report">
                <input type="hidden" name="id" value=id/>
                <button class="button quiet" type="submit">"Delete for good"</button>
            </form>
        </Details>
    }
}
