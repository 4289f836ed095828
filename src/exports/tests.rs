//! What was written is read again by other libraries, and must be what was meant.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Africa::Johannesburg;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::{Error, Result};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn head() -> Head {
    Head {
        title: "Compliance".into(),
        organization: "Umoya".into(),
        period: Some((day("2026-03-01"), day("2026-03-28"))),
        filters: vec![("Site".into(), "=North".into())],
        generated_at: at("2026-03-29T06:00:00Z"),
        zone: Johannesburg,
        by: "Farai".into(),
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("Name"),
        Column::integer("Shifts"),
        Column::new("Hours", Kind::Decimal(1)),
        Column::percent("Filled"),
        Column::money("Cost", "ZAR"),
        Column::date("Day"),
        Column::moment("Started", Johannesburg),
    ]
}

fn row(name: &str) -> Row {
    vec![
        Cell::text(name),
        Cell::Integer(-3),
        Cell::Decimal(-7.25),
        Cell::Percent(0.125),
        Cell::Money(Decimal::new(-123_450, 2)),
        Cell::Date(day("2026-03-02")),
        Cell::Moment(at("2026-03-02T04:03:00Z")),
    ]
}

fn table(rows: Vec<Row>) -> Table {
    Table::of(Sheet::new("Shifts", "Each shift.", columns()), rows)
}

fn of_texts(texts: &[String]) -> Table {
    let rows = texts.iter().map(|text| vec![Cell::text(text.clone()), Cell::Integer(1)]).collect();
    Table::of(Sheet::new("Texts", "", vec![Column::text("Text"), Column::integer("N")]), rows)
}

async fn read_csv(table: Table) -> Vec<Vec<String>> {
    let bytes = csv(table, Bom::Without).whole().await.unwrap();
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

async fn open(tables: Vec<Table>) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(xlsx(head(), tables).whole().await.unwrap())).unwrap()
}

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap().block_on(future)
}

#[tokio::test]
async fn each_kind_stands_in_csv_as_programs_read_it() {
    let lines = read_csv(table(vec![row("Ana, \"A\"")])).await;
    assert_eq!(
        lines[0],
        ["Name", "Shifts", "Hours", "Filled (%)", "Cost (ZAR)", "Day", "Started (Africa/Johannesburg)"]
    );
    let expected = ["Ana, \"A\"", "-3", "-7.2", "12.5", "-1234.50", "2026-03-02", "2026-03-02T06:03:00+02:00"];
    assert_eq!(lines[1], expected);
}

#[tokio::test]
async fn lines_end_as_rfc_4180_says_and_the_mark_stands_once() {
    let bytes = csv(table(vec![row("a"), row("b")]), Bom::With).whole().await.unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.starts_with("\u{feff}Name,") && text.matches('\u{feff}').count() == 1);
    assert_eq!((text.matches("\r\n").count(), text.matches('\n').count()), (3, 3));
}

#[tokio::test]
async fn money_keeps_the_digits_of_its_currency_and_all_it_has() {
    let check = async |currency: &str, amount: Decimal, expected: &str| {
        let sheet = Sheet::new("Money", "", vec![Column::money("Amount", currency)]);
        let lines = read_csv(Table::of(sheet, vec![vec![Cell::Money(amount)]])).await;
        assert_eq!(lines[1], [expected], "{currency}");
    };
    check("ZAR", Decimal::new(5, 0), "5.00").await;
    check("JPY", Decimal::new(500, 2), "5").await;
    check("KWD", Decimal::new(5, 1), "0.500").await;
    check("ZAR", Decimal::new(12_345, 4), "1.2345").await;
}

#[tokio::test]
async fn a_workbook_read_again_holds_typed_cells_and_says_what_it_is() {
    let mut book = open(vec![table(vec![row("=1+1"), row("Ben")])]).await;
    assert_eq!(book.sheet_names(), ["About", "Shifts"]);
    let about = book.worksheet_range("About").unwrap();
    let said: Vec<String> = about.used_cells().map(|(_, _, cell)| cell.to_string()).collect();
    for word in
        ["Compliance", "Umoya", "2026-03-01 to 2026-03-28", "=North", "2026-03-29 08:00 SAST", "Farai", "Shifts", "2"]
    {
        assert!(said.iter().any(|text| text == word), "{word}: {said:?}");
    }
    let shifts = book.worksheet_range("Shifts").unwrap();
    assert_eq!(shifts.get_size(), (3, 7));
    assert_eq!(shifts[(1, 0)], Data::String("=1+1".into()));
    let numbers = [1, 2, 3, 4].map(|nth| shifts[(1, nth)].clone());
    assert_eq!(numbers, [-3.0, -7.25, 0.125, -1234.5].map(Data::Float));
    let moment = |nth: usize| match &shifts[(1, nth)] {
        Data::DateTime(at) => {
            let (year, month, day, hour, minute, ..) = at.to_ymd_hms_milli();
            format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}")
        }
        other => panic!("{other:?}"),
    };
    assert_eq!((moment(5), moment(6)), ("2026-03-02 00:00".into(), "2026-03-02 06:03".into()));
    assert_eq!(book.worksheet_formula("Shifts").unwrap().used_cells().count(), 0);
}

#[tokio::test]
async fn what_is_cut_says_so() {
    let cut = || {
        let mut table = table(vec![row("Ana")]);
        table.sheet.of = Some(7);
        table
    };
    assert_eq!(read_csv(cut()).await[2][0], "1 of 7 rows");
    let about = open(vec![cut()]).await.worksheet_range("About").unwrap();
    assert!(about.used_cells().any(|(_, _, cell)| *cell == "1 of 7 rows"));
    let long = "é".repeat(LONGEST_TEXT + 1);
    let range = open(vec![of_texts(&[long])]).await.worksheet_range("Texts").unwrap();
    assert!(range[(1, 0)].to_string().ends_with("of 32768 characters)"));
}

#[tokio::test]
async fn sheets_get_names_a_spreadsheet_takes() {
    let named = |name: &str| Table::of(Sheet::new(name, "", vec![Column::text("a")]), Vec::new());
    let long = "A name that is longer than a spreadsheet takes";
    let book = open(vec![named("a/b"), named("A b"), named("about"), named(""), named(long), named(long)]).await;
    let names = book.sheet_names();
    assert_eq!(&names[..5], ["About", "a b", "A b (2)", "about (2)", "Table"]);
    assert!(names[5] != names[6] && names.iter().all(|name| name.chars().count() <= 31), "{names:?}");
}

fn written(rows: usize, end: Result<()>) -> Table {
    Table::written(Sheet::new("Rows", "", columns()), move |mut sink| async move {
        for nth in 0..rows {
            sink.row(row(&nth.to_string())).await?;
        }
        end
    })
}

#[tokio::test]
async fn rows_that_come_one_by_one_all_arrive() {
    assert_eq!(read_csv(written(5_000, Ok(()))).await.len(), 5_001);
    let mut book = open(vec![written(5_000, Ok(())), written(3, Ok(()))]).await;
    assert_eq!(book.worksheet_range("Rows").unwrap().height(), 5_001);
    assert_eq!(book.worksheet_range("Rows (2)").unwrap().height(), 4);
}

#[tokio::test]
async fn what_a_sheet_cannot_hold_goes_on_in_the_next_and_the_first_sheet_says_so() {
    assert_eq!(ROWS_OF_A_SHEET, (1 << 20) - 1, "what spreadsheets hold, less the headings");
    let bytes = xlsx::cut(head(), vec![written(7, Ok(()))], 3).whole().await.expect("a workbook");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook that opens");
    let heights = ["Rows", "Rows (2)", "Rows (3)"].map(|name| book.worksheet_range(name).expect(name).height());
    assert_eq!(heights, [4, 4, 2], "each with its headings");
    let about = book.worksheet_range("About").expect("the first sheet");
    let said: Vec<String> = about.used_cells().map(|(_, _, cell)| cell.to_string()).collect();
    assert!(said.iter().any(|cell| cell == "7 (on 3 sheets)"), "{said:?}");
}

#[tokio::test]
async fn what_breaks_off_is_no_file() {
    let failing = || written(2_000, Err(Error::Invalid("gone".into())));
    assert!(csv(failing(), Bom::With).whole().await.is_err());
    assert!(xlsx(head(), vec![table(Vec::new()), failing()]).whole().await.is_err());
    let panics = Table::written(Sheet::new("Rows", "", columns()), |_| async { panic!("as a bug would") });
    assert!(csv(panics, Bom::With).whole().await.is_err());
}

/// Words as a reader gets them back who knows of the apostrophe.
fn unmasked(text: &str) -> String {
    let bare = text.trim_start_matches('\'');
    let ours = text.len() > bare.len() && is_formula(bare);
    if ours { text[1..].to_owned() } else { text.to_owned() }
}

fn is_formula(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n']) || text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_words_survive_csv_and_none_starts_a_formula(texts in proptest::collection::vec("['=+@\\-\t\r\n \"a,]{0,6}|\\PC{0,12}|.{0,12}", 1..20)) {
        let lines = block(read_csv(of_texts(&texts)));
        prop_assert_eq!(lines.len(), texts.len() + 1);
        for (line, text) in lines[1..].iter().zip(&texts) {
            prop_assert!(!is_formula(&line[0]), "{:?}", line[0]);
            prop_assert_eq!(&unmasked(&line[0]), text);
            prop_assert_eq!(&line[1], "1");
        }
    }

    #[test]
    fn any_words_survive_xlsx_as_words(texts in proptest::collection::vec("['=+@\\-\t\r\n \"a_x]{1,8}|\\PC{1,12}|.{1,12}", 1..20)) {
        let mut book = block(open(vec![of_texts(&texts)]));
        let range = book.worksheet_range("Texts").unwrap();
        for (nth, text) in (1..).zip(&texts) {
            prop_assert_eq!(range.get((nth, 0)), Some(&Data::String(text.clone())));
        }
        prop_assert_eq!(book.worksheet_formula("Texts").unwrap().used_cells().count(), 0);
    }
}
