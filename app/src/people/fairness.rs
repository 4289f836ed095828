//! The fairness monitor: groups beside the rest. A difference is a question, not a verdict.

use std::cmp::Ordering;

use leptos::prelude::*;
use muster::workforce::ratio::Ratio;
use muster::workforce::{By, Dimension, Group, Line, Measure, Monitor, PAGE, figures};

use super::address;
use super::page::Shown;
use crate::ui::{Card, ChartFigure, Column, DataTable, Details, EmptyState, Pager, Sort, fmt};

fn name(group: Group, shown: &Shown) -> String {
    match group {
        Group::Site(site) => shown.site_name(site),
        other => other.label().unwrap_or_default().to_owned(),
    }
}

/// The groups in the order asked for.
fn ordered(monitor: &Monitor, shown: &Shown) -> Vec<Line> {
    let mut lines = monitor.lines.clone();
    let asked = shown.it.asked.groups_by;
    let (by, descending) = match asked {
        Some(asked) => asked,
        // Many sites are read from the furthest; few groups in their own order.
        None if monitor.by == Dimension::Site => (By::Difference, true),
        None => return lines,
    };
    let number = |line: &Line| match by {
        By::GroupPeople => line.own.n as f64,
        By::Own => line.own.value,
        By::Rest => line.rest.value,
        _ if asked.is_none() => line.difference.by.abs(),
        _ => line.difference.by,
    };
    let turned = |order: Ordering| if descending { order.reverse() } else { order };
    lines.sort_by(|a, b| {
        let names = || name(a.group, shown).cmp(&name(b.group, shown));
        if by == By::Group { turned(names()) } else { turned(number(a).total_cmp(&number(b))).then_with(names) }
    });
    lines
}

pub(super) fn card(shown: &Shown) -> impl IntoView + use<> {
    let lead = format!("{}, the whole organization. A difference is a question, not a verdict.", shown.period());
    let body = match &shown.it.monitor {
        Some(monitor) if !monitor.lines.is_empty() => compared(monitor, shown).into_any(),
        _ => view! {
            <EmptyState title="Nothing to compare">
                <p>"It takes two groups of five people and more who have something to compare."</p>
            </EmptyState>
        }
        .into_any(),
    };
    let (filter, overview) = (filter(shown), overview(shown));
    view! {
        <Card id="fairness" title="Fairness monitor" lead=lead>
            {filter}
            {body}
            {overview}
            {about()}
        </Card>
    }
}

fn filter(shown: &Shown) -> impl IntoView + use<> {
    let asked = shown.it.asked;
    let kept = address::of_filter(&shown.filter).into_iter().filter(|(name, _)| !["by", "of"].contains(name));
    let kept: Vec<_> = kept.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect();
    let measures =
        Measure::ALL.map(|of| view! { <option value=of.code() selected=of == asked.of>{of.label()}</option> });
    let dimensions =
        Dimension::ALL.map(|by| view! { <option value=by.code() selected=by == asked.by>{by.label()}</option> });
    view! {
        <form class="filter-form" method="get" action=format!("{}#fairness", address::PATH) aria-label="What is compared">
            {kept}
            <label class="field">"Compare"<select name="of">{measures}</select></label>
            <label class="field">"By"<select name="by">{dimensions}</select></label>
            <button class="button" type="submit">"Compare"</button>
        </form>
    }
}

fn value(of: Measure, ratio: Ratio) -> String {
    figures::unit_of(of).value(ratio.value)
}

/// People are grouped by their nights: that they differ in them says nothing.
fn by_definition(by: Dimension, of: Measure) -> bool {
    by == Dimension::Pattern && of == Measure::Nights
}

fn compared(monitor: &Monitor, shown: &Shown) -> impl IntoView + use<> {
    let lines = ordered(monitor, shown);
    let first = (shown.it.asked.groups - 1) * PAGE;
    let page: Vec<&Line> = lines.iter().skip(first).take(PAGE).collect();
    let of = monitor.of;
    let all = monitor.all.map(|all| {
        format!("All together: {}{}, {}. ", value(of, all), unit_name(of), fmt::count(all.n as i64, "person", "people"))
    });
    let found = match monitor.standing_out() {
        _ if by_definition(monitor.by, of) => {
            "People are grouped by their nights here, so they differ in them by definition.".into()
        }
        0 => format!(
            "None of {} differs from the rest by more than chance explains.",
            fmt::count(lines.len() as i64, "group", "groups")
        ),
        n => format!(
            "{n} of {} from the rest by more than chance explains.",
            fmt::count(lines.len() as i64, "group differs", "groups differ")
        ),
    };
    let bars: Vec<_> = page.iter().map(|line| (name(line.group, shown), line.difference)).collect();
    let few = page.len() <= 12;
    let figure = figures::differences(monitor, &bars);
    let chart = if few {
        view! { <ChartFigure figure/> }.into_any()
    } else {
        view! { <Details summary="Show as a chart"><ChartFigure figure/></Details> }.into_any()
    };
    view! {
        <p class="people-said" id="fairness-said">{all}{found}</p>
        {table(monitor, &lines, &page, first, shown)}
        {chart}
    }
}

/// The unit as said after a number, with the space before it; per cent stands there already.
fn unit_name(of: Measure) -> String {
    if of.is_percent() { String::new() } else { format!(" {}", figures::unit_of(of).name()) }
}

fn table(monitor: &Monitor, lines: &[Line], page: &[&Line], first: usize, shown: &Shown) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("group", monitor.by.label()).sortable(),
        Column::number("group_people", "People").sortable(),
        Column::number("own", monitor.of.label()).sortable(),
        Column::number("rest", "The rest").sortable(),
        Column::number("difference", "Difference").sortable(),
        Column::number("interval", "95 % interval"),
        Column::text("reading", "What it says"),
    ];
    let rows: Vec<_> = page.iter().map(|line| row(monitor.of, line, shown)).collect();
    let hidden = if monitor.hidden > 0 {
        format!("; {} not broken out", fmt::count(monitor.hidden as i64, "more is", "more are"))
    } else {
        String::new()
    };
    let caption = format!(
        "Groups {} to {} of {}{hidden}",
        (first + 1).min(lines.len()),
        (first + page.len()).min(lines.len()),
        lines.len()
    );
    let asked = shown.it.asked;
    let sort = asked.groups_by.map(|(by, descending)| Sort { by: by.code().into(), descending });
    let href = address::open_link(&address::of_filter(&shown.filter));
    let turned = format!("{}groups=", address::open_link(&address::of_order(&shown.filter)));
    let older = lines.len() > first + PAGE;
    view! {
        <DataTable caption columns rows sort=sort href=href/>
        <Pager label="Pages of groups" page=asked.groups as u32 older=older href=turned anchor="#fairness"/>
    }
}

fn row(of: Measure, line: &Line, shown: &Shown) -> Vec<AnyView> {
    let signed = |value: f64| fmt::signed(value, 1);
    let it = line.difference;
    let reading = if line.stands_out {
        view! { <strong class="people-out">"◆ Ask why"</strong> }.into_any()
    } else if it.excludes_none() {
        "Could be chance among so many".into_any()
    } else {
        "Could be chance".into_any()
    };
    vec![
        name(line.group, shown).into_any(),
        fmt::number(line.own.n as f64, 0).into_any(),
        value(of, line.own).into_any(),
        value(of, line.rest).into_any(),
        signed(it.by).into_any(),
        format!("{} to {}", signed(it.low), signed(it.high)).into_any(),
        reading,
    ]
}

/// Every comparison at a glance: how many groups of how many stand out.
fn overview(shown: &Shown) -> impl IntoView + use<> {
    let cell = |by: Dimension, of: Measure| {
        let found = shown.it.monitors.iter().find(|it| it.0.by == by && it.0.of == of);
        let (compared, out) = found.map_or((0, 0), |(_, compared, out)| (*compared, *out));
        if by_definition(by, of) {
            return "by definition".into_any();
        }
        if compared == 0 {
            return "nothing to compare".into_any();
        }
        let fields = address::with(address::with(address::of_filter(&shown.filter), "by", by.code()), "of", of.code());
        let href = format!("{}#fairness", address::link(address::PATH, &fields));
        let said = format!("{out} of {compared}");
        let class = if out > 0 { "people-out" } else { "" };
        view! { <a href=href class=class>{said}</a> }.into_any()
    };
    let mut columns = vec![Column::text("of", "Compared")];
    columns.extend(Dimension::ALL.map(|by| Column::number(by.code(), by.label())));
    let rows: Vec<_> = Measure::ALL
        .into_iter()
        .map(|of| {
            let mut cells = vec![of.label().into_any()];
            cells.extend(Dimension::ALL.map(|by| cell(by, of)));
            cells
        })
        .collect();
    view! {
        <Details summary="All comparisons at a glance">
            <DataTable caption="Groups that differ from the rest by more than chance explains, of those compared" columns rows/>
        </Details>
    }
}

fn about() -> impl IntoView {
    view! {
        <Details summary="What this says, and what not">
            <p>"Each group is compared with everybody else. The interval holds the true difference with 95 % confidence; the unit is the person, because the shifts of one person resemble each other (ratio estimate, Welch)."</p>
            <p>"Compare twenty groups and one will leave its 95 % interval by chance. ◆ is set only where the difference holds for all groups of the table at once (Bonferroni). With three ways of grouping and six measures some chance finds remain: look whether it lasts."</p>
            <p>"A difference does not say why. Contracts, wishes and opening hours differ between groups, and a small difference among many people can be certain and not matter. It says where to ask. Sex, age, origin and health are not held here, so unfairness along them cannot be seen here."</p>
            <p>"Groups of fewer than five people are not broken out, nor the next smallest where they could be worked out from it."</p>
        </Details>
    }
}
