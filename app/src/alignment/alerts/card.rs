//! The card of open alerts: the gravest first, each with what can be done about it.

use leptos::prelude::*;
use muster::alignment::alerts::{Alert, open_alerts};
use muster::people::Permission;

use super::fns::FORM;
use super::{HISTORY, light};
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::{Card, Details, EmptyState, Notice, NoticeKind, fmt};

/// The card for this caller; `flash` is what a form before it came to.
pub(crate) async fn card(caller: &Caller, flash: Option<&Flash>) -> Result<AnyView, AppError> {
    caller.scope(Permission::Alignment)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let alerts = open_alerts(&mut tx).await?;
    Ok(view(caller, &alerts, flash.filter(|flash| flash.form == FORM)).into_any())
}

fn view(caller: &Caller, alerts: &[Alert], flash: Option<&Flash>) -> impl IntoView + use<> {
    let said = flash.map(|flash| {
        let (kind, message) = (if flash.done { NoticeKind::Done } else { NoticeKind::Failed }, flash.message.clone());
        view! { <Notice kind><p>{message}</p></Notice> }
    });
    let list = if alerts.is_empty() {
        view! {
            <EmptyState title="Nothing is off course">
                <p>"KPIs, shifts at risk, certifications, budgets, clients, the data and the jobs are looked at every six hours. What is off course stands here until it is over."</p>
            </EmptyState>
        }
        .into_any()
    } else {
        let lines = alerts.iter().map(|alert| line(caller, alert, flash)).collect_view();
        view! { <ul class="entries alerts">{lines}</ul> }.into_any()
    };
    let lead = match alerts.len() {
        0 => "Looked at every six hours.".to_owned(),
        n => format!("{} open, the gravest first. Looked at every six hours.", fmt::count(n as i64, "alert", "alerts")),
    };
    view! {
        <Card id="alerts" title="Open alerts" lead=lead>
            {said}
            {list}
            <p><a class="button quiet" href=HISTORY>"Alerts that are over"</a></p>
        </Card>
    }
}

fn line(caller: &Caller, alert: &Alert, flash: Option<&Flash>) -> impl IntoView + use<> {
    let zone = caller.user().org.zone;
    let since = fmt::ago(alert.opened_at.with_timezone(&zone).fixed_offset(), caller.now());
    let state = state(caller, alert);
    let may_change = Permission::Alignment.may_change(caller.user().role);
    let forms = may_change.then(|| forms(caller, alert, flash));
    view! {
        <li>
            <div class="entry-head">
                <span class="entry-name">{alert.title.clone()}</span>
                {light(alert.severity)}
                <span class="entry-when">"opened "{since}</span>
            </div>
            <p class="entry-text">{alert.detail.clone()}</p>
            {state.map(|state| view! { <p class="entry-text muted">{state}</p> })}
            {forms}
        </li>
    }
}

/// Who has seen it, and until when it sends no mail.
fn state(caller: &Caller, alert: &Alert) -> Option<String> {
    let zone = caller.user().org.zone;
    let seen = alert.acknowledged.as_ref().map(|(at, who)| {
        let when = fmt::moment(at.with_timezone(&zone).fixed_offset());
        match &alert.note {
            Some(note) => format!("Acknowledged by {who}, {when}: “{note}”."),
            None => format!("Acknowledged by {who}, {when}."),
        }
    });
    let muted = alert
        .muted_until
        .filter(|until| *until >= caller.today())
        .map(|until| format!("No mails until {} inclusive.", fmt::day_and_year(until)));
    let said: Vec<String> = seen.into_iter().chain(muted).collect();
    (!said.is_empty()).then(|| said.join(" "))
}

fn forms(caller: &Caller, alert: &Alert, flash: Option<&Flash>) -> impl IntoView + use<> {
    let id = alert.id.to_string();
    // What was typed stands in the form of the alert it was typed for.
    let mend = flash.filter(|flash| !flash.done && flash.typed("alert") == id);
    let typed = |field: &str| mend.map(|flash| flash.typed(field)).unwrap_or_default();
    let (note, until) = (typed("note"), typed("until"));
    let today = caller.today().to_string();
    let muted = alert.muted_until.is_some_and(|until| until >= caller.today());
    let (acknowledge, mute) = (format!("Acknowledge: {}", alert.title), format!("Mute: {}", alert.title));
    let ids = [id.clone(), id.clone(), id];
    let [first, second, third] = ids;
    let unmute = muted.then(|| {
        let label = format!("Send mails again: {}", alert.title);
        view! {
            <form method="post" action="/fn/mute_alert">
                <input type="hidden" name="alert" value=third/>
                <button class="button quiet" type="submit" aria-label=label>"Send mails again"</button>
            </form>
        }
    });
    view! {
        <Details summary="Acknowledge or mute" open=mend.is_some()>
            <form class="form" method="post" action="/fn/acknowledge_alert">
                <input type="hidden" name="alert" value=first/>
                <label class="field">"What is done about it (may be empty)"<input type="text" name="note" maxlength="1000" value=note/></label>
                <button class="button" type="submit" aria-label=acknowledge>"Acknowledge"</button>
            </form>
            <form class="form" method="post" action="/fn/mute_alert">
                <input type="hidden" name="alert" value=second/>
                <label class="field">"No mails until (inclusive)"<input type="date" name="until" required=true min=today value=until/></label>
                <button class="button quiet" type="submit" aria-label=mute>"Mute"</button>
            </form>
            {unmute}
        </Details>
    }
}
