//! The file of a report, as one user may see it.

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::StreamExt;
use serde_json::json;
use uuid::Uuid;

use super::{Format, Report, Rhythm};
use crate::charts;
use crate::commerce;
use crate::database::Database;
use crate::exports::{self, Bom, Cell, Chunks, Column, Head, Sheet, Table};
use crate::finance;
use crate::metrics::dirty::last_complete_day;
use crate::metrics::{Month, Period, Quarter};
use crate::people::audit::{self, Viewer};
use crate::people::{Scope, User};
use crate::reports::{Document, client_monthly, financial, operations, quarterly, set};
use crate::team;
use crate::units::{Rate, SiteId};
use crate::{Error, Result};

/// Bytes of a file that still goes by mail.
const LARGEST: usize = 15 << 20;

/// What is to be made.
#[derive(Debug)]
pub(super) struct Wanted {
    pub report: Report,
    pub format: Format,
    pub rhythm: Rhythm,
    pub site: Option<SiteId>,
    pub partner: Option<Uuid>,
    /// The moment it is about.
    pub at: DateTime<Utc>,
}

/// A file with what it is about.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub name: String,
    pub media_type: &'static str,
    pub content: Vec<u8>,
    /// `Q2 2026`, `20 Nov 2026`.
    pub period: String,
    /// Its main points in words, for the mail; empty: none.
    pub said: String,
}

/// Makes it.
///
/// # Errors
/// [`Error::Forbidden`] for a site the user may not see; [`Error::Invalid`] for a file too large to be mailed; else what stopped
/// it.
pub(super) async fn made(db: &Database, wanted: &Wanted, user: &User, scope: &Scope) -> Result<File> {
    match (wanted.report, wanted.format) {
        (
            Report::OperationsDaily | Report::OperationsWeekly | Report::ExecutiveQuarterly | Report::ClientMonthly,
            _,
        )
        | (Report::FinancialMonthly, Format::Pdf) => {
            let (document, part, said) = document(db, wanted, user, scope).await?;
            let period = part.1;
            let pdf = set(document).await?;
            let name = format!("{}-{}.pdf", user.org.slug, part.0);
            Ok(File { name, media_type: Format::Pdf.media_type(), content: pdf.bytes, period, said })
        }
        (Report::FinancialMonthly | Report::Payroll, _) => of_finance(db, wanted, user, scope).await,
        (Report::Team, _) => of_teams(db, wanted, user, scope).await,
        (report, _) => of_commerce(db, wanted, user, view(report)?).await,
    }
}

/// How the file is called after the organization, and what it is about in words.
type Part = (String, String);

async fn document(db: &Database, wanted: &Wanted, user: &User, scope: &Scope) -> Result<(Document, Part, String)> {
    let org = &user.org;
    let last = last_complete_day(org.zone, wanted.at);
    let mut scope = scope.clone();
    // Nobody is named in what is printed.
    scope.names = false;
    let mut tx = db.org(org.id).await?;
    let made = match wanted.report {
        Report::OperationsDaily => {
            let it = operations::daily::daily(&mut tx, &scope, org, last, wanted.at).await?;
            let said = operations::daily::words::lead(&it).join(" ");
            let part = (format!("operations-{last}"), charts::day_and_year(last));
            (operations::daily::document(&it, wanted.at, org.zone), part, said)
        }
        Report::OperationsWeekly => {
            let week = operations::Week::last_over(last);
            let it = operations::weekly::weekly(&mut tx, &scope, org, week, last).await?;
            let said = operations::weekly::words::lead(&it).join(" ");
            let part = (format!("operations-{week}"), week.name());
            (operations::weekly::document(&it, wanted.at, org.zone), part, said)
        }
        Report::ClientMonthly => {
            let month = latest_month(wanted, last);
            let it = client_monthly::monthly(&mut tx, &scope, org, (month, wanted.site), last).await?;
            let part = (format!("service-{month}"), month.name());
            (client_monthly::document(&it, wanted.at, org.zone), part, String::new())
        }
        Report::FinancialMonthly => {
            let month = latest_month(wanted, last);
            let asked = asked_of_finance(wanted, month, &finance::SITE_COLUMNS, last)?;
            let it = finance::month(&mut tx, &scope, &asked).await?;
            let part = (format!("financial-{month}"), month.name());
            (financial::document(&it, wanted.site, org, wanted.at), part, String::new())
        }
        _ => {
            let open = Quarter::of(last);
            let quarter = if open.period().last == last { open } else { open.previous() };
            let it = quarterly::quarterly(&mut tx, &scope, org, (quarter, wanted.site), last).await?;
            let part = (quarter.to_string(), quarter.name());
            (quarterly::document(&it, wanted.at, org.zone), part, String::new())
        }
    };
    tx.commit().await?;
    Ok(made)
}

/// The latest month that is over; where it goes out each day or week the one that runs.
fn latest_month(wanted: &Wanted, last: NaiveDate) -> Month {
    match wanted.rhythm {
        Rhythm::Daily | Rhythm::Weekly(_) if wanted.report != Report::ClientMonthly => Month::of(last),
        _ => Month::of(Rhythm::Monthly(1).period(last).first),
    }
}

fn asked_of_finance(
    wanted: &Wanted,
    month: Month,
    columns: &[&'static str],
    last: NaiveDate,
) -> Result<finance::Asked> {
    let filter = finance::Filter {
        month: Some(month.to_string()),
        site: wanted.site.map(|site| site.to_string()),
        ..finance::Filter::default()
    };
    filter.resolve(columns, last, last.succ_opt().unwrap_or(last))
}

async fn of_finance(db: &Database, wanted: &Wanted, user: &User, scope: &Scope) -> Result<File> {
    let last = last_complete_day(user.org.zone, wanted.at);
    let month = latest_month(wanted, last);
    let asked = asked_of_finance(wanted, month, &finance::PAY_COLUMNS, last)?;
    let (stem, only) = match wanted.report {
        Report::Payroll => ("payroll", Some(if scope.names { "payroll" } else { "roles" })),
        _ => ("financial", None),
    };
    let name = format!("{}-{stem}-{month}.{}", user.org.slug, wanted.format.code());
    let asked = finance::Wanted { db: db.clone(), user: user.clone(), scope: scope.clone(), asked, now: wanted.at };
    let (head, tables) = finance::sheets(&asked, only, &name).await?;
    written(wanted, name, month.name(), head, tables).await
}

fn view(report: Report) -> Result<commerce::View> {
    commerce::View::ALL
        .into_iter()
        .find(|view| view.code() == report.code())
        .ok_or_else(|| Error::Misconfigured(format!("nobody makes the report '{}'", report.code())))
}

async fn of_commerce(db: &Database, wanted: &Wanted, user: &User, view: commerce::View) -> Result<File> {
    let period = wanted.rhythm.period(last_complete_day(user.org.zone, wanted.at));
    let asked = commerce::Asked {
        period,
        until: period.last,
        before: period.previous(),
        partner: wanted.partner,
        sort: None,
        descending: true,
        page: 1,
    };
    let main = match view {
        commerce::View::Orders => "list",
        commerce::View::Customers => "customers",
        commerce::View::Revenue => "days",
        commerce::View::Partners => "partners",
    };
    let only = (wanted.format == Format::Csv).then_some(main);
    let asked = commerce::Wanted { db: db.clone(), user: user.clone(), view, asked, now: wanted.at };
    let (head, tables) = commerce::sheets(&asked, only).await?;
    let name = named(user, view.code(), period, wanted.format);
    note_export(db, wanted, user, view.code(), &name).await?;
    let tables = tables.into_iter().map(|ready| ready.table).collect();
    written(wanted, name, charts::period(period.first, period.last), head, tables).await
}

async fn of_teams(db: &Database, wanted: &Wanted, user: &User, scope: &Scope) -> Result<File> {
    let period = wanted.rhythm.period(last_complete_day(user.org.zone, wanted.at));
    let scope = scope.narrowed_to(wanted.site)?;
    let viewer = Viewer { user: user.id, worker: user.worker, scope, now: wanted.at };
    let mut tx = db.org(user.org.id).await?;
    let lines = team::sites(&mut tx, &viewer, period).await?;
    tx.commit().await?;
    let name = named(user, "teams", period, wanted.format);
    note_export(db, wanted, user, "team", &name).await?;
    let head = Head {
        title: "Teams".into(),
        organization: user.org.name.clone(),
        period: Some((period.first, period.last)),
        filters: Vec::new(),
        generated_at: wanted.at,
        zone: user.org.zone,
        by: format!("{}, {}", user.name, user.role),
    };
    let table = Table::of(teams_sheet(), lines.iter().map(team_row).collect());
    written(wanted, name, charts::period(period.first, period.last), head, vec![table]).await
}

fn teams_sheet() -> Sheet {
    let mut columns = vec![Column::text("Site code"), Column::text("Site")];
    columns.extend(["People", "Shifts scheduled", "Shifts attended"].map(Column::integer));
    columns.extend(["Attendance", "On time", "Work in time", "Coverage"].map(Column::percent));
    columns.push(Column::new("Median score", exports::Kind::Decimal(1)));
    columns.extend(["People with a score", "Open incidents"].map(Column::integer));
    Sheet::new(
        "Teams",
        "Each site's team over the period. Fewer than five people are not told apart where nobody is named.",
        columns,
    )
}

fn team_row(line: &team::SiteLine) -> Vec<Cell> {
    let mut row = vec![Cell::text(line.site.code.clone()), Cell::text(line.site.name.clone())];
    let whole = |of: fn(&team::Totals) -> i64| line.totals.as_ref().map_or(Cell::Empty, |it| Cell::Integer(of(it)));
    let share = |of: fn(&team::Totals) -> Rate| {
        line.totals.as_ref().and_then(|it| of(it).value()).map_or(Cell::Empty, Cell::Percent)
    };
    row.extend([whole(|it| it.headcount), whole(|it| it.scheduled), whole(|it| it.attended)]);
    row.extend([
        share(team::Totals::attendance),
        share(team::Totals::on_time_rate),
        share(team::Totals::sla),
        share(team::Totals::coverage),
    ]);
    row.push(line.median.map_or(Cell::Empty, |median| Cell::Decimal(median.bpi)));
    row.push(line.median.map_or(Cell::Empty, |median| Cell::Integer(median.n)));
    row.push(whole(|it| it.open_incidents));
    row
}

fn named(user: &User, stem: &str, period: Period, format: Format) -> String {
    format!("{}-{stem}-{}-{}.{}", user.org.slug, period.first, period.last, format.code())
}

async fn note_export(db: &Database, wanted: &Wanted, user: &User, record: &str, file: &str) -> Result<()> {
    let mut tx = db.org(user.org.id).await?;
    let what = json!({ "file": file, "by": "schedule" });
    audit::record(&mut tx, user.id, "exported", record, None, Some(what), wanted.at).await?;
    tx.commit().await
}

async fn written(wanted: &Wanted, name: String, period: String, head: Head, tables: Vec<Table>) -> Result<File> {
    let chunks = match wanted.format {
        Format::Csv => {
            let first = tables.into_iter().next().ok_or(Error::NotFound("table"))?;
            exports::csv(first, Bom::With)
        }
        _ => exports::xlsx(head, tables),
    };
    let content = held_in(chunks, LARGEST).await?;
    Ok(File { name, media_type: wanted.format.media_type(), content, period, said: String::new() })
}

/// A file that goes by mail: whole, or not at all.
async fn held_in(mut chunks: Chunks, most: usize) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    while let Some(chunk) = chunks.next().await {
        all.extend(chunk?);
        if all.len() > most {
            return Err(Error::Invalid(format!(
                "The file is larger than {} MB, too large for a mail. Let it go out more often, for one partner or site, or \
                 download it on its page.",
                most >> 20
            )));
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_too_large_for_a_mail_is_no_file_and_one_that_fits_is_whole() {
        let table = || {
            let sheet = Sheet::new("Rows", "", vec![Column::text("Text")]);
            Table::of(sheet, (0..1_000).map(|_| vec![Cell::text("a row")]).collect())
        };
        let whole = held_in(exports::csv(table(), Bom::With), 1 << 20).await.unwrap();
        assert_eq!(String::from_utf8(whole).unwrap().lines().count(), 1_001);
        let refused = held_in(exports::csv(table(), Bom::With), 1_000).await.unwrap_err();
        assert!(refused.to_string().contains("too large for a mail"));
    }
}
