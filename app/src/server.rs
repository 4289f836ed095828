//! The router: routes, the gate in front of them, and the layers around them.

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRef, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, ResponseOptions, generate_route_list};
use leptos_router::SsrMode;
use leptos_router::components::{Route, Router as PageRouter, Routes};
use leptos_router::path;
use muster::clock::Clock;
use muster::config::API_PER_MINUTE;
use muster::database::{Database, Origin};
use muster::models::shift_fill::Memory;
use muster::people::{Permission, user_of_login, user_of_token};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, Session, SessionManagerLayer};

use crate::access::{self, Needs};
use crate::admin::cache::CachePage;
use crate::admin::jobs::JobsPage;
use crate::admin::log::AuditPage;
use crate::admin::privacy::PersonalDataPage;
use crate::admin::quality::QualitySettingsPage;
use crate::admin::scores::ScoresPage;
use crate::admin::targets::TargetsPage;
use crate::admin::tokens::TokensPage;
use crate::admin::users::UsersPage;
use crate::admin::webhooks::WebhooksPage;
use crate::admin::{self, AdminPage};
use crate::alignment::{AlertsPage, AlignmentPage, KpiPage, QualityCheckPage, RefreshModule};
use crate::answers::never_bare;
use crate::api::Limits;
use crate::cache::Answers;
use crate::caller::Caller;
use crate::coaching::CoachingPage;
use crate::commerce::{self, CustomersPage, OrdersPage, PartnersPage, RevenuePage};
use crate::compliance::CompliancePage;
use crate::disputes::DisputesPage;
use crate::error::{AppError, wants_json};
use crate::executive::{ExecutivePage, report};
use crate::financial::{self, FinancialPage, PayrollPage, PlacementsPage};
use crate::me::MePage;
use crate::notifications::NotificationsPage;
use crate::operations::live as operations_live;
use crate::operations::{LiveModule, OperationsPage, ProposalPage, RosterPage, Streams};
use crate::people::{self, PeoplePage};
use crate::portal::{self, PortalPage};
use crate::privacy::PrivacyPage;
use crate::product::{Recorder, observe};
use crate::reports::{self, DailyReportPage, NewSchedulePage, ReportsPage, SchedulePage, WeeklyReportPage};
use crate::sessions::{self, Store};
use crate::shell::{Site, shell};
use crate::sign_in::Address;
use crate::system::{self, Meter, SystemPage};
use crate::team::{SitesPage, TeamPage, WorkerPage};
use crate::turns::{Turns, in_turn};
use crate::ui::ChartModule;
use crate::unbuilt::Unbuilt;
use crate::{api, compliance, health, notifications, privacy, security, sign_in};

/// Bytes of a request's body.
const LARGEST: usize = 1 << 20;

/// What every handler can reach. A request passes a dozen hands and each takes a copy, so that a copy is a pointer.
#[derive(Debug, Clone)]
pub struct App(Arc<Parts>);

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// What an [`App`] is made of.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The database, as the serving role.
    pub db: Database,
    /// The time.
    pub clock: Clock,
    /// The built files.
    pub site: Arc<Site>,
    /// How many proxies of ours write `X-Forwarded-For`.
    pub proxies: u8,
    /// How many requests a caller of the API has.
    pub limits: Arc<Limits>,
    /// What predictions of shift fill lean on.
    pub shift_fill: Memory,
    /// Answers that are kept for a while.
    pub kept: Answers,
    /// The streams of live figures.
    pub streams: Streams,
    /// What takes product events in.
    pub events: Recorder,
    /// What this process counts of itself.
    pub meter: Meter,
    /// The folder whose disk is looked at.
    pub home: Arc<std::path::PathBuf>,
    options: LeptosOptions,
    /// Who is worked on at once.
    pub(crate) turns: Turns,
}

impl App {
    /// An app on this database.
    #[must_use]
    pub fn new(db: Database, clock: Clock, site: Site, proxies: u8) -> Self {
        let options = site.options();
        let limits = Arc::new(Limits::per_minute(API_PER_MINUTE));
        let (shift_fill, turns) = (Memory::default(), Turns::of(&db));
        let streams = Streams::new(db.clone(), clock, shift_fill.clone());
        let (kept, events) = (Answers::default(), Recorder::new(db.clone()));
        let (meter, home) = (Meter::default(), Arc::new(site.root.clone()));
        let site = Arc::new(site);
        let parts =
            Parts { db, clock, site, proxies, limits, shift_fill, kept, streams, events, meter, home, options, turns };
        Self(Arc::new(parts))
    }

    fn but(self, change: impl FnOnce(&mut Parts)) -> Self {
        let mut parts = Arc::unwrap_or_clone(self.0);
        change(&mut parts);
        Self(Arc::new(parts))
    }

    /// The same, with this folder's disk looked at.
    #[must_use]
    pub fn with_home(self, home: std::path::PathBuf) -> Self {
        self.but(|parts| parts.home = Arc::new(home))
    }

    /// The same, with so many requests of the API a minute for each caller.
    #[must_use]
    pub fn with_api_limit(self, per_minute: NonZeroU32) -> Self {
        self.but(|parts| parts.limits = Arc::new(Limits::per_minute(per_minute)))
    }

    /// The same, with events taken in elsewhere.
    #[must_use]
    pub fn with_events(self, events: Recorder) -> Self {
        self.but(|parts| parts.events = events)
    }

    /// The same, with the users of live streams asked for again so often.
    #[must_use]
    pub fn with_live_recheck(self, every: std::time::Duration) -> Self {
        self.but(|parts| parts.streams = parts.streams.clone().rechecked_every(every))
    }
}

impl FromRef<App> for LeptosOptions {
    fn from_ref(app: &App) -> Self {
        app.options.clone()
    }
}

/// The pages. Each renders whole before the first byte, so that its status is known and it reads without JavaScript.
#[component]
pub fn Pages() -> impl IntoView {
    use Permission::Product;
    let not_found = || trouble(&AppError::NotFound);
    let unbuilt = |permission| move || view! { <Unbuilt permission/> };
    view! {
        <PageRouter>
            <Routes fallback=not_found>
                <Route path=path!("/me") view=MePage ssr=SsrMode::Async/>
                <Route path=path!("/notifications") view=NotificationsPage ssr=SsrMode::Async/>
                <Route path=path!("/sessions") view=sessions::SessionsPage ssr=SsrMode::Async/>
                <Route path=path!("/privacy") view=PrivacyPage ssr=SsrMode::Async/>
                <Route path=path!("/team") view=SitesPage ssr=SsrMode::Async/>
                <Route path=path!("/team/:site") view=TeamPage ssr=SsrMode::Async/>
                <Route path=path!("/team/:site/:worker") view=WorkerPage ssr=SsrMode::Async/>
                <Route path=path!("/disputes") view=DisputesPage ssr=SsrMode::Async/>
                <Route path=path!("/coaching") view=CoachingPage ssr=SsrMode::Async/>
                <Route path=path!("/operations") view=OperationsPage ssr=SsrMode::Async/>
                <Route path=path!("/operations/roster") view=RosterPage ssr=SsrMode::Async/>
                <Route path=path!("/operations/roster/:proposal") view=ProposalPage ssr=SsrMode::Async/>
                <Route path=path!("/executive") view=ExecutivePage ssr=SsrMode::Async/>
                <Route path=path!("/financial") view=FinancialPage ssr=SsrMode::Async/>
                <Route path=path!("/financial/payroll") view=PayrollPage ssr=SsrMode::Async/>
                <Route path=path!("/financial/placements") view=PlacementsPage ssr=SsrMode::Async/>
                <Route path=path!("/financial/revenue") view=RevenuePage ssr=SsrMode::Async/>
                <Route path=path!("/financial/orders") view=OrdersPage ssr=SsrMode::Async/>
                <Route path=path!("/financial/partners") view=PartnersPage ssr=SsrMode::Async/>
                <Route path=path!("/financial/customers") view=CustomersPage ssr=SsrMode::Async/>
                <Route path=path!("/people") view=PeoplePage ssr=SsrMode::Async/>
                <Route path=path!("/compliance") view=CompliancePage ssr=SsrMode::Async/>
                <Route path=path!("/client") view=PortalPage ssr=SsrMode::Async/>
                <Route path=path!("/alignment/alerts") view=AlertsPage ssr=SsrMode::Async/>
                <Route path=path!("/alignment/quality/:check") view=QualityCheckPage ssr=SsrMode::Async/>
                <Route path=path!("/alignment") view=AlignmentPage ssr=SsrMode::Async/>
                <Route path=path!("/alignment/:kpi") view=KpiPage ssr=SsrMode::Async/>
                <Route path=path!("/product") view=unbuilt(Product) ssr=SsrMode::Async/>
                <Route path=path!("/admin") view=AdminPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/jobs") view=JobsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/webhooks") view=WebhooksPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/quality") view=QualitySettingsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users") view=UsersPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/targets") view=TargetsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/scores") view=ScoresPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/audit") view=AuditPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/tokens") view=TokensPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/cache") view=CachePage ssr=SsrMode::Async/>
                <Route path=path!("/admin/privacy") view=PersonalDataPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/system") view=SystemPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/reports") view=ReportsPage ssr=SsrMode::Async/>
                <Route path=path!("/reports") view=ReportsPage ssr=SsrMode::Async/>
                <Route path=path!("/reports/new") view=NewSchedulePage ssr=SsrMode::Async/>
                <Route path=path!("/reports/:schedule") view=SchedulePage ssr=SsrMode::Async/>
                <Route path=path!("/alignment/report/daily") view=DailyReportPage ssr=SsrMode::Async/>
                <Route path=path!("/alignment/report/weekly") view=WeeklyReportPage ssr=SsrMode::Async/>
            </Routes>
        </PageRouter>
    }
}

/// The page of an error inside a routed page: sets the status too.
pub fn trouble(error: &AppError) -> impl IntoView + use<> {
    if let Some(options) = use_context::<ResponseOptions>() {
        options.set_status(error.status());
    }
    error.page()
}

/// The paths the router answers, as it knows them: what the registry must hold.
#[must_use]
pub fn paths() -> Vec<String> {
    let own = own().into_iter().chain(probes()).chain(api::routes()).map(|(path, _)| path);
    let files = FILES.into_iter().chain([HASHED]);
    let pages = generate_route_list(Pages).into_iter().map(|route| route.path().to_owned());
    let functions = server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned());
    own.into_iter().chain(files).map(str::to_owned).chain(pages).chain(functions).collect()
}

/// What is not a page: each with its handler.
fn own() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![
        ("/", get(sign_in::landing)),
        ("/sign-in", get(sign_in::form).post(sign_in::submit)),
        ("/sign-out", post(sign_in::sign_out)),
        (api::OPENAPI, get(api::openapi)),
        (api::DOCS, get(api::docs)),
        ("/fn/open_notification", post(notifications::open)),
        (privacy::JSON, get(privacy::as_json)),
        (privacy::CSV, get(privacy::as_csv)),
        (operations_live::LIVE, get(operations_live::stream)),
        (report::PATH, get(report::pdf)),
        (financial::report::PATH, get(financial::report::pdf)),
        (portal::report::PATH, get(portal::report::pdf)),
    ]
    .into_iter()
    .chain(admin::routes())
    .chain(compliance::routes())
    .chain(people::files())
    .chain(financial::files::routes())
    .chain(financial::placements::routes())
    .chain(commerce::files())
    .chain(crate::alignment::quality::files::routes())
    .chain(crate::alignment::files::routes())
    .chain(reports::routes())
    .chain(sessions::routes())
    .collect()
}

/// What a load balancer asks: past the gate, the limits and the sessions.
fn probes() -> [(&'static str, MethodRouter<App>); 3] {
    [("/health", get(health::health)), ("/ready", get(health::ready)), (system::STATUS, get(system::status))]
}

/// Built files: their address holds a hash of their content.
const HASHED: &str = "/pkg/{*file}";
/// Files whose address stays when they change.
const FILES: [&str; 5] = ["/icons/{*file}", "/favicon.ico", "/favicon.svg", "/manifest.webmanifest", "/robots.txt"];

pub(crate) fn with_all(
    router: Router<App>,
    routes: impl IntoIterator<Item = (&'static str, MethodRouter<App>)>,
) -> Router<App> {
    routes.into_iter().fold(router, |router, (path, handler)| router.route(path, handler))
}

/// The whole application.
pub fn router(app: App) -> Router {
    let pages = generate_route_list(Pages);
    let site = app.site.clone();
    let files =
        ServeDir::new(&app.site.root).precompressed_br().precompressed_gzip().append_index_html_on_directories(false);
    let for_ever = SetResponseHeaderLayer::overriding(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    let for_a_day =
        SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    let hashed = Router::new().route_service(HASHED, files.clone()).layer(for_ever);
    let plain = FILES.into_iter().fold(Router::new(), |router, file| router.route_service(file, files.clone()));
    let sessions = SessionManagerLayer::new(Store::new(app.db.clone(), app.clock))
        .with_name(sessions::COOKIE)
        .with_secure(true)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(time::Duration::seconds(sessions::IDLE.num_seconds())));
    let served = with_all(Router::new(), own())
        .merge(api::router(&app))
        .leptos_routes(&app, pages, move || {
            if let Some(address) = site.address("charts.js") {
                provide_context(ChartModule(address));
            }
            if let Some(address) = site.address("live.js") {
                provide_context(LiveModule(address));
            }
            if let Some(address) = site.address("refresh.js") {
                provide_context(RefreshModule(address));
            }
            shell(&site, view! { <Pages/> })
        })
        .fallback(not_found)
        .layer(from_fn_with_state(app.clone(), observe))
        .layer(from_fn_with_state(app.clone(), gate))
        .layer(from_fn_with_state(app.clone(), from_where))
        .layer(sessions)
        .layer(from_fn_with_state(app.clone(), security::own_origin_only))
        .layer(RequestBodyLimitLayer::new(LARGEST))
        .layer(from_fn_with_state(app.clone(), never_bare))
        .layer(from_fn_with_state(app.clone(), in_turn));
    with_all(served, probes())
        .layer(CompressionLayer::new())
        .merge(hashed)
        .merge(plain.layer(for_a_day))
        .layer(from_fn(security::headers))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), system::measured))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .with_state(app)
}

/// No query and no address: a log holds nothing personal.
fn span(request: &Request) -> tracing::Span {
    let id = request
        .headers()
        .get(HeaderName::from_static("x-request-id"))
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
}

fn panicked(cause: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let cause =
        cause.downcast_ref::<String>().cloned().or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    let error = AppError::ours(&cause.unwrap_or_else(|| "panic".into()));
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        format!("{}. {}\n", error.title(), error.text()),
    )
        .into_response()
}

/// What the request writes into the audit log says where it came from.
async fn from_where(Address(address): Address, request: Request, next: Next) -> Response {
    let id = request.headers().get(HeaderName::from_static("x-request-id")).and_then(|id| id.to_str().ok());
    Origin::new(id.unwrap_or_default(), &address).during(next.run(request)).await
}

/// Asks the registry what the route needs and the permission table whether the caller has it. Fails closed.
async fn gate(
    State(app): State<App>,
    session: Session,
    matched: Option<MatchedPath>,
    mut request: Request,
    next: Next,
) -> Response {
    let json = wants_json(request.uri().path(), request.headers());
    let needs = match &matched {
        Some(path) => access::of(path.as_str()),
        None => Some(Needs::Nothing),
    };
    let token = bearer(&request);
    let caller = match find_caller(&app, &session, token).await {
        Ok(caller) => caller,
        Err(error) => return error.response(json, None, &app.site),
    };
    let refusal = match (needs, &caller) {
        (None, _) => Some(AppError::ours(&format!("route {matched:?} is not in the registry"))),
        (Some(Needs::Nothing), _) | (Some(Needs::SignedIn), Some(_)) => None,
        (Some(Needs::SignedIn | Needs::Permission(_)), None) => {
            return signed_out(&app, &request, json);
        }
        (Some(Needs::Permission(permission)), Some(caller)) => caller.scope(permission).err(),
    };
    if let Some(error) = refusal {
        return error.response(json, caller.as_ref(), &app.site);
    }
    if let Some(caller) = caller {
        request.extensions_mut().insert(caller);
    }
    next.run(request).await
}

/// The token of a request and the area of the API it is for. A token opens nothing but the API.
fn bearer(request: &Request) -> Option<(String, String)> {
    let token = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
    let area =
        request.uri().path().strip_prefix("/api/v1/").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    Some((token.to_owned(), area.to_owned()))
}

/// Who a session or a token belongs to; nobody, where it is over or its user may not sign in any more.
pub(crate) async fn find_caller(
    app: &App,
    session: &Session,
    bearer: Option<(String, String)>,
) -> Result<Option<Caller>, AppError> {
    let now = app.clock.now();
    if let Some((token, area)) = bearer {
        if area.is_empty() {
            return Ok(None);
        }
        let user = user_of_token(&app.db, &token, &area, now).await?;
        return Ok(user.map(|user| Caller::new(user, app.clone())));
    }
    let login = sessions::login(session, now).await?;
    let Some(login) = login else { return Ok(None) };
    let user = user_of_login(&app.db, login).await?;
    Ok(user.map(|user| Caller::new(user, app.clone())))
}

fn signed_out(app: &App, request: &Request, json: bool) -> Response {
    let cookies = request.headers().get(header::COOKIE).and_then(|cookies| cookies.to_str().ok()).unwrap_or_default();
    let expired = cookies.contains(sessions::COOKIE);
    if json {
        return AppError::SignedOut { expired }.response(true, None, &app.site);
    }
    let wanted = match *request.method() {
        Method::GET => request.uri().path_and_query().map_or("/", |it| it.as_str()),
        _ => "/",
    };
    let mut query = vec![("next", wanted)];
    if expired {
        query.push(("expired", "1"));
    }
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    Redirect::to(&format!("/sign-in?{query}")).into_response()
}

async fn not_found(State(app): State<App>, request: Request) -> Response {
    let caller = request.extensions().get::<Caller>();
    AppError::NotFound.response(wants_json(request.uri().path(), request.headers()), caller, &app.site)
}
