//! The roster's filter, order and page as they stand in the address.

use serde::{Deserialize, Serialize};

use super::roster::{Member, Pattern, Roster, Row};
use crate::scoring::{Band, Component};
use crate::{Error, Result};

/// Rows on a page of the roster.
pub const PAGE: usize = 25;
/// No roster is turned further.
const LAST_PAGE: usize = 500;

/// The filter as typed; an empty field is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterFilter {
    /// A band's code, or `none`: no score yet.
    pub band: Option<String>,
    /// A job role, word for word.
    pub role: Option<String>,
    /// `day` or `night`.
    pub pattern: Option<String>,
    /// `name`, `role`, `bpi`, `shifts` or a component's code.
    pub sort: Option<String>,
    /// `asc` or `desc`.
    pub order: Option<String>,
    /// From 1.
    pub page: Option<String>,
}

/// What the roster is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Name,
    Role,
    Bpi,
    Shifts,
    Of(Component),
}

/// What has been understood.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Asked {
    band: Option<Option<Band>>,
    role: Option<String>,
    pattern: Option<Pattern>,
    by: By,
    descending: bool,
    page: usize,
}

fn given(field: Option<&str>) -> Option<&str> {
    field.map(str::trim).filter(|text| !text.is_empty())
}

fn wrong<T>(field: &str, text: &str, words: &str) -> Result<T> {
    let shown: String = text.chars().take(30).collect();
    Err(Error::Invalid(format!("‘{shown}’ is no {field}: choose {words}.")))
}

impl RosterFilter {
    /// Whether any of the filters is set.
    #[must_use]
    pub fn narrows(&self) -> bool {
        [&self.band, &self.role, &self.pattern].into_iter().any(|field| given(field.as_deref()).is_some())
    }

    pub(super) fn resolve(&self) -> Result<Asked> {
        let band = match given(self.band.as_deref()) {
            None => None,
            Some("none") => Some(None),
            Some(code) => match Band::ALL.into_iter().find(|band| band.code() == code) {
                Some(band) => Some(Some(band)),
                None => {
                    return wrong("band", code, "needs_support, developing, solid, strong, exceptional or none");
                }
            },
        };
        let pattern = match given(self.pattern.as_deref()) {
            None => None,
            Some("day") => Some(Pattern::Day),
            Some("night") => Some(Pattern::Night),
            Some(text) => return wrong("shift pattern", text, "day or night"),
        };
        let by = match given(self.sort.as_deref()) {
            None | Some("name") => By::Name,
            Some("role") => By::Role,
            Some("bpi") => By::Bpi,
            Some("shifts") => By::Shifts,
            Some(code) => match Component::ALL.iter().find(|component| component.code() == code) {
                Some(component) => By::Of(*component),
                None => return wrong("column to sort by", code, "one of the table's headings"),
            },
        };
        let descending = match given(self.order.as_deref()) {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(text) => return wrong("order", text, "asc or desc"),
        };
        let page = match given(self.page.as_deref()) {
            None => 1,
            Some(text) => match text.parse().ok().filter(|page| (1..=LAST_PAGE).contains(page)) {
                Some(page) => page,
                None => return wrong("page", text, "a number from 1 to 500"),
            },
        };
        Ok(Asked { band, role: given(self.role.as_deref()).map(str::to_owned), pattern, by, descending, page })
    }
}

impl Asked {
    fn takes(&self, member: &Member) -> bool {
        self.band.is_none_or(|band| band == member.band())
            && self.role.as_ref().is_none_or(|role| *role == member.job_role)
            && self.pattern.is_none_or(|pattern| pattern == member.pattern())
    }

    /// Filters, sorts and cuts the page; who has no value to sort by comes last either way, and names decide between equals.
    pub(super) fn arrange(&self, members: &[Member]) -> Roster {
        let mut found: Vec<&Member> = members.iter().filter(|member| self.takes(member)).collect();
        let value = |member: &Member| match self.by {
            By::Name | By::Role => None,
            By::Bpi => member.bpi,
            By::Shifts => Some(member.shifts as f64),
            By::Of(component) => member.score(component),
        };
        found.sort_by(|a, b| {
            let order = match self.by {
                By::Name => a.name.cmp(&b.name),
                By::Role => a.job_role.cmp(&b.job_role),
                _ => match (value(a), value(b)) {
                    (Some(x), Some(y)) => x.total_cmp(&y),
                    // Against the direction, so that it is last in both.
                    (Some(_), None) => return std::cmp::Ordering::Less,
                    (None, Some(_)) => return std::cmp::Ordering::Greater,
                    (None, None) => std::cmp::Ordering::Equal,
                },
            };
            let order = if self.descending { order.reverse() } else { order };
            order.then_with(|| a.name.cmp(&b.name)).then_with(|| a.worker.cmp(&b.worker))
        });
        let rows = found.iter().skip((self.page - 1) * PAGE).take(PAGE);
        let mut roles: Vec<String> = members.iter().map(|member| member.job_role.clone()).collect();
        roles.sort();
        roles.dedup();
        Roster {
            team: members.len(),
            found: found.len(),
            page: self.page,
            more: found.len() > self.page * PAGE,
            roles,
            rows: rows.map(|member| Row { member: (*member).clone(), trend: Vec::new() }).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::units::WorkerId;

    fn member(name: &str, role: &str, bpi: Option<f64>, nights: i64) -> Member {
        Member {
            worker: WorkerId(Uuid::from_u128(name.bytes().map(u128::from).sum())),
            name: name.into(),
            employee_number: name.into(),
            job_role: role.into(),
            left_on: None,
            bpi,
            scores: [bpi, None, None, None, None],
            shifts: 10,
            shifts_scored: 10,
            attended: 10,
            on_time: 10,
            night_shifts: nights,
        }
    }

    fn team() -> Vec<Member> {
        vec![
            member("Cid", "guard", Some(72.0), 0),
            member("Ana", "guard", Some(91.0), 10),
            member("Ben", "cleaner", None, 0),
            member("Dia", "cleaner", Some(72.0), 5),
        ]
    }

    #[track_caller]
    fn check(address: &str, expected: &[&str]) {
        let filter: RosterFilter = serde_json::from_value(
            address
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .map(|(key, value)| (key.to_owned(), serde_json::Value::from(value)))
                .collect(),
        )
        .unwrap();
        let roster = filter.resolve().unwrap().arrange(&team());
        let names: Vec<&str> = roster.rows.iter().map(|row| row.member.name.as_str()).collect();
        assert_eq!(names, expected, "{address}");
    }

    #[test]
    fn the_roster_is_filtered_sorted_and_turned_by_address() {
        check("", &["Ana", "Ben", "Cid", "Dia"]);
        check("order=desc", &["Dia", "Cid", "Ben", "Ana"]);
        check("sort=bpi&order=desc", &["Ana", "Cid", "Dia", "Ben"]);
        check("sort=bpi", &["Cid", "Dia", "Ana", "Ben"]);
        check("band=solid", &["Cid", "Dia"]);
        check("band=none", &["Ben"]);
        check("role=cleaner", &["Ben", "Dia"]);
        check("pattern=night", &["Ana", "Dia"]);
        check("pattern=day&role=guard&band=", &["Cid"]);
        check("page=2", &[]);
    }

    #[test]
    fn a_column_that_is_not_there_is_no_way_into_the_query() {
        for (field, value) in [("sort", "name; drop table"), ("order", "down"), ("band", "bad"), ("page", "0")] {
            let filter: RosterFilter =
                serde_json::from_value([(field.to_owned(), serde_json::Value::from(value))].into_iter().collect())
                    .unwrap();
            assert!(matches!(filter.resolve(), Err(Error::Invalid(_))), "{field}={value}");
        }
    }
}
