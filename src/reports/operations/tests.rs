//! A day and a week made by hand, and what they say.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Africa::Johannesburg;

use super::daily::{self, Ahead, Daily, Money, OpenShift, Taken};
use super::weekly::{self, Day, Weekly};
use super::{Action, Alarm, Course, Kpi, Quality, SiteWork, Week, Work};
use crate::metrics::Period;
use crate::operations::board::Urgency;
use crate::reports::typeset;
use crate::units::Rate;

fn now() -> DateTime<Utc> {
    "2026-11-20T07:00:00Z".parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rate(hit: i64, of: i64) -> Rate {
    Rate { hit, of }
}

fn work(fill: Rate, no_shows: i64, sla: Rate) -> Work {
    Work {
        fill,
        attendance: rate(fill.hit - no_shows, fill.hit),
        on_time: rate(fill.hit - no_shows - 5, fill.hit - no_shows),
        no_shows: rate(no_shows, fill.hit),
        sla,
        coverage: rate(0, 0),
        incidents: no_shows / 2,
    }
}

fn site(name: &str, work: Work) -> SiteWork {
    SiteWork { name: name.into(), work: vec![work, Work::default(), Work::default()] }
}

fn sites() -> Vec<SiteWork> {
    vec![
        site("Harbour", work(rate(30, 41), 2, rate(80, 100))),
        site("Mill", work(rate(199, 200), 0, rate(210, 210))),
        site("North #gate()", work(rate(1, 1), 1, rate(0, 0))),
        site("Quiet lodge", work(rate(10, 10), 0, rate(0, 0))),
    ]
}

fn day() -> Daily {
    let days = Period::ending(date("2026-11-19"), 28);
    Daily {
        day: date("2026-11-19"),
        organization: "Acme Guarding".into(),
        currency: "ZAR".into(),
        through: Some(date("2026-11-19")),
        work: [
            work(rate(240, 252), 3, rate(290, 310)),
            work(rate(245, 250), 1, rate(300, 310)),
            work(rate(6_900, 7_000), 60, rate(8_500, 8_700)),
        ],
        sites: sites(),
        active: [rate(231, 260), rate(240, 259)],
        money: Money { day: 12_030_050, before: 11_800_000, month: 240_000_000, beside_budget: Some(-1_500_000) },
        taken: Some(Taken {
            day: "18250.50".parse().unwrap(),
            before: "16000".parse().unwrap(),
            month: "310000".parse().unwrap(),
        }),
        fill_days: days.iter().map(|day| (day, rate(245, 250))).collect(),
        ahead: Some(Ahead {
            shifts: 500,
            open: 3,
            urgent: 1,
            at_risk: Some(1),
            soonest: vec![
                OpenShift {
                    site: "Harbour".into(),
                    starts: ("2026-11-20T10:00:00Z".parse().unwrap(), Johannesburg),
                    skill: Some("armed".into()),
                    urgency: Urgency::Now,
                    offered: 2,
                },
                OpenShift {
                    site: "Mill".into(),
                    starts: ("2026-11-21T04:00:00Z".parse().unwrap(), Johannesburg),
                    skill: None,
                    urgency: Urgency::Today,
                    offered: 0,
                },
            ],
            expiring: 14,
        }),
        course: Some(course()),
        is_platform: false,
    }
}

fn course() -> Course {
    let kpi = |title: &str, value: &str, state, on_target| Kpi {
        title: title.into(),
        value: value.into(),
        target: "95.0 %".into(),
        change: "−1.2 points".into(),
        state,
        on_target,
    };
    Course {
        day: Some(date("2026-11-19")),
        score: Some((78.25, "at risk")),
        week_ago: Some(81.0),
        kpis: vec![
            kpi("Fill rate", "93.1 %", "warning", Some(false)),
            kpi("Attendance", "97.0 %", "fine", Some(true)),
            kpi("Patrol coverage", "n/a", "no data", None),
        ],
        actions: vec![Action {
            title: "Fill rate".into(),
            state: "warning",
            advice: "Offer open shifts two days ahead.".into(),
        }],
        alarms: Some(vec![Alarm {
            title: "Fill rate #1".into(),
            detail: "93.1 % is under 94.0 %.".into(),
            severity: "warning".into(),
            since: "2026-11-18T22:00:00Z".parse().unwrap(),
            is_known: true,
        }]),
        quality: Some(Quality::Known { score: Some(92.0), word: "minor issues at most" }),
    }
}

fn week() -> Weekly {
    let week: Week = "2026-W46".parse().unwrap();
    let of = |day: NaiveDate| Day {
        day,
        work: work(rate(240, 250), 2, rate(290, 300)),
        cost: 12_000_000,
        revenue: Some("15000".parse().unwrap()),
    };
    Weekly {
        week,
        period: week.period(),
        before: week.previous().period(),
        organization: "Acme Guarding".into(),
        currency: "ZAR".into(),
        through: Some(date("2026-11-19")),
        work: [work(rate(1_680, 1_750), 14, rate(2_030, 2_100)), work(rate(1_715, 1_750), 7, rate(2_037, 2_100))],
        sites: sites(),
        days: week.period().iter().map(of).collect(),
        active: [rate(255, 262), rate(256, 262)],
        cost_before: 80_000_000,
        revenue_before: Some("100000".parse().unwrap()),
        course: Some(course()),
        is_platform: false,
        comparisons: Vec::new(),
    }
}

#[test]
fn the_day_says_this() {
    let it = daily::document(&day(), now(), Johannesburg);
    let said = it.text();
    assert_eq!(said.trim_end(), include_str!("daily/golden.txt").trim_end(), "it says now:\n{said}");
    let made = typeset(&it).unwrap();
    assert!(made.accessible && (2..=3).contains(&made.pages), "{} pages", made.pages);
}

#[test]
fn the_week_says_this() {
    let it = weekly::document(&week(), now(), Johannesburg);
    let said = it.text();
    assert_eq!(said.trim_end(), include_str!("weekly/golden.txt").trim_end(), "it says now:\n{said}");
    let made = typeset(&it).unwrap();
    assert!(made.accessible && (2..=3).contains(&made.pages), "{} pages", made.pages);
}

#[test]
fn a_day_without_anything_says_so_and_makes_nothing_up() {
    let nothing = Daily {
        work: [Work::default(); 3],
        sites: Vec::new(),
        active: [Rate::default(); 2],
        money: Money::default(),
        taken: None,
        fill_days: Vec::new(),
        ahead: Some(Ahead::default()),
        course: Some(Course { alarms: Some(Vec::new()), quality: Some(Quality::Unchecked), ..Course::default() }),
        through: None,
        ..day()
    };
    let it = daily::document(&nothing, now(), Johannesburg);
    let said = it.text();
    assert!(said.contains("Nothing is on record for Thursday, 19 Nov 2026."), "{said}");
    assert!(said.contains("Nothing has been summed up yet"), "{said}");
    assert!(said.contains("No KPI was computed yet. No alert is open. Data quality was not checked yet."), "{said}");
    assert!(said.contains("Shifts filled: n/a") && said.contains("No shift is planned."), "{said}");
    assert!(!said.contains("0.0 %") && !said.contains("no-show."), "{said}");
    assert!(typeset(&it).is_ok());
}

#[test]
fn the_platform_reads_of_muster_as_a_business_and_of_no_organization() {
    let it = Daily { is_platform: true, ..day() };
    let said = daily::document(&it, now(), Johannesburg).text();
    assert!(said.contains("Operational alignment is 78.2 of 100, at risk, −2.8 against a week before."), "{said}");
    assert!(!said.contains("Harbour") && !said.contains("ZAR"), "{said}");
}

#[test]
fn a_day_the_night_has_not_come_to_is_said_to_be_one() {
    let it = Daily { through: Some(date("2026-11-17")), ahead: None, ..day() };
    let said = daily::document(&it, now(), Johannesburg).text();
    assert!(said.contains("! The sums reach only to 17 Nov 2026"), "{said}");
    assert!(!said.contains("next 48 hours"), "{said}");
}

#[test]
fn a_week_that_runs_says_how_far_it_is() {
    let mut it = week();
    it.period.last = date("2026-11-12");
    it.before.last = date("2026-11-05");
    it.days.truncate(4);
    let said = weekly::document(&it, now(), Johannesburg).text();
    assert!(said.contains("! Week 46 of 2026 has not ended: this is its first 4 days, up to 12 Nov 2026"), "{said}");
}
