//! Who of an organization may sign in, as what, and for which sites? What an administrator reads and changes.
//!
//! A change holds from the next request on: nobody's rights are kept in a session. Nobody changes the own rights, and the last
//! administrator stays one, so that an organization cannot lock itself out. Users of the platform are made and changed on the
//! command line only: they see totals of all organizations, which no single one can grant.

mod change;
mod list;

pub use change::{Rights, add, admit, reset, set_rights, shut_out};
pub use list::{Member, PAGE, Tally, Wanted, clients, member, members, tally};
