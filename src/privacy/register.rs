//! The register of personal data: table by table what is held, what for, how long, and what forgetting does with it.

/// What an erasure does with the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// They stay, tied to an alias: without them sums that others rest on would change.
    Kept,
    /// They go.
    Deleted,
    /// They stay, and these columns lose what they said (SQL of an `update … set`; `$4` is the alias).
    Emptied(&'static str),
    /// The audit log: words go; who, what and when stay.
    Audit,
}

/// One kind of thing that is held about people.
#[derive(Debug, Clone, Copy)]
pub struct Holding {
    /// The table.
    pub table: &'static str,
    /// What it is, for the person.
    pub title: &'static str,
    /// What it is used for.
    pub purpose: &'static str,
    /// How long it is kept.
    pub kept: &'static str,
    /// Which rows `t` are about the person: SQL over `$1` organization, `$2` worker, `$3` user.
    pub about: &'static str,
    /// What of such a row the person takes home: SQL of a `jsonb` over `t`, with the same parameters.
    pub taken: &'static str,
    /// Rows of which less is taken home, as they say more of others than of the person: SQL that finds them, and the
    /// columns of them that are taken.
    pub less: Option<(&'static str, &'static [&'static str])>,
    /// What an erasure does.
    pub fate: Fate,
    /// Whether its key is the organization's: global tables hold sign-ins, before an organization is known.
    pub global: bool,
}

const WORKER: &str = "t.worker_id = $2";
const WHOLE: &str = "to_jsonb(t)";
/// Records of somebody else: the person only did something to them, as part of the job.
const OTHERS: &str = "(t.worker_id = $2) is not true";
const USER: &str = "t.user_id = $3";
const EMPLOYED: &str = "while employed; then until erased, and for ever without the name";
const DERIVED: &str = "as long as the facts they are computed from";

const fn of(
    table: &'static str,
    title: &'static str,
    purpose: &'static str,
    about: &'static str,
    fate: Fate,
) -> Holding {
    Holding { table, title, purpose, kept: EMPLOYED, about, taken: WHOLE, less: None, fate, global: false }
}

const fn derived(table: &'static str, title: &'static str, purpose: &'static str) -> Holding {
    Holding {
        table,
        title,
        purpose,
        kept: DERIVED,
        about: WORKER,
        taken: WHOLE,
        less: None,
        fate: Fate::Kept,
        global: false,
    }
}

const fn global(
    table: &'static str,
    title: &'static str,
    purpose: &'static str,
    kept: &'static str,
    about: &'static str,
    fate: Fate,
) -> Holding {
    Holding { table, title, purpose, kept, about, taken: WHOLE, less: None, fate, global: true }
}

const fn kept(holding: Holding, kept: &'static str) -> Holding {
    Holding { kept, ..holding }
}

/// Taken home as this SQL says.
const fn taken(holding: Holding, taken: &'static str) -> Holding {
    Holding { taken, ..holding }
}

/// Only these columns are taken home of the rows that `of` finds.
const fn less(holding: Holding, of: &'static str, columns: &'static [&'static str]) -> Holding {
    Holding { less: Some((of, columns)), ..holding }
}

/// Everything that is held about people, in the order a person reads it.
pub const HOLDINGS: &[Holding] = &[
    of(
        "workers",
        "You at work",
        "To roster, pay and support you: name, number, role, site, contract, licence, home area for the way to work.",
        "t.id = $2",
        Fate::Emptied(
            "name = $4, employee_number = $4, registration_number = null, registration_grade = null, hourly_rate = null, \
             home_latitude = null, home_longitude = null, skills = '{}', supervisor = null",
        ),
    ),
    of(
        "users",
        "Your account",
        "To let you in and show you what is yours.",
        "(t.id = $3 or t.worker_id = $2)",
        Fate::Emptied("name = $4, status = 'disabled', time_zone = null, last_login_at = null"),
    ),
    of("user_sites", "Sites you look after", "To show a supervisor the own sites and no others.", USER, Fate::Deleted),
    of("shifts", "Your shifts", "To plan work, and to judge attendance fairly.", WORKER, Fate::Kept),
    kept(
        of(
            "attendance",
            "Your clock-ins",
            "To know who was there and pay the hours. Place and device only to check that it was at the site.",
            WORKER,
            Fate::Emptied("latitude = null, longitude = null, device = null"),
        ),
        "hours: as your shifts; place and device: 90 days, or as your organization set",
    ),
    of("tasks", "Your tasks", "To see what was done in time and well.", WORKER, Fate::Kept),
    of("tours", "Your tours", "To see which patrols were walked.", WORKER, Fate::Kept),
    of(
        "checkpoints",
        "Checkpoints of your tours",
        "To see which points were visited, and when.",
        "exists (select from tours u where u.org_id = t.org_id and u.id = t.tour_id and u.worker_id = $2)",
        Fate::Kept,
    ),
    of("work_orders", "Work orders you resolved", "To see how fast and well service was.", WORKER, Fate::Kept),
    of(
        "incidents",
        "Incidents you were part of",
        "To keep people safe. Reporting never lowers a score.",
        WORKER,
        Fate::Kept,
    ),
    of(
        "certifications",
        "Your certifications",
        "To roster only who may do the work, and to warn before one ends.",
        WORKER,
        Fate::Kept,
    ),
    of("trainings", "Your trainings", "To see who has learned what a site asks for.", WORKER, Fate::Kept),
    of("leave", "Your leave", "To leave days off out of every score.", WORKER, Fate::Emptied("kind = 'leave'")),
    of("worker_availability", "When you can work", "To roster you when you can.", WORKER, Fate::Deleted),
    of("worker_preferences", "What you prefer", "To roster you where and when you like.", WORKER, Fate::Deleted),
    taken(
        of(
            "mentoring_pairs",
            "Mentoring",
            "To recognise who helps others.",
            "(t.mentor_id = $2 or t.mentee_id = $2)",
            Fate::Kept,
        ),
        "to_jsonb(t) - case when t.mentor_id = $2 then 'mentee_id' else 'mentor_id' end",
    ),
    of(
        "shift_offers",
        "Shifts you were offered",
        "To fill shifts; saying no never lowers a score.",
        WORKER,
        Fate::Kept,
    ),
    of(
        "placements",
        "Jobs you were placed in",
        "To see whom clients asked for, and how long it lasted.",
        WORKER,
        Fate::Kept,
    ),
    derived(
        "requirement_standings",
        "How you stand with what your work asks for",
        "To warn before something runs out.",
    ),
    taken(
        of(
            "roster_proposals",
            "Rosters you asked for, confirmed or discarded",
            "To know who planned what.",
            "(t.made_by = $3 or t.settled_by = $3)",
            Fate::Kept,
        ),
        "jsonb_build_object('id', t.id, 'site_id', t.site_id, 'first_day', t.first_day, 'last_day', t.last_day, 'state', t.state) \
         || case when t.made_by = $3 then jsonb_build_object('made_by', t.made_by, 'made_at', t.made_at) else '{}' end \
         || case when t.settled_by = $3 then jsonb_build_object('settled_by', t.settled_by, 'settled_at', t.settled_at) else '{}' end",
    ),
    taken(
        of(
            "roster_proposal_lines",
            "Shifts proposed for you, or changed by you",
            "To say why you were chosen for a shift, and who changed a plan.",
            "(t.worker_id = $2 or t.changed_to = $2 or t.changed_by = $3)",
            Fate::Emptied("change_reason = case when change_reason is null then null else '(erased)' end"),
        ),
        // What it costs is the pay of who has it as it stands.
        "jsonb_build_object('proposal_id', t.proposal_id, 'shift_id', t.shift_id, 'day', t.day, 'starts_at', t.starts_at, 'ends_at', t.ends_at, \
             'required_skill', t.required_skill, 'changed_at', t.changed_at, 'outcome', t.outcome) \
         || case when t.worker_id = $2 then jsonb_build_object('worker_id', t.worker_id, 'why', t.why) else '{}' end \
         || case when t.changed_to = $2 then jsonb_build_object('changed_to', t.changed_to) else '{}' end \
         || case when t.changed_by = $3 then jsonb_build_object('changed_by', t.changed_by) else '{}' end \
         || case when case when t.changed_at is null then t.worker_id else t.changed_to end = $2 \
                then jsonb_build_object('cost', t.cost, 'overtime_minutes', t.overtime_minutes) else '{}' end",
    ),
    of("shift_breaches", "Working-time rules broken on your shifts", "To protect your rest.", WORKER, Fate::Kept),
    less(
        of(
            "disputes",
            "What you disputed",
            "To put right what was recorded wrongly.",
            "(t.worker_id = $2 or t.filed_by = $3 or t.ruled_by = $3)",
            Fate::Emptied(
                "note = case when t.worker_id = $2 or t.filed_by = $3 then '(erased)' else note end, \
                 ruling = case when ruling is null then null else '(erased)' end",
            ),
        ),
        OTHERS,
        &["id", "day", "filed_at", "state", "ruled_at"],
    ),
    taken(
        of(
            "kudos",
            "Thanks you gave and got",
            "To thank people.",
            "(t.to_worker_id = $2 or t.from_worker_id = $2 or t.from_user_id = $3)",
            Fate::Emptied("message = '(erased)'"),
        ),
        // The words go home with who wrote them and with whom they thank.
        "to_jsonb(t) - array_remove(array[case when t.to_worker_id = $2 then null else 'to_worker_id' end, \
             case when t.from_worker_id = $2 then null else 'from_worker_id' end, \
             case when t.from_user_id = $3 then null else 'from_user_id' end], null)",
    ),
    less(
        of(
            "coaching_items",
            "Why talks with you were suggested",
            "So that your supervisor offers help in time.",
            "(t.worker_id = $2 or t.changed_by = $3)",
            Fate::Emptied("reason = case when reason is null then null else '(erased)' end"),
        ),
        OTHERS,
        &["id", "state", "changed_at"],
    ),
    less(
        of(
            "coaching_steps",
            "What became of these suggestions",
            "So that a step can be undone, and who took it is known.",
            "(t.user_id = $3 or exists (select from coaching_items i where i.org_id = t.org_id and i.id = t.item_id and i.worker_id = $2))",
            Fate::Emptied("before = '{}', reason = case when reason is null then null else '(erased)' end"),
        ),
        "not exists (select from coaching_items i where i.org_id = t.org_id and i.id = t.item_id and i.worker_id = $2)",
        &["item_id", "version", "at", "user_id", "step", "undone"],
    ),
    less(
        of(
            "coaching_sessions",
            "Talks with you",
            "To keep what was agreed, and to see whether talks help.",
            "(t.worker_id = $2 or t.coach_id = $3)",
            Fate::Emptied("agenda = '(erased)', notes = '(erased)', agreed_actions = '(erased)'"),
        ),
        OTHERS,
        &["id", "state", "scheduled_for", "started_at", "completed_at", "completed_on", "follow_up_on"],
    ),
    derived("worker_daily_metrics", "Your days in numbers", "To compute your score from."),
    derived("worker_weeks", "Your weeks in numbers", "To see whether work is shared fairly among people."),
    kept(
        of(
            "churn_risks",
            "Whether you may leave, by estimate",
            "So that HR helps people to stay. Nothing is decided by it, and you see who looked.",
            WORKER,
            Fate::Deleted,
        ),
        "the last of each month for two years",
    ),
    taken(
        of(
            "workforce_summaries",
            "Lists of the most reliable",
            "To show who can be relied on; made anew each night.",
            "strpos(t.body::text, ($2::uuid)::text) > 0",
            Fate::Deleted,
        ),
        // Strict, or each entry of a list would be found twice.
        "jsonb_build_object('first_day', t.first_day, 'last_day', t.last_day, 'made_at', t.made_at, 'you', \
             jsonb_path_query_array(t.body::jsonb, 'strict $.** ? (@.worker == $worker)', jsonb_build_object('worker', $2::uuid)))",
    ),
    derived("worker_streaks", "Your streaks", "To show you what lasts."),
    derived("worker_achievements", "Your achievements", "To recognise what you did."),
    derived(
        "worker_careers",
        "Your record for achievements",
        "To count what takes years without reading years each night.",
    ),
    derived("worker_monthly_pay", "What you were paid, by month and site", "To pay you, and to know what work costs."),
    derived("worker_monthly_totals", "What you were paid, by month", "To pay you."),
    derived("worker_cohorts", "Whom you are compared with", "To compare you only with people in a similar place."),
    derived("recognition_pending", "Days whose recognition is waiting", "To bring achievements up to late facts."),
    derived("restatements", "Corrections of your scores", "So that no past score changes in silence."),
    derived("dirty_days", "Days that are computed again", "To bring your scores up to late facts."),
    taken(
        kept(
            of("notifications", "What you were told", "To tell you what is new.", USER, Fate::Deleted),
            "90 days after you read it",
        ),
        // Where it leads may be the page of somebody else.
        "to_jsonb(t) - array['link', 'key']",
    ),
    of("notification_mutes", "What you do not want to be told", "To leave you alone.", USER, Fate::Deleted),
    kept(of("consents", "What you agreed to", "To do only what you agreed to.", USER, Fate::Deleted), "until erased"),
    less(
        taken(
            kept(
                of(
                    "audit_log",
                    "Who looked at your scores, and what you did",
                    "So that nobody looks in secret, and every change has a name.",
                    "((t.record = 'worker' and t.record_id = $2) or t.user_id = $3)",
                    Fate::Audit,
                ),
                "for ever, without your name after an erasure",
            ),
            // Whence somebody looked is theirs.
            "to_jsonb(t) - array['subnet', 'request_id']",
        ),
        "(t.record = 'worker' and t.record_id = $2) is not true",
        &["id", "at", "user_id", "action", "record", "subnet", "request_id"],
    ),
    kept(
        of(
            "analytics_events",
            "How you used the product",
            "To make the product better, if you agreed.",
            USER,
            Fate::Deleted,
        ),
        "24 months",
    ),
    less(
        of(
            "erasures",
            "That you were forgotten",
            "To prove that it was done.",
            "(t.worker_id = $2 or t.user_id = $3 or t.by_user = $3)",
            Fate::Kept,
        ),
        "(t.worker_id = $2 or t.user_id = $3) is not true",
        &["id", "by_user", "at"],
    ),
    less(
        kept(
            of(
                "mails",
                "Mails to you",
                "To send you what you are to get, and to see whether it arrived.",
                USER,
                Fate::Deleted,
            ),
            "90 days after they were sent",
        ),
        // The report a mail brought is downloaded under Reports, by who may still read it.
        "true",
        &[
            "id",
            "user_id",
            "address",
            "subject",
            "body",
            "attachment_name",
            "attachment_type",
            "state",
            "outcome",
            "asked_at",
            "settled_at",
        ],
    ),
    of("kpi_targets", "Targets you set", "To know who asked what of the operation.", "t.changed_by = $3", Fate::Kept),
    of(
        "report_schedules",
        "Reports you scheduled",
        "To send them out, and to know whose they are.",
        "t.created_by = $3",
        Fate::Kept,
    ),
    less(
        of(
            "kpi_alerts",
            "Alerts you acknowledged",
            "To know who has seen to what is off course.",
            "t.acknowledged_by = $3",
            Fate::Emptied("note = case when note is null then null else '(erased)' end"),
        ),
        "true",
        &["id", "kind", "key", "acknowledged_at", "acknowledged_by", "note", "muted_until"],
    ),
    of(
        "webhooks",
        "Addresses of other systems you added",
        "To tell them what happens, and to know whose they are.",
        "t.created_by = $3",
        Fate::Kept,
    ),
    of("report_recipients", "Reports you get", "To send them to you.", USER, Fate::Deleted),
    less(
        of(
            "report_runs",
            "Reports you sent by hand",
            "To show who asked for a report outside its hours.",
            "t.asked_by = $3",
            Fate::Emptied("asked_by = null"),
        ),
        "true",
        &["id", "schedule_id", "slot", "asked_by", "asked_at", "state", "started_at", "finished_at"],
    ),
    kept(
        of(
            "report_deliveries",
            "Reports sent to you",
            "To see whether they arrived, and to download them.",
            USER,
            Fate::Deleted,
        ),
        "a year after they were sent",
    ),
    global(
        "logins",
        "Your sign-in",
        "To let in you, and nobody else. The password is kept as a hash only.",
        "while you have an account",
        "t.org_id = $1 and t.user_id = $3",
        Fate::Emptied(
            "email = $4 || '@erased.invalid', password_hash = 'none', disabled_at = coalesce(disabled_at, now())",
        ),
    ),
    taken(
        global(
            "sessions",
            "Where you are signed in",
            "To keep you signed in, and to let you end it.",
            "until it ends",
            "t.login_id in (select l.id from logins l where l.org_id = $1 and l.user_id = $3)",
            Fate::Deleted,
        ),
        // The id is the hash of the cookie.
        "to_jsonb(t) - array['id', 'data']",
    ),
    less(
        global(
            "job_runs",
            "Jobs you asked for",
            "To show administrators who ran a job by hand.",
            "14 days after it is done",
            "t.org_id = $1 and t.asked_by = $3",
            Fate::Emptied("asked_by = null"),
        ),
        "true",
        &["id", "job", "slot", "state", "asked_by", "asked_at", "started_at", "finished_at"],
    ),
    global(
        "api_tokens",
        "Your tokens for programs",
        "To let your programs in.",
        "until they are taken back and forgotten",
        "t.org_id = $1 and t.user_id = $3",
        Fate::Deleted,
    ),
];

/// The tables of a tenant that hold nothing about a person. Where somebody typed words, names in them go all the same.
pub const IMPERSONAL: &[&str] = &[
    "achievements",
    "analytics_daily_metrics",
    "budgets",
    "calendar_days",
    // Nobody is named: whoever keeps the candidates' records answers them.
    "candidates",
    "category_daily_revenue",
    "category_months",
    "clients",
    "coaching_effects",
    "cohort_benchmarks",
    // Customers are no users of Muster: whoever keeps their records answers them, and sends corrections by import.
    "customer_analytics",
    "customer_days",
    "customer_segments",
    "customers",
    "daily_revenue_summaries",
    "dirty_commerce_days",
    "dirty_customers",
    "dirty_product_days",
    "data_quality_checks",
    // Keys of rows and what is wrong with them, without names; the rows themselves are in their own tables.
    "data_quality_findings",
    "data_quality_runs",
    "data_quality_settings",
    "forecasts",
    "data_versions",
    "import_findings",
    "imports",
    // Who was invited is not kept.
    "invites",
    // A role of fewer than five people is shown together with others.
    "job_role_monthly_pay",
    "jobs",
    "kpi_values",
    "marketing_spend",
    "metrics_progress",
    "match_sums",
    "matches",
    "models",
    "order_issues",
    "order_ratings",
    "orders",
    "months_to_pay",
    "newcomer_sources",
    "other_costs",
    "partner_months",
    "partner_performance_metrics",
    "partners",
    "payment_lags",
    "payments",
    "privacy_settings",
    "refunds",
    "requirements",
    "revenue_months",
    "revenue_slices",
    "roster_baselines",
    "rosters",
    "score_policies",
    "service_categories",
    "signup_activity",
    "signups",
    "site_daily_costs",
    "site_columns",
    "site_running_sums",
    "site_week_people",
    "site_planned_costs",
    "sites",
    "subscriptions",
    "support_tickets",
    "team_challenge_sites",
    "team_challenge_winners",
    "team_challenges",
    "team_daily_metrics",
    "webhook_deliveries",
];
