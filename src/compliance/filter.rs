//! What the page shows as it stands in the address: site, period, kind, which list, its order and page.

use serde::{Deserialize, Serialize};

use chrono::NaiveDate;

use super::hours::Rule;
use super::incidents::State;
use super::standing::{Kind, Standing};
use crate::metrics::Period;
use crate::units::SiteId;
use crate::{Error, Result};

/// Rows of a page.
pub const PAGE: usize = 25;
const LAST_PAGE: usize = 500;

/// The filter as typed; an empty field is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// A site's id.
    pub site: Option<String>,
    /// First day of the period, `YYYY-MM-DD`.
    pub from: Option<String>,
    /// Last day of the period, `YYYY-MM-DD`.
    pub to: Option<String>,
    /// The code of a [`Kind`].
    pub kind: Option<String>,
    /// The code of a [`Section`].
    pub show: Option<String>,
    /// The word of a [`Standing`]: which people are listed.
    pub standing: Option<String>,
    /// The code of a [`Rule`]: which breaches are listed.
    pub rule: Option<String>,
    /// The word of a [`State`]: which incidents are listed.
    pub state: Option<String>,
    /// A column of the table of sites.
    pub sort: Option<String>,
    /// `asc` or `desc`.
    pub order: Option<String>,
    /// From 1.
    pub page: Option<String>,
}

/// What of the page is shown below the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// What runs out before a shift that is planned.
    Alerts,
    /// What is asked for, site by site.
    Matrix,
    /// Whose is to be seen to.
    People,
    /// Working time.
    Hours,
    /// Incidents.
    Incidents,
    /// Whether changes were written down.
    Trail,
}

impl Section {
    /// All, in the order of the page.
    pub const ALL: [Self; 6] = [Self::Alerts, Self::Matrix, Self::People, Self::Hours, Self::Incidents, Self::Trail];

    /// Its name in an address.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Alerts => "alerts",
            Self::Matrix => "matrix",
            Self::People => "people",
            Self::Hours => "hours",
            Self::Incidents => "incidents",
            Self::Trail => "trail",
        }
    }

    /// What a page calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Alerts => "Alerts",
            Self::Matrix => "Certifications and training",
            Self::People => "To act on",
            Self::Hours => "Working time",
            Self::Incidents => "Incidents",
            Self::Trail => "Audit trail",
        }
    }
}

/// What has been understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// One site, or all of the scope.
    pub site: Option<SiteId>,
    /// The period of what happened.
    pub period: Period,
    /// The day on which standings are judged.
    pub today: NaiveDate,
    /// One kind of requirement, or all.
    pub kind: Option<Kind>,
    /// What is shown.
    pub show: Section,
    /// Which people are listed; `None`: all but those in order for more than 90 days.
    pub standing: Option<Standing>,
    /// Which breaches are listed.
    pub rule: Option<Rule>,
    /// Which incidents are listed.
    pub state: State,
    /// The column by which sites are sorted; `None`: by what needs looking at most.
    pub sort: Option<&'static str>,
    /// Largest first.
    pub descending: bool,
    /// From 1.
    pub page: usize,
}

/// The columns by which the tables of sites can be sorted.
pub const COLUMNS: [&str; 12] = [
    "site", "required", "in_order", "missing", "expired", "14", "30", "shifts", "breaches", "rate", "open", "reported",
];

fn given(field: Option<&str>) -> Option<&str> {
    field.map(str::trim).filter(|text| !text.is_empty())
}

fn chosen<T: Copy>(field: &str, text: Option<&str>, words: &[(T, &str)]) -> Result<Option<T>> {
    let Some(text) = given(text) else { return Ok(None) };
    words.iter().find(|(_, word)| *word == text).map(|(value, _)| Some(*value)).ok_or_else(|| {
        let shown: String = text.chars().take(30).collect();
        let words: Vec<&str> = words.iter().map(|(_, word)| *word).collect();
        Error::Invalid(format!("‘{shown}’ is no choice for ‘{field}’: choose {}.", words.join(", ")))
    })
}

impl Filter {
    /// Understands it, given the last complete day and today. Without dates the period is the 28 days that end with the
    /// last complete one.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what to type instead.
    pub fn resolve(&self, last_complete: NaiveDate, today: NaiveDate) -> Result<Asked> {
        let dates = crate::me::Filter { from: self.from.clone(), to: self.to.clone(), days: None };
        let (period, _) = dates.resolve(last_complete)?;
        let no_site = |_| Error::Invalid("The address names no site: choose one from the list.".into());
        let page = match given(self.page.as_deref()) {
            None => 1,
            Some(text) => text
                .parse()
                .ok()
                .filter(|page| (1..=LAST_PAGE).contains(page))
                .ok_or_else(|| Error::Invalid(format!("Pages are numbered from 1 to {LAST_PAGE}.")))?,
        };
        let sort = chosen("sort", self.sort.as_deref(), &COLUMNS.map(|column| (column, column)))?;
        Ok(Asked {
            site: given(self.site.as_deref()).map(str::parse).transpose().map_err(no_site)?,
            period,
            today,
            kind: chosen("kind", self.kind.as_deref(), &Kind::ALL.map(|kind| (kind, kind.code())))?,
            show: chosen("show", self.show.as_deref(), &Section::ALL.map(|it| (it, it.code())))?
                .unwrap_or(Section::Alerts),
            standing: chosen("standing", self.standing.as_deref(), &Standing::ALL.map(|it| (it, it.word())))?,
            rule: chosen("rule", self.rule.as_deref(), &Rule::ALL.map(|rule| (rule, rule.code())))?,
            state: chosen("state", self.state.as_deref(), &State::ALL.map(|state| (state, state.word())))?
                .unwrap_or(State::Open),
            descending: chosen("order", self.order.as_deref(), &[(false, "asc"), (true, "desc")])?
                .unwrap_or(sort != Some("site")),
            sort,
            page,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn resolve(filter: &Filter) -> Result<Asked> {
        filter.resolve(day("2026-03-28"), day("2026-03-29"))
    }

    #[test]
    fn without_words_it_is_the_alerts_of_28_days() {
        let asked = resolve(&Filter::default()).unwrap();
        assert_eq!((asked.show, asked.state, asked.page, asked.site), (Section::Alerts, State::Open, 1, None));
        assert_eq!((asked.period.days(), asked.period.last), (28, day("2026-03-28")));
    }

    #[test]
    fn nonsense_is_told_what_to_choose() {
        let check = |filter: Filter, hint: &str| {
            let answer = resolve(&filter).unwrap_err().to_string();
            assert!(answer.contains(hint), "{answer}");
        };
        let some = |text: &str| Some(text.to_owned());
        check(Filter { kind: some("pass"), ..Filter::default() }, "certification, training, registration");
        check(Filter { show: some("secrets"), ..Filter::default() }, "alerts, matrix");
        check(Filter { rule: some("rests"), ..Filter::default() }, "overlap, rest");
        check(Filter { state: some("closed"), ..Filter::default() }, "open, resolved");
        check(Filter { standing: some("7"), ..Filter::default() }, "missing, expired, 14");
        check(Filter { sort: some("name; drop table"), ..Filter::default() }, "site, required");
        check(Filter { site: some("home"), ..Filter::default() }, "names no site");
        check(Filter { page: some("0"), ..Filter::default() }, "from 1");
        check(Filter { from: some("soon"), ..Filter::default() }, "2026-03-31");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,12}", date in "[0-9-]{0,12}") {
            let some = Some(text);
            let filter = Filter { site: some.clone(), show: some.clone(), page: some.clone(), sort: some, from: Some(date), ..Filter::default() };
            let _ = resolve(&filter);
        }
    }
}
