use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::*;

fn day(nth: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 8, 24).expect("a day") + Days::new(nth)
}

fn days(count: u64) -> Axis {
    Axis::Days((0..count).map(day).collect())
}

fn trend(points: Vec<Option<f64>>) -> Figure {
    Figure::new("trend", "Your BPI", "How has it moved?", Unit::Points, days(points.len() as u64)).with(
        "You",
        Mark::Line,
        Emphasis::Main,
        points,
    )
}

const BANDS: [(&str, f64); 5] =
    [("needs support", 0.0), ("developing", 40.0), ("solid", 60.0), ("strong", 75.0), ("exceptional", 90.0)];

/// Whether tags nest and attributes are quoted; a browser's own parser would forgive too much.
#[track_caller]
fn assert_well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        assert!(!before.contains('>'), "a loose > in {before:?}");
        let end = tag.find('>').expect("a tag ends");
        let inside = &tag[1..end];
        assert_eq!(inside.matches('"').count() % 2, 0, "quotes in {inside:?}");
        if let Some(name) = inside.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "in {xml}");
        } else if !inside.ends_with('/') {
            open.push(inside.split(' ').next().expect("a name"));
        }
        rest = &tag[end + 1..];
    }
    assert!(open.is_empty(), "left open: {open:?}");
}

#[test]
fn a_trend_is_drawn_with_classes_alone() {
    let svg = svg(&trend(vec![Some(61.0), Some(63.5), Some(72.4)]).with_zones(&BANDS, 100.0), Size::Fluid);
    assert_well_formed(&svg);
    assert!(svg.contains(r#"role="img""#) && svg.contains(">Your BPI</title>"), "{svg}");
    assert!(svg.contains("You: 72.4 points on 26\u{a0}Aug\u{a0}2026, up 11.4 from 61.0"), "{svg}");
    assert!(svg.contains(r#"class="line main s0""#), "{svg}");
    assert!(!svg.contains("style=") && !svg.contains("fill=") && !svg.contains("stroke="), "{svg}");
}

#[test]
fn score_bands_are_drawn_whole() {
    let svg = svg(&trend(vec![Some(61.0), Some(72.4)]).with_zones(&BANDS, 100.0), Size::Fluid);
    // 60–75 is the whole plot: 61 is a fifteenth of it above the bottom.
    assert!(svg.contains("M0 933.33L1000 173.33"), "{svg}");
    assert!(svg.contains(">solid</text>") && !svg.contains(">developing</text>"), "{svg}");
}

#[test]
fn a_gap_breaks_the_line_and_a_lone_point_is_a_dot() {
    let svg = svg(&trend(vec![Some(1.0), Some(2.0), None, Some(3.0), None, Some(4.0), Some(5.0)]), Size::Fluid);
    assert_eq!(svg.matches("<path").count(), 2, "{svg}");
    assert_eq!(svg.matches("<circle").count(), 2, "the lone point and the last one: {svg}");
}

#[test]
fn an_open_period_is_dashed_and_left_out_of_the_change() {
    let figure = trend(vec![Some(70.0), Some(72.0), Some(20.0)]).open_from(2);
    let svg = svg(&figure, Size::Fluid);
    assert!(svg.contains(r#"class="line main s0 open""#), "{svg}");
    assert!(sentence(&figure).starts_with("You: 72.0 points"), "{}", sentence(&figure));
    assert_eq!(table(&figure).rows[2], ["26\u{a0}Aug\u{a0}2026 (not complete)", "20.0"]);
}

#[test]
fn a_band_has_a_low_and_a_high_column() {
    let figure = trend(vec![Some(70.0), None]).with_band("Cohort", vec![Some(60.0), None], vec![Some(75.0), None]);
    let table = table(&figure);
    assert_eq!(table.columns, ["Day", "You (points)", "Cohort, low (points)", "Cohort, high (points)"]);
    assert_eq!(table.rows[0][1..], ["70.0", "60.0", "75.0"]);
    assert_eq!(table.rows[1][1..], ["n/a", "n/a", "n/a"]);
}

fn why() -> Figure {
    let steps = vec![("Attendance".to_owned(), 5.455), ("Which components count".to_owned(), -9.697)];
    Figure::waterfall(
        "why",
        "Why it moved",
        "What changed?",
        Unit::Points,
        ("Before".into(), 70.909),
        steps,
        ("Now".into(), 66.667),
    )
}

#[test]
fn a_waterfall_says_what_gained_and_what_lost_most() {
    assert_eq!(
        sentence(&why()),
        "From 70.9 to 66.7 points (−4.2); most gained: Attendance +5.5; most lost: Which components count −9.7."
    );
    let svg = svg(&why(), Size::Fluid);
    assert_well_formed(&svg);
    assert!(svg.contains(r#"<svg height="176" "#) && svg.contains("row-value down"), "{svg}");
    assert_eq!(table(&why()).rows[1], ["Attendance", "+5.5"]);
}

#[test]
fn bars_say_the_highest_and_the_lowest() {
    let bars =
        vec![("Attendance".to_owned(), Some(27.4)), ("Tasks".to_owned(), Some(18.0)), ("Tours".to_owned(), None)];
    let figure = Figure::bars("parts", "Contribution", "What is it made of?", Unit::Points, bars);
    assert_eq!(sentence(&figure), "Highest: Attendance with 27.4 points. Lowest: Tasks with 18.0 points.");
    assert_well_formed(&svg(&figure, Size::Fluid));
}

#[test]
fn nothing_to_show_is_said() {
    let figure = trend(vec![None, None]);
    assert_eq!(sentence(&figure), "There is nothing to show for this period.");
    assert_well_formed(&svg(&figure, Size::Fluid));
    assert_well_formed(&svg(&trend(Vec::new()), Size::Fluid));
}

#[test]
fn a_hostile_name_stays_text() {
    let name = "</svg><script>alert(1)</script>\" onload='x' &\u{0}";
    let mut figure = trend(vec![Some(1.0), Some(2.0)]).with_reference(name, 1.5).with_zones(&[(name, 0.0)], 3.0);
    figure.title = name.into();
    figure.id = name.into();
    figure.series[0].name = name.into();
    for figure in [figure, Figure::bars(name, name, name, Unit::Points, vec![(name.into(), Some(1.0))])] {
        let svg = svg(&figure, Size::Fixed { width: 600.0, height: 200.0 });
        assert_well_formed(&svg);
        assert!(!svg.contains("<script") && !svg.contains("\u{0}"), "{svg}");
    }
    assert_well_formed(&sparkline(&[Some(1.0), None, Some(2.0)], name));
    assert_well_formed(&score_scale(Some(50.0), None, &trend(vec![]).with_zones(&BANDS, 100.0).zones, name));
}

#[test]
fn a_year_gets_few_labels() {
    for count in [1, 2, 7, 9, 30, 60, 90, 120, 180, 365, 800] {
        let labels = scale::place_labels(&days(count));
        assert!((1..=7).contains(&labels.len()) || count == 1, "{count} days: {labels:?}");
    }
}

#[cfg(feature = "server")]
#[test]
fn the_option_has_the_same_scale_and_no_nulls_but_gaps() {
    let figure = trend(vec![Some(61.0), None, Some(72.4)])
        .with_band("Cohort", vec![Some(60.0); 3], vec![Some(70.0); 3])
        .with_reference("Target", 70.0)
        .with_zones(&BANDS, 100.0);
    let option = option(&figure);
    assert_eq!(option["yAxis"]["min"].as_f64(), Some(60.0), "{option:#}");
    assert_eq!(option["yAxis"]["max"].as_f64(), Some(75.0));
    assert_eq!(option["xAxis"]["type"], "time");
    assert_eq!(option["series"][0]["id"], "main:0");
    assert!(option["series"][0]["data"][1][1].is_null(), "a gap stays a gap");
    assert_eq!(option["aria"]["label"]["description"].as_str().map(|text| &text[..9]), Some("Your BPI."));
    assert!(!option.to_string().contains(":null") && !option.to_string().contains(":[]"), "{option}");
    assert!(!option.to_string().contains("olor"), "colours are the style sheet's: {option}");
}

#[cfg(feature = "server")]
#[test]
fn a_waterfall_floats_on_an_invisible_base() {
    let option = option(&why());
    assert_eq!(option["series"][0]["id"], "base:0");
    assert_eq!(option["series"][2]["id"], "down:0");
    assert!((option["series"][2]["data"][2].as_f64().expect("a number") - 9.697).abs() < 1e-9);
}

/// Numbers in percent or in the inner drawing's units must lie within the plot.
#[track_caller]
fn assert_inside(svg: &str) {
    for part in svg.split(['"', ' ', 'L', 'M', 'H', 'V', 'Z']) {
        if let Some(percent) = part.strip_suffix('%').and_then(|text| text.parse::<f64>().ok()) {
            assert!((-0.01..=100.01).contains(&percent), "{percent}% in {svg}");
        }
        assert!(!part.contains("NaN") && !part.contains("inf"), "{part} in {svg}");
    }
    for path in svg.split(r#" d=""#).skip(1) {
        let path = path.split('"').next().unwrap_or_default();
        for number in path.split(['L', 'M', 'H', 'V', 'Z', ' ']).filter_map(|text| text.parse::<f64>().ok()) {
            assert!((-0.01..=1000.01).contains(&number), "{number} in {path}");
        }
    }
}

fn any_value() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        3 => (-1e4..1e4).prop_map(Some),
        1 => Just(None),
        1 => any::<f64>().prop_map(Some),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_numbers_give_a_valid_drawing_inside_its_plot(
        points in prop::collection::vec(any_value(), 0..40),
        low in prop::collection::vec(any_value(), 0..40),
        reference in any::<f64>(),
        open in prop::option::of(0_usize..50),
        mark in prop::sample::select(vec![Mark::Line, Mark::Step, Mark::Area, Mark::Bar]),
        name in ".{0,30}",
        zones: bool,
    ) {
        let mut figure = Figure::new(&name, &name, &name, Unit::Points, days(points.len() as u64))
            .with(&name, mark, Emphasis::Main, points.clone())
            .with_band(&name, low, points.clone())
            .with_reference(&name, reference);
        figure.open_from = open;
        if zones {
            figure = figure.with_zones(&BANDS, 100.0);
        }
        let names: Vec<(String, Option<f64>)> = points.iter().map(|value| (name.clone(), *value)).collect();
        let steps = points.iter().map(|value| (name.clone(), value.unwrap_or(0.0))).collect();
        let bars = Figure::bars(&name, &name, &name, Unit::Percent, names);
        let waterfall = Figure::waterfall(&name, &name, &name, Unit::Points, (name.clone(), 1.0), steps, (name.clone(), 2.0));
        for figure in [figure, bars, waterfall] {
            let drawn = svg(&figure, Size::Fluid);
            assert_well_formed(&drawn);
            assert_inside(&drawn);
            prop_assert_eq!(table(&figure).rows.len(), figure.x.len());
            prop_assert!(!sentence(&figure).is_empty());
        }
    }
}

#[test]
fn the_limits_of_bars_are_in_the_drawing_and_in_the_option() {
    let bars = vec![("East".into(), Some(90.0)), ("West".into(), None), ("Mill".into(), Some(70.0))];
    let figure = Figure::bars("sites", "Fill rate by site", "Which sites stand out?", Unit::Percent, bars).with_band(
        "By chance",
        vec![Some(80.0), None, Some(85.0)],
        vec![Some(95.0), None, Some(99.0)],
    );
    let drawn = svg(&figure, Size::Fluid);
    assert_eq!(drawn.matches("class=\"limits\"").count(), 2);
    assert!(drawn.contains(r#"class="limits" x="80%" width="15%""#), "{drawn}");
    assert_eq!(option(&figure)["muster"]["limits"], serde_json::json!([[80.0, 95.0], null, [85.0, 99.0]]));
}

#[test]
fn large_numbers_fit_beside_an_axis_and_leave_a_long_name_its_room() {
    let ticks = [0.0, 9_500.0, 25_000.0, 1_500_000.0, -40_000.0, 2e9].map(scale::tick_number);
    assert_eq!(ticks, ["0", "9,500", "25k", "1.5M", "\u{2212}40k", "2bn"]);
    let points = vec![Some(1_000_000.0), Some(2_000_000.0), Some(3_000_000.0)];
    let spent = Figure::new("spent", "Spent", "How much?", Unit::Count("ZAR".into()), days(3)).with(
        "Budget, all of it",
        Mark::Line,
        Emphasis::Main,
        points,
    );
    let drawn = svg(&spent, Size::Fluid);
    assert!(drawn.contains(">3M<") && drawn.contains("3,000,000<tspan class=\"end-name\"> Budget, all o…"), "{drawn}");
}
