//! The lists of files that may be long: every order of a period, every customer. They are streamed, so that a million rows
//! take no more memory than a hundred.

use futures_util::TryStreamExt;
use rust_decimal::Decimal;

use super::sheets::{Ready, Wanted};
use crate::exports::{Cell, Column, Kind, Sheet, Table};

/// Every order of the period, row by row as the database hands them over.
pub(super) fn list(wanted: &Wanted) -> Ready {
    let (zone, currency) = (wanted.user.org.zone, wanted.user.org.currency.as_str());
    let mut columns =
        vec![Column::text("Order"), Column::date("Day"), Column::text("Customer"), Column::text("Partner")];
    columns.extend([Column::text("Category"), Column::money("Amount", currency), Column::money("Discount", currency)]);
    columns.extend(
        ["Placed", "Accepted", "Rejected", "Picked up", "Processed", "Delivered", "Completed", "Cancelled"]
            .map(|name| Column::moment(name, zone)),
    );
    let sheet = Sheet::new("Orders", "Every order placed in the period.", columns);
    let (db, org, asked) = (wanted.db.clone(), wanted.user.org.id, wanted.asked.clone());
    let table = Table::written(sheet, move |mut sink| async move {
        let mut tx = db.org(org).await?;
        let mut rows = sqlx::query!(
            r#"select o.ref, o.day, u.ref as customer, p.name as "partner?", c.name as "category?", o.amount, o.discount, o.placed_at,
                      o.accepted_at, o.rejected_at, o.picked_up_at, o.processed_at, o.delivered_at, o.completed_at, o.cancelled_at
               from orders o join customers u on u.org_id = o.org_id and u.id = o.customer_id
               left join partners p on p.org_id = o.org_id and p.id = o.partner_id
               left join service_categories c on c.org_id = o.org_id and c.id = o.category_id
               where o.org_id = $1 and o.day between $2 and $3 and ($4::uuid is null or o.partner_id = $4)
               order by o.day, o.id"#,
            org.0,
            asked.period.first,
            asked.period.last,
            asked.partner
        )
        .fetch(&mut *tx);
        while let Some(row) = rows.try_next().await? {
            let named = [
                row.r#ref.into(),
                row.day.into(),
                row.customer.into(),
                Cell::or_empty(row.partner),
                Cell::or_empty(row.category),
            ];
            let money = [Cell::Money(row.amount), Cell::Money(row.discount), row.placed_at.into()];
            let stages = [
                row.accepted_at,
                row.rejected_at,
                row.picked_up_at,
                row.processed_at,
                row.delivered_at,
                row.completed_at,
                row.cancelled_at,
            ];
            sink.row(named.into_iter().chain(money).chain(stages.map(Cell::or_empty)).collect()).await?;
        }
        Ok(())
    });
    Ready { code: "list", table }
}

/// The columns of a list of customers.
pub(super) fn people_columns(wanted: &Wanted) -> Vec<Column> {
    let money = |name: &str| Column::money(name, &wanted.user.org.currency);
    let mut columns = vec![Column::text("Customer"), Column::text("Name"), Column::text("Segment")];
    columns.extend(["Orders", "Completed"].map(Column::integer));
    columns.extend(["Paid less refunds", "Lifetime value"].map(money));
    columns.extend([
        Column::date("First order"),
        Column::date("Last order"),
        Column::new("Usual gap (days)", Kind::Decimal(1)),
    ]);
    columns.extend([Column::text("Most ordered"), Column::text("Pays by"), Column::percent("Risk of leaving")]);
    columns
}

/// Customers, row by row as the database hands them over.
pub(super) fn people(wanted: &Wanted, code: &'static str, sheet: Sheet, at_risk: bool) -> Ready {
    let (db, org) = (wanted.db.clone(), wanted.user.org.id);
    let table = Table::written(sheet, move |mut sink| async move {
        let mut tx = db.org(org).await?;
        let mut rows = sqlx::query!(
            r#"select c.ref, c.name, a.segment, a.orders, a.completed, a.paid - a.refunded as "spent!", a.lifetime_value, a.first_order_day,
                      a.last_order_day, a.median_gap_days, k.name as "category?", a.favourite_method, a.churn_risk
               from customer_analytics a join customers c on c.org_id = a.org_id and c.id = a.customer_id
               left join service_categories k on k.org_id = a.org_id and k.id = a.favourite_category
               where a.org_id = $1 and (a.at_risk or not $2)
               order by a.lifetime_value desc, a.customer_id"#,
            org.0,
            at_risk
        )
        .fetch(&mut *tx);
        while let Some(row) = rows.try_next().await? {
            let gap = row.median_gap_days.map_or(Cell::Empty, |gap: Decimal| Cell::Decimal(super::height(gap)));
            sink.row(vec![
                row.r#ref.into(),
                Cell::or_empty(row.name),
                row.segment.into(),
                i64::from(row.orders).into(),
                i64::from(row.completed).into(),
                row.spent.into(),
                row.lifetime_value.into(),
                row.first_order_day.into(),
                row.last_order_day.into(),
                gap,
                Cell::or_empty(row.category),
                Cell::or_empty(row.favourite_method),
                row.churn_risk.map_or(Cell::Empty, Cell::Percent),
            ])
            .await?;
        }
        Ok(())
    });
    Ready { code, table }
}
