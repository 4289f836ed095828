//! The tables of sites: what is asked for, hours, incidents; each with what it leads to.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use leptos::prelude::*;
use muster::compliance::{
    Counts, Kind, List, PAGE, Rule, Section, SiteHours, SiteIncidents, Standing, State, figures, sum,
};
use muster::units::{Rate, SiteId};

use super::lists::{empty, turn};
use super::page::Shown;
use super::{address, files};
use crate::ui::{Card, ChartFigure, Column, DataTable, EmptyState, Pager, Sort, fmt};

fn n(n: i64) -> AnyView {
    fmt::number(n as f64, 0).into_any()
}

fn rate(rate: Rate) -> AnyView {
    fmt::percent(rate.hit, rate.of).into_any()
}

/// A site's row of a table: its id and the value it is sorted by.
struct Line {
    site: SiteId,
    name: String,
    by: f64,
    cells: Vec<AnyView>,
}

fn link(shown: &Shown, section: Section, site: SiteId) -> AnyView {
    let fields = address::with(address::shown(&shown.filter, section), "site", &site.to_string());
    let href = format!("{}#list", address::link(address::PATH, &fields));
    view! { <a href=href>{shown.it.site(site).to_owned()}</a> }.into_any()
}

/// A table of sites, in the order and on the page of the address.
fn table(
    shown: &Shown,
    section: Section,
    (caption, usual): (&'static str, &'static str),
    columns: Vec<Column>,
    mut lines: Vec<Line>,
) -> AnyView {
    let asked = shown.it.asked;
    let known = asked.sort.filter(|by| columns.iter().any(|column| column.sortable && column.key == *by));
    let (by, descending) = known.map_or((usual, true), |by| (by, asked.descending));
    lines.sort_by(|a, b| {
        let named = a.name.cmp(&b.name).then(a.site.cmp(&b.site));
        let order = if by == "site" { named } else { a.by.partial_cmp(&b.by).unwrap_or(Ordering::Equal) };
        let order = if descending { order.reverse() } else { order };
        order.then(named)
    });
    let total = lines.len();
    // Where the table shares its address with a list, the page is the list's.
    let page = if section == Section::Matrix { asked.page } else { 1 };
    let rows: Vec<_> = lines.into_iter().skip((page - 1) * PAGE).take(PAGE).map(|line| line.cells).collect();
    let shown_rows = rows.len();
    let href = address::open_link(address::PATH, &address::listed(&shown.filter, section));
    let sort = Some(Sort { by: by.into(), descending });
    let first = (page - 1) * PAGE;
    let said = if section == Section::Matrix || total <= PAGE {
        format!("Sites {} to {} of {total}", first + 1, first + shown_rows)
    } else {
        format!("The first {shown_rows} of {total} sites in this order; the file holds all")
    };
    let turn_page = (section == Section::Matrix).then(|| {
        let href = format!("{}page=", address::open_link(address::PATH, &address::ordered(&shown.filter, section)));
        let (page, older) = (u32::try_from(page).unwrap_or(u32::MAX), total > first + shown_rows);
        view! { <Pager label="Pages of the sites" page=page older=older href=href anchor="#list"/> }
    });
    if shown_rows == 0 {
        return empty(shown, "No site has anything of this kind", "Choose another period, kind or site.");
    }
    view! {
        <DataTable caption=caption columns rows sort href=href hide_caption=true/>
        <p class="compliance-range">{said}</p>
        {turn_page}
    }
    .into_any()
}

/// The number a site is sorted by: of what is required.
fn required_by(counts: Counts, by: &str) -> f64 {
    let share = || counts.in_order().value().unwrap_or(1.0);
    match by {
        "required" => counts.required() as f64,
        "in_order" => share(),
        "missing" => counts.of(Standing::Missing) as f64,
        "expired" => counts.of(Standing::Expired) as f64,
        "14" => counts.of(Standing::Within14) as f64,
        "30" => counts.of(Standing::Within30) as f64,
        _ => (counts.of(Standing::Missing) + counts.of(Standing::Expired)) as f64,
    }
}

fn count_cells(counts: Counts) -> impl Iterator<Item = AnyView> {
    Standing::ALL.into_iter().filter(|it| *it != Standing::Current).map(move |it| n(counts.of(it)))
}

fn count_columns() -> Vec<Column> {
    let column = |it: Standing| {
        let column = Column::number(it.word(), &format!("{} {}", it.sign(), it.label()));
        if muster::compliance::COLUMNS.contains(&it.word()) { column.sortable() } else { column }
    };
    Standing::ALL.into_iter().filter(|it| *it != Standing::Current).map(column).collect()
}

pub(super) fn matrix(shown: &Shown) -> AnyView {
    let matrix = &shown.it.matrix;
    if matrix.sites.is_empty() {
        return view! {
            <Card id="matrix" title="Certifications and training by site">
                <EmptyState title="Nothing is asked for">
                    <p>"Import which certifications and trainings a job role or a site asks for; from the next night on it stands here how people are placed."</p>
                </EmptyState>
            </Card>
        }
        .into_any();
    }
    let asked = shown.it.asked;
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| asked.kind.is_none_or(|it| it == *kind)).collect();
    let mut columns = vec![Column::text("site", "Site").sortable(), Column::number("required", "Required").sortable()];
    columns.push(Column::number("in_order", "In order (%)").sortable());
    if kinds.len() > 1 {
        columns.extend(kinds.iter().map(|kind| Column::number(kind.code(), &format!("{} (%)", kind.label()))));
    }
    columns.extend(count_columns());
    let by = asked.sort.unwrap_or("");
    let line = |(site, own): (&SiteId, &BTreeMap<Kind, Counts>)| {
        let counts = sum(own);
        let mut cells = vec![link(shown, Section::People, *site), n(counts.required()), rate(counts.in_order())];
        if kinds.len() > 1 {
            cells.extend(kinds.iter().map(|kind| rate(own.get(kind).copied().unwrap_or_default().in_order())));
        }
        cells.extend(count_cells(counts));
        Line { site: *site, name: shown.it.site(*site).to_owned(), by: required_by(counts, by), cells }
    };
    let lines = matrix.sites.iter().map(line).collect();
    let sites = table(shown, Section::Matrix, ("What is asked for, by site", "gaps"), columns, lines);
    let figure = figures::expiry(&matrix.weeks, asked.today);
    let file = files::csv(shown, "sites");
    view! {
        <Card id="matrix" title="Certifications and training by site" lead=format!("Of people of each home site, as of {}.", fmt::day_and_year(asked.today))>
            {sites}
            {file}
        </Card>
        <Card id="timeline" title="What runs out when"><ChartFigure figure=figure/></Card>
        {things(shown)}
    }
    .into_any()
}

fn things(shown: &Shown) -> impl IntoView + use<> {
    let mut columns =
        vec![Column::text("what", "What"), Column::text("kind", "Kind"), Column::number("required", "Required")];
    columns.push(Column::number("in_order", "In order (%)"));
    columns.extend(count_columns().into_iter().map(|column| Column { sortable: false, ..column }));
    let rows = shown
        .it
        .matrix
        .things
        .iter()
        .map(|((kind, name), counts)| {
            let first =
                [name.clone().into_any(), kind.label().into_any(), n(counts.required()), rate(counts.in_order())];
            first.into_iter().chain(count_cells(*counts)).collect()
        })
        .collect();
    let file = files::csv(shown, "things");
    view! {
        <Card id="things" title="By what is asked for">
            <DataTable caption="How each thing that is asked for stands" columns rows hide_caption=true/>
            {file}
        </Card>
    }
}

fn hours_by(site: &SiteHours, by: &str) -> f64 {
    match by {
        "shifts" => site.shifts as f64,
        "breaches" => site.breaking as f64,
        _ => Rate { hit: site.breaking, of: site.shifts }.value().unwrap_or(0.0),
    }
}

pub(super) fn hours(shown: &Shown) -> AnyView {
    let List::Hours(weeks, listed) = &shown.it.list else { return ().into_any() };
    let asked = shown.it.asked;
    let columns = vec![
        Column::text("site", "Site").sortable(),
        Column::number("shifts", "Shifts with a worker").sortable(),
        Column::number("breaches", "Break a rule").sortable(),
        Column::number("rate", "Break a rule (%)").sortable(),
        Column::number("hours", "Working time"),
        Column::number("papers", "Skill or papers"),
    ];
    let by = asked.sort.unwrap_or("rate");
    let line = |it: &SiteHours| Line {
        site: it.site,
        name: shown.it.site(it.site).to_owned(),
        by: hours_by(it, by),
        cells: vec![
            link(shown, Section::Hours, it.site),
            n(it.shifts),
            n(it.breaking),
            rate(Rate { hit: it.breaking, of: it.shifts }),
            n(it.hours),
            n(it.papers),
        ],
    };
    let lines = shown.it.hours.iter().map(line).collect();
    let sites = table(shown, Section::Hours, ("Shifts that break a rule, by site", "rate"), columns, lines);
    let period = fmt::period(asked.period.first, asked.period.last);
    let figure = figures::breaches(weeks, asked.period.last);
    let more = turn(shown, Section::Hours, listed.rows.len(), listed.total);
    let shifts = breaches(shown);
    let file = files::csv(shown, "hours");
    let shifts_file = files::csv(shown, "breaches");
    view! {
        <Card id="trend" title="Week by week"><ChartFigure figure=figure/></Card>
        <Card id="hours" title="By site" lead=format!("{period}. A rate of few shifts says little.")>
            {sites}
            {file}
        </Card>
        {rules(shown)}
        <Card id="breaches" title="The shifts" lead=format!("{period}, the newest first. A shift that breaks two rules is in two rows.")>
            {shifts}
            {more}
            {shifts_file}
        </Card>
    }
    .into_any()
}

/// Choices of a rule, as links.
fn rules(shown: &Shown) -> impl IntoView + use<> {
    let fields = address::shown(&shown.filter, Section::Hours);
    let choice = |rule: Option<Rule>| {
        let href = match rule {
            Some(rule) => address::link(address::PATH, &address::with(fields.clone(), "rule", rule.code())),
            None => address::link(address::PATH, &fields),
        };
        let current = (rule == shown.it.asked.rule).then_some("true");
        view! { <a class="choice" href=format!("{href}#breaches") aria-current=current>{rule.map_or("All rules", Rule::label)}</a> }
    };
    let choices = std::iter::once(None).chain(Rule::ALL.map(Some)).map(choice).collect_view();
    view! { <nav class="choices compliance-lists" aria-label="Which rule">{choices}</nav> }
}

fn breaches(shown: &Shown) -> AnyView {
    let List::Hours(_, listed) = &shown.it.list else { return ().into_any() };
    if listed.rows.is_empty() {
        return empty(shown, "No shift breaks this", "Each shift of the period keeps the rules that were asked about.");
    }
    let mut columns = vec![
        Column::text("when", "Shift"),
        Column::text("site", "Site"),
        Column::text("rule", "Rule"),
        Column::text("far", "How far"),
    ];
    if shown.names {
        columns.insert(1, Column::text("name", "Who"));
    }
    let rows = listed
        .rows
        .iter()
        .map(|it| {
            let local = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&it.zone).fixed_offset();
            let when = format!("{} – {}", fmt::moment(local(it.starts_at)), local(it.ends_at).format("%H:%M"));
            let mut cells = vec![
                when.into_any(),
                shown.it.site(it.site).to_owned().into_any(),
                it.rule.label().into_any(),
                it.rule.said(it.minutes).into_any(),
            ];
            if shown.names {
                cells.insert(1, it.name.clone().into_any());
            }
            cells
        })
        .collect();
    view! { <DataTable caption="Shifts that break a rule" columns rows hide_caption=true/> }.into_any()
}

fn incidents_by(site: &SiteIncidents, by: &str) -> f64 {
    match by {
        "reported" => site.reported as f64,
        _ => site.open as f64,
    }
}

pub(super) fn incidents(shown: &Shown) -> AnyView {
    let List::Incidents(listed) = &shown.it.list else { return ().into_any() };
    let asked = shown.it.asked;
    let columns = vec![
        Column::text("site", "Site").sortable(),
        Column::number("open", "Open now").sortable(),
        Column::text("oldest", "Oldest open since"),
        Column::number("reported", "Reported in the period").sortable(),
        Column::number("resolved", "Of these resolved"),
    ];
    let by = asked.sort.unwrap_or("open");
    let line = |it: &SiteIncidents| Line {
        site: it.site,
        name: shown.it.site(it.site).to_owned(),
        by: incidents_by(it, by),
        cells: vec![
            link(shown, Section::Incidents, it.site),
            n(it.open),
            it.oldest.map_or_else(|| "–".to_owned(), fmt::day_and_year).into_any(),
            n(it.reported),
            n(it.resolved),
        ],
    };
    let lines = shown.it.incidents.iter().map(line).collect();
    let sites = table(shown, Section::Incidents, ("Incidents by site", "open"), columns, lines);
    let fields = address::shown(&shown.filter, Section::Incidents);
    let choices = State::ALL
        .map(|state| {
            let href = address::link(address::PATH, &address::with(fields.clone(), "state", state.word()));
            let current = (state == asked.state).then_some("true");
            view! { <a class="choice" href=format!("{href}#incidents") aria-current=current>{state.label()}</a> }
        })
        .collect_view();
    let more = turn(shown, Section::Incidents, listed.rows.len(), listed.total);
    let rows = incident_rows(shown);
    let file = files::csv(shown, "incident-sites");
    let list_file = files::csv(shown, "incidents");
    view! {
        <Card id="incident-sites" title="By site" lead=format!("Reported: {}. Reporting is never held against anybody.", fmt::period(asked.period.first, asked.period.last))>
            {sites}
            {file}
        </Card>
        <nav class="choices compliance-lists" aria-label="Which incidents">{choices}</nav>
        <Card id="incidents" title=asked.state.label() lead="Open ones by severity, then the oldest first.">
            {rows}
            {more}
            {list_file}
        </Card>
    }
    .into_any()
}

fn incident_rows(shown: &Shown) -> AnyView {
    let List::Incidents(listed) = &shown.it.list else { return ().into_any() };
    if listed.rows.is_empty() {
        return empty(shown, "No such incident", "Incidents of this state stand here as soon as there are any.");
    }
    let now = shown.caller.now();
    let columns = vec![
        Column::text("kind", "What happened"),
        Column::text("site", "Site"),
        Column::number("severity", "Severity (1–5)"),
        Column::text("at", "When"),
        Column::text("state", "State"),
        Column::number("age", "Days open"),
    ];
    let rows = listed
        .rows
        .iter()
        .map(|it| {
            let at = it.happened_at.with_timezone(&it.zone).fixed_offset();
            let state = match it.resolved_at {
                Some(at) => {
                    let day = fmt::day_and_year(at.with_timezone(&it.zone).date_naive());
                    view! { <span class="tag done"><span aria-hidden="true">"✓ "</span>"Resolved on "{day}</span> }
                        .into_any()
                }
                None => {
                    view! { <span class="tag warning"><span aria-hidden="true">"! "</span>"Open"</span> }.into_any()
                }
            };
            vec![
                it.kind.clone().into_any(),
                shown.it.site(it.site).to_owned().into_any(),
                n(i64::from(it.severity)),
                fmt::moment(at).into_any(),
                state,
                n(it.age(now)),
            ]
        })
        .collect();
    view! { <DataTable caption="Incidents" columns rows hide_caption=true/> }.into_any()
}
