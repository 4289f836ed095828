//! Shifts, what became of them, and to whom they were offered.

use super::super::column::{Column, Kind};
use super::super::rules::{Rules, Touch};
use super::super::table::Table;

const PAY: Kind = Kind::Hundredths(10_000_000);

pub(in super::super) static SHIFTS: Rules = Rules {
    doc: "One person's turn at a site; its business day is the site's local date on which it starts.",
    columns: &[
        Column::required("ref", Kind::Code, "How your systems refer to the shift."),
        Column::required("site", Kind::Ref(Table::Sites), "Where."),
        Column::optional("worker", Kind::Ref(Table::Workers), "Who; empty: nobody yet."),
        Column::optional("roster", Kind::Ref(Table::Rosters), "The roster it was planned in; empty: posted by itself."),
        Column::required("starts_at", Kind::Moment, "When it starts."),
        Column::required("ends_at", Kind::Moment, "When it ends, at most 36 hours later."),
        Column::optional("required_skill", Kind::Text(100), "Skill it asks for."),
        Column::optional("state", Kind::Word(&["planned", "cancelled"]), "Empty means planned.").or("'planned'"),
        Column::optional("assigned_by", Kind::Text(50), "How the worker came to it: roster, offer, swap or manual."),
        Column::optional("posted_at", Kind::Moment, "When it was posted."),
        Column::optional("filled_at", Kind::Moment, "When somebody took it."),
        Column::optional("overtime_minutes", Kind::Whole(0, 2160), "Minutes of it that are overtime.").or("0"),
        Column::optional("pay_regular", PAY, "Regular pay for it.").or("0"),
        Column::optional("pay_overtime", PAY, "Overtime pay for it.").or("0"),
        Column::optional("pay_premium", PAY, "Premiums such as night or Sunday.").or("0"),
        Column::optional("pay_travel", PAY, "Travel pay for it.").or("0"),
    ],
    zone: Some("r_site.time_zone"),
    carry: &[
        ("_hired_on", "r_worker.hired_on"),
        ("_left_on", "r_worker.left_on"),
        ("_roster_site", "r_roster.site_id"),
        ("_roster_first", "r_roster.first_day"),
        ("_roster_last", "r_roster.last_day"),
    ],
    computed: &[("day", "(m.starts_at at time zone m._zone)::date")],
    refusals: &[
        ("r.ends_at <= r.starts_at", "ends_at: not after starts_at"),
        ("r.ends_at > r.starts_at + interval '36 hours'", "ends_at: more than 36 hours after starts_at"),
        (
            "exists (select from unnest(array[r.pay_regular, r.pay_overtime, r.pay_premium, r.pay_travel]) p where p <> round(p, {digits}))",
            "pay: more decimals than the currency has",
        ),
    ],
    findings: &[
        ("r.day > r._left_on", "shift after the worker left"),
        ("r.day < r._hired_on", "shift before the worker was hired"),
        ("r.site_id <> r._roster_site", "shift in a roster of another site"),
        ("r.day not between r._roster_first and r._roster_last", "shift outside the days of its roster"),
    ],
    touch: Touch::Day { day: "@.day", worker: "@.worker_id" },
    follow: &[
        // Attendance, tasks, tours and checkpoints belong to the day of their shift, so they move with it.
        "insert into _moved select a.day, a.worker_id from attendance a join _row r on r.id = a.id and r._was_day = a.day
         where r._found and not r._same and (a.day, a.worker_id) is distinct from (r.day, coalesce(r.worker_id, a.worker_id))",
        "update attendance a set day = r.day, worker_id = coalesce(r.worker_id, a.worker_id) from _row r
         where a.org_id = current_org() and a.id = r.id and a.day = r._was_day and r._found and not r._same
           and (a.day, a.worker_id) is distinct from (r.day, coalesce(r.worker_id, a.worker_id))",
        "insert into _moved select d.day, t.worker_id from tasks t join _row r on r.id = t.shift_id and r._was_day = t.day
         cross join lateral (values (t.day), (r.day)) d (day) where r._found and r.day <> r._was_day",
        "update tasks t set day = r.day from _row r
         where t.org_id = current_org() and t.shift_id = r.id and t.day = r._was_day and r._found and r.day <> r._was_day",
        "insert into _moved select d.day, t.worker_id from tours t join _row r on r.id = t.shift_id and r._was_day = t.day
         cross join lateral (values (t.day), (r.day)) d (day) where r._found and r.day <> r._was_day",
        "update checkpoints c set day = r.day from _row r join tours t on t.shift_id = r.id and t.day = r._was_day
         where c.org_id = current_org() and c.tour_id = t.id and c.day = t.day and r._found and r.day <> r._was_day",
        "update tours t set day = r.day from _row r
         where t.org_id = current_org() and t.shift_id = r.id and t.day = r._was_day and r._found and r.day <> r._was_day",
    ],
    ..Rules::PLAIN
};

pub(in super::super) static ATTENDANCE: Rules = Rules {
    doc: "What became of a shift; one row for each, whether somebody came or not.",
    columns: &[
        Column::required("shift", Kind::Ref(Table::Shifts), "Which shift.").filling("id"),
        Column::optional("clock_in", Kind::Moment, "When the worker clocked in; empty: did not come."),
        Column::optional("clock_out", Kind::Moment, "When the worker clocked out."),
        Column::optional("latitude", Kind::Number(-90.0, 90.0), "Where the clock-in was, degrees north."),
        Column::optional("longitude", Kind::Number(-180.0, 180.0), "Where the clock-in was, degrees east."),
        Column::optional("device", Kind::Text(100), "What the clock-in was made with."),
        Column::optional("inside_geofence", Kind::Flag, "Whether it was at the site; empty: not checked."),
        Column::optional("called_in", Kind::Flag, "Whether the worker said beforehand that they would not come.")
            .or("false"),
    ],
    natural_key: &["shift"],
    identity: &["day", "id"],
    own_id: false,
    partitioned: true,
    zone: Some("z.time_zone"),
    joins: "left join sites z on z.org_id = current_org() and z.id = r_shift.site_id",
    carry: &[("worker_id", "r_shift.worker_id"), ("day", "r_shift.day"), ("_starts_at", "r_shift.starts_at")],
    refusals: &[
        ("r.worker_id is null and r.id is not null", "shift: nobody was assigned to it"),
        ("r.clock_out is not null and r.clock_in is null", "clock_out: without a clock_in"),
        ("r.clock_out < r.clock_in", "clock_out: before clock_in"),
    ],
    findings: &[
        (
            "r.clock_in not between r._starts_at - interval '12 hours' and r._starts_at + interval '12 hours'",
            "clocked in more than 12 hours from the start of the shift",
        ),
        ("r.clock_out > r.clock_in + interval '36 hours'", "clocked out more than 36 hours after clocking in"),
        ("r.called_in and r.clock_in is not null", "called in and came nevertheless"),
    ],
    touch: Touch::Day { day: "@.day", worker: "@.worker_id" },
    ..Rules::PLAIN
};

pub(in super::super) static SHIFT_OFFERS: Rules = Rules {
    doc: "A shift offered to a worker, and the answer.",
    columns: &[
        Column::required("shift", Kind::Ref(Table::Shifts), "Which shift."),
        Column::required("worker", Kind::Ref(Table::Workers), "To whom."),
        Column::required("offered_at", Kind::Moment, "When."),
        Column::optional("answered_at", Kind::Moment, "When the answer came; empty: none yet."),
        Column::optional("accepted", Kind::Flag, "The answer; filled exactly when answered_at is."),
        Column::optional("overtime", Kind::Flag, "Whether it would be overtime.").or("false"),
    ],
    natural_key: &["shift", "worker", "offered_at"],
    zone: Some("z.time_zone"),
    joins: "left join sites z on z.org_id = current_org() and z.id = r_shift.site_id",
    computed: &[("day", "(coalesce(m.answered_at, m.offered_at) at time zone m._zone)::date")],
    refusals: &[
        ("(r.answered_at is null) <> (r.accepted is null)", "accepted: must be filled exactly when answered_at is"),
        ("r.answered_at < r.offered_at", "answered_at: before offered_at"),
    ],
    touch: Touch::Day { day: "@.day", worker: "@.worker_id" },
    ..Rules::PLAIN
};
