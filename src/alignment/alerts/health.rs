//! Whose health falls? A client's, on the scale of customer health: over 28 days, against the limits of its bands and against
//! the 28 days before.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::reading::{Kind, Reading};
use super::state::{Level, Limits};
use crate::Result;
use crate::database::OrgTx;
use crate::executive::{self, Facts, Health, HealthBand};
use crate::people::Scope;
use crate::units::ClientId;

/// Below 70 a client is at risk, below 40 it is as good as gone: the bands of [`HealthBand`].
const LIMITS: Limits = Limits { warning: 70.0, critical: 40.0, higher_is_better: true };
/// A fall of so many points against the period before is news in any band.
const FALL: f64 = 10.0;

/// Every client's health in the 28 days that end there; of a client of whom nothing is known, nothing.
pub(super) async fn readings(tx: &mut OrgTx, scope: &Scope, last_complete: NaiveDate) -> Result<Vec<Reading>> {
    let asked = executive::Filter::default().resolve(last_complete)?;
    let mut clients: BTreeMap<ClientId, (String, [Facts; 3])> = BTreeMap::new();
    for site in executive::sums(tx, scope, &asked).await?.sites {
        let Some(client) = site.client else { continue };
        let (_, sums) = clients.entry(client.id).or_insert_with(|| (client.name, Default::default()));
        for (sum, facts) in sums.iter_mut().zip([site.now, site.before, site.earlier]) {
            *sum = *sum + facts;
        }
    }
    let readings = clients.into_iter().filter_map(|(id, (name, [now, before, earlier]))| {
        reading(&id.to_string(), &name, &Health::of(&now, &before), &Health::of(&before, &earlier))
    });
    Ok(readings.collect())
}

/// How a client stands: below a band's limit, or fallen by ten points and more. `None` where nothing was ever known.
fn reading(key: &str, client: &str, now: &Health, before: &Health) -> Option<Reading> {
    let (score, was) = (now.score(), before.score());
    if score.is_none() && was.is_none() {
        return None;
    }
    let mut reading = Reading::measured(Kind::CustomerHealth, key, &format!("Health of {client}"), score, LIMITS);
    let Some(score) = score else { return Some(reading) };
    let fall = fall(now, before).filter(|fall| *fall >= FALL);
    if fall.is_some() && reading.level == Level::Fine {
        reading.level = Level::Warning;
    }
    let fallen =
        fall.map_or_else(String::new, |fall| format!(" It fell by {fall:.0} points against the 28 days before."));
    let lowest = lowest(now).map_or_else(String::new, |(part, score)| format!(" Lowest: {part}, {score:.0}."));
    let word = HealthBand::of(score).word();
    Some(reading.saying(format!("{score:.0} of 100 in 28 days: {word}.{fallen}{lowest}")))
}

/// How many points less than before, by the parts that are known of both: a part that is new is no fall.
fn fall(now: &Health, before: &Health) -> Option<f64> {
    let known = |of: &Health, other: &Health| Health {
        fill: of.fill.filter(|_| other.fill.is_some()),
        sla: of.sla.filter(|_| other.sla.is_some()),
        satisfaction: of.satisfaction.filter(|_| other.satisfaction.is_some()),
        trend: of.trend.filter(|_| other.trend.is_some()),
    };
    Some(known(before, now).score()? - known(now, before).score()?)
}

/// The part that pulls it down most.
fn lowest(it: &Health) -> Option<(&'static str, f64)> {
    let parts = [
        ("shifts filled", it.fill),
        ("work in time", it.sla),
        ("satisfaction", it.satisfaction),
        ("the trend of these", it.trend),
    ];
    let known = parts.into_iter().filter_map(|(part, score)| Some((part, score?)));
    known.min_by(|a, b| a.1.total_cmp(&b.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn health(fill: f64, trend: impl Into<Option<f64>>) -> Health {
        Health { fill: Some(fill), trend: trend.into(), ..Health::default() }
    }

    #[track_caller]
    fn check(now: Health, before: Health, expected: Level) {
        assert_eq!(reading("1", "Mill", &now, &before).unwrap().level, expected, "{now:?} after {before:?}");
    }

    #[test]
    fn the_limits_are_those_of_the_bands() {
        for (score, band) in [(70.0, HealthBand::Healthy), (69.9, HealthBand::AtRisk), (39.9, HealthBand::Churning)] {
            assert_eq!(HealthBand::of(score), band);
        }
        check(health(70.0, None), health(70.0, None), Level::Fine);
        check(health(69.9, None), health(69.9, None), Level::Warning);
        check(health(39.9, None), health(39.9, None), Level::Critical);
    }

    #[test]
    fn a_fall_of_ten_points_is_a_warning_in_the_best_of_bands_too() {
        check(health(88.0, None), health(98.0, None), Level::Warning);
        check(health(88.1, None), health(98.0, None), Level::Fine);
        check(health(98.0, None), health(88.0, None), Level::Fine);
    }

    #[test]
    fn a_part_that_is_new_is_no_fall() {
        check(health(100.0, 50.0), health(100.0, None), Level::Fine);
    }

    #[test]
    fn of_whom_nothing_is_known_nothing_is_said_and_of_whom_nothing_is_known_any_more_that() {
        assert_eq!(reading("1", "Mill", &Health::default(), &Health::default()), None);
        check(Health::default(), health(90.0, None), Level::NoData);
    }

    #[test]
    fn it_says_how_much_and_what_pulls_it_down() {
        let said = reading("1", "Mill", &health(96.0, 30.0), &health(100.0, 70.0)).unwrap();
        assert_eq!(said.title, "Health of Mill");
        assert_eq!(
            said.detail,
            "72 of 100 in 28 days: healthy. It fell by 17 points against the 28 days before. Lowest: the trend of these, 30."
        );
    }
}
