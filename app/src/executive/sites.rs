//! All sites by one metric: what stands out, the bars, the funnel, the table, and how each has moved.

use leptos::prelude::*;
use muster::charts::Unit;
use muster::executive::{Better, By, Chance, Comparison, Metric, PAGE, SiteRate, TRENDS, Trend, figures};

use super::address;
use super::page::Shown;
use crate::ui::{Card, ChartFigure, Column, DataTable, Delta, EmptyState, Notice, NoticeKind, Pager, Sort, Spark, fmt};

/// A value of the metric with its unit, as in a sentence.
fn said(metric: Metric, value: Option<f64>, currency: &str) -> String {
    let unit = metric.unit(currency);
    match value {
        None => "n/a".into(),
        Some(value) if unit == Unit::Percent => unit.value(metric.shown(value)),
        Some(value) => format!("{} {}", unit.value(metric.shown(value)), unit.name()),
    }
}

/// The same without its unit, as under a heading that says it.
fn bare(metric: Metric, value: Option<f64>, currency: &str) -> String {
    value.map_or_else(|| "n/a".into(), |value| metric.unit(currency).value(metric.shown(value)))
}

/// What was counted; money in whole units of it.
fn hits(metric: Metric, hit: i64) -> String {
    let (value, digits) = match metric {
        Metric::CostPerShift => (hit as f64 / 100.0, 2),
        Metric::Bpi => (hit as f64 / 100.0, 1),
        _ => (hit as f64, 0),
    };
    fmt::number(value, digits)
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
    let (metric, currency) = (it.metric, shown.currency.as_str());
    let title = format!("Sites by {}", in_sentence(metric.label()));
    let lead = format!(
        "{}, compared with {}. All together: {} ({} of {} {}), before {}.",
        fmt::period(shown.it.asked.period.first, shown.it.asked.period.last),
        fmt::period(shown.it.asked.before.first, shown.it.asked.before.last),
        said(metric, it.total.value(), currency),
        hits(metric, it.total.hit),
        fmt::number(it.total.of as f64, 0),
        metric.counts().1,
        said(metric, it.before.value(), currency)
    );
    let body = if it.withheld {
        view! {
            <EmptyState title="Too few people to show">
                <p>"Fewer than five people work at these sites: without names nobody shall be recognized."</p>
            </EmptyState>
        }
        .into_any()
    } else if it.sites.is_empty() {
        view! {
            <EmptyState title="Nothing to compare in this time">
                <p>"No site has anything of this kind on record. Choose another period or metric, or import the records."</p>
            </EmptyState>
        }
        .into_any()
    } else {
        let page = on_page(shown);
        let (bars, funnel) = (figures::bars(it, &page, currency), figures::funnel(it, currency));
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
            let word = match it.is_better(site) {
                Some(true) => "better than chance explains",
                Some(false) => "worse than chance explains",
                None if site.rate.value() > it.total.value() => "more than chance explains",
                None => "fewer than chance explains",
            };
            let say = format!(
                ": {} of {} {} ({}), {word}",
                hits(it.metric, site.rate.hit),
                fmt::number(site.rate.of as f64, 0),
                it.metric.counts().1,
                said(it.metric, site.rate.value(), &shown.currency)
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
    let unit = it.metric.unit(&shown.currency);
    let name = if it.metric.chance() == Chance::Mean { "Mean" } else { "Rate" };
    let columns = vec![
        Column::text("site", "Site").sortable(),
        Column::number("hits", &capital(hits)),
        Column::number("cases", &format!("Of {of}")).sortable(),
        Column::number("rate", &format!("{name} ({})", unit.name())).sortable(),
        Column::number("interval", "95 % interval"),
        Column::number("previous", &format!("Before ({})", unit.name())).sortable(),
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

/// A label within a sentence: abbreviations stay as they are.
fn in_sentence(label: &str) -> String {
    let word =
        |word: &str| if word.contains(|c: char| c.is_ascii_lowercase()) { word.to_lowercase() } else { word.into() };
    label.split(' ').map(word).collect::<Vec<String>>().join(" ")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn row(site: &SiteRate, shown: &Shown) -> Vec<AnyView> {
    let (metric, currency) = (shown.it.comparison.metric, shown.currency.as_str());
    let name = match site.place.site() {
        Some(id) => view! { <a href=team_link(shown, id)>{site.name.clone()}</a> }.into_any(),
        None => site.name.clone().into_any(),
    };
    let bare = |value| bare(metric, value, currency);
    let interval = site
        .interval(metric)
        .map_or_else(|| "n/a".into(), |(low, high)| format!("{} – {}", bare(Some(low.max(0.0))), bare(Some(high))));
    let change = site.change().map_or_else(
        || "n/a".into_any(),
        |change| {
            let (value, unit) = (metric.shown(change), metric.unit(currency));
            match metric.better() {
                Better::Neither => unit.change(value).into_any(),
                better => view! { <Delta value unit lower_is_better={better == Better::Lower}/> }.into_any(),
            }
        },
    );
    vec![
        name,
        hits(metric, site.rate.hit).into_any(),
        fmt::number(site.rate.of as f64, 0).into_any(),
        bare(site.rate.value()).into_any(),
        interval.into_any(),
        bare(site.before.value()).into_any(),
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
    let (metric, currency) = (shown.it.comparison.metric, shown.currency.as_str());
    let points: Vec<Option<f64>> =
        trend.weeks.iter().map(|week| week.value().map(|value| metric.shown(value))).collect();
    let known: Vec<f64> = trend.weeks.iter().filter_map(|week| week.value()).collect();
    let said = |value: &f64| said(metric, Some(*value), currency);
    let label = match known.as_slice() {
        [] => format!("{}: nothing on record", trend.name),
        [first, .., last] => format!("{}: from {} to {}", trend.name, said(first), said(last)),
        [only] => format!("{}: {} in one week", trend.name, said(only)),
    };
    let last = bare(metric, trend.weeks.last().and_then(|week| week.value()), currency);
    view! {
        <li class="multiple">
            <a class="multiple-name" href=team_link(shown, trend.site)>{trend.name.clone()}</a>
            <Spark points label=label/>
            <span class="multiple-value">{last}</span>
        </li>
    }
}
