//! Work done: tasks, tours and their checkpoints, work orders, incidents.

use super::super::column::{Column, Kind};
use super::super::rules::{Rules, Touch};
use super::super::table::Table;

const PERCENT: Kind = Kind::Whole(0, 100);
const DAY_OF_WORKER: Touch = Touch::Day { day: "@.day", worker: "@.worker_id" };

pub(in super::super) static TASKS: Rules = Rules {
    doc: "Work handed out to somebody; its business day is its shift's, else the local date it is due.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to the task."),
        Column::required("site", Kind::Ref(Table::Sites), "Where."),
        Column::required("worker", Kind::Ref(Table::Workers), "Who."),
        Column::optional("shift", Kind::Ref(Table::Shifts), "The shift it belongs to."),
        Column::optional("title", Kind::Text(300), "What is to be done."),
        Column::optional("assigned_at", Kind::Moment, "When it was handed out."),
        Column::required("due_at", Kind::Moment, "When it must be done."),
        Column::optional("started_at", Kind::Moment, "When it was started."),
        Column::optional("completed_at", Kind::Moment, "When it was done; empty: not done."),
        Column::optional("sla_minutes", Kind::Whole(1, 1_000_000), "Minutes it may take from being handed out."),
        Column::optional("passed_first_time", Kind::Flag, "Whether it passed its check at once; empty: not checked."),
        Column::optional("quality", PERCENT, "Its quality, 0 to 100; empty: not judged."),
    ],
    identity: &["day", "id"],
    partitioned: true,
    zone: Some("r_site.time_zone"),
    carry: &[("_shift_day", "r_shift.day")],
    computed: &[(
        "day",
        "coalesce(m._shift_day, case when m.shift_id is not null then t.day end, (m.due_at at time zone m._zone)::date)",
    )],
    findings: &[
        ("r.completed_at < coalesce(r.started_at, r.assigned_at)", "completed before it was started"),
        ("r.due_at < r.assigned_at", "due before it was handed out"),
    ],
    touch: DAY_OF_WORKER,
    ..Rules::PLAIN
};

pub(in super::super) static TOURS: Rules = Rules {
    doc: "One patrol round; its business day is its shift's, else the local date it was planned to start.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to the tour."),
        Column::required("site", Kind::Ref(Table::Sites), "Where."),
        Column::required("worker", Kind::Ref(Table::Workers), "Who."),
        Column::optional("shift", Kind::Ref(Table::Shifts), "The shift it belongs to."),
        Column::required("planned_start", Kind::Moment, "When it was to start."),
        Column::optional("started_at", Kind::Moment, "When it started."),
        Column::optional("completed_at", Kind::Moment, "When it was completed; empty: it was not."),
        Column::optional("incidents_found", Kind::Whole(0, 10_000), "Incidents noticed on it.").or("0"),
        Column::optional("incidents_missed", Kind::Whole(0, 10_000), "Incidents on its way that were missed.").or("0"),
    ],
    zone: Some("r_site.time_zone"),
    carry: &[("_shift_day", "r_shift.day")],
    computed: &[("day", "coalesce(m._shift_day, case when m.shift_id is not null then t.day end, (m.planned_start at time zone m._zone)::date)")],
    findings: &[("r.completed_at < r.started_at", "completed before it was started")],
    touch: DAY_OF_WORKER,
    follow: &[
        "update checkpoints c set day = r.day from _row r
         where c.org_id = current_org() and c.tour_id = r.id and c.day = r._was_day and r._found and r.day <> r._was_day",
    ],
    ..Rules::PLAIN
};

pub(in super::super) static CHECKPOINTS: Rules = Rules {
    doc: "The points of a tour: when each was due, when it was visited.",
    columns: &[
        Column::required("tour", Kind::Ref(Table::Tours), "Which tour."),
        Column::required("position", Kind::Whole(1, 10_000), "Its number on the tour, from 1."),
        Column::optional("name", Kind::Text(200), "Its name."),
        Column::required("planned_at", Kind::Moment, "When it was due."),
        Column::optional("visited_at", Kind::Moment, "When it was visited; empty: it was not."),
    ],
    natural_key: &["tour", "position"],
    identity: &["day", "id"],
    partitioned: true,
    zone: Some("z.time_zone"),
    joins: "left join sites z on z.org_id = current_org() and z.id = r_tour.site_id",
    carry: &[("day", "r_tour.day"), ("_worker_id", "r_tour.worker_id")],
    findings: &[(
        "r.visited_at not between r.planned_at - interval '12 hours' and r.planned_at + interval '12 hours'",
        "visited more than 12 hours from the plan",
    )],
    touch: Touch::Day { day: "@.day", worker: "@._worker_id" },
    ..Rules::PLAIN
};

pub(in super::super) static WORK_ORDERS: Rules = Rules {
    doc: "A request with its deadline; it is judged on the site's local date it was resolved.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to the order."),
        Column::required("site", Kind::Ref(Table::Sites), "Where."),
        Column::optional("worker", Kind::Ref(Table::Workers), "Who does it."),
        Column::required("opened_at", Kind::Moment, "When it was opened."),
        Column::optional("assigned_at", Kind::Moment, "When it was given to the worker."),
        Column::optional("resolved_at", Kind::Moment, "When it was resolved; empty: it is open."),
        Column::optional("sla_due_at", Kind::Moment, "When it must be resolved; empty: it has no deadline."),
        Column::optional("priority", Kind::Text(50), "Its priority, in your words."),
        Column::optional("category", Kind::Text(200), "What kind of work it is."),
        Column::optional("area", Kind::Text(200), "Where on or around the site: building, floor, neighbourhood."),
        Column::optional("satisfaction", Kind::Whole(1, 5), "How the customer rated it, 1 to 5."),
        Column::optional("quality", PERCENT, "Its quality, 0 to 100; empty: not judged."),
    ],
    zone: Some("r_site.time_zone"),
    computed: &[("closed_day", "(m.resolved_at at time zone m._zone)::date")],
    findings: &[
        ("r.resolved_at < r.opened_at", "closed before it was opened"),
        ("r.sla_due_at < r.opened_at", "due before it was opened"),
        ("r.sla_due_at is null", "no deadline"),
        ("r.area is null", "no area"),
    ],
    touch: Touch::Day { day: "@.closed_day", worker: "@.worker_id" },
    ..Rules::PLAIN
};

pub(in super::super) static INCIDENTS: Rules = Rules {
    doc: "Something went wrong and was written down; only attributable harm lowers a score, reporting never does.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to the incident."),
        Column::required("site", Kind::Ref(Table::Sites), "Where."),
        Column::optional(
            "worker",
            Kind::Ref(Table::Workers),
            "Who wrote it down, or caused it where attributable is true.",
        ),
        Column::required("happened_at", Kind::Moment, "When."),
        Column::required("kind", Kind::Text(100), "What, such as theft or injury."),
        Column::required("severity", Kind::Whole(1, 5), "1 slight to 5 grave."),
        Column::optional("attributable", Kind::Flag, "Whether the worker caused it.").or("false"),
        Column::optional("documentation_quality", PERCENT, "How well it was written down, 0 to 100."),
        Column::optional("resolved_at", Kind::Moment, "When it was dealt with; empty: it is open."),
    ],
    zone: Some("r_site.time_zone"),
    computed: &[("day", "(m.happened_at at time zone m._zone)::date")],
    refusals: &[("r.attributable and r.worker_id is null", "worker: an attributable incident needs one")],
    findings: &[("r.resolved_at < r.happened_at", "resolved before it happened")],
    touch: DAY_OF_WORKER,
    ..Rules::PLAIN
};
