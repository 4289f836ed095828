use chrono::{DateTime, Utc};
use hayro_syntax::Pdf;

use super::{Block, Cell, Column, Document, Light, Mark, Points, Table, Tile, quarterly, set, typeset};
use crate::charts::{Emphasis, Figure, Mark as Drawn, Unit};

fn now() -> DateTime<Utc> {
    "2026-10-05T06:30:00Z".parse().unwrap()
}

fn document(blocks: Vec<Block>) -> Document {
    Document {
        title: "Quarterly report".into(),
        organization: "Acme Guarding".into(),
        period: "Q3 2026: 1 Jul – 30 Sep 2026".into(),
        scope: "all sites".into(),
        generated: "5 Oct 2026, 08:30 (Africa/Johannesburg)".into(),
        generated_at: now(),
        blocks,
    }
}

fn table(rows: usize) -> Table {
    Table {
        caption: "Sites".into(),
        columns: vec![Column::text("Site"), Column::number("Rate")],
        rows: (0..rows).map(|nth| vec![format!("Site {nth}").into(), format!("{nth}.0 %").into()]).collect(),
        has_total: false,
        note: String::new(),
    }
}

fn every_block(name: &str) -> Vec<Block> {
    let figure = Figure::bars("sites", name, name, Unit::Percent, vec![(name.to_owned(), Some(50.0))]).with(
        name,
        Drawn::Bar,
        Emphasis::Context,
        vec![Some(40.0)],
    );
    let mut marked = table(1);
    marked.rows[0] = vec![name.into(), Cell { text: name.into(), mark: Some(Mark::Worse) }];
    vec![
        Block::heading(name, name),
        Block::Paragraph { text: name.into() },
        Block::Notice { text: name.into() },
        Block::Columns {
            columns: vec![Points { title: name.into(), nothing: name.into(), points: vec![name.into()] }],
        },
        Block::Tiles {
            tiles: vec![Tile {
                label: name.into(),
                value: name.into(),
                unit: name.into(),
                light: Some(Light { shape: "watch", word: "watch" }),
                target: name.into(),
                lines: vec![name.into()],
                how: name.into(),
            }],
        },
        Block::Table(marked),
        Block::figure(&figure),
        Block::pair(&figure, &figure),
        Block::Multiples {
            multiples: vec![super::Multiple {
                name: name.into(),
                value: name.into(),
                picture: super::Picture::spark(&[Some(1.0), None, Some(2.0)], name),
            }],
        },
        Block::PageBreak,
        Block::Terms { terms: vec![(name.into(), name.into())] },
    ]
}

#[test]
fn whatever_a_name_holds_it_stays_a_name() {
    for name in [
        "#panic()",
        "#read(\"/etc/passwd\")",
        "]#import \"@preview/x:0.1.0\"",
        "*bold* _it_ = $x$ <label> @ref \\ // /* `raw`",
        "</style><script>alert(1)</script>",
        "&lt;&#0;\u{0}\u{7}\u{fffe}",
        "\"}],\"blocks\":[",
        "",
        "a\nb\tc",
    ] {
        let mut it = document(every_block(name));
        it.organization = name.into();
        it.scope = name.into();
        let pdf = typeset(&it).unwrap_or_else(|error| panic!("{name:?}: {error}"));
        assert!((2..=4).contains(&pdf.pages), "{name:?}: {} pages", pdf.pages);
    }
}

#[test]
fn a_report_is_an_a4_pdf_with_its_title_its_language_and_tags() {
    let it = document(every_block("Acme"));
    let made = typeset(&it).unwrap();
    assert!(made.accessible, "it is PDF/UA-1");
    let read = Pdf::new(made.bytes.clone()).expect("another library reads it");
    assert_eq!(read.pages().len(), made.pages);
    let words = |bytes: &Option<Vec<u8>>| {
        let bytes = bytes.as_deref().unwrap_or_default();
        let wide: Vec<u16> =
            bytes.get(2..).unwrap_or_default().chunks_exact(2).map(|c| u16::from_be_bytes([c[0], c[1]])).collect();
        if bytes.starts_with(&[0xfe, 0xff]) {
            String::from_utf16_lossy(&wide)
        } else {
            String::from_utf8_lossy(bytes).into_owned()
        }
    };
    let about = read.metadata();
    assert_eq!(words(&about.title), "Quarterly report, Q3 2026: 1 Jul – 30 Sep 2026");
    assert_eq!(words(&about.author), "Acme Guarding");
    assert_eq!(words(&about.creator), "Muster");
    for page in read.pages().iter() {
        let (width, height) = page.render_dimensions();
        assert!((width - 595.28).abs() < 0.1 && (height - 841.89).abs() < 0.1, "A4, not {width} × {height}");
    }
    let file = String::from_utf8_lossy(&made.bytes).into_owned();
    for part in ["/MarkInfo", "/StructTreeRoot", "/Lang", "pdfuaid"] {
        assert!(file.contains(part), "{part}");
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let it = document(every_block("Acme"));
    let first = typeset(&it).unwrap();
    assert_eq!(first, typeset(&it).unwrap());
    assert_ne!(first, typeset(&Document { generated_at: now() + chrono::TimeDelta::days(1), ..it }).unwrap());
}

#[test]
fn a_long_table_runs_over_pages_and_a_short_one_stays_whole() {
    let pages = |rows| typeset(&document(vec![Block::Table(table(rows))])).unwrap().pages;
    assert_eq!((pages(1), pages(14)), (1, 1));
    assert!(pages(200) >= 4, "{}", pages(200));
}

#[test]
fn names_in_a_script_without_letters_of_ours_still_make_a_report() {
    let made = typeset(&document(every_block("東京"))).unwrap();
    assert!(!made.accessible && made.pages > 0);
}

#[test]
fn a_figure_without_anything_says_so() {
    let empty = Figure::bars("none", "Sites", "Which?", Unit::Percent, Vec::new());
    let it = document(vec![Block::figure(&empty)]);
    assert!(it.text().contains("[Sites] There is nothing to show for this period."), "{}", it.text());
    assert!(typeset(&it).unwrap().accessible);
}

#[test]
fn the_executives_quarter_says_this() {
    let it = quarterly::document(&quarterly::samples::quarterly("2026-10-04"), now(), chrono_tz::Africa::Johannesburg);
    let said = it.text();
    let golden = include_str!("quarterly/golden.txt");
    assert_eq!(said.trim_end(), golden.trim_end(), "it says now:\n{said}");
    let made = typeset(&it).unwrap();
    assert!(made.accessible && (3..=4).contains(&made.pages), "{} pages", made.pages);
}

#[tokio::test]
async fn reports_are_set_beside_the_threads_that_serve_pages() {
    let it = document(vec![Block::Paragraph { text: "Short".into() }]);
    let all = futures_util::future::join_all((0..4).map(|_| set(it.clone()))).await;
    assert!(all.into_iter().all(|made| made.is_ok_and(|made| made.pages == 1)));
}
