//! The fields of role and scope, as adding and changing have them both.

use leptos::prelude::*;
use muster::people::Role;
use muster::people::members::Member;
use muster::units::{ClientId, SiteId};

use crate::flash::Flash;
use crate::ui::{Details, fmt};

/// What can be chosen.
#[derive(Debug, Clone)]
pub(super) struct Choices {
    pub sites: Vec<(SiteId, String)>,
    pub clients: Vec<(ClientId, String)>,
}

/// What stands in the fields.
#[derive(Debug, Clone, Default)]
pub(super) struct Filled {
    pub role: String,
    pub client: String,
    pub sites: Vec<String>,
    pub number: String,
}

impl Filled {
    /// What was typed and has to be mended.
    pub fn typed(flash: &Flash) -> Self {
        let sites = flash.typed("site").split(' ').filter(|it| !it.is_empty()).map(str::to_owned).collect();
        Self { role: flash.typed("role"), client: flash.typed("client"), sites, number: flash.typed("number") }
    }

    /// What a user has.
    pub fn of(member: &Member) -> Self {
        Self {
            role: member.role.word().into(),
            client: member.client.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default(),
            sites: member.sites.iter().map(|(id, ..)| id.to_string()).collect(),
            number: member.number.clone().unwrap_or_default(),
        }
    }
}

/// The roles an organization can grant.
pub(super) fn grantable() -> impl Iterator<Item = Role> {
    Role::ALL.into_iter().filter(|role| *role != Role::Platform)
}

/// Role, sites, client, worker.
pub(super) fn rights(choices: &Choices, filled: &Filled) -> impl IntoView + use<> {
    let roles = grantable()
        .map(|role| view! { <option value=role.word() selected=filled.role == role.word()>{role.word()}</option> })
        .collect_view();
    let clients = choices
        .clients
        .iter()
        .map(|(id, name)| {
            let id = id.to_string();
            let selected = filled.client == id;
            view! { <option value=id selected=selected>{name.clone()}</option> }
        })
        .collect_view();
    let number = filled.number.clone();
    view! {
        <label class="field">"Role"<select name="role" required=true>
            <option value="">"Choose"</option>
            {roles}
        </select></label>
        {sites(choices, filled)}
        <label class="field">"Client (for the role client)"<select name="client">
            <option value="">"None"</option>
            {clients}
        </select></label>
        <label class="field">"Employee number of the worker this is (empty: none)"<input type="text" name="number" maxlength="100" value=number/></label>
    }
}

fn sites(choices: &Choices, filled: &Filled) -> impl IntoView + use<> {
    let boxes = choices
        .sites
        .iter()
        .map(|(id, name)| {
            let id = id.to_string();
            let checked = filled.sites.contains(&id);
            view! { <label class="admin-check"><input type="checkbox" name="site" value=id checked=checked/>{name.clone()}</label> }
        })
        .collect_view();
    let chosen = filled.sites.len() as i64;
    let summary = format!("Sites (for the role supervisor): {}", fmt::count(chosen, "chosen", "chosen"));
    view! {
        <Details summary open=filled.role == Role::Supervisor.word()>
            <fieldset class="admin-checks"><legend class="sr-only">"Sites"</legend>{boxes}</fieldset>
        </Details>
    }
}
