//! What stands around the queue: what was just done, praise, did it work, counts; and a worker's conversations.

use chrono::NaiveDate;
use leptos::prelude::*;
use muster::coaching::effect::{DidItWork, words};
use muster::coaching::{self, Counts, Entry, Session, State};

use super::entry;
use super::page::{Queue, anchor};
use crate::ui::{Card, Column, DataTable, Details, EmptyState, Notice, NoticeKind, Pager};

/// Good news shown before the rest folds away.
const PRAISED: usize = 5;

/// What was just done, with a way back for some seconds; or what to mend.
pub(super) fn said(queue: &Queue) -> Option<impl IntoView + use<>> {
    let flash = queue.flash.as_ref().filter(|flash| flash.form == "coaching")?;
    let kind = if flash.done { NoticeKind::Done } else { NoticeKind::Failed };
    let message = flash.message.clone();
    let (item, version) = (flash.typed("item"), flash.typed("version"));
    let undo = (flash.done && !version.is_empty()).then(|| {
        let back = queue.address(&[]);
        view! {
            <form method="post" action="/fn/undo_coaching" class="undo">
                <input type="hidden" name="item" value=item/>
                <input type="hidden" name="version" value=version/>
                <input type="hidden" name="back" value=back/>
                <button class="button quiet" type="submit">"Undo"</button>
                <span class="entry-when">"for 10 seconds"</span>
            </form>
        }
    });
    Some(view! { <Notice kind><p>{message}</p>{undo}</Notice> })
}

/// Whom to thank: its own short list above the queue.
pub(super) fn praise(queue: &Queue) -> Option<impl IntoView + use<>> {
    if queue.page.praise.is_empty() {
        return None;
    }
    let first: Vec<_> = queue.page.praise.iter().take(PRAISED).map(|it| good_news(queue, it)).collect();
    let rest: Vec<_> = queue.page.praise.iter().skip(PRAISED).map(|it| good_news(queue, it)).collect();
    let summary = format!("{} more with good news", rest.len());
    let rest = (!rest.is_empty()).then(|| view! { <Details summary=summary><ul class="praises">{rest}</ul></Details> });
    Some(view! {
        <Card id="praise" title="Good news first" lead="Say it today: it takes a minute.">
            <ul class="praises">{first}</ul>
            {rest}
        </Card>
    })
}

fn good_news(queue: &Queue, it: &Entry) -> impl IntoView + use<> {
    let worker = format!("/team/{}/{}", it.site_id, it.worker);
    let role = format!("{} · {}", it.job_role, it.site);
    let news = it
        .signals
        .iter()
        .map(|signal| view! { <p class="entry-text">{coaching::words::evidence(signal)}</p> })
        .collect_view();
    let actions = entry::actions(queue, it);
    view! {
        <li id=anchor(it) class="praise" data-worker=it.name.clone()>
            <div class="entry-head"><h3 class="entry-name"><a href=worker>{it.name.clone()}</a></h3><span class="entry-when">{role}</span></div>
            {news}
            {actions}
        </li>
    }
}

pub(super) fn pager(queue: &Queue) -> impl IntoView + use<> {
    let query = queue.address(&[("page", "")]);
    let href = if query.is_empty() { "/coaching?page=".to_owned() } else { format!("/coaching?{query}&page=") };
    let page = u32::try_from(queue.page.page).unwrap_or(1);
    let older = queue.page.page < queue.page.pages;
    view! { <Pager label="Pages of the queue" page=page older=older href=href anchor="#queue"/> }
}

/// Whether talking helped, with its interval and what it rests on.
pub(super) fn effect(kept: Option<&(NaiveDate, DidItWork)>) -> impl IntoView + use<> {
    let Some((day, answer)) = kept else {
        return view! { <Card id="effect" title="Did it work?"><EmptyState title="Worked out each morning at 06:00, the first time tomorrow"/></Card> }.into_any();
    };
    let lead = format!(
        "BPI 30 days after a conversation, against comparable colleagues who were not coached; the whole company, as of {}.",
        crate::ui::fmt::day_and_year(*day)
    );
    let left_out = match answer {
        DidItWork::TooEarly { .. } => Vec::new(),
        DidItWork::TooFew { left_out, .. } | DidItWork::Measured { left_out, .. } => words::left_out(left_out),
    };
    let left_out = left_out.into_iter().map(|text| view! { <li>{text}</li> }).collect_view();
    let how = words::how_computed().map(|text| view! { <p>{text}</p> }).collect_view();
    let numbers = match answer {
        DidItWork::Measured { estimate, .. } => {
            let number = crate::ui::fmt::change(estimate.gain);
            let interval = format!(
                "95\u{a0}% interval {} to {} · {} conversations · {} colleagues",
                crate::ui::fmt::change(estimate.low),
                crate::ui::fmt::change(estimate.high),
                estimate.conversations,
                estimate.colleagues
            );
            Some(
                view! { <p class="effect-number">{number}" "<span class="entry-when">"points"</span></p><p class="entry-when">{interval}</p> },
            )
        }
        _ => None,
    };
    let sentence = words::sentence(answer);
    view! {
        <Card id="effect" title="Did it work?" lead=lead>
            {numbers}
            <p>{sentence}</p>
            <Details summary="How is this computed?"><ul class="reasons">{left_out}</ul>{how}</Details>
        </Card>
    }
    .into_any()
}

/// Counts and states by site, for those who see no names.
pub(super) fn counts(counts: &[Counts]) -> impl IntoView + use<> {
    if counts.is_empty() {
        return view! {
            <Card id="counts" title="Conversations by site">
                <EmptyState title="No site has five people or more">"Fewer than five are never broken out."</EmptyState>
            </Card>
        }
        .into_any();
    }
    let mut columns = vec![Column::text("site", "Site"), Column::number("people", "People")];
    columns.extend(State::ALL.map(|state| Column::number(state.word(), state.label())));
    let row = |name: String, people: i64, of: &dyn Fn(State) -> i64| {
        let mut cells = vec![view! { {name} }.into_any(), view! { {people} }.into_any()];
        cells.extend(State::ALL.map(|state| view! { {of(state)} }.into_any()));
        cells
    };
    let mut rows: Vec<Vec<AnyView>> = counts
        .iter()
        .map(|it| {
            row(it.site.clone().unwrap_or_else(|| "Sites with fewer than five people".into()), it.people, &|state| {
                it.of(state)
            })
        })
        .collect();
    if counts.len() > 1 {
        let total = |state| counts.iter().map(|it| it.of(state)).sum();
        rows.insert(0, row("All sites shown".into(), counts.iter().map(|it| it.people).sum(), &total));
    }
    view! {
        <Card id="counts" title="Conversations by site" lead="Entries by state; what is done, dismissed or settled counts for 90 days. Sites with fewer than five people are counted together.">
            <DataTable caption="Entries of the coaching queue by site and state" columns rows hide_caption=true/>
        </Card>
    }
    .into_any()
}

/// A worker's conversations, planned and held: on the own page and on the supervisor's view of the worker.
#[must_use]
pub fn sessions(id: &'static str, title: &'static str, lead: &'static str, of: &[Session]) -> impl IntoView + use<> {
    let entries: Vec<_> = of
        .iter()
        .map(|it| {
            let (class, word) = match it.state.as_str() {
                "completed" => ("tag done", "held"),
                "in_progress" => ("tag warning", "in progress"),
                _ => ("tag warning", "planned"),
            };
            let name = if it.kind.as_deref() == Some("praise") { "Thanks and praise" } else { "Conversation" };
            view! {
                <li>
                    <div class="entry-head"><span class="entry-name">{name}</span><span class=class>{word}</span></div>
                    {entry::session_block(it)}
                </li>
            }
        })
        .collect();
    let body = if entries.is_empty() {
        view! { <EmptyState title="No conversation is planned or has been held"/> }.into_any()
    } else {
        view! { <ul class="entries">{entries}</ul> }.into_any()
    };
    view! { <Card id=id title=title lead=lead>{body}</Card> }
}
