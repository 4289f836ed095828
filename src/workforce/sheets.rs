//! The page's tables as sheets of a file: the same figures, the same groups left out, the same names or none.

use chrono::{DateTime, NaiveDate, Utc};

use super::certified::{FOR_GOOD, Standing};
use super::filter::{Asked, Filter};
use super::monitor::{Group, Line, Monitor};
use super::page::summary_of;
use super::person::Portion;
use super::store;
use super::summary::Summary;
use crate::Result;
use crate::database::OrgTx;
use crate::exports::{Cell, Column, Head, Kind, Row, Sheet, Table};
use crate::people::audit::{self, Viewer};
use crate::people::{User, sites_in};
use crate::units::SiteId;

/// The tables by the name they are asked for, in the order of the workbook.
pub const SHEETS: [&str; 3] = ["sites", "groups", "certifications"];

/// The head of the file and the tables asked for (`None`: all). That they were taken is written into the audit log.
///
/// # Errors
/// [`crate::Error::Invalid`] for a filter that makes no sense, [`crate::Error::Database`].
pub async fn sheets(
    tx: &mut OrgTx,
    user: &User,
    viewer: &Viewer,
    filter: &Filter,
    only: Option<&str>,
    (last_complete, today): (NaiveDate, NaiveDate),
) -> Result<(Head, Vec<Table>)> {
    let asked = filter.resolve(last_complete)?;
    let names = sites_in(tx, &viewer.scope).await?.into_iter().collect();
    let summary = summary_of(tx, &asked, today, viewer.now).await?;
    let mut tables = Vec::new();
    for code in SHEETS.into_iter().filter(|code| only.is_none_or(|only| only == *code)) {
        tables.push(match code {
            "sites" => sites(&summary, &names),
            "groups" => groups(&summary, &names),
            _ => certifications(tx, &asked, viewer.scope.names, today).await?,
        });
    }
    let what = serde_json::json!({ "tables": only.map_or(SHEETS.to_vec(), |only| vec![only]), "from": asked.period.first, "to": asked.period.last });
    audit::record(tx, viewer.user, "exported", "people", None, Some(what), viewer.now).await?;
    Ok((head(user, &asked, &names, viewer.now), tables))
}

type Names = std::collections::HashMap<SiteId, String>;

fn head(user: &User, asked: &Asked, names: &Names, now: DateTime<Utc>) -> Head {
    let site = asked.site.and_then(|site| names.get(&site)).map(|name| ("Certifications of".to_owned(), name.clone()));
    Head {
        title: "People".into(),
        organization: user.org.name.clone(),
        period: Some((asked.period.first, asked.period.last)),
        filters: site.into_iter().collect(),
        generated_at: now,
        zone: user.org.zone,
        by: user.name.clone(),
    }
}

fn share(value: Option<f64>) -> Cell {
    value.map_or(Cell::Empty, Cell::Percent)
}

fn sites(summary: &Summary, names: &Names) -> Table {
    let mut columns = vec![
        Column::text("Site"),
        Column::integer("People"),
        Column::integer("People employed the whole time"),
        Column::new("Gini of hours", Kind::Decimal(3)),
    ];
    let portions = ["Utilization", "Nights", "Weekends", "Overtime", "Offers accepted", "On time"];
    columns.extend(portions.map(Column::percent));
    let lead = "Sites of fewer than five people, and those that would give them away, are left out.";
    let mut rows: Vec<(String, Row)> = summary
        .sites
        .iter()
        .map(|line| {
            let name = names.get(&line.site).cloned().unwrap_or_default();
            let mut row = vec![
                Cell::text(name.clone()),
                Cell::Integer(line.people as i64),
                Cell::Integer(line.whole as i64),
                line.gini.map_or(Cell::Empty, Cell::Decimal),
            ];
            row.extend(Portion::ALL.map(|portion| share(line.portions[portion as usize])));
            (name, row)
        })
        .collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    Table::of(Sheet::new("Sites", lead, columns), rows.into_iter().map(|(_, row)| row).collect())
}

fn groups(summary: &Summary, names: &Names) -> Table {
    let mut columns =
        vec![Column::text("Compared"), Column::text("By"), Column::text("Group"), Column::integer("People")];
    let numbers = ["Value", "The rest", "Difference", "Interval 95 %, low", "Interval 95 %, high"];
    columns.extend(numbers.map(|name| Column::new(name, Kind::Decimal(2))));
    columns.push(Column::text("More than chance explains"));
    let lead = "Each group beside everybody else. A difference is a question, not a verdict. Groups of fewer than five people, and those that would give them away, are left out.";
    let rows = summary.monitors.iter().flat_map(|monitor| monitor.lines.iter().map(|line| group(monitor, line, names)));
    Table::of(Sheet::new("Groups", lead, columns), rows.collect())
}

fn group(monitor: &Monitor, line: &Line, names: &Names) -> Row {
    let name = match line.group {
        Group::Site(site) => names.get(&site).cloned().unwrap_or_default(),
        other => other.label().unwrap_or_default().to_owned(),
    };
    let it = line.difference;
    vec![
        Cell::text(monitor.of.label()),
        Cell::text(monitor.by.label()),
        Cell::text(name),
        Cell::Integer(line.own.n as i64),
        Cell::Decimal(line.own.value),
        Cell::Decimal(line.rest.value),
        Cell::Decimal(it.by),
        Cell::Decimal(it.low),
        Cell::Decimal(it.high),
        Cell::text(if line.stands_out { "yes" } else { "no" }),
    ]
}

async fn certifications(tx: &mut OrgTx, asked: &Asked, names: bool, today: NaiveDate) -> Result<Table> {
    let mut columns = Vec::new();
    columns.extend(names.then(|| Column::text("Who")));
    columns.extend([
        Column::text("Certification"),
        Column::text("Site"),
        Column::date("Held until"),
        Column::text("Standing"),
    ]);
    let mut rows = Vec::new();
    for standing in Standing::ALL.into_iter().filter(|it| asked.certs.is_none_or(|asked| asked == *it)) {
        let (held, _) = store::standing(tx, standing, asked.site, today, (i64::MAX, 0), names).await?;
        rows.extend(held.into_iter().map(|held| {
            let mut row = Vec::new();
            row.extend(names.then(|| Cell::or_empty(held.worker.map(|(_, name)| name))));
            let until = held.until.filter(|until| *until != FOR_GOOD);
            let standing = if held.until == Some(FOR_GOOD) { "For good" } else { standing.label() };
            row.extend([
                Cell::text(held.certification),
                Cell::text(held.site.1),
                Cell::or_empty(until),
                Cell::text(standing),
            ]);
            row
        }));
    }
    let lead = "What role and site ask of the people employed today, the most urgent first.";
    Ok(Table::of(Sheet::new("Certifications", lead, columns), rows))
}
