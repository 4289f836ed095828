//! `/admin/targets`: what is asked of each KPI, how much it counts, and from where on it is a warning or critical?

mod fns;
mod page;

use axum::routing::{MethodRouter, post};
use muster::alignment::Kpi;
use muster::charts::Unit;

pub use page::TargetsPage;

use crate::server::App;

/// The address of the page.
pub const PAGE: &str = "/admin/targets";
const FORM: &str = "target";

pub(super) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![("/fn/set_target", post(fns::set)), ("/fn/reset_target", post(fns::reset))]
}

/// How many times a value of the KPI is typed: shares are typed as per cent.
fn scale(kpi: Kpi) -> f64 {
    if kpi.unit() == Unit::Percent { 100.0 } else { 1.0 }
}

/// A value as it stands in a field: without the noise that a factor leaves behind.
fn field(value: f64) -> String {
    ((value * 1e6).round() / 1e6).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_typed_as_per_cent_and_a_ratio_as_it_is() {
        assert_eq!(field(scale(Kpi::FillRate) * 0.07), "7");
        assert_eq!(field(scale(Kpi::LtvToCac) * 4.0), "4");
        assert_eq!(field(100.0 * 1.1), "110");
    }
}
