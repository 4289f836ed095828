//! The fact tables, in the order in which they must be loaded.

use super::column::Column;
use super::rules::Rules;
use super::tables;
use crate::{Error, Result};

/// A fact table that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is described by its own Rules::doc, which `muster import --list` prints")]
pub enum Table {
    Clients,
    Sites,
    Workers,
    Requirements,
    Certifications,
    Trainings,
    Leave,
    CalendarDays,
    MentoringPairs,
    WorkerAvailability,
    WorkerPreferences,
    Budgets,
    OtherCosts,
    Rosters,
    Shifts,
    Attendance,
    Tasks,
    Tours,
    Checkpoints,
    WorkOrders,
    Incidents,
    ShiftOffers,
    Kudos,
    CoachingSessions,
    Jobs,
    Placements,
    Signups,
    SignupActivity,
    Subscriptions,
    Invites,
    MarketingSpend,
    SupportTickets,
    Candidates,
    Matches,
    Customers,
    Partners,
    ServiceCategories,
    Orders,
    Payments,
    Refunds,
    OrderRatings,
    OrderIssues,
}

impl Table {
    /// Every table; a table refers only to those before it.
    pub const ALL: [Self; 42] = [
        Self::Clients,
        Self::Sites,
        Self::Workers,
        Self::Requirements,
        Self::Certifications,
        Self::Trainings,
        Self::Leave,
        Self::CalendarDays,
        Self::MentoringPairs,
        Self::WorkerAvailability,
        Self::WorkerPreferences,
        Self::Budgets,
        Self::OtherCosts,
        Self::Rosters,
        Self::Shifts,
        Self::Attendance,
        Self::Tasks,
        Self::Tours,
        Self::Checkpoints,
        Self::WorkOrders,
        Self::Incidents,
        Self::ShiftOffers,
        Self::Kudos,
        Self::CoachingSessions,
        Self::Jobs,
        Self::Placements,
        Self::Signups,
        Self::SignupActivity,
        Self::Subscriptions,
        Self::Invites,
        Self::MarketingSpend,
        Self::SupportTickets,
        Self::Candidates,
        Self::Matches,
        Self::Customers,
        Self::Partners,
        Self::ServiceCategories,
        Self::Orders,
        Self::Payments,
        Self::Refunds,
        Self::OrderRatings,
        Self::OrderIssues,
    ];

    /// The tables about the product as a business: facts of the platform's own organization about its customers. Another
    /// organization has none.
    pub const GROWTH: [Self; 6] = [
        Self::Signups,
        Self::SignupActivity,
        Self::Subscriptions,
        Self::Invites,
        Self::MarketingSpend,
        Self::SupportTickets,
    ];

    /// Its name: of the table in SQL, of the file without its ending.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Clients => "clients",
            Self::Sites => "sites",
            Self::Workers => "workers",
            Self::Requirements => "requirements",
            Self::Certifications => "certifications",
            Self::Trainings => "trainings",
            Self::Leave => "leave",
            Self::CalendarDays => "calendar_days",
            Self::MentoringPairs => "mentoring_pairs",
            Self::WorkerAvailability => "worker_availability",
            Self::WorkerPreferences => "worker_preferences",
            Self::Budgets => "budgets",
            Self::OtherCosts => "other_costs",
            Self::Rosters => "rosters",
            Self::Shifts => "shifts",
            Self::Attendance => "attendance",
            Self::Tasks => "tasks",
            Self::Tours => "tours",
            Self::Checkpoints => "checkpoints",
            Self::WorkOrders => "work_orders",
            Self::Incidents => "incidents",
            Self::ShiftOffers => "shift_offers",
            Self::Kudos => "kudos",
            Self::CoachingSessions => "coaching_sessions",
            Self::Jobs => "jobs",
            Self::Placements => "placements",
            Self::Signups => "signups",
            Self::SignupActivity => "signup_activity",
            Self::Subscriptions => "subscriptions",
            Self::Invites => "invites",
            Self::MarketingSpend => "marketing_spend",
            Self::SupportTickets => "support_tickets",
            Self::Candidates => "candidates",
            Self::Matches => "matches",
            Self::Customers => "customers",
            Self::Partners => "partners",
            Self::ServiceCategories => "service_categories",
            Self::Orders => "orders",
            Self::Payments => "payments",
            Self::Refunds => "refunds",
            Self::OrderRatings => "order_ratings",
            Self::OrderIssues => "order_issues",
        }
    }

    /// One sentence on what a row is.
    #[must_use]
    pub fn doc(self) -> &'static str {
        self.rules().doc
    }

    /// Its columns, in the order of the template.
    #[must_use]
    pub fn columns(self) -> &'static [Column] {
        self.rules().columns
    }

    /// The columns that together tell a row from every other one: a file with the same ones again corrects it.
    #[must_use]
    pub fn natural_key(self) -> &'static [&'static str] {
        self.rules().natural_key
    }

    /// Told from a file name: `work_orders.csv`, `work_orders-2015.csv` and `work_orders.rejected.csv` are all orders.
    #[must_use]
    pub fn of_file(file_name: &str) -> Option<Self> {
        let base = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name).to_ascii_lowercase().replace(' ', "_");
        let fits = |table: &Self| {
            base.strip_prefix(table.name()).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphabetic()))
                && !Self::ALL
                    .iter()
                    .any(|longer| longer.name().len() > table.name().len() && base.starts_with(longer.name()))
        };
        Self::ALL.into_iter().find(fits)
    }

    pub(super) fn rules(self) -> &'static Rules {
        match self {
            Self::Clients => &tables::people::CLIENTS,
            Self::Sites => &tables::people::SITES,
            Self::Workers => &tables::people::WORKERS,
            Self::Requirements => &tables::records::REQUIREMENTS,
            Self::Certifications => &tables::records::CERTIFICATIONS,
            Self::Trainings => &tables::records::TRAININGS,
            Self::Leave => &tables::records::LEAVE,
            Self::CalendarDays => &tables::records::CALENDAR_DAYS,
            Self::MentoringPairs => &tables::records::MENTORING_PAIRS,
            Self::WorkerAvailability => &tables::planning::WORKER_AVAILABILITY,
            Self::WorkerPreferences => &tables::planning::WORKER_PREFERENCES,
            Self::Budgets => &tables::planning::BUDGETS,
            Self::OtherCosts => &tables::planning::OTHER_COSTS,
            Self::Rosters => &tables::planning::ROSTERS,
            Self::Shifts => &tables::shifts::SHIFTS,
            Self::Attendance => &tables::shifts::ATTENDANCE,
            Self::Tasks => &tables::work::TASKS,
            Self::Tours => &tables::work::TOURS,
            Self::Checkpoints => &tables::work::CHECKPOINTS,
            Self::WorkOrders => &tables::work::WORK_ORDERS,
            Self::Incidents => &tables::work::INCIDENTS,
            Self::ShiftOffers => &tables::shifts::SHIFT_OFFERS,
            Self::Kudos => &tables::records::KUDOS,
            Self::CoachingSessions => &tables::records::COACHING_SESSIONS,
            Self::Jobs => &tables::staffing::JOBS,
            Self::Placements => &tables::staffing::PLACEMENTS,
            Self::Signups => &tables::growth::SIGNUPS,
            Self::SignupActivity => &tables::growth::SIGNUP_ACTIVITY,
            Self::Subscriptions => &tables::growth::SUBSCRIPTIONS,
            Self::Invites => &tables::growth::INVITES,
            Self::MarketingSpend => &tables::growth::MARKETING_SPEND,
            Self::SupportTickets => &tables::growth::SUPPORT_TICKETS,
            Self::Candidates => &tables::staffing::CANDIDATES,
            Self::Matches => &tables::staffing::MATCHES,
            Self::Customers => &tables::commerce::CUSTOMERS,
            Self::Partners => &tables::commerce::PARTNERS,
            Self::ServiceCategories => &tables::commerce::SERVICE_CATEGORIES,
            Self::Orders => &tables::commerce::ORDERS,
            Self::Payments => &tables::commerce::PAYMENTS,
            Self::Refunds => &tables::commerce::REFUNDS,
            Self::OrderRatings => &tables::commerce::ORDER_RATINGS,
            Self::OrderIssues => &tables::commerce::ORDER_ISSUES,
        }
    }
}

impl std::str::FromStr for Table {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let wanted = text.to_ascii_lowercase().replace('-', "_");
        Self::ALL.into_iter().find(|table| table.name() == wanted).ok_or_else(|| {
            Error::Invalid(format!(
                "'{text}' is not a table that can be imported; they are {}",
                Self::ALL.map(Self::name).join(", ")
            ))
        })
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[track_caller]
    fn check(file: &str, expected: Option<Table>) {
        assert_eq!(Table::of_file(file), expected, "{file}");
    }

    #[test]
    fn the_table_is_told_from_the_file_name() {
        check("work_orders.csv", Some(Table::WorkOrders));
        check("data/work_orders-2015.csv", Some(Table::WorkOrders));
        check("Shifts.CSV", Some(Table::Shifts));
        check("shift_offers.csv", Some(Table::ShiftOffers));
        check("shifts_2024.csv", Some(Table::Shifts));
        check("work_orders.rejected.csv", Some(Table::WorkOrders));
        check("sitesurvey.csv", None);
        check("orders-2025.csv", Some(Table::Orders));
        check("order_ratings.csv", Some(Table::OrderRatings));
        check("invoices.csv", None);
        check("", None);
    }

    #[test]
    fn a_table_refers_only_to_tables_loaded_before_it() {
        for table in Table::ALL {
            for column in table.columns() {
                if let super::super::Kind::Ref(other) = column.kind {
                    assert!(other < table, "{table}.{} refers to {other}, which comes later", column.name);
                }
            }
        }
    }

    #[test]
    fn natural_keys_are_columns_of_their_table() {
        for table in Table::ALL {
            for key in table.natural_key() {
                assert!(table.columns().iter().any(|column| column.name == *key), "{table}: {key}");
            }
        }
    }
}
