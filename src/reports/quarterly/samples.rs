//! A quarter made by hand: three sites, of which one stands out, and no client.

use super::{Number, Quarterly, Saved, Span};
use crate::executive::{
    Amount, BigNumber, Comparison, Facts, Kind, Light, Line, Metric, Place, SiteFacts, TRENDS, Trend,
};
use crate::metrics::Period;
use crate::operations::running::Sums;
use crate::operations::savings::Baselines;
use crate::units::{Rate, SiteId};

pub(in crate::reports) fn rate(hit: i64, of: i64) -> Rate {
    Rate { hit, of }
}

fn site(nth: u128, name: &str, fill: (Rate, Rate), attendance: (Rate, Rate)) -> SiteFacts {
    let facts = |fill, attendance| Facts { fill, attendance, ..Facts::default() };
    SiteFacts {
        id: SiteId(uuid::Uuid::from_u128(nth)),
        name: name.into(),
        client: None,
        people: 12,
        now: facts(fill.0, attendance.0),
        before: facts(fill.1, attendance.1),
        earlier: Facts::default(),
        sums: Sums::default(),
    }
}

/// Small lodge has the lowest rate and too few shifts to say so; Harbour is truly worse; attendance has risen.
fn sites() -> Vec<SiteFacts> {
    vec![
        site(1, "Small lodge", (rate(4, 5), rate(0, 0)), (rate(0, 0), rate(0, 0))),
        site(2, "Harbour", (rate(440, 500), rate(470, 500)), (rate(460, 500), rate(450, 500))),
        site(3, "Mill", (rate(9_056, 9_495), rate(8_930, 9_500)), (rate(8_740, 9_500), rate(8_550, 9_500))),
    ]
}

fn number(kind: Kind, now: Amount, before: Amount, target: Option<f64>, light: Option<Light>) -> BigNumber {
    let span = span("2026-10-04");
    BigNumber { kind, period: span.period, previous_period: previous(), lines: Vec::new(), now, before, target, light }
}

fn previous() -> Period {
    Period { first: "2026-04-01".parse().unwrap(), last: "2026-06-30".parse().unwrap() }
}

/// The third quarter as it stands when a day is over.
pub(in crate::reports) fn span(last_complete: &str) -> Span {
    Span::of("2026-Q3".parse().unwrap(), last_complete.parse().unwrap()).unwrap()
}

fn saved_at(nth: u128, name: &str, now: Amount, before: Amount) -> Line {
    Line { place: Some(Place::Site(SiteId(uuid::Uuid::from_u128(nth)))), name: name.into(), now, before }
}

fn numbers() -> Vec<Number> {
    let hours = |hours| Amount::Hours(Some(hours));
    let cents = |cents| Amount::Cents(Some(cents));
    let mut cost = number(Kind::CostSaved, cents(4_926_900), cents(738_500), Some(1_227_600.0), Some(Light::OnTarget));
    cost.lines = vec![
        saved_at(2, "Harbour", cents(5_000_000), Amount::Cents(None)),
        saved_at(3, "Mill", cents(-73_100), cents(738_500)),
    ];
    let mut saved = number(Kind::HoursSaved, hours(291.2), Amount::Hours(None), Some(291.7), Some(Light::Watch));
    saved.lines = vec![
        saved_at(2, "Harbour", hours(200.0), Amount::Hours(None)),
        saved_at(3, "Mill", hours(91.2), Amount::Hours(None)),
    ];
    let share = Amount::Share;
    let nothing = Amount::Health(Box::default());
    let six = [
        (cost, Amount::Cents(None)),
        (saved, Amount::Hours(None)),
        (
            number(Kind::Compliance, share(rate(59, 78)), share(rate(66, 72)), Some(0.95), Some(Light::OffTarget)),
            share(Rate::default()),
        ),
        (
            number(
                Kind::FillRate,
                share(rate(9_500, 10_000)),
                share(rate(9_400, 10_000)),
                Some(0.95),
                Some(Light::OnTarget),
            ),
            share(rate(9_500, 10_000)),
        ),
        (
            number(Kind::ActiveWorkers, Amount::People(rate(132, 133)), Amount::People(rate(120, 130)), None, None),
            Amount::People(Rate::default()),
        ),
        (number(Kind::CustomerHealth, nothing.clone(), nothing.clone(), Some(70.0), Some(Light::NoData)), nothing),
    ];
    six.into_iter().map(|(it, last_year)| Number { it, last_year }).collect()
}

/// The quarter as it stands when a day is over.
pub(in crate::reports) fn quarterly(last_complete: &str) -> Quarterly {
    let sites = sites();
    let mut weeks = [rate(95, 100); TRENDS];
    weeks[TRENDS - 1] = rate(90, 100);
    Quarterly {
        span: span(last_complete),
        previous: previous(),
        last_year: Period { first: "2025-07-01".parse().unwrap(), last: "2025-09-30".parse().unwrap() },
        organization: "Acme Guarding".into(),
        currency: "ZAR".into(),
        site: None,
        numbers: numbers(),
        baselines: Baselines {
            manual_hours: 6.0,
            target_minutes: 10,
            planner_rate_cents: Some(4_209),
            planner_rate_is_set: false,
            manual_extra_percent: None,
        },
        saved: Saved { rosters: 50, timed: 48, time_cents: Some(1_225_700), roster_cents: Some(3_701_200) },
        comparisons: Metric::RATES.map(|metric| Comparison::of(metric, &sites, false)).into(),
        trends: sites.iter().map(|site| Trend { site: site.id, name: site.name.clone(), weeks }).collect(),
    }
}
