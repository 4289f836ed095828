use chrono::{DateTime, Utc};

use super::{Block, Cell, Column, Document, Light, Mark, Points, Table, Tile, typeset};
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
