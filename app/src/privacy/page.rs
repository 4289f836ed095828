//! The page: what is held, with its purpose and how long; the files to take home; what was agreed to.

use leptos::either::Either;
use leptos::prelude::*;
use muster::privacy::{Consent, Fate, Held, consents, held, person_of_user};

use super::fns::CONSENT;
use super::{CSV, JSON};
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, Column, DataTable, Details, EmptyState, Notice, NoticeKind, fmt};

struct Own {
    caller: Caller,
    flash: Option<Flash>,
    held: Vec<Held>,
    consents: Vec<Consent>,
}

/// `/privacy`
#[component]
pub fn PrivacyPage() -> impl IntoView {
    let page = Suspend::new(async move {
        match load().await {
            Ok(own) => Either::Left(view(own)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load() -> Result<Own, AppError> {
    let caller = Caller::current().ok_or(AppError::SignedOut { expired: false })?;
    let user = caller.user().id;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let person = person_of_user(&mut tx, user).await?;
    let held = held(&mut tx, person).await?;
    let consents = consents(&mut tx, user).await?;
    Ok(Own { flash: Flash::take().await.filter(|flash| flash.form == CONSENT), held, consents, caller })
}

fn view(own: Own) -> impl IntoView {
    let said = own.flash.as_ref().map(|flash| {
        let (kind, message) = (if flash.done { NoticeKind::Done } else { NoticeKind::Failed }, flash.message.clone());
        view! { <Notice kind><p>{message}</p></Notice> }
    });
    let lead =
        format!("What {} holds about you, what it is used for, and how long it is kept.", own.caller.user().org.name);
    view! {
        <PageFrame title="Your data" lead=lead>
            {said}
            <div class="columns">
                <div class="stack">{table(&own.held)}</div>
                <div class="stack">{take_home()} {agreed(&own)} {rights(own.caller.user().worker.is_some())}</div>
            </div>
        </PageFrame>
    }
}

fn table(held: &[Held]) -> impl IntoView + use<> {
    let some: Vec<_> = held.iter().filter(|it| it.rows > 0).collect();
    let total: i64 = some.iter().map(|it| it.rows).sum();
    let nothing: Vec<_> = held.iter().filter(|it| it.rows == 0).map(|it| it.holding.title.to_lowercase()).collect();
    let nothing = (!nothing.is_empty()).then(|| {
        let kinds = fmt::count(nothing.len() as i64, "other kind of record", "other kinds of record");
        (format!("Nothing of {kinds}"), format!("Nothing is held of: {}.", nothing.join(", ")))
    });
    let body = if some.is_empty() {
        view! { <EmptyState title="Nothing is held about you"/> }.into_any()
    } else {
        holdings(&some).into_any()
    };
    view! {
        <Card id="held" title="What is held about you" lead=fmt::count(total, "record in all", "records in all")>
            {body}
            {nothing.map(|(summary, text)| view! { <Details summary><p class="muted">{text}</p></Details> })}
        </Card>
    }
}

/// What is held, what for, how long, and what stays after an erasure.
pub(crate) fn holdings(held: &[&Held]) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("what", "What"),
        Column::number("rows", "Records"),
        Column::text("purpose", "What for"),
        Column::text("kept", "Kept"),
        Column::text("erased", "If you are forgotten"),
    ];
    let rows = held
        .iter()
        .map(|it| {
            let (what, purpose, kept, n) = (it.holding.title, it.holding.purpose, it.holding.kept, it.rows);
            vec![
                what.into_any(),
                n.to_string().into_any(),
                purpose.into_any(),
                kept.into_any(),
                fate(it.holding.fate).into_any(),
            ]
        })
        .collect();
    view! { <DataTable caption="What is held about you" hide_caption=true columns rows/> }
}

fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Kept => "stays without your name",
        Fate::Deleted => "goes",
        Fate::Emptied(_) => "loses names, words and places",
        Fate::Audit => "loses your name",
    }
}

fn take_home() -> impl IntoView {
    view! {
        <Card id="take-home" title="Take it home" lead="Every record about you, as it is stored; of what you did for others, that you did it and when. Taking it is noted in the audit log.">
            <p class="actions">
                <a class="button" href=JSON download="">"Download as JSON"</a>
                <a class="button quiet" href=CSV download="">"Download as CSV"</a>
            </p>
        </Card>
    }
}

fn agreed(own: &Own) -> impl IntoView + use<> {
    let zone = own.caller.user().org.zone;
    let entries = own
        .consents
        .iter()
        .map(|it| {
            let agreed = it.since.is_some();
            let state = it.since.map_or("You did not agree: nothing is noted.".to_owned(), |at| {
                format!("You agreed on {}.", fmt::moment(at.with_timezone(&zone).fixed_offset()))
            });
            let button = if agreed { "Take it back" } else { "I agree" };
            let name = format!("{button}: {}", it.purpose.label());
            view! {
                <li class="mute">
                    <div>
                        <p class="mute-name">{it.purpose.label()}</p>
                        <p class="mute-what">{it.purpose.meaning()}</p>
                        <p class="mute-what">{state}</p>
                    </div>
                    <form method="post" action="/fn/choose_consent">
                        <input type="hidden" name="purpose" value=it.purpose.word()/>
                        <input type="hidden" name="agreed" value=(!agreed).to_string()/>
                        <button class="button quiet" type="submit" aria-label=name>{button}</button>
                    </form>
                </li>
            }
        })
        .collect_view();
    view! {
        <Card id="consent" title="What you agreed to" lead="What is not needed for work is off until you agree, and you can take it back at any time.">
            <ul class="mutes">{entries}</ul>
        </Card>
    }
}

fn rights(works: bool) -> impl IntoView {
    let wrong = if works {
        "Is a late arrival, a no-show or a failed task wrong? Dispute it on your page: your supervisor rules, and your score follows the same minute."
    } else {
        "Is something wrong? Tell an administrator of your organization."
    };
    view! {
        <Card id="rights" title="Put it right, or have it forgotten">
            <p>{wrong}</p>
            <p>"After you have left, ask an administrator of your organization to forget you. Your name, number, places and words go; hours and sums stay without a name, because others' figures rest on them."</p>
        </Card>
    }
}
