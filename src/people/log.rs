//! The audit log as it is read: who did what to which record, when, from where, and what was before and after.
//!
//! Workers are named only to whom the permission table shows names in the view that a line is about: who looked at whose risk of
//! leaving is nobody's business who may not see that risk by name. What was said between a worker and the own supervisor stays there.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use serde_json::Value;
use uuid::Uuid;

use super::audit::{LOOKED_AT_CHURN, LOOKED_AT_PAY, LOOKED_AT_SCORE};
use super::{Permission, Role, User};
use crate::Result;
use crate::clock::first_instant;
use crate::database::{Database, OrgTx};
use crate::exports::{Cell, Column, Sheet, Table};
use crate::units::{Place, UserId};

/// Lines of a page.
pub const PAGE: i64 = 50;
/// Lines of a file read at once.
const BATCH: i64 = 2_000;

/// Which lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// A part of the name or e-mail of who did it.
    pub who: String,
    /// A part of what was done, or to what kind of record.
    pub what: String,
    /// From this local day on.
    pub from: Option<NaiveDate>,
    /// Up to this local day, which is in it.
    pub to: Option<NaiveDate>,
}

/// A line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Which.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; `None`: a job or the command line.
    pub who: Option<(UserId, String)>,
    /// What was done.
    pub action: String,
    /// To what kind of record.
    pub record: String,
    /// To which one.
    pub record_id: Option<Uuid>,
    /// The name of the record, where it has one that may be shown.
    pub name: Option<String>,
    /// Fields that changed: name, before, after; `None`: not to be shown to the reader.
    pub changes: Option<Vec<(String, String, String)>>,
    /// The network it came from.
    pub subnet: Option<String>,
    /// The request it came by, as in the structured log.
    pub request: Option<String>,
}

impl Line {
    /// Where a page that ends with it ends.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { at: self.at, id: self.id }
    }
}

/// The view that a line is about: whoever sees no names there sees none in the log either.
fn view_of(action: &str, record: &str) -> Permission {
    match (action, record) {
        (LOOKED_AT_SCORE, _) | (_, "dispute") => Permission::Team,
        (LOOKED_AT_CHURN, _) => Permission::People,
        (LOOKED_AT_PAY, _) => Permission::Financial,
        (_, "coaching item") => Permission::Coaching,
        _ => Permission::Admin,
    }
}

/// Whether a reader of this role is shown which record a line is about, and what is known of it: its name, its site, what changed.
pub(crate) fn shows_record(role: Role, action: &str, record: &str) -> bool {
    match view_of(action, record) {
        Permission::Admin => true,
        view => view.is_for(role) && view.shows_names(role),
    }
}

/// Looks that a reader of this role is not even told of, as moment, looker and site would tell at whom. An admin, who answers
/// for the log, is told of each, and not at whom.
pub(crate) fn kept_from(role: Role) -> Vec<String> {
    let looks = [LOOKED_AT_CHURN, LOOKED_AT_PAY].into_iter();
    looks.filter(|look| role != Role::Admin && !shows_record(role, look, "worker")).map(str::to_owned).collect()
}

/// Reads a page of the log, newest first: one line more than `limit` is wanted by who must know whether there is another page.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn lines(
    tx: &mut OrgTx,
    (role, zone): (Role, Tz),
    filter: &Filter,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Line>> {
    let org = tx.org().0;
    let midnight = |day: NaiveDate| first_instant(zone, day, chrono::NaiveTime::MIN);
    let rows = sqlx::query_as!(
        Row,
        r#"select a.id, a.at, a.user_id, coalesce(u.name, 'somebody who is gone') as "who!", a.action, a.record, a.record_id,
                  coalesce(r.name, w.name) as "name?", w.id is not null as "worker!", a.before, a.after, a.subnet, a.request_id
           from audit_log a
           left join users u on u.org_id = a.org_id and u.id = a.user_id
           left join logins l on l.org_id = a.org_id and l.user_id = a.user_id
           left join users r on r.org_id = a.org_id and a.record = 'user' and r.id = a.record_id
           left join workers w on w.org_id = a.org_id and a.record = 'worker' and w.id = a.record_id
           where a.org_id = $1
             and ($2 = '' or u.name ilike '%' || $2 || '%' or l.email ilike '%' || $2 || '%')
             and ($3 = '' or a.action ilike '%' || $3 || '%' or a.record ilike '%' || $3 || '%')
             and ($4::timestamptz is null or a.at >= $4) and ($5::timestamptz is null or a.at < $5)
             and ($6::timestamptz is null or (a.at, a.id) < ($6, $7))
           order by a.at desc, a.id desc limit $8"#,
        org,
        plain(&filter.who),
        plain(&filter.what),
        filter.from.map(midnight),
        filter.to.and_then(|day| day.succ_opt()).map(midnight),
        after.map(|place| place.at),
        after.map(|place| place.id),
        limit
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| row.line(role)).collect())
}

struct Row {
    id: Uuid,
    at: DateTime<Utc>,
    user_id: Option<Uuid>,
    who: String,
    action: String,
    record: String,
    record_id: Option<Uuid>,
    name: Option<String>,
    worker: bool,
    before: Option<Value>,
    after: Option<Value>,
    subnet: Option<String>,
    request_id: Option<String>,
}

impl Row {
    /// What of it a reader of this role is shown.
    fn line(self, role: Role) -> Line {
        let named = shows_record(role, &self.action, &self.record);
        Line {
            id: self.id,
            at: self.at,
            who: self.user_id.map(|id| (UserId(id), self.who)),
            name: self.name.filter(|_| named || !self.worker),
            changes: named.then(|| changes(self.before.as_ref(), self.after.as_ref())),
            action: self.action,
            record: self.record,
            record_id: self.record_id.filter(|_| named),
            subnet: self.subnet,
            request: self.request_id,
        }
    }
}

fn plain(text: &str) -> String {
    text.trim().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// The fields of a record before and after, those that differ; where it had no before, all that it has now.
#[must_use]
pub fn changes(before: Option<&Value>, after: Option<&Value>) -> Vec<(String, String, String)> {
    let field = |of: Option<&Value>, name: &str| of.and_then(|it| it.get(name)).map(words).unwrap_or_default();
    let mut names: Vec<&String> = Vec::new();
    for fields in [before, after].into_iter().flatten().filter_map(Value::as_object) {
        names.extend(fields.keys());
    }
    names.sort_unstable();
    names.dedup();
    let fields = names.into_iter().map(|name| (name.replace('_', " "), field(before, name), field(after, name)));
    fields.filter(|(_, before, after)| before != after).collect()
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::Array(values) => values.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(name, value)| format!("{} {}", name.replace('_', " "), words(value))).collect();
            fields.join(", ")
        }
        Value::Number(number) if number.is_f64() => number.as_f64().unwrap_or_default().to_string(),
        Value::Number(number) => number.to_string(),
    }
}

/// The whole log as the filter says, as a table to be written row by row; newest first. What is added while it is written is not in it.
#[must_use]
pub fn table(db: Database, user: User, filter: Filter, now: DateTime<Utc>) -> Table {
    let columns = vec![
        Column::moment("at", user.org.zone),
        Column::text("who"),
        Column::text("action"),
        Column::text("record"),
        Column::text("record id"),
        Column::text("name"),
        Column::text("changes"),
        Column::text("network"),
        Column::text("request"),
    ];
    Table::written(Sheet::new("Audit log", "", columns), move |mut sink| async move {
        let mut after = Some(Place { at: now + TimeDelta::seconds(1), id: Uuid::max() });
        loop {
            let mut tx = db.org(user.org.id).await?;
            let batch = lines(&mut tx, (user.role, user.org.zone), &filter, after, BATCH).await?;
            tx.commit().await?;
            let Some(last) = batch.last() else { return Ok(()) };
            after = Some(last.place());
            let is_over = (batch.len() as i64) < BATCH;
            for line in batch {
                sink.row(row(line)).await?;
            }
            if is_over {
                return Ok(());
            }
        }
    })
}

fn row(line: Line) -> Vec<Cell> {
    let changes = line.changes.map(|changes| {
        let fields = changes.into_iter().map(|(name, before, after)| match before.as_str() {
            "" => format!("{name}: {after}"),
            _ => format!("{name}: {before} → {after}"),
        });
        fields.collect::<Vec<_>>().join("; ")
    });
    vec![
        Cell::Moment(line.at),
        Cell::text(line.who.map_or_else(|| "Muster".to_owned(), |(_, name)| name)),
        Cell::text(line.action),
        Cell::text(line.record),
        Cell::or_empty(line.record_id.map(|id| Cell::text(id.to_string()))),
        Cell::or_empty(line.name.map(Cell::text)),
        Cell::text(changes.unwrap_or_else(|| "not shown to your role".into())),
        Cell::or_empty(line.subnet.map(Cell::text)),
        Cell::or_empty(line.request.map(Cell::text)),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_names_the_fields_that_differ() {
        let before = json!({ "role": "hr", "sites": [], "active": true });
        let after = json!({ "role": "supervisor", "sites": ["N1", "N2"], "active": true });
        let text = |name: &str, before: &str, after: &str| (name.to_owned(), before.to_owned(), after.to_owned());
        assert_eq!(
            changes(Some(&before), Some(&after)),
            [text("role", "hr", "supervisor"), text("sites", "", "N1, N2")]
        );
        assert_eq!(changes(None, Some(&json!({ "in_days": 3 }))), [text("in days", "", "3")]);
        assert_eq!(changes(None, Some(&json!({ "weight": 30.0 }))), [text("weight", "", "30")]);
        assert!(changes(Some(&before), Some(&before)).is_empty() && changes(None, None).is_empty());
    }

    #[test]
    fn whose_names_a_role_may_not_see_in_a_view_it_may_not_see_in_the_log() {
        let shown = |action, record| shows_record(Role::Admin, action, record);
        for (action, record) in [
            (LOOKED_AT_SCORE, "worker"),
            (LOOKED_AT_CHURN, "worker"),
            (LOOKED_AT_PAY, "worker"),
            ("coaching done", "coaching item"),
        ] {
            assert!(!shown(action, record), "{action}");
        }
        assert!(shown("changed user", "user"));
        assert!(
            shows_record(Role::Hr, LOOKED_AT_CHURN, "worker") && shows_record(Role::Finance, LOOKED_AT_PAY, "worker")
        );
        assert!(!shows_record(Role::Scheduler, LOOKED_AT_SCORE, "worker"), "whose team view is closed to the role");
    }

    #[test]
    fn who_may_leave_and_who_is_paid_what_is_left_out_for_whom_it_is_not_shown_by_name() {
        for role in [Role::Supervisor, Role::Scheduler, Role::Executive] {
            assert_eq!(kept_from(role), [LOOKED_AT_CHURN, LOOKED_AT_PAY], "{role}");
        }
        assert_eq!(kept_from(Role::Hr), [LOOKED_AT_PAY]);
        assert!(kept_from(Role::Admin).is_empty(), "an admin sees that somebody looked, and not at whom");
    }
}
