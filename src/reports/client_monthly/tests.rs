use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Monthly, Span, document};
use crate::metrics::Month;
use crate::portal::{Facts, Incident, Incidents, Placed, Portal, SiteLine, WEEKS};
use crate::reports::{Document, typeset};
use crate::units::{Rate, SiteId};

fn now() -> DateTime<Utc> {
    "2026-11-02T06:30:00Z".parse().unwrap()
}

fn rate(hit: i64, of: i64) -> Rate {
    Rate { hit, of }
}

fn line(nth: u128, name: &str, now: Facts, before: Facts) -> SiteLine {
    SiteLine { id: SiteId(Uuid::from_u128(nth)), name: name.into(), now, before, incidents: 1, open: 1 }
}

fn incident(kind: &str, resolved: Option<&str>) -> Incident {
    Incident {
        reference: "I-1".into(),
        site: "North gate".into(),
        zone: "Africa/Johannesburg".into(),
        happened_at: "2026-10-06T22:15:00Z".parse().unwrap(),
        kind: kind.into(),
        severity: 3,
        resolved_at: resolved.map(|at| at.parse().unwrap()),
    }
}

/// Two sites: 190 of 200 shifts, 45 of 50 in time, ten marks of which the mean is 4.2; a month before, less.
fn october(last_complete: &str) -> Monthly {
    let month: Month = "2026-10".parse().unwrap();
    let span = Span::of(month, last_complete.parse().unwrap()).unwrap();
    let facts = |fill, sla, satisfaction| Facts { fill, sla, satisfaction };
    let sites = vec![
        line(
            1,
            "North gate",
            facts(rate(100, 100), rate(45, 50), rate(32, 40)),
            facts(rate(90, 100), rate(0, 0), rate(0, 0)),
        ),
        line(
            2,
            "South gate",
            facts(rate(90, 100), rate(0, 0), rate(0, 0)),
            facts(rate(90, 100), rate(0, 0), rate(0, 0)),
        ),
    ];
    let weeks = (0..WEEKS as u64)
        .map(|nth| (span.period.last - chrono::Days::new(7 * (WEEKS as u64 - nth) - 1), rate(9, 10), rate(8, 10)));
    let choices = sites.iter().map(|site| (site.id, site.name.clone())).collect();
    Monthly {
        span,
        organization: "Acme Guarding".into(),
        site: None,
        portal: Portal {
            client: "Mill & Sons".into(),
            choices,
            site: None,
            period: span.period,
            previous: span.previous,
            weeks: weeks.collect(),
            sites,
            incidents: Incidents {
                happened: 2,
                before: 1,
                open: 1,
                median_hours: Some(5.5),
                listed: vec![incident("intrusion", None), incident("injury", Some("2026-10-07T03:45:00Z"))],
            },
            placed: (
                Placed { posted: 3, filled: rate(2, 2), started: 1, satisfaction: rate(3, 4), ..Placed::default() },
                Placed::default(),
            ),
        },
    }
}

fn laid_out(it: &Monthly) -> Document {
    document(it, now(), chrono_tz::Africa::Johannesburg)
}

#[track_caller]
fn says(text: &str, words: &[&str]) {
    for words in words {
        assert!(text.contains(words), "‘{words}’ is not in: {text}");
    }
}

#[test]
fn a_month_says_how_it_went_and_what_it_is_compared_with() {
    let report = laid_out(&october("2026-11-01"));
    says(
        &report.text(),
        &[
            "Monthly service report, Acme Guarding",
            "October 2026: 1 Oct – 31 Oct 2026; Mill & Sons",
            "190 of 200 shifts were filled: 95.0 %, up 5.0 points from September 2026.",
            "45 of 50 tasks and work orders were finished in time: 90.0 %. You gave 10 work orders 4.2 of 5 on average.",
            "2 incidents were reported; 1 is open. 3 jobs were posted and 1 placement began.",
            // 35 × 95 + 25 × 90 + 20 × 80 + 20 × 75: the fill rose by five points.
            "All in all your service stands at 86.8 of 100: healthy.",
            "Shifts filled: 95.0 %\n  190 of 200 shifts\n  September 2026: 90.0 % (+5.0 points)",
            "North gate | 100.0 % (100 of 100) | +10.0 | 90.0 % (45 of 50) | 4.2 (10) | 1 | 1",
            "All together | 95.0 % (190 of 200) | +5.0",
            "intrusion | North gate | 7 Oct 2026, 00:15 | 3 | open",
            "injury | North gate | 7 Oct 2026, 00:15 | 3 | resolved 7 Oct 2026, 05:45",
            "Your marks for those placed | 4.0 of 5 (1) | n/a",
            "Nothing about pay, and nothing about a person.",
        ],
    );
    assert!(!report.text().contains("has not ended"), "{}", report.text());
    let made = typeset(&report).unwrap();
    assert!(made.accessible && (2..=3).contains(&made.pages), "{} pages", made.pages);
}

#[test]
fn an_open_month_says_so_and_is_compared_with_as_many_days() {
    let it = october("2026-10-12");
    assert_eq!((it.span.period.days(), it.span.previous.days()), (12, 12));
    assert_eq!(it.span.previous.last.to_string(), "2026-09-30");
    says(
        &laid_out(&it).text(),
        &[
            "! October 2026 has not ended: this report covers its first 12 days of 31.",
            "up 5.0 points from the 12 days before",
        ],
    );
    let first = october("2026-10-01");
    says(&laid_out(&first).text(), &["its first day of 31", "from the 1 day before"]);
    let refused = Span::of("2026-11".parse().unwrap(), "2026-10-31".parse().unwrap()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "November 2026 has no complete day yet. The latest month with one is October 2026 (2026-10)."
    );
}

#[test]
fn a_month_without_facts_or_without_sites_is_said_and_never_counted_as_nought() {
    let mut it = october("2026-11-01");
    for site in &mut it.portal.sites {
        (site.now, site.before, site.incidents, site.open) = (Facts::default(), Facts::default(), 0, 0);
    }
    (it.portal.incidents, it.portal.placed) = (Incidents::default(), <(Placed, Placed)>::default());
    for week in &mut it.portal.weeks {
        (week.1, week.2) = (Rate::default(), Rate::default());
    }
    let said = laid_out(&it).text();
    says(
        &said,
        &[
            "No shift, task or work order of these days is on record. No incident was reported; none is open.",
            "Shifts filled: n/a\n  Nothing to judge\n  September 2026: no data",
            "No incident happened in this time, and none is open.",
            "Nobody was asked for in this time.",
        ],
    );
    assert!(!said.contains("0.0 %"), "{said}");
    assert!(typeset(&laid_out(&it)).unwrap().accessible);
    (it.portal.choices, it.portal.sites) = (Vec::new(), Vec::new());
    says(&laid_out(&it).text(), &["No site of yours is on record yet."]);
    assert_eq!(typeset(&laid_out(&it)).unwrap().pages, 1);
}

#[test]
fn a_client_of_many_sites_and_long_names_gets_a_report_too() {
    let mut it = october("2026-11-01");
    let site = it.portal.sites[0].clone();
    it.portal.sites = (0..120)
        .map(|nth| SiteLine { name: format!("#panic() Warehouse of a very long name indeed {nth}"), ..site.clone() })
        .collect();
    it.portal.incidents.listed = (0..50).map(|_| incident("theft_of_company_property", None)).collect();
    let made = typeset(&laid_out(&it)).unwrap();
    assert!(made.accessible && made.pages > 5, "{}", made.pages);
    says(&laid_out(&it).text(), &["The first 50: open ones, then the latest."]);
}
