//! What an auditor takes away: each list of the page whole, with the same filter and the same scope, and the log itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use serde_json::json;

use super::standing::{Counts, Standing};
use super::{Asked, Compliance, Part, Section, State, Which, alerts, hours, incidents, people, trail};
use crate::Result;
use crate::database::{Database, OrgTx};
use crate::exports::{Cell, Column, Head, Row, Sheet, Table};
use crate::people::{Scope, User, audit};
use crate::units::{Rate, SiteId};

/// The tables by their names in an address, in the order of the workbook.
pub const SHEETS: [&str; 11] = [
    "summary",
    "alerts",
    "sites",
    "things",
    "people",
    "hours",
    "breaches",
    "incident-sites",
    "incidents",
    "trail",
    "log",
];

/// Whose export, of what.
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

/// A table ready to be written.
#[derive(Debug)]
pub struct Ready {
    /// Its name in an address.
    pub code: &'static str,
    /// The table.
    pub table: Table,
    /// How many rows it has.
    pub rows: i64,
}

type Names = Arc<BTreeMap<SiteId, String>>;

struct Maker {
    wanted: Wanted,
    /// Narrowed to the site asked for.
    scope: Scope,
    names: Names,
    zone: Tz,
}

/// The tables: all, or the one of this name (`None` of it where there is none such).
///
/// # Errors
/// As [`super::compliance`].
pub async fn sheets(wanted: &Wanted, only: Option<&str>) -> Result<(Head, Vec<Ready>)> {
    let zone = wanted.user.org.zone;
    let mut tx = wanted.db.org(wanted.user.org.id).await?;
    // The lists are read whole, so the page needs none of them.
    let asked = Asked { show: Section::Matrix, page: 1, ..wanted.asked };
    let page = super::compliance(&mut tx, &wanted.scope, asked, (zone, wanted.now)).await?;
    let scope = wanted.scope.narrowed_to(wanted.asked.site)?;
    let maker = Maker { wanted: wanted.clone(), scope, names: Arc::new(page.names.clone()), zone };
    let mut ready = Vec::new();
    for code in SHEETS {
        if only.is_some_and(|only| only != code) {
            continue;
        }
        ready.push(maker.table(&mut tx, code, &page).await?);
    }
    Ok((maker.head(), ready))
}

/// Writes into the log what leaves the house: which tables with how many rows, for which filter.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn note_export(tx: &mut OrgTx, wanted: &Wanted, file: &str, rows: BTreeMap<&'static str, i64>) -> Result<()> {
    let asked = wanted.asked;
    let what = json!({
        "file": file,
        "rows": rows,
        "site": asked.site,
        "from": asked.period.first,
        "to": asked.period.last,
        "kind": asked.kind,
    });
    audit::record(tx, wanted.user.id, "exported", "compliance", None, Some(what), wanted.now).await
}

fn share(rate: Rate) -> Cell {
    rate.into()
}

fn counted(counts: Counts) -> Vec<Cell> {
    let each = Standing::ALL.into_iter().map(|standing| Cell::Integer(counts.of(standing)));
    [Cell::Integer(counts.required()), share(counts.in_order())].into_iter().chain(each).collect()
}

fn count_columns() -> Vec<Column> {
    let each = Standing::ALL.into_iter().map(|standing| Column::integer(standing.label()));
    [Column::integer("Required"), Column::percent("In order today")].into_iter().chain(each).collect()
}

fn join(first: Vec<Column>, rest: Vec<Column>) -> Vec<Column> {
    first.into_iter().chain(rest).collect()
}

impl Maker {
    fn head(&self) -> Head {
        let (user, asked) = (&self.wanted.user, &self.wanted.asked);
        let site = asked.site.map_or_else(|| "All that are yours".into(), |site| self.name(site));
        let kind = asked.kind.map_or("All", super::Kind::label);
        Head {
            title: "Compliance".into(),
            organization: user.org.name.clone(),
            period: Some((asked.period.first, asked.period.last)),
            filters: vec![
                ("Site".into(), site),
                ("Kind".into(), kind.into()),
                ("Standings as of".into(), asked.today.to_string()),
            ],
            generated_at: self.wanted.now,
            zone: self.zone,
            by: format!("{}, {}", user.name, user.role),
        }
    }

    fn name(&self, site: SiteId) -> String {
        self.names.get(&site).cloned().unwrap_or_default()
    }

    async fn table(&self, tx: &mut OrgTx, code: &'static str, page: &Compliance) -> Result<Ready> {
        let whole =
            |sheet: Sheet, rows: Vec<Row>| Ok(Ready { code, rows: rows.len() as i64, table: Table::of(sheet, rows) });
        match code {
            "summary" => whole(summary_sheet(), summary(page)),
            "alerts" => self.alerts(tx, code).await,
            "sites" => whole(sites_sheet(), self.sites(page)),
            "things" => whole(things_sheet(), things(page)),
            "people" => self.people(tx, code).await,
            "hours" => whole(hours_sheet(), self.hours(page)),
            "breaches" => self.breaches(tx, code).await,
            "incident-sites" => whole(incident_sites_sheet(), self.incident_sites(page)),
            "incidents" => self.incidents(tx, code).await,
            "trail" => self.gaps(tx, code, page).await,
            _ => self.log(tx, code).await,
        }
    }

    /// A table whose rows are passed on as the database sends them.
    fn streamed<T>(
        &self,
        (code, rows): (&'static str, i64),
        sheet: Sheet,
        open: impl for<'a> FnOnce(&'a mut OrgTx) -> BoxStream<'a, Result<T>> + Send + 'static,
        row: impl Fn(T) -> Row + Send + 'static,
    ) -> Ready
    where
        T: Send + 'static,
    {
        let (db, org) = (self.wanted.db.clone(), self.wanted.user.org.id);
        let table = Table::written(sheet, move |mut sink| async move {
            let mut tx = db.org(org).await?;
            let mut rows = open(&mut tx);
            while let Some(it) = rows.try_next().await? {
                sink.row(row(it)).await?;
            }
            Ok(())
        });
        Ready { code, table, rows }
    }

    /// Columns of who it is, where the scope has names.
    fn who(&self, columns: Vec<Column>) -> Vec<Column> {
        if self.scope.names { join(vec![Column::text("Name")], columns) } else { columns }
    }

    fn sites(&self, page: &Compliance) -> Vec<Row> {
        let each = page.matrix.sites.iter().flat_map(|(site, kinds)| kinds.iter().map(move |it| (*site, it)));
        let mut rows: Vec<Row> = each
            .map(|(site, (kind, counts))| {
                [vec![Cell::text(self.name(site)), kind.label().into()], counted(*counts)].concat()
            })
            .collect();
        rows.sort_by_key(|row| format!("{:?}", &row[..2]));
        rows
    }

    fn hours(&self, page: &Compliance) -> Vec<Row> {
        let mut rows: Vec<Row> = page
            .hours
            .iter()
            .map(|it| {
                let n = [it.shifts, it.breaking, it.hours, it.papers].map(Cell::Integer);
                let rate = share(Rate { hit: it.breaking, of: it.shifts });
                [vec![Cell::text(self.name(it.site))], n.to_vec(), vec![rate]].concat()
            })
            .collect();
        rows.sort_by_key(|row| format!("{:?}", row[0]));
        rows
    }

    fn incident_sites(&self, page: &Compliance) -> Vec<Row> {
        let row = |it: &incidents::SiteIncidents| {
            let n = [it.reported, it.resolved, it.open].map(Cell::Integer);
            [vec![Cell::text(self.name(it.site))], n.to_vec(), vec![Cell::or_empty(it.oldest)]].concat()
        };
        let mut rows: Vec<Row> = page.incidents.iter().map(row).collect();
        rows.sort_by_key(|row| format!("{:?}", row[0]));
        rows
    }

    async fn alerts(&self, tx: &mut OrgTx, code: &'static str) -> Result<Ready> {
        let (kind, today, names) = (self.wanted.asked.kind, self.wanted.asked.today, self.scope.names);
        let total = first(alerts::each(tx, &self.scope, kind, today, ONE)).await?.map_or(0, |it| it.total);
        let columns = vec![
            Column::text("Home site"),
            Column::text("Kind"),
            Column::text("What"),
            Column::text("Standing"),
            Column::date("Last day it counts"),
            Column::integer("Planned shifts after that"),
            Column::date("First of them"),
            Column::text("Asked for"),
        ];
        let lead = "What runs out, has run out or is missing before a shift that is planned, the soonest shift first.";
        let sheet = Sheet::new("Alerts", lead, self.who(columns));
        let (scope, sites) = (self.scope.clone(), self.names.clone());
        Ok(self.streamed(
            (code, total),
            sheet,
            move |tx| alerts::each(tx, &scope, kind, today, None),
            move |it| {
                let rest = vec![
                    site_cell(&sites, Some(it.site)),
                    it.kind.label().into(),
                    it.thing.into(),
                    it.standing.label().into(),
                    Cell::or_empty(it.until),
                    it.shifts.into(),
                    it.first.into(),
                    if it.required { "yes" } else { "no" }.into(),
                ];
                named(names, it.name, rest)
            },
        ))
    }

    async fn people(&self, tx: &mut OrgTx, code: &'static str) -> Result<Ready> {
        let names = self.scope.names;
        let which = Which::all(&self.scope, self.wanted.asked.kind, self.wanted.asked.today);
        let total = first(people::each(tx, &which, ONE)).await?.map_or(0, |it| it.total);
        let mut columns = vec![
            Column::text("Job role"),
            Column::text("Home site"),
            Column::text("Kind"),
            Column::text("What"),
            Column::text("Standing"),
            Column::date("Last day it counts"),
        ];
        if names {
            columns.insert(0, Column::text("Employee number"));
        }
        let lead = "Everything that is asked for, of everybody employed today, the most urgent first.";
        let sheet = Sheet::new("Requirements", lead, self.who(columns));
        let sites = self.names.clone();
        Ok(self.streamed(
            (code, total),
            sheet,
            move |tx| people::each(tx, &which, None),
            move |it| {
                let mut rest = vec![
                    it.job_role.into(),
                    site_cell(&sites, Some(it.site)),
                    it.kind.label().into(),
                    it.thing.into(),
                    it.standing.label().into(),
                    Cell::or_empty(it.until),
                ];
                if names {
                    rest.insert(0, it.number.into());
                }
                named(names, it.name, rest)
            },
        ))
    }

    async fn breaches(&self, tx: &mut OrgTx, code: &'static str) -> Result<Ready> {
        let (period, rule, names) = (self.wanted.asked.period, self.wanted.asked.rule, self.scope.names);
        let total = first(hours::each(tx, &self.scope, period, rule, ONE)).await?.map_or(0, |it| it.total);
        let columns = vec![
            Column::date("Day"),
            Column::text("Site"),
            Column::moment("Starts", self.zone),
            Column::moment("Ends", self.zone),
            Column::text("Rule"),
            Column::text("How far"),
            Column::integer("Minutes"),
            Column::text("Shift"),
        ];
        let lead = "Each rule broken by a shift of the period. A shift that breaks two is in two rows.";
        let sheet = Sheet::new("Breaches", lead, self.who(columns));
        let (scope, sites) = (self.scope.clone(), self.names.clone());
        Ok(self.streamed(
            (code, total),
            sheet,
            move |tx| hours::each(tx, &scope, period, rule, None),
            move |it| {
                let rest = vec![
                    it.day.into(),
                    site_cell(&sites, Some(it.site)),
                    it.starts_at.into(),
                    it.ends_at.into(),
                    it.rule.label().into(),
                    it.rule.said(it.minutes).into(),
                    Cell::or_empty(it.minutes.map(i64::from)),
                    it.shift.to_string().into(),
                ];
                named(names, it.name, rest)
            },
        ))
    }

    async fn incidents(&self, tx: &mut OrgTx, code: &'static str) -> Result<Ready> {
        let (which, now) = ((self.wanted.asked.period, State::All), self.wanted.now);
        let total = first(incidents::each(tx, &self.scope, which, now, ONE)).await?.map_or(0, |it| it.total);
        let columns = vec![
            Column::text("Reference"),
            Column::text("Site"),
            Column::moment("Happened", self.zone),
            Column::text("Kind"),
            Column::integer("Severity"),
            Column::text("State"),
            Column::moment("Resolved", self.zone),
            Column::integer("Days open"),
        ];
        let sheet = Sheet::new("Incidents", "Each incident of the period, and each that is still open.", columns);
        let (scope, sites) = (self.scope.clone(), self.names.clone());
        Ok(self.streamed(
            (code, total),
            sheet,
            move |tx| incidents::each(tx, &scope, which, now, None),
            move |it| {
                let age = it.age(now);
                vec![
                    it.code.into(),
                    site_cell(&sites, Some(it.site)),
                    it.happened_at.into(),
                    it.kind.into(),
                    i64::from(it.severity).into(),
                    if it.resolved_at.is_some() { "resolved" } else { "open" }.into(),
                    Cell::or_empty(it.resolved_at),
                    age.into(),
                ]
            },
        ))
    }

    /// Each kind of change with its share, then the gaps.
    async fn gaps(&self, tx: &mut OrgTx, code: &'static str, page: &Compliance) -> Result<Ready> {
        let columns = vec![
            Column::text("Change"),
            Column::integer("Changes"),
            Column::integer("Written down"),
            Column::percent("Share"),
            Column::moment("Not written down: when", self.zone),
            Column::text("Who"),
            Column::text("Site"),
            Column::text("Record"),
            Column::text("Id"),
        ];
        let mut rows: Vec<Row> = Vec::new();
        for change in &page.changes {
            let label = trail::label(&change.change);
            let mut row: Row =
                vec![label.into(), change.written.of.into(), change.written.hit.into(), share(change.written)];
            row.resize(columns.len(), Cell::Empty);
            rows.push(row);
        }
        let moments = trail::moments(self.wanted.asked.period, self.zone);
        let gaps: Vec<trail::Gap> = trail::gaps(tx, &self.scope, moments, None).try_collect().await?;
        for gap in gaps {
            let mut row: Row = vec![trail::label(&gap.change).into()];
            row.resize(4, Cell::Empty);
            row.extend([
                gap.at.into(),
                Cell::or_empty(gap.by),
                site_cell(&self.names, gap.site),
                gap.record.into(),
                gap.id.to_string().into(),
            ]);
            rows.push(row);
        }
        let lead = "Changes of the period by kind, and how many have a row in the log; then each that has none.";
        let sheet = Sheet::new("Audit trail", lead, columns);
        Ok(Ready { code, rows: rows.len() as i64, table: Table::of(sheet, rows) })
    }

    async fn log(&self, tx: &mut OrgTx, code: &'static str) -> Result<Ready> {
        let moments = trail::moments(self.wanted.asked.period, self.zone);
        let total =
            first(trail::log(tx, (&self.scope, self.wanted.user.role), moments, ONE)).await?.map_or(0, |it| it.total);
        let columns = vec![
            Column::moment("When", self.zone),
            Column::text("Who"),
            Column::text("Role"),
            Column::text("Did"),
            Column::text("Record"),
            Column::text("Id"),
            Column::text("Site"),
        ];
        let lead = "The log of the period: who did or looked at what. What was said in talks is left out, and at what only others may look.";
        let sheet = Sheet::new("Audit log", lead, columns);
        let (scope, role, sites) = (self.scope.clone(), self.wanted.user.role, self.names.clone());
        Ok(self.streamed(
            (code, total),
            sheet,
            move |tx| trail::log(tx, (&scope, role), moments, None),
            move |it| {
                vec![
                    it.at.into(),
                    Cell::or_empty(it.by),
                    Cell::or_empty(it.role),
                    it.action.into(),
                    it.record.into(),
                    Cell::or_empty(it.id.map(|id| id.to_string())),
                    site_cell(&sites, it.site),
                ]
            },
        ))
    }
}

/// One row, which tells how many there are.
const ONE: Option<Part> = Some(Part { page: 1, rows: 1 });

async fn first<T>(mut rows: BoxStream<'_, Result<T>>) -> Result<Option<T>> {
    rows.try_next().await
}

fn site_cell(names: &BTreeMap<SiteId, String>, site: Option<SiteId>) -> Cell {
    Cell::or_empty(site.and_then(|site| names.get(&site)).cloned())
}

fn named(names: bool, name: String, rest: Row) -> Row {
    if names { [vec![name.into()], rest].concat() } else { rest }
}

fn things(page: &Compliance) -> Vec<Row> {
    let row = |((kind, name), counts): (&(super::Kind, String), &Counts)| {
        [vec![kind.label().into(), name.clone().into()], counted(*counts)].concat()
    };
    page.matrix.things.iter().map(row).collect()
}

fn summary(page: &Compliance) -> Vec<Row> {
    let (any, hours, papers) = super::hours_of(&page.hours);
    let open = page.incidents.iter().map(|site| site.open).sum::<i64>();
    let reported = page.incidents.iter().map(|site| site.reported).sum::<i64>();
    let of = |what: &str, rate: Rate| vec![what.into(), rate.hit.into(), rate.of.into(), share(rate)];
    let plain = |what: &str, n: i64| vec![what.into(), n.into(), Cell::Empty, Cell::Empty];
    vec![
        of("Rosters without a breach", page.rosters.0),
        of("Rosters without a breach, the period before", page.rosters.1),
        of("Required and in order today", page.matrix.total().in_order()),
        plain("To act on: missing, expired or ending within 90 days", page.matrix.total().to_act_on()),
        plain("Alerts: not in order on a shift that is planned", page.alerts.total),
        of("Shifts that break any rule", any),
        of("Shifts that break a rule of working time", hours),
        of("Shifts that break a rule of working time, the period before", page.hours_before),
        of("Shifts without the skill or papers asked for", papers),
        plain("Incidents reported in the period", reported),
        plain("Incidents open now", open),
        of("Changes with a row in the audit log", page.written()),
    ]
}

fn summary_sheet() -> Sheet {
    let columns =
        vec![Column::text("What"), Column::integer("Number"), Column::integer("Of"), Column::percent("Share")];
    Sheet::new("Summary", "The numbers at the head of the page.", columns)
}

fn sites_sheet() -> Sheet {
    let columns = join(vec![Column::text("Site"), Column::text("Kind")], count_columns());
    Sheet::new(
        "Requirements by site",
        "What is asked for of people of each home site, and how it stands today.",
        columns,
    )
}

fn things_sheet() -> Sheet {
    let columns = join(vec![Column::text("Kind"), Column::text("What")], count_columns());
    Sheet::new("Requirements by name", "Each thing that is asked for, and how it stands today.", columns)
}

fn hours_sheet() -> Sheet {
    let columns = vec![
        Column::text("Site"),
        Column::integer("Shifts with a worker"),
        Column::integer("Break any rule"),
        Column::integer("Break a rule of working time"),
        Column::integer("Without skill or papers"),
        Column::percent("Break any rule, of all"),
    ];
    Sheet::new("Working time by site", "Shifts of the period that break a rule. One may break several.", columns)
}

fn incident_sites_sheet() -> Sheet {
    let columns = vec![
        Column::text("Site"),
        Column::integer("Reported in the period"),
        Column::integer("Of these resolved"),
        Column::integer("Open now"),
        Column::date("Oldest open"),
    ];
    Sheet::new("Incidents by site", "Reporting is never held against anybody.", columns)
}
