//! What Muster was as a business on each day, kept in the platform's own organization.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::kpi::{Kpi, Set};
use super::store::{Value, values, write};
use super::trend::BACK;
use crate::Result;
use crate::database::{Database, OrgTx};
use crate::metrics::Period;
use crate::people::{Organization, platform_organization};
use crate::product::{ProductKpi, measure, sums};
use crate::units::OrgId;

/// The newest days are measured anew each night: what is told of them late is right the next morning.
const RESTATED: u64 = 14;

/// Whose rows hold a set's values and targets: of the workforce each organization's own, of the product the platform's.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn keeper(db: &Database, set: Set, own: OrgId) -> Result<OrgId> {
    if set == Set::Workforce {
        return Ok(own);
    }
    Ok(platform(db).await?.map_or(own, |platform| platform.id))
}

async fn platform(db: &Database) -> Result<Option<Organization>> {
    let mut tx = db.global().await?;
    let platform = platform_organization(&mut tx).await?;
    tx.commit().await?;
    Ok(platform)
}

/// Replaces the values of the product KPIs of the newest days, and adds the missing ones of the days a trend looks back, where the
/// organization is the platform's; elsewhere there is nothing to do. Returns how many changed.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn rebuild_product(db: &Database, org: &Organization, last: NaiveDate) -> Result<u64> {
    if platform(db).await?.is_none_or(|platform| platform.id != org.id) {
        return Ok(0);
    }
    let mut tx = db.org(org.id).await?;
    let mut measured = Vec::new();
    for day in due(&mut tx, last).await? {
        let kpis = measure(&sums(&mut tx, org.zone.name(), day).await?);
        measured.extend(kpis.into_iter().filter_map(|kpi| value(kpi, day)));
    }
    let changed = write(&mut tx, &measured).await?;
    tx.commit().await?;
    Ok(changed)
}

/// The days to measure: the newest, and those before them of which nothing is kept.
async fn due(tx: &mut OrgTx, last: NaiveDate) -> Result<Vec<NaiveDate>> {
    let days = Period::ending(last, BACK[BACK.len() - 1] + 1);
    let kpis: Vec<Kpi> = Set::Product.kpis().collect();
    let kept: HashSet<NaiveDate> = values(tx, &kpis, days).await?.into_iter().map(|value| value.day).collect();
    let restated = last - Days::new(RESTATED - 1);
    Ok(days.iter().filter(|day| *day >= restated || !kept.contains(day)).collect())
}

fn value(it: ProductKpi, day: NaiveDate) -> Option<Value> {
    let kpi = Kpi::of_code(it.code)?;
    let unit = if kpi.is_money() { Decimal::ONE_HUNDRED } else { Decimal::ONE };
    let part = |part: Decimal| (part * unit).to_f64().unwrap_or(f64::NAN);
    Some(match it.parts {
        Ok(parts) => {
            let parts = (part(parts.numerator), part(parts.denominator));
            Value::of(kpi, day, parts, "What it is made of cannot be divided.")
        }
        Err(why) => Value { kpi, day, made_of: Err(why.0.to_owned()) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::CODES;

    #[test]
    fn every_product_kpi_has_its_place_in_the_catalogue() {
        let found: Vec<Option<Kpi>> = CODES.into_iter().map(Kpi::of_code).collect();
        let expected: Vec<Option<Kpi>> = Set::Product.kpis().map(Some).collect();
        assert_eq!(found, expected);
    }
}
