//! The SQL of an import, assembled out of [`Rules`]: names and fragments of our own, never anything from a file.
//!
//! `_in` holds the rows as they stood in the file. `_row` holds them as the fact table has them, with what was there
//! before under the same natural key: `_found`, `_same`, `_key_…` (the old primary key), `_was_…` (the old days).

use chrono_tz::Tz;

use super::column::{Column, Kind, reference_column};
use super::header::Header;
use super::rows::{Reading, local_bit, moments};
use super::rules::{Rules, Touch};
use super::table::Table;
use crate::people::Organization;
use crate::units::OrgId;

/// Assembles the statements for one file.
pub(super) struct Stage {
    pub table: Table,
    pub rules: &'static Rules,
    header: Header,
    org: OrgId,
    zone: Tz,
    local_times: bool,
}

/// The temporary table the rows are copied into.
pub(super) fn create(table: Table) -> String {
    let rules = table.rules();
    let id = if rules.own_id { "_id uuid, " } else { "" };
    let columns = rules.columns.iter().map(|column| format!("{} {}", column.name, column.kind.staged_as()));
    format!("create temp table _in (_line bigint, _local integer, {id}{}) on commit drop", list(columns))
}

fn list(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().collect::<Vec<_>>().join(", ")
}

impl Stage {
    pub fn of(table: Table, org: &Organization, reading: &Reading) -> Self {
        let (rules, header, local_times) = (table.rules(), reading.header.clone(), reading.local_times);
        Self { table, rules, header, org: org.id, zone: org.zone, local_times }
    }

    /// The columns of the fact table that are in the file, in the order of the file.
    pub fn names(&self) -> Vec<String> {
        self.header.kept().map(|(_, name)| name.to_owned()).collect()
    }

    /// With the organization as a constant: the function would be asked again for every row.
    fn constant(&self, sql: &str) -> String {
        sql.replace("current_org()", &format!("'{}'::uuid", self.org))
    }

    /// The columns of the fact table that this file fills: those it has, and those computed from them.
    fn filled(&self) -> Vec<String> {
        let in_file = self.rules.columns.iter().zip(&self.header.fields).filter(|(_, place)| place.is_some());
        let mut filled: Vec<String> = in_file.map(|(column, _)| column.target()).collect();
        let made = self.rules.carry.iter().chain(self.rules.computed).map(|(name, _)| *name);
        filled.extend(made.filter(|name| !name.starts_with('_')).map(String::from));
        filled
    }

    /// The targets of the natural key.
    fn key(&self) -> Vec<(String, bool)> {
        let column = |name: &str| self.rules.columns.iter().find(|column| column.name == name);
        self.rules.natural_key.iter().filter_map(|name| column(name)).map(|c| (c.target(), c.required)).collect()
    }

    /// Makes `_row` out of `_in`: `q` is the row of the file, `t` what is there already, `m` the two merged, and `r`
    /// that with what is computed from it.
    pub fn resolve(&self) -> String {
        let helpers = self.helpers();
        self.constant(&format!(
            "create temp table _row on commit drop as
             select q._line, r.*, {helpers}{changes}, {reasons} as _reasons, t.org_id is not null as _found, {same} as _same
             from ({read}) q left join {table} t on {matches}
             cross join lateral (select {merged}) m
             cross join lateral (select m.*{computed}) r",
            helpers = list(helpers),
            changes = if self.local_times { ", q._skipped, q._twice" } else { "" },
            reasons = self.reasons(),
            same = self.same(),
            read = self.read(),
            table = self.table.name(),
            matches = self.matches(),
            merged = self.merged(),
            computed = self.rules.computed.iter().map(|(name, sql)| format!(", {sql} as {name}")).collect::<String>(),
        ))
    }

    /// The columns of the file, and what is there already where the file has no such column.
    fn merged(&self) -> String {
        let id = self.rules.own_id.then(|| "coalesce(t.id, q.id) as id".to_owned());
        let columns = self.rules.columns.iter().zip(&self.header.fields).map(|(column, place)| {
            let from = if place.is_some() { "q" } else { "t" };
            format!("{from}.{}", column.target())
        });
        let carried = self.rules.carry.iter().map(|(name, _)| format!("q.{name}"));
        let zone = self.rules.zone.map(|_| "q._zone".to_owned());
        list(id.into_iter().chain(columns).chain(carried).chain(zone))
    }

    /// The staged rows with their references resolved and their times as instants.
    fn read(&self) -> String {
        let id = self.rules.own_id.then(|| "i._id as id".to_owned());
        let zone = self.zone_sql();
        let columns = self.rules.columns.iter().enumerate().map(|(position, column)| {
            let value = self.value(position, column);
            let value = column.default.map_or_else(|| value.clone(), |default| format!("coalesce({value}, {default})"));
            format!("{value} as {}", column.target())
        });
        let carried = self.rules.carry.iter().map(|(name, sql)| format!("{sql} as {name}"));
        let unknown = references(self.rules.columns).map(|(column, table)| {
            format!(
                "case when i.{name} is not null and r_{name}.org_id is null then format('{name}: there is no {what} ''%s''', left(i.{name}, 60)) end as _no_{name}",
                name = column.name,
                what = singular(table),
            )
        });
        let mut sql = format!(
            "select i._line, {}",
            list(
                id.into_iter()
                    .chain(columns)
                    .chain(carried)
                    .chain(unknown)
                    .chain(zone.iter().map(|zone| format!("{zone} as _zone")))
            )
        );
        if self.local_times {
            sql += &self.clock_changes();
        }
        sql += " from _in i";
        for (column, table) in references(self.rules.columns) {
            sql += &format!(
                " left join {other} r_{name} on r_{name}.org_id = current_org() and r_{name}.{reference} = i.{name}",
                other = table.name(),
                name = column.name,
                reference = reference_column(table),
            );
        }
        format!("{sql} {}", self.rules.joins)
    }

    fn zone_sql(&self) -> Option<String> {
        self.rules.zone.map(|zone| zone.replace("{zone}", &format!("'{}'", self.zone.name())))
    }

    fn value(&self, position: usize, column: &Column) -> String {
        let name = column.name;
        match column.kind {
            Kind::Ref(_) => format!("r_{name}.id"),
            Kind::Hundredths(_) => format!("(i.{name}::numeric / 100)::numeric(14,2)"),
            Kind::List => format!("string_to_array(i.{name}, ';')"),
            Kind::Moment if self.local_times => format!(
                "case when i._local & {bit} = 0 then i.{name} else (i.{name} at time zone 'UTC') at time zone {zone} end",
                bit = local_bit(position),
                zone = self.zone_sql().unwrap_or_else(|| "'UTC'".into()),
            ),
            _ => format!("i.{name}"),
        }
    }

    /// Whether a local time was skipped by a change of clocks, or came twice.
    fn clock_changes(&self) -> String {
        let zone = self.zone_sql().unwrap_or_else(|| "'UTC'".into());
        let (mut skipped, mut twice) = (Vec::new(), Vec::new());
        for (position, column) in moments(self.rules.columns) {
            let instant = self.value(position, column);
            let (is_local, shown) =
                (format!("i._local & {} <> 0", local_bit(position)), format!("(i.{} at time zone 'UTC')", column.name));
            skipped.push(format!("{is_local} and ({instant}) at time zone {zone} <> {shown}"));
            twice.push(format!("{is_local} and (({instant}) - interval '1 hour') at time zone {zone} = {shown}"));
        }
        format!(
            ", coalesce({}, false) as _skipped, coalesce({}, false) as _twice",
            skipped.join(" or "),
            twice.join(" or ")
        )
    }

    /// Everything that speaks against the row, or null.
    fn reasons(&self) -> String {
        let unknown = references(self.rules.columns).map(|(column, _)| format!("q._no_{}", column.name));
        let refused = self.rules.refusals.iter().map(|(when, why)| format!("case when {when} then '{why}' end"));
        let all: Vec<String> = unknown.chain(refused).collect();
        if all.is_empty() {
            return "null::text[]".into();
        }
        format!(
            "case when num_nonnulls({all}) > 0 then array_remove(array[{all}]::text[], null) end",
            all = all.join(", ")
        )
    }

    fn matches(&self) -> String {
        let equal = |name: &str, required: bool| {
            let sign = if required { "=" } else { "is not distinct from" };
            format!("t.{name} {sign} q.{name}")
        };
        let mut on = vec!["t.org_id = current_org()".to_owned()];
        on.extend(self.key().iter().map(|(name, required)| equal(name, *required)));
        if self.rules.partitioned
            && self.filled().iter().any(|name| name == "day")
            && self.rules.carry.iter().any(|(name, _)| *name == "day")
        {
            on.push("t.day = q.day".into());
        }
        on.join(" and ")
    }

    fn same(&self) -> String {
        let key: Vec<String> = self.key().into_iter().map(|(name, _)| name).collect();
        let differing = self.filled().into_iter().filter(|name| !key.contains(name));
        let equal: Vec<String> = differing.map(|name| format!("t.{name} is not distinct from r.{name}")).collect();
        if equal.is_empty() {
            "t.org_id is not null".into()
        } else {
            format!("(t.org_id is not null and {})", equal.join(" and "))
        }
    }

    /// The old primary key and the old days.
    fn helpers(&self) -> Vec<String> {
        let was = |sql: &str| sql.replace("@._", "r._").replace("@.", "t.");
        let mut helpers: Vec<String> =
            self.rules.identity.iter().map(|name| format!("t.{name} as _key_{name}")).collect();
        match &self.rules.touch {
            Touch::Nothing => {}
            Touch::Day { day, worker } => {
                helpers.extend([format!("{} as _was_day", was(day)), format!("{} as _was_worker", was(worker))]);
            }
            Touch::Span { first, last, worker, of } => {
                helpers.extend([
                    format!("{} as _was_first", was(first)),
                    format!("{} as _was_last", was(last)),
                    format!("{} as _was_worker", was(worker)),
                ]);
                let filled = self.filled();
                let of: Vec<String> = of
                    .iter()
                    .filter(|name| filled.iter().any(|f| f == *name))
                    .map(|name| format!("t.{name} is distinct from r.{name}"))
                    .collect();
                let moves =
                    if of.is_empty() { "true".into() } else { format!("t.org_id is null or {}", of.join(" or ")) };
                helpers.push(format!("({moves}) as _moves"));
            }
        }
        helpers
    }

    /// Marks every row but the first of those with one natural key.
    pub fn reject_duplicates(&self) -> String {
        let key: Vec<String> = self.key().into_iter().map(|(name, _)| name).collect();
        let same =
            list(key.iter().map(|name| format!("r.{name} is not distinct from d.{name}"))).replace(", ", " and ");
        let key = key.join(", ");
        format!(
            "update _row r set _reasons = array['the same {} as in line ' || d.first]
             from (select {key}, min(_line) as first from _row where _reasons is null group by {key} having count(*) > 1) d
             where {same} and r._line > d.first and r._reasons is null",
            self.rules.natural_key.join(", "),
        )
    }

    /// The rejected rows as the file had them, with their reasons.
    pub fn rejected(&self) -> String {
        let fields = self
            .header
            .kept()
            .filter_map(|(_, name)| self.rules.columns.iter().enumerate().find(|(_, c)| c.name == name));
        let fields = fields.map(|(position, column)| as_text(position, column));
        format!(
            "select r._line, array[{}]::text[], r._reasons from _row r join _in i using (_line) where r._reasons is not null order by r._line",
            list(fields)
        )
    }

    /// How many rows are rejected, new, changed and the same, and for each finding how many rows and the first line.
    pub fn count(&self) -> String {
        let counts = ["_reasons is not null", "not _found", "_found and not _same", "_same"]
            .map(|when| format!("count(*) filter (where {when})"));
        let found = self.findings().into_iter().flat_map(|(when, _)| {
            [format!("count(*) filter (where {when})"), format!("coalesce(min(r._line) filter (where {when}), 0)")]
        });
        format!("select array[{}]::bigint[] from _row r", list(counts.into_iter().chain(found)))
    }

    /// What is worth telling about rows that are taken, in the order of [`Stage::count`].
    pub fn findings(&self) -> Vec<(&'static str, &'static str)> {
        let mut findings = self.rules.findings.to_vec();
        if self.local_times {
            findings.push(("r._skipped", "a local time that the change of clocks skipped: taken as an hour later"));
            findings.push(("r._twice", "a local time that came twice when clocks went back: taken as the later one"));
        }
        findings
    }

    /// What must follow when rows changed.
    pub fn follow(&self) -> impl Iterator<Item = String> {
        self.rules.follow.iter().map(|sql| self.constant(sql))
    }

    /// Writes what differs.
    pub fn update(&self) -> String {
        let set = list(self.filled().into_iter().map(|name| format!("{name} = r.{name}")));
        let same = self.rules.identity.iter().map(|name| format!(" and t.{name} = r._key_{name}")).collect::<String>();
        self.constant(&format!(
            "update {} t set {set} from _row r where t.org_id = current_org(){same} and r._found and not r._same",
            self.table.name()
        ))
    }

    /// Writes what is new.
    pub fn insert(&self) -> String {
        let id = self.rules.own_id.then(|| "id".to_owned());
        let columns = list(id.into_iter().chain(self.filled()));
        self.constant(&format!(
            "insert into {} (org_id, {columns}) select current_org(), {columns} from _row where not _found",
            self.table.name()
        ))
    }
}

fn references(columns: &'static [Column]) -> impl Iterator<Item = (&'static Column, Table)> {
    columns.iter().filter_map(|column| match column.kind {
        Kind::Ref(table) => Some((column, table)),
        _ => None,
    })
}

fn singular(table: Table) -> &'static str {
    match table {
        Table::Clients => "client",
        Table::Sites => "site",
        Table::Workers => "worker",
        Table::Shifts => "shift",
        Table::Tours => "tour",
        _ => "row",
    }
}

/// A staged value as it could stand in a file.
fn as_text(position: usize, column: &Column) -> String {
    let name = column.name;
    match column.kind {
        Kind::Moment => format!(
            "to_char(i.{name} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS') || case when i._local & {} = 0 then 'Z' else '' end",
            local_bit(position)
        ),
        Kind::Hundredths(_) => format!("(i.{name}::numeric / 100)::numeric(14,2)::text"),
        _ => format!("i.{name}::text"),
    }
}
