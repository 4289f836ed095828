//! The month: what it cost, what it may cost, where it is heading, and what went wrong.

use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use muster::finance::{SITE_COLUMNS, figures, whole};
use muster::people::Permission;

use super::address::{self, PATH};
use super::look::{Look, Shown, filter_form, month_name, nav};
use super::{ahead, files, impact, kinds, sites, tiles, today};
use crate::caller::Caller;
use crate::error::AppError;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, ChartFigure, Details, EmptyState, Notice, NoticeKind};

/// `/financial`
#[component]
pub fn FinancialPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let page = Suspend::new(async move {
        match load(&query).await {
            Ok(shown) => Either::Left(view(&shown)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(query: &ParamsMap) -> Result<Shown, AppError> {
    let caller = Caller::with(Permission::Financial)?;
    let look = Look::new(caller, address::filter(query)?, &SITE_COLUMNS)?;
    if look.asked.q.is_some() {
        return Err(AppError::Invalid("People are looked for on the payroll.".into()));
    }
    let kept = look.month().await?;
    let running = whole(look.asked.month).last >= look.caller.today() && look.asked.month <= look.caller.today();
    let today = if running && look.asked.site.is_none() { look.today().await? } else { None };
    Ok(Shown { look, it: kept.it, today, made_at: kept.made_at })
}

fn view(shown: &Shown) -> impl IntoView + use<> {
    let look = &shown.look;
    let place = look.asked.site.map_or("All sites", |site| shown.it.site_name(site)).to_owned();
    let lead = format!("{place}, {}, in {}. {}", look.period(), look.currency(), look.as_of(shown.made_at));
    let filter = filter_form(look, PATH, &shown.it.sites, false);
    let body = if shown.it.lines.is_empty() { empty(shown).into_any() } else { parts(shown).into_any() };
    let nav = nav(look, PATH);
    view! {
        <PageFrame title="Financial" lead=lead aside=Some(filter.into_any())>
            <div class="financial">
                {nav}
                {body}
            </div>
        </PageFrame>
    }
}

fn empty(shown: &Shown) -> impl IntoView + use<> {
    let title = format!("No cost, budget or plan in {}", month_name(shown.look.asked.month));
    view! {
        <section class="card">
            <EmptyState title=title>
                <p>"Costs follow from shifts that were worked, the morning after. Budgets and other costs are imported. Choose another month or site, or ask your admin to import them."</p>
            </EmptyState>
        </section>
    }
}

fn parts(shown: &Shown) -> impl IntoView + use<> {
    let it = &shown.it;
    let currency = shown.look.currency();
    let without = it.lines.iter().filter(|line| line.budget.is_none()).count();
    let notice = (without > 0 && without < it.lines.len()).then(|| {
        let said = crate::ui::fmt::count(without as i64, "site has", "sites have");
        let said =
            format!("{said} no budget for this month: what they cost is in what was spent, and in no difference.");
        view! { <Notice kind=NoticeKind::Warning><p>{said}</p></Notice> }
    });
    let course = figures::course(it, currency);
    view! {
        {notice}
        {tiles::tiles(shown)}
        <Card id="course-card" title="The month so far" lead="What was spent, day by day added up, beside the budget.">
            <ChartFigure figure=course/>
        </Card>
        {ahead::card(shown)}
        {today::card(&shown.look, shown.today.as_ref())}
        {kinds::card(shown)}
        {sites::card(shown)}
        {impact::card(shown)}
        {files::links(shown)}
        {how()}
    }
}

fn how() -> impl IntoView {
    view! {
        <Details summary="How is this worked out?">
            <p>"Spent: the pay of shifts to which somebody came, by the day they began, with what else a site cost. Regular pay, overtime, premiums such as night and Sunday, and travel are told apart."</p>
            <p>"Budget to date: the budget of the month, evenly over its days, for those that are over."</p>
            <p>"At the mean day: what the month will have cost if each day to come costs as much as those that are over did on average."</p>
            <p>"Expected by plan: what was spent, the planned pay of shifts that have a worker as far ahead as shifts are planned, and the mean day after that. Shifts nobody has yet are counted, and in no amount. The plan is that of last night."</p>
            <p>"Within the budget is on target, up to 5 % above it is to be watched, more is off target."</p>
        </Details>
    }
}
