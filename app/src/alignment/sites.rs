//! A KPI site by site, for the days its value is about: the same sums, and the way to the page that has them in depth.

use leptos::prelude::*;
use muster::alignment::Kpi;
use muster::database::OrgTx;
use muster::executive::{By, Comparison, Filter, executive};
use muster::finance::{self, SITE_COLUMNS};
use muster::metrics::Period;
use muster::people::{Permission, Scope};

use super::depth::capital;
use crate::caller::Caller;
use crate::error::AppError;
use crate::ui::{Card, Column, DataTable, fmt};

/// Sites that are listed; the page behind has all.
const MOST: usize = 10;

/// The card; nothing for a KPI without sites.
pub(super) async fn card(
    caller: &Caller,
    tx: &mut OrgTx,
    kpi: Kpi,
    day: chrono::NaiveDate,
) -> Result<Option<AnyView>, AppError> {
    match (kpi, kpi.metric()) {
        (_, Some(metric)) => {
            let period = Period::window(day);
            let filter = Filter {
                from: Some(period.first.to_string()),
                to: Some(period.last.to_string()),
                metric: Some(metric.code().to_owned()),
                ..Filter::default()
            };
            // People are told apart only for who may see them by name.
            let names = caller.scope(Permission::Team).is_ok_and(|team| team.names);
            let scope = Scope { names, ..caller.scope(Permission::Executive)? };
            let page = executive(tx, &scope, &filter, caller.last_complete_day()).await?;
            Ok(Some(rates(kpi, &page.comparison, period)))
        }
        (Kpi::CostAgainstBudget, None) => {
            let filter = finance::Filter { month: Some(day.format("%Y-%m").to_string()), ..finance::Filter::default() };
            let mut asked = filter.resolve(&SITE_COLUMNS, caller.last_complete_day(), caller.today())?;
            asked.over = Some(Period { first: asked.month, last: day });
            let month = finance::month(tx, &caller.scope(Permission::Financial)?, &asked).await?;
            Ok(Some(costs(&month, Period { first: asked.month, last: day })))
        }
        _ => Ok(None),
    }
}

/// How many of the sites are listed.
fn first_of(n: usize) -> String {
    let sites = fmt::count(n as i64, "site", "sites");
    if n > MOST { format!("The first {MOST} of {sites}") } else { sites }
}

fn rates(kpi: Kpi, it: &Comparison, period: Period) -> AnyView {
    let (hits, of) = it.metric.counts();
    let columns = vec![
        Column::text("site", "Site"),
        Column::number("hits", &capital(hits)),
        Column::number("cases", &format!("Of {of}")),
        Column::number("value", "Value"),
    ];
    let row = |name: AnyView, rate: muster::units::Rate| {
        vec![
            name,
            fmt::number(rate.hit as f64, 0).into_any(),
            fmt::number(rate.of as f64, 0).into_any(),
            kpi.text(rate.value()).into_any(),
        ]
    };
    let mut rows = vec![row("All together".into_any(), it.total)];
    // All of these are better the more they are.
    let worst = it.ordered(By::Rate, false).into_iter().filter(|site| site.rate.of > 0).take(MOST);
    rows.extend(worst.map(|site| {
        let name = match site.place.site() {
            Some(id) => {
                let href = format!("/team/{id}?from={}&to={}", period.first, period.last);
                view! { <a href=href>{site.name.clone()}</a> }.into_any()
            }
            None => site.name.clone().into_any(),
        };
        row(name, site.rate)
    }));
    let href = format!(
        "/executive?from={}&to={}&metric={}&sort=rate&order=asc#sites",
        period.first,
        period.last,
        it.metric.code()
    );
    let lead = format!("{}, furthest from the target first.", fmt::period(period.first, period.last));
    let caption = first_of(it.sites.len());
    view! {
        <Card id="sites" title="By site" lead=lead>
            <DataTable caption=caption columns rows/>
            <p class="alignment-more"><a href=href>"All sites side by side, with what is chance"</a></p>
        </Card>
    }
    .into_any()
}

fn costs(it: &finance::Month, period: Period) -> AnyView {
    let columns = vec![
        Column::text("site", "Site"),
        Column::number("actual", "Cost so far"),
        Column::number("to_date", "Budget so far"),
        Column::number("value", "Value"),
    ];
    let money = |cents: i64| fmt::number(cents as f64 / 100.0, 2);
    let part = |line: &finance::Line| {
        let budget = line.to_date?.total();
        let value = (budget > 0).then(|| line.actual.total() as f64 / budget as f64);
        Some((line.name.clone(), line.actual.total(), budget, value))
    };
    let mut parts: Vec<_> = it.lines.iter().filter_map(part).collect();
    parts.sort_by(|a, b| b.3.unwrap_or(0.0).total_cmp(&a.3.unwrap_or(0.0)));
    let (actual, budget) = parts.iter().fold((0, 0), |(actual, budget), part| (actual + part.1, budget + part.2));
    let whole = (budget > 0).then(|| actual as f64 / budget as f64);
    let n = parts.len();
    let all = ("All with a budget".to_owned(), actual, budget, whole);
    let rows = std::iter::once(all)
        .chain(parts.into_iter().take(MOST))
        .map(|(name, actual, budget, value)| {
            vec![
                name.into_any(),
                money(actual).into_any(),
                money(budget).into_any(),
                Kpi::CostAgainstBudget.text(value).into_any(),
            ]
        })
        .collect();
    let href = format!("/financial?month={}#sites", period.last.format("%Y-%m"));
    view! {
        <Card id="sites" title="By site" lead=format!("{}, the most above its budget first.", fmt::period(period.first, period.last))>
            <DataTable caption=first_of(n) columns rows/>
            <p class="alignment-more"><a href=href>"The month in money, with where it is heading"</a></p>
        </Card>
    }
    .into_any()
}
