//! What clients ask for: jobs, who was proposed for them, and who was placed in them.

use super::super::column::{Column, Kind};
use super::super::rules::Rules;
use super::super::table::Table;

const AMOUNT: Kind = Kind::Hundredths(1_000_000_000);

pub(in super::super) static JOBS: Rules = Rules {
    doc: "People asked for at a site.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to the job."),
        Column::required("site", Kind::Ref(Table::Sites), "Where."),
        Column::required("category", Kind::Text(50), "What work, such as guard."),
        Column::required("posted_at", Kind::Moment, "When it was posted."),
        Column::optional("closed_at", Kind::Moment, "When it was filled or cancelled; empty: open."),
        Column::optional("openings", Kind::Whole(1, 10_000), "How many people; 1 unless said.").or("1"),
        Column::optional("state", Kind::Word(&["open", "filled", "cancelled"]), "What became of it; open unless said.")
            .or("'open'"),
    ],
    zone: Some("r_site.time_zone"),
    refusals: &[
        ("r.closed_at < r.posted_at", "closed_at: before posted_at"),
        (
            "(coalesce(r.state, 'open') = 'open') <> (r.closed_at is null)",
            "closed_at: an open job has none, every other has one",
        ),
    ],
    ..Rules::PLAIN
};

pub(in super::super) static PLACEMENTS: Rules = Rules {
    doc: "Somebody placed in a job.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to the placement."),
        Column::required("job", Kind::Ref(Table::Jobs), "Which job."),
        Column::optional("worker", Kind::Ref(Table::Workers), "Who, once employed."),
        Column::required("started_on", Kind::Date(1990, 3), "First day."),
        Column::optional("ended_on", Kind::Date(1990, 3), "Last day, once it is over."),
        Column::optional("end_reason", Kind::Text(100), "Why it ended."),
        Column::optional("fee", AMOUNT, "What the client pays for the placing."),
        Column::optional("cost", AMOUNT, "What the placing cost."),
        Column::optional("satisfaction", Kind::Whole(1, 5), "The client's mark, 1 to 5."),
    ],
    refusals: &[
        ("r.ended_on < r.started_on", "ended_on: before started_on"),
        ("r.fee <> round(r.fee, {digits})", "fee: more decimals than the currency has"),
        ("r.cost <> round(r.cost, {digits})", "cost: more decimals than the currency has"),
    ],
    ..Rules::PLAIN
};

pub(in super::super) static CANDIDATES: Rules = Rules {
    doc: "Somebody who looks for work, without a name.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to the candidate."),
        Column::required("category", Kind::Text(50), "What work, such as guard."),
        Column::optional("registered_on", Kind::Date(1990, 0), "Since when."),
        Column::optional("source", Kind::Text(50), "Where they heard of the company."),
    ],
    ..Rules::PLAIN
};

pub(in super::super) static MATCHES: Rules = Rules {
    doc: "A candidate proposed for a job.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to the match."),
        Column::required("job", Kind::Ref(Table::Jobs), "For which job."),
        Column::required("candidate", Kind::Ref(Table::Candidates), "Who."),
        Column::required("algorithm", Kind::Text(50), "What proposed the candidate."),
        Column::required("version", Kind::Text(20), "Which version of it."),
        Column::optional("score", Kind::Number(0.0, 1.0), "How well it thought the candidate fits, 0 to 1."),
        Column::required("rank", Kind::Whole(1, 10_000), "The place among those proposed for the job; 1 is best."),
        Column::required("matched_at", Kind::Moment, "When."),
        Column::optional("shown", Kind::Flag, "Whether anybody who decides saw it; false unless said.").or("false"),
        Column::optional("accepted", Kind::Flag, "Whether it was taken; empty while nobody has decided."),
    ],
    refusals: &[("r.accepted is not null and not r.shown", "accepted: nobody was shown it")],
    ..Rules::PLAIN
};
