//! What intake must know of a fact table besides its columns, as SQL fragments of our own.
//!
//! In *carry*, *joins* and *zone* the staged row is `i`, and the row a reference column `site` found is `r_site`. In
//! *computed* the row is `m`, with the columns of the fact table, what was carried and the zone as `_zone`; in
//! *refusals* and *findings* it is `r`, which has what was computed as well; `{digits}` are the decimals of the currency. Names that begin with an underscore are
//! not stored. In [`Touch`] `@` stands for the row, as it was and as it is.

use super::column::Column;

/// The rules of one fact table.
#[derive(Debug)]
pub(super) struct Rules {
    pub doc: &'static str,
    pub columns: &'static [Column],
    /// The natural key, in columns of the file.
    pub natural_key: &'static [&'static str],
    /// The columns of the primary key after `org_id`.
    pub identity: &'static [&'static str],
    /// Whether a new row gets an id of its own.
    pub own_id: bool,
    pub partitioned: bool,
    /// The zone of times without an offset, and of the business day.
    pub zone: Option<&'static str>,
    pub joins: &'static str,
    pub carry: &'static [(&'static str, &'static str)],
    pub computed: &'static [(&'static str, &'static str)],
    /// When this holds the row is refused, with this reason.
    pub refusals: &'static [(&'static str, &'static str)],
    /// When this holds the row is taken and counted under these words.
    pub findings: &'static [(&'static str, &'static str)],
    pub touch: Touch,
    /// What else must follow when rows changed.
    pub follow: &'static [&'static str],
}

impl Rules {
    /// What most tables have; each states only what it adds.
    pub const PLAIN: Self = Self {
        doc: "",
        columns: &[],
        natural_key: &["ref"],
        identity: &["id"],
        own_id: true,
        partitioned: false,
        zone: None,
        joins: "",
        carry: &[],
        computed: &[],
        refusals: &[],
        findings: &[],
        touch: Touch::Nothing,
        follow: &[],
    };
}

/// Which worker-days must be computed again when a row is new or changed; both as it was and as it is.
#[derive(Debug)]
pub(super) enum Touch {
    /// None.
    Nothing,
    /// One business day of one worker; where there is no worker, of everybody.
    Day { day: &'static str, worker: &'static str },
    /// The days of a span that have been computed before; only when one of `of` differs (none: always).
    Span { first: &'static str, last: &'static str, worker: &'static str, of: &'static [&'static str] },
    /// No worker's day, but these days of orders and money, and a customer.
    Commerce { days: &'static [&'static str], customer: Option<&'static str> },
}
