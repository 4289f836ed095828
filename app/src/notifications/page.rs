//! The page: one list, newest first, and what is muted.

use chrono_tz::Tz;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use muster::notifications::{self, Inbox, Kind, Notification};

use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::frame::PageFrame;
use crate::ui::{Ago, Card, EmptyState, Notice, NoticeKind, Pager, page_of};

struct News {
    caller: Caller,
    flash: Option<Flash>,
    inbox: Inbox,
    muted: Vec<Kind>,
    page: u32,
}

/// `/notifications`
#[component]
pub fn NotificationsPage() -> impl IntoView {
    let page = page_of(&use_query_map().get_untracked(), "page");
    let page = Suspend::new(async move {
        match async { load(page?).await }.await {
            Ok(news) => Either::Left(view(news)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(page: u32) -> Result<News, AppError> {
    let caller = Caller::current().ok_or(AppError::SignedOut { expired: false })?;
    let user = caller.user().id;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let inbox = notifications::inbox(&mut tx, user, page).await?;
    let muted = notifications::muted(&mut tx, user).await?;
    Ok(News { flash: Flash::take().await.filter(|flash| flash.form == "notifications"), inbox, muted, page, caller })
}

fn view(news: News) -> impl IntoView {
    let said = news.flash.as_ref().map(|flash| {
        let (kind, message) = (if flash.done { NoticeKind::Done } else { NoticeKind::Failed }, flash.message.clone());
        view! { <Notice kind><p>{message}</p></Notice> }
    });
    view! {
        <PageFrame title="Notifications" lead="What is new for you. What you have read is kept for 90 days.">
            {said}
            <div class="columns">
                <div class="stack">{list(&news)}</div>
                <div class="stack">{mutes(&news.muted)}</div>
            </div>
        </PageFrame>
    }
}

fn list(news: &News) -> impl IntoView + use<> {
    let unread = news.caller.user().unread;
    let lead = match unread {
        0 => "Everything is read.".into(),
        1 => "1 unread.".into(),
        100.. => "100 or more unread.".into(),
        n => format!("{n} unread."),
    };
    let read_all = (unread > 0).then(|| {
        view! {
            <form method="post" action="/fn/read_notifications"><button class="button quiet" type="submit">"Mark all as read"</button></form>
        }
    });
    let entries: Vec<_> = news.inbox.entries.iter().map(|it| entry(it, &news.caller)).collect();
    let body = match (entries.is_empty(), news.page) {
        (false, _) => view! { <ol class="news">{entries}</ol> }.into_any(),
        (true, 1) => view! {
            <EmptyState title="Nothing new">
                <p>"When somebody thanks you, when you earn something, or when something waits for you, you are told here."</p>
            </EmptyState>
        }
        .into_any(),
        (true, _) => view! { <EmptyState title="There is nothing older"/> }.into_any(),
    };
    let (page, older) = (news.page, news.inbox.older);
    view! {
        <Card id="news" title="Newest first" lead=lead>
            {read_all}
            {body}
            <Pager label="Older notifications" page older href="/notifications?page="/>
        </Card>
    }
}

fn entry(it: &Notification, caller: &Caller) -> impl IntoView + use<> {
    let (zone, now): (Tz, _) = (caller.user().org.zone, caller.now());
    let unread = it.read_at.is_none();
    let class = if unread { "news-one unread" } else { "news-one" };
    let sign = unread.then(|| view! { <span class="news-new">"New"</span> });
    view! {
        <li class=class>
            <form method="post" action="/fn/open_notification">
                <input type="hidden" name="id" value=it.id.to_string()/>
                <button class="news-text" type="submit">{it.text.clone()}</button>
            </form>
            <p class="news-when">{sign}<span>{it.kind.label()}</span>" · "<Ago at=it.created_at.with_timezone(&zone).fixed_offset() now/></p>
        </li>
    }
}

fn mutes(muted: &[Kind]) -> impl IntoView + use<> {
    let kinds = Kind::ALL
        .iter()
        .map(|kind| {
            let is_muted = muted.contains(kind);
            let (state, button) = if is_muted { ("muted", "Tell me again") } else { ("on", "Mute") };
            let name = format!("{button}: {}", kind.label());
            view! {
                <li class="mute">
                    <div>
                        <p class="mute-name">{kind.label()}" "<span class="mute-state">{state}</span></p>
                        <p class="mute-what">{kind.meaning()}</p>
                    </div>
                    <form method="post" action="/fn/mute_notifications">
                        <input type="hidden" name="kind" value=kind.word()/>
                        <input type="hidden" name="mute" value=(!is_muted).to_string()/>
                        <button class="button quiet" type="submit" aria-label=name>{button}</button>
                    </form>
                </li>
            }
        })
        .collect_view();
    view! {
        <Card id="mutes" title="What I am told" lead="Of what is muted nothing new is told; what you were told stays.">
            <ul class="mutes">{kinds}</ul>
        </Card>
    }
}
