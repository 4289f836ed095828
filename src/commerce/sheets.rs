//! The tables of the pages as files: whole, exact, with the same period and partner. Lists that may be long are streamed.

use chrono::{DateTime, Utc};

use super::customers::Customers;
use super::filter::Asked;
use super::lists::{list, people, people_columns};
use super::orders::{Orders, Stage};
use super::partners::{Partner, Partners};
use super::revenue::Revenue;
use super::sums::Stretch;
use crate::Result;
use crate::database::{Database, Plans};
use crate::exports::{Cell, Column, Head, Kind, Row, Sheet, Table};
use crate::people::User;
use crate::units::Rate;

/// The pages that have files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// `/financial/revenue`
    Revenue,
    /// `/financial/orders`
    Orders,
    /// `/financial/partners`
    Partners,
    /// `/financial/customers`
    Customers,
}

impl View {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Revenue, Self::Orders, Self::Partners, Self::Customers];

    /// Its name in an address.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Revenue => "revenue",
            Self::Orders => "orders",
            Self::Partners => "partners",
            Self::Customers => "customers",
        }
    }

    /// Its name.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Revenue => "Revenue",
            Self::Orders => "Orders",
            Self::Partners => "Partners",
            Self::Customers => "Customers",
        }
    }

    /// Whether it can be of one partner alone.
    #[must_use]
    pub fn has_partner(self) -> bool {
        matches!(self, Self::Revenue | Self::Orders)
    }

    /// Its tables by their names in an address, in the order of the workbook.
    #[must_use]
    pub fn tables(self) -> &'static [&'static str] {
        match self {
            Self::Revenue => &["days", "methods", "categories", "proof"],
            Self::Orders => &["days", "categories", "stages", "week", "list"],
            Self::Partners => &["partners"],
            Self::Customers => &["segments", "newcomers", "sources", "customers", "at-risk"],
        }
    }
}

/// Whose export, of what.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Where from.
    pub db: Database,
    /// Who asks; that they may was asked before.
    pub user: User,
    /// Of which page.
    pub view: View,
    /// What they asked for.
    pub asked: Asked,
    /// When.
    pub now: DateTime<Utc>,
}

/// A table ready to be written.
#[derive(Debug)]
pub struct Ready {
    /// Its name in an address.
    pub code: &'static str,
    /// The table.
    pub table: Table,
}

/// The tables of a page: all, or the one of this name (none where there is none such).
///
/// # Errors
/// As the page.
pub async fn sheets(wanted: &Wanted, only: Option<&str>) -> Result<(Head, Vec<Ready>)> {
    let mut tx = wanted.db.snapshot(wanted.user.org.id, Plans::Usual).await?;
    let asked = wanted.asked.clone();
    let partners = super::revenue::partners(&mut tx, asked.partner).await?;
    let partner = asked.partner.and_then(|id| partners.into_iter().find(|it| it.id == id)).map(|it| it.name);
    let mut tables = match wanted.view {
        View::Revenue => of_revenue(&super::revenue(&mut tx, asked).await?, &wanted.user.org.currency),
        View::Orders => of_orders(&super::orders(&mut tx, asked).await?, wanted),
        View::Partners => of_partners(&super::partners(&mut tx, asked).await?, &wanted.user.org.currency),
        View::Customers => of_customers(&super::customers(&mut tx, asked).await?, wanted),
    };
    tables.retain(|ready| only.is_none_or(|only| only == ready.code));
    Ok((head(wanted, partner), tables))
}

fn head(wanted: &Wanted, partner: Option<String>) -> Head {
    let (user, period) = (&wanted.user, wanted.asked.period);
    Head {
        title: wanted.view.label().into(),
        organization: user.org.name.clone(),
        period: Some((period.first, period.last)),
        filters: if wanted.view.has_partner() {
            vec![("Partner".into(), partner.unwrap_or_else(|| "All".into()))]
        } else {
            Vec::new()
        },
        generated_at: wanted.now,
        zone: user.org.zone,
        by: format!("{}, {}", user.name, user.role),
    }
}

fn ready(code: &'static str, sheet: Sheet, rows: Vec<Row>) -> Ready {
    Ready { code, table: Table::of(sheet, rows) }
}

fn span(part: &Stretch) -> [Cell; 2] {
    [part.first.into(), part.last.into()]
}

fn of_revenue(it: &Revenue, currency: &str) -> Vec<Ready> {
    let money = |name: &str| Column::money(name, currency);
    let mut columns = vec![Column::date("From"), Column::date("To"), Column::integer("Orders")];
    columns.extend(
        ["Gross", "Refunds", "Net", "Discounts", "Cash", "Card", "Wallet", "Online", "Still to be paid"].map(money),
    );
    columns.extend(["Refunds (number)", "New customers", "Returning customers, each day"].map(Column::integer));
    let days = it.parts.iter().map(|part| {
        let sums = &part.sums;
        let amounts = [
            sums.gross,
            sums.refunds,
            sums.net(),
            sums.discount,
            sums.cash,
            sums.card,
            sums.wallet,
            sums.online,
            sums.unpaid,
        ];
        let counts = [sums.refund_count, sums.new_customers, sums.returning_customers];
        let rest = [Cell::from(sums.orders)].into_iter().chain(amounts.map(Cell::from)).chain(counts.map(Cell::from));
        span(part).into_iter().chain(rest).collect()
    });
    let methods = it.total.methods().into_iter().zip(it.before.methods());
    let methods = methods.map(|((name, now), (_, before))| vec![name.into(), now.into(), before.into()]);
    let categories = it.categories.iter().map(|it| {
        vec![
            it.label().into(),
            it.orders.into(),
            it.completed.into(),
            it.gross.into(),
            it.refunds.into(),
            it.net().into(),
            it.before.into(),
        ]
    });
    let category_columns = [Column::text("Category"), Column::integer("Orders"), Column::integer("Completed")]
        .into_iter()
        .chain(["Gross", "Refunds", "Net", "Gross of the period before"].map(money));
    vec![
        ready("days", Sheet::new("Days", "Orders and money, part by part of the period.", columns), days.collect()),
        ready(
            "methods",
            Sheet::new(
                "Methods",
                "Payments received in the period.",
                vec![Column::text("Method"), money("Received"), money("The period before")],
            ),
            methods.collect(),
        ),
        ready(
            "categories",
            Sheet::new("Categories", "Orders and money by category of service.", category_columns.collect()),
            categories.collect(),
        ),
        ready(
            "proof",
            Sheet::new("Proof", "The order book against the payments.", vec![Column::text("Line"), money("Amount")]),
            proof(it),
        ),
    ]
}

fn proof(it: &Revenue) -> Vec<Row> {
    it.proof.lines().into_iter().map(|(name, amount)| vec![name.into(), amount.into()]).collect()
}

fn of_orders(it: &Orders, wanted: &Wanted) -> Vec<Ready> {
    let mut columns = vec![Column::date("From"), Column::date("To")];
    columns.extend(["Placed", "Completed", "Cancelled", "Rejected", "Pending"].map(Column::integer));
    let days = it.parts.iter().map(|part| {
        let sums = &part.sums;
        let counts = [sums.orders, sums.completed, sums.cancelled, sums.rejected, sums.pending()];
        span(part).into_iter().chain(counts.map(Cell::from)).collect()
    });
    let category_columns = vec![
        Column::text("Category"),
        Column::integer("Orders"),
        Column::percent("Share of orders"),
        Column::integer("Completed"),
        Column::percent("Completion"),
    ];
    let categories = it.categories.iter().map(|category| {
        let share = Rate { hit: category.orders, of: it.total.orders };
        let counts = [category.orders.into(), share.into(), category.completed.into(), category.completion().into()];
        std::iter::once(category.label().into()).chain(counts).collect()
    });
    let minutes = |name: &str| Column::new(name, Kind::Decimal(1));
    let mut stage_columns = vec![Column::text("Stage"), Column::integer("Orders")];
    stage_columns.extend(["Half within (minutes)", "75 % within", "90 % within", "95 % within"].map(minutes));
    let stages = it.stages.iter().map(|(stage, counts)| {
        let within = [0.5, 0.75, 0.9, 0.95].map(|share| counts.percentile(share).map_or(Cell::Empty, Cell::Decimal));
        [Cell::from(stage.label()), counts.n().into()].into_iter().chain(within).collect()
    });
    let hours =
        it.week.0.iter().zip(WEEKDAYS).flat_map(|(hours, day)| {
            (0_i64..).zip(hours).map(move |(hour, n)| vec![day.into(), hour.into(), (*n).into()])
        });
    vec![
        ready(
            "days",
            Sheet::new("Days", "Orders, part by part of the period, and what became of them.", columns),
            days.collect(),
        ),
        ready(
            "categories",
            Sheet::new(
                "Categories",
                "Orders by category of service, and how many are completed by now.",
                category_columns,
            ),
            categories.collect(),
        ),
        ready("stages", Sheet::new("Stages", "How long the stages of orders took.", stage_columns), stages.collect()),
        ready(
            "week",
            Sheet::new(
                "Week",
                "When in the week orders were placed.",
                vec![Column::text("Weekday"), Column::integer("Hour"), Column::integer("Orders")],
            ),
            hours.collect(),
        ),
        list(wanted),
    ]
}

/// Monday to Sunday.
pub const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

fn of_partners(it: &Partners, currency: &str) -> Vec<Ready> {
    let mut columns = vec![Column::text("Partner")];
    columns.extend(["Received", "Accepted", "Rejected", "Completed", "Cancelled"].map(Column::integer));
    columns.extend(["Acceptance", "Completion", "Rejection"].map(Column::percent));
    columns.extend(Stage::ALL.map(|stage| Column::new(format!("{} (mean minutes)", stage.label()), Kind::Decimal(1))));
    columns.push(Column::new("Rating", Kind::Decimal(2)));
    columns.extend(["Ratings", "Reported", "Damaged", "Lost"].map(Column::integer));
    columns.push(Column::percent("Capacity used"));
    columns.extend(["Gross", "Refunds"].map(|name| Column::money(name, currency)));
    columns.push(Column::percent("Completion of the period before"));
    columns.extend(it.weeks.iter().map(|week| Column::percent(&format!("Completion, week from {week}"))));
    let rows = it.partners.iter().map(partner).collect();
    vec![ready("partners", Sheet::new("Partners", "Partners who had orders in the period.", columns), rows)]
}

fn partner(it: &Partner) -> Row {
    let decimal = |value: Option<f64>| value.map_or(Cell::Empty, Cell::Decimal);
    let mut row: Row = vec![it.name.clone().into()];
    row.extend([it.received, it.accepted, it.rejected, it.completed, it.cancelled].map(Cell::from));
    row.extend([it.acceptance(), it.completion(), it.rejection()].map(Cell::from));
    row.extend(it.took.map(|took| decimal(took.minutes())));
    row.push(decimal(it.rating()));
    row.push(it.ratings.of.into());
    row.extend(it.issues.map(Cell::from));
    row.push(it.utilization().map_or(Cell::Empty, Cell::Percent));
    row.extend([it.gross, it.refunds].map(Cell::from));
    row.push(it.before.into());
    row.extend(it.weeks.iter().copied().map(Cell::from));
    row
}

fn of_customers(it: &Customers, wanted: &Wanted) -> Vec<Ready> {
    let money = |name: &str| Column::money(name, &wanted.user.org.currency);
    let mut columns = vec![Column::text("Segment"), Column::text("Who")];
    columns.extend(["Customers", "At risk", "Orders"].map(Column::integer));
    columns.extend(["Paid less refunds", "Lifetime value"].map(money));
    let segments = it.segments.iter().map(|it| {
        let (name, who) = (it.segment.label(), it.segment.definition());
        let counts = [it.customers, it.at_risk, it.orders].map(Cell::from);
        [Cell::from(name), who.into()].into_iter().chain(counts).chain([it.spent, it.value].map(Cell::from)).collect()
    });
    let newcomers = it.parts.iter().map(|part| {
        span(part).into_iter().chain([part.sums.new_customers, part.sums.returning_customers].map(Cell::from)).collect()
    });
    let newcomer_columns =
        vec![Column::date("From"), Column::date("To"), Column::integer("New"), Column::integer("Returning, each day")];
    let sources = it
        .sources
        .iter()
        .map(|(source, n)| vec![source.clone().unwrap_or_else(|| "Not known".into()).into(), (*n).into()]);
    vec![
        ready("segments", Sheet::new("Segments", "How customers are doing.", columns), segments.collect()),
        ready(
            "newcomers",
            Sheet::new("New customers", "Customers with their first order.", newcomer_columns),
            newcomers.collect(),
        ),
        ready(
            "sources",
            Sheet::new(
                "Sources",
                "Where new customers heard of the company.",
                vec![Column::text("Source"), Column::integer("New customers")],
            ),
            sources.collect(),
        ),
        people(
            wanted,
            "customers",
            Sheet::new("Customers", "Every customer, the highest lifetime value first.", people_columns(wanted)),
            false,
        ),
        people(
            wanted,
            "at-risk",
            Sheet::new("At risk", "Every customer at risk, the highest lifetime value first.", people_columns(wanted)),
            true,
        ),
    ]
}
