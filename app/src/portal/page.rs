//! The page: six numbers, the trend, the sites, what happened, who was placed. Nobody is named in it.

use chrono::NaiveDate;
use chrono_tz::Tz;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use muster::charts::{Unit, count as count_of};
use muster::me::Filter;
use muster::people::Permission;
use muster::portal::{self, Asked, Facts, Incident, LISTED, Placed, Portal, SiteLine, figures};
use muster::units::{Rate, SiteId};

use super::{PAGE, report};
use crate::api::TWICE;
use crate::caller::Caller;
use crate::error::AppError;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, ChartFigure, Column, DataTable, Delta, Details, EmptyState, Tile, fmt};

/// Incidents that are shown before one asks for more.
const AT_FIRST: usize = 10;

/// `/client`
#[component]
pub fn PortalPage() -> impl IntoView {
    let asked = asked(&use_query_map().get_untracked());
    let page = Suspend::new(async move {
        match async { load(asked?).await }.await {
            Ok((portal, last_complete)) => Either::Left(view(&portal, last_complete)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

fn asked(query: &ParamsMap) -> Result<(Filter, Option<SiteId>), AppError> {
    let once = |field| match query.get_all(field).unwrap_or_default().as_slice() {
        [] => Ok(None),
        [value] => Ok(Some(value.clone()).filter(|value| !value.trim().is_empty())),
        _ => Err(AppError::Invalid(TWICE.into())),
    };
    let site = once("site")?.map(|id| id.parse().map_err(|_| AppError::NotFound)).transpose()?;
    Ok((Filter { from: once("from")?, to: once("to")?, days: None }, site))
}

async fn load((filter, site): (Filter, Option<SiteId>)) -> Result<(Portal, NaiveDate), AppError> {
    let caller = Caller::with(Permission::ClientPortal)?;
    let scope = caller.scope(Permission::ClientPortal)?;
    let last_complete = caller.last_complete_day();
    let (period, _) = filter.resolve(last_complete)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    Ok((portal::portal(&mut tx, &scope, site, Asked::period(period)).await?, last_complete))
}

fn view(portal: &Portal, last_complete: NaiveDate) -> impl IntoView + use<> {
    let lead = format!(
        "{}, compared with {}",
        fmt::period(portal.period.first, portal.period.last),
        fmt::period(portal.previous.first, portal.previous.last)
    );
    let filter = filter(portal);
    if portal.choices.is_empty() {
        let none = view! { <EmptyState title="No site of yours is on record yet"><p>"As soon as your service provider links a site to you, its figures stand here."</p></EmptyState> };
        return view! { <PageFrame title=portal.client.clone() lead=lead>{none}</PageFrame> }.into_any();
    }
    let (figure, report) = (figures::weeks(&portal.weeks), report::form(portal, last_complete));
    let (tiles, sites, staffing, incidents) = (tiles(portal), sites(portal), staffing(portal), incidents(portal));
    view! {
        <PageFrame title=portal.client.clone() lead=lead aside=Some(filter.into_any())>
            {report}
            {tiles}
            <div class="columns">
                <div class="stack">
                    <section class="card" aria-label="Trend"><ChartFigure figure alone=true/></section>
                    {sites}
                </div>
                <div class="stack">{staffing} {computed()}</div>
            </div>
            {incidents}
        </PageFrame>
    }
    .into_any()
}

fn filter(portal: &Portal) -> impl IntoView + use<> {
    let (from, to) = (portal.period.first, portal.period.last);
    let sites = portal
        .choices
        .iter()
        .map(|(id, name)| {
            view! { <option value=id.to_string() selected=portal.site == Some(*id)>{name.clone()}</option> }
        })
        .collect_view();
    view! {
        <details class="filters">
            <summary><span class="filters-word">"Period and site"</span>" "{fmt::period(from, to)}</summary>
            <form method="get" action=PAGE class="filter-form">
                <label class="field">"From"<input type="date" name="from" value=from.to_string()/></label>
                <label class="field">"To"<input type="date" name="to" value=to.to_string()/></label>
                <label class="field">"Site"<select name="site"><option value="">"All our sites"</option>{sites}</select></label>
                <button class="button" type="submit">"Show"</button>
            </form>
        </details>
    }
}

fn percent(rate: Rate) -> String {
    rate.value().map_or_else(|| "n/a".into(), |share| Unit::Percent.value(100.0 * share))
}

fn changed(now: Option<f64>, before: Option<f64>, unit: Unit, lower_is_better: bool) -> AnyView {
    match now.zip(before) {
        Some((now, before)) => {
            let was = unit.value(before);
            view! { <Delta value=now - before unit lower_is_better/>" from "{was} }.into_any()
        }
        None if now.is_some() => "Nothing to compare with".into_any(),
        None => "Nothing to judge in this time".into_any(),
    }
}

fn tiles(portal: &Portal) -> impl IntoView + use<> {
    let (now, before) = portal.total();
    let period = fmt::period(portal.period.first, portal.period.last);
    let share = |rate: Rate| rate.value().map(|share| 100.0 * share);
    let count = |n: i64| fmt::number(n as f64, 0);
    let rate = |label: &'static str, now: Rate, before: Rate, what: &str| {
        let note = format!("{} of {} {what}", count(now.hit), count(now.of));
        let (compared, period) = (changed(share(now), share(before), Unit::Percent, false), period.clone());
        view! { <Tile label=label value=percent(now) period=period note=note>{compared}</Tile> }
    };
    let marks = |facts: Facts| facts.mark().map(|(mark, _)| mark);
    let satisfied = marks(now).map_or_else(|| "n/a".into(), |mark| fmt::number(mark, 1));
    let rated = now.mark().map_or(0, |(_, n)| n);
    let satisfaction = changed(marks(now), marks(before), Unit::Other("of 5".into()), false);
    let health = portal.health();
    let (score, band) = portal.standing().map_or((None, "no data"), |(score, word)| (Some(score), word));
    let parts = [
        ("fill", health.fill),
        ("in time", health.sla),
        ("satisfaction", health.satisfaction),
        ("trend", health.trend),
    ];
    let parts: Vec<String> =
        parts.into_iter().filter_map(|(name, part)| Some(format!("{name} {}", fmt::points(part?)))).collect();
    let happened = &portal.incidents;
    let incidents =
        changed(Some(happened.happened as f64), Some(happened.before as f64), Unit::Count(String::new()), true);
    let placed = portal.placed;
    // More or fewer is neither better nor worse.
    let begun = format!("{} in the days before", count(placed.1.started));
    let took = happened
        .median_hours
        .map_or_else(String::new, |hours| format!("; half were resolved within {} hours", fmt::number(hours, 1)));
    view! {
        <section class="tiles" aria-label="Your service in numbers">
            {rate("Shifts filled", now.fill, before.fill, "shifts")}
            {rate("Work in time", now.sla, before.sla, "tasks and work orders")}
            <Tile label="Satisfaction" value=satisfied unit="of 5" period=period.clone() note=format!("{} work orders rated", count(rated))>{satisfaction}</Tile>
            <Tile label="Incidents" value=count(happened.happened) period=period.clone() note=format!("{} open now{took}", count(happened.open))>{incidents}</Tile>
            <Tile label="Placements begun" value=count(placed.0.started) period=period.clone() note=format!("{} posted, {} open at the end", count_of(placed.0.posted, "job", "jobs"), count(placed.0.open))>{begun}</Tile>
            <Tile label="How your service stands" value=score.map_or_else(|| "n/a".into(), fmt::points) unit="of 100" period=period.clone() note=parts.join(", ")>{band}</Tile>
        </section>
    }
}

fn sites(portal: &Portal) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("site", "Site"),
        Column::number("fill", "Shifts filled"),
        Column::number("change", "Change"),
        Column::number("sla", "Work in time"),
        Column::number("mark", "Satisfaction (1–5)"),
        Column::number("incidents", "Incidents"),
        Column::number("open", "Open"),
    ];
    let (now, before) = portal.total();
    let together = SiteLine {
        id: SiteId(uuid::Uuid::nil()),
        name: "All together".into(),
        now,
        before,
        incidents: portal.sites.iter().map(|site| site.incidents).sum(),
        open: portal.sites.iter().map(|site| site.open).sum(),
    };
    let rows = std::iter::once((&together, None))
        .chain(portal.sites.iter().map(|site| {
            (site, Some(format!("{PAGE}?site={}&from={}&to={}", site.id, portal.period.first, portal.period.last)))
        }))
        .map(|(site, link)| site_row(site, link))
        .collect();
    view! {
        <Card id="sites" title="Your sites" lead="The first line is the numbers above.">
            <DataTable caption="Your sites in this period" hide_caption=true columns rows/>
        </Card>
    }
}

fn site_row(site: &SiteLine, link: Option<String>) -> Vec<AnyView> {
    let name = site.name.clone();
    let name = match link {
        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
        None => name.into_any(),
    };
    let change = match site.now.fill.value().zip(site.before.fill.value()) {
        Some((now, before)) => view! { <Delta value=100.0 * (now - before) unit=Unit::Percent/> }.into_any(),
        None => "n/a".into_any(),
    };
    let of = |rate: Rate| {
        if rate.of > 0 { format!("{} ({} of {})", percent(rate), rate.hit, rate.of) } else { "n/a".into() }
    };
    let mark = site.now.mark().map_or_else(|| "n/a".into(), |(mark, n)| format!("{} ({n})", fmt::number(mark, 1)));
    vec![
        name,
        of(site.now.fill).into_any(),
        change,
        of(site.now.sla).into_any(),
        mark.into_any(),
        site.incidents.to_string().into_any(),
        site.open.to_string().into_any(),
    ]
}

fn staffing(portal: &Portal) -> impl IntoView + use<> {
    let (now, before) = portal.placed;
    let nothing = [now, before].iter().all(|it| it.posted + it.open + it.started + it.stayed.of == 0);
    let body = if nothing {
        view! { <EmptyState title="Nobody was asked for in this time"><p>"Jobs you ask for, and who is placed in them, are counted here."</p></EmptyState> }.into_any()
    } else {
        placed(now, before).into_any()
    };
    view! { <Card id="placements" title="People you asked for" lead="Jobs at your sites, and placements in them.">{body}</Card> }
}

fn placed(now: Placed, before: Placed) -> impl IntoView {
    let columns =
        vec![Column::text("what", "What"), Column::number("now", "This period"), Column::number("before", "Before")];
    let of = |rate: Rate| {
        if rate.of > 0 { format!("{} ({} of {})", percent(rate), rate.hit, rate.of) } else { "n/a".into() }
    };
    let days =
        |it: Placed| it.median_days.map_or_else(|| "n/a".into(), |days| format!("{} days", fmt::number(days, 1)));
    let mark =
        |it: Placed| it.mark().map_or_else(|| "n/a".into(), |(mark, n)| format!("{} of 5 ({n})", fmt::number(mark, 1)));
    let line = |what: &'static str, text: &dyn Fn(Placed) -> String| {
        vec![what.into_any(), text(now).into_any(), text(before).into_any()]
    };
    let rows = vec![
        line("Jobs posted", &|it| it.posted.to_string()),
        line("Of those closed, filled", &|it| of(it.filled)),
        line("Jobs open at the end", &|it| it.open.to_string()),
        line("Time to fill, half within", &days),
        line("Placements begun", &|it| it.started.to_string()),
        line("Stayed 90 days (begun in the year before that)", &|it| of(it.stayed)),
        line("Your marks for those placed", &mark),
    ];
    view! { <DataTable caption="Jobs and placements" hide_caption=true columns rows/> }
}

fn incidents(portal: &Portal) -> impl IntoView + use<> {
    let listed = &portal.incidents.listed;
    let columns = vec![
        Column::text("kind", "What"),
        Column::text("site", "Site"),
        Column::text("when", "When"),
        Column::number("severity", "Severity (1–5)"),
        Column::text("state", "State"),
    ];
    let table = |caption, shown: &[Incident]| {
        let rows: Vec<_> = shown.iter().map(incident).collect();
        view! { <DataTable caption=caption hide_caption=true columns=columns.clone() rows/> }
    };
    let lead = match i64::try_from(listed.len()) {
        Ok(LISTED) => format!("Open ones first, then the latest; the first {LISTED}."),
        _ => "Open ones first, then the latest.".to_owned(),
    };
    let (first, more) = listed.split_at(listed.len().min(AT_FIRST));
    let body = if first.is_empty() {
        view! { <EmptyState title="No incident in this time, and none open"/> }.into_any()
    } else {
        let first = table("Incidents of this period, and those open", first);
        let more = (!more.is_empty()).then(|| {
            let (summary, more) = (format!("{} more", more.len()), table("Earlier incidents of this period", more));
            view! { <Details summary>{more}</Details> }
        });
        view! { {first} {more} }.into_any()
    };
    view! { <Card id="incidents" title="Incidents" lead=lead>{body}</Card> }
}

fn incident(it: &Incident) -> Vec<AnyView> {
    let zone: Tz = it.zone.parse().unwrap_or(Tz::UTC);
    let local = |at: chrono::DateTime<chrono::Utc>| fmt::moment(at.with_timezone(&zone).fixed_offset());
    let state = match it.resolved_at {
        Some(at) => format!("✓ resolved {}", local(at)),
        None => "○ open".into(),
    };
    vec![
        it.kind.clone().into_any(),
        it.site.clone().into_any(),
        local(it.happened_at).into_any(),
        it.severity.to_string().into_any(),
        state.into_any(),
    ]
}

fn computed() -> impl IntoView {
    view! {
        <Card id="computed" title="How is this computed?">
            <Details summary="Definitions">
                <p>"Shifts filled: shifts with somebody, of all shifts planned. Work in time: tasks and work orders finished by their deadline, of those that had one. Satisfaction: the mean of your marks for work orders, 1 to 5."</p>
                <p>"How your service stands, 0–100: shifts filled 35, work in time 25, satisfaction 20 (1 is 0, 5 is 100), trend 20 (50 where nothing has changed, 5 more for each point that the others rose). A part without data drops out and the others share its weight. 70 and more is healthy, 40 to 69 at risk, less poor."</p>
                <p>"A period is compared with as many days before it. Nothing about pay, and nothing about a person, is in this portal."</p>
            </Details>
        </Card>
    }
}
