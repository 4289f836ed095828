//! The SQL of an import, assembled out of [`Rules`]: names and fragments of our own, never anything from a file.
//!
//! `_in` holds the rows as they stood in the file. `_row` holds them as the fact table has them, with what was there
//! before under the same natural key: `_found`, `_same`, `_key_…` (the old primary key), `_was_…` (the old days).

use chrono_tz::Tz;

use super::column::{Column, Kind};
use super::header::Header;
use super::rows::{Reading, local_bit};
use super::rules::Rules;
use super::table::Table;
use crate::exports::minor_digits;
use crate::people::Organization;
use crate::units::OrgId;

/// Assembles the statements for one file.
pub(super) struct Stage {
    pub table: Table,
    pub rules: &'static Rules,
    pub header: Header,
    org: OrgId,
    pub zone: Tz,
    pub local_times: bool,
    /// Decimals of the organization's currency.
    digits: u8,
}

/// The temporary table the rows are copied into.
pub(super) fn create(table: Table) -> String {
    let rules = table.rules();
    let id = if rules.own_id { "_id uuid, " } else { "" };
    let columns = rules.columns.iter().map(|column| format!("{} {}", column.name, column.kind.staged_as()));
    format!("create temp table _in (_line bigint, _local integer, {id}{}) on commit drop", list(columns))
}

pub(super) fn list(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().collect::<Vec<_>>().join(", ")
}

impl Stage {
    pub fn of(table: Table, org: &Organization, reading: &Reading) -> Self {
        let (rules, header, local_times) = (table.rules(), reading.header.clone(), reading.local_times);
        let digits = minor_digits(&org.currency);
        Self { table, rules, header, org: org.id, zone: org.zone, local_times, digits }
    }

    /// The columns of the fact table that are in the file, in the order of the file.
    pub fn names(&self) -> Vec<String> {
        self.header.kept().map(|(_, name)| name.to_owned()).collect()
    }

    /// With the organization as a constant: the function would be asked again for every row.
    pub fn constant(&self, sql: &str) -> String {
        sql.replace("current_org()", &format!("'{}'::uuid", self.org)).replace("{digits}", &self.digits.to_string())
    }

    /// The columns of the fact table that this file fills: those it has, and those computed from them.
    pub fn filled(&self) -> Vec<String> {
        let in_file = self.rules.columns.iter().zip(&self.header.fields).filter(|(_, place)| place.is_some());
        let mut filled: Vec<String> = in_file.map(|(column, _)| column.target()).collect();
        let made = self.rules.carry.iter().chain(self.rules.computed).map(|(name, _)| *name);
        filled.extend(made.filter(|name| !name.starts_with('_')).map(String::from));
        filled
    }

    /// The targets of the natural key.
    pub fn key(&self) -> Vec<(String, bool)> {
        let column = |name: &str| self.rules.columns.iter().find(|column| column.name == name);
        self.rules.natural_key.iter().filter_map(|name| column(name)).map(|c| (c.target(), c.required)).collect()
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

/// A staged value as it could stand in a file.
fn as_text(position: usize, column: &Column) -> String {
    let name = column.name;
    match column.kind {
        Kind::Moment => format!(
            "to_char(i.{name} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS') || case when i._local & {} = 0 then 'Z' else '' end",
            local_bit(position)
        ),
        Kind::Hundredths(_) => format!("(i.{name}::numeric / 100)::numeric(14,2)::text"),
        Kind::Amount(_) => format!("trim_scale(i.{name}::numeric / 1000)::text"),
        Kind::Clock => format!("lpad((i.{name} / 60)::text, 2, '0') || ':' || lpad((i.{name} % 60)::text, 2, '0')"),
        _ => format!("i.{name}::text"),
    }
}
