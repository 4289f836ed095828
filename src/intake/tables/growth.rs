//! The product as a business: who signed up, who stays, what they pay, whom they invite, what winning and helping them takes.

use super::super::column::{Column, Kind};
use super::super::rules::Rules;
use super::super::table::Table;

const AMOUNT: Kind = Kind::Amount(1_000_000_000);
const OF_CUSTOMER: Column = Column::required("signup", Kind::Ref(Table::Signups), "Which customer.");

pub(in super::super) static SIGNUPS: Rules = Rules {
    doc: "An organization that began to sign up. For the platform's own organization; others leave it out.",
    columns: &[
        Column::required("ref", Kind::Code, "Its short name, or how your systems refer to it."),
        Column::optional("channel", Kind::Text(50), "How it came, such as search or invite."),
        Column::required(
            "started_at",
            Kind::Moment,
            "When the form was opened; without offset in the organization's zone.",
        ),
        Column::optional("signed_up_at", Kind::Moment, "When it was sent; empty: it was left."),
        Column::optional("onboarded_at", Kind::Moment, "When its first week was planned and confirmed."),
        Column::optional("first_roster_at", Kind::Moment, "When it had its first roster."),
    ],
    zone: Some("{zone}"),
    refusals: &[
        ("r.signed_up_at < r.started_at", "signed_up_at: before started_at"),
        (
            "r.signed_up_at is null and num_nonnulls(r.onboarded_at, r.first_roster_at) > 0",
            "signed_up_at: missing, though it went on",
        ),
        ("r.onboarded_at < r.signed_up_at", "onboarded_at: before signed_up_at"),
        ("r.first_roster_at < r.signed_up_at", "first_roster_at: before signed_up_at"),
    ],
    ..Rules::PLAIN
};

pub(in super::super) static SIGNUP_ACTIVITY: Rules = Rules {
    doc: "A day on which a customer did anything with the product; days without a row are days without anything.",
    columns: &[
        OF_CUSTOMER,
        Column::required("day", Kind::Date(1990, 3), "The day."),
        Column::required("users", Kind::Whole(0, 1_000_000), "Users who could sign in."),
        Column::required("active_users", Kind::Whole(0, 1_000_000), "Users who did something."),
        Column::optional("rosters", Kind::Whole(0, 1_000_000), "Rosters generated; 0 unless said.").or("0"),
    ],
    natural_key: &["signup", "day"],
    identity: &["signup_id", "day"],
    own_id: false,
    findings: &[("r.active_users > r.users", "more active users than users")],
    ..Rules::PLAIN
};

pub(in super::super) static SUBSCRIPTIONS: Rules = Rules {
    doc: "What a customer pays a month; another tier or price is another row.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to it."),
        OF_CUSTOMER,
        Column::required("tier", Kind::Word(&["starter", "professional", "business"]), "Which tier."),
        Column::required("mrr", AMOUNT, "What it brings a month."),
        Column::required("started_at", Kind::Moment, "From when; without offset in the organization's zone."),
        Column::optional("upgraded_at", Kind::Moment, "When another subscription took its place."),
        Column::optional("cancelled_at", Kind::Moment, "When it was cancelled; of this and upgraded_at one."),
    ],
    zone: Some("{zone}"),
    refusals: &[
        ("r.mrr <> round(r.mrr, {digits})", "mrr: more decimals than the currency has"),
        (
            "num_nonnulls(r.upgraded_at, r.cancelled_at) > 1",
            "cancelled_at: it was upgraded, another row says what became of it",
        ),
        ("least(r.upgraded_at, r.cancelled_at) < r.started_at", "started_at: after its end"),
    ],
    ..Rules::PLAIN
};

pub(in super::super) static INVITES: Rules = Rules {
    doc: "An invitation to try the product that a user of a customer sent.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to it."),
        OF_CUSTOMER,
        Column::required("sent_at", Kind::Moment, "When; without offset in the organization's zone."),
        Column::optional("accepted_at", Kind::Moment, "When it was accepted."),
    ],
    zone: Some("{zone}"),
    refusals: &[("r.accepted_at < r.sent_at", "accepted_at: before sent_at")],
    ..Rules::PLAIN
};

pub(in super::super) static MARKETING_SPEND: Rules = Rules {
    doc: "What winning customers cost.",
    columns: &[
        Column::required("day", Kind::Date(1990, 3), "The day."),
        Column::required("channel", Kind::Text(50), "Such as search or events."),
        Column::required("amount", AMOUNT, "How much."),
    ],
    natural_key: &["day", "channel"],
    identity: &["day", "channel"],
    own_id: false,
    refusals: &[("r.amount <> round(r.amount, {digits})", "amount: more decimals than the currency has")],
    ..Rules::PLAIN
};

pub(in super::super) static SUPPORT_TICKETS: Rules = Rules {
    doc: "A question or trouble that a customer brought.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to it."),
        Column::optional("signup", Kind::Ref(Table::Signups), "Which customer, if known."),
        Column::required("topic", Kind::Text(50), "What it was about, in a word."),
        Column::required("opened_at", Kind::Moment, "When it came; without offset in the organization's zone."),
        Column::optional("answered_at", Kind::Moment, "When it was first answered."),
        Column::optional("closed_at", Kind::Moment, "When it was settled."),
        Column::optional("satisfaction", Kind::Whole(1, 5), "The customer's mark, 1 to 5."),
    ],
    zone: Some("{zone}"),
    refusals: &[("least(r.answered_at, r.closed_at) < r.opened_at", "opened_at: after an answer or its end")],
    ..Rules::PLAIN
};
