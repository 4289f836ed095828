//! The tables of the page as files.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::matching::Matched;
use super::measures::Group;
use super::{Asked, Staffing, staffing};
use crate::Result;
use crate::commerce::interval;
use crate::database::Database;
use crate::exports::{Cell, Column, Head, Kind, Row, Sheet, Table};
use crate::finance::decimal;
use crate::people::{Scope, User, audit};

/// The tables by their names in an address, in the order of the workbook.
pub const SHEETS: [&str; 4] = ["categories", "clients", "algorithms", "ranks"];

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

/// The tables: all, or the one of this name. What leaves the house is written into the audit log first.
///
/// # Errors
/// As [`staffing`].
pub async fn sheets(wanted: &Wanted, only: Option<&'static str>, file: &str) -> Result<(Head, Vec<Table>)> {
    let mut tx = wanted.db.org(wanted.user.org.id).await?;
    let it = staffing(&mut tx, &wanted.scope, &wanted.asked).await?;
    let codes: Vec<&str> = SHEETS.into_iter().filter(|code| only.is_none_or(|only| only == *code)).collect();
    let Asked { period, site } = wanted.asked;
    let what = json!({ "file": file, "tables": codes, "from": period.first, "to": period.last, "site": site });
    audit::record(&mut tx, wanted.user.id, "exported", "placements", None, Some(what), wanted.now).await?;
    tx.commit().await?;
    let currency = wanted.user.org.currency.as_str();
    let tables = codes.into_iter().map(|code| match code {
        "categories" => table("Job categories", "Category", &it.categories, currency),
        "clients" => table("Clients", "Client", &it.clients, currency),
        "algorithms" => matches("Algorithms", "Algorithm", &it.matching.algorithms),
        _ => matches("Ranks", "Rank", &it.matching.ranks),
    });
    Ok((head(wanted, &it), tables.collect()))
}

fn head(wanted: &Wanted, it: &Staffing) -> Head {
    let user = &wanted.user;
    let site = wanted.asked.site.and_then(|site| it.sites.iter().find(|(id, _)| *id == site));
    Head {
        title: "Placements".into(),
        organization: user.org.name.clone(),
        period: Some((it.period.first, it.period.last)),
        filters: vec![("Site".into(), site.map_or_else(|| "All".into(), |(_, name)| name.clone()))],
        generated_at: wanted.now,
        zone: user.org.zone,
        by: format!("{}, {}", user.name, user.role),
    }
}

fn table(name: &str, what: &str, groups: &[Group], currency: &str) -> Table {
    let columns = vec![
        Column::text(what),
        Column::integer("Jobs posted"),
        Column::integer("Closed since"),
        Column::integer("Filled"),
        Column::percent("Filled, of closed"),
        Column::integer("Jobs filled in the period"),
        Column::new("Median days to fill", Kind::Decimal(1)),
        Column::integer("Placements begun"),
        Column::money("Revenue", currency),
        Column::money("Cost", currency),
        Column::money("Cost per placement", currency),
        Column::percent("Return on cost"),
    ];
    let row = |group: &Group| -> Row {
        let sums = group.sums;
        vec![
            Cell::text(group.name.clone()),
            Cell::Integer(sums.posted),
            Cell::Integer(sums.closed),
            Cell::Integer(sums.filled),
            group.success().into(),
            Cell::Integer(group.to_fill.n as i64),
            group.to_fill.median.map_or(Cell::Empty, Cell::Decimal),
            Cell::Integer(sums.placements),
            Cell::Money(decimal(sums.fees)),
            Cell::Money(decimal(sums.cost)),
            group.per_placement().map_or(Cell::Empty, |cents| Cell::Money(decimal(cents))),
            group.roi().map_or(Cell::Empty, Cell::Percent),
        ]
    };
    let lead = "Jobs posted and placements begun in the period.";
    Table::of(Sheet::new(name, lead, columns), groups.iter().map(row).collect())
}

fn matches(name: &str, what: &str, all: &[Matched]) -> Table {
    let mut columns = vec![Column::text(what)];
    columns.extend(["Proposed", "Shown", "Decided", "Taken"].map(Column::integer));
    columns.extend(["Taken, of decided", "95 % interval from", "95 % interval to"].map(Column::percent));
    let row = |it: &Matched| -> Row {
        let within =
            interval(it.taken).map_or([Cell::Empty, Cell::Empty], |(low, high)| [low, high].map(Cell::Percent));
        let counts = [it.proposed, it.shown, it.taken.of, it.taken.hit].map(Cell::Integer);
        let named = std::iter::once(Cell::text(it.name.clone()));
        named.chain(counts).chain([it.taken.into()]).chain(within).collect()
    };
    let lead = "Candidates proposed for jobs in the period, and what became of them.";
    Table::of(Sheet::new(name, lead, columns), all.iter().map(row).collect())
}
