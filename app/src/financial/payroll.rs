//! `/financial/payroll`: what each person was paid in the month; by job role for who may not see that by name.

use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use muster::finance::{KINDS, PAGE, PAY_COLUMNS, Paid, Payroll, Slip, payroll};
use muster::people::Permission;
use muster::people::audit::Viewer;

use super::address::{self, PAYROLL};
use super::files;
use super::look::{Look, filter_form, month_name, nav};
use crate::caller::Caller;
use crate::error::AppError;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, Cell, Column, DataTable, EmptyState, Notice, NoticeKind, Pager, Sort, Tile, fmt};

struct Page {
    look: Look,
    it: Payroll,
}

/// `/financial/payroll`
#[component]
pub fn PayrollPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let page = Suspend::new(async move {
        match load(&query).await {
            Ok(page) => Either::Left(view(&page)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(query: &ParamsMap) -> Result<Page, AppError> {
    let caller = Caller::with(Permission::Financial)?;
    let look = Look::new(caller, address::filter(query)?, &PAY_COLUMNS)?;
    let user = look.caller.user();
    let viewer = Viewer { user: user.id, worker: user.worker, scope: look.scope.clone(), now: look.caller.now() };
    let mut tx = look.caller.db().org(user.org.id).await?;
    let it = payroll(&mut tx, &viewer, &look.asked).await?;
    // The looks that were written down.
    tx.commit().await?;
    Ok(Page { look, it })
}

fn view(page: &Page) -> impl IntoView + use<> {
    let look = &page.look;
    let place = look.asked.site.and_then(|site| page.it.sites.iter().find(|(id, _)| *id == site));
    let place = place.map_or_else(|| "All sites".to_owned(), |(_, name)| name.clone());
    let who = if look.scope.names {
        "People you see by name can see on their own page that you looked."
    } else {
        "You see job roles, and nobody by name."
    };
    let lead = format!("{place}, {}, in {}. {who}", look.period(), look.currency());
    let filter = filter_form(look, PAYROLL, &page.it.sites, look.scope.names);
    let body = if page.it.all.people == 0 { nobody(look).into_any() } else { parts(page).into_any() };
    let nav = nav(look, PAYROLL);
    view! {
        <PageFrame title="Payroll" lead=lead aside=Some(filter.into_any())>
            <div class="financial">
                {nav}
                {body}
            </div>
        </PageFrame>
    }
}

fn nobody(look: &Look) -> impl IntoView + use<> {
    let title = format!("Nobody was paid in {}", month_name(look.asked.month));
    view! {
        <section class="card">
            <EmptyState title=title>
                <p>"Pay follows from shifts that were worked, the morning after. Choose another month or site."</p>
            </EmptyState>
        </section>
    }
}

fn parts(page: &Page) -> impl IntoView + use<> {
    let (look, it) = (&page.look, &page.it);
    let gap = it.unreconciled();
    let reconciled = if gap == 0 {
        view! {
            <p class="financial-note" id="reconciled">
                "Payroll less the pay in the costs of the sites: "<strong>{look.money(0)}</strong>". It must be nought, and is."
            </p>
        }
        .into_any()
    } else {
        let gap = look.money(gap);
        view! {
            <div id="reconciled">
                <Notice kind=NoticeKind::Warning>
                    <p>"Payroll less the pay in the costs of the sites: "<strong>{gap}</strong>". It must be nought: facts have changed since last night, and the next night mends it. If it stays, tell your admin."</p>
                </Notice>
            </div>
        }
        .into_any()
    };
    view! {
        {tiles(page)}
        {reconciled}
        {it.slips.as_ref().map(|slips| by_name(page, slips))}
        {by_role(page)}
    }
}

fn hours(minutes: i64) -> String {
    fmt::number(minutes as f64 / 60.0, 1)
}

fn tiles(page: &Page) -> impl IntoView + use<> {
    let (look, all) = (&page.look, page.it.all);
    let currency = look.currency().to_owned();
    let mean = muster::finance::share(all.pay.pay(), 1, all.people);
    view! {
        <section class="tiles" id="figures" aria-label="The payroll in numbers">
            <Tile label="Pay" value=look.money(all.pay.pay()) unit=currency.clone() period=look.period() note=format!("{} paid", fmt::count(all.shifts, "shift", "shifts"))/>
            <Tile label="People paid" value=fmt::number(all.people as f64, 0) period=look.period()/>
            <Tile label="Pay per person" value=look.some_money(mean) unit=currency.clone() period=look.period() note="the mean"/>
            <Tile label="Hours paid" value=hours(all.minutes) period=look.period() note=format!("of these {} of overtime", hours(all.overtime_minutes))/>
        </section>
    }
}

fn amounts(look: &Look, paid: Paid) -> Vec<Cell> {
    let mut cells = vec![Cell::from(fmt::number(paid.shifts as f64, 0)), hours(paid.minutes).into()];
    cells.extend(KINDS[..4].iter().map(|(.., of)| Cell::from(look.money(of(paid.pay)))));
    cells.push(look.money(paid.pay.pay()).into());
    cells
}

/// The columns of money and time; those of people can be sorted by.
fn columns(sortable: bool) -> Vec<Column> {
    let column = |key, title: &str| Column::number(key, title);
    let mut columns = vec![column("shifts", "Shifts"), column("hours", "Hours"), column("regular", "Regular pay")];
    columns.extend([
        column("overtime", "Overtime"),
        column("premium", "Premiums"),
        column("travel", "Travel"),
        column("total", "Pay"),
    ]);
    let known = |column: Column| {
        let known = sortable && PAY_COLUMNS.contains(&column.key);
        if known { column.sortable() } else { column }
    };
    columns.into_iter().map(known).collect()
}

fn by_name(page: &Page, slips: &[Slip]) -> impl IntoView + use<> {
    let look = &page.look;
    let found = page.it.found;
    let skipped = (look.asked.page - 1) * PAGE;
    let body = match (slips.is_empty(), look.asked.page > 1) {
        (true, true) => view! { <EmptyState title="There is no such page"><p>"The list is shorter. Turn back to its first page."</p></EmptyState> }.into_any(),
        (true, false) => view! { <EmptyState title="Nobody of this name or number was paid"><p>"Look for less of the name, or in another month or site."</p></EmptyState> }.into_any(),
        _ => table(look, slips, found).into_any(),
    };
    let range = (!slips.is_empty()).then(|| {
        let all = fmt::count(found.people, "person", "people");
        view! { <p class="financial-note">{format!("{} to {} of {all}. The first row is the sum of all of them.", skipped + 1, skipped + slips.len())}</p> }
    });
    let older = found.people > (skipped + slips.len()) as i64 && !slips.is_empty();
    let href = format!("{}page=", address::open_link(PAYROLL, &address::ordered(&look.filter)));
    let shown = u32::try_from(look.asked.page).unwrap_or(u32::MAX);
    let file = files::csv(look, "payroll");
    view! {
        <Card id="payroll" title="By person" lead="What each person’s shifts of the month were paid, at whatever site.">
            {body}
            {range}
            <Pager label="Pages of the payroll" page=shown older=older href=href anchor="#payroll"/>
            {file}
        </Card>
    }
}

fn table(look: &Look, slips: &[Slip], found: Paid) -> impl IntoView + use<> {
    let mut heads = vec![
        Column::text("name", "Name").sortable(),
        Column::text("number", "Number"),
        Column::text("home", "Home site"),
    ];
    heads.extend(columns(true));
    let row = |name: String, number: String, home: String, paid| {
        let mut cells = [name, number, home].map(Cell::from).to_vec();
        cells.extend(amounts(look, paid));
        cells
    };
    let all = fmt::count(found.people, "person", "people");
    let mut rows = vec![row("All together".into(), all, String::new(), found)];
    rows.extend(
        slips
            .iter()
            .map(|slip| row(slip.worker.name.clone(), slip.worker.number.clone(), slip.worker.home.clone(), slip.paid)),
    );
    let sort = Some(Sort { by: look.asked.by.into(), descending: look.asked.descending });
    let href = address::open_link(PAYROLL, &address::found(&look.filter));
    let caption = format!("Payroll by person ({})", look.currency());
    view! { <DataTable caption=caption columns=heads rows sort href=href hide_caption=true/> }
}

fn by_role(page: &Page) -> impl IntoView + use<> {
    let look = &page.look;
    let mut heads = vec![Column::text("role", "Job role"), Column::number("people", "People")];
    heads.extend(columns(false));
    let row = |name: String, paid: Paid| {
        let mut cells = [name, fmt::number(paid.people as f64, 0)].map(Cell::from).to_vec();
        cells.extend(amounts(look, paid));
        cells
    };
    let mut rows = vec![row("All together".into(), page.it.all)];
    rows.extend(page.it.roles.iter().map(|role| row(role.name.clone(), role.paid)));
    let file = files::csv(look, "roles");
    let caption = format!("Payroll by job role ({})", look.currency());
    let lead = match (look.scope.names, look.asked.site) {
        (true, _) => "What everybody of a role was paid.",
        (false, None) => "Roles of fewer than five people stand together.",
        (false, Some(_)) => {
            "A site's roles are told to those who see names alone: from theirs and all sites' somebody's pay would follow."
        }
    };
    view! {
        <Card id="roles" title="By job role" lead=lead>
            <DataTable caption=caption columns=heads rows hide_caption=true/>
            {file}
        </Card>
    }
}
