//! What people are thanked for: giving kudos, and the part of a team's page about kudos, achievements and challenges.
//!
//! A page loads [`TeamThanks`] with [`load`] and places [`challenges_card`], [`kudos_card`] and [`awards_card`].

pub mod api;
mod awards;
mod challenges;
mod fns;
mod form;
mod wall;

use leptos_router::params::ParamsMap;
use muster::database::OrgTx;
use muster::people::{Permission, Scope};
use muster::recognition::{
    AwardCount, Challenge, Colleague, Giver, Opponent, TeamAward, Wall, award_counts, challenges_of, colleagues,
    kudos_wall, opponents, team_awards,
};
use muster::units::{SiteId, WorkerId};

pub use awards::{awards_card, tier};
pub use challenges::challenges_card;
pub use form::KudosForm;
pub use wall::kudos_card;

use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::page_of;

/// Awards shown.
const LATEST: i64 = 8;
/// Where names are not shown, awards of so many days are counted.
const COUNTED_DAYS: u64 = 28;

/// What a team is proud of, and what it competes for.
#[derive(Debug, Clone)]
pub struct TeamThanks {
    site: SiteId,
    flash: Option<Flash>,
    today: chrono::NaiveDate,
    /// Whether the caller may make and end challenges of this site.
    may_change: bool,
    challenges: Vec<Challenge>,
    opponents: Vec<Opponent>,
    people: People,
}

/// What is shown of people.
#[derive(Debug, Clone)]
enum People {
    /// By name: the wall, whom the caller may thank, and the latest awards.
    Named { wall: Wall, page: u32, colleagues: Vec<Colleague>, awards: Vec<TeamAward> },
    /// Without names: how often something was earned.
    Counted(Vec<AwardCount>),
}

/// Who the caller is when giving kudos.
pub fn giver(caller: &Caller, worker: Option<WorkerId>) -> Giver {
    Giver { user: caller.user().id, worker }
}

/// Loads it for one site. `scope` is [`Permission::Team`]'s, narrowed to the site; the page of the wall is `kudos` in the
/// address. Without names in the scope no person is loaded.
///
/// # Errors
/// [`AppError::Invalid`] for a page that is none.
pub async fn load(
    tx: &mut OrgTx,
    caller: &Caller,
    scope: &Scope,
    site: SiteId,
    query: &ParamsMap,
    flash: Option<&Flash>,
) -> Result<TeamThanks, AppError> {
    let (today, may_change) = (caller.today(), Permission::Team.may_change(caller.user().role));
    let page = page_of(query, "kudos")?;
    let people = if scope.names {
        let own = caller.scope(Permission::Me).ok().and_then(|scope| scope.only_worker);
        let mut thanked = colleagues(tx, &giver(caller, own), today).await?;
        thanked.retain(|it| it.site == site);
        let wall = kudos_wall(tx, site, page).await?;
        People::Named { wall, page, colleagues: thanked, awards: team_awards(tx, site, LATEST).await? }
    } else {
        People::Counted(award_counts(tx, site, today - chrono::Days::new(COUNTED_DAYS)).await?)
    };
    Ok(TeamThanks {
        challenges: challenges_of(tx, site, caller.last_complete_day()).await?,
        opponents: if may_change { opponents(tx, site).await? } else { Vec::new() },
        flash: flash.cloned(),
        site,
        today,
        may_change,
        people,
    })
}

/// What a form's flash says, if it is this form's.
fn said(flash: Option<&Flash>, form: &str) -> Option<impl leptos::IntoView + use<>> {
    use leptos::prelude::*;

    use crate::ui::{Notice, NoticeKind};
    let flash = flash.filter(|flash| flash.form == form)?;
    let (kind, message) = (if flash.done { NoticeKind::Done } else { NoticeKind::Failed }, flash.message.clone());
    Some(view! { <Notice kind><p>{message}</p></Notice> })
}
