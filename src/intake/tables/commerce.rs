//! What is sold, to whom and by whom; what was paid for it and given back; and how it was liked.

use super::super::column::{Column, Kind};
use super::super::rules::{Rules, Touch};
use super::super::table::Table;

const AMOUNT: Kind = Kind::Amount(1_000_000_000);
const OF_ORDER: Column = Column::required("order_ref", Kind::Ref(Table::Orders), "Which order.").filling("order_id");
const CARRIED: &[(&str, &str)] = &[("order_day", "r_order_ref.day"), ("_placed_at", "r_order_ref.placed_at")];
const DAYS: Touch = Touch::Commerce { days: &["@.day", "@.order_day"], customer: None };
/// An amount with decimals that the currency has not.
pub(super) const TOO_FINE: (&str, &str) =
    ("r.amount <> round(r.amount, {digits})", "amount: more decimals than the currency has");

pub(in super::super) static CUSTOMERS: Rules = Rules {
    doc: "Who orders.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to the customer."),
        Column::optional("name", Kind::Text(200), "Their name."),
        Column::optional("source", Kind::Text(50), "Where they heard of you, such as search or referral."),
        Column::optional("joined_on", Kind::Date(1990, 3), "When they signed up."),
    ],
    ..Rules::PLAIN
};

pub(in super::super) static PARTNERS: Rules = Rules {
    doc: "Who carries orders out.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to the partner."),
        Column::required("name", Kind::Text(200), "Their name."),
        Column::optional("daily_capacity", Kind::Whole(1, 1_000_000), "Orders a day they can take on."),
        Column::optional("joined_on", Kind::Date(1990, 3), "Since when they work with you."),
    ],
    ..Rules::PLAIN
};

pub(in super::super) static SERVICE_CATEGORIES: Rules = Rules {
    doc: "The kinds of service that are sold.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to it."),
        Column::required("name", Kind::Text(100), "Its name."),
    ],
    ..Rules::PLAIN
};

pub(in super::super) static ORDERS: Rules = Rules {
    doc: "What customers order; its business day is the organization's local date on which it was placed.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to the order."),
        Column::required("customer", Kind::Ref(Table::Customers), "Who ordered."),
        Column::optional("partner", Kind::Ref(Table::Partners), "Who carries it out; empty: you do, or nobody yet."),
        Column::optional("category", Kind::Ref(Table::ServiceCategories), "What kind of service."),
        Column::required("amount", AMOUNT, "Its price before the discount, in the organization's currency."),
        Column::optional("discount", AMOUNT, "What was taken off.").or("0"),
        Column::required("placed_at", Kind::Moment, "When it was placed; without offset in the organization's zone."),
        Column::optional("accepted_at", Kind::Moment, "When the partner accepted it."),
        Column::optional("rejected_at", Kind::Moment, "When it was rejected."),
        Column::optional("picked_up_at", Kind::Moment, "When it was picked up."),
        Column::optional("processed_at", Kind::Moment, "When the work was done."),
        Column::optional("delivered_at", Kind::Moment, "When it was delivered."),
        Column::optional("completed_at", Kind::Moment, "When it was completed; of this, rejected_at and cancelled_at one."),
        Column::optional("cancelled_at", Kind::Moment, "When it was cancelled."),
    ],
    identity: &["day", "id"],
    partitioned: true,
    zone: Some("{zone}"),
    computed: &[("day", "(m.placed_at at time zone m._zone)::date")],
    refusals: &[
        TOO_FINE,
        ("r.discount <> round(r.discount, {digits})", "discount: more decimals than the currency has"),
        ("r.discount > r.amount", "discount: more than the amount"),
        (
            "num_nonnulls(r.completed_at, r.cancelled_at, r.rejected_at) > 1",
            "completed_at: an order is completed, cancelled or rejected, only one of them",
        ),
        (
            "least(r.accepted_at, r.rejected_at, r.picked_up_at, r.processed_at, r.delivered_at, r.completed_at, r.cancelled_at) < r.placed_at",
            "placed_at: after something that was done with it",
        ),
    ],
    findings: &[
        ("r.picked_up_at < r.accepted_at", "picked up before it was accepted"),
        ("r.processed_at < r.picked_up_at", "processed before it was picked up"),
        ("r.delivered_at < r.processed_at", "delivered before it was processed"),
        ("r.completed_at < r.delivered_at", "completed before it was delivered"),
    ],
    touch: Touch::Commerce { days: &["@.day"], customer: Some("@.customer_id") },
    follow: &[
        // What belongs to an order knows the day it was placed, so that it is found in one partition.
        "update payments f set order_day = r.day from _row r
         where f.org_id = current_org() and f.order_day = r._was_day_0 and f.order_id = r.id and r._found and r.day <> r._was_day_0",
        "update refunds f set order_day = r.day from _row r
         where f.org_id = current_org() and f.order_day = r._was_day_0 and f.order_id = r.id and r._found and r.day <> r._was_day_0",
        "update order_ratings f set order_day = r.day from _row r
         where f.org_id = current_org() and f.order_day = r._was_day_0 and f.order_id = r.id and r._found and r.day <> r._was_day_0",
        "update order_issues f set order_day = r.day from _row r
         where f.org_id = current_org() and f.order_day = r._was_day_0 and f.order_id = r.id and r._found and r.day <> r._was_day_0",
        // Money came and went on its own day; who carried the order out may have changed there too.
        "insert into dirty_commerce_days (org_id, day)
         select current_org(), f.day from payments f join _row r on f.order_id = r.id and f.order_day = r.day
         where f.org_id = current_org() and r._found and not r._same
         union select current_org(), f.day from refunds f join _row r on f.order_id = r.id and f.order_day = r.day
         where f.org_id = current_org() and r._found and not r._same
         union select current_org(), f.day from order_ratings f join _row r on f.order_id = r.id and f.order_day = r.day
         where f.org_id = current_org() and r._found and not r._same
         union select current_org(), f.day from order_issues f join _row r on f.order_id = r.id and f.order_day = r.day
         where f.org_id = current_org() and r._found and not r._same
         on conflict do nothing",
    ],
    ..Rules::PLAIN
};

pub(in super::super) static PAYMENTS: Rules = Rules {
    doc: "Money received for an order; an order may be paid in parts.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to the payment."),
        OF_ORDER,
        Column::required("method", Kind::Word(&["cash", "card", "wallet", "online"]), "How it was paid."),
        Column::required("amount", AMOUNT, "How much."),
        Column::required("paid_at", Kind::Moment, "When; without offset in the organization's zone."),
    ],
    zone: Some("{zone}"),
    carry: CARRIED,
    computed: &[("day", "(m.paid_at at time zone m._zone)::date")],
    refusals: &[TOO_FINE, ("r.paid_at < r._placed_at", "paid_at: before the order was placed")],
    touch: DAYS,
    ..Rules::PLAIN
};

pub(in super::super) static REFUNDS: Rules = Rules {
    doc: "Money given back for an order, all of it or a part.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to the refund."),
        OF_ORDER,
        Column::required("amount", AMOUNT, "How much."),
        Column::optional("reason", Kind::Text(200), "Why."),
        Column::required("refunded_at", Kind::Moment, "When; without offset in the organization's zone."),
    ],
    zone: Some("{zone}"),
    carry: CARRIED,
    computed: &[("day", "(m.refunded_at at time zone m._zone)::date")],
    refusals: &[TOO_FINE, ("r.refunded_at < r._placed_at", "refunded_at: before the order was placed")],
    touch: DAYS,
    ..Rules::PLAIN
};

pub(in super::super) static ORDER_RATINGS: Rules = Rules {
    doc: "What the customer gave an order.",
    columns: &[
        OF_ORDER,
        Column::required("rating", Kind::Whole(1, 5), "1 to 5, 5 is best."),
        Column::required("rated_at", Kind::Moment, "When; without offset in the organization's zone."),
    ],
    natural_key: &["order_ref"],
    zone: Some("{zone}"),
    carry: CARRIED,
    computed: &[("day", "(m.rated_at at time zone m._zone)::date")],
    findings: &[("r.rated_at < r._placed_at", "rated before the order was placed")],
    touch: DAYS,
    ..Rules::PLAIN
};

pub(in super::super) static ORDER_ISSUES: Rules = Rules {
    doc: "Something that went wrong with an order.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to the issue."),
        OF_ORDER,
        Column::required("kind", Kind::Word(&["reported", "damaged", "lost"]), "What: reported is anything else."),
        Column::required("reported_at", Kind::Moment, "When; without offset in the organization's zone."),
    ],
    zone: Some("{zone}"),
    carry: CARRIED,
    computed: &[("day", "(m.reported_at at time zone m._zone)::date")],
    findings: &[("r.reported_at < r._placed_at", "reported before the order was placed")],
    touch: DAYS,
    ..Rules::PLAIN
};
