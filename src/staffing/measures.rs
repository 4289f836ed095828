//! The rules: what counts as a job that found somebody, how long that took, what it brought.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::units::Rate;

/// Jobs and placements of one client in one category.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Cell<'f> {
    pub category: &'f str,
    pub client: Option<&'f str>,
    pub sums: Sums,
    pub days_to_fill: Vec<f64>,
    pub days_to_hire: Vec<f64>,
}

/// What can be added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// Jobs posted in the period.
    pub posted: i64,
    /// Of these, closed since.
    pub closed: i64,
    /// Of the closed, filled.
    pub filled: i64,
    /// Placements that began in the period.
    pub placements: i64,
    /// Their fees, in hundredths.
    pub fees: i64,
    /// Of the placements, those whose cost is known.
    pub costed: i64,
    /// What these cost, in hundredths.
    pub cost: i64,
    /// What these brought, in hundredths.
    pub costed_fees: i64,
    /// Marks from 1 to 5 given to them.
    pub marks: i64,
    /// Their sum.
    pub points: i64,
}

impl std::ops::Add for Sums {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            posted: self.posted + other.posted,
            closed: self.closed + other.closed,
            filled: self.filled + other.filled,
            placements: self.placements + other.placements,
            fees: self.fees + other.fees,
            costed: self.costed + other.costed,
            cost: self.cost + other.cost,
            costed_fees: self.costed_fees + other.costed_fees,
            marks: self.marks + other.marks,
            points: self.points + other.points,
        }
    }
}

/// How long things took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Spread {
    /// How many.
    pub n: usize,
    /// The median in days.
    pub median: Option<f64>,
    /// Nine of ten took no longer.
    pub p90: Option<f64>,
}

/// The value below which a share of sorted values lies, between neighbours by proportion.
fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * (sorted.len().checked_sub(1)?) as f64;
    let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    Some(low + (high - low) * place.fract())
}

impl Spread {
    /// Of these days.
    #[must_use]
    pub fn of(mut days: Vec<f64>) -> Self {
        days.sort_by(f64::total_cmp);
        Self { n: days.len(), median: percentile(&days, 0.5), p90: percentile(&days, 0.9) }
    }
}

/// Who stayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Stayed {
    /// For so many days.
    pub days: i64,
    /// Of those who could have by the end of the period and began in the year before that.
    pub rate: Rate,
}

/// Everything of a category, of a client, or of all.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// What can be added.
    pub sums: Sums,
    /// Days to fill a job.
    pub to_fill: Spread,
}

impl Group {
    /// All of them: each sum is that of theirs.
    #[must_use]
    pub fn total(groups: &[Self]) -> Self {
        let sums = groups.iter().map(|group| group.sums).fold(Sums::default(), std::ops::Add::add);
        Self { name: "All together".into(), sums, to_fill: Spread::default() }
    }

    /// Of the jobs posted and closed since, those that were filled.
    #[must_use]
    pub fn success(&self) -> Rate {
        Rate { hit: self.sums.filled, of: self.sums.closed }
    }

    /// Cost of a placement on average, in hundredths.
    #[must_use]
    pub fn per_placement(&self) -> Option<i64> {
        crate::finance::share(self.sums.cost, 1, self.sums.costed)
    }

    /// What a unit of money spent on placements brought beyond itself, of those whose cost is known: 0.5 is half more.
    #[must_use]
    pub fn roi(&self) -> Option<f64> {
        (self.sums.cost > 0).then(|| (self.sums.costed_fees - self.sums.cost) as f64 / self.sums.cost as f64)
    }

    /// The mean mark, and of how many.
    #[must_use]
    pub fn mark(&self) -> Option<(f64, i64)> {
        (self.sums.marks > 0).then(|| (self.sums.points as f64 / self.sums.marks as f64, self.sums.marks))
    }
}

/// By what `name` says of each cell, the largest revenue first.
pub(super) fn grouped<'f>(cells: &[Cell<'f>], name: impl Fn(&Cell<'f>) -> &'f str) -> Vec<Group> {
    let mut found: BTreeMap<&str, (Sums, Vec<f64>)> = BTreeMap::new();
    for cell in cells {
        let (sums, days) = found.entry(name(cell)).or_default();
        *sums = *sums + cell.sums;
        days.extend(&cell.days_to_fill);
    }
    let mut groups: Vec<Group> = found
        .into_iter()
        .map(|(name, (sums, days))| Group { name: name.to_owned(), sums, to_fill: Spread::of(days) })
        .filter(|group| group.sums != Sums::default() || group.to_fill.n > 0)
        .collect();
    groups.sort_by(|a, b| b.sums.fees.cmp(&a.sums.fees).then_with(|| a.name.cmp(&b.name)));
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_and_nine_of_ten_by_hand() {
        let spread = Spread::of(vec![9.0, 1.0, 5.0, 3.0]);
        assert_eq!((spread.n, spread.median), (4, Some(4.0)));
        assert!((spread.p90.unwrap() - 7.8).abs() < 1e-9, "0.7 of the way from 5 to 9");
        assert_eq!(Spread::of(vec![2.0]), Spread { n: 1, median: Some(2.0), p90: Some(2.0) });
        assert_eq!(Spread::of(Vec::new()), Spread::default());
    }

    #[test]
    fn what_is_not_known_of_a_placement_is_in_no_ratio() {
        let sums =
            Sums { placements: 3, fees: 90_000, costed: 2, cost: 40_000, costed_fees: 60_000, ..Sums::default() };
        let group = Group { sums, ..Group::default() };
        assert_eq!((group.per_placement(), group.roi()), (Some(20_000), Some(0.5)));
        assert_eq!(
            (Group::default().per_placement(), Group::default().roi(), Group::default().mark()),
            (None, None, None)
        );
    }

    #[test]
    fn the_same_cells_by_category_and_by_client_add_up_to_the_same() {
        let cell = |category: &'static str, client: &'static str, fees| Cell {
            category,
            client: Some(client),
            sums: Sums { posted: 1, fees, ..Sums::default() },
            ..Cell::default()
        };
        let cells = [cell("guard", "A", 5), cell("guard", "B", 7), cell("cleaner", "A", 9)];
        let by_category = grouped(&cells, |cell| cell.category);
        let by_client = grouped(&cells, |cell| cell.client.unwrap_or_default());
        assert_eq!(
            by_category.iter().map(|it| (it.name.as_str(), it.sums.fees)).collect::<Vec<_>>(),
            [("guard", 12), ("cleaner", 9)]
        );
        assert_eq!(by_client[0].name, "A");
        assert_eq!(Group::total(&by_category), Group::total(&by_client));
    }
}
