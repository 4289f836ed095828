//! What the four pages have in common: who may come, the period, the filter, how far the figures reach, and how money and
//! growth are said.

use std::time::Duration;

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use muster::charts::Unit;
use muster::commerce::{Amount, Asked, Filter, Named, Standing, Stretch, TOPICS, View, growth, height, money};
use muster::database::{OrgTx, Plans};
use muster::people::Permission;

use super::{FinancialNav, address, files};
use crate::cache::Kept;
use crate::caller::Caller;
use crate::error::AppError;
use crate::ui::frame::PageFrame;
use crate::ui::{Cell, Growth, choices, fmt};

/// Who asked for what, in which money.
pub(super) struct Asker {
    pub view: View,
    pub filter: Filter,
    pub asked: Asked,
    pub currency: String,
    pub caller: Caller,
}

impl Asker {
    /// Understands the address; `sorts` are the columns its list can be sorted by.
    pub fn of(view: View, query: &ParamsMap, sorts: &[&str]) -> Result<Self, AppError> {
        Self::by(Caller::with(Permission::Financial)?, view, address::filter(query)?, sorts)
    }

    /// The same of a filter that was understood; the caller has asked whether it may be seen.
    pub fn by(caller: Caller, view: View, filter: Filter, sorts: &[&str]) -> Result<Self, AppError> {
        let asked = understood(view, &filter, &caller, sorts)?;
        let currency = caller.user().org.currency.clone();
        Ok(Self { view, filter, asked, currency, caller })
    }

    /// The page's answer as it is kept, or as `make` gives it.
    pub async fn kept<T, F>(&self, make: impl FnOnce(OrgTx, Asked) -> F + Send) -> Result<Kept<T>, AppError>
    where
        T: Send + Sync + 'static,
        F: Future<Output = muster::Result<T>> + Send,
    {
        let asked = self.asked.clone();
        let of = serde_json::to_string(&asked).map_err(|cause| AppError::ours(&cause))?;
        let (db, org) = (self.caller.db().clone(), self.caller.user().org.id);
        let minutes = if self.view == View::Customers { 15 } else { 10 };
        let kept_for = Duration::from_secs(60 * minutes);
        self.caller
            .kept((self.view.code(), of), &TOPICS, kept_for, async move {
                let tx = db.snapshot(org, Plans::Once).await?;
                Ok(make(tx, asked).await?)
            })
            .await
    }

    /// An amount in words: without the currency, which stands in the headings.
    pub fn money(&self, amount: Amount) -> String {
        money(amount, &self.currency)
    }

    /// The period in words.
    pub fn period(&self) -> String {
        fmt::period(self.asked.period.first, self.asked.period.last)
    }

    /// A heading with the currency.
    pub fn heading(&self, name: &str) -> String {
        format!("{name} ({})", self.currency)
    }

    /// The period before in words.
    pub fn before(&self) -> String {
        fmt::period(self.asked.before.first, self.asked.before.last)
    }

    /// How much more than before, as said under a number.
    pub fn grown(&self, now: Amount, before: Amount) -> AnyView {
        said_growth(growth(now, before), &self.money(before), &self.before(), false)
    }

    /// The same of what is better when it falls.
    pub fn grown_loss(&self, now: Amount, before: Amount) -> AnyView {
        said_growth(growth(now, before), &self.money(before), &self.before(), true)
    }

    /// The same for a count.
    pub fn grown_count(&self, now: i64, before: i64) -> AnyView {
        let growth = (before > 0).then(|| (now - before) as f64 / before as f64);
        said_growth(growth, &fmt::number(before as f64, 0), &self.before(), false)
    }
}

/// What a filter asks of a page. A partner is refused where there is none to choose, so that nobody takes all for one.
pub(super) fn understood(view: View, filter: &Filter, caller: &Caller, sorts: &[&str]) -> Result<Asked, AppError> {
    let asked = filter.resolve(caller.last_complete_day(), sorts)?;
    if asked.partner.is_some() && !view.has_partner() {
        let said = format!("{} are told of all partners together: leave the partner out.", view.label());
        return Err(AppError::Invalid(said));
    }
    Ok(asked)
}

fn said_growth(growth: Option<f64>, before: &str, period: &str, lower_is_better: bool) -> AnyView {
    let said = format!(" against {before} ({period})");
    match growth {
        Some(growth) => view! { <Growth percent=100.0 * growth lower_is_better/>{said} }.into_any(),
        None => format!("Growth n/a: {before} before ({period})").into_any(),
    }
}

/// A growth in a table.
pub(super) fn growth_cell(now: Amount, before: Amount) -> Cell {
    match growth(now, before) {
        Some(growth) => Cell::of(view! { <Growth percent=100.0 * growth/> }),
        None => "n/a".into(),
    }
}

/// A share of a whole as per cent, `n/a` of nothing.
pub(super) fn share_of(part: Amount, whole: Amount) -> String {
    if whole > Amount::ZERO { Unit::Percent.value(100.0 * height(part) / height(whole)) } else { "n/a".into() }
}

/// Minutes as people say them: minutes, hours or days.
pub(super) fn minutes(minutes: Option<f64>) -> String {
    match minutes {
        None => "n/a".into(),
        Some(minutes) if minutes < 90.0 => format!("{}\u{a0}min", fmt::number(minutes, 0)),
        Some(minutes) if minutes < 48.0 * 60.0 => format!("{}\u{a0}h", fmt::number(minutes / 60.0, 1)),
        Some(minutes) => format!("{}\u{a0}days", fmt::number(minutes / 1_440.0, 1)),
    }
}

/// The name of a part of the period: a day, or a week or month by its days.
pub(super) fn part(part: &Stretch) -> String {
    fmt::period(part.first, part.last)
}

/// The frame of a page.
pub(super) fn page(
    asker: &Asker,
    partners: Option<&[Named]>,
    (standing, made_at): (Standing, DateTime<Utc>),
    body: AnyView,
) -> AnyView {
    let open = if asker.asked.until > asker.asked.period.last { " (the days that are over)" } else { "" };
    let lead = format!("{}{open}, compared with {}", asker.period(), asker.before());
    let filter = filter_form(asker, partners).into_any();
    let clock = made_at.with_timezone(&asker.caller.user().org.zone);
    let reach = format!("{} As of {}.", reach(standing), clock.format("%H:%M"));
    let links = files::links(asker);
    view! {
        <PageFrame title=asker.view.label() lead=lead aside=Some(filter)>
            <FinancialNav/>
            <p class="commerce-note">{reach}</p>
            {body}
            {links}
        </PageFrame>
    }
    .into_any()
}

fn reach(standing: Standing) -> String {
    let Some(through) = standing.through else {
        return "Nothing is summed yet. Import orders; the figures follow the next morning.".into();
    };
    let waiting = match standing.waiting {
        0 => String::new(),
        n => format!(" {} changed since then and will be summed anew.", fmt::count(n, "day has", "days have")),
    };
    format!("Summed through {}; each morning adds the day before.{waiting}", fmt::day_and_year(through))
}

fn filter_form(asker: &Asker, partners: Option<&[Named]>) -> impl IntoView + use<> {
    let asked = &asker.asked;
    let chosen = partners.and_then(|all| all.iter().find(|it| Some(it.id) == asked.partner)).map(|it| it.name.clone());
    let choice = partners.map(|all| {
        let each = all.iter().map(|it| (it.id.to_string(), it.name.as_str(), asked.partner == Some(it.id)));
        let options = choices(std::iter::once((String::new(), "All", false)).chain(each));
        view! { <label class="field">"Partner"<select name="partner" inner_html=options></select></label> }
    });
    let said = chosen.map(|name| format!(", {name}"));
    view! {
        <details class="filters">
            <summary><span class="filters-word">"Period"</span>" "{asker.period()}{said}</summary>
            <form method="get" action=address::path(asker.view) class="filter-form">
                <label class="field">"From"<input type="date" name="from" value=asked.period.first.to_string()/></label>
                <label class="field">"To"<input type="date" name="to" value=asked.period.last.to_string()/></label>
                {choice}
                <button class="button" type="submit">"Show"</button>
            </form>
        </details>
    }
}
