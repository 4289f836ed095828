//! Shifts, certifications, the facts one can dispute, and who looked.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use leptos::prelude::*;
use muster::disputes::{DAYS_TO_DISPUTE, DisputableFact, Dispute};
use muster::me::OwnShift;

use super::page::Own;
use crate::flash::Flash;
use crate::privacy;
use crate::ui::{Ago, Card, Details, EmptyState, Notice, NoticeKind, fmt};

/// Facts shown before the rest folds away.
const SHOWN: usize = 5;

fn local(at: DateTime<Utc>, zone: Tz) -> DateTime<chrono::FixedOffset> {
    at.with_timezone(&zone).fixed_offset()
}

/// What a form has to say after its redirect.
pub(super) fn notice(flash: Option<&Flash>, form: &str) -> Option<impl IntoView + use<>> {
    let flash = flash.filter(|flash| flash.form == form)?;
    let kind = if flash.done { NoticeKind::Done } else { NoticeKind::Failed };
    let message = flash.message.clone();
    Some(view! { <Notice kind><p>{message}</p></Notice> })
}

/// Conversations with the supervisor, once there is one.
pub(super) fn conversations(own: &Own) -> Option<impl IntoView + use<>> {
    let lead = "Between you and your supervisor: nobody else reads it.";
    (!own.sessions.is_empty()).then(|| crate::coaching::sessions("coaching", "Conversations", lead, &own.sessions))
}

/// The own shifts to come.
pub(super) fn shifts(own: &Own) -> impl IntoView + use<> {
    let entries: Vec<_> = own.shifts.iter().map(shift).collect();
    let body = if entries.is_empty() {
        view! { <EmptyState title="No shift of yours is planned"/> }.into_any()
    } else {
        view! { <ul class="entries">{entries}</ul> }.into_any()
    };
    view! { <Card id="shifts" title="My next shifts" lead="Local time of the site.">{body}</Card> }
}

fn shift(shift: &OwnShift) -> impl IntoView + use<> {
    let when = format!(
        "{} – {}",
        fmt::moment(local(shift.starts_at, shift.zone)),
        local(shift.ends_at, shift.zone).format("%H:%M")
    );
    let reasons = shift.reasons.clone().into_iter().map(|reason| view! { <li>{reason}</li> }).collect_view();
    view! {
        <li>
            <div class="entry-head"><span class="entry-name">{when}</span><span class="entry-when">{shift.site.clone()}</span></div>
            <Details summary="Why you?"><ul class="reasons">{reasons}</ul></Details>
        </li>
    }
}

/// Certifications that need attention.
pub(super) fn certificates(own: &Own) -> impl IntoView + use<> {
    let today = own.caller.today();
    let entries: Vec<_> = own
        .certificates
        .iter()
        .map(|it| {
            let (class, say) = match (it.held, it.expires_on) {
                (false, _) => ("tag failed", "missing".to_owned()),
                (true, Some(day)) if day < today => ("tag failed", format!("expired {}", fmt::day_and_year(day))),
                (true, Some(day)) => ("tag warning", format!("{} left, until {}", fmt::count((day - today).num_days(), "day", "days"), fmt::day_and_year(day))),
                (true, None) => ("tag", "does not expire".into()),
            };
            let required = if it.required { "Your role or site asks for it." } else { "Not asked for at present." };
            view! {
                <li>
                    <div class="entry-head"><span class="entry-name">{it.name.clone()}</span><span class=class>{say}</span></div>
                    <p class="entry-text">{required}</p>
                </li>
            }
        })
        .collect();
    let body = if entries.is_empty() {
        view! { <EmptyState title="Everything asked for is current for the next 60 days"/> }.into_any()
    } else {
        view! { <ul class="entries">{entries}</ul> }.into_any()
    };
    view! { <Card id="certifications" title="Certifications" lead="Missing, expired, or expiring within 60 days.">{body}</Card> }
}

/// The facts that count against the worker, each with a form to dispute it, and the disputes filed.
pub(super) fn facts(own: &Own) -> impl IntoView + use<> {
    let flash = own.flash.as_ref();
    let first: Vec<_> = own.facts.iter().take(SHOWN).map(|it| fact(it, flash)).collect();
    let more: Vec<_> = own.facts.iter().skip(SHOWN).map(|it| fact(it, flash)).collect();
    let body = if first.is_empty() {
        let old = own.overview.period.last < own.caller.today() - chrono::Days::new(DAYS_TO_DISPUTE);
        let title = if old {
            "What is older than 90 days can no longer be disputed"
        } else {
            "Nothing in this period counts against you"
        };
        view! { <EmptyState title=title/> }.into_any()
    } else {
        let summary = format!("{} more, newest first", more.len());
        let rest =
            (!more.is_empty()).then(|| view! { <Details summary=summary><ul class="entries">{more}</ul></Details> });
        view! { <ul class="entries">{first}</ul> {rest} }.into_any()
    };
    let zone = own.caller.user().org.zone;
    let now = own.caller.now();
    let disputes: Vec<_> = own.disputes.iter().map(|it| dispute(it, zone, now)).collect();
    let said = notice(flash, "dispute");
    let filed = (!disputes.is_empty()).then(|| view! { <h3>"My disputes"</h3><ul class="entries">{disputes}</ul> });
    view! {
        <Card id="facts" title="What counted against me" lead="If one of these is wrong, dispute it: your supervisor rules, and an upheld dispute takes it out of your score.">
            {said}
            {body}
            {filed}
        </Card>
    }
}

fn fact(it: &DisputableFact, flash: Option<&Flash>) -> impl IntoView + use<> {
    let id = it.id.to_string();
    let typed = flash.filter(|flash| flash.form == "dispute" && !flash.done && flash.typed("fact_id") == id);
    let note = typed.map(|flash| fmt::typed(&flash.typed("note"))).unwrap_or_default();
    let open = typed.is_some();
    let kind = it.fact.word();
    view! {
        <li>
            <div class="entry-head"><span class="entry-name">{it.recorded.clone()}</span><span class="entry-when">{fmt::day_and_year(it.day)}" · "{it.site.clone()}</span></div>
            <Details summary="This is wrong: dispute it" open=open>
                <form class="form" method="post" action="/fn/file_dispute">
                    <input type="hidden" name="fact" value=kind/>
                    <input type="hidden" name="fact_id" value=id/>
                    <label class="field">"What is wrong, and how it was"
                        <textarea name="note" rows="3" maxlength="2000" required=true>{note}</textarea>
                    </label>
                    <button class="button" type="submit">"Dispute this"</button>
                </form>
            </Details>
        </li>
    }
}

fn dispute(it: &Dispute, zone: Tz, now: DateTime<Utc>) -> impl IntoView + use<> {
    let (class, state) = match it.state.as_str() {
        "upheld" => ("tag done", "upheld: taken out of your score"),
        "rejected" => ("tag failed", "rejected"),
        _ => ("tag", "waits for your supervisor"),
    };
    let what = match it.fact.as_str() {
        "shift" => "Shift",
        "task" => "Task",
        "tour" => "Tour",
        _ => "Work order",
    };
    let ruling = it.ruling.clone().map(|ruling| view! { <p class="entry-text">"Ruling: "{ruling}</p> });
    view! {
        <li>
            <div class="entry-head">
                <span class="entry-name">{format!("{what} of {}", fmt::day_and_year(it.day))}</span>
                <span class=class>{state}</span>
            </div>
            <p class="entry-text quote">{it.note.clone()}</p>
            <p class="entry-when">"Filed "<Ago at=local(it.filed_at, zone) now=now/></p>
            {ruling}
        </li>
    }
}

/// Who looked at this worker's scores.
pub(super) fn looks(own: &Own) -> impl IntoView + use<> {
    let (zone, now) = (own.caller.user().org.zone, own.caller.now());
    let entries: Vec<_> = own
        .looks
        .iter()
        .map(|it| {
            let who = format!("{} ({}), at your {}", it.who, it.role, it.what);
            view! { <li><div class="entry-head"><span class="entry-name">{who}</span><span class="entry-when"><Ago at=local(it.at, zone) now=now/></span></div></li> }
        })
        .collect();
    let body = if entries.is_empty() {
        view! { <EmptyState title="Nobody has looked"/> }.into_any()
    } else {
        view! { <ul class="entries">{entries}</ul> }.into_any()
    };
    view! { <Card id="looks" title="Who looked at my scores" lead="Every look by somebody else at your named scores, or at the estimate whether you may leave (churn risk), is written down.">{body}</Card> }
}

/// Where everything that is held can be read and taken home.
pub(super) fn held() -> impl IntoView {
    view! {
        <Card id="held" title="What is held about me" lead="Every record, what it is for, how long it is kept.">
            <p class="actions">
                <a class="button quiet" href=privacy::PAGE>"Read it"</a>
                <a class="button quiet" href=privacy::JSON download="">"Download as JSON"</a>
                <a class="button quiet" href=privacy::CSV download="">"Download as CSV"</a>
            </p>
        </Card>
    }
}
