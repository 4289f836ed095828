//! Which colleagues stand beside a coached worker, and what is left between them.

use super::{Coached, Course, Peer};

/// A colleague is comparable within so many points, both before the conversation and in the 28 days before that.
pub const CALIPER: f64 = 5.0;
/// The nearest so many are taken.
pub const MOST_PEERS: usize = 5;
/// Fewer comparable colleagues than this: the conversation is left out, and said to be.
pub const FEWEST_PEERS: usize = 2;

/// What a set of colleagues did beside one coached worker.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pair {
    /// Points the coached worker gained.
    pub coached: f64,
    /// Points each colleague gained, corrected for where each began.
    pub changes: Vec<f64>,
    /// Mean share of the colleagues' days that had help of their own.
    pub helped: f64,
}

impl Pair {
    /// Points the colleagues gained on average.
    pub fn peers(&self) -> f64 {
        self.changes.iter().sum::<f64>() / self.changes.len() as f64
    }
}

/// How far apart two began, in points; `None` beyond the caliper.
pub(super) fn distance(a: Course, b: Course, caliper: f64) -> Option<f64> {
    let (earlier, before) = (a.earlier - b.earlier, a.before - b.before);
    (earlier.abs() <= caliper && before.abs() <= caliper).then(|| earlier.hypot(before))
}

/// The nearest of the peers within the caliper; of equally near ones the first id, so that the choice is the same each time.
pub(super) fn nearest(course: Course, peers: &[Peer]) -> Vec<Peer> {
    let near = |peer: &Peer| distance(course, peer.course, CALIPER).map(|apart| (apart, *peer));
    let mut found: Vec<(f64, Peer)> = peers.iter().filter_map(near).collect();
    found.sort_by(|(a, one), (b, other)| a.total_cmp(b).then(one.worker.cmp(&other.worker)));
    found.into_iter().take(MOST_PEERS).map(|(_, peer)| peer).collect()
}

/// The changes, each colleague's corrected to the coached worker's beginning by what one point apart is worth.
pub(super) fn corrected(matched: &[(&Coached, Vec<Peer>)]) -> Vec<Pair> {
    let [per_earlier, per_before] = slopes(matched);
    let changes = |of: Course, peers: &[Peer]| {
        let change = |peer: &Peer| {
            let began = peer.course;
            began.change() + per_earlier * (of.earlier - began.earlier) + per_before * (of.before - began.before)
        };
        peers.iter().map(change).collect()
    };
    let helped = |peers: &[Peer]| peers.iter().map(|peer| peer.helped).sum::<f64>() / peers.len() as f64;
    matched
        .iter()
        .map(|(it, peers)| Pair {
            coached: it.course.change(),
            changes: changes(it.course, peers),
            helped: helped(peers),
        })
        .collect()
}

/// What one point higher earlier, and one point higher before, add to a colleague's change: least squares over all
/// matched colleagues, each against the mean of the own set. Nothing where they cannot be told apart.
fn slopes(matched: &[(&Coached, Vec<Peer>)]) -> [f64; 2] {
    // Sums of squares and products of (earlier, before, change) about each set's means.
    let (mut ee, mut eb, mut bb, mut ec, mut bc) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (_, peers) in matched {
        let mean = |of: fn(Course) -> f64| peers.iter().map(|peer| of(peer.course)).sum::<f64>() / peers.len() as f64;
        let (earlier, before, change) = (mean(|it| it.earlier), mean(|it| it.before), mean(Course::change));
        for Peer { course, .. } in peers {
            let (e, b, c) = (course.earlier - earlier, course.before - before, course.change() - change);
            ee += e * e;
            eb += e * b;
            bb += b * b;
            ec += e * c;
            bc += b * c;
        }
    }
    let determinant = ee * bb - eb * eb;
    if determinant <= 1e-6 * ee * bb || ee * bb == 0.0 {
        return [0.0, 0.0];
    }
    [(ec * bb - bc * eb) / determinant, (bc * ee - ec * eb) / determinant]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::WorkerId;
    use uuid::Uuid;

    fn peer(id: u128, earlier: f64, before: f64, after: f64) -> Peer {
        Peer { worker: WorkerId(Uuid::from_u128(id)), course: Course { earlier, before, after }, helped: 0.0 }
    }

    const AT: Course = Course { earlier: 70.0, before: 60.0, after: 66.0 };

    #[test]
    fn the_nearest_within_the_caliper_are_taken() {
        let peers =
            [peer(1, 70.0, 55.1, 0.0), peer(2, 70.0, 54.9, 0.0), peer(3, 71.0, 60.0, 0.0), peer(4, 64.0, 60.0, 0.0)];
        let found: Vec<u128> = nearest(AT, &peers).iter().map(|peer| peer.worker.0.as_u128()).collect();
        assert_eq!(found, [3, 1], "nearest first; 2 is too low before, 4 too low earlier");
        let many: Vec<Peer> = (0..9).map(|id| peer(id, 70.0, 60.0, 0.0)).collect();
        assert_eq!(nearest(AT, &many).len(), MOST_PEERS);
    }

    #[test]
    fn who_began_higher_is_corrected_to_the_coached_workers_beginning() {
        // Who is a point higher before loses half a point: a colleague at 62 fell by 1, one at 58 rose by 1: at 60 it is 0.
        let peers = vec![peer(1, 70.0, 62.0, 61.0), peer(2, 70.0, 58.0, 59.0), peer(3, 72.0, 60.0, 60.0)];
        let coached = Coached { worker: WorkerId(Uuid::nil()), course: AT, peers: peers.clone() };
        let pairs = corrected(&[(&coached, peers)]);
        assert_eq!(pairs[0].coached, 6.0);
        assert!(pairs[0].changes.iter().all(|change| change.abs() < 1e-9), "{pairs:?}");
    }

    #[test]
    fn colleagues_who_began_alike_are_not_corrected() {
        let peers = vec![peer(1, 70.0, 60.0, 61.0), peer(2, 70.0, 60.0, 63.0)];
        let coached = Coached { worker: WorkerId(Uuid::nil()), course: AT, peers: peers.clone() };
        assert_eq!(corrected(&[(&coached, peers)])[0].peers(), 2.0);
    }
}
