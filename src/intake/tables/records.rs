//! What is on record about people: requirements, certificates, trainings, leave, mentoring, thanks, coaching; and the calendar.

use super::super::column::{Column, Kind};
use super::super::rules::{Rules, Touch};
use super::super::table::Table;

pub(in super::super) static REQUIREMENTS: Rules = Rules {
    doc: "Which certification or training a job role or a site asks for, and which job role is licensed; neither: everybody.",
    columns: &[
        Column::required(
            "kind",
            Kind::Word(&["certification", "training", "registration"]),
            "What is asked for; registration: a number.",
        ),
        Column::required("name", Kind::Text(200), "Its name, as in certifications or trainings."),
        Column::optional("job_role", Kind::Text(100), "Only workers of this job role."),
        Column::optional("site", Kind::Ref(Table::Sites), "Only workers whose home site this is."),
    ],
    natural_key: &["kind", "name", "job_role", "site"],
    touch: Touch::Span { first: "'-infinity'::date", last: "'infinity'::date", worker: "null::uuid", of: &[] },
    ..Rules::PLAIN
};

pub(in super::super) static CERTIFICATIONS: Rules = Rules {
    doc: "Certificates held, from issued_on up to and including expires_on.",
    columns: &[
        Column::required("worker", Kind::Ref(Table::Workers), "Who holds it."),
        Column::required("name", Kind::Text(200), "Which certificate."),
        Column::required("issued_on", Kind::Date(1940, 3), "First day it holds."),
        Column::optional("expires_on", Kind::Date(1940, 50), "Last day it holds; empty: it does not expire."),
    ],
    natural_key: &["worker", "name", "issued_on"],
    refusals: &[("r.expires_on < r.issued_on", "expires_on: before issued_on")],
    touch: Touch::Span { first: "@.issued_on", last: "'infinity'::date", worker: "@.worker_id", of: &[] },
    ..Rules::PLAIN
};

pub(in super::super) static TRAININGS: Rules = Rules {
    doc: "Trainings completed; they count up to and including expires_on.",
    columns: &[
        Column::required("worker", Kind::Ref(Table::Workers), "Who completed it."),
        Column::required("name", Kind::Text(200), "Which training."),
        Column::required("completed_on", Kind::Date(1940, 3), "Day of completion."),
        Column::optional("expires_on", Kind::Date(1940, 50), "Last day it counts; empty: it does not expire."),
    ],
    natural_key: &["worker", "name", "completed_on"],
    findings: &[("r.expires_on < r.completed_on", "expires before it was completed")],
    touch: Touch::Span { first: "@.completed_on", last: "'infinity'::date", worker: "@.worker_id", of: &[] },
    ..Rules::PLAIN
};

pub(in super::super) static LEAVE: Rules = Rules {
    doc: "Absence agreed in advance; an approved day leaves what is scheduled.",
    columns: &[
        Column::required("worker", Kind::Ref(Table::Workers), "Who is away."),
        Column::required("first_day", Kind::Date(1990, 3), "First day away."),
        Column::required("last_day", Kind::Date(1990, 3), "Last day away."),
        Column::required("kind", Kind::Text(50), "Such as annual, sick or family."),
        Column::required("approved", Kind::Flag, "Whether it was agreed."),
    ],
    natural_key: &["worker", "first_day"],
    refusals: &[("r.last_day < r.first_day", "last_day: before first_day")],
    findings: &[("r.last_day > r.first_day + 366", "leave of more than a year")],
    touch: Touch::Span { first: "@.first_day", last: "@.last_day", worker: "@.worker_id", of: &[] },
    ..Rules::PLAIN
};

pub(in super::super) static CALENDAR_DAYS: Rules = Rules {
    doc: "Public holidays and events.",
    columns: &[
        Column::required("day", Kind::Date(1990, 3), "The date."),
        Column::required("name", Kind::Text(200), "The name of the day."),
        Column::required("kind", Kind::Word(&["holiday", "event"]), "Which of the two."),
    ],
    natural_key: &["day", "name"],
    identity: &["day", "name"],
    own_id: false,
    ..Rules::PLAIN
};

pub(in super::super) static MENTORING_PAIRS: Rules = Rules {
    doc: "Who shows whom the work.",
    columns: &[
        Column::required("mentor", Kind::Ref(Table::Workers), "Who shows it."),
        Column::required("mentee", Kind::Ref(Table::Workers), "Who learns it."),
        Column::required("started_on", Kind::Date(1990, 3), "First day."),
        Column::optional("ended_on", Kind::Date(1990, 3), "Last day; empty while it goes on."),
    ],
    natural_key: &["mentor", "mentee", "started_on"],
    refusals: &[
        ("r.mentor_id = r.mentee_id", "mentee: the same person as the mentor"),
        ("r.ended_on < r.started_on", "ended_on: before started_on"),
    ],
    ..Rules::PLAIN
};

pub(in super::super) static KUDOS: Rules = Rules {
    doc: "Thanks from one worker to another.",
    columns: &[
        Column::required("to_worker", Kind::Ref(Table::Workers), "Who is thanked."),
        Column::required("from_worker", Kind::Ref(Table::Workers), "Who says thanks."),
        Column::required("category", Kind::Word(&["teamwork", "quality", "initiative", "safety"]), "What for."),
        Column::required("message", Kind::Text(500), "In words."),
        Column::required("given_at", Kind::Moment, "When; without offset in the organization's zone."),
    ],
    natural_key: &["from_worker", "to_worker", "given_at"],
    zone: Some("{zone}"),
    computed: &[("day", "(m.given_at at time zone m._zone)::date")],
    refusals: &[("r.to_worker_id = r.from_worker_id", "to_worker: nobody thanks themselves")],
    ..Rules::PLAIN
};

pub(in super::super) static COACHING_SESSIONS: Rules = Rules {
    doc: "One conversation of a supervisor with a worker; what it came to is measured from the day of completion.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to the conversation."),
        Column::required("worker", Kind::Ref(Table::Workers), "Whom it was with."),
        Column::optional("scheduled_for", Kind::Date(1990, 3), "The day it was planned for."),
        Column::optional("completed_on", Kind::Date(1990, 3), "The day it was held; empty: not yet."),
        Column::optional("agenda", Kind::Text(2_000), "What it was to be about.").or("''"),
        Column::optional("notes", Kind::Text(4_000), "What was said.").or("''"),
        Column::optional("agreed_actions", Kind::Text(2_000), "What was agreed.").or("''"),
        Column::optional("follow_up_on", Kind::Date(1990, 3), "When to look again."),
    ],
    computed: &[("state", "case when m.completed_on is null then 'scheduled' else 'completed' end")],
    refusals: &[("r.completed_on is null and r.scheduled_for is null", "scheduled_for: neither planned nor held")],
    findings: &[("r.follow_up_on < r.completed_on", "followed up before it was held")],
    ..Rules::PLAIN
};
