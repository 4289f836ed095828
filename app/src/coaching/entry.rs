//! One entry: who, why with the evidence, what to talk about, and what can be done.

use leptos::prelude::*;
use muster::coaching::{Action, Entry, Session, Shown, Signal, State, words};
use muster::scoring::Band;

use super::page::{Queue, anchor};
use crate::flash::Flash;
use crate::ui::{Ago, BandBadge, Details, Meter, fmt};

pub(super) fn entry(queue: &Queue, nth: usize, it: &Entry) -> impl IntoView + use<> {
    let number = (queue.filter.page - 1) * muster::coaching::PAGE + nth as i64 + 1;
    let rank = (queue.filter.shown == Shown::Open)
        .then(|| view! { <span class="queue-rank" aria-hidden="true">{number}</span> });
    let reasons = reasons(&it.signals);
    let sum = computation(it);
    let points = it.talking_points.iter().map(|point| view! { <li>{point.clone()}</li> }).collect_view();
    let talking = it.state.is_open().then(|| {
        view! { <Details summary="Talking points" open=nth == 0><ul class="reasons">{points}</ul></Details> }
    });
    let session = it.session.as_ref().map(session_block);
    let standing = standing(queue, it);
    let actions = actions(queue, it);
    view! {
        <li class="card entry" id=anchor(it) data-worker=it.name.clone()>
            {head(it, rank.into_any(), sum)}
            {standing}
            {reasons}
            {session}
            {talking}
            {actions}
        </li>
    }
}

fn head(it: &Entry, rank: AnyView, sum: String) -> impl IntoView + use<> {
    let worker = format!("/team/{}/{}", it.site_id, it.worker);
    let score = it.bpi.map_or_else(
        || view! { <span class="entry-when">"not enough shifts for a score"</span> }.into_any(),
        |bpi| {
            view! { <span class="entry-bpi">"BPI "{fmt::points(bpi)}</span><BandBadge band=Band::of(bpi)/> }.into_any()
        },
    );
    let role = format!("{} · {}", it.job_role, it.site);
    let heard = sum.clone();
    view! {
        <header class="queue-head">
            {rank}
            <div class="queue-who">
                <h3><a href=worker>{it.name.clone()}</a></h3>
                <p class="entry-when">{role}</p>
            </div>
            <div class="queue-score">{score}</div>
            <p class="queue-priority" title=sum>
                <span class="queue-number">{fmt::number(it.priority, 1)}</span>
                <span class="entry-when">"priority of 100"</span>
                <Meter share=it.priority / 100.0/>
                <span class="sr-only">{heard}</span>
            </p>
        </header>
    }
}

/// The priority as a sum anybody can repeat.
fn computation(it: &Entry) -> String {
    let factors: Vec<String> =
        it.signals.iter().map(|signal| format!("(1 − 0.8·{})", fmt::number(signal.severity, 2))).collect();
    format!("100·(1 − {}) = {}", factors.join("·"), fmt::number(it.priority, 1))
}

/// Reasons with their weight, gravest first; the evidence stands in place.
fn reasons(signals: &[Signal]) -> impl IntoView + use<> {
    let mut signals = signals.to_vec();
    signals.sort_by(|a, b| b.severity.total_cmp(&a.severity).then(a.code().cmp(&b.code())));
    let rows = signals
        .iter()
        .map(|signal| {
            let weight = format!("weighs {}", fmt::number(signal.severity, 2));
            view! {
                <li class="reason">
                    <div class="entry-head">
                        <span class="entry-name">{signal.code().label()}</span>
                        <span class="entry-when" title=words::rule(&signal.evidence)>{weight}</span>
                    </div>
                    <p class="entry-text">{words::evidence(signal)}</p>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="evidence">{rows}</ul> }
}

/// Where the entry stands, since when and by whom.
fn standing(queue: &Queue, it: &Entry) -> impl IntoView + use<> {
    let zone = queue.caller.user().org.zone;
    let at = it.changed_at.with_timezone(&zone).fixed_offset();
    let class = match it.state {
        State::Completed => "tag done",
        State::Scheduled | State::InProgress => "tag warning",
        _ => "tag",
    };
    let who = it.changed_by.clone().map(|who| format!(" by {who}")).unwrap_or_default();
    let reason = it.reason.clone().map(|reason| view! { <p class="entry-text quote">{reason}</p> });
    let now = queue.caller.now();
    view! {
        <p class="queue-state">
            <span class=class>{it.state.label()}</span>
            <span class="entry-when"><Ago at=at now=now/>{who}" · first listed "{fmt::day_and_year(it.suggested_on)}</span>
        </p>
        {reason}
    }
}

pub(super) fn session_block(it: &Session) -> impl IntoView + use<> {
    let line = |label: &'static str, text: String| {
        (!text.is_empty()).then(|| view! { <div><dt>{label}</dt><dd>{text}</dd></div> })
    };
    let day = |day: Option<chrono::NaiveDate>| day.map(fmt::day_and_year).unwrap_or_default();
    let planned = if it.completed_on.is_none() { day(it.scheduled_for) } else { String::new() };
    view! {
        <dl class="session">
            {line("Planned for", planned)}
            {line("Held on", day(it.completed_on))}
            {line("With", it.coach.clone().unwrap_or_default())}
            {line("Agenda", it.agenda.clone())}
            {line("Notes", it.notes.clone())}
            {line("Agreed", it.agreed_actions.clone())}
            {line("Look at it again", day(it.follow_up_on))}
        </dl>
    }
}

/// What was typed into a form of this entry that has to be mended.
fn typed_here<'a>(flash: Option<&'a Flash>, it: &Entry) -> Option<&'a Flash> {
    flash.filter(|flash| flash.form == "coaching" && !flash.done && flash.typed("item") == it.id.to_string())
}

/// One button per decision; what a decision must ask unfolds under it.
pub(super) fn actions(queue: &Queue, it: &Entry) -> Option<impl IntoView + use<>> {
    let flash = typed_here(queue.flash.as_ref(), it);
    let fits = |action: Action| action.fits(it.kind, it.state);
    let text = String::new;
    let today = queue.caller.today();
    let schedule = fits(Action::Schedule { on: today, agenda: text() }).then(|| schedule(queue, it, flash));
    let start = fits(Action::Start).then(|| start(queue, it));
    let complete = fits(Action::Complete { notes: text(), agreed_actions: text(), follow_up_on: None })
        .then(|| complete(queue, it, flash));
    let snooze = fits(Action::Snooze { reason: text() }).then(|| {
        reasoned(queue, it, flash, ("snooze", "Snooze", "Why not now", "Comes back when something is new or worse."))
    });
    let dismiss = fits(Action::Dismiss { reason: text() }).then(|| {
        reasoned(
            queue,
            it,
            flash,
            ("dismiss", "Dismiss", "Why it is not needed", "Comes back only for something new or worse."),
        )
    });
    let any = schedule.is_some() || start.is_some() || complete.is_some() || snooze.is_some() || dismiss.is_some();
    any.then(|| view! { <div class="actions">{complete} {schedule} {start} {snooze} {dismiss}</div> })
}

fn hidden(queue: &Queue, it: &Entry) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="item" value=it.id.to_string()/>
        <input type="hidden" name="version" value=it.version.to_string()/>
        <input type="hidden" name="back" value=queue.address(&[])/>
    }
}

/// What was typed, if it was typed into this action's form.
fn typed(flash: Option<&Flash>, action: &str, field: &str) -> Option<String> {
    flash.filter(|flash| flash.typed("action") == action).map(|flash| flash.typed(field))
}

fn schedule(queue: &Queue, it: &Entry, flash: Option<&Flash>) -> impl IntoView + use<> {
    let today = queue.caller.today();
    let planned = it.session.as_ref();
    let on = typed(flash, "schedule", "on")
        .or_else(|| planned.and_then(|it| it.scheduled_for).map(|day| day.to_string()))
        .unwrap_or_else(|| today.to_string());
    let suggested = || it.signals.iter().map(|signal| signal.code().label()).collect::<Vec<_>>().join(", ");
    let agenda = typed(flash, "schedule", "agenda")
        .or_else(|| planned.map(|it| it.agenda.clone()).filter(|agenda| !agenda.is_empty()))
        .unwrap_or_else(suggested);
    let open = typed(flash, "schedule", "on").is_some();
    let word = if it.state == State::Scheduled { "Change the day" } else { "Schedule" };
    view! {
        <details class="action" open=open>
            <summary class="button quiet">{word}</summary>
            <form class="form" method="post" action="/fn/schedule_coaching">
                {hidden(queue, it)}
                <label class="field">"Day"<input type="date" name="on" value=on min=today.to_string() required=true/></label>
                <label class="field">"Agenda: the worker reads it"<textarea name="agenda" rows="2" maxlength="4000" required=true>{fmt::typed(&agenda)}</textarea></label>
                <button class="button" type="submit">"Schedule the conversation"</button>
            </form>
        </details>
    }
}

fn start(queue: &Queue, it: &Entry) -> impl IntoView + use<> {
    view! {
        <form class="action" method="post" action="/fn/start_coaching">
            {hidden(queue, it)}
            <button class="button quiet" type="submit">"Start now"</button>
        </form>
    }
}

fn complete(queue: &Queue, it: &Entry, flash: Option<&Flash>) -> impl IntoView + use<> {
    let was = |field| typed(flash, "complete", field).unwrap_or_default();
    let (notes, agreed, follow_up) = (was("notes"), was("agreed_actions"), was("follow_up_on"));
    let open = it.state == State::InProgress || typed(flash, "complete", "notes").is_some();
    let today = queue.caller.today().to_string();
    let praise = it.kind == muster::coaching::Kind::Praise;
    let (summary, ask) = if praise {
        ("I have said it", "What you said: the worker reads it")
    } else {
        ("Complete", "What you talked about: the worker reads it")
    };
    let rest = (!praise).then(|| {
        view! {
            <label class="field">"Agreed actions"<textarea name="agreed_actions" rows="2" maxlength="4000">{fmt::typed(&agreed)}</textarea></label>
            <label class="field">"Look at it again on"<input type="date" name="follow_up_on" value=follow_up min=today/></label>
        }
    });
    view! {
        <details class="action" open=open>
            <summary class="button">{summary}</summary>
            <form class="form" method="post" action="/fn/complete_coaching">
                {hidden(queue, it)}
                <label class="field">{ask}<textarea name="notes" rows="3" maxlength="4000" required=true>{fmt::typed(&notes)}</textarea></label>
                {rest}
                <button class="button" type="submit">"Save and complete"</button>
            </form>
        </details>
    }
}

fn reasoned(
    queue: &Queue,
    it: &Entry,
    flash: Option<&Flash>,
    (action, word, ask, help): (&'static str, &'static str, &'static str, &'static str),
) -> impl IntoView + use<> {
    let was = typed(flash, action, "reason");
    let open = was.is_some();
    let target = format!("/fn/{action}_coaching");
    view! {
        <details class="action" open=open>
            <summary class="button quiet">{word}</summary>
            <form class="form" method="post" action=target>
                {hidden(queue, it)}
                <label class="field">{ask}<textarea name="reason" rows="2" maxlength="4000" required=true>{fmt::typed(&was.unwrap_or_default())}</textarea></label>
                <p class="field-help">{help}</p>
                <button class="button" type="submit">{word}</button>
            </form>
        </details>
    }
}
