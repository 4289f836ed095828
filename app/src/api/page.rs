//! Long lists page by page. The cursor says where the last page ended, not how many were skipped, so that nothing is shown
//! twice or left out when something new comes in between.

use chrono::DateTime;
use muster::units::Place;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::AppError;

const USUAL: usize = 50;
const MOST: usize = 100;
/// No cursor goes further: what is longer than this many pages is no list.
const LAST: usize = 1_000_000;
/// Hexadecimal digits of the moment in a cursor.
const MOMENT: usize = 16;

/// Which page of a list.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// The `next` of the page before; without it the first page.
    cursor: Option<String>,
    /// Entries of a page.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100, default = 50)]
    limit: Option<String>,
}

/// A page of a list, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The entries.
    items: Vec<T>,
    /// The cursor of the next page; null: this is the last one.
    next: Option<String>,
}

/// Which entries to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Where the page before ended.
    pub after: Option<Place>,
    limit: usize,
}

impl PageQuery {
    /// What to read.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a cursor that is none of ours and a limit out of range.
    pub fn wanted(&self) -> Result<Wanted, AppError> {
        let after = match filled(self.cursor.as_deref()) {
            None => None,
            Some(cursor) => Some(place(cursor).ok_or_else(not_ours)?),
        };
        Ok(Wanted { after, limit: limit(self.limit.as_deref(), USUAL, MOST)? })
    }
}

impl Wanted {
    /// How many to read: one more than a page, which says whether there is another page.
    #[must_use]
    pub fn read(self) -> i64 {
        self.limit as i64 + 1
    }

    /// The page made of what was read.
    pub fn page<R, T: From<R>>(self, mut read: Vec<R>, place_of: impl Fn(&R) -> Place) -> Page<T> {
        let more = read.len() > self.limit;
        read.truncate(self.limit);
        let next = read.last().filter(|_| more).map(|last| cursor(place_of(last)));
        Page { items: read.into_iter().map(T::from).collect(), next }
    }
}

/// How many entries are asked for.
///
/// # Errors
/// [`AppError::Invalid`] for what is no number from 1 to `most`.
pub fn limit(text: Option<&str>, usual: usize, most: usize) -> Result<usize, AppError> {
    let Some(text) = filled(text) else { return Ok(usual) };
    text.parse().ok().filter(|limit| (1..=most).contains(limit)).ok_or_else(|| {
        let shown: String = text.chars().take(20).collect();
        AppError::Invalid(format!("‘{shown}’ is not a limit: it is a whole number from 1 to {most}."))
    })
}

/// The cursor of the nth page of a list that is filtered and sorted anew each time, such as a roster.
#[must_use]
pub fn turn(page: usize) -> String {
    format!("p{page}")
}

/// Which page such a cursor names, from 1.
///
/// # Errors
/// [`AppError::Invalid`] for a cursor that is none of ours.
pub fn turned(cursor: Option<&str>) -> Result<usize, AppError> {
    let Some(cursor) = filled(cursor) else { return Ok(1) };
    let page = cursor.strip_prefix('p').and_then(|page| page.parse().ok());
    page.filter(|page| (1..=LAST).contains(page)).ok_or_else(not_ours)
}

fn not_ours() -> AppError {
    AppError::Invalid("The cursor is none of ours: take the ‘next’ of a page, or leave it out.".into())
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn cursor(place: Place) -> String {
    format!("{:016x}{}", place.at.timestamp_micros(), place.id.simple())
}

fn place(cursor: &str) -> Option<Place> {
    let (at, id) = cursor.split_at_checked(MOMENT)?;
    let micros = u64::from_str_radix(at, 16).ok()?;
    let at = DateTime::from_timestamp_micros(i64::try_from(micros).ok()?)?;
    (1970..3000).contains(&chrono::Datelike::year(&at)).then_some(Place { at, id: Uuid::try_parse(id).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(micros: i64) -> Place {
        Place { at: DateTime::from_timestamp_micros(micros).unwrap(), id: Uuid::now_v7() }
    }

    fn asked(cursor: &str, limit: &str) -> Result<Wanted, AppError> {
        PageQuery { cursor: Some(cursor.into()), limit: Some(limit.into()) }.wanted()
    }

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let place = at(1_774_000_000_123_456);
        assert_eq!(asked(&cursor(place), "").unwrap().after, Some(place));
    }

    #[test]
    fn a_page_has_a_next_only_when_there_is_more() {
        let read = [at(3), at(2), at(1)];
        let wanted = asked("", "2").unwrap();
        assert_eq!(wanted.read(), 3);
        let page: Page<Place> = wanted.page(read.to_vec(), |it| *it);
        assert_eq!((page.items.as_slice(), page.next), (&read[..2], Some(cursor(read[1]))));
        let page: Page<Place> = wanted.page(read[..2].to_vec(), |it| *it);
        assert_eq!((page.items.len(), page.next), (2, None));
    }

    #[test]
    fn a_page_that_was_turned_to_is_read_as_it_was_written() {
        assert_eq!((turned(None), turned(Some("")), turned(Some(&turn(7)))), (Ok(1), Ok(1), Ok(7)));
        assert_eq!(turned(Some(&turn(501))), Ok(501), "whatever is handed out is taken");
        for nonsense in ["7", "p", "p0", "p1000001", "p-1", "p99999999999999999999", "é"] {
            assert!(matches!(turned(Some(nonsense)), Err(AppError::Invalid(_))), "{nonsense}");
        }
    }

    #[test]
    fn nonsense_is_refused_in_words() {
        for nonsense in ["7", "é", "zz", &"f".repeat(48), &"0".repeat(47), &"٠".repeat(48)] {
            assert!(
                matches!(asked(nonsense, ""), Err(AppError::Invalid(text)) if text.contains("cursor")),
                "{nonsense}"
            );
        }
        for nonsense in ["0", "101", "-1", "1.5", "many", "99999999999999999999"] {
            assert!(
                matches!(asked("", nonsense), Err(AppError::Invalid(text)) if text.contains("1 to 100")),
                "{nonsense}"
            );
        }
    }
}
