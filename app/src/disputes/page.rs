//! The page: each dispute with what was recorded beside what the worker says, and two buttons.

use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use muster::disputes::{Fact, PAGE, State, Waiting};
use muster::people::{Access, Permission};
use muster::units::SiteId;

use super::list::{Listed, listed};
use crate::api::TWICE;
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::frame::PageFrame;
use crate::ui::{Ago, Card, Column, DataTable, EmptyState, Notice, NoticeKind, Pager, fmt, page_of};

/// Who may rule: whoever looks after the worker and sees the name; hr, executives and admins read.
#[must_use]
pub(super) fn may_rule(caller: &Caller) -> bool {
    let role = caller.user().role;
    let access = Permission::Team.access(role);
    Permission::Team.shows_names(role) && matches!(access, Access::OwnSites | Access::All)
}

struct Asked {
    site: Option<SiteId>,
    state: State,
    page: u32,
}

struct Loaded {
    caller: Caller,
    flash: Option<Flash>,
    asked: Asked,
    disputes: Vec<Waiting>,
    total: i64,
    counts: Vec<(State, i64)>,
    sites: Vec<(SiteId, String)>,
    names: bool,
}

/// `/disputes`
#[component]
pub fn DisputesPage() -> impl IntoView {
    let asked = asked(&use_query_map().get_untracked());
    let page = Suspend::new(async move {
        match async { load(asked?).await }.await {
            Ok(loaded) if loaded.names => EitherOf3::A(view(&loaded)),
            Ok(loaded) => EitherOf3::B(counted(&loaded)),
            Err(error) => EitherOf3::C(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

fn asked(query: &ParamsMap) -> Result<Asked, AppError> {
    let once = |field| match query.get_all(field).unwrap_or_default().as_slice() {
        [] => Ok(None),
        [value] if value.trim().is_empty() => Ok(None),
        [value] => Ok(Some(value.clone())),
        _ => Err(AppError::Invalid(TWICE.into())),
    };
    let site = once("site")?
        .map(|text| text.parse().map_err(|_| AppError::Invalid("The address names a site that cannot be one.".into())))
        .transpose()?;
    let state = once("state")?.map(|text| text.parse::<State>()).transpose()?.unwrap_or_default();
    Ok(Asked { site, state, page: page_of(query, "page")? })
}

async fn load(asked: Asked) -> Result<Loaded, AppError> {
    let caller = Caller::with(Permission::Team)?;
    let Listed { disputes, total, counts, sites, names } = listed(&caller, asked.site, asked.state, asked.page).await?;
    let flash = Flash::take().await.filter(|flash| flash.form == "ruling");
    Ok(Loaded { caller, flash, asked, disputes, total, counts, sites, names })
}

impl Loaded {
    fn query(&self, state: State) -> String {
        let site = self.asked.site.map(|site| site.to_string());
        let fields = [("state", Some(state.word().to_owned())), ("site", site)];
        let told: Vec<_> = fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        serde_urlencoded::to_string(told).unwrap_or_default()
    }
}

fn view(loaded: &Loaded) -> impl IntoView + use<> {
    let open = loaded.counts.iter().find(|(state, _)| *state == State::Open).map_or(0, |(_, n)| *n);
    let lead = if open == 0 {
        "Nothing to rule on.".to_owned()
    } else {
        format!("{} to rule on. The worker reads your reason.", fmt::count(open, "dispute", "disputes"))
    };
    let said = loaded.flash.as_ref().map(|flash| {
        let (kind, message) = (if flash.done { NoticeKind::Done } else { NoticeKind::Failed }, flash.message.clone());
        view! { <Notice kind><p>{message}</p></Notice> }
    });
    let entries: Vec<_> = loaded.disputes.iter().map(|it| dispute(loaded, it)).collect();
    let body = if entries.is_empty() {
        let (title, why) = match loaded.asked.state {
            State::Open => ("Nothing to rule on", "When a worker says that a recorded fact is wrong, it stands here."),
            State::Upheld => ("No dispute was upheld yet", "Upheld disputes stand here with their reasons."),
            State::Rejected => ("No dispute was rejected yet", "Rejected disputes stand here with their reasons."),
        };
        view! { <Card id="nothing" title=title><EmptyState title=why/></Card> }.into_any()
    } else {
        view! { <ol class="queue">{entries}</ol> }.into_any()
    };
    let href = format!("/disputes?{}&page=", loaded.query(loaded.asked.state));
    let older = i64::from(loaded.asked.page) * PAGE < loaded.total;
    let page = loaded.asked.page;
    view! {
        <PageFrame title="Disputes" lead=lead aside=Some(filter(loaded).into_any())>
            {said}
            {body}
            <Pager label="Pages of disputes" page=page older=older href=href/>
        </PageFrame>
    }
}

fn filter(loaded: &Loaded) -> impl IntoView + use<> {
    let tabs = loaded
        .counts
        .iter()
        .map(|(state, n)| {
            let href = format!("/disputes?{}", loaded.query(*state));
            let current = (*state == loaded.asked.state).then_some("true");
            view! { <a class="choice" href=href aria-current=current>{state.label()}<span class="choice-count">{*n}</span></a> }
        })
        .collect_view();
    let sites = loaded
        .sites
        .iter()
        .map(|(id, name)| view! { <option value=id.to_string() selected=loaded.asked.site == Some(*id)>{name.clone()}</option> })
        .collect_view();
    let state = loaded.asked.state.word();
    let form = (loaded.sites.len() > 1).then(|| {
        view! {
            <details class="filters">
                <summary><span class="filters-word">"Site"</span></summary>
                <form method="get" action="/disputes" class="filter-form">
                    <input type="hidden" name="state" value=state/>
                    <label class="field">"Site"<select name="site"><option value="">"All sites"</option>{sites}</select></label>
                    <button class="button" type="submit">"Show"</button>
                </form>
            </details>
        }
    });
    view! { <div class="filter-bar"><nav class="choices" aria-label="Which disputes">{tabs}</nav>{form}</div> }
}

fn dispute(loaded: &Loaded, it: &Waiting) -> impl IntoView + use<> {
    let zone = loaded.caller.user().org.zone;
    let now = loaded.caller.now();
    let local = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&zone).fixed_offset();
    let what = match it.fact {
        Fact::Shift => "Shift",
        Fact::Task => "Task",
        Fact::Tour => "Tour",
        Fact::WorkOrder => "Work order",
    };
    let worker = format!("/team/{}/{}", it.home, it.worker);
    let recorded = it
        .recorded
        .iter()
        .map(|(label, text)| view! { <div><dt>{label.clone()}</dt><dd>{text.clone()}</dd></div> })
        .collect_view();
    let filed = local(it.filed_at);
    let ruled = it.ruled_at.map(|at| {
        let class = if it.state == State::Upheld { "tag done" } else { "tag failed" };
        let who = it.ruled_by.clone().unwrap_or_default();
        let ruling = it.ruling.clone().unwrap_or_default();
        let (label, at) = (it.state.label(), local(at));
        view! {
            <p class="queue-state"><span class=class>{label}</span><span class="entry-when">{who}" · "<Ago at=at now=now/></span></p>
            <p class="entry-text quote">{ruling}</p>
        }
    });
    let form = (it.state == State::Open).then(|| form(loaded, it));
    let heading = format!("{what} of {}", fmt::day_and_year(it.day));
    view! {
        <li class="card entry" id=format!("dispute-{}", it.id) data-worker=it.name.clone()>
            <header class="queue-head">
                <div class="queue-who">
                    <h2><a href=worker>{it.name.clone()}</a></h2>
                    <p class="entry-when">{it.job_role.clone()}" · "{it.site.clone()}</p>
                </div>
                <p class="queue-state"><span class="entry-name">{heading}</span><span class="entry-when">"filed "<Ago at=filed now=now/></span></p>
            </header>
            <div class="said-and-recorded">
                <div><h3>"The worker says"</h3><p class="entry-text quote">{it.note.clone()}</p></div>
                <div><h3>"What was recorded"</h3><dl class="session">{recorded}</dl></div>
            </div>
            {ruled}
            {form}
        </li>
    }
}

fn form(loaded: &Loaded, it: &Waiting) -> AnyView {
    if !may_rule(&loaded.caller) {
        return view! { <p class="entry-when">"Waits for the supervisor of the worker."</p> }.into_any();
    }
    if loaded.caller.user().worker == Some(it.worker) {
        return view! { <p class="entry-when">"This is about your own work: another supervisor rules on it."</p> }
            .into_any();
    }
    let typed = loaded.flash.as_ref().filter(|flash| !flash.done && flash.typed("dispute") == it.id.to_string());
    let reason = typed.map(|flash| fmt::typed(&flash.typed("reason"))).unwrap_or_default();
    let back = loaded.query(loaded.asked.state);
    let help = "Upheld: the fact is taken out, and the score, the streaks and the coaching queue are computed again at once. Rejected: nothing changes.";
    view! {
        <form class="form" method="post" action="/fn/rule_dispute">
            <input type="hidden" name="dispute" value=it.id.to_string()/>
            <input type="hidden" name="back" value=back/>
            <label class="field">"Your reason: the worker reads it"<textarea name="reason" rows="2" maxlength="2000" required=true>{reason}</textarea></label>
            <p class="field-help">{help}</p>
            <div class="actions">
                <button class="button" type="submit" name="ruling" value="upheld">"Uphold: the worker is right"</button>
                <button class="button quiet" type="submit" name="ruling" value="rejected">"Reject: the fact stays"</button>
            </div>
        </form>
    }
    .into_any()
}

fn counted(loaded: &Loaded) -> impl IntoView + use<> {
    let rows = loaded
        .counts
        .iter()
        .map(|(state, n)| vec![view! { {state.label()} }.into_any(), view! { {*n} }.into_any()])
        .collect();
    let columns = vec![Column::text("state", "State"), Column::number("disputes", "Disputes")];
    view! {
        <PageFrame title="Disputes" lead="How many recorded facts workers say are wrong. What they are about stays between the worker and the supervisor.">
            <Card id="counts" title="Disputes by state">
                <DataTable caption="Disputes by state" columns rows hide_caption=true/>
            </Card>
        </PageFrame>
    }
}
