//! The page: one form for each KPI, and what was changed when and by whom.

use chrono_tz::Tz;
use leptos::either::Either;
use leptos::prelude::*;
use muster::alignment::{Better, Kpi, Set, Targets, targets};
use muster::charts::Unit;
use muster::people::Permission;
use muster::people::log::{self, Filter, Line};

use super::{FORM, field, scale};
use crate::admin::form::said;
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, Column, DataTable, EmptyState, fmt};

/// Changes shown.
const SHOWN: i64 = 20;

struct Shown {
    set: Set,
    targets: Targets,
    history: Vec<Line>,
    zone: Tz,
    flash: Option<Flash>,
}

/// `/admin/targets`
#[component]
pub fn TargetsPage() -> impl IntoView {
    let page = Suspend::new(async move {
        match load().await {
            Ok(shown) => Either::Left(view(&shown)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load() -> Result<Shown, AppError> {
    let caller = Caller::with(Permission::Admin)?;
    let user = caller.user();
    let mut tx = caller.db().org(user.org.id).await?;
    let filter = Filter { what: "kpi".into(), ..Filter::default() };
    let mut history = log::lines(&mut tx, (user.role, user.org.zone), &filter, None, SHOWN).await?;
    history.retain(|line| line.record == "kpi");
    Ok(Shown {
        set: Set::of(user.role),
        targets: targets(&mut tx).await?,
        history,
        zone: user.org.zone,
        flash: Flash::take().await.filter(|flash| flash.form == FORM),
    })
}

fn view(it: &Shown) -> impl IntoView + use<> {
    let forms = it.set.kpis().map(|kpi| form(it, kpi)).collect_view();
    let (said, history) = (said(it.flash.as_ref()), history(it));
    view! {
        <PageFrame title="Targets" lead="What is asked of each KPI on the alignment page, and from where on it is a warning or critical. Values are kept and judged anew: a change holds for past days too.">
            {said}
            <div class="stack">
                <div class="admin-targets">{forms}</div>
                {history}
                <p><a href="/alignment">"Operational alignment"</a>" · "<a href=crate::admin::PAGE>"Back to Admin"</a></p>
            </div>
        </PageFrame>
    }
}

fn form(it: &Shown, kpi: Kpi) -> impl IntoView + use<> {
    let (target, default) = (it.targets.of(kpi), kpi.default_target());
    let mend = it.flash.as_ref().filter(|flash| !flash.done && flash.typed("kpi") == kpi.code());
    let value = |name: &str, kept: f64| mend.map_or_else(|| field(kept), |flash| flash.typed(name));
    let scaled = |kept: f64| scale(kpi) * kept;
    let unit = if kpi.unit() == Unit::Percent { " (%)" } else { "" };
    let (aim, side) = match kpi.better() {
        Better::Higher => ("at least", "below"),
        Better::Lower => ("at most", "above"),
    };
    let inputs = [
        ("target", format!("Target, {aim}{unit}"), value("target", scaled(target.target))),
        ("warning", format!("Warning {side}{unit}"), value("warning", scaled(target.warning))),
        ("critical", format!("Critical {side}{unit}"), value("critical", scaled(target.critical))),
        ("weight", "Weight (0–100)".to_owned(), value("weight", target.weight)),
    ]
    .map(|(name, label, value)| {
        view! { <label class="field">{label}<input type="text" inputmode="decimal" name=name maxlength="12" required=true value=value/></label> }
    })
    .collect_view();
    let own = it.targets.is_own(kpi);
    let lead = format!("{} by {}, {}.", capital(kpi.counts().0), kpi.counts().1, kpi.window());
    let defaults = format!(
        "Default: {}, warning {side} {}, critical {side} {}, weight {}.",
        kpi.text(Some(default.target)),
        kpi.text(Some(default.warning)),
        kpi.text(Some(default.critical)),
        default.weight
    );
    let reset = own.then(|| {
        let label = format!("Back to the default: {}", kpi.title());
        view! {
            <form method="post" action="/fn/reset_target">
                <input type="hidden" name="kpi" value=kpi.code()/>
                <button class="button quiet" type="submit" aria-label=label>"Back to the default"</button>
            </form>
        }
    });
    let save = format!("Keep: {}", kpi.title());
    view! {
        <Card id=kpi.code() title=kpi.title() lead=lead>
            <form class="admin-target" method="post" action="/fn/set_target">
                <input type="hidden" name="kpi" value=kpi.code()/>
                {inputs}
                <button class="button" type="submit" aria-label=save>"Keep"</button>
            </form>
            <p class="muted">{defaults}{(!own).then_some(" It holds.")}</p>
            {reset}
        </Card>
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn history(it: &Shown) -> impl IntoView + use<> {
    let columns = vec![Column::text("at", "When"), Column::text("who", "Who"), Column::text("what", "What")];
    let rows: Vec<_> = it
        .history
        .iter()
        .map(|line| {
            let at = line.at.with_timezone(&it.zone);
            let at = format!("{} {}", fmt::day_and_year(at.date_naive()), at.format("%H:%M"));
            let who = line.who.as_ref().map_or_else(|| "Muster".to_owned(), |(_, name)| name.clone());
            vec![at.into_any(), who.into_any(), what(line).into_any()]
        })
        .collect();
    let body = if rows.is_empty() {
        view! { <EmptyState title="Nothing was changed yet"><p>"The defaults hold for every KPI."</p></EmptyState> }
            .into_any()
    } else {
        view! { <DataTable caption=format!("The latest changes, up to {SHOWN}") columns rows/> }.into_any()
    };
    view! { <Card id="history" title="Changes">{body}</Card> }
}

/// `Fill rate: target 0.95 → 0.96`.
fn what(line: &Line) -> String {
    let changes = line.changes.as_deref().unwrap_or_default();
    let kpi = changes.iter().find(|(name, ..)| name == "kpi").and_then(|(.., code)| Kpi::of_code(code));
    let number = |name: &str, text: &str| match (kpi, text.parse::<f64>()) {
        (Some(kpi), Ok(value)) if name != "weight" => kpi.text(Some(value)),
        _ => text.to_owned(),
    };
    let fields = changes.iter().filter(|(name, ..)| name != "kpi");
    let fields: Vec<String> = fields
        .map(|(name, before, after)| format!("{name} {} → {}", number(name, before), number(name, after)))
        .collect();
    format!("{}, {}: {}", line.action, kpi.map_or("a KPI", Kpi::title), fields.join(", "))
}
