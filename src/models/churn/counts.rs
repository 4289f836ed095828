//! How many people are in each band, by site, for those who see no names: never a group of fewer than five, and never one
//! that can be told from the others.

use crate::units::SiteId;

/// Fewer people than this are not told apart.
const FEWEST: i64 = crate::scoring::cohort::FEWEST as i64;

/// People by band: low, medium, high; `None` where they are too few to be told apart.
pub type Bands = [Option<i64>; 3];

/// A site's people by band.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteCounts {
    /// Which site.
    pub site: SiteId,
    /// Its name.
    pub name: String,
    /// People by band.
    pub bands: Bands,
    /// All of them; `None` where they are too few.
    pub people: Option<i64>,
}

/// All sites' people by band.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// By site, in the order of their names.
    pub sites: Vec<SiteCounts>,
    /// Of all sites; `None` where they are too few.
    pub bands: Bands,
    /// All of them.
    pub people: Option<i64>,
}

impl Counts {
    /// Counted as they are, for those who see the names anyway.
    pub(super) fn open(counted: Vec<(SiteId, String, [i64; 3])>) -> Self {
        let table: Vec<[i64; 3]> = counted.iter().map(|(.., bands)| *bands).collect();
        let shown = vec![[true; 4]; table.len() + 1];
        Self::of(counted, &table, &shown)
    }

    /// Groups of fewer than five are hidden, and as many others as it takes that nobody can subtract their way to them.
    pub(super) fn hidden(counted: Vec<(SiteId, String, [i64; 3])>) -> Self {
        let table: Vec<[i64; 3]> = counted.iter().map(|(.., bands)| *bands).collect();
        Self::of(counted, &table, &shown(&table))
    }

    fn of(counted: Vec<(SiteId, String, [i64; 3])>, table: &[[i64; 3]], shown: &[[bool; 4]]) -> Self {
        let full = with_totals(table);
        let cell = |row: usize, column: usize| shown[row][column].then_some(full[row][column]);
        let bands = |row: usize| [cell(row, 0), cell(row, 1), cell(row, 2)];
        let sites = counted.into_iter().enumerate();
        let sites = sites
            .map(|(row, (site, name, _))| SiteCounts { site, name, bands: bands(row), people: cell(row, 3) })
            .collect();
        Self { sites, bands: bands(table.len()), people: cell(table.len(), 3) }
    }
}

/// The counts with a last column and a last row of sums.
fn with_totals(table: &[[i64; 3]]) -> Vec<[i64; 4]> {
    let mut full: Vec<[i64; 4]> = table.iter().map(|[a, b, c]| [*a, *b, *c, a + b + c]).collect();
    let sums = (0..4).map(|column| full.iter().map(|row| row[column]).sum());
    let sums: Vec<i64> = sums.collect();
    full.push([sums[0], sums[1], sums[2], sums[3]]);
    full
}

/// Which cells may be shown. Each line of the table (a site with its sum, a band with its sum) is one sum of cells: whoever
/// sees all but the hidden ones knows what those come to. So of every line either nothing is hidden, or at least two
/// cells that come to five people or more.
fn shown(table: &[[i64; 3]]) -> Vec<[bool; 4]> {
    let full = with_totals(table);
    let mut shown: Vec<[bool; 4]> = full.iter().map(|row| row.map(|n| n >= FEWEST)).collect();
    let rows = full.len();
    let across = (0..rows).map(|row| (0..4).map(|column| (row, column)).collect::<Vec<_>>());
    let down = (0..4).map(|column| (0..rows).map(|row| (row, column)).collect::<Vec<_>>());
    let lines: Vec<Vec<(usize, usize)>> = across.chain(down).collect();
    // Each round hides one cell more, so it ends.
    while let Some((row, column)) = lines.iter().find_map(|line| betraying(line, &full, &shown)) {
        shown[row][column] = false;
    }
    shown
}

/// The smallest cell still shown of a line that tells too much; its sum, the last cell, only where nothing else is left.
fn betraying(line: &[(usize, usize)], full: &[[i64; 4]], shown: &[[bool; 4]]) -> Option<(usize, usize)> {
    let of = |(row, column): (usize, usize)| (full[row][column], shown[row][column]);
    let hidden: Vec<i64> = line.iter().map(|cell| of(*cell)).filter(|(_, shown)| !shown).map(|(n, _)| n).collect();
    let sum_is_hidden = line.last().is_some_and(|sum| !of(*sum).1);
    let told = hidden.len() == 1 || !sum_is_hidden && hidden.iter().sum::<i64>() < FEWEST;
    if hidden.is_empty() || !told {
        return None;
    }
    let parts = line[..line.len() - 1].iter().copied().filter(|cell| of(*cell).1);
    parts.min_by_key(|cell| of(*cell).0).or_else(|| line.last().copied().filter(|sum| of(*sum).1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(table: &[[i64; 3]]) -> Vec<(SiteId, String, [i64; 3])> {
        let site =
            |(at, bands): (usize, &[i64; 3])| (SiteId(uuid::Uuid::from_u128(at as u128)), format!("S{at}"), *bands);
        table.iter().enumerate().map(site).collect()
    }

    #[track_caller]
    fn check(table: &[[i64; 3]], expected: &[Bands]) {
        let counts = Counts::hidden(counted(table));
        let shown: Vec<Bands> = counts.sites.iter().map(|site| site.bands).collect();
        assert_eq!(shown, expected, "{counts:?}");
    }

    #[test]
    fn groups_of_five_and_more_are_shown() {
        check(&[[9, 6, 5], [20, 7, 8]], &[[Some(9), Some(6), Some(5)], [Some(20), Some(7), Some(8)]]);
    }

    #[test]
    fn a_small_group_is_hidden_and_so_is_what_would_give_it_away() {
        // 3 is hidden; 6 beside it, or its site's sum would tell; 7 and 8 below them, or the bands' sums would.
        check(&[[9, 6, 3], [20, 7, 8]], &[[Some(9), None, None], [Some(20), None, None]]);
        let counts = Counts::hidden(counted(&[[9, 6, 3], [20, 7, 8]]));
        assert_eq!((counts.people, counts.bands), (Some(53), [Some(29), Some(13), Some(11)]));
    }

    #[test]
    fn of_a_small_site_nothing_is_said() {
        let counts = Counts::hidden(counted(&[[2, 1, 1], [20, 10, 9], [30, 12, 14]]));
        assert_eq!((counts.sites[0].bands, counts.sites[0].people), ([None; 3], None));
        assert!(counts.sites.iter().filter(|site| site.people.is_none()).count() >= 2, "{counts:?}");
    }

    /// By trying: whatever table with the same shown cells there is, no hidden cell has but one value under five.
    #[test]
    fn no_line_tells_a_hidden_group() {
        for seed in 0..300_i64 {
            let table: Vec<[i64; 3]> = (0..1 + seed % 5)
                .map(|row| [0, 1, 2].map(|column| (seed * 37 + row * 53 + column * 29) % 13))
                .collect();
            let (full, shown) = (with_totals(&table), shown(&table));
            for row in 0..full.len() {
                let hidden: Vec<usize> = (0..4).filter(|column| !shown[row][*column]).collect();
                assert_ne!(hidden.len(), 1, "one alone can be reckoned: {table:?}");
                let all_small = (0..4).all(|column| !shown[row][column] || full[row][column] >= FEWEST);
                assert!(all_small, "{table:?}");
            }
            for column in 0..4 {
                assert_ne!(shown.iter().filter(|row| !row[column]).count(), 1, "{table:?}");
            }
        }
    }

    #[test]
    fn with_names_everything_is_shown() {
        let counts = Counts::open(counted(&[[1, 0, 2]]));
        assert_eq!((counts.sites[0].bands, counts.people), ([Some(1), Some(0), Some(2)], Some(3)));
    }
}
