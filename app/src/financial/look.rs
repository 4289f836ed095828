//! What the pages have in common: who looks at what, the filter, the way from one to the other.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Months, NaiveDate, Utc};
use leptos::prelude::*;
use muster::commerce::{Today, today};
use muster::executive::Light;
use muster::finance::{Asked, Filter, Month, TOPICS, month, whole};
use muster::people::{Permission, Scope};
use muster::units::SiteId;

use super::address::{self, Fields, PATH, PAYROLL, PLACEMENTS};
use crate::cache::Kept;
use crate::caller::Caller;
use crate::commerce;
use crate::error::AppError;
use crate::ui::{choices, fmt};

/// A dashboard is kept for so long.
const KEPT: Duration = Duration::from_secs(300);
/// What came in today, for so long.
const A_MINUTE: Duration = Duration::from_secs(60);
/// Months to choose from.
const MONTHS: u32 = 24;

/// Who looks, at what.
#[derive(Debug, Clone)]
pub(super) struct Look {
    pub caller: Caller,
    pub scope: Scope,
    pub filter: Filter,
    pub asked: Asked,
}

impl Look {
    pub(super) fn new(caller: Caller, filter: Filter, columns: &[&'static str]) -> Result<Self, AppError> {
        let scope = caller.scope(Permission::Financial)?;
        let asked = filter.resolve(columns, caller.last_complete_day(), caller.today())?;
        Ok(Self { caller, scope, filter, asked })
    }

    pub(super) fn currency(&self) -> &str {
        &self.caller.user().org.currency
    }

    /// An amount as this organization reads it.
    pub(super) fn money(&self, cents: i64) -> String {
        muster::finance::amount(cents, self.currency())
    }

    /// The same, or that there is none.
    pub(super) fn some_money(&self, cents: Option<i64>) -> String {
        cents.map_or_else(|| "n/a".into(), |cents| self.money(cents))
    }

    /// The month as it is kept, or made anew.
    pub(super) async fn month(&self) -> Result<Kept<Month>, AppError> {
        let org = self.caller.user().org.id;
        // Order and page are of the table, not of the month.
        let asked = Asked { by: "", descending: false, page: 1, q: None, ..self.asked.clone() };
        let of = serde_json::to_string(&(&self.scope, &asked)).map_err(|cause| AppError::ours(&cause))?;
        let (db, scope) = (self.caller.db().clone(), self.scope.clone());
        self.caller
            .kept(("financial", of), &TOPICS, KEPT, async move {
                let mut tx = db.org(org).await?;
                Ok(month(&mut tx, &scope, &asked).await?)
            })
            .await
    }

    /// What came in today, at most a minute ago.
    pub(super) async fn today(&self) -> Result<Option<Kept<Option<Today>>>, AppError> {
        let (org, day, now) = (self.caller.user().org.id, self.caller.today(), self.caller.now());
        let db = self.caller.db().clone();
        let made = async move {
            let mut tx = db.org(org).await?;
            Ok(today(&mut tx, day, now).await?)
        };
        self.caller
            .kept(("financial-today", day.to_string()), &muster::commerce::TOPICS, A_MINUTE, made)
            .await
            .map(Some)
    }

    /// `1 – 20 Nov 2026`, as far as it is over.
    pub(super) fn period(&self) -> String {
        match self.asked.over {
            Some(over) => fmt::period(over.first, over.last),
            None => format!("{}, no day over yet", month_name(self.asked.month)),
        }
    }

    /// `as of 14:03`
    pub(super) fn as_of(&self, made_at: DateTime<Utc>) -> String {
        format!("As of {}.", made_at.with_timezone(&self.caller.user().org.zone).format("%H:%M"))
    }
}

/// `November 2026`
pub(super) fn month_name(month: NaiveDate) -> String {
    month.format("%B %Y").to_string()
}

/// A shape and a word for how a number stands.
pub(super) fn light(light: Light) -> impl IntoView + use<> {
    view! {
        <span class=format!("light light-{}", light.code())>
            <span aria-hidden="true">{light.shape()}" "</span>{light.word()}
        </span>
    }
}

/// The pages of the view as links; those of a month keep it.
pub(super) fn nav(look: &Look, here: &'static str) -> impl IntoView + use<> {
    nav_to(&address::common(&look.filter), here)
}

/// The same from a page that has other fields.
pub(super) fn nav_to(fields: &Fields, here: &'static str) -> impl IntoView + use<> {
    let none = Fields::new();
    let pages = [(PATH, "The month", fields), (PAYROLL, "Payroll", fields), (PLACEMENTS, "Placements", &none)];
    let pages = pages.into_iter().chain(commerce::PAGES.map(|(path, label)| (path, label, &none)));
    let links = pages
        .map(|(path, label, fields)| {
            let current = (path == here).then_some("page");
            view! { <a class="choice" href=address::link(path, fields) aria-current=current>{label}</a> }
        })
        .collect_view();
    view! { <nav class="choices financial-nav" aria-label="Financial pages">{links}</nav> }
}

/// Month, site and, where people are named, who is looked for.
pub(super) fn filter_form(
    look: &Look,
    path: &'static str,
    sites: &[(SiteId, String)],
    search: bool,
) -> impl IntoView + use<> {
    let asked = &look.asked;
    let now = look.caller.today();
    let first = now - chrono::Days::new(u64::from(chrono::Datelike::day0(&now)));
    let mut months: Vec<NaiveDate> =
        (0..MONTHS).filter_map(|back| first.checked_sub_months(Months::new(back))).collect();
    if !months.contains(&asked.month) {
        months.push(asked.month);
    }
    let months =
        choices(months.into_iter().map(|month| (month.format("%Y-%m"), month_name(month), month == asked.month)));
    let each = sites.iter().map(|(site, name)| (site.to_string(), name.as_str(), asked.site == Some(*site)));
    let sites = choices(std::iter::once((String::new(), "All sites", false)).chain(each));
    let q = look.filter.q.clone().unwrap_or_default();
    let search = search.then(|| {
        view! {
            <label class="field">
                "Name or number"<input type="search" name="q" value=q maxlength="80" autocomplete="off"/>
            </label>
        }
    });
    let days = whole(asked.month);
    view! {
        <details class="filters">
            <summary><span class="filters-word">"Month"</span>" "{month_name(days.first)}</summary>
            <form method="get" action=path class="filter-form">
                <label class="field">"Month"<select name="month" inner_html=months></select></label>
                <label class="field">"Site"<select name="site" inner_html=sites></select></label>
                {search}
                <button class="button" type="submit">"Show"</button>
            </form>
        </details>
    }
}

/// The month of a page with everything it shows.
pub(super) struct Shown {
    pub look: Look,
    pub it: Arc<Month>,
    /// What came in today, where the month that runs is looked at as a whole.
    pub today: Option<Kept<Option<Today>>>,
    pub made_at: DateTime<Utc>,
}
