use super::*;
use crate::executive::{Amount, Compared, Comparison, Facts, Line, Metric, Place};
use crate::reports::quarterly::samples::{quarterly, rate};
use crate::units::{Rate, SiteId};

fn plain(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

#[track_caller]
fn says(lines: &[String], expected: &[&str]) {
    let said: Vec<String> = lines.iter().map(|line| plain(line)).collect();
    assert_eq!(said, expected);
}

#[test]
fn a_quarter_that_has_ended_is_told_in_four_sentences() {
    let said = summary(&quarterly("2026-10-04"));
    assert_eq!(said.open, None);
    says(
        &said.lead,
        &[
            "Of 4 numbers with a target: 2 on target, 1 to watch and 1 off target.",
            "9,500 of 10,000 shifts filled: 95.0 %, up 1.0 points from Q2 2026 and the same as in Q3 2025.",
            "Making 50 rosters with Muster saved 291.2 hours and 49,269 ZAR against planning by hand.",
            "No data for customer health (no client’s site has anything to judge).",
        ],
    );
}

#[test]
fn what_went_well_and_what_needs_somebody() {
    let said = summary(&quarterly("2026-10-04"));
    says(
        &said.well,
        &[
            "Cost saved: 49,269 ZAR, on target (target 12,276); up 41,884 ZAR from Q2 2026.",
            "Fill rate: 95.0 %, on target (target 95.0 %); up 1.0 points from Q2 2026 and the same as in Q3 2025.",
            "Attendance rose from 90.0 % to 92.0 % since Q2 2026.",
        ],
    );
    // The small lodge has the lowest rate of all, of five shifts.
    says(
        &said.needs,
        &[
            "Compliance rate: 75.6 %, off target (target 95.0 %); down 16.0 points from Q2 2026.",
            "Hours saved: 291.2 hours, just short of target (target 291.7).",
            "Fill rate, worse than chance explains (all sites 95.0 %): Harbour 88.0 %.",
        ],
    );
}

#[test]
fn a_quarter_that_has_not_ended_is_said_to_be_open() {
    let it = quarterly("2026-08-20");
    let said = summary(&it);
    assert_eq!(
        plain(&said.open.unwrap()),
        "Q3 2026 has not ended: this report covers its first 51 of 92 days, up to 20 Aug 2026, and compares them with as many days."
    );
    assert!(
        plain(&said.lead[1])
            .contains("up 1.0 points from the 91 days before and the same as in the same days of Q3 2025")
    );
}

#[test]
fn nothing_on_record_is_no_data_and_neither_good_nor_bad() {
    let mut it = quarterly("2026-10-04");
    for number in &mut it.numbers {
        number.it.light = number.it.light.map(|_| Light::NoData);
        for amount in [&mut number.it.now, &mut number.it.before, &mut number.last_year] {
            *amount = match amount {
                Amount::Cents(_) => Amount::Cents(None),
                Amount::Hours(_) => Amount::Hours(None),
                Amount::Share(_) => Amount::Share(Rate::default()),
                Amount::People(_) => Amount::People(Rate::default()),
                Amount::Health(_) => Amount::Health(Box::default()),
            };
        }
    }
    it.comparisons = Metric::ALL.map(|metric| Comparison::among(metric, Vec::new(), 3)).into();
    let said = summary(&it);
    assert!(said.well.is_empty() && said.needs.is_empty(), "{said:?}");
    assert_eq!(said.lead[0], "None of the numbers that have a target has data for this time.");
    let text = said.lead.join(" ");
    assert!(
        text.contains("No data for cost saved (no roster was made with Muster in this time), hours saved"),
        "{text}"
    );
    assert!(!text.contains(" 0"), "{text}");
}

#[test]
fn clients_are_counted_by_what_they_need() {
    let mut it = quarterly("2026-10-04");
    let client = |fill: i64| {
        let facts = Facts { fill: rate(fill, 100), ..Facts::default() };
        let now = Amount::Health(Box::new((facts, Facts::default())));
        Line { place: None, name: "Client".into(), now, before: Amount::Health(Box::default()) }
    };
    it.numbers[5].it.lines = vec![client(95), client(60), client(50), client(20)];
    let needs = summary(&it).needs;
    assert_eq!(plain(&needs[2]), "Of 4 clients, 2 are at risk and 1 is likely to leave: see Clients.");
    it.numbers[5].it.lines = vec![client(95)];
    assert!(clients(&it).is_none(), "who is healthy needs nobody");
}

#[test]
fn many_sites_are_named_by_how_far_they_lie_away_and_then_counted() {
    let mut it = quarterly("2026-10-04");
    let site = |nth: u128, hit| {
        let place = Place::Site(SiteId(uuid::Uuid::from_u128(nth)));
        Compared { place, name: format!("S{nth}"), now: rate(hit, 1_000).into(), before: Rate::default().into() }
    };
    let mut sites: Vec<_> = (1..=6).map(|nth| site(nth, 800 - nth as i64)).collect();
    sites.extend((10..60).map(|nth| site(nth, 950)));
    it.comparisons = vec![Comparison::among(Metric::OnTime, sites, 0)];
    let said: Vec<String> = beyond_chance(&it, false).map(|line| plain(&line)).collect();
    assert_eq!(
        said,
        [
            "On time, worse than chance explains (all sites 93.4 %): S6 79.4 %, S5 79.5 %, S4 79.6 %, S3 79.7 % and 2 more sites."
        ]
    );
}

#[test]
fn fewer_no_shows_are_good_news_and_a_move_within_chance_is_no_news() {
    let mut it = quarterly("2026-10-04");
    let one = |metric, now: Rate, before: Rate| {
        let together =
            Compared { place: Place::Small(3), name: "3 sites".into(), now: now.into(), before: before.into() };
        Comparison::among(metric, vec![together], 0)
    };
    it.comparisons = vec![
        one(Metric::NoShows, rate(100, 10_000), rate(300, 10_000)),
        one(Metric::OnTime, rate(90, 100), rate(95, 100)),
        one(Metric::Sla, rate(9_000, 10_000), rate(9_030, 10_000)),
    ];
    let well: Vec<String> = moved(&it, true).map(|line| plain(&line)).collect();
    assert_eq!(well, ["No-shows fell from 3.0 % to 1.0 % since Q2 2026."]);
    assert_eq!(
        moved(&it, false).count(),
        0,
        "ten and five of a hundred may be chance; 0.3 points are not worth a sentence"
    );
}
