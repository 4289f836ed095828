//! The page: everybody's tokens, and a form to make an own one.

use chrono::{DateTime, Utc};
use leptos::either::Either;
use leptos::prelude::*;
use muster::people::{OrgToken, tokens_of_org};

use super::{DAYS, FORM};
use crate::admin::administrator;
use crate::admin::form::said;
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::system::areas;
use crate::ui::frame::PageFrame;
use crate::ui::{Ago, Card, Column, DataTable, EmptyState, fmt};

/// Tokens shown.
const SHOWN: i64 = 200;

struct Shown {
    caller: Caller,
    tokens: Vec<OrgToken>,
    flash: Option<Flash>,
}

/// `/admin/tokens`
#[component]
pub fn TokensPage() -> impl IntoView {
    let page = Suspend::new(async move {
        match load().await {
            Ok(shown) => Either::Left(view(&shown)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load() -> Result<Shown, AppError> {
    let caller = administrator()?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let tokens = tokens_of_org(&mut tx, SHOWN, caller.now()).await?;
    Ok(Shown { tokens, flash: Flash::take().await, caller })
}

fn view(it: &Shown) -> impl IntoView + use<> {
    let live = it.tokens.iter().filter(|token| token.is_live(it.caller.now())).count();
    let lead = format!(
        "{} something. A token acts in its owner's name and sees what its owner sees.",
        fmt::count(live as i64, "token opens", "tokens open")
    );
    let said = said(it.flash.as_ref().filter(|flash| flash.form == FORM));
    let (table, make) = (table(it), make(it));
    view! {
        <PageFrame title="API tokens" lead=lead>
            {said}
            <div class="columns">
                <div class="stack">{table}</div>
                <div class="stack">{make}</div>
            </div>
            <p><a href=crate::admin::PAGE>"Back to Admin"</a></p>
        </PageFrame>
    }
}

fn table(it: &Shown) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("name", "Token"),
        Column::text("owner", "Acts for"),
        Column::text("opens", "Opens"),
        Column::text("ends", "Ends"),
        Column::text("used", "Last used"),
        Column::text("revoke", "By hand"),
    ];
    let rows: Vec<_> = it.tokens.iter().map(|token| row(it, token)).collect();
    let body = if rows.is_empty() {
        view! { <EmptyState title="There is no token"><p>"Programs get in with a token: make one for yourself beside."</p></EmptyState> }.into_any()
    } else {
        let caption = format!("Tokens of the organization, those that open something first, up to {SHOWN}");
        view! { <DataTable caption columns rows/> }.into_any()
    };
    view! { <Card id="tokens" title="Tokens of everybody">{body}</Card> }
}

fn row(it: &Shown, token: &OrgToken) -> Vec<AnyView> {
    let (zone, now) = (it.caller.user().org.zone, it.caller.now());
    let ago = |at: DateTime<Utc>| view! { <Ago at=at.with_timezone(&zone).fixed_offset() now/> }.into_any();
    let info = &token.info;
    let opens =
        if info.scopes.iter().any(|scope| scope == "*") { "everything".to_owned() } else { info.scopes.join(", ") };
    let ends = match (info.revoked_at, info.expires_at) {
        (Some(at), _) => view! { "revoked "{ago(at)} }.into_any(),
        (None, Some(at)) => ago(at),
        (None, None) => "never".into_any(),
    };
    let (id, label) = (info.id.to_string(), format!("Revoke: {}", info.name));
    let revoke = token.is_live(now).then(|| {
        view! {
            <form method="post" action="/fn/revoke_token">
                <input type="hidden" name="token" value=id/>
                <button class="button quiet" type="submit" aria-label=label>"Revoke"</button>
            </form>
        }
    });
    vec![
        info.name.clone().into_any(),
        token.owner.clone().into_any(),
        opens.into_any(),
        ends,
        info.last_used_at.map_or_else(|| "never".into_any(), ago),
        revoke.map_or_else(|| "–".into_any(), IntoAny::into_any),
    ]
}

fn make(it: &Shown) -> impl IntoView + use<> {
    let mend = it.flash.as_ref().filter(|flash| flash.form == FORM && !flash.done);
    let typed = |name: &str| mend.map(|flash| flash.typed(name)).unwrap_or_default();
    let (name, opens, days) = (typed("name"), typed("opens"), typed("days"));
    let opens: Vec<String> = opens.split(' ').map(str::to_owned).collect();
    let areas = areas()
        .into_iter()
        .map(|area| (area, format!("/api/v1/{area}")))
        .chain([("*", "everything, also what is added later".to_owned())])
        .map(|(area, label)| {
            let checked = opens.iter().any(|it| it == area);
            view! { <label class="admin-check"><input type="checkbox" name="opens" value=area checked=checked/>{label}</label> }
        })
        .collect_view();
    let ends = DAYS
        .map(|choice| {
            let value = choice.to_string();
            let selected = if days.is_empty() { choice == 90 } else { days == value };
            view! { <option value=value selected=selected>{format!("after {choice} days")}</option> }
        })
        .collect_view();
    view! {
        <Card id="make" title="Make a token" lead="It acts in your name. It is shown once.">
            <form class="form" method="post" action="/fn/make_token">
                <label class="field">"What it is for"<input type="text" name="name" maxlength="100" required=true value=name/></label>
                <fieldset class="admin-checks"><legend>"What it opens"</legend>{areas}</fieldset>
                <label class="field">"Ends"<select name="days">{ends}</select></label>
                <button class="button" type="submit">"Make the token"</button>
            </form>
            <p class="muted">"How programs ask: "<a href=crate::api::DOCS>"the API, explained"</a>"."</p>
        </Card>
    }
}
