//! Who works where, for whom.

use super::super::column::{Column, Kind};
use super::super::rules::{Rules, Touch};
use super::super::table::Table;

pub(in super::super) static CLIENTS: Rules = Rules {
    doc: "Companies that own sites.",
    columns: &[
        Column::required("code", Kind::Code, "How your systems refer to the client."),
        Column::required("name", Kind::Text(200), "The name of the client."),
    ],
    natural_key: &["code"],
    ..Rules::PLAIN
};

pub(in super::super) static SITES: Rules = Rules {
    doc: "Places where people work; their time zone decides the business day.",
    columns: &[
        Column::required("code", Kind::Code, "How your systems refer to the site."),
        Column::required("name", Kind::Text(200), "The name of the site."),
        Column::optional("client", Kind::Ref(Table::Clients), "The client who owns it."),
        Column::optional(
            "vertical",
            Kind::Text(100),
            "The line of business, such as retail or hospital; cohorts use it.",
        ),
        Column::required("time_zone", Kind::Zone, "Where its clocks are."),
        Column::optional("latitude", Kind::Number(-90.0, 90.0), "Centre of the geofence, degrees north."),
        Column::optional("longitude", Kind::Number(-180.0, 180.0), "Centre of the geofence, degrees east."),
        Column::optional("geofence_m", Kind::Whole(1, 100_000), "Radius of the geofence in metres."),
        Column::optional("address", Kind::Text(500), "The postal address."),
    ],
    natural_key: &["code"],
    refusals: &[(
        "r.time_zone not in (select name from pg_timezone_names)",
        "time_zone: the database does not know this name",
    )],
    findings: &[
        (
            "r._old_zone <> r.time_zone",
            "time zone changed: import the site's facts again, so that their business days follow",
        ),
        ("(r.latitude is null) <> (r.longitude is null)", "latitude or longitude without the other"),
    ],
    joins: "left join sites o on o.org_id = current_org() and o.code = i.code",
    carry: &[("_old_zone", "o.time_zone")],
    ..Rules::PLAIN
};

pub(in super::super) static WORKERS: Rules = Rules {
    doc: "People (or crews) whose work is scored.",
    columns: &[
        Column::required("employee_number", Kind::Code, "How your systems refer to the worker."),
        Column::required("name", Kind::Text(200), "The name of the worker."),
        Column::required("job_role", Kind::Text(100), "The trade, such as guard or cleaner; cohorts use it."),
        Column::required("home_site", Kind::Ref(Table::Sites), "Where the worker belongs."),
        Column::optional("hired_on", Kind::Date(1940, 3), "First day of employment; empty when it is not known."),
        Column::optional("left_on", Kind::Date(1940, 3), "Last day of employment."),
        Column::optional("leave_reason", Kind::Text(200), "Why the worker left."),
        Column::optional("registration_number", Kind::Text(100), "Registration, where the trade is licensed."),
        Column::optional("registration_grade", Kind::Text(50), "Grade of the registration."),
        Column::optional("hourly_rate", Kind::Hundredths(1_000_000), "Pay per hour in the organization's currency."),
        Column::optional("weekly_hours", Kind::Hundredths(168), "Contract hours a week."),
        Column::optional("home_latitude", Kind::Number(-90.0, 90.0), "Home, degrees north."),
        Column::optional("home_longitude", Kind::Number(-180.0, 180.0), "Home, degrees east."),
        Column::optional("skills", Kind::List, "Skills that shifts may require.").or("'{}'::text[]"),
        Column::optional("supervisor", Kind::Code, "Employee number of the supervisor."),
    ],
    natural_key: &["employee_number"],
    refusals: &[("r.left_on < r.hired_on", "left_on: before hired_on")],
    touch: Touch::Span {
        first: "coalesce(@.hired_on, '-infinity'::date)",
        last: "'infinity'::date",
        worker: "@.id",
        of: &["job_role", "home_site_id", "hired_on", "left_on", "skills", "registration_number"],
    },
    ..Rules::PLAIN
};
