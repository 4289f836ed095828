//! The SQL that makes `_row` out of `_in`: references found, times put on the right clock, the old row beside the new.

use super::column::{Column, Kind, reference_column};
use super::rows::{local_bit, moments};
use super::rules::Touch;
use super::stage::{Stage, list};
use super::table::Table;

impl Stage {
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
            Kind::Amount(_) => format!("(i.{name}::numeric / 1000)::numeric(14,3)"),
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
            Touch::Commerce { days, customer } => {
                helpers.extend((0..).zip(*days).map(|(nth, day)| format!("{} as _was_day_{nth}", was(day))));
                helpers.extend(customer.map(|customer| format!("{} as _was_customer", was(customer))));
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
        Table::Rosters => "roster",
        Table::Shifts => "shift",
        Table::Tours => "tour",
        Table::Customers => "customer",
        Table::Partners => "partner",
        Table::ServiceCategories => "category",
        Table::Orders => "order",
        Table::Signups => "signup",
        _ => "row",
    }
}
