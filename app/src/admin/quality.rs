//! `/admin/quality`: what the checks of the data hold to.

use leptos::either::Either;
use leptos::prelude::*;
use muster::alignment::quality::{Settings, set_settings, settings};
use muster::people::Permission;

use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, Notice, NoticeKind};

/// The address of the page.
pub const PAGE: &str = "/admin/quality";
/// Which form the messages belong to.
const FORM: &str = "quality";

/// Sets what the checks of the data hold to.
#[server(prefix = "/fn", endpoint = "set_data_quality")]
pub async fn set_data_quality(
    #[server(default)] warning_below: String,
    #[server(default)] critical_below: String,
    #[server(default)] days: String,
    #[server(default)] stale_hours: String,
    #[server(default)] burst: String,
    #[server(default)] robust_z: String,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let caller = Caller::with(Permission::Admin)?;
        let set = Settings {
            warning_below: number(&warning_below)?,
            critical_below: number(&critical_below)?,
            days: number(&days)?,
            stale_hours: number(&stale_hours)?,
            burst: number(&burst)?,
            robust_z: number(&robust_z)?,
        };
        let mut tx = caller.db().org(caller.user().org.id).await?;
        set_settings(&mut tx, set, caller.user().id, caller.now()).await?;
        tx.commit().await?;
        Ok::<_, AppError>(())
    };
    match outcome.await {
        Ok(()) => Flash::done(FORM, "Kept. The next look, within six hours, holds to it.").keep().await,
        Err(error) => {
            let typed = [
                ("warning_below", warning_below.as_str()),
                ("critical_below", &critical_below),
                ("days", &days),
                ("stale_hours", &stale_hours),
                ("burst", &burst),
                ("robust_z", &robust_z),
            ];
            Flash::mend(FORM, error.text(), &typed).keep().await;
        }
    }
    leptos_axum::redirect(PAGE);
    Ok(())
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, AppError> {
    let text = text.trim();
    text.parse().map_err(|_| AppError::Invalid(format!("'{text}' is not a number that fits; write it in digits.")))
}

/// `/admin/quality`
#[component]
pub fn QualitySettingsPage() -> impl IntoView {
    let page = Suspend::new(async move {
        match load().await {
            Ok((set, flash)) => Either::Left(view(set, flash.as_ref())),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load() -> Result<(Settings, Option<Flash>), AppError> {
    let caller = Caller::with(Permission::Admin)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let set = settings(&mut tx).await?;
    drop(tx);
    Ok((set, Flash::take().await.filter(|flash| flash.form == FORM)))
}

fn view(set: Settings, flash: Option<&Flash>) -> impl IntoView + use<> {
    let said = flash.map(|flash| {
        let (kind, message) = (if flash.done { NoticeKind::Done } else { NoticeKind::Failed }, flash.message.clone());
        view! { <Notice kind><p>{message}</p></Notice> }
    });
    let mend = flash.filter(|flash| !flash.done);
    let field = |name: &'static str, label: &'static str, kept: String, (min, max): (&'static str, &'static str)| {
        let value = mend.map_or(kept, |flash| flash.typed(name));
        view! { <label class="field">{label}<input type="number" name=name min=min max=max step=if name == "robust_z" { "0.5" } else { "1" } required=true value=value/></label> }
    };
    let fields = [
        field("warning_below", "A warning below a score of", set.warning_below.to_string(), ("1", "100")),
        field("critical_below", "Critical below a score of", set.critical_below.to_string(), ("0", "99")),
        field("days", "Days that are looked through (7–90)", set.days.to_string(), ("7", "90")),
        field(
            "stale_hours",
            "A source is stale when its newest day is longer ago, in hours (24–720)",
            set.stale_hours.to_string(),
            ("24", "720"),
        ),
        field(
            "burst",
            "A burst: clock-ins by one device of a site, or orders of one customer, within a minute (3–1000)",
            set.burst.to_string(),
            ("3", "1000"),
        ),
        field(
            "robust_z",
            "A day is far from the usual from so many robust standard deviations on (3–50)",
            set.robust_z.to_string(),
            ("3", "50"),
        ),
    ];
    view! {
        <PageFrame title="Checks of the data" lead="What the look at the data, every six hours, holds to.">
            {said}
            <Card id="settings" title="Thresholds" lead="The score and each check are alerts below these.">
                <form class="form" method="post" action="/fn/set_data_quality">
                    {fields.collect_view()}
                    <button class="button" type="submit">"Keep it so"</button>
                </form>
            </Card>
            <p><a href="/alignment#data-quality">"See what was found"</a>" · "<a href=super::PAGE>"Back to Admin"</a></p>
        </PageFrame>
    }
}
