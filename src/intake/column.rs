//! What a column of an import file may hold, as data: validation, template and documentation are made from it.

use super::table::Table;

/// What a value must look like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A business reference: at most 100 characters on one line.
    Code,
    /// Text of at most so many characters.
    Text(usize),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A whole number, bounds included.
    Whole(i32, i32),
    /// A decimal number with at most two decimals, not negative, up to this.
    Hundredths(u32),
    /// Money: a decimal number with at most three decimals, not negative, up to this. Whether the currency has so many
    /// decimals is for the rules of the table.
    Amount(u32),
    /// A decimal number, bounds included.
    Number(f64, f64),
    /// A day as 2025-12-31, from this year on, at most so many years ahead.
    Date(i32, i32),
    /// A moment as 2025-12-31T18:00:00+02:00, or without offset in the local time of the row's site.
    Moment,
    /// A time of day as 06:30, kept as minutes after midnight; 24:00 is the end of a day.
    Clock,
    /// `true` or `false` (also yes, no, 1, 0).
    Flag,
    /// An IANA time zone such as Africa/Johannesburg.
    Zone,
    /// Words separated by semicolons.
    List,
    /// The natural key of a row of another table.
    Ref(Table),
}

impl Kind {
    /// What is expected, in words.
    #[must_use]
    pub fn expects(self) -> String {
        match self {
            Self::Code => "text of up to 100 characters on one line".into(),
            Self::Text(most) => format!("text of up to {most} characters"),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Whole(least, i32::MAX) => format!("a whole number from {least}"),
            Self::Whole(least, most) => format!("a whole number from {least} to {most}"),
            Self::Hundredths(most) => format!("a number from 0 to {most} with up to two decimals, as 1234.50"),
            Self::Amount(most) => {
                format!("an amount from 0 to {most} with no more decimals than the currency has, as 1234.50")
            }
            Self::Number(least, most) => format!("a number from {least} to {most}"),
            Self::Date(..) => "a date as 2025-12-31".into(),
            Self::Moment => {
                "a time as 2025-12-31T18:00:00+02:00, or 2025-12-31 18:00:00 in the site's local time".into()
            }
            Self::Clock => "a time of day as 06:30, 24:00 for its end".into(),
            Self::Flag => "true or false".into(),
            Self::Zone => "an IANA time zone as Africa/Johannesburg".into(),
            Self::List => "words separated by semicolons".into(),
            Self::Ref(table) => format!("the {} of a row of {table}", reference_column(table)),
        }
    }

    /// The type of its column in the staging table.
    pub(super) fn staged_as(self) -> &'static str {
        match self {
            Self::Code | Self::Text(_) | Self::Word(_) | Self::Zone | Self::List | Self::Ref(_) => "text",
            Self::Whole(..) | Self::Clock => "integer",
            Self::Hundredths(_) | Self::Amount(_) => "bigint",
            Self::Number(..) => "double precision",
            Self::Date(..) => "date",
            Self::Moment => "timestamptz",
            Self::Flag => "boolean",
        }
    }
}

/// The column by which other tables refer to a row of `table`.
pub(super) fn reference_column(table: Table) -> &'static str {
    match table {
        Table::Workers => "employee_number",
        Table::Clients | Table::Sites => "code",
        _ => "ref",
    }
}

/// One column of an import file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// Its name in the header row.
    pub name: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// Whether it must be there and filled in every row.
    pub required: bool,
    /// What it means, in a sentence.
    pub doc: &'static str,
    /// SQL for the value of an empty field, where that is not null.
    pub(super) default: Option<&'static str>,
    /// The column of the fact table it fills, where that is not the usual one.
    pub(super) fills: Option<&'static str>,
}

impl Column {
    pub(super) const fn required(name: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self { name, kind, required: true, doc, default: None, fills: None }
    }

    pub(super) const fn optional(name: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self { name, kind, required: false, doc, default: None, fills: None }
    }

    pub(super) const fn or(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    pub(super) const fn filling(self, target: &'static str) -> Self {
        Self { fills: Some(target), ..self }
    }

    /// The column of the fact table it fills.
    pub(super) fn target(&self) -> String {
        match (self.fills, self.kind) {
            (Some(target), _) => target.into(),
            (None, Kind::Ref(_)) => format!("{}_id", self.name),
            (None, _) => self.name.into(),
        }
    }
}
