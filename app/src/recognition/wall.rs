//! The kudos of a team.

use leptos::prelude::*;
use muster::recognition::TeamKudos;

use super::{KudosForm, People, TeamThanks, said};
use crate::ui::{Card, Details, EmptyState, Pager, fmt};

/// The latest kudos of the site's people, and a form to give one. Nothing where names are not shown: kudos are names.
pub fn kudos_card(it: &TeamThanks) -> Option<impl IntoView + use<>> {
    let People::Named { wall, page, colleagues, .. } = &it.people else { return None };
    let said = said(it.flash.as_ref(), "kudos");
    let entries: Vec<_> = wall.entries.iter().map(one).collect();
    let list = match (entries.is_empty(), page) {
        (false, _) => view! { <ul class="entries">{entries}</ul> }.into_any(),
        (true, 1) => {
            view! { <EmptyState title="No kudos yet"><p>"Be the first: say what somebody did well."</p></EmptyState> }
                .into_any()
        }
        (true, _) => view! { <EmptyState title="There is nothing older"/> }.into_any(),
    };
    let refused = it.flash.as_ref().is_some_and(|flash| flash.form == "kudos" && !flash.done);
    let form = (!colleagues.is_empty()).then(|| {
        let (colleagues, site, flash) = (colleagues.clone(), Some(it.site), it.flash.clone());
        view! {
            <Details summary="Thank somebody of this team" open=refused>
                <KudosForm title="Your thanks" colleagues site flash/>
            </Details>
        }
    });
    let (page, older, href) = (*page, wall.older, format!("/team/{}?kudos=", it.site));
    Some(view! {
        <Card id="kudos" title="Kudos" lead="What the people of this team were thanked for, the latest first. At most five a day from one person, and one a week to the same.">
            {said}
            {form}
            {list}
            <Pager label="Older kudos" page older href anchor="#kudos"/>
        </Card>
    })
}

fn one(it: &TeamKudos) -> impl IntoView + use<> {
    let from = format!(", from {}", it.from);
    view! {
        <li>
            <div class="entry-head">
                <span><span class="entry-name">{it.to.clone()}</span>{from}</span>
                <span class="entry-when">{it.category.label()}" · "{fmt::day_and_year(it.day)}</span>
            </div>
            <p class="entry-text quote">{it.message.clone()}</p>
        </li>
    }
}
