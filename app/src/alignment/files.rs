//! `/alignment/values.csv?kpi=…`: what a KPI was on each day, and what it was made of, as a file.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use muster::alignment::{Fraction, Kpi, Set, Value, course_of, keeper};
use muster::charts::Unit;
use muster::exports::{Bom, Cell, Column, Kind, Sheet, Table, csv};
use muster::metrics::Period;
use muster::people::Permission;

use crate::caller::Caller;
use crate::error::{AppError, wants_json};
use crate::export::{Fields, FileKind, file};
use crate::server::App;

const CSV: &str = "/alignment/values.csv";
/// Days back from the last complete day: a year and a month, to compare a month with the same one a year ago.
const DAYS: u64 = 400;

/// The routes with their handlers.
pub(crate) fn routes() -> [(&'static str, MethodRouter<App>); 1] {
    [(CSV, get(values))]
}

/// The address of a KPI's file.
pub(super) fn link(kpi: Kpi) -> String {
    format!("{CSV}?kpi={}", kpi.code())
}

async fn values(State(app): State<App>, caller: Caller, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let sent = send(&caller, &query.unwrap_or_default()).await;
    sent.unwrap_or_else(|error| error.response(wants_json(CSV, &headers), Some(&caller), &app.site))
}

async fn send(caller: &Caller, query: &str) -> Result<Response, AppError> {
    caller.scope(Permission::Alignment)?;
    let set = Set::of(caller.user().role);
    let fields = Fields::read(query)?;
    let kpi = match fields.once("kpi")? {
        Some(code) => Kpi::of_code(code).filter(|kpi| kpi.set() == set).ok_or(AppError::NotFound)?,
        None => return Err(AppError::Invalid("Say which: ?kpi= and the code of a KPI.".into())),
    };
    let keeper = keeper(caller.db(), set, caller.user().org.id).await?;
    let mut tx = caller.db().org(keeper).await?;
    let values = course_of(&mut tx, kpi, Period::ending(caller.last_complete_day(), DAYS)).await?;
    drop(tx);
    let (above, below) = kpi.counts();
    let digits = if kpi.is_money() { 2 } else { 0 };
    let value =
        if kpi.unit() == Unit::Percent { Column::percent("Value") } else { Column::new("Value", Kind::Decimal(4)) };
    let columns = vec![
        Column::date("Day"),
        Column::new(above, Kind::Decimal(digits)),
        Column::new(below, Kind::Decimal(digits)),
        value,
        Column::text("Why there is none"),
    ];
    let sheet = Sheet::new(kpi.title(), kpi.definition(), columns);
    let rows = values.iter().map(|value| row(kpi, value)).collect();
    let name = format!("{}-{}-{}", caller.user().org.slug, kpi.code(), caller.today());
    file(FileKind::Csv, &name, csv(Table::of(sheet, rows), Bom::With)).await
}

/// A day: parts that are money in whole units of it.
fn row(kpi: Kpi, value: &Value) -> Vec<Cell> {
    let day = Cell::Date(value.day);
    match &value.made_of {
        Ok(it) => {
            let part = |part: f64| Cell::Decimal(if kpi.is_money() { part / 100.0 } else { part });
            let whole = |value| if kpi.unit() == Unit::Percent { Cell::Percent(value) } else { Cell::Decimal(value) };
            let shown = Fraction::value(*it).map_or(Cell::Empty, whole);
            vec![day, part(it.numerator), part(it.denominator), shown, Cell::Empty]
        }
        Err(why) => vec![day, Cell::Empty, Cell::Empty, Cell::Empty, Cell::text(why.as_str())],
    }
}
