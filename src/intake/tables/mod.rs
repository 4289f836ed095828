//! The rules of every fact table.

pub(super) mod commerce;
pub(super) mod growth;
pub(super) mod people;
pub(super) mod planning;
pub(super) mod records;
pub(super) mod shifts;
pub(super) mod staffing;
pub(super) mod work;
