//! A served company with one login per role, a second company, and visitors with a cookie jar.

use std::net::SocketAddr;
use std::path::PathBuf;

use app::product::Recorder;
use app::server::{App, router};
use app::shell::Site;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use chrono::{DateTime, Duration, Utc};
use http_body_util::BodyExt;
use muster::clock::{Clock, zone};
use muster::people::Role;
use muster::people::accounts::{NewUser, create_user};
use muster::testing::{self, TestDatabase, World};
use muster::units::{SiteId, UserId, WorkerId};
use tower::ServiceExt;

/// Everybody's password.
pub const PASSWORD: &str = "gate-seven-opens-at-six";

/// A served database.
pub struct House {
    pub db: TestDatabase,
    pub test: World,
    pub rival: World,
    pub now: DateTime<Utc>,
    pub worker: WorkerId,
    pub rivals_worker: WorkerId,
    /// Where the built files are; without them pages come without style, islands and live charts.
    pub site_root: PathBuf,
}

impl House {
    /// Two companies, nobody who could sign in.
    pub async fn new() -> Self {
        let db = testing::database().await;
        let test = testing::org(&db).await;
        let rival = testing::org_named(&db, "rival", zone("America/New_York").expect("a zone")).await;
        let worker = test.worker("Ana").await;
        let rivals_worker = rival.worker("Zoë of the rival").await;
        let site_root = "/nowhere".into();
        Self { test, rival, worker, rivals_worker, now: Clock::system().now(), site_root, db }
    }

    /// One login per role: `worker@test` and so on. The worker is Ana, the client owns a site, the supervisor one.
    pub async fn with_everybody() -> Self {
        let house = Self::new().await;
        for role in Role::ALL {
            house.add(role).await;
        }
        house
    }

    /// Adds the login of a role.
    pub async fn add(&self, role: Role) -> UserId {
        let client = match role {
            Role::Client => Some(self.test.client("Client").await),
            _ => None,
        };
        let new = NewUser {
            name: format!("The {role}"),
            email: format!("{role}@test"),
            role,
            worker: (role == Role::Worker).then_some(self.worker),
            client,
            sites: if role == Role::Supervisor { vec![self.test.home()] } else { Vec::new() },
        };
        create_user(&self.db, self.test.org(), &new, PASSWORD, self.now).await.expect("a free e-mail")
    }

    /// Adds `worker@rival`, who is the rival's worker.
    pub async fn add_rivals_worker(&self) -> UserId {
        let new = NewUser {
            name: "Zoë".into(),
            email: "worker@rival".into(),
            role: Role::Worker,
            worker: Some(self.rivals_worker),
            client: None,
            sites: Vec::new(),
        };
        create_user(&self.db, self.rival.org(), &new, PASSWORD, self.now).await.expect("a free e-mail")
    }

    /// Somebody new at the door.
    pub fn visitor(&self) -> Visitor {
        self.visitor_after(Duration::zero())
    }

    /// Somebody at the door when so much time has passed.
    pub fn visitor_after(&self, passed: Duration) -> Visitor {
        self.visitor_of(self.app_after(passed))
    }

    /// Somebody who has so many requests of the API in a minute.
    pub fn visitor_limited_to(&self, per_minute: u32) -> Visitor {
        let limit = per_minute.try_into().expect("not zero");
        self.visitor_of(self.app_after(Duration::zero()).with_api_limit(limit))
    }

    /// Somebody whose live streams ask again so often who is looking.
    pub fn visitor_rechecked_every(&self, every: std::time::Duration) -> Visitor {
        self.visitor_of(self.app_after(Duration::zero()).with_live_recheck(every))
    }

    /// Somebody new at the door, and what takes events in there.
    pub fn visitor_and_events(&self) -> (Visitor, Recorder) {
        let app = self.app_after(Duration::zero());
        let events = app.events.clone();
        (self.visitor_of(app), events)
    }

    /// Somebody new at a door whose events go elsewhere.
    pub fn visitor_noting(&self, events: Recorder) -> Visitor {
        self.visitor_of(self.app_after(Duration::zero()).with_events(events))
    }

    /// The application without its router: for what is served beside it.
    pub fn app(&self) -> App {
        self.app_after(Duration::zero())
    }

    /// The user who signs in with this e-mail.
    pub async fn user(&self, email: &str) -> UserId {
        let id = sqlx::query_scalar("select user_id from logins where email = $1").bind(email);
        UserId(id.fetch_one(&mut self.db.owner().await).await.expect("a login"))
    }

    fn app_after(&self, passed: Duration) -> App {
        let site = Site::open(&self.site_root).expect("no built site is no error");
        App::new((*self.db).clone(), Clock::fixed(self.now + passed), site, 0)
    }

    /// Somebody at the door of this application.
    pub fn visitor_of(&self, app: App) -> Visitor {
        Visitor { router: router(app), cookie: None, address: "192.0.2.1:4000".parse().expect("an address") }
    }

    /// Somebody signed in.
    pub async fn signed_in(&self, email: &str) -> Visitor {
        let mut visitor = self.visitor();
        let answer = visitor.sign_in(email, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{email}: {}", answer.body);
        visitor
    }

    /// The home site.
    pub fn home(&self) -> SiteId {
        self.test.home()
    }
}

/// A browser without JavaScript.
#[derive(Clone)]
pub struct Visitor {
    router: Router,
    /// `name=value`, as sent.
    pub cookie: Option<String>,
    /// Where from.
    pub address: SocketAddr,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    /// As it came; of a PDF, say.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// A header's text, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Visitor {
    /// The same browser when so much time has passed in the house.
    pub fn after(&self, house: &House, passed: Duration) -> Self {
        Self { router: house.visitor_after(passed).router, ..self.clone() }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).header(header::ACCEPT, "text/html"), "").await
    }

    /// Sends a form, as our own page would.
    pub async fn post(&mut self, path: &str, form: &str) -> Answer {
        self.post_from(path, form, &[("origin", "https://muster.test"), ("sec-fetch-site", "same-origin")]).await
    }

    /// Sends a form with these headers.
    pub async fn post_from(&mut self, path: &str, form: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::post(path)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request, form).await
    }

    pub async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.post("/sign-in", &format!("email={email}&password={password}")).await
    }

    pub async fn send(&mut self, request: http::request::Builder, body: &str) -> Answer {
        let response = self.open(request, body).await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        let (bytes, body) = (body.to_vec(), String::from_utf8_lossy(&body).into_owned());
        Answer { status: parts.status, headers: parts.headers, body, bytes }
    }

    /// Sends a request and does not wait for the end of the answer.
    pub async fn open(&mut self, request: http::request::Builder, body: &str) -> Response<Body> {
        let mut request = request.header(header::HOST, "muster.test");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let mut request = request.body(Body::from(body.to_owned())).expect("a request");
        request.extensions_mut().insert(ConnectInfo(self.address));
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().expect("text").split(';').next().expect("a pair").to_owned();
            self.cookie = (!pair.ends_with('=')).then_some(pair);
        }
        response
    }
}
