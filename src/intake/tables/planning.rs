//! What rosters are made of and measured against: when and where people can and like to work, budgets, other costs; and
//! the rosters themselves.

use super::super::column::{Column, Kind};
use super::super::rules::{Rules, Touch};
use super::super::table::Table;
use super::commerce::TOO_FINE;

const AMOUNT: Kind = Kind::Hundredths(1_000_000_000);

pub(in super::super) static WORKER_AVAILABILITY: Rules = Rules {
    doc: "When somebody can work, week by week, on the clock of the site. Who has no row in force on a day can work at any time.",
    columns: &[
        Column::required("worker", Kind::Ref(Table::Workers), "Who."),
        Column::required("weekday", Kind::Whole(1, 7), "1 Monday … 7 Sunday, of the day on which the stretch begins."),
        Column::required("from_time", Kind::Clock, "When it begins.").filling("from_minute"),
        Column::required("until_time", Kind::Clock, "When it ends; at or before from_time: on the next day.")
            .filling("until_minute"),
        Column::required("first_day", Kind::Date(1990, 3), "First day it holds."),
        Column::optional("last_day", Kind::Date(1990, 3), "Last day it holds; empty: until further notice."),
    ],
    natural_key: &["worker", "weekday", "from_time", "first_day"],
    refusals: &[
        ("r.from_minute > 1439", "from_time: 24:00 is the end of a day; write 00:00"),
        ("r.until_minute < 1", "until_time: write 24:00 for the end of a day"),
        ("r.last_day < r.first_day", "last_day: before first_day"),
    ],
    ..Rules::PLAIN
};

pub(in super::super) static WORKER_PREFERENCES: Rules = Rules {
    doc: "What somebody likes or would rather not: a site, or a part of the day. A wish, never a rule.",
    columns: &[
        Column::required("worker", Kind::Ref(Table::Workers), "Whose wish."),
        Column::required("wish", Kind::Word(&["prefers", "avoids"]), "Which of the two."),
        Column::optional("site", Kind::Ref(Table::Sites), "The site; else part_of_day."),
        Column::optional("part_of_day", Kind::Word(&["day", "night"]), "The part of the day; else site."),
    ],
    natural_key: &["worker", "site", "part_of_day"],
    refusals: &[("num_nonnulls(r.site_id, r.part_of_day) <> 1", "site: fill either site or part_of_day")],
    ..Rules::PLAIN
};

pub(in super::super) static BUDGETS: Rules = Rules {
    doc: "What a site may cost in a month, by kind of cost; the first four are kinds of pay.",
    columns: &[
        Column::required("site", Kind::Ref(Table::Sites), "Which site."),
        Column::required("month", Kind::Date(1990, 3), "The first day of the month."),
        Column::required(
            "kind",
            Kind::Word(&["regular", "overtime", "premium", "travel", "other"]),
            "Which kind of cost.",
        ),
        Column::required("amount", AMOUNT, "How much, in the organization's currency."),
    ],
    natural_key: &["site", "month", "kind"],
    identity: &["site_id", "month", "kind"],
    own_id: false,
    refusals: &[TOO_FINE, ("extract(day from r.month) <> 1", "month: not the first day of a month")],
    ..Rules::PLAIN
};

pub(in super::super) static OTHER_COSTS: Rules = Rules {
    doc: "Costs of a site other than pay.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to the cost."),
        Column::required("site", Kind::Ref(Table::Sites), "Which site."),
        Column::required("day", Kind::Date(1990, 3), "The day it is of."),
        Column::required("kind", Kind::Text(50), "Such as vehicles, uniforms or radios."),
        Column::required("amount", AMOUNT, "How much, in the organization's currency."),
    ],
    refusals: &[TOO_FINE],
    ..Rules::PLAIN
};

pub(in super::super) static ROSTERS: Rules = Rules {
    doc: "The plan of a site for a period, as it was confirmed; its shifts name it.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to the roster."),
        Column::required("site", Kind::Ref(Table::Sites), "Which site."),
        Column::required("first_day", Kind::Date(1990, 3), "First day it plans."),
        Column::required("last_day", Kind::Date(1990, 3), "Last day it plans."),
        Column::required("algorithm", Kind::Text(50), "How it was made: manual, or the name of the generator."),
        Column::required("shift_count", Kind::Whole(0, 1_000_000), "How many shifts it plans."),
        Column::required("filled_count", Kind::Whole(0, 1_000_000), "How many of them had a worker."),
        Column::optional("filled_minutes", Kind::Whole(0, i32::MAX), "Planned minutes of those that had a worker.")
            .or("0"),
        Column::optional("solve_ms", Kind::Whole(0, i32::MAX), "Milliseconds the generator took."),
        Column::optional("planning_minutes", Kind::Whole(0, 100_000), "Minutes somebody was busy making it."),
        Column::optional("cost", AMOUNT, "Planned pay of its filled shifts.").or("0"),
        Column::optional("budget", AMOUNT, "What it was allowed to cost."),
        Column::required("generated_at", Kind::Moment, "When it was made."),
        Column::optional("confirmed_at", Kind::Moment, "When it was confirmed; empty: a proposal."),
        Column::optional("overrides", Kind::Whole(0, 1_000_000), "Lines changed by hand before confirming.").or("0"),
        Column::optional("violations", Kind::Whole(0, 1_000_000), "Rules broken when it was confirmed.").or("0"),
    ],
    zone: Some("r_site.time_zone"),
    refusals: &[
        ("r.last_day < r.first_day", "last_day: before first_day"),
        ("r.filled_count > r.shift_count", "filled_count: more than shift_count"),
        ("r.confirmed_at < r.generated_at", "confirmed_at: before generated_at"),
    ],
    findings: &[("r.last_day > r.first_day + 92", "roster of more than three months")],
    touch: Touch::Day { day: "@.first_day", worker: "null::uuid" },
    ..Rules::PLAIN
};
