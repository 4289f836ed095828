//! The page: add an address, the addresses, what was sent.

use leptos::either::Either;
use leptos::prelude::*;
use muster::people::Permission;
use muster::webhooks::{Delivery, HEADER, Kind, TOLERANCE_SECONDS, Webhook, deliveries, webhooks};

use super::PAGE;
use super::fns::FORM;
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, Column, DataTable, Details, EmptyState, Notice, NoticeKind, fmt};

/// Messages shown.
const SHOWN: i64 = 50;

struct Board {
    caller: Caller,
    flash: Option<Flash>,
    webhooks: Vec<Webhook>,
    deliveries: Vec<Delivery>,
}

/// `/admin/webhooks`
#[component]
pub fn WebhooksPage() -> impl IntoView {
    let page = Suspend::new(async move {
        match load().await {
            Ok(board) => Either::Left(view(&board)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load() -> Result<Board, AppError> {
    let caller = Caller::with(Permission::Admin)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let (webhooks, deliveries) = (webhooks(&mut tx, caller.now()).await?, deliveries(&mut tx, SHOWN).await?);
    drop(tx);
    Ok(Board { flash: Flash::take().await.filter(|flash| flash.form == FORM), webhooks, deliveries, caller })
}

fn view(board: &Board) -> impl IntoView + use<> {
    let said = board.flash.as_ref().map(|flash| {
        let (kind, message) = (if flash.done { NoticeKind::Done } else { NoticeKind::Failed }, flash.message.clone());
        view! { <Notice kind><p class="webhook-said">{message}</p></Notice> }
    });
    let (addresses, add, sent) = (addresses(board), add(board), sent(board));
    view! {
        <PageFrame title="Webhooks" lead="Other systems that are told what happens, and what they answered.">
            {said}
            <div class="stack">
                {addresses}
                {add}
                {sent}
                <p><a href=PAGE>"Refresh"</a>" · "<a href=super::super::PAGE>"Back to Admin"</a></p>
            </div>
        </PageFrame>
    }
}

fn add(board: &Board) -> impl IntoView + use<> {
    let url = board.flash.as_ref().filter(|flash| !flash.done).map(|flash| flash.typed("url")).unwrap_or_default();
    let choices = Kind::CHOICES
        .into_iter()
        .zip(["opened", "escalated", "closed"])
        .map(|(kind, name)| {
            view! { <label class="pick"><input type="checkbox" name=name value="true" checked=true/>{kind.label()}</label> }
        })
        .collect_view();
    let how = format!(
        "Each message is a POST of JSON with the header {HEADER}: t=…,v1=…, where v1 is HMAC-SHA256 over t, a dot and the body, in hexadecimal, with the secret of the address. Compute it again, compare, and do not believe a message whose t is more than {TOLERANCE_SECONDS} seconds off. A message may come twice: Muster-Delivery is then the same."
    );
    view! {
        <Card id="add" title="Add an address" lead="https only, and only addresses of the public internet.">
            <form class="form" method="post" action="/fn/add_webhook">
                <label class="field">"Address"<input type="url" name="url" maxlength="500" required=true placeholder="https://example.com/hooks/muster" value=url/></label>
                <fieldset class="choice-set"><legend>"It is told when"</legend>{choices}</fieldset>
                <button class="button" type="submit">"Add"</button>
            </form>
            <Details summary="How to check that a message is from here"><p>{how}</p></Details>
        </Card>
    }
}

fn addresses(board: &Board) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("url", "Address"),
        Column::text("kinds", "Told when"),
        Column::text("state", "State"),
        Column::number("delivered", "Arrived, 30 days"),
        Column::number("failed", "Given up, 30 days"),
        Column::text("by", "Added by"),
        Column::text("act", "Change"),
    ];
    let rows: Vec<_> = board.webhooks.iter().map(address).collect();
    let body = if rows.is_empty() {
        view! { <EmptyState title="Nobody else is told"><p>"Add the address of a chat, a ticket system or a program of your own."</p></EmptyState> }.into_any()
    } else {
        view! { <DataTable caption="Addresses, the oldest first" hide_caption=true columns rows/> }.into_any()
    };
    view! { <Card id="addresses" title="Addresses">{body}</Card> }
}

fn address(it: &Webhook) -> Vec<AnyView> {
    let kinds: Vec<&str> = Kind::CHOICES
        .into_iter()
        .filter(|kind| it.kinds.iter().any(|known| known == kind.code()))
        .map(Kind::label)
        .collect();
    let button = |action: &'static str, word: &'static str, active: Option<bool>| {
        let (id, label) = (it.id.to_string(), format!("{word}: {}", it.url));
        let active = active.map(|active| view! { <input type="hidden" name="active" value=active.to_string()/> });
        view! {
            <form method="post" action=action>
                <input type="hidden" name="id" value=id/>
                {active}
                <button class="button quiet" type="submit" aria-label=label>{word}</button>
            </form>
        }
    };
    let (state, turn) = if it.active { ("told", "Pause") } else { ("paused", "Resume") };
    let test = it.active.then(|| button("/fn/test_webhook", "Send a test", None));
    let buttons = view! {
        <div class="webhook-buttons">
            {test}
            {button("/fn/pause_webhook", turn, Some(!it.active))}
            {button("/fn/remove_webhook", "Remove", None)}
        </div>
    };
    vec![
        view! { <span class="webhook-url">{it.url.clone()}</span> }.into_any(),
        kinds.join(", ").into_any(),
        state.into_any(),
        fmt::number(it.delivered as f64, 0).into_any(),
        fmt::number(it.failed as f64, 0).into_any(),
        it.created_by.clone().into_any(),
        buttons.into_any(),
    ]
}

fn sent(board: &Board) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("asked", "Asked for"),
        Column::text("url", "Address"),
        Column::text("kind", "Of"),
        Column::text("state", "State"),
        Column::number("tries", "Tries"),
        Column::text("status", "Status"),
        Column::text("answer", "Answer"),
        Column::text("next", "Next try, about"),
    ];
    let rows: Vec<_> = board.deliveries.iter().map(|it| delivery(board, it)).collect();
    let body = if rows.is_empty() {
        view! { <EmptyState title="Nothing was sent yet"><p>"Each message stands here with what the other side answered."</p></EmptyState> }.into_any()
    } else {
        view! { <DataTable caption="The latest 50 messages, newest first" hide_caption=true columns rows/> }.into_any()
    };
    view! {
        <Card id="deliveries" title="Messages" lead="The latest 50, newest first. One that does not arrive is tried eight times over about half an hour; kept for 90 days.">{body}</Card>
    }
}

fn delivery(board: &Board, it: &Delivery) -> Vec<AnyView> {
    let zone = board.caller.user().org.zone;
    let moment = |at: chrono::DateTime<chrono::Utc>| fmt::moment(at.with_timezone(&zone).fixed_offset());
    let state = match it.state.as_str() {
        "waiting" if it.attempts > 0 => "waits to be tried again",
        "waiting" => "waits",
        "delivered" => "arrived",
        "failed" => "given up",
        "refused" => "not sent there",
        _ => "dropped: it was paused",
    };
    let answer = it.answer.clone().filter(|answer| !answer.is_empty()).map_or_else(
        || "–".into_any(),
        |answer| view! { <Details summary="Answer"><p class="webhook-answer">{answer}</p></Details> }.into_any(),
    );
    vec![
        moment(it.asked_at).into_any(),
        view! { <span class="webhook-url">{it.url.clone()}</span> }.into_any(),
        it.kind.clone().into_any(),
        state.into_any(),
        it.attempts.to_string().into_any(),
        it.status.map_or_else(|| "–".to_owned(), |status| status.to_string()).into_any(),
        answer,
        it.next_try_at.map_or_else(|| "–".to_owned(), moment).into_any(),
    ]
}
