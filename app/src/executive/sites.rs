//! All sites by one metric: what stands out, the bars, the funnel, the table, and how each has moved.

use leptos::prelude::*;
use muster::charts::Unit;
use muster::executive::{By, Comparison, PAGE, SiteRate, TRENDS, Trend, figures};

use super::address;
use super::page::Shown;
use crate::ui::{Card, ChartFigure, Column, DataTable, Delta, EmptyState, Notice, NoticeKind, Pager, Sort, Spark, fmt};

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "n/a".into(), |share| Unit::Percent.value(100.0 * share))
}

/// The sites on this page of the table, in its order.
fn on_page(shown: &Shown) -> Vec<&SiteRate> {
    let asked = shown.it.asked;
    let ordered = shown.it.comparison.ordered(asked.by, asked.descending);
    ordered.into_iter().skip((asked.page - 1) * PAGE).take(PAGE).collect()
}

fn team_link(shown: &Shown, site: muster::units::SiteId) -> String {
    address::link(&format!("/team/{site}"), &address::of_period(&shown.filter))
}

pub(super) fn card(shown: &Shown) -> impl IntoView + use<> {
    let it = &shown.it.comparison;
    let title = format!("Sites by {}", it.metric.label().to_lowercase());
    let lead = format!(
        "{}, compared with {}. All together: {} ({} of {} {}), before {}.",
        fmt::period(shown.it.asked.period.first, shown.it.asked.period.last),
        fmt::period(shown.it.asked.before.first, shown.it.asked.before.last),
        percent(it.total.value()),
        fmt::number(it.total.hit as f64, 0),
        fmt::number(it.total.of as f64, 0),
        it.metric.counts().1,
        percent(it.before.value())
    );
    let body = if it.sites.is_empty() {
        view! {
            <EmptyState title="Nothing to compare in this time">
                <p>"No site has anything of this kind on record. Choose another period or metric, or import the records."</p>
            </EmptyState>
        }
        .into_any()
    } else {
        let page = on_page(shown);
        let (bars, funnel) = (figures::bars(it, &page), figures::funnel(it));
        view! {
            {called_out(it, shown)}
            <div class="columns">
                <div class="stack"><ChartFigure figure=funnel/></div>
                <div class="stack"><ChartFigure figure=bars/></div>
            </div>
            {table(&page, shown)}
        }
        .into_any()
    };
    view! {
        <div class="executive-part">
            <Card id="sites" title=title lead=lead>{body}</Card>
        </div>
    }
}

fn called_out(it: &Comparison, shown: &Shown) -> impl IntoView + use<> {
    let said: Vec<_> = it
        .called_out()
        .filter_map(|site| {
            let id = site.place.site()?;
            let word = if it.is_better(site) { "better than chance explains" } else { "worse than chance explains" };
            let say = format!(
                ": {} of {} {} ({}), {word}",
                fmt::number(site.rate.hit as f64, 0),
                fmt::number(site.rate.of as f64, 0),
                it.metric.counts().1,
                percent(site.rate.value())
            );
            Some(view! { <li><a href=team_link(shown, id)>{site.name.clone()}</a>{say}</li> })
        })
        .collect();
    if said.is_empty() {
        let say = format!(
            "No site differs from the others by more than chance explains: each lies within the 99.8 % limits for its number of {}.",
            it.metric.counts().1
        );
        return view! { <p class="executive-out">{say}</p> }.into_any();
    }
    let n = fmt::count(said.len() as i64, "site lies", "sites lie");
    view! {
        <div class="executive-out">
            <Notice kind=NoticeKind::Info>
                <p>{n}" outside the 99.8 % limits:"</p>
                <ul id="called-out">{said}</ul>
            </Notice>
        </div>
    }
    .into_any()
}

fn table(page: &[&SiteRate], shown: &Shown) -> impl IntoView + use<> {
    let (it, asked) = (&shown.it.comparison, shown.it.asked);
    let (hits, of) = it.metric.counts();
    let columns = vec![
        Column::text("site", "Site").sortable(),
        Column::number("hits", &capital(hits)),
        Column::number("cases", &format!("Of {of}")).sortable(),
        Column::number("rate", "Rate (%)").sortable(),
        Column::number("interval", "95 % interval"),
        Column::number("previous", "Before (%)").sortable(),
        Column::number("change", "Change").sortable(),
    ];
    let rows: Vec<_> = page.iter().map(|site| row(site, shown)).collect();
    let by = By::ALL.iter().find(|(by, _)| *by == asked.by).map_or("rate", |(_, code)| code);
    let sort = Some(Sort { by: by.into(), descending: asked.descending });
    let (n, first) = (it.sites.len(), (asked.page - 1) * PAGE);
    let range = format!("Sites {} to {} of {n}", (first + 1).min(n), (first + page.len()).min(n));
    let idle = if it.idle > 0 {
        format!("; {} had nothing to judge", fmt::count(it.idle as i64, "more site", "more sites"))
    } else {
        String::new()
    };
    let href = address::open_link(address::PATH, &address::of_filter(&shown.filter));
    let turned = format!("{}page=", address::open_link(address::PATH, &address::of_order(&shown.filter)));
    view! {
        <DataTable caption=format!("{range}{idle}") columns rows sort=sort href=href/>
        <Pager label="Pages of sites" page=asked.page as u32 older={n > first + PAGE} href=turned anchor="#sites"/>
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn row(site: &SiteRate, shown: &Shown) -> Vec<AnyView> {
    let metric = shown.it.comparison.metric;
    let name = match site.place.site() {
        Some(id) => view! { <a href=team_link(shown, id)>{site.name.clone()}</a> }.into_any(),
        None => site.name.clone().into_any(),
    };
    let interval = site
        .interval
        .map_or_else(|| "n/a".into(), |(low, high)| format!("{} – {}", percent(Some(low)), percent(Some(high))));
    let change = site.change().map_or_else(
        || "n/a".into_any(),
        |change| {
            view! { <Delta value=100.0 * change unit=Unit::Percent lower_is_better=metric.lower_is_better()/> }
                .into_any()
        },
    );
    vec![
        name,
        fmt::number(site.rate.hit as f64, 0).into_any(),
        fmt::number(site.rate.of as f64, 0).into_any(),
        percent(site.rate.value()).into_any(),
        interval.into_any(),
        percent(site.before.value()).into_any(),
        change,
    ]
}

/// The sites of the table, week by week.
pub(super) fn trends(shown: &Shown) -> Option<impl IntoView + use<>> {
    let trends = &shown.it.trends;
    let lead = format!(
        "{TRENDS} weeks to {}; {} of {}, those of the table in its order.",
        fmt::day_and_year(shown.it.asked.period.last),
        trends.len(),
        fmt::count(shown.it.comparison.sites.len() as i64, "site", "sites")
    );
    (!trends.is_empty()).then(|| {
        let each = trends.iter().map(|trend| multiple(trend, shown)).collect_view();
        view! {
            <div class="executive-part">
                <Card id="trends" title=format!("{} week by week", shown.it.comparison.metric.label()) lead=lead>
                    <ul class="multiples">{each}</ul>
                </Card>
            </div>
        }
    })
}

fn multiple(trend: &Trend, shown: &Shown) -> impl IntoView + use<> {
    let points: Vec<Option<f64>> = trend.weeks.iter().map(|week| week.value().map(|share| 100.0 * share)).collect();
    let known: Vec<f64> = points.iter().flatten().copied().collect();
    let label = match known.as_slice() {
        [] => format!("{}: nothing on record", trend.name),
        [first, .., last] => {
            format!("{}: from {} to {}", trend.name, Unit::Percent.value(*first), Unit::Percent.value(*last))
        }
        [only] => format!("{}: {} in one week", trend.name, Unit::Percent.value(*only)),
    };
    let last = percent(trend.weeks.last().and_then(|week| week.value()));
    view! {
        <li class="multiple">
            <a class="multiple-name" href=team_link(shown, trend.site)>{trend.name.clone()}</a>
            <Spark points label=label/>
            <span class="multiple-value">{last}</span>
        </li>
    }
}
