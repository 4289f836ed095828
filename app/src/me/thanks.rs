//! Streaks, achievements, kudos.

use chrono::NaiveDate;
use leptos::prelude::*;
use muster::database::OrgTx;
use muster::me::Whose;
use muster::recognition;
use muster::recognition::{Achievements, Colleague, CurrentStreak, Earned, Kudos, Next, colleagues, kudos_received};
use muster::units::WorkerId;

use super::page::Own;
use super::work::notice;
use crate::caller::Caller;
use crate::error::AppError;
use crate::recognition::{KudosForm, giver, tier};
use crate::ui::{Card, Details, EmptyState, Meter, fmt};

/// Achievements shown before the rest folds away.
const SHOWN: usize = 3;
/// Kudos shown.
const LATEST: i64 = 5;

/// What the worker is thanked for, and whom the worker may thank.
pub(super) struct Thanks {
    pub streaks: Vec<CurrentStreak>,
    pub achievements: Achievements,
    kudos: Vec<Kudos>,
    colleagues: Vec<Colleague>,
}

pub(super) async fn load(
    tx: &mut OrgTx,
    caller: &Caller,
    worker: WorkerId,
    today: NaiveDate,
) -> Result<Thanks, AppError> {
    Ok(Thanks {
        streaks: recognition::streaks(tx, worker).await?,
        achievements: recognition::achievements(tx, worker, today).await?,
        kudos: kudos_received(tx, worker, LATEST).await?,
        colleagues: colleagues(tx, &giver(caller, Some(worker)), today).await?,
    })
}

/// Days in a row, with the record.
pub(crate) fn streaks(streaks: &[CurrentStreak], whose: Whose) -> impl IntoView + use<> {
    let entries: Vec<_> = streaks.iter().map(|it| streak(it, whose)).collect();
    let body = if entries.is_empty() {
        view! { <EmptyState title=whose.pick("Your first shift starts your first streak", "The first shift starts the first streak")/> }.into_any()
    } else {
        view! { <ul class="streaks">{entries}</ul> }.into_any()
    };
    view! { <Card id="streaks" title="Streaks" lead="Days in a row. A day off or approved leave neither adds nor breaks.">{body}</Card> }
}

fn streak(it: &CurrentStreak, whose: Whose) -> impl IntoView + use<> {
    let streak = it.streak;
    let days = if streak.current == 1 { " day" } else { " days" };
    let record = match (streak.current == streak.best && streak.current > 0, streak.best_ended) {
        (true, _) => whose.pick("your record", "the record").to_owned(),
        (false, Some(ended)) => {
            format!("record {}, ended {}", fmt::count(i64::from(streak.best), "day", "days"), fmt::day_and_year(ended))
        }
        (false, None) => format!("record {}", fmt::count(i64::from(streak.best), "day", "days")),
    };
    view! {
        <li class="streak">
            <p class="streak-days">{streak.current}<small>{days}</small></p>
            <p class="streak-name" title=it.kind.meaning()>{it.kind.label()}</p>
            <p class="streak-record">{record}</p>
        </li>
    }
}

/// What was earned, and what comes next.
pub(crate) fn achievements(achievements: &Achievements) -> impl IntoView + use<> {
    let Achievements { earned, next } = achievements;
    let lead = format!("{} earned.", fmt::count(earned.len() as i64, "achievement", "achievements"));
    let latest: Vec<_> = earned.iter().take(SHOWN).map(award).collect();
    let older: Vec<_> = earned.iter().skip(SHOWN).map(award).collect();
    let reachable: Vec<_> = next.iter().filter(|it| !it.lost).take(SHOWN).map(to_come).collect();
    let rest: Vec<_> =
        next.iter().filter(|it| !it.lost).skip(SHOWN).chain(next.iter().filter(|it| it.lost)).map(to_come).collect();
    let none = latest.is_empty().then(|| view! { <EmptyState title="None earned yet"/> });
    let older_summary = fmt::count(older.len() as i64, "more earned", "more earned");
    let rest_summary = fmt::count(rest.len() as i64, "more to earn", "more to earn");
    let older =
        (!older.is_empty()).then(|| view! { <Details summary=older_summary><ul class="awards">{older}</ul></Details> });
    let rest =
        (!rest.is_empty()).then(|| view! { <Details summary=rest_summary><ul class="awards">{rest}</ul></Details> });
    view! {
        <Card id="achievements" title="Achievements" lead=lead>
            {none}
            <ul class="awards">{latest}</ul>
            {older}
            <h3>"Next"</h3>
            <ul class="awards">{reachable}</ul>
            {rest}
        </Card>
    }
}

fn award(it: &Earned) -> impl IntoView + use<> {
    let (sign, word) = tier(it.tier);
    let times = if it.times > 1 { format!(", {} times", it.times) } else { String::new() };
    view! {
        <li>
            <span class="award-sign earned" aria-hidden="true">{sign}</span>
            <div>
                <p><span class="award-name">{it.name.clone()}</span>" "<span class="entry-when">{word}", "{fmt::day_and_year(it.earned_on)}{times}</span></p>
                <p class="award-why">{it.description.clone()}" "{it.evidence.clone()}"."</p>
            </div>
        </li>
    }
}

fn to_come(it: &Next) -> impl IntoView + use<> {
    let (sign, word) = tier(it.tier);
    let until = it.until.map(|day| format!(", until {}", fmt::day_and_year(day))).unwrap_or_default();
    let again = if it.lost { " Out of reach this time; it begins anew." } else { "" };
    view! {
        <li>
            <span class="award-sign" aria-hidden="true">{sign}</span>
            <div>
                <p><span class="award-name">{it.name.clone()}</span>" "<span class="entry-when">{word}{until}</span></p>
                <p class="award-why">{it.description.clone()}</p>
                <Meter share=it.progress.clamp(0.0, 1.0)/>
                <p class="award-why">"So far: "{it.so_far.clone()}"."{again}</p>
            </div>
        </li>
    }
}

/// The latest kudos, and a form to give one.
pub(super) fn kudos(own: &Own) -> impl IntoView + use<> {
    let flash = own.flash.as_ref();
    let said = notice(flash, "kudos");
    let received: Vec<_> = own.thanks.kudos.iter().map(one_kudos).collect();
    let received = if received.is_empty() {
        view! { <EmptyState title="No kudos yet"/> }.into_any()
    } else {
        view! { <ul class="entries">{received}</ul> }.into_any()
    };
    let form = if own.thanks.colleagues.is_empty() {
        view! { <p class="entry-text">"There is nobody else at your site to thank."</p> }.into_any()
    } else {
        let (colleagues, flash) = (own.thanks.colleagues.clone(), own.flash.clone());
        view! { <KudosForm title="Thank a colleague" colleagues flash/> }.into_any()
    };
    view! {
        <Card id="kudos" title="Kudos" lead="At most five a day, and one a week to the same person.">
            {said}
            {received}
            {form}
        </Card>
    }
}

fn one_kudos(it: &Kudos) -> impl IntoView + use<> {
    view! {
        <li>
            <div class="entry-head"><span class="entry-name">{it.from.clone()}</span><span class="entry-when">{it.category.label()}" · "{fmt::day_and_year(it.day)}</span></div>
            <p class="entry-text quote">{it.message.clone()}</p>
        </li>
    }
}
