//! Which reports can be scheduled, in which files, and who may see them?

use crate::people::{Permission, Role};
use crate::{Error, Result};

/// The kinds of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Laid out for print.
    Pdf,
    /// A workbook: one sheet for each table.
    Xlsx,
    /// One table as comma-separated values.
    Csv,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pdf, Self::Xlsx, Self::Csv];

    /// The word for it, which is also the end of the file's name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }

    /// What it is called.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Xlsx => "XLSX (workbook)",
            Self::Csv => "CSV (one table)",
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Xlsx => crate::exports::XLSX,
            Self::Csv => crate::exports::CSV,
        }
    }
}

impl std::str::FromStr for Format {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|format| format.code() == text);
        known.ok_or_else(|| Error::Invalid("A report is a PDF, an XLSX or a CSV file.".into()))
    }
}

macro_rules! reports {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $label:literal, $permission:ident, [$($format:ident),+], $holds:literal;)+) => {
        /// A report that can be scheduled.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Report { $($(#[$doc])* $variant,)+ }

        impl Report {
            /// All of them, in the order a page shows them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word for it in SQL, forms and JSON.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// What it is called.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }

            /// What it holds, in a sentence.
            #[must_use]
            pub fn holds(self) -> &'static str {
                match self { $(Self::$variant => $holds,)+ }
            }

            /// What whoever gets it must have: asked each time it goes out.
            #[must_use]
            pub fn permission(self) -> Permission {
                match self { $(Self::$variant => Permission::$permission,)+ }
            }

            /// The files it comes in.
            #[must_use]
            pub fn formats(self) -> &'static [Format] {
                match self { $(Self::$variant => &[$(Format::$format,)+],)+ }
            }
        }
    };
}

reports! {
    /// Yesterday, and what is at risk in the next 48 hours.
    OperationsDaily = "operations-daily", "Operations, daily", Alignment, [Pdf],
        "The last day that is over: shifts, no-shows, work in time, cost and revenue; what is at risk in the next 48 hours; what to do first.";
    /// The last week.
    OperationsWeekly = "operations-weekly", "Operations, weekly", Alignment, [Pdf],
        "The last week from Monday to Sunday, day by day and against the week before: shifts, work in time, cost, revenue and its growth, sites that stand out.";
    /// The executive's quarter.
    ExecutiveQuarterly = "executive-quarterly", "Executive, quarterly", Executive, [Pdf],
        "The latest quarter that is over: the six numbers, sites side by side, trends, money and clients.";
    /// A month's cost and budget.
    FinancialMonthly = "financial-monthly", "Financial month", Financial, [Pdf, Xlsx],
        "Cost against budget by kind and site: of the last whole month, or of the month so far where it goes out daily or weekly.";
    /// A client's month.
    ClientMonthly = "client-monthly", "Client's month", ClientPortal, [Pdf],
        "For users of a client: the last whole month at its own sites. No person, no pay, no score.";
    /// What came in.
    Revenue = "revenue", "Revenue", Financial, [Xlsx, Csv],
        "Revenue by day, payment method and category, with its proof. As CSV: the days.";
    /// The orders.
    Orders = "orders", "Orders", Financial, [Xlsx, Csv],
        "Orders by day, stage and hour, and the list of them. As CSV: the list.";
    /// Who carries them out.
    Partners = "partners", "Partners", Financial, [Xlsx, Csv], "Each partner's orders, acceptance, times and ratings.";
    /// Who orders.
    Customers = "customers", "Customers", Financial, [Xlsx, Csv],
        "Customers by segment and source, and the list of them. As CSV: the list.";
    /// How teams do.
    Team = "team", "Teams", Team, [Xlsx, Csv],
        "Each site's team: people, median score, attendance, work in time, coverage. Sites of fewer than five people stay empty for who sees no names.";
    /// Who was paid what.
    Payroll = "payroll", "Payroll", Financial, [Xlsx, Csv],
        "Pay of the month: by person for finance, by job role for everybody else.";
}

impl Report {
    /// Whether it can be of one site.
    #[must_use]
    pub fn has_site(self) -> bool {
        matches!(
            self,
            Self::ExecutiveQuarterly | Self::FinancialMonthly | Self::ClientMonthly | Self::Team | Self::Payroll
        )
    }

    /// Whether it can be of one partner.
    #[must_use]
    pub fn has_partner(self) -> bool {
        matches!(self, Self::Revenue | Self::Orders | Self::Partners | Self::Customers)
    }

    /// Whether a role may get it.
    #[must_use]
    pub fn is_for(self, role: Role) -> bool {
        self.permission().is_for(role)
    }

    /// Whether a role may schedule it: an admin any, everybody else what they may see themselves. Who is there for the own
    /// record, or as a client, schedules nothing.
    #[must_use]
    pub fn may_be_scheduled_by(self, role: Role) -> bool {
        match role {
            Role::Admin => true,
            Role::Worker | Role::Client => false,
            _ => self.is_for(role),
        }
    }

    /// Those a role may schedule.
    pub fn of(role: Role) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |report| report.may_be_scheduled_by(role))
    }
}

impl std::str::FromStr for Report {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let known = Self::ALL.iter().copied().find(|report| report.code() == text);
        known.ok_or_else(|| Error::Invalid("There is no such report. Choose one of the list.".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_names_one_report_and_a_report_has_a_file() {
        for report in Report::ALL {
            assert_eq!(report.code().parse::<Report>().unwrap(), *report);
            assert!(!report.formats().is_empty());
            assert!(!(report.has_site() && report.has_partner()));
        }
        assert!("gossip".parse::<Report>().is_err() && "docx".parse::<Format>().is_err());
    }

    #[test]
    fn who_may_schedule_what_follows_the_permission_table() {
        let codes = |role| Report::of(role).map(Report::code).collect::<Vec<_>>();
        assert_eq!(codes(Role::Admin).len(), Report::ALL.len());
        assert_eq!(
            codes(Role::Finance),
            ["financial-monthly", "revenue", "orders", "partners", "customers", "payroll"]
        );
        assert_eq!(codes(Role::Hr), ["team"]);
        assert_eq!(codes(Role::Supervisor), ["team"]);
        assert_eq!(codes(Role::Platform), ["operations-daily", "operations-weekly"]);
        assert!(codes(Role::Executive).contains(&"executive-quarterly"));
        for role in [Role::Worker, Role::Client, Role::Scheduler] {
            assert!(codes(role).is_empty(), "{role}");
        }
    }
}
