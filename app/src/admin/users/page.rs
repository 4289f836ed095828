//! The page: the list with its filters and the form to add somebody, or one user.

use axum::http::request::Parts;
use leptos::either::EitherOf3;
use leptos::prelude::*;
use muster::people::members::{self, Member, Tally, Wanted};
use muster::people::{Permission, Role, sites_in};
use muster::units::UserId;

use super::form::Choices;
use super::{list, one};
use crate::admin::administrator;
use crate::caller::Caller;
use crate::error::AppError;
use crate::export::Fields;
use crate::flash::Flash;

/// What is shown.
pub(super) enum Shown {
    List(Box<Listed>),
    One(Box<Chosen>),
}

/// The list.
pub(super) struct Listed {
    pub caller: Caller,
    pub wanted: Wanted,
    pub members: Vec<Member>,
    pub tally: Vec<Tally>,
    pub choices: Choices,
    pub flash: Option<Flash>,
}

/// One user.
pub(super) struct Chosen {
    pub caller: Caller,
    pub member: Member,
    pub choices: Choices,
    pub flash: Option<Flash>,
}

/// `/admin/users`
#[component]
pub fn UsersPage() -> impl IntoView {
    let asked = use_context::<Parts>().and_then(|parts| parts.uri.query().map(str::to_owned)).unwrap_or_default();
    let page = Suspend::new(async move {
        match load(&asked).await {
            Ok(Shown::List(listed)) => EitherOf3::A(list::view(&listed)),
            Ok(Shown::One(chosen)) => EitherOf3::B(one::view(&chosen)),
            Err(error) => EitherOf3::C(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(asked: &str) -> Result<Shown, AppError> {
    let caller = administrator()?;
    let fields = Fields::read(asked)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let scope = caller.scope(Permission::Admin)?;
    let choices = Choices { sites: sites_in(&mut tx, &scope).await?, clients: members::clients(&mut tx).await? };
    let flash = Flash::take().await;
    if let Some(user) = fields.once("user")? {
        let user: UserId = user.parse().map_err(|_| AppError::NotFound)?;
        let member = members::member(&mut tx, user, caller.now()).await?;
        return Ok(Shown::One(Box::new(Chosen { member, choices, flash, caller })));
    }
    let wanted = wanted(&fields)?;
    let members = members::members(&mut tx, &wanted, caller.now()).await?;
    let tally = members::tally(&mut tx).await?;
    Ok(Shown::List(Box::new(Listed { wanted, members, tally, choices, flash, caller })))
}

fn wanted(fields: &Fields) -> Result<Wanted, AppError> {
    let text = fields.once("find")?.unwrap_or_default().replace('\0', "");
    if text.chars().count() > 200 {
        return Err(AppError::Invalid("Write at most 200 characters.".into()));
    }
    let role = fields.once("role")?.map(str::parse::<Role>).transpose()?;
    let active = match fields.once("state")? {
        None => None,
        Some("active") => Some(true),
        Some("deactivated") => Some(false),
        Some(_) => return Err(AppError::Invalid("A user is active or deactivated.".into())),
    };
    let page = match fields.once("page")? {
        None => 1,
        Some(page) => page
            .parse()
            .ok()
            .filter(|page| (1..=500).contains(page))
            .ok_or_else(|| AppError::Invalid("Pages are numbered from 1 to 500.".into()))?,
    };
    Ok(Wanted { text, role, active, page })
}
