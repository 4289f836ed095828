//! A site's page as far as recognition goes.

use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use leptos_router::params::ParamsMap;
use muster::people::{Permission, site_name};
use muster::units::SiteId;

use super::{TeamThanks, awards_card, challenges_card, kudos_card, load};
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::frame::PageFrame;

/// `/team/{site}`
#[component]
pub fn TeamThanksPage() -> impl IntoView {
    let (site, query) = (use_params_map().get_untracked().get("site"), use_query_map().get_untracked());
    let page = Suspend::new(async move {
        match team(site.unwrap_or_default(), query).await {
            Ok((name, team)) => Either::Left(view(name, &team)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn team(site: String, query: ParamsMap) -> Result<(String, TeamThanks), AppError> {
    let caller = Caller::with(Permission::Team)?;
    let site: SiteId = site.parse().map_err(|_| AppError::NotFound)?;
    let scope = caller.scope(Permission::Team)?.narrowed_to(Some(site))?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let name = site_name(&mut tx, site).await?;
    let flash = Flash::take().await;
    Ok((name, load(&mut tx, &caller, &scope, site, &query, flash.as_ref()).await?))
}

fn view(name: String, team: &TeamThanks) -> impl IntoView + use<> {
    let (challenges, kudos, awards) = (challenges_card(team), kudos_card(team), awards_card(team));
    view! {
        <PageFrame title=name>
            <div class="columns">
                <div class="stack">{challenges}</div>
                <div class="stack">{kudos} {awards}</div>
            </div>
        </PageFrame>
    }
}
