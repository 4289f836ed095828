//! The list: filters, a page of users, the form to add one.

use leptos::prelude::*;
use muster::people::Role;
use muster::people::members::{Member, PAGE as MEMBERS};

use super::form::{Filled, rights};
use super::page::Listed;
use super::{ADD, PAGE};
use crate::admin::form::said;
use crate::ui::frame::PageFrame;
use crate::ui::{Ago, Card, Column, DataTable, EmptyState, Pager, fmt};

pub(super) fn view(it: &Listed) -> impl IntoView + use<> {
    let active: i64 = it.tally.iter().map(|tally| tally.active).sum();
    let shut: i64 = it.tally.iter().map(|tally| tally.shut_out).sum();
    let lead = format!(
        "{} active, {shut} deactivated. What a user may see follows from role and scope, from the next request on.",
        fmt::count(active, "user is", "users are")
    );
    let (said, find, table, add) = (said(it.flash.as_ref()), find(it), table(it), add(it));
    view! {
        <PageFrame title="Users" lead=lead>
            {said}
            <div class="columns">
                <div class="stack">{find} {table}</div>
                <div class="stack">{add}</div>
            </div>
            <p><a href=crate::admin::PAGE>"Back to Admin"</a></p>
        </PageFrame>
    }
}

fn find(it: &Listed) -> impl IntoView + use<> {
    let roles = Role::ALL
        .into_iter()
        .map(|role| {
            let count = it.tally.iter().find(|tally| tally.role == role).map_or(0, |tally| tally.active);
            view! { <option value=role.word() selected=it.wanted.role == Some(role)>{format!("{role} ({count})")}</option> }
        })
        .collect_view();
    let text = it.wanted.text.clone();
    let state = it.wanted.active;
    view! {
        <Card id="find" title="Find">
            <form class="admin-filter" method="get" action=PAGE role="search">
                <label class="field">"Name, e-mail or number"<input type="search" name="find" value=text maxlength="200"/></label>
                <label class="field">"Role"<select name="role"><option value="">"Every role"</option>{roles}</select></label>
                <label class="field">"State"<select name="state">
                    <option value="">"Both"</option>
                    <option value="active" selected=state == Some(true)>"active"</option>
                    <option value="deactivated" selected=state == Some(false)>"deactivated"</option>
                </select></label>
                <button class="button" type="submit">"Find"</button>
            </form>
        </Card>
    }
}

fn table(it: &Listed) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("name", "Name"),
        Column::text("email", "E-mail"),
        Column::text("role", "Role"),
        Column::text("scope", "Scope"),
        Column::text("state", "State"),
        Column::text("login", "Last signed in"),
    ];
    let older = it.members.len() as i64 > MEMBERS;
    let rows: Vec<_> = it.members.iter().take(MEMBERS as usize).map(|member| row(it, member)).collect();
    let body = if rows.is_empty() {
        view! { <EmptyState title="Nobody is found"><p>"Ask for a part of the name, or for every role."</p></EmptyState> }.into_any()
    } else {
        view! { <DataTable caption="Users by name" hide_caption=true columns rows/> }.into_any()
    };
    let (href, page) = (format!("{PAGE}?{}page=", query(it)), it.wanted.page);
    view! { <Card id="users" title="Users">{body}<Pager label="Pages of users" page older href anchor="#users"/></Card> }
}

/// The filter as it stands in an address; ends where another field may follow.
fn query(it: &Listed) -> String {
    let fields = [
        ("find", it.wanted.text.clone()),
        ("role", it.wanted.role.map(|role| role.word().to_owned()).unwrap_or_default()),
        ("state", it.wanted.active.map(|it| if it { "active" } else { "deactivated" }.to_owned()).unwrap_or_default()),
    ];
    let said: Vec<_> = fields.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let query = serde_urlencoded::to_string(&said).unwrap_or_default();
    if query.is_empty() { query } else { format!("{query}&") }
}

fn row(it: &Listed, member: &Member) -> Vec<AnyView> {
    let zone = it.caller.user().org.zone;
    let now = it.caller.now();
    let href = format!("{PAGE}?user={}", member.id);
    let login = member.last_login_at.map_or_else(
        || "never".into_any(),
        |at| view! { <Ago at=at.with_timezone(&zone).fixed_offset() now/> }.into_any(),
    );
    vec![
        view! { <a href=href>{member.name.clone()}</a> }.into_any(),
        member.email.clone().unwrap_or_else(|| "–".into()).into_any(),
        member.role.word().into_any(),
        scope(member).into_any(),
        state(member).into_any(),
        login,
    ]
}

/// What of the organization a user sees.
pub(super) fn scope(member: &Member) -> String {
    match (member.role, &member.client) {
        (Role::Client, Some((_, client))) => format!("sites of {client}"),
        (Role::Worker, _) => {
            member.number.as_ref().map_or_else(|| "no worker".into(), |number| format!("worker {number}"))
        }
        (Role::Supervisor, _) => match member.sites.len() {
            0 => "no site".into(),
            1..=3 => member.sites.iter().map(|(_, code, _)| code.as_str()).collect::<Vec<_>>().join(", "),
            n => fmt::count(n as i64, "site", "sites"),
        },
        (Role::Platform, _) => "totals of all organizations".into(),
        _ => "the organization".into(),
    }
}

fn state(member: &Member) -> impl IntoView + use<> {
    let (class, word) = if member.active { ("tag done", "active") } else { ("tag", "deactivated") };
    view! { <span class=class>{word}</span> }
}

fn add(it: &Listed) -> impl IntoView + use<> {
    let mend = it.flash.as_ref().filter(|flash| flash.form == ADD && !flash.done);
    let filled = mend.map(Filled::typed).unwrap_or_default();
    let typed = |name: &str| mend.map(|flash| flash.typed(name)).unwrap_or_default();
    let (name, email, rights) = (typed("name"), typed("email"), rights(&it.choices, &filled));
    view! {
        <Card id="add" title="Add a user" lead="A random password is shown once; hand it over yourself.">
            <form class="form" method="post" action="/fn/add_user">
                <label class="field">"Name"<input type="text" name="name" maxlength="200" required=true value=name/></label>
                <label class="field">"E-mail"<input type="email" name="email" maxlength="254" required=true value=email autocomplete="off"/></label>
                {rights}
                <button class="button" type="submit">"Add the user"</button>
            </form>
        </Card>
    }
}
