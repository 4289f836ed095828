//! Do the order book and the payments say the same? The usual proof of a receivables ledger, line by line.

use rust_decimal::Decimal;
use serde::Serialize;

use super::filter::Asked;
use super::sums::Sums;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;

/// The order book against the payments. Both sides are summed from their own facts; the difference must be nought.
///
/// Order book: gross revenue (orders that stand at their worth, ended ones at what had been paid), less refunds. Payments:
/// what was received in the period, less what was for orders placed outside it, plus what came outside it for orders placed
/// in it, plus what orders of the period still owe, less refunds. This is the usual proof of a receivables ledger against
/// cash received, with the timing differences shown line by line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Reconciliation {
    /// Gross revenue by the order book.
    pub gross: Decimal,
    /// Payments received in the period.
    pub payments: Decimal,
    /// Of those, for orders placed outside the period.
    pub for_others: Decimal,
    /// Received outside the period for orders placed in it.
    pub elsewhen: Decimal,
    /// Still to be paid on orders of the period that stand.
    pub unpaid: Decimal,
    /// Refunds for orders that stand.
    pub refunds: Decimal,
    /// Refunds for orders that were cancelled or rejected after payment.
    pub refunds_of_ended: Decimal,
}

impl Reconciliation {
    /// Net revenue by the order book.
    #[must_use]
    pub fn net(&self) -> Decimal {
        self.gross - self.refunds - self.refunds_of_ended
    }

    /// Net revenue by the payments.
    #[must_use]
    pub fn net_by_payments(&self) -> Decimal {
        self.payments - self.for_others + self.elsewhen + self.unpaid - self.refunds - self.refunds_of_ended
    }

    /// What the two differ by: nought, or something is wrong.
    #[must_use]
    pub fn difference(&self) -> Decimal {
        self.net() - self.net_by_payments()
    }

    /// Every line of it, in order; what is taken away is negative.
    #[must_use]
    pub fn lines(&self) -> [(&'static str, Decimal); 12] {
        [
            ("Gross revenue by the order book", self.gross),
            ("Refunds for orders that stand", -self.refunds),
            ("Refunds for orders cancelled or rejected after payment", -self.refunds_of_ended),
            ("Net revenue by the order book", self.net()),
            ("Payments received in the period", self.payments),
            ("Of these, for orders placed outside the period", -self.for_others),
            ("Paid outside the period for orders placed in it", self.elsewhen),
            ("Still to be paid on orders of the period", self.unpaid),
            ("Refunds for orders that stand, again", -self.refunds),
            ("Refunds for ended orders, again", -self.refunds_of_ended),
            ("Net revenue by the payments", self.net_by_payments()),
            ("Difference", self.difference()),
        ]
    }
}

/// The proof of a period whose sums are known.
pub(super) async fn proof(tx: &mut OrgTx, asked: &Asked, total: &Sums) -> Result<Reconciliation> {
    let (org, Period { first, last }) = (tx.org().0, asked.period);
    // What orders still owe knows of payments that came after the last day that is summed; what was received does not.
    // A payment crosses the ends of the period only where its order lies near one of them, or it is one of the few that
    // came a month and more from its order.
    let lags = sqlx::query!(
        r#"with known as (
               select least($3::date, max(day)) as last from daily_revenue_summaries where org_id = $1
           )
           select coalesce(sum(amount) filter (where not within), 0) as "for_others!", coalesce(sum(amount) filter (where within), 0) as "elsewhen!"
           from (
               select amount, false as within, partner_id from payment_lags
               where org_id = $1 and order_day between $2::date - 31 and $2::date - 1
                 and paid_day between $2 and (select last from known)
                 and paid_day - order_day between -31 and 31
               union all
               select amount, false, partner_id from payment_lags
               where org_id = $1 and order_day between $3::date + 1 and $3::date + 31
                 and paid_day between $2 and (select last from known)
                 and paid_day - order_day between -31 and 31
               union all
               select amount, true, partner_id from payment_lags
               where org_id = $1 and order_day between greatest($2, (select last - 30 from known)) and $3
                 and paid_day > (select last from known)
                 and paid_day - order_day between -31 and 31
               union all
               select amount, true, partner_id from payment_lags
               where org_id = $1 and order_day between $2 and least($3, $2::date + 30) and paid_day < $2
                 and paid_day - order_day between -31 and 31
               union all
               select amount, order_day between $2 and $3, partner_id from payment_lags
               where org_id = $1 and paid_day - order_day not between -31 and 31
                 and (order_day between $2 and $3) <> (paid_day between $2 and (select last from known))
           ) l where $4::uuid is null or partner_id = $4"#,
        org,
        first,
        last,
        asked.partner
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Reconciliation {
        gross: total.gross,
        payments: total.payments(),
        for_others: lags.for_others,
        elsewhen: lags.elsewhen,
        unpaid: total.unpaid,
        refunds: total.refunds - total.refunds_of_ended,
        refunds_of_ended: total.refunds_of_ended,
    })
}
