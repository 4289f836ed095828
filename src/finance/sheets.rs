//! The tables of the pages as files: whole, typed, with the filter and the scope of the page.

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use serde_json::json;

use super::month::{KINDS, Line};
use super::payroll::{Paid, Payroll, each, payroll};
use super::{Asked, Month, decimal, month, whole};
use crate::database::Database;
use crate::executive::{Impact, ImpactLine};
use crate::exports::{Cell, Column, Head, Kind, Row, Sheet, Table};
use crate::operations::measures::Costs;
use crate::people::audit::{self, Viewer};
use crate::people::{Scope, User};
use crate::units::WorkerId;
use crate::{Error, Result};

/// The tables by their names in an address, in the order of the workbook; `payroll` only for who sees names.
pub const SHEETS: [&str; 6] = ["sites", "kinds", "days", "impact", "roles", "payroll"];

/// Whose file, of what.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Where from.
    pub db: Database,
    /// Who asks.
    pub user: User,
    /// What they may see.
    pub scope: Scope,
    /// What they asked for.
    pub asked: Asked,
    /// When.
    pub now: DateTime<Utc>,
}

/// The tables: all that the scope allows, or the one of this name. What leaves the house, and whose pay, is written into the
/// audit log first.
///
/// # Errors
/// As [`month`]; [`Error::Forbidden`] for the payroll of who sees no names.
pub async fn sheets(wanted: &Wanted, only: Option<&'static str>, file: &str) -> Result<(Head, Vec<Table>)> {
    let names = wanted.scope.names;
    if only == Some("payroll") && !names {
        return Err(Error::Forbidden("pay by name"));
    }
    let asked_for = |code: &str| only.is_none_or(|only| only == code) && (names || code != "payroll");
    let codes: Vec<&'static str> = SHEETS.into_iter().filter(|code| asked_for(code)).collect();
    let mut tx = wanted.db.org(wanted.user.org.id).await?;
    let it = month(&mut tx, &wanted.scope, &wanted.asked).await?;
    // The totals of everybody, whoever is looked for; the rows come when they are written.
    let everybody = Viewer {
        user: wanted.user.id,
        worker: wanted.user.worker,
        scope: Scope { names: false, ..wanted.scope.clone() },
        now: wanted.now,
    };
    let paid = payroll(&mut tx, &everybody, &Asked { q: None, ..wanted.asked.clone() }).await?;
    if codes.contains(&"payroll") {
        let scope = wanted.scope.narrowed_to(wanted.asked.site)?;
        let rows = each(&mut tx, &wanted.asked, scope.site_ids(), None);
        let workers: Vec<WorkerId> = rows.map_ok(|slip| slip.worker.id).try_collect().await?;
        let viewer = Viewer { scope, ..everybody };
        audit::looked_at_pay(&mut tx, &viewer, &workers).await?;
    }
    let what = json!({ "file": file, "tables": codes, "month": wanted.asked.month, "site": wanted.asked.site });
    audit::record(&mut tx, wanted.user.id, "exported", "finance", None, Some(what), wanted.now).await?;
    tx.commit().await?;
    let tables = codes.into_iter().map(|code| table(wanted, code, &it, &paid)).collect::<Result<_>>()?;
    Ok((head(wanted, &it), tables))
}

fn head(wanted: &Wanted, it: &Month) -> Head {
    let (user, asked) = (&wanted.user, &wanted.asked);
    let site = asked.site.map_or_else(|| "All".into(), |site| it.site_name(site).to_owned());
    let over = asked.over.map_or_else(|| "nothing yet".into(), |over| over.last.to_string());
    Head {
        title: "Financial".into(),
        organization: user.org.name.clone(),
        period: Some((asked.month, whole(asked.month).last)),
        filters: vec![("Site".into(), site), ("Actual up to".into(), over)],
        generated_at: wanted.now,
        zone: user.org.zone,
        by: format!("{}, {}", user.name, user.role),
    }
}

fn table(wanted: &Wanted, code: &str, it: &Month, paid: &Payroll) -> Result<Table> {
    let currency = wanted.user.org.currency.as_str();
    Ok(match code {
        "sites" => Table::of(sites_sheet(currency), it.lines.iter().map(site_row).collect()),
        "kinds" => Table::of(kinds_sheet(currency), kinds(it)),
        "days" => Table::of(
            Sheet::new(
                "Days",
                "What each day that is over cost.",
                vec![Column::date("Day"), Column::money("Cost", currency)],
            ),
            it.days.iter().map(|(day, cents)| vec![Cell::Date(*day), money(*cents)]).collect(),
        ),
        "impact" => Table::of(impact_sheet(currency), it.impact.iter().map(impact_row).collect()),
        "roles" => Table::of(
            roles_sheet(currency),
            paid.roles
                .iter()
                .map(|role| {
                    [vec![Cell::text(role.name.clone()), Cell::Integer(role.paid.people)], paid_row(role.paid)].concat()
                })
                .collect(),
        ),
        _ => slips(wanted)?,
    })
}

fn money(cents: i64) -> Cell {
    Cell::Money(decimal(cents))
}

fn some_money(cents: Option<i64>) -> Cell {
    cents.map_or(Cell::Empty, money)
}

fn sites_sheet(currency: &str) -> Sheet {
    let mut columns = vec![Column::text("Site")];
    columns.extend(KINDS.map(|(_, name, _)| Column::money(name, currency)));
    columns.extend(
        ["Actual", "Budget to date", "Difference", "Budget of the month"].map(|name| Column::money(name, currency)),
    );
    columns.extend(
        ["At the mean day", "Expected by plan", "Expected less budget"].map(|name| Column::money(name, currency)),
    );
    columns.extend([Column::integer("Shifts paid"), Column::money("Pay per shift", currency)]);
    columns.extend([
        Column::integer("Shifts planned"),
        Column::integer("Of these unfilled"),
        Column::money("Planned pay", currency),
    ]);
    Sheet::new("Sites", "What each site cost, what it may cost, and where it is heading.", columns)
}

fn site_row(line: &Line) -> Row {
    let mut row = vec![Cell::text(line.name.clone())];
    row.extend(KINDS.map(|(.., of)| money(of(line.actual))));
    row.push(money(line.actual.total()));
    row.extend([line.to_date.map(Costs::total), line.difference, line.budget.map(Costs::total)].map(some_money));
    row.extend([line.run_rate, line.expected, line.against].map(some_money));
    row.extend([Cell::Integer(line.shifts), some_money(line.per_shift())]);
    let planned = line.planned;
    row.extend([Cell::Integer(planned.shifts + planned.unfilled), Cell::Integer(planned.unfilled), money(planned.pay)]);
    row
}

fn kinds_sheet(currency: &str) -> Sheet {
    let columns = ["Actual", "Budget to date", "Budget of the month", "Same days of the month before"];
    let columns = columns.map(|name| Column::money(name, currency));
    let columns = [Column::text("Kind")].into_iter().chain(columns).collect();
    Sheet::new("Kinds of cost", "What the money was spent on.", columns)
}

fn kinds(it: &Month) -> Vec<Row> {
    let total = &it.total;
    let row = |(_, name, of): (&str, &str, fn(Costs) -> i64)| {
        let others = [total.to_date.map(of), total.budget.map(of), it.before.map(of)].map(some_money);
        [vec![Cell::from(name), money(of(total.actual))], others.to_vec()].concat()
    };
    KINDS.map(row).to_vec()
}

fn impact_sheet(currency: &str) -> Sheet {
    let columns = ["No-shows", "Lateness", "Overtime", "Leavers", "Together"].map(|name| Column::money(name, currency));
    let columns = [Column::text("Site")].into_iter().chain(columns).collect();
    Sheet::new("When it goes wrong", "Estimates, to find where to look; not postings.", columns)
}

fn impact_row(line: &ImpactLine) -> Row {
    let Impact { no_shows, lateness, overtime, leavers } = line.impact;
    let amounts = [no_shows, lateness, overtime, leavers, line.impact.total()].map(money);
    [vec![Cell::text(line.name.clone())], amounts.to_vec()].concat()
}

fn paid_columns(currency: &str) -> Vec<Column> {
    let hours = ["Hours", "Overtime hours"].map(|name| Column::new(name, Kind::Decimal(2)));
    let kinds = KINDS[..4].iter().map(|(_, name, _)| Column::money(name, currency));
    [Column::integer("Shifts")].into_iter().chain(hours).chain(kinds).chain([Column::money("Pay", currency)]).collect()
}

fn paid_row(paid: Paid) -> Row {
    let hours = [paid.minutes, paid.overtime_minutes].map(|minutes| Cell::Decimal(minutes as f64 / 60.0));
    let kinds = KINDS[..4].iter().map(|(.., of)| money(of(paid.pay)));
    [Cell::Integer(paid.shifts)].into_iter().chain(hours).chain(kinds).chain([money(paid.pay.pay())]).collect()
}

fn roles_sheet(currency: &str) -> Sheet {
    let who = vec![Column::text("Job role"), Column::integer("People")];
    let lead = "What people were paid, by job role. Roles of fewer than five people stand together.";
    Sheet::new("Payroll by job role", lead, [who, paid_columns(currency)].concat())
}

/// Passed on as the database sends them.
fn slips(wanted: &Wanted) -> Result<Table> {
    let who = ["Name", "Employee number", "Job role", "Home site"].map(Column::text).to_vec();
    let lead = "What each person was paid for the month's shifts.";
    let sheet = Sheet::new("Payroll", lead, [who, paid_columns(&wanted.user.org.currency)].concat());
    let (db, org, asked) = (wanted.db.clone(), wanted.user.org.id, wanted.asked.clone());
    let sites = wanted.scope.narrowed_to(asked.site)?.site_ids();
    Ok(Table::written(sheet, move |mut sink| async move {
        let mut tx = db.org(org).await?;
        let mut rows = each(&mut tx, &asked, sites, None);
        while let Some(row) = rows.try_next().await? {
            let who = row.worker;
            let who = [who.name, who.number, who.job_role, who.home].map(Cell::Text).to_vec();
            sink.row([who, paid_row(row.paid)].concat()).await?;
        }
        Ok(())
    }))
}
