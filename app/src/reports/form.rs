//! The form of a schedule: of a new one, once its report is chosen, and of one that is kept.

use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use muster::commerce;
use muster::database::OrgTx;
use muster::people::{Role, sites_in};
use muster::reports::schedules::{Kept, Report, Rhythm, weekday};
use serde::{Deserialize, Serialize};

use super::{PAGE, said, scheduler};
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, fmt};

/// Which form the messages belong to.
pub(super) const NEW: &str = "reports-new";
/// Which form the messages belong to.
pub(super) const CHANGE: &str = "reports-change";
/// The roles that any report is for.
const ROLES: [Role; 7] =
    [Role::Supervisor, Role::Finance, Role::Hr, Role::Executive, Role::Client, Role::Admin, Role::Platform];

/// A schedule as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub name: String,
    pub description: String,
    pub format: String,
    pub rhythm: String,
    pub weekday: String,
    pub day: String,
    pub at: String,
    pub zone: String,
    pub site: String,
    pub partner: String,
    pub emails: String,
    pub supervisor: String,
    pub finance: String,
    pub hr: String,
    pub executive: String,
    pub client: String,
    pub admin: String,
    pub platform: String,
}

impl Typed {
    fn role(&self, role: Role) -> &str {
        match role {
            Role::Supervisor => &self.supervisor,
            Role::Finance => &self.finance,
            Role::Hr => &self.hr,
            Role::Executive => &self.executive,
            Role::Client => &self.client,
            Role::Admin => &self.admin,
            Role::Platform => &self.platform,
            Role::Worker | Role::Scheduler => "",
        }
    }

    /// The roles that are ticked.
    pub(super) fn roles(&self) -> Vec<Role> {
        ROLES.into_iter().filter(|role| !self.role(*role).is_empty()).collect()
    }

    /// For the flash, which shows again what was typed.
    pub(super) fn fields(&self) -> Vec<(&str, &str)> {
        let mut fields = vec![
            ("name", self.name.as_str()),
            ("description", &self.description),
            ("format", &self.format),
            ("rhythm", &self.rhythm),
            ("weekday", &self.weekday),
            ("day", &self.day),
            ("at", &self.at),
            ("zone", &self.zone),
            ("site", &self.site),
            ("partner", &self.partner),
            ("emails", &self.emails),
        ];
        fields.extend(ROLES.map(|role| (role.word(), self.role(role))));
        fields
    }

    fn of_flash(flash: &Flash) -> Self {
        let typed = |field| flash.typed(field);
        Self {
            name: typed("name"),
            description: typed("description"),
            format: typed("format"),
            rhythm: typed("rhythm"),
            weekday: typed("weekday"),
            day: typed("day"),
            at: typed("at"),
            zone: typed("zone"),
            site: typed("site"),
            partner: typed("partner"),
            emails: typed("emails"),
            supervisor: typed("supervisor"),
            finance: typed("finance"),
            hr: typed("hr"),
            executive: typed("executive"),
            client: typed("client"),
            admin: typed("admin"),
            platform: typed("platform"),
        }
    }

    fn of_kept(kept: &Kept) -> Self {
        let it = &kept.schedule;
        let (rhythm, day) = it.rhythm.stored();
        let day = day.map(|day| day.to_string()).unwrap_or_default();
        let ticked = |role| if it.roles.contains(&role) { "yes".to_owned() } else { String::new() };
        let weekly = matches!(it.rhythm, Rhythm::Weekly(_));
        Self {
            name: it.name.clone(),
            description: it.description.clone(),
            format: it.format.code().into(),
            rhythm: rhythm.into(),
            weekday: if weekly { day.clone() } else { "1".into() },
            day: if weekly || day.is_empty() { "1".into() } else { day },
            at: it.at.format("%H:%M").to_string(),
            zone: it.zone.name().into(),
            site: it.site.map(|site| site.to_string()).unwrap_or_default(),
            partner: it.partner.map(|partner| partner.to_string()).unwrap_or_default(),
            emails: kept.emails.join("\n"),
            supervisor: ticked(Role::Supervisor),
            finance: ticked(Role::Finance),
            hr: ticked(Role::Hr),
            executive: ticked(Role::Executive),
            client: ticked(Role::Client),
            admin: ticked(Role::Admin),
            platform: ticked(Role::Platform),
        }
    }

    fn fresh(report: Report, caller: &Caller) -> Self {
        let rhythm = match report {
            Report::OperationsDaily => "daily",
            Report::ExecutiveQuarterly => "quarterly",
            Report::FinancialMonthly | Report::ClientMonthly | Report::Payroll => "monthly",
            _ => "weekly",
        };
        Self {
            name: report.label().into(),
            format: report.formats()[0].code().into(),
            rhythm: rhythm.into(),
            weekday: "1".into(),
            day: "1".into(),
            at: "09:00".into(),
            zone: caller.user().org.zone.name().into(),
            ..Self::default()
        }
    }
}

/// What a form lets choose from.
#[derive(Debug)]
pub(super) struct Choices {
    report: Report,
    sites: Vec<(String, String)>,
    partners: Vec<(String, String)>,
}

impl Choices {
    pub(super) async fn read(tx: &mut OrgTx, caller: &Caller, report: Report) -> Result<Self, AppError> {
        let user = caller.user();
        let mut sites = Vec::new();
        if report.has_site() {
            // An admin schedules also what an admin does not see: any site of the organization.
            let permission =
                if user.role == Role::Admin { muster::people::Permission::Admin } else { report.permission() };
            let found = sites_in(tx, &user.scope(permission).map_err(AppError::from)?).await?;
            sites = found.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
        }
        let mut partners = Vec::new();
        if report.has_partner() {
            let found = commerce::partner_names(tx).await?;
            partners = found.into_iter().map(|it| (it.id.to_string(), it.name)).collect();
        }
        Ok(Self { report, sites, partners })
    }
}

struct Shown {
    caller: Caller,
    flash: Option<Flash>,
    choices: Option<Choices>,
}

/// `/reports/new`
#[component]
pub fn NewSchedulePage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let page = Suspend::new(async move {
        match load(&query).await {
            Ok(shown) => Either::Left(view(&shown)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(query: &ParamsMap) -> Result<Shown, AppError> {
    let caller = scheduler()?;
    let report = match query.get("report") {
        Some(code) => Some(code.parse::<Report>()?),
        None => None,
    };
    let choices = match report {
        Some(report) if report.may_be_scheduled_by(caller.user().role) => {
            let mut tx = caller.db().org(caller.user().org.id).await?;
            Some(Choices::read(&mut tx, &caller, report).await?)
        }
        Some(_) => return Err(AppError::Forbidden),
        None => None,
    };
    Ok(Shown { flash: Flash::take().await, choices, caller })
}

fn view(shown: &Shown) -> impl IntoView + use<> {
    let body = match &shown.choices {
        None => choose(shown).into_any(),
        Some(choices) => fresh(shown, choices).into_any(),
    };
    let said = said(shown.flash.as_ref());
    view! {
        <PageFrame title="Schedule a report" lead="It is made at a local time and sent by mail, to each what that person may see.">
            {said}
            <div class="stack reports">
                {body}
                <p class="reports-links"><a href=PAGE>"All reports"</a></p>
            </div>
        </PageFrame>
    }
}

fn choose(shown: &Shown) -> impl IntoView + use<> {
    let reports = Report::of(shown.caller.user().role)
        .map(|report| {
            let href = format!("{PAGE}/new?report={}", report.code());
            view! { <li><a href=href>{report.label()}</a><span class="reports-line muted">{report.holds()}</span></li> }
        })
        .collect_view();
    view! { <Card id="which" title="Which report?"><ul class="reports-choices">{reports}</ul></Card> }
}

fn fresh(shown: &Shown, choices: &Choices) -> impl IntoView + use<> {
    let flash = shown.flash.as_ref().filter(|flash| flash.form == NEW);
    let typed = flash.map_or_else(|| Typed::fresh(choices.report, &shown.caller), Typed::of_flash);
    let (mend, report) = (mended(flash), choices.report.code());
    let fields = fields(choices, &typed);
    view! {
        <Card id="new" title=choices.report.label() lead=choices.report.holds()>
            {mend}
            <form class="form" method="post" action="/fn/schedule_report">
                <input type="hidden" name="report" value=report/>
                {fields}
                <button class="button" type="submit">"Schedule it"</button>
            </form>
        </Card>
    }
}

/// The form that changes a schedule.
pub(super) fn change(kept: &Kept, choices: &Choices, flash: Option<&Flash>) -> impl IntoView + use<> {
    let flash = flash.filter(|flash| flash.form == CHANGE);
    let typed = flash.map_or_else(|| Typed::of_kept(kept), Typed::of_flash);
    let (mend, id) = (mended(flash), kept.id.to_string());
    let fields = fields(choices, &typed);
    view! {
        {mend}
        <form class="form" method="post" action="/fn/change_report">
            <input type="hidden" name="id" value=id/>
            {fields}
            <button class="button" type="submit">"Save"</button>
        </form>
    }
}

fn mended(flash: Option<&Flash>) -> Option<impl IntoView + use<>> {
    let message = flash?.message.clone();
    Some(view! { <p class="field-error" role="alert">{message}</p> })
}

fn options(choices: Vec<(String, String)>, chosen: &str) -> impl IntoView + use<> {
    let chosen = chosen.to_owned();
    choices
        .into_iter()
        .map(|(value, label)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{label}</option> }
        })
        .collect::<Vec<_>>()
}

fn fields(choices: &Choices, typed: &Typed) -> impl IntoView + use<> {
    let formats = choices.report.formats().iter().map(|format| (format.code().to_owned(), format.label().to_owned()));
    let formats = options(formats.collect(), &typed.format);
    let description = fmt::typed(&typed.description);
    view! {
        <label class="field">"Name"<input type="text" name="typed[name]" required=true maxlength="200" value=typed.name.clone()/></label>
        <label class="field">"What it is for, if that is not plain"<textarea name="typed[description]" rows="2" maxlength="2000">{description}</textarea></label>
        <label class="field">"File"<select name="typed[format]">{formats}</select></label>
        {time(typed)}
        {part(choices, typed)}
        {recipients(choices, typed)}
    }
}

fn time(typed: &Typed) -> impl IntoView + use<> {
    let rhythms = [
        ("daily", "Each day"),
        ("weekly", "Each week, on the weekday below"),
        ("monthly", "Each month, on the day below"),
        ("quarterly", "Each quarter, in its first month on the day below"),
    ];
    let rhythms = options(rhythms.map(|(code, label)| (code.to_owned(), label.to_owned())).to_vec(), &typed.rhythm);
    let weekdays = (1..=7u8).filter_map(|day| {
        let Rhythm::Weekly(it) = Rhythm::of("weekly", Some(day.into())).ok()? else { return None };
        Some((day.to_string(), weekday(it).to_owned()))
    });
    let weekdays = options(weekdays.collect(), &typed.weekday);
    view! {
        <fieldset class="reports-set">
            <legend>"When"</legend>
            <label class="field">"How often"<select name="typed[rhythm]">{rhythms}</select></label>
            <label class="field">"Weekday, for each week"<select name="typed[weekday]">{weekdays}</select></label>
            <label class="field">"Day of the month, for each month or quarter; where the month is shorter, its last"<input type="number" name="typed[day]" min="1" max="31" value=typed.day.clone()/></label>
            <label class="field">"Local time"<input type="time" name="typed[at]" required=true value=typed.at.clone()/></label>
            <label class="field">"Time zone, such as Africa/Johannesburg"<input type="text" name="typed[zone]" required=true maxlength="60" value=typed.zone.clone()/></label>
        </fieldset>
    }
}

fn part(choices: &Choices, typed: &Typed) -> impl IntoView + use<> {
    let site = choices.report.has_site().then(|| {
        let all = (String::new(), "All that the recipient may see".to_owned());
        let sites = options(std::iter::once(all).chain(choices.sites.iter().cloned()).collect(), &typed.site);
        view! { <label class="field">"Site"<select name="typed[site]">{sites}</select></label> }
    });
    let partner = choices.report.has_partner().then(|| {
        let all = (String::new(), "All partners".to_owned());
        let partners = options(std::iter::once(all).chain(choices.partners.iter().cloned()).collect(), &typed.partner);
        view! { <label class="field">"Partner"<select name="typed[partner]">{partners}</select></label> }
    });
    view! { {site} {partner} }
}

fn recipients(choices: &Choices, typed: &Typed) -> impl IntoView + use<> {
    let roles = ROLES
        .into_iter()
        .filter(|role| choices.report.is_for(*role))
        .map(|role| {
            let (name, checked) = (format!("typed[{role}]"), !typed.role(role).is_empty());
            view! { <label class="pick"><input type="checkbox" name=name value="yes" checked=checked/><span>"Every "{role.word()}</span></label> }
        })
        .collect_view();
    let emails = fmt::typed(&typed.emails);
    view! {
        <fieldset class="reports-set">
            <legend>"Who gets it"</legend>
            <p class="field-help">"Whoever may not see this report when it goes out gets nothing, and the run says so."</p>
            {roles}
            <label class="field">"And people by the e-mail they sign in with, one a line"<textarea name="typed[emails]" rows="3" maxlength="20000" autocomplete="off">{emails}</textarea></label>
        </fieldset>
    }
}
