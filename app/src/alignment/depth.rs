//! `/alignment/{kpi}`: one KPI in depth: its course against its thresholds, what it is made of, and site by site.

use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use muster::alignment::{
    Better, Fraction, Kpi, Set, Standing, Then, Value, course_of, figures, keeper, targets, trend,
};
use muster::metrics::Period;
use muster::people::Permission;

use super::page::{DAYS, back};
use super::score::light;
use super::table::{change, target};
use super::{address, sites};
use crate::caller::Caller;
use crate::error::AppError;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, ChartFigure, Column, DataTable, EmptyState, Pager, Tile, fmt, page_of};

/// Days on a page of the table.
const PAGE: usize = 30;

/// Everything the page shows.
struct Shown {
    standing: Standing,
    /// The newest day that was computed, and the days to it that are shown.
    days: Option<Period>,
    /// What it was on each of them, newest first.
    values: Vec<Value>,
    page: u32,
}

/// `/alignment/{kpi}`
#[component]
pub fn KpiPage() -> impl IntoView {
    let code = use_params_map().get_untracked().get("kpi").unwrap_or_default();
    let page = page_of(&use_query_map().get_untracked(), "page");
    let page = Suspend::new(async move {
        match async { load(&code, page?).await }.await {
            Ok((shown, sites)) => Either::Left(view(&shown, sites)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(code: &str, page: u32) -> Result<(Shown, Option<AnyView>), AppError> {
    let caller = Caller::with(Permission::Alignment)?;
    let set = Set::of(caller.user().role);
    let kpi = Kpi::of_code(code).filter(|kpi| kpi.set() == set).ok_or(AppError::NotFound)?;
    let keeper = keeper(caller.db(), set, caller.user().org.id).await?;
    let mut tx = caller.db().org(keeper).await?;
    // Twice as long, so that the newest day has its trend even where the night has not been.
    let kept = Period::ending(caller.last_complete_day(), 2 * DAYS + 1);
    let mut values = course_of(&mut tx, kpi, kept).await?;
    let standing = targets(&mut tx).await?.standing(kpi, values.first());
    let days = values.first().map(|newest| Period::ending(newest.day, DAYS + 1));
    values.retain(|value| days.is_some_and(|days| value.day >= days.first));
    let sites = match days {
        Some(days) => sites::card(&caller, &mut tx, kpi, days.last).await?,
        None => None,
    };
    Ok((Shown { standing, days, values, page }, sites))
}

fn view(shown: &Shown, sites: Option<AnyView>) -> impl IntoView + use<> {
    let kpi = shown.standing.kpi;
    let body = match shown.days {
        Some(days) => view! {
            {tiles(shown, days)}
            {course(shown, days)}
            {sites}
            {parts(shown)}
        }
        .into_any(),
        None => view! {
            <EmptyState title="It has not been computed yet">
                <p>"KPIs are computed each night at 02:30."</p>
            </EmptyState>
        }
        .into_any(),
    };
    view! {
        <PageFrame title=kpi.title() lead=kpi.definition().to_owned()>
            <div class="alignment">{back()} {body}</div>
        </PageFrame>
    }
}

fn tiles(shown: &Shown, days: Period) -> impl IntoView + use<> {
    let (it, kpi) = (&shown.standing, shown.standing.kpi);
    let (above, below) = kpi.counts();
    let made_of = match (it.fraction, &it.missing) {
        (Some(Fraction { numerator, denominator }), _) => {
            format!("{} {above}, of {} {below}", kpi.part(numerator), kpi.part(denominator))
        }
        (None, why) => why.clone().unwrap_or_default(),
    };
    let beyond = if kpi.better() == Better::Higher { "below" } else { "above" };
    let thresholds = format!(
        "warning {beyond} {}, critical {beyond} {}",
        kpi.text(Some(it.target.warning)),
        kpi.text(Some(it.target.critical))
    );
    let whose = if it.is_own_target { "set by your organization" } else { "the default" };
    let day = fmt::day_and_year(days.last);
    let score = it.score().map_or_else(|| "n/a".into(), fmt::points);
    let state = light(it.state());
    let weight = format!("it counts {} in the score of all", fmt::number(it.target.weight, 0));
    let unit = match kpi.unit() {
        muster::charts::Unit::Percent => String::new(),
        unit => unit.name().to_owned(),
    };
    view! {
        <section class="tiles" aria-label="As it stands">
            <Tile label="Value" value=kpi.text(it.value()) unit=unit period=format!("{day}: {}", kpi.window()) note=made_of>
                {state}
            </Tile>
            <Tile label="Target" value=target(kpi, it.target.target) period=whose note=thresholds/>
            <Tile label="Score" value=score unit="of 100" period=day.clone() note=weight/>
        </section>
    }
}

fn course(shown: &Shown, days: Period) -> impl IntoView + use<> {
    let kpi = shown.standing.kpi;
    let figure = figures::course(&shown.standing, &shown.values, days);
    let value = |day| {
        let found = shown.values.iter().find(|value| value.day == day)?;
        found.made_of.as_ref().ok().copied().and_then(Fraction::value)
    };
    let columns = vec![
        Column::text("date", "Against"),
        Column::number("then", "Value then"),
        Column::number("change", "Change since"),
    ];
    let row = |then: &Then| {
        let day = format!("D{}, {}", then.back, fmt::day_and_year(then.day));
        vec![day.into_any(), kpi.text(then.value).into_any(), change(kpi, then)]
    };
    let rows = trend(days.last, value).iter().map(row).collect();
    let lead = format!("{} to {}.", fmt::day_and_year(days.first), fmt::day_and_year(days.last));
    view! {
        <Card id="course" title="How it has moved" lead=lead>
            <ChartFigure figure/>
            <DataTable caption="The same measure at earlier dates, each over a time of the same length" columns rows/>
        </Card>
    }
}

/// What it is made of, day by day.
fn parts(shown: &Shown) -> impl IntoView + use<> {
    let kpi = shown.standing.kpi;
    let (above, below) = kpi.counts();
    let columns = vec![
        Column::text("day", "Day"),
        Column::number("numerator", &capital(above)),
        Column::number("denominator", &capital(below)),
        Column::number("value", "Value"),
    ];
    let page = (shown.page as usize - 1) * PAGE;
    let here: Vec<&Value> = shown.values.iter().skip(page).take(PAGE).collect();
    let rows = here.iter().map(|value| row(kpi, value)).collect();
    let n = shown.values.len();
    let caption = format!("Days {} to {} of {n}, newest first", (page + 1).min(n), (page + here.len()).min(n));
    let lead = format!("Each day stands for {}.", kpi.window());
    let href = format!("{}?page=", address::of(kpi));
    let (turned, older) = (shown.page, n > page + PAGE);
    view! {
        <Card id="days" title="What it is made of" lead=lead>
            <DataTable caption=caption columns rows/>
            <Pager label="Pages of days" page=turned older=older href=href anchor="#days"/>
            <p class="alignment-more"><a href=super::files::link(kpi) download="">"All days as CSV"</a></p>
        </Card>
    }
}

fn row(kpi: Kpi, value: &Value) -> Vec<AnyView> {
    let day = fmt::day_and_year(value.day).into_any();
    match &value.made_of {
        Ok(it) => vec![
            day,
            kpi.part(it.numerator).into_any(),
            kpi.part(it.denominator).into_any(),
            kpi.text(it.value()).into_any(),
        ],
        Err(why) => vec![day, "n/a".into_any(), "n/a".into_any(), why.clone().into_any()],
    }
}

pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
