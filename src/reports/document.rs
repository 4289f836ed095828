//! What does a report say? A document of titles, sentences, numbers, tables and figures that knows nothing of paper: from
//! it comes the PDF, and the same words as plain text.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::drawing::{Drawing, Picture};
use crate::charts::Figure;

/// A report, ready to be typeset.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// What it is: `Quarterly report`.
    pub title: String,
    /// Whose it is.
    pub organization: String,
    /// What it is about, in words: `Q3 2026: 1 Jul – 30 Sep 2026`.
    pub period: String,
    /// Of what part of the organization: `All sites`.
    pub scope: String,
    /// When it was made, on the organization's clock: `21 Nov 2026, 12:30 (Africa/Johannesburg)`.
    pub generated: String,
    /// The same moment, for the file's own record of it.
    #[serde(skip)]
    pub generated_at: DateTime<Utc>,
    /// What it says, in order.
    pub blocks: Vec<Block>,
}

/// A part of a report.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Block {
    /// The title of a part; stays with what follows.
    Heading {
        /// Its words.
        text: String,
        /// The question it answers, in a sentence; empty: none.
        lead: String,
    },
    /// Sentences.
    Paragraph {
        /// They.
        text: String,
    },
    /// Something that must not be overlooked: that a period has not ended.
    Notice {
        /// It.
        text: String,
    },
    /// Lists of sentences side by side, each under its title.
    Columns {
        /// They.
        columns: Vec<Points>,
    },
    /// Big numbers, three in a row.
    Tiles {
        /// They.
        tiles: Vec<Tile>,
    },
    /// A table. It may run over pages; a row never does, and the head stands on each.
    Table(Table),
    /// Charts side by side, one or two.
    Figures {
        /// They.
        figures: Vec<Drawing>,
    },
    /// Small trends, four in a row.
    Multiples {
        /// They.
        multiples: Vec<Multiple>,
    },
    /// How numbers are computed: a term and what it means.
    Terms {
        /// They.
        terms: Vec<(String, String)>,
    },
    /// What follows begins a page.
    PageBreak,
}

/// A list of sentences under a title.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Points {
    /// Its title.
    pub title: String,
    /// What stands where there is none.
    pub nothing: String,
    /// They.
    pub points: Vec<String>,
}

/// How a number stands: a shape and a word, never a colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Light {
    /// `on`, `watch`, `off` or `none`: which shape is drawn.
    pub shape: &'static str,
    /// The word beside it.
    pub word: &'static str,
}

/// A big number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tile {
    /// What it is.
    pub label: String,
    /// The number, or `n/a`.
    pub value: String,
    /// What it counts, where the number does not say.
    pub unit: String,
    /// Whether it is where it should be.
    pub light: Option<Light>,
    /// What stands beside the light: `target 95.0 %`.
    pub target: String,
    /// What it is compared with, and its sample.
    pub lines: Vec<String>,
    /// How it is computed: a footnote.
    pub how: String,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Words, to the left.
    Text,
    /// Numbers, to the right.
    Number,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its heading, unit included.
    pub label: String,
    /// What it holds.
    pub kind: Kind,
}

/// Whether a cell is called out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Better than chance explains.
    Better,
    /// Worse than chance explains.
    Worse,
}

impl Mark {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
        }
    }
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// Whether it is called out, by a shape beside its text.
    pub mark: Option<Mark>,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, mark: None }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// What it holds, in a sentence.
    pub caption: String,
    /// Its columns; the first names the row.
    pub columns: Vec<Column>,
    /// One cell for each column.
    pub rows: Vec<Vec<Cell>>,
    /// Whether the last row is the sum of those above.
    pub has_total: bool,
    /// What must be said about it, such as how many rows of how many; empty: nothing.
    pub note: String,
}

/// A small trend with its name and last value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Multiple {
    /// What it is the trend of.
    pub name: String,
    /// The last value.
    pub value: String,
    /// The trend, drawn; its words are the alternative text.
    pub picture: Picture,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn text(label: &str) -> Self {
        Self { label: label.into(), kind: Kind::Text }
    }

    /// A column of numbers.
    #[must_use]
    pub fn number(label: &str) -> Self {
        Self { label: label.into(), kind: Kind::Number }
    }
}

impl Block {
    /// The title of a part, and the question it answers.
    #[must_use]
    pub fn heading(text: &str, lead: &str) -> Self {
        Self::Heading { text: text.into(), lead: lead.into() }
    }

    /// One chart, as wide as the page.
    #[must_use]
    pub fn figure(figure: &Figure) -> Self {
        Self::Figures { figures: vec![Drawing::wide(figure)] }
    }

    /// Two charts side by side.
    #[must_use]
    pub fn pair(left: &Figure, right: &Figure) -> Self {
        Self::Figures { figures: vec![Drawing::half(left), Drawing::half(right)] }
    }

    /// What it says, line by line.
    fn lines(&self) -> Vec<String> {
        match self {
            Self::Heading { text, lead } => vec![String::new(), format!("## {text}"), lead.clone()],
            Self::Paragraph { text } => vec![text.clone()],
            Self::Notice { text } => vec![format!("! {text}")],
            Self::Columns { columns } => columns.iter().flat_map(Points::lines).collect(),
            Self::Tiles { tiles } => tiles.iter().flat_map(Tile::lines).collect(),
            Self::Table(table) => table.lines(),
            Self::Figures { figures } => {
                figures.iter().map(|figure| format!("[{}] {}", figure.title, figure.picture.said)).collect()
            }
            Self::Multiples { multiples } => {
                multiples.iter().map(|one| format!("{}: {}", one.picture.said, one.value)).collect()
            }
            Self::Terms { terms } => terms.iter().map(|(term, means)| format!("{term}: {means}")).collect(),
            Self::PageBreak => Vec::new(),
        }
    }
}

impl Points {
    fn lines(&self) -> Vec<String> {
        let points = self.points.iter().map(|point| format!("- {point}"));
        let nothing = self.points.is_empty().then(|| self.nothing.clone());
        std::iter::once(format!("# {}", self.title)).chain(points).chain(nothing).collect()
    }
}

impl Tile {
    fn lines(&self) -> Vec<String> {
        let light = self.light.map(|light| format!("; {}", light.word)).unwrap_or_default();
        let target = if self.target.is_empty() { String::new() } else { format!(", {}", self.target) };
        let value = format!("{} {}", self.value, self.unit);
        let first = format!("{}: {}{light}{target}", self.label, value.trim_end());
        std::iter::once(first).chain(self.lines.iter().map(|line| format!("  {line}"))).collect()
    }
}

impl Table {
    fn lines(&self) -> Vec<String> {
        let said = |cell: &Cell| match cell.mark.map(Mark::word) {
            Some(word) if word != cell.text => format!("{} ({word})", cell.text),
            _ => cell.text.clone(),
        };
        let heads: Vec<&str> = self.columns.iter().map(|column| column.label.as_str()).collect();
        let rows = self.rows.iter().map(|row| row.iter().map(said).collect::<Vec<_>>().join(" | "));
        let note = Some(self.note.clone()).filter(|note| !note.is_empty());
        [self.caption.clone(), heads.join(" | ")].into_iter().chain(rows).chain(note).collect()
    }
}

impl Document {
    /// All its words, for those who do not see pages, and for tests.
    #[must_use]
    pub fn text(&self) -> String {
        let head = [
            format!("{}, {}", self.title, self.organization),
            format!("{}; {}", self.period, self.scope),
            format!("Generated {}", self.generated),
        ];
        let lines: Vec<String> = head.into_iter().chain(self.blocks.iter().flat_map(Block::lines)).collect();
        lines.join("\n").replace('\u{a0}', " ")
    }
}
