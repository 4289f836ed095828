//! The people of a team by name: who does best, and everybody.

use leptos::prelude::*;
use muster::scoring::{Band, Component};
use muster::team::{Pattern, Performer, Roster, Row, TopPerformers};

use super::address;
use super::page::Shown;
use crate::ui::{BandBadge, Card, Column, DataTable, Details, EmptyState, Meter, Pager, Sort, Spark, fmt};

/// Who does best.
pub(super) fn top(top: &TopPerformers, shown: &Shown) -> impl IntoView + use<> {
    let lead = format!("{}, at least five scheduled shifts.", fmt::period(top.period.first, top.period.last));
    let entries: Vec<_> = top.people.iter().map(|it| performer(it, shown)).collect();
    let body = if entries.is_empty() {
        let why = top.unranked.map_or("nobody has enough shifts yet", muster::scoring::Unranked::words);
        view! { <EmptyState title="No ranking"><p>"There is none, because "{why}"."</p></EmptyState> }.into_any()
    } else {
        view! { <ol class="performers">{entries}</ol> }.into_any()
    };
    let few = (top.too_few_shifts > 0).then(|| {
        let who = fmt::count(top.too_few_shifts as i64, "person has", "people have");
        view! { <p class="entry-text">{who}" fewer than five shifts and cannot be on the list yet."</p> }
    });
    view! {
        <Card id="top" title="Top performers" lead=lead>
            {body}
            {few}
            <Details summary="How are they chosen?">
                <p>"A score of few shifts says little, so each is drawn towards the mean of those who do like work: the fewer the shifts, the more. "
                    "The list is ordered by that score. The interval holds the true one with 90 % probability; where two overlap, the order may be chance. "
                    "Never more than the better half of the team is listed."</p>
            </Details>
        </Card>
    }
}

fn performer(it: &Performer, shown: &Shown) -> impl IntoView + use<> {
    let href = address::link(&format!("{}/{}", shown.path(), it.worker), &address::of_period(&shown.filter));
    let ranked = it.ranked;
    let shifts = fmt::count(ranked.shifts, "shift", "shifts");
    view! {
        <li class="performer">
            <a class="performer-name" href=href>{it.name.clone()}</a>
            <span class="performer-score">{fmt::points(ranked.score)}</span>
            <BandBadge band=it.band/>
            <span class="performer-why">
                "90 % interval "{fmt::points(ranked.low)}"–"{fmt::points(ranked.high)}" · BPI "{fmt::points(it.bpi)}" · "{shifts}" · "{it.job_role.clone()}
            </span>
        </li>
    }
}

/// Everybody, filtered, sorted and turned by address.
pub(super) fn roster(roster: &Roster, shown: &Shown) -> impl IntoView + use<> {
    let team = &shown.team;
    let lead = format!(
        "Scores of {}; shifts of {}. Trend: 90 days, week by week.",
        fmt::period(team.scored.first, team.scored.last),
        fmt::period(team.period.first, team.period.last)
    );
    let body = match (roster.team, roster.found) {
        (0, _) => view! {
            <EmptyState title="Nobody has this site as their home">
                <p>"People appear here once their home site is this one."</p>
            </EmptyState>
        }
        .into_any(),
        (_, 0) => {
            let all = address::link(&shown.path(), &address::of_period(&shown.filter));
            view! {
                <EmptyState title="Nobody like that in this team">
                    <p><a href=format!("{all}#roster")>"Show everybody"</a></p>
                </EmptyState>
            }
            .into_any()
        }
        _ => table(roster, shown).into_any(),
    };
    let filter = (roster.team > 0).then(|| filter(roster, shown));
    view! {
        <Card id="roster" title="Everybody" lead=lead>
            {filter}
            {body}
        </Card>
    }
}

fn filter(roster: &Roster, shown: &Shown) -> impl IntoView + use<> {
    let chosen = |field: &Option<String>, value: &str| field.as_deref() == Some(value);
    let option = |field: &Option<String>, value: &str, label: &str| {
        view! { <option value=value.to_owned() selected=chosen(field, value)>{label.to_owned()}</option> }
    };
    let asked = &shown.roster;
    let bands: Vec<_> = Band::ALL.iter().rev().map(|band| option(&asked.band, band.code(), band.label())).collect();
    let roles: Vec<_> = roster.roles.iter().map(|role| option(&asked.role, role, role)).collect();
    let patterns = [Pattern::Day, Pattern::Night].map(|it| option(&asked.pattern, it.word(), it.word())).collect_view();
    let kept: Vec<_> = address::of_period(&shown.filter)
        .into_iter()
        .chain(address::of_order(asked))
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect();
    let action = format!("{}#roster", shown.path());
    let none = option(&asked.band, "none", "no score yet");
    view! {
        <form class="filter-form roster-filter" method="get" action=action aria-label="Filter the roster">
            {kept}
            <label class="field">"Band"<select name="band"><option value="">"All"</option>{bands}{none}</select></label>
            <label class="field">"Job role"<select name="role"><option value="">"All"</option>{roles}</select></label>
            <label class="field">"Shifts by"<select name="pattern"><option value="">"Day and night"</option>{patterns}</select></label>
            <button class="button" type="submit">"Show"</button>
        </form>
    }
}

fn table(roster: &Roster, shown: &Shown) -> impl IntoView + use<> {
    let mut columns = vec![
        Column::text("name", "Name").sortable(),
        Column::text("role", "Job role").sortable(),
        Column::number("bpi", "BPI (points)").sortable(),
        Column::text("band", "Band"),
        Column::text("trend", "90 days"),
    ];
    columns.extend(Component::ALL.iter().map(|it| Column::number(it.code(), it.label()).sortable()));
    columns.push(Column::number("shifts", "Shifts").sortable());
    let rows: Vec<_> = roster.rows.iter().map(|it| row(it, shown)).collect();
    let asked = &shown.roster;
    let sort = Sort {
        by: asked.sort.clone().filter(|by| !by.is_empty()).unwrap_or_else(|| "name".into()),
        descending: asked.order.as_deref() == Some("desc"),
    };
    let mut fields = address::of_period(&shown.filter);
    fields.extend(address::of_roster(asked));
    let href = address::open_link(&shown.path(), &fields);
    fields.extend(address::of_order(asked));
    let turned = format!("{}page=", address::open_link(&shown.path(), &fields));
    let caption = match roster.found == roster.team {
        true => fmt::count(roster.team as i64, "person", "people"),
        false => format!("{} of {}", roster.found, fmt::count(roster.team as i64, "person", "people")),
    };
    let (page, more) = (u32::try_from(roster.page).unwrap_or(1), roster.more);
    view! {
        <DataTable caption=caption columns=columns rows=rows sort=Some(sort) href=href/>
        <Pager label="Pages of the roster" page=page older=more href=turned anchor="#roster"/>
    }
}

fn row(row: &Row, shown: &Shown) -> Vec<AnyView> {
    let it = &row.member;
    let href = address::link(&format!("{}/{}", shown.path(), it.worker), &address::of_period(&shown.filter));
    let left = it.left_on.map(|day| view! { <small class="team-left">"left "{fmt::day_and_year(day)}</small> });
    let drawn = row.trend.iter().filter(|point| point.is_some()).count() > 1;
    let label = match (row.trend.iter().flatten().next(), it.bpi) {
        (Some(first), Some(last)) => format!("from {} to {}", fmt::points(*first), fmt::points(last)),
        _ => "no trend yet".into(),
    };
    let mut cells = vec![
        view! { <a href=href>{it.name.clone()}</a>{left} }.into_any(),
        view! { {it.job_role.clone()}", "{it.pattern().word()} }.into_any(),
        it.bpi.map_or_else(|| "–".into_any(), |bpi| fmt::points(bpi).into_any()),
        match it.band() {
            Some(band) => view! { <BandBadge band/> }.into_any(),
            None => view! { <span class="team-none">{not_yet(it.shifts_scored)}</span> }.into_any(),
        },
        if drawn {
            view! { <Spark points=row.trend.clone() label=label/> }.into_any()
        } else {
            view! { <span class="team-none">"no trend yet"</span> }.into_any()
        },
    ];
    cells.extend(it.scores.map(|score| match score {
        Some(score) => {
            view! { <span class="team-part">{fmt::points(score)}<Meter share=score / 100.0/></span> }.into_any()
        }
        None => view! { <span class="team-none">"none"</span> }.into_any(),
    }));
    cells.push(fmt::number(it.shifts as f64, 0).into_any());
    cells
}

/// Why somebody has no score.
fn not_yet(shifts: i64) -> String {
    if shifts < muster::scoring::ENOUGH {
        format!("not enough shifts yet ({shifts} of {})", muster::scoring::ENOUGH)
    } else {
        "nothing to judge".into()
    }
}
