//! Does a file name any row twice? Most do not, and proving that while reading spares the database a sort.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};

use super::column::{Column, Kind};

/// How many keys are remembered, as 8 bytes each: at most about 20 MB, however long the file is.
const MOST: usize = 1_800_000;

/// The natural keys read so far.
#[derive(Debug, Default)]
pub(super) struct Keys {
    seen: HashSet<u64, RandomState>,
    doubtful: bool,
}

impl Keys {
    /// Moments can be written in several ways, so keys that hold one are left to the database.
    pub fn of(columns: &[Column], natural_key: &[&str]) -> Self {
        let in_key = |column: &&Column| natural_key.contains(&column.name);
        let doubtful = columns.iter().filter(in_key).any(|column| column.kind == Kind::Moment);
        Self { doubtful, ..Self::default() }
    }

    /// Whether it still makes a difference to add keys.
    pub fn are_wanted(&self) -> bool {
        !self.doubtful
    }

    /// A row has this key, given as the bytes of its columns in their order.
    pub fn add<'a>(&mut self, parts: impl Iterator<Item = &'a [u8]>) {
        let mut hasher = self.seen.hasher().build_hasher();
        parts.for_each(|part| hasher.write(part));
        if !self.seen.insert(hasher.finish()) || self.seen.len() > MOST {
            *self = Self { doubtful: true, ..Self::default() };
        }
    }

    /// Whether it is certain that no key came twice.
    pub fn are_distinct(&self) -> bool {
        !self.doubtful
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::Table;

    fn keys(table: Table) -> Keys {
        Keys::of(table.columns(), table.natural_key())
    }

    #[test]
    fn a_key_that_comes_twice_is_noticed() {
        let mut keys = keys(Table::Checkpoints);
        for key in ["a", "b", "c"] {
            keys.add([key.as_bytes(), b"1"].into_iter());
        }
        assert!(keys.are_distinct());
        keys.add([&b"b"[..], b"1"].into_iter());
        assert!(!keys.are_distinct());
    }

    #[test]
    fn keys_with_a_moment_are_left_to_the_database() {
        assert!(!keys(Table::ShiftOffers).are_distinct());
        assert!(keys(Table::Attendance).are_distinct());
    }
}
