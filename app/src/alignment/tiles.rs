//! What goes on right now, in tiles that refresh with the page.

use leptos::prelude::*;
use muster::alignment::Set;
use muster::product::{Live, live, live_everywhere};

use super::refresh::Part;
use crate::caller::Caller;
use crate::error::AppError;
use crate::ui::{Tile, fmt};

/// One reading serves everybody who looks within so long.
const KEPT: std::time::Duration = std::time::Duration::from_secs(10);

/// What goes on in the caller's organization; for the platform in all of them.
pub(super) async fn read(caller: &Caller) -> Result<crate::cache::Kept<Live>, AppError> {
    let set = Set::of(caller.user().role);
    let (db, org, now) = (caller.db().clone(), caller.user().org.id, caller.now());
    let make = async move {
        Ok(match set {
            Set::Product => live_everywhere(&db, now).await?,
            Set::Workforce => live(&db, org, now).await?,
        })
    };
    caller.kept(("alignment-live", format!("{set:?}")), &[], KEPT, make).await
}

pub(super) fn tiles(it: &Live, caller: &Caller) -> impl IntoView + use<> {
    let whole = |n: i64| fmt::number(n as f64, 0);
    let (hour, day) = (whole(it.active_1h), format!("{} in the last 24 hours", whole(it.active_24h)));
    let (events, rosters) = (fmt::number(it.events_a_minute(), 1), whole(it.rosters));
    let proposals = whole(it.proposals);
    let revenue = it.revenue.to_string().parse::<f64>().map_or_else(|_| "n/a".into(), |it| fmt::number(it, 2));
    let currency = caller.user().org.currency.clone();
    let is_platform = Set::of(caller.user().role) == Set::Product;
    let money = if is_platform { "of new subscriptions, a month" } else { "received for orders, less refunds" };
    let subscriptions = it.subscriptions.map(|n| view! { <Tile label="Subscriptions" value=whole(n) period=DAY/> });
    view! {
        <Part id="alignment-live">
            <section class="tiles" aria-label="Right now">
                <Tile label="Active users" value=hour period="last hour" note=day/>
                <Tile label="Events" value=events unit="a minute" period="mean of five minutes" note="of users who agreed to be counted"/>
                <Tile label="Rosters" value=rosters period=DAY note="generated"/>
                <Tile label="Proposals applied" value=proposals period=DAY/>
                {subscriptions}
                <Tile label="Revenue" value=revenue unit=currency period=DAY note=money/>
            </section>
        </Part>
    }
}

const DAY: &str = "last 24 hours";
