//! The rows: what an organization asks of a KPI, and what each KPI was on each day.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

use super::kpi::{Kpi, Set};
use super::score::Standing;
use super::target::Target;
use super::trend::{Course, Fraction};
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::people::{User, audit};
use crate::{Error, Result};

/// What an organization has set for itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Targets(HashMap<Kpi, Target>);

impl Targets {
    /// What is asked of a KPI: what the organization has set, else the default.
    #[must_use]
    pub fn of(&self, kpi: Kpi) -> Target {
        self.0.get(&kpi).copied().unwrap_or_else(|| kpi.default_target())
    }

    /// Whether the organization has set it.
    #[must_use]
    pub fn is_own(&self, kpi: Kpi) -> bool {
        self.0.contains_key(&kpi)
    }

    /// A KPI with a value, or with why it has none.
    #[must_use]
    pub fn standing(&self, kpi: Kpi, value: Option<&Value>) -> Standing {
        Standing {
            kpi,
            target: self.of(kpi),
            is_own_target: self.is_own(kpi),
            fraction: value.and_then(|value| value.made_of.as_ref().ok().copied()),
            missing: match value {
                None => Some("Not computed for this day.".into()),
                Some(value) => value.made_of.as_ref().err().cloned(),
            },
        }
    }
}

/// What the organization asks of its KPIs.
///
/// # Errors
/// [`Error::Database`].
pub async fn targets(tx: &mut OrgTx) -> Result<Targets> {
    let org = tx.org().0;
    let rows = sqlx::query!("select kpi, target, weight, warning, critical from kpi_targets where org_id = $1", org)
        .fetch_all(&mut **tx)
        .await?;
    let own = rows.into_iter().filter_map(|row| {
        Some((Kpi::of_code(&row.kpi)?, Target::new(row.target, row.weight, row.warning, row.critical)))
    });
    Ok(Targets(own.collect()))
}

/// Sets what the organization asks of a KPI, and notes who did in the audit log. It holds for every day that is judged from now
/// on, past ones too: values are kept, judgements are not.
///
/// # Errors
/// [`Error::Invalid`] for what makes no sense, [`Error::Forbidden`] for a KPI of the other set, [`Error::Database`].
pub async fn set_target(tx: &mut OrgTx, user: &User, kpi: Kpi, target: Target, now: DateTime<Utc>) -> Result<()> {
    let target = target.checked(kpi.better())?;
    let before = own_before(tx, user, kpi).await?;
    let org = tx.org().0;
    sqlx::query!(
        "insert into kpi_targets (org_id, kpi, target, weight, warning, critical, changed_by, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (org_id, kpi) do update set target = excluded.target, weight = excluded.weight, warning = excluded.warning,
             critical = excluded.critical, changed_by = excluded.changed_by, changed_at = excluded.changed_at",
        org,
        kpi.code(),
        target.target,
        target.weight,
        target.warning,
        target.critical,
        user.id.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    note(tx, user, "set target", kpi, (before, target), now).await
}

/// Goes back to the default of the catalogue.
///
/// # Errors
/// [`Error::Forbidden`] for a KPI of the other set, [`Error::Database`].
pub async fn reset_target(tx: &mut OrgTx, user: &User, kpi: Kpi, now: DateTime<Utc>) -> Result<()> {
    let before = own_before(tx, user, kpi).await?;
    let org = tx.org().0;
    let gone = sqlx::query!("delete from kpi_targets where org_id = $1 and kpi = $2", org, kpi.code())
        .execute(&mut **tx)
        .await?;
    if gone.rows_affected() == 0 {
        return Ok(());
    }
    note(tx, user, "reset target", kpi, (before, kpi.default_target()), now).await
}

async fn note(
    tx: &mut OrgTx,
    user: &User,
    action: &str,
    kpi: Kpi,
    (before, after): (Target, Target),
    now: DateTime<Utc>,
) -> Result<()> {
    let mut after = serde_json::to_value(after)?;
    after["kpi"] = kpi.code().into();
    let before = Some(serde_json::to_value(before)?);
    let change = audit::Change { action, record: "kpi", id: None, before, after: Some(after) };
    audit::changed(tx, user.id, change, now).await
}

/// What held before, if it is the user's to change.
async fn own_before(tx: &mut OrgTx, user: &User, kpi: Kpi) -> Result<Target> {
    if kpi.set() != Set::of(user.role) {
        return Err(Error::Forbidden("kpi"));
    }
    Ok(targets(tx).await?.of(kpi))
}

/// What a KPI was on a day: what it is made of, or why there is nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// Which.
    pub kpi: Kpi,
    /// The last day of its time.
    pub day: NaiveDate,
    /// What it is made of, or in words why there is nothing to judge.
    pub made_of: std::result::Result<Fraction, String>,
}

impl Value {
    /// A value of a numerator and a denominator; without a denominator above nought it is missing for the reason given.
    #[must_use]
    pub fn of(kpi: Kpi, day: NaiveDate, (numerator, denominator): (f64, f64), missing: &str) -> Self {
        let is_one = denominator > 0.0 && denominator.is_finite() && numerator.is_finite();
        let made_of = if is_one { Ok(Fraction { numerator, denominator }) } else { Err(missing.to_owned()) };
        Self { kpi, day, made_of }
    }
}

/// Stores values, each in the place of what was said for its day; what says the same already is left alone. Returns how many
/// changed.
///
/// # Errors
/// [`Error::Database`].
pub async fn write(tx: &mut OrgTx, values: &[Value]) -> Result<u64> {
    let org = tx.org().0;
    let codes: Vec<String> = values.iter().map(|it| it.kpi.code().to_owned()).collect();
    let days: Vec<NaiveDate> = values.iter().map(|it| it.day).collect();
    let part = |pick: fn(&Fraction) -> f64| -> Vec<Option<f64>> {
        values.iter().map(|it| it.made_of.as_ref().ok().map(pick)).collect()
    };
    let missing: Vec<Option<String>> = values.iter().map(|it| it.made_of.as_ref().err().cloned()).collect();
    let written = sqlx::query!(
        "insert into kpi_values as k (org_id, kpi, day, numerator, denominator, missing)
         select $1, v.* from unnest($2::text[], $3::date[], $4::float8[], $5::float8[], $6::text[]) v
         on conflict (org_id, kpi, day) do update
         set numerator = excluded.numerator, denominator = excluded.denominator, missing = excluded.missing
         where (k.numerator, k.denominator, k.missing) is distinct from (excluded.numerator, excluded.denominator, excluded.missing)",
        org,
        &codes,
        &days,
        &part(|it| it.numerator) as &[Option<f64>],
        &part(|it| it.denominator) as &[Option<f64>],
        &missing as &[Option<String>]
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected())
}

/// The newest day up to one for which any KPI of a set was computed.
pub(super) async fn newest(tx: &mut OrgTx, set: Set, last: NaiveDate) -> Result<Option<NaiveDate>> {
    let (org, codes) = (tx.org().0, codes(set));
    let newest = sqlx::query_scalar!(
        "select max(day) from unnest($2::text[]) c (kpi), lateral (
             select day from kpi_values v where v.org_id = $1 and v.kpi = c.kpi and v.day <= $3 order by day desc limit 1
         ) v",
        org,
        &codes,
        last
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(newest)
}

/// What the KPIs of a set were on some days.
pub(super) async fn values(tx: &mut OrgTx, kpis: &[Kpi], days: Period) -> Result<Vec<Value>> {
    let org = tx.org().0;
    let codes: Vec<String> = kpis.iter().map(|kpi| kpi.code().to_owned()).collect();
    let rows = sqlx::query!(
        "select kpi, day, numerator, denominator, missing from kpi_values
         where org_id = $1 and kpi = any ($2) and day between $3 and $4 order by kpi, day",
        org,
        &codes,
        days.first,
        days.last
    )
    .fetch_all(&mut **tx)
    .await?;
    let value = rows.into_iter().filter_map(|row| {
        let fraction = row.numerator.zip(row.denominator);
        let fraction = fraction.map(|(numerator, denominator)| Fraction { numerator, denominator });
        let made_of = fraction.ok_or_else(|| row.missing.unwrap_or_default());
        Some(Value { kpi: Kpi::of_code(&row.kpi)?, day: row.day, made_of })
    });
    Ok(value.collect())
}

/// The values by KPI and day.
pub(super) fn courses(values: &[Value]) -> HashMap<Kpi, Course> {
    let mut courses: HashMap<Kpi, BTreeMap<NaiveDate, Fraction>> = HashMap::new();
    for value in values {
        if let Ok(fraction) = &value.made_of {
            courses.entry(value.kpi).or_default().insert(value.day, *fraction);
        }
    }
    courses.into_iter().map(|(kpi, days)| (kpi, Course(days))).collect()
}

fn codes(set: Set) -> Vec<String> {
    set.kpis().map(|kpi| kpi.code().to_owned()).collect()
}
