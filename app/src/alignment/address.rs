//! What the page's address says, and addresses that say it again.

use leptos_router::params::ParamsMap;
use muster::alignment::{By, Kpi};

use crate::address::once;
use crate::error::AppError;

/// The page.
pub(crate) const PATH: &str = "/alignment";

/// The order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    pub by: By,
    pub descending: bool,
}

/// The address of a KPI in depth.
pub(crate) fn of(kpi: Kpi) -> String {
    format!("{PATH}/{}", kpi.code())
}

/// The order asked for; without one that of the catalogue.
pub(super) fn order(query: &ParamsMap) -> Result<Order, AppError> {
    let (sort, order) = (once(query, "sort")?, once(query, "order")?);
    let by = match sort.as_deref() {
        None => By::Kpi,
        Some(word) => By::ALL.into_iter().find(|(_, code)| *code == word).map(|(by, _)| by).ok_or_else(|| {
            let words = By::ALL.map(|(_, code)| code).join(", ");
            AppError::Invalid(format!("The table is sorted by one of {words}."))
        })?,
    };
    let descending = match order.as_deref() {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(_) => return Err(AppError::Invalid("The order is asc or desc.".into())),
    };
    Ok(Order { by, descending })
}

impl Order {
    pub(super) fn code(self) -> &'static str {
        By::ALL.iter().find(|(by, _)| *by == self.by).map_or("kpi", |(_, code)| code)
    }

    /// The page in this order.
    pub(super) fn link(self) -> String {
        format!("{PATH}?sort={}&order={}", self.code(), if self.descending { "desc" } else { "asc" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&str, &str)]) -> Result<Order, AppError> {
        order(&fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn an_order_is_read_and_said_again_and_nonsense_is_refused() {
        assert_eq!(read(&[]).unwrap(), Order { by: By::Kpi, descending: false });
        let it = read(&[("sort", "score"), ("order", "desc")]).unwrap();
        assert_eq!(it.link(), "/alignment?sort=score&order=desc");
        for nonsense in [("sort", "secret"), ("order", "up")] {
            assert!(read(&[nonsense]).is_err(), "{nonsense:?}");
        }
    }
}
