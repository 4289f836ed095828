//! What a chart means.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::format;

/// What the numbers of a figure count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Points of a score, one decimal.
    Points,
    /// Per cent, 0–100, one decimal.
    Percent,
    /// Hours, one decimal.
    Hours,
    /// Minutes, one decimal.
    Minutes,
    /// Whole things, named in the plural: "shifts".
    Count(String),
    /// Anything else, one decimal, named.
    Other(String),
    /// How many times one thing is another, two decimals, named.
    Ratio(String),
}

impl Unit {
    /// Its name, as said after a number.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Points => "points",
            Self::Percent => "%",
            Self::Hours => "hours",
            Self::Minutes => "minutes",
            Self::Count(name) | Self::Other(name) | Self::Ratio(name) => name,
        }
    }

    /// Digits after the decimal point.
    #[must_use]
    pub fn decimals(&self) -> usize {
        match self {
            Self::Count(_) => 0,
            Self::Ratio(_) => 2,
            _ => 1,
        }
    }

    /// The bare number: `72.4`, `85.0 %`.
    #[must_use]
    pub fn value(&self, value: f64) -> String {
        self.with_sign(format::number(value, self.decimals()))
    }

    /// The bare number with its sign, for a change: `+2.1`, `−0.4`; between rates `+8.3 points`, because per cent of a rate
    /// would be something else.
    #[must_use]
    pub fn change(&self, value: f64) -> String {
        let number = format::signed(value, self.decimals());
        if *self == Self::Percent { format!("{number}\u{a0}points") } else { number }
    }

    /// By how many per cent something grew, with its sign: `+12.5 %`.
    #[must_use]
    pub fn growth(percent: f64) -> String {
        Self::Percent.with_sign(format::signed(percent, Self::Percent.decimals()))
    }

    /// How far two values lie apart, without a sign: between rates points.
    #[must_use]
    pub fn distance(&self, value: f64) -> String {
        let number = format::number(value.abs(), self.decimals());
        if *self == Self::Percent { format!("{number} points") } else { number }
    }

    fn with_sign(&self, number: String) -> String {
        if *self == Self::Percent { format!("{number}\u{a0}%") } else { number }
    }
}

/// Where the points of all series lie.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// Days, oldest first.
    Days(Vec<NaiveDate>),
    /// Named things, in their order.
    Categories(Vec<String>),
    /// Numbers, lowest first.
    Numbers(Vec<f64>),
}

impl Axis {
    /// How many places it has.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Days(days) => days.len(),
            Self::Categories(names) => names.len(),
            Self::Numbers(numbers) => numbers.len(),
        }
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The name of one place, as in a table.
    #[must_use]
    pub fn label(&self, at: usize) -> String {
        match self {
            Self::Days(days) => days.get(at).copied().map(format::day_and_year),
            Self::Categories(names) => names.get(at).cloned(),
            Self::Numbers(numbers) => numbers.get(at).map(|number| format::number(*number, 1)),
        }
        .unwrap_or_default()
    }
}

/// How a series is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// A line from point to point.
    Line,
    /// A line that holds its value until the next point.
    Step,
    /// A line and what lies under it.
    Area,
    /// Upright bars.
    Bar,
    /// What lies between a low and a high value.
    Band,
    /// A point by itself.
    Point,
}

/// What a series is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Emphasis {
    /// What the figure is about.
    Main,
    /// What it is compared with.
    Context,
}

/// One series: a value, or nothing, for each place of the axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// How it is drawn.
    pub mark: Mark,
    /// What it is there for.
    pub emphasis: Emphasis,
    /// Its values; for a band the high ones.
    pub points: Vec<Option<f64>>,
    /// The low values of a band.
    pub low: Vec<Option<f64>>,
}

impl Series {
    /// The value at a place, if there is one that can be drawn.
    #[must_use]
    pub fn at(&self, place: usize) -> Option<f64> {
        self.points.get(place).copied().flatten().filter(|value| value.is_finite())
    }

    /// The low value at a place of a band.
    #[must_use]
    pub fn low_at(&self, place: usize) -> Option<f64> {
        self.low.get(place).copied().flatten().filter(|value| value.is_finite())
    }
}

/// A line that values are read against: a target, a limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// What it is.
    pub label: String,
    /// Where it lies.
    pub value: f64,
}

/// A range of values with a name, such as a score band.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Zone {
    /// Its name.
    pub label: String,
    /// Lowest value in it.
    pub from: f64,
    /// First value above it.
    pub to: f64,
}

/// The range of values that is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// What the data need; from zero where bars or areas are drawn; whole zones where there are zones.
    Auto,
    /// From one value to another; what lies beyond is drawn at the edge.
    Fixed(f64, f64),
}

/// The kind of drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Values over an axis.
    Plot,
    /// One horizontal bar per category; a context series is a tick on it.
    Bars,
    /// From a first value over changes to a last one.
    Waterfall,
    /// How many have which value: one bar per step of a scale that reaches from the first zone to the last.
    Histogram,
    /// Points over how much was judged, within limits that narrow with it; the first band has the widest.
    Funnel,
}

/// What a chart means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Its name on the page; anything but letters, digits and dashes is dropped where it is used.
    pub id: String,
    /// What it shows, in a few words.
    pub title: String,
    /// The question it answers.
    pub question: String,
    /// What its numbers count.
    pub unit: Unit,
    /// What the places of the axis are: "Day".
    pub places: String,
    /// The kind of drawing.
    pub form: Form,
    /// Where the points lie.
    pub x: Axis,
    /// What the places are called, where the axis does not say.
    #[serde(default)]
    pub names: Vec<String>,
    /// What is drawn, in the order of the legend.
    pub series: Vec<Series>,
    /// The range of values.
    pub scale: Scale,
    /// Lines to read against.
    pub references: Vec<Reference>,
    /// Named ranges of values, lowest first.
    pub zones: Vec<Zone>,
    /// The first place of a period that has not ended: dashed, and left out of the sentence's change.
    pub open_from: Option<usize>,
    /// What must be said about the numbers, such as that the sample is small.
    pub note: Option<String>,
}

impl Figure {
    /// A figure without series yet.
    #[must_use]
    pub fn new(id: &str, title: &str, question: &str, unit: Unit, x: Axis) -> Self {
        let places = match &x {
            Axis::Days(_) => "Day",
            Axis::Categories(_) => "Category",
            Axis::Numbers(_) => "Value",
        };
        Self {
            id: id.into(),
            title: title.into(),
            question: question.into(),
            unit,
            places: places.into(),
            form: Form::Plot,
            x,
            names: Vec::new(),
            series: Vec::new(),
            scale: Scale::Auto,
            references: Vec::new(),
            zones: Vec::new(),
            open_from: None,
            note: None,
        }
    }

    /// Horizontal bars, one per category.
    #[must_use]
    pub fn bars(id: &str, title: &str, question: &str, unit: Unit, bars: Vec<(String, Option<f64>)>) -> Self {
        let (names, values) = bars.into_iter().unzip();
        let mut figure = Self::new(id, title, question, unit, Axis::Categories(names));
        figure.form = Form::Bars;
        let name = figure.title.clone();
        figure.with(&name, Mark::Bar, Emphasis::Main, values)
    }

    /// How many have which value: the places are equal steps of the scale that the zones cover.
    #[must_use]
    pub fn histogram(id: &str, title: &str, question: &str, unit: Unit, bars: Vec<(String, Option<f64>)>) -> Self {
        Self { form: Form::Histogram, ..Self::bars(id, title, question, unit, bars) }
    }

    /// Makes it a funnel: named points over how much was judged.
    #[must_use]
    pub fn funnel(self, names: Vec<String>) -> Self {
        Self { form: Form::Funnel, names, ..self }
    }

    /// What a place is called: its name with where it lies on the axis, or the axis' own label.
    #[must_use]
    pub fn place(&self, at: usize) -> String {
        match (self.names.get(at), &self.x) {
            (Some(name), Axis::Numbers(numbers)) => {
                format!("{name}, {}", format::number(numbers.get(at).copied().unwrap_or_default(), 0))
            }
            (Some(name), _) => name.clone(),
            (None, _) => self.x.label(at),
        }
    }

    /// From a first value over changes to a last one. The last is as given, not summed, so that both can be checked.
    #[must_use]
    pub fn waterfall(
        id: &str,
        title: &str,
        question: &str,
        unit: Unit,
        from: (String, f64),
        steps: Vec<(String, f64)>,
        to: (String, f64),
    ) -> Self {
        let (names, values) =
            [from].into_iter().chain(steps).chain([to]).map(|(name, value)| (name, Some(value))).unzip();
        let mut figure = Self::new(id, title, question, unit, Axis::Categories(names));
        figure.form = Form::Waterfall;
        figure.places = "Step".into();
        let name = figure.title.clone();
        figure.with(&name, Mark::Bar, Emphasis::Main, values)
    }

    /// Adds a series.
    #[must_use]
    pub fn with(mut self, name: &str, mark: Mark, emphasis: Emphasis, points: Vec<Option<f64>>) -> Self {
        self.series.push(Series { name: name.into(), mark, emphasis, points, low: Vec::new() });
        self
    }

    /// Adds a band between low and high values.
    #[must_use]
    pub fn with_band(mut self, name: &str, low: Vec<Option<f64>>, high: Vec<Option<f64>>) -> Self {
        self.series.push(Series {
            name: name.into(),
            mark: Mark::Band,
            emphasis: Emphasis::Context,
            points: high,
            low,
        });
        self
    }

    /// Adds a line to read against.
    #[must_use]
    pub fn with_reference(mut self, label: &str, value: f64) -> Self {
        self.references.push(Reference { label: label.into(), value });
        self
    }

    /// Sets the named ranges of values, each given by its name and lowest value; the last ends at `top`.
    #[must_use]
    pub fn with_zones(mut self, zones: &[(&str, f64)], top: f64) -> Self {
        let ends = zones.iter().skip(1).map(|(_, from)| *from).chain([top]);
        self.zones = zones
            .iter()
            .zip(ends)
            .map(|((label, from), to)| Zone { label: (*label).into(), from: *from, to })
            .collect();
        self
    }

    /// Sets the range of values.
    #[must_use]
    pub fn with_scale(mut self, scale: Scale) -> Self {
        self.scale = scale;
        self
    }

    /// Marks everything from a place on as not complete yet.
    #[must_use]
    pub fn open_from(mut self, place: usize) -> Self {
        self.open_from = Some(place);
        self
    }

    /// Sets what must be said about the numbers.
    #[must_use]
    pub fn with_note(mut self, note: &str) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Sets what the places of the axis are called.
    #[must_use]
    pub fn with_places(mut self, places: &str) -> Self {
        self.places = places.into();
        self
    }

    /// The series the figure is about: the first main one.
    #[must_use]
    pub fn main(&self) -> Option<&Series> {
        self.series.iter().find(|series| series.emphasis == Emphasis::Main).or(self.series.first())
    }

    /// Whether there is nothing to draw.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        // A scale on which nobody is has nothing to show; a line at nought has.
        let counts = |value: f64| self.form != Form::Histogram || value > 0.0;
        !self.series.iter().any(|series| (0..self.x.len()).any(|place| series.at(place).is_some_and(counts)))
    }

    /// Whether a place belongs to a period that has not ended.
    #[must_use]
    pub fn is_open(&self, place: usize) -> bool {
        self.open_from.is_some_and(|open| place >= open)
    }

    /// The id as it may stand in a page.
    #[must_use]
    pub fn slug(&self) -> String {
        let slug: String = self.id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        if slug.is_empty() { "figure".into() } else { slug }
    }
}
