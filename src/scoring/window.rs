//! What a score is judged on.

use serde::{Deserialize, Serialize};

use crate::metrics::Sums;

/// The 90 days that safety looks back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Safety {
    /// Shifts attended.
    pub attended: i64,
    /// Incidents attributable to the worker.
    pub attributable: i64,
}

/// The sums of a window, with what must be known beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The window's own sums.
    pub sums: Sums,
    /// The 90 days to the window's end.
    pub safety: Safety,
    /// Whether the organization records shifts at all; where not, other work stands in for them.
    pub records_shifts: bool,
}

impl Default for Window {
    fn default() -> Self {
        Self { sums: Sums::default(), safety: Safety::default(), records_shifts: true }
    }
}

impl Window {
    /// How much there is to judge: scheduled shifts, or where the organization records none, tasks, tours and orders.
    #[must_use]
    pub fn size(&self) -> i64 {
        let s = &self.sums;
        if self.records_shifts { s.scheduled } else { s.tasks_due + s.tours_planned + s.orders_closed }
    }
}
