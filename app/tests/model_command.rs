//! `muster model backtest` as a person uses it: on a table of somebody else's.
#![cfg(feature = "ssr")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A folder of its own, gone afterwards.
struct Desk(PathBuf);

impl Desk {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("muster-model-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

fn backtest(model: &str, file: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    command.args(["model", "backtest", model, "--csv"]).arg(file).args(arguments).output().unwrap()
}

#[track_caller]
fn ended(output: &Output, code: i32, words: &[&str]) -> String {
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{said}");
    for word in words {
        assert!(said.contains(word), "it does not say {word:?}: {said}");
    }
    said
}

/// Even throws, the same each time.
fn throws(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Bookings as another system exports them: semicolons, local dates, currency signs, odd and missing values.
fn bookings(rows: usize) -> String {
    let mut throw = throws(7);
    let mut text = "Booking;Hotel;Arrival;Booked on;Price;Remark;Outcome\n".to_owned();
    for row in 0..rows {
        let (hotel, ahead, day) = ((throw() * 8.0) as u32, (throw() * 12.0) as u32, row * 360 / rows);
        let log_odds = f64::from(hotel) * 0.5 - 2.2 + f64::from(ahead) * 0.2;
        let kept = throw() < 1.0 / (1.0 + (-log_odds).exp());
        let arrival = chrono::NaiveDate::from_yo_opt(2024, day as u32 + 1).unwrap();
        let booked = arrival - chrono::Days::new(u64::from(ahead));
        let price = match row % 40 {
            0 => "n/a".into(),
            1 => "on request".into(),
            _ => format!("€ 1,{:03}.00", row % 90),
        };
        let outcome = if kept { "Kept" } else { "Cancelled" };
        text += &format!(
            "{row};H{hotel};{};{};{price};\"said; {row}\";{outcome}\n",
            arrival.format("%d/%m/%Y"),
            booked.format("%d/%m/%Y")
        );
    }
    text
}

#[test]
fn somebody_elses_bookings_are_judged_and_the_json_has_the_same_figures() {
    let desk = Desk::new("bookings");
    let file = desk.file("bookings.csv", &bookings(700));
    let arguments = ["--target", "Outcome", "--positive", "kept", "--time", "Arrival", "--split", "2024-08-01"];
    let said = ended(
        &backtest("shift-fill", &file, &arguments),
        0,
        &[
            "shift-fill: better than the own rate of each Hotel: may be shown to users",
            "Predicted   Outcome = Kept",
            "with Arrival at or after 2024-08-01",
            "Booking only counts the rows and is left out",
            "Price: 18 values are no number and count as missing (first on line 3: 'on request')",
            "always the overall rate",
            "at risk",
            "days from Booked on to Arrival",
            "likelier",
        ],
    );
    let output = backtest("shift-fill", &file, &[&arguments[..], &["--json"]].concat());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["verdict"]["shown"], &report["split"]["by"]), (&true.into(), &"time".into()));
    let auc = report["figures"]["auc"]["value"].as_f64().unwrap();
    assert!(auc > 0.65 && said.contains(&format!("{auc:.3}")), "{auc}: {said}");
    assert_eq!(report["deciles"].as_array().unwrap().len(), 10);
    for figure in ["brier", "log_loss", "ece", "ece_by_chance", "top_decile"] {
        assert!(report["figures"][figure].is_f64() && report["baselines"][1]["figures"][figure].is_f64(), "{figure}");
    }
}

#[test]
fn noise_is_not_shown_and_a_column_from_the_future_is_named() {
    let desk = Desk::new("noise");
    let mut throw = throws(3);
    let mut text = "tenure_months,team,exit_interview,left\n".to_owned();
    for _ in 0..300 {
        let left = throw() < 0.3;
        let (tenure, team) = ((throw() * 60.0) as u32, (throw() * 4.0) as u32);
        text +=
            &format!("{tenure},team {team},{},{}\n", if left { "done" } else { "" }, if left { "yes" } else { "no" });
    }
    let file = desk.file("people.csv", &text);
    let honest = ["--target", "left", "--folds", "2", "--drop", "exit_interview"];
    ended(
        &backtest("churn", &file, &honest),
        1,
        &["churn: not shown to users: not clearly better than", "tenure_months alone", "high"],
    );
    let words = ["not shown to users: exit_interview tells the outcome alone", "leave it out with --drop"];
    ended(&backtest("churn", &file, &honest[..4]), 1, &words);
}

#[test]
fn what_cannot_be_judged_is_refused_in_words() {
    let desk = Desk::new("refused");
    let file = desk.file("table.csv", "a,b,y\n1,2,1\n1,2,0\n3,1\n");
    ended(&backtest("churn", &file, &["--target", "y"]), 2, &["table.csv: line 4 has 2 fields, the header has 3"]);
    let file = desk.file("table.csv", "a,b,y\n1,2,1\n3,2,0\n3,1,0\n");
    ended(&backtest("churn", &file, &["--target", "z"]), 2, &["there is no column 'z'; there are a, b, y"]);
    ended(&backtest("churn", &file, &["--target", "y"]), 2, &["too little to learn from"]);
    ended(&backtest("churn", &desk.0.join("none.csv"), &["--target", "y"]), 2, &["none.csv: it cannot be opened"]);
    ended(&backtest("churn", &desk.0, &["--target", "y"]), 2, &["reading the file"]);
    ended(&backtest("churn", &file, &["--target", "y", "--time", "a"]), 2, &["--split"]);
}

/// People as a stranger's table has them: a number that counts, columns that say nothing, gaps, words for yes and no.
fn strangers(rows: usize, yes: &str, no: &str) -> String {
    let mut throw = throws(11);
    let mut text =
        "EmployeeNumber,Tenure,OverTime,Income,Department,EmployeeCount,Empty,active,Attrition,as_of\n".to_owned();
    for row in 0..rows {
        let (tenure, over_time, income) = ((throw() * 60.0) as u32, throw() < 0.3, 3_000 + (throw() * 4_000.0) as u32);
        let log_odds = f64::from(u8::from(over_time)) * 2.0 - f64::from(tenure) * 0.05 - 0.5;
        let left = throw() < 1.0 / (1.0 + (-log_odds).exp());
        let income = if row % 17 == 0 { String::new() } else { income.to_string() };
        let department = ["Sales", "R&D", "", "HR"][row % 4];
        text += &format!(
            "{},{tenure},{},{income},{department},1,,{},{},2025-{:02}-01\n",
            1_000 + row,
            if over_time { "Yes" } else { "No" },
            row % 3 == 0,
            if left { yes } else { no },
            1 + row * 12 / rows
        );
    }
    text
}

#[test]
fn a_strangers_table_of_leavers_is_read_whatever_its_yes_and_no() {
    let desk = Desk::new("strangers");
    let mut aucs = Vec::new();
    for (yes, no) in [("Yes", "No"), ("1", "0"), ("true", "false")] {
        let file = desk.file("leavers.csv", &strangers(600, yes, no));
        let report = backtest("churn", &file, &["--target", "Attrition", "--json"]);
        let report: Value = serde_json::from_slice(&report.stdout).unwrap();
        assert_eq!(report["verdict"]["shown"], true, "{report}");
        let auc = &report["figures"]["auc"];
        assert!(auc["low"].as_f64() < auc["value"].as_f64() && auc["value"].as_f64() < auc["high"].as_f64());
        aucs.push(auc["value"].clone());
        assert_eq!(report["bands"].as_array().unwrap().len(), 3);
    }
    assert!(aucs.iter().all(|auc| *auc == aucs[0]), "the same people: {aucs:?}");
    let file = desk.file("leavers.csv", &strangers(600, "Yes", "No"));
    let by_time = ["--target", "Attrition", "--time", "as_of", "--split", "2025-09-01"];
    ended(
        &backtest("churn", &file, &by_time),
        0,
        &[
            "better than Tenure alone",
            "EmployeeNumber only counts the rows and is left out",
            "EmployeeCount is the same in every row and left out",
            "Empty is empty and left out",
            "Brier",
            "AUC (95 % interval)",
        ],
    );
}

#[test]
fn tables_that_nothing_can_be_told_from_are_refused_in_words() {
    let desk = Desk::new("nothing");
    let many = strangers(600, "Yes", "No");
    let nobody_left = many.replace(",Yes,2025", ",No,2025");
    let later = many.lines().map(|line| {
        let last = ["09", "10", "11", "12"].iter().any(|month| line.ends_with(&format!("2025-{month}-01")));
        if last { line.replace(",Yes,2025", ",No,2025") } else { line.to_owned() }
    });
    let nobody_left_later = later.collect::<Vec<_>>().join("\n");
    let only = |column: usize| {
        let of = |line: &str| {
            let fields: Vec<&str> = line.split(',').collect();
            format!("{},{}\n", fields[column], fields[8])
        };
        many.lines().map(of).collect::<String>()
    };
    let target = ["--target", "Attrition"];
    let split = ["--target", "Attrition", "--time", "as_of", "--split", "2025-09-01"];
    for (text, arguments, words) in [
        (strangers(10, "Yes", "No"), &target[..], "too little to learn from"),
        (nobody_left, &target, "every row is No; there is nothing to tell apart"),
        (nobody_left_later, &split, "the rows held out all have the same outcome"),
        (only(0), &target, "no column is left to learn from"),
        (only(5), &target, "no column is left to learn from"),
        (only(6), &target, "no column is left to learn from"),
        (many.replacen(",No,2025", ",Maybe,2025", 1), &target, "a target has two values, and there are 3"),
        (String::new(), &target, "the file is empty"),
        (many.lines().next().unwrap().to_owned(), &target, "a header and no rows"),
    ] {
        let file = desk.file("table.csv", &text);
        ended(&backtest("churn", &file, arguments), 2, &["table.csv: ", words]);
    }
}

/// What several shops took, day by day, as another system exports it.
fn takings(days: u32) -> String {
    let mut throw = throws(5);
    let mut text = "Shop;Day;Taken\n".to_owned();
    let first = chrono::NaiveDate::from_ymd_opt(2024, 2, 1).unwrap();
    for shop in 0..4 {
        for day in 0..days {
            let shape = [1.0, 0.8, 0.9, 1.0, 1.2, 1.7, 0.4][(day % 7) as usize];
            let taken = 500.0 * f64::from(shop + 1) * shape * (0.7 + 0.6 * throw());
            text += &format!("S{shop};{};€ {taken:.2}\n", (first + chrono::Days::new(day.into())).format("%d/%m/%Y"));
        }
    }
    text
}

#[test]
fn many_daily_series_of_one_file_are_forecast_and_the_json_has_the_same_figures() {
    let desk = Desk::new("takings");
    let file = desk.file("takings.csv", &takings(250));
    let arguments = ["--series", "Shop", "--date", "day", "--value", "Taken", "--horizon", "30", "--windows", "2"];
    let said = ended(
        &backtest("forecast", &file, &arguments),
        0,
        &[
            "forecast: better than the same day of the week before: may be shown to users",
            "Series      4, 2024-02-01 to 2024-10-07",
            "8 windows of 30 days at the series' ends, 240 days",
            "same day of the week before",
            "theta",
            "MSTL",
            "days 29 – 30",
            "30-day total",
            "S3",
        ],
    );
    let output = backtest("forecast", &file, &[&arguments[..], &["--json"]].concat());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mase = report["forecast"]["mase"].as_f64().unwrap();
    assert!(mase < report["baseline"]["mase"].as_f64().unwrap() && said.contains(&format!("{mase:.3}")), "{said}");
    for figure in ["coverage_80", "coverage_95", "interval_score_80", "interval_score_95"] {
        assert!(report["bands"][figure].is_f64() && report["baseline_bands"][figure].is_f64(), "{figure}");
    }
    assert!(report["forecast"]["smape"].is_f64() && report["forecast"]["total_error"].is_f64());
    assert_eq!((report["methods"].as_array().unwrap().len(), report["per_series"].as_array().unwrap().len()), (4, 4));
}

#[test]
fn a_file_without_days_enough_or_with_many_bad_rows_is_refused_in_words() {
    let desk = Desk::new("no-takings");
    let arguments = ["--date", "Day", "--value", "Taken"];
    let file = desk.file("short.csv", "Day,Taken\n2025-01-01,5\n2025-01-02,6\n");
    ended(&backtest("forecast", &file, &arguments), 2, &["short.csv: no series is long enough: 86 days are needed"]);
    let file = desk.file("bad.csv", "Day,Taken\n2025-01-01,5\n2025-01-02,\n2025-01-03,x\n");
    ended(&backtest("forecast", &file, &arguments), 2, &["bad.csv: 2 of 3 rows", "line 3: Taken is nothing"]);
    ended(&backtest("forecast", &file, &["--date", "When", "--value", "Taken"]), 2, &["there is no column 'When'"]);
}

/// Payments of customers who buy every few weeks until they leave, with a refund now and then.
fn payments(customers: u32) -> String {
    let mut throw = throws(11);
    let mut text = "Customer;Paid on;Amount\n".to_owned();
    let first = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    for customer in 0..customers {
        let (every, worth, stays) = (8.0 + 60.0 * throw(), 20.0 + 80.0 * throw(), 0.75 + 0.24 * throw());
        let mut day = 200.0 * throw();
        while day < 720.0 {
            let paid = worth * (0.7 + 0.6 * throw());
            let when = first + chrono::Days::new(day as u64);
            text += &format!("C{customer};{when};{paid:.2}\n");
            if throw() < 0.05 {
                text += &format!("C{customer};{};-{paid:.2}\n", when + chrono::Days::new(2));
            }
            if throw() > stays {
                break;
            }
            day += every * (0.2 + 1.6 * throw());
        }
    }
    text
}

#[test]
fn what_customers_are_worth_is_told_at_a_cutoff_and_the_json_has_the_same_figures() {
    let desk = Desk::new("payments");
    let file = desk.file("payments.csv", &payments(700));
    let arguments = ["--customer", "customer", "--date", "Paid on", "--amount", "Amount", "--cutoff", "2025-07-01"];
    let said = ended(
        &backtest("ltv", &file, &arguments),
        0,
        &[
            "ltv: values and churn risks are better",
            "BG and Pareto/NBD, Gamma-Gamma",
            "recency alone",
            "at the own rate",
            "Calibration",
        ],
    );
    let output = backtest("ltv", &file, &[&arguments[..], &["--json"]].concat());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let ratio = report["spend"]["ratio"].as_f64().unwrap();
    assert!((0.8..1.2).contains(&ratio) && said.contains(&format!("{ratio:.3}")), "{said}");
    let auc = |of: &Value| of["figures"]["auc"]["value"].as_f64().unwrap();
    assert!(auc(&report["churn"]) > auc(&report["churn"]["baselines"][0]), "{said}");
    assert!(report["churn"]["figures"]["brier"].is_f64() && report["churn"]["deciles"].is_array());
    let late = [&arguments[..7], &["2030-01-01"]].concat();
    ended(&backtest("ltv", &file, &late), 2, &["payments.csv: --cutoff 2030-01-01: purchases are from"]);
}
