//! The page: find a person, see what is held, forget; how long what is kept; who was forgotten.

use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use muster::people::{Permission, Role};
use muster::privacy::{self, Erasure, Found, Held, Settings};

use super::PAGE;
use super::fns::{CONFIRMED, FORGET, RETENTION, person};
use crate::api::TWICE;
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::privacy::holdings;
use crate::ui::frame::{PageFrame, PlainPage};
use crate::ui::{Card, Column, DataTable, Details, EmptyState, Notice, NoticeKind, fmt};

/// What the address asks for.
#[derive(Debug, Default)]
struct Asked {
    text: String,
    who: String,
}

struct Desk {
    caller: Caller,
    asked: Asked,
    flash: Option<Flash>,
    found: Vec<Found>,
    held: Option<Vec<Held>>,
    settings: Settings,
    erasures: Vec<Erasure>,
}

/// `/admin/privacy`
#[component]
pub fn PersonalDataPage() -> impl IntoView {
    let asked = asked(&use_query_map().get_untracked());
    let page = Suspend::new(async move {
        match async { load(asked?).await }.await {
            Ok(Some(desk)) => Either::Left(view(desk).into_any()),
            Ok(None) => Either::Left(platform().into_any()),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

fn asked(query: &ParamsMap) -> Result<Asked, AppError> {
    let once = |field| match query.get_all(field).unwrap_or_default().as_slice() {
        [] => Ok(String::new()),
        [value] if value.chars().count() <= 200 => Ok(value.replace('\0', "")),
        _ => Err(AppError::Invalid(TWICE.into())),
    };
    Ok(Asked { text: once("find")?, who: once("who")? })
}

async fn load(asked: Asked) -> Result<Option<Desk>, AppError> {
    let caller = Caller::with(Permission::Admin)?;
    if caller.user().role != Role::Admin {
        return Ok(None);
    }
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let held = match asked.who.as_str() {
        "" => None,
        who => {
            let person = person(&mut tx, who).await?;
            Some(privacy::held(&mut tx, person).await?)
        }
    };
    Ok(Some(Desk {
        flash: Flash::take().await,
        found: privacy::find_people(&mut tx, &asked.text).await?,
        held,
        settings: privacy::settings(&mut tx).await?,
        erasures: privacy::erasures(&mut tx, 50).await?,
        asked,
        caller,
    }))
}

fn platform() -> impl IntoView {
    view! {
        <PlainPage title="Personal data">
            <p>"An organization's people are the affair of its own administrators: the platform reads no worker's row."</p>
        </PlainPage>
    }
}

fn view(desk: Desk) -> impl IntoView {
    view! {
        <PageFrame title="Personal data" lead="Who is held, for how long, and who asked to be forgotten.">
            {said(&desk, FORGET)}
            {said(&desk, RETENTION)}
            <div class="columns">
                <div class="stack">{find(&desk)} {chosen(&desk)} {forgotten(&desk)}</div>
                <div class="stack">{retention(&desk)}</div>
            </div>
            <p><a href=crate::admin::PAGE>"Back to Admin"</a></p>
        </PageFrame>
    }
}

fn said(desk: &Desk, form: &str) -> Option<impl IntoView + use<>> {
    let flash = desk.flash.as_ref().filter(|flash| flash.form == form)?;
    let (kind, message) = (if flash.done { NoticeKind::Done } else { NoticeKind::Failed }, flash.message.clone());
    Some(view! { <Notice kind><p>{message}</p></Notice> })
}

fn find(desk: &Desk) -> impl IntoView + use<> {
    let text = desk.asked.text.clone();
    let none = !text.is_empty() && desk.found.is_empty();
    let hits = (!desk.found.is_empty()).then(|| hits(&desk.found));
    view! {
        <Card id="find" title="Find a person" lead="By name, employee number or e-mail.">
            <form class="form" method="get" action=PAGE role="search">
                <label class="field">"Name, number or e-mail"<input type="search" name="find" value=text maxlength="200" required=true/></label>
                <button class="button" type="submit">"Find"</button>
            </form>
            {none.then(|| view! { <EmptyState title="Nobody is found"><p>"Try a part of the name, or the employee number."</p></EmptyState> })}
            {hits}
        </Card>
    }
}

fn hits(found: &[Found]) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("name", "Name"),
        Column::text("number", "Employee number"),
        Column::text("email", "E-mail"),
        Column::text("left", "Last day at work"),
    ];
    let rows = found
        .iter()
        .map(|it| {
            let id = it
                .worker
                .map(|id| format!("worker-{id}"))
                .or(it.user.map(|id| format!("user-{id}")))
                .unwrap_or_default();
            let (name, state) = (
                it.name.clone(),
                it.left_on.map_or(String::from(if it.worker.is_some() { "works here" } else { "–" }), |day| {
                    day.to_string()
                }),
            );
            let name = if it.forgotten {
                view! { <span class="muted">{name}" (forgotten)"</span> }.into_any()
            } else {
                view! { <a href=format!("{PAGE}?who={id}")>{name}</a> }.into_any()
            };
            let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".into()).into_any();
            vec![name, or_dash(&it.number), or_dash(&it.email), state.into_any()]
        })
        .collect();
    view! { <DataTable caption="People found, up to 20, those who left first" columns rows/> }
}

fn chosen(desk: &Desk) -> Option<impl IntoView + use<>> {
    let held = desk.held.as_ref()?;
    let some: Vec<&Held> = held.iter().filter(|it| it.rows > 0).collect();
    let total: i64 = some.iter().map(|it| it.rows).sum();
    let typed = desk
        .flash
        .as_ref()
        .filter(|flash| flash.form == FORGET && !flash.done)
        .map(|flash| flash.typed("reason"))
        .unwrap_or_default();
    let who = desk.asked.who.clone();
    let table = holdings(&some);
    Some(view! {
        <Card id="person" title="What is held about this person" lead=fmt::count(total, "record in all", "records in all")>
            <Details summary="What, what for, how long">{table}</Details>
            <h3>"Forget this person"</h3>
            <p>"Name, number, e-mail, places and words go, here and in what others wrote. Hours and sums stay under an alias, so that no total changes. It cannot be undone; who still works here cannot be forgotten."</p>
            <form class="form" method="post" action="/fn/forget_person">
                <input type="hidden" name="who" value=who/>
                <label class="field">"Why (kept with the erasure; names in it go too)"<input type="text" name="reason" maxlength="500" required=true value=typed/></label>
                <label class="field">"Type the word "<strong>{CONFIRMED}</strong>" to confirm"<input type="text" name="confirm" autocomplete="off" required=true/></label>
                <button class="button" type="submit">"Forget for good"</button>
            </form>
        </Card>
    })
}

fn retention(desk: &Desk) -> impl IntoView + use<> {
    let mend = desk.flash.as_ref().filter(|flash| flash.form == RETENTION && !flash.done);
    let typed = |field: &str, kept: String| mend.map_or(kept, |flash| flash.typed(field));
    let days = typed("coordinates_days", desk.settings.coordinates_days.to_string());
    let months = typed("leavers_months", desk.settings.leavers_months.map(|it| it.to_string()).unwrap_or_default());
    view! {
        <Card id="retention" title="How long what is kept" lead="Held to each night at 04:00.">
            <form class="form" method="post" action="/fn/set_retention">
                <label class="field">"Places and devices of clock-ins, in days (7–730)"<input type="number" name="coordinates_days" min="7" max="730" required=true value=days/></label>
                <label class="field">"People by name after their last day, in months (1–240; empty: until somebody asks)"<input type="number" name="leavers_months" min="1" max="240" value=months/></label>
                <button class="button" type="submit">"Keep it so"</button>
            </form>
            <p class="muted">"Read notifications are kept for 90 days, examples of refused import rows for 30. Each person sees what is held, what for and how long under 'Your data'."</p>
        </Card>
    }
}

fn forgotten(desk: &Desk) -> impl IntoView + use<> {
    let zone = desk.caller.user().org.zone;
    let columns = vec![
        Column::text("alias", "Called since"),
        Column::text("at", "When"),
        Column::text("by", "By"),
        Column::text("reason", "Why"),
        Column::number("rows", "Records changed"),
    ];
    let rows: Vec<_> = desk
        .erasures
        .iter()
        .map(|it| {
            let at = fmt::moment(it.at.with_timezone(&zone).fixed_offset());
            let by = it.by.clone().unwrap_or_else(|| "command line or night".into());
            let total: u64 = it.changed.values().sum();
            vec![
                it.alias.clone().into_any(),
                at.into_any(),
                by.into_any(),
                it.reason.clone().into_any(),
                total.to_string().into_any(),
            ]
        })
        .collect();
    let body = if rows.is_empty() {
        view! { <EmptyState title="Nobody was forgotten yet"/> }.into_any()
    } else {
        view! { <DataTable caption="The latest 50 erasures" columns rows/> }.into_any()
    };
    view! { <Card id="forgotten" title="Who was forgotten">{body}</Card> }
}
