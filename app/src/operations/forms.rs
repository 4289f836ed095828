//! The forms of the page: add a shift, and offer one.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use muster::operations::may_change;
use muster::operations::offer::{Choice, SHOWN};

use super::fns::{ADD, OFFER, WITHDRAW};
use super::page::Board;
use crate::flash::Flash;
use crate::ui::{Card, Details, EmptyState, Notice, NoticeKind, fmt};

/// What a form has to say after its redirect.
pub(super) fn said(board: &Board) -> Option<impl IntoView + use<>> {
    let flash = board.flash.as_ref().filter(|flash| [ADD, OFFER, WITHDRAW].contains(&flash.form.as_str()))?;
    let kind = if flash.done { NoticeKind::Done } else { NoticeKind::Failed };
    let message = flash.message.clone();
    Some(view! { <div id="said"><Notice kind><p>{message}</p></Notice></div> })
}

/// The form that adds a shift, for those who may.
pub(super) fn add(board: &Board) -> Option<impl IntoView + use<>> {
    if !may_change(board.caller.user().role) || board.sites.is_empty() {
        return None;
    }
    let mend = board.flash.as_ref().filter(|flash| flash.form == ADD && !flash.done);
    let typed = |field: &str| mend.map(|flash: &Flash| flash.typed(field)).unwrap_or_default();
    let chosen =
        mend.map_or_else(|| board.asked.site.map(|site| site.to_string()).unwrap_or_default(), |it| it.typed("site"));
    let sites = board
        .sites
        .iter()
        .map(|(id, name)| view! { <option value=id.to_string() selected=id.to_string() == chosen>{name.clone()}</option> })
        .collect_view();
    let skills = board.skills.iter().map(|skill| view! { <option value=skill.clone()></option> }).collect_view();
    let back = board.asked.query(board.asked.list);
    let (starts, ends, skill, open) = (typed("starts"), typed("ends"), typed("skill"), mend.is_some());
    Some(view! {
        <div id="add">
            <Details summary="Add a shift" open=open>
                <form class="form" method="post" action="/fn/add_shift">
                    <input type="hidden" name="back" value=back/>
                    <label class="field">"Site"<select name="site" required=true>{sites}</select></label>
                    <label class="field">"Begins, local time of the site"<input type="datetime-local" name="starts" required=true value=starts/></label>
                    <label class="field">"Ends, local time of the site"<input type="datetime-local" name="ends" required=true value=ends/></label>
                    <label class="field">"Skill it asks for, if any"<input type="text" name="skill" maxlength="100" list="skills" value=skill/></label>
                    <datalist id="skills">{skills}</datalist>
                    <button class="button" type="submit">"Add the shift"</button>
                </form>
            </Details>
        </div>
    })
}

/// The card that offers the chosen shift.
pub(super) fn offer(board: &Board) -> Option<AnyView> {
    match board.choice.as_ref()? {
        Ok(choice) => Some(candidates(board, choice)),
        Err(why) => {
            let why = why.clone();
            let card = view! { <Card id="offer" title="Offer a shift"><EmptyState title="This shift cannot be offered"><p>{why}</p></EmptyState></Card> };
            Some(card.into_any())
        }
    }
}

fn candidates(board: &Board, choice: &Choice) -> AnyView {
    let local = |at: DateTime<Utc>| at.with_timezone(&choice.zone).fixed_offset();
    let end = local(choice.ends_at).format("%H:%M").to_string();
    let title = format!("Offer {}, {} – {end}", choice.site_name, fmt::moment(local(choice.starts_at)));
    let kept = match (choice.blocked, choice.asked) {
        (0, 0) => String::new(),
        (blocked, asked) => {
            format!("{blocked} of the people here are kept from it by a rule, {asked} were asked already.")
        }
    };
    if choice.candidates.is_empty() {
        let back = (waiting(board, choice), withdraw(board, choice));
        let empty = view! { <Card id="offer" title=title><EmptyState title="Nobody is left to ask"><p>{kept}</p></EmptyState>{back}</Card> };
        return empty.into_any();
    }
    let mend = board.flash.as_ref().filter(|flash| flash.form == OFFER && !flash.done);
    let ticked = mend.map(|flash| flash.typed("to")).unwrap_or_default();
    let rows = choice
        .candidates
        .iter()
        .enumerate()
        .map(|(nth, (name, it))| {
            let (field, id) = (format!("to{}", nth + 1), it.worker.to_string());
            let checked = ticked.split(' ').any(|to| to == id);
            view! {
                <li>
                    <label class="pick"><input type="checkbox" name=field value=id checked=checked/>
                        <span><span class="entry-name">{name.clone()}</span><span class="entry-text">{it.why.clone()}</span></span>
                    </label>
                </li>
            }
        })
        .collect_view();
    let (shift, back) = (choice.shift.to_string(), board.asked.query(board.asked.list));
    let more = (waiting(board, choice), withdraw(board, choice));
    let lead = format!(
        "The best suited, at most {SHOWN}: by least overtime, their wishes, distance, and hours so far. {kept}"
    );
    view! {
        <Card id="offer" title=title lead=lead>
            <form class="form" method="post" action="/fn/offer_shift">
                <input type="hidden" name="shift" value=shift/>
                <input type="hidden" name="back" value=back/>
                <ol class="entries picks">{rows}</ol>
                <button class="button" type="submit">"Offer it to those ticked"</button>
                <p class="field-help">"Each is told and answers on the own page. The first who accepts has the shift; to decline is a right and lowers no score."</p>
            </form>
            {more}
        </Card>
    }
    .into_any()
}

/// Those whose answer is waited for, each with the button that takes the offer back.
fn waiting(board: &Board, choice: &Choice) -> Option<AnyView> {
    if choice.waiting.is_empty() {
        return None;
    }
    let rows = choice
        .waiting
        .iter()
        .map(|it| {
            let (offer, back) = (it.offer.to_string(), board.asked.query(board.asked.list));
            let since = fmt::ago(it.since.fixed_offset(), board.caller.now());
            let heard = format!("Take back the offer to {}", it.name);
            view! {
                <li class="offer-waiting">
                    <span><span class="entry-name">{it.name.clone()}</span><span class="entry-text">"asked "{since}</span></span>
                    <form method="post" action="/fn/withdraw_offer">
                        <input type="hidden" name="offer" value=offer/>
                        <input type="hidden" name="back" value=back/>
                        <button class="button quiet" type="submit" aria-label=heard>"Take back"</button>
                    </form>
                </li>
            }
        })
        .collect_view();
    Some(view! { <h3>"Offered, without an answer"</h3><ul class="entries">{rows}</ul> }.into_any())
}

/// The form that withdraws a shift which was added here.
fn withdraw(board: &Board, choice: &Choice) -> Option<AnyView> {
    if !choice.added_here {
        return None;
    }
    let mend = board.flash.as_ref().filter(|flash| flash.form == WITHDRAW && !flash.done);
    let (open, reason) = (mend.is_some(), mend.map(|flash| flash.typed("reason")).unwrap_or_default());
    let (shift, back) = (choice.shift.to_string(), board.asked.query(board.asked.list));
    Some(
        view! {
            <Details summary="Withdraw this shift" open=open>
                <form class="form" method="post" action="/fn/withdraw_shift">
                    <input type="hidden" name="shift" value=shift/>
                    <input type="hidden" name="back" value=back/>
                    <label class="field">"Why it is not needed; kept with the shift"<input type="text" name="reason" required=true maxlength="500" value=reason/></label>
                    <button class="button quiet" type="submit">"Withdraw the shift"</button>
                </form>
            </Details>
        }
        .into_any(),
    )
}
