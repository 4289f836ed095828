//! The one registry of routes: what each asks of the caller. A route that is not here is refused, and fails a test.

use muster::people::{Permission, Role};

/// What a route asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: anybody may come.
    Nothing,
    /// Somebody signed in, of any role.
    SignedIn,
    /// A permission of the table.
    Permission(Permission),
}

/// A route as the router knows it.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// Its path pattern.
    pub path: &'static str,
    /// What it asks for.
    pub needs: Needs,
}

const fn public(path: &'static str) -> Route {
    Route { path, needs: Needs::Nothing }
}

const fn needs(path: &'static str, permission: Permission) -> Route {
    Route { path, needs: Needs::Permission(permission) }
}

/// Every route.
pub const ROUTES: &[Route] = &[
    public("/health"),
    public("/ready"),
    public("/status"),
    public("/sign-in"),
    public("/favicon.ico"),
    public("/favicon.svg"),
    public("/manifest.webmanifest"),
    public("/robots.txt"),
    public("/pkg/{*file}"),
    public("/icons/{*file}"),
    public("/api/openapi.json"),
    public("/api/docs"),
    Route { path: "/", needs: Needs::SignedIn },
    Route { path: "/sign-out", needs: Needs::SignedIn },
    Route { path: "/fn/choose_theme", needs: Needs::SignedIn },
    Route { path: "/notifications", needs: Needs::SignedIn },
    Route { path: "/fn/open_notification", needs: Needs::SignedIn },
    Route { path: "/fn/read_notifications", needs: Needs::SignedIn },
    Route { path: "/fn/mute_notifications", needs: Needs::SignedIn },
    Route { path: "/sessions", needs: Needs::SignedIn },
    Route { path: "/fn/end_sessions", needs: Needs::SignedIn },
    Route { path: "/privacy", needs: Needs::SignedIn },
    Route { path: "/privacy/data.json", needs: Needs::SignedIn },
    Route { path: "/privacy/data.csv", needs: Needs::SignedIn },
    Route { path: "/fn/choose_consent", needs: Needs::SignedIn },
    Route { path: "/api/v1/events", needs: Needs::SignedIn },
    // What was sent to somebody is theirs; what they may schedule each page and form asks by itself.
    Route { path: "/reports", needs: Needs::SignedIn },
    Route { path: "/reports/new", needs: Needs::SignedIn },
    Route { path: "/reports/{schedule}", needs: Needs::SignedIn },
    Route { path: "/reports/files/{run}", needs: Needs::SignedIn },
    Route { path: "/fn/schedule_report", needs: Needs::SignedIn },
    Route { path: "/fn/change_report", needs: Needs::SignedIn },
    Route { path: "/fn/pause_report", needs: Needs::SignedIn },
    Route { path: "/fn/delete_report", needs: Needs::SignedIn },
    Route { path: "/fn/send_report", needs: Needs::SignedIn },
    needs("/admin/reports", Permission::Admin),
    needs("/alignment/report/daily", Permission::Alignment),
    needs("/alignment/report/weekly", Permission::Alignment),
    needs("/alignment/report/daily.pdf", Permission::Alignment),
    needs("/alignment/report/weekly.pdf", Permission::Alignment),
    needs("/api/v1/operational/daily-report", Permission::Alignment),
    needs("/api/v1/operational/weekly-report", Permission::Alignment),
    needs("/api/v1/operational/send-daily-report", Permission::Alignment),
    needs("/api/v1/operational/send-weekly-report", Permission::Alignment),
    needs("/api/v1/operational/report-runs/{run}", Permission::Alignment),
    needs("/me", Permission::Me),
    needs("/fn/give_kudos", Permission::Me),
    needs("/fn/file_dispute", Permission::Me),
    needs("/api/v1/performance/me", Permission::Me),
    needs("/api/v1/performance/me/trends", Permission::Me),
    needs("/api/v1/performance/me/achievements", Permission::Me),
    needs("/api/v1/performance/me/shifts", Permission::Me),
    needs("/api/v1/performance/me/certifications", Permission::Me),
    needs("/api/v1/performance/me/looks", Permission::Me),
    needs("/api/v1/performance/me/facts", Permission::Me),
    needs("/api/v1/performance/me/disputes", Permission::Me),
    needs("/api/v1/performance/team/{site}", Permission::Team),
    needs("/api/v1/performance/top-performers/{site}", Permission::Team),
    needs("/api/v1/performance/coaching-queue/{site}", Permission::Coaching),
    needs("/api/v1/performance/coaching-effect", Permission::Coaching),
    needs("/api/v1/performance/me/sessions", Permission::Me),
    needs("/api/v1/performance/kudos", Permission::Me),
    needs("/api/v1/performance/colleagues", Permission::Me),
    needs("/fn/create_challenge", Permission::Team),
    needs("/fn/end_challenge", Permission::Team),
    needs("/team/{site}/{worker}", Permission::Team),
    needs("/team/{site}", Permission::Team),
    needs("/team", Permission::Team),
    needs("/disputes", Permission::Team),
    needs("/fn/rule_dispute", Permission::Team),
    needs("/api/v1/performance/disputes", Permission::Team),
    needs("/api/v1/performance/disputes/{dispute}/ruling", Permission::Team),
    needs("/coaching", Permission::Coaching),
    needs("/fn/schedule_coaching", Permission::Coaching),
    needs("/fn/start_coaching", Permission::Coaching),
    needs("/fn/complete_coaching", Permission::Coaching),
    needs("/fn/snooze_coaching", Permission::Coaching),
    needs("/fn/dismiss_coaching", Permission::Coaching),
    needs("/fn/undo_coaching", Permission::Coaching),
    needs("/operations", Permission::Operations),
    needs("/operations/live", Permission::Operations),
    needs("/fn/add_shift", Permission::Operations),
    needs("/fn/offer_shift", Permission::Operations),
    needs("/operations/roster", Permission::Operations),
    needs("/operations/roster/{proposal}", Permission::Operations),
    needs("/fn/generate_roster", Permission::Operations),
    needs("/fn/change_roster_line", Permission::Operations),
    needs("/fn/confirm_roster", Permission::Operations),
    needs("/fn/discard_roster", Permission::Operations),
    needs("/fn/set_baselines", Permission::Operations),
    needs("/fn/withdraw_shift", Permission::Operations),
    needs("/fn/withdraw_offer", Permission::Operations),
    needs("/fn/answer_offer", Permission::Me),
    needs("/api/v1/operational/next-48-hours", Permission::Operations),
    needs("/api/v1/operational/shifts", Permission::Operations),
    needs("/api/v1/operational/available", Permission::Operations),
    needs("/api/v1/operational/certifications", Permission::Operations),
    needs("/api/v1/operational/shifts/{shift}/candidates", Permission::Operations),
    needs("/api/v1/operational/shifts/{shift}/offers", Permission::Operations),
    needs("/api/v1/operational/offers", Permission::Me),
    needs("/api/v1/operational/offers/{offer}/answer", Permission::Me),
    needs("/executive", Permission::Executive),
    needs("/api/v1/analytics/executive", Permission::Executive),
    needs("/api/v1/analytics/executive/comparison", Permission::Executive),
    needs("/executive/report.pdf", Permission::Executive),
    needs("/api/v1/analytics/dashboard", Permission::Financial),
    needs("/api/v1/analytics/payroll", Permission::Financial),
    needs("/api/v1/analytics/revenue", Permission::Financial),
    needs("/api/v1/analytics/orders", Permission::Financial),
    needs("/api/v1/analytics/partners", Permission::Financial),
    needs("/api/v1/analytics/customers", Permission::Financial),
    needs("/api/v1/analytics/placements", Permission::Financial),
    needs("/api/v1/platform/metrics/revenue", Permission::Financial),
    needs("/api/v1/platform/metrics/jobs", Permission::Financial),
    needs("/api/v1/platform/metrics/matching", Permission::Financial),
    needs("/api/v1/platform/export/{type}", Permission::Financial),
    needs("/financial", Permission::Financial),
    needs("/financial/payroll", Permission::Financial),
    needs("/financial/export.xlsx", Permission::Financial),
    needs("/financial/export.csv", Permission::Financial),
    needs("/financial/report.pdf", Permission::Financial),
    needs("/financial/placements", Permission::Financial),
    needs("/financial/placements.xlsx", Permission::Financial),
    needs("/financial/placements.csv", Permission::Financial),
    needs("/financial/placements.pdf", Permission::Financial),
    needs("/financial/revenue", Permission::Financial),
    needs("/financial/revenue/export.xlsx", Permission::Financial),
    needs("/financial/revenue/export.csv", Permission::Financial),
    needs("/financial/revenue/report.pdf", Permission::Financial),
    needs("/financial/orders", Permission::Financial),
    needs("/financial/orders/export.xlsx", Permission::Financial),
    needs("/financial/orders/export.csv", Permission::Financial),
    needs("/financial/orders/report.pdf", Permission::Financial),
    needs("/financial/partners", Permission::Financial),
    needs("/financial/partners/export.xlsx", Permission::Financial),
    needs("/financial/partners/export.csv", Permission::Financial),
    needs("/financial/partners/report.pdf", Permission::Financial),
    needs("/financial/customers", Permission::Financial),
    needs("/financial/customers/export.xlsx", Permission::Financial),
    needs("/financial/customers/export.csv", Permission::Financial),
    needs("/financial/customers/report.pdf", Permission::Financial),
    needs("/people", Permission::People),
    needs("/people/export.xlsx", Permission::People),
    needs("/people/export.csv", Permission::People),
    needs("/compliance", Permission::Compliance),
    needs("/compliance/export.xlsx", Permission::Compliance),
    needs("/compliance/export.csv", Permission::Compliance),
    needs("/client", Permission::ClientPortal),
    needs("/client/report.pdf", Permission::ClientPortal),
    needs("/alignment", Permission::Alignment),
    needs("/alignment/{kpi}", Permission::Alignment),
    needs("/api/v1/operational/alignment-score", Permission::Alignment),
    needs("/api/v1/operational/kpi-status", Permission::Alignment),
    needs("/api/v1/operational/priority-actions", Permission::Alignment),
    needs("/alignment/alerts", Permission::Alignment),
    needs("/alignment/quality/{check}", Permission::Alignment),
    needs("/alignment/quality.csv", Permission::Alignment),
    needs("/alignment/values.csv", Permission::Alignment),
    needs("/fn/acknowledge_alert", Permission::Alignment),
    needs("/fn/mute_alert", Permission::Alignment),
    needs("/api/v1/operational/kpi-alerts", Permission::Alignment),
    needs("/api/v1/operational/data-quality", Permission::Alignment),
    needs("/api/v1/operational/real-time-metrics", Permission::Alignment),
    needs("/product", Permission::Product),
    needs("/admin", Permission::Admin),
    needs("/fn/forget_person", Permission::Admin),
    needs("/fn/set_retention", Permission::Admin),
    needs("/admin/jobs", Permission::Admin),
    needs("/fn/run_job", Permission::Admin),
    needs("/fn/retry_job", Permission::Admin),
    needs("/admin/webhooks", Permission::Admin),
    needs("/fn/add_webhook", Permission::Admin),
    needs("/fn/pause_webhook", Permission::Admin),
    needs("/fn/test_webhook", Permission::Admin),
    needs("/fn/remove_webhook", Permission::Admin),
    needs("/admin/quality", Permission::Admin),
    needs("/fn/set_data_quality", Permission::Admin),
    needs("/admin/users", Permission::Admin),
    needs("/fn/add_user", Permission::Admin),
    needs("/fn/change_user", Permission::Admin),
    needs("/fn/deactivate_user", Permission::Admin),
    needs("/fn/activate_user", Permission::Admin),
    needs("/fn/reset_user", Permission::Admin),
    needs("/admin/targets", Permission::Admin),
    needs("/fn/set_target", Permission::Admin),
    needs("/fn/reset_target", Permission::Admin),
    needs("/admin/scores", Permission::Admin),
    needs("/fn/change_score_policy", Permission::Admin),
    needs("/admin/audit", Permission::Admin),
    needs("/admin/audit.csv", Permission::Admin),
    needs("/admin/tokens", Permission::Admin),
    needs("/fn/make_token", Permission::Admin),
    needs("/fn/revoke_token", Permission::Admin),
    needs("/admin/cache", Permission::Admin),
    needs("/fn/clear_cache", Permission::Admin),
    needs("/admin/privacy", Permission::Admin),
    needs("/admin/system", Permission::Admin),
    needs("/api/v1/operational/system-health", Permission::Alignment),
];

/// What the route with this pattern asks for; `None`: it is not in the registry.
#[must_use]
pub fn of(path: &str) -> Option<Needs> {
    ROUTES.iter().find(|route| route.path == path).map(|route| route.needs)
}

/// A view of the table, as navigation shows it.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Which permission opens it.
    pub permission: Permission,
    /// Where it is.
    pub path: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// Whether this version has it. One that is not built is shown only to those who came for it.
    pub built: bool,
}

/// All views, in the order of the table.
pub const VIEWS: &[View] = &[
    View { permission: Permission::Me, path: "/me", label: "My performance", built: true },
    View { permission: Permission::Team, path: "/team", label: "Team", built: true },
    View { permission: Permission::Coaching, path: "/coaching", label: "Coaching", built: true },
    View { permission: Permission::Team, path: "/disputes", label: "Disputes", built: true },
    View { permission: Permission::Operations, path: "/operations", label: "Operations", built: true },
    View { permission: Permission::Executive, path: "/executive", label: "Executive", built: true },
    View { permission: Permission::Financial, path: "/financial", label: "Financial", built: true },
    View { permission: Permission::People, path: "/people", label: "People", built: true },
    View { permission: Permission::Compliance, path: "/compliance", label: "Compliance", built: true },
    View { permission: Permission::ClientPortal, path: "/client", label: "Client portal", built: true },
    View { permission: Permission::Alignment, path: "/alignment", label: "Operational alignment", built: true },
    View { permission: Permission::Product, path: "/product", label: "Product analytics", built: false },
    View { permission: Permission::Admin, path: "/admin", label: "Admin", built: true },
];

/// The title of a page that is no view because everybody who is signed in has it.
#[must_use]
pub fn for_everybody(path: &str) -> Option<&'static str> {
    match path {
        "/notifications" => Some("Notifications"),
        "/privacy" => Some("Your data"),
        "/sessions" => Some("Where you are signed in"),
        _ if path.starts_with("/reports") => Some("Reports"),
        _ => None,
    }
}

/// The view of a permission.
#[must_use]
pub fn view_of(permission: Permission) -> &'static View {
    VIEWS.iter().find(|view| view.permission == permission).unwrap_or(&VIEWS[0])
}

/// What a role's navigation shows: the built views it may see, and the one it came for.
pub fn navigation(role: Role) -> impl Iterator<Item = &'static View> {
    VIEWS.iter().filter(move |view| view.permission.is_for(role) && (view.built || view.permission == role.came_for()))
}
