//! The page: filters, a page of lines, the way to older ones.

use axum::http::request::Parts;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use leptos::either::Either;
use leptos::prelude::*;
use muster::people::log::{self, Filter, Line, PAGE as LINES};
use muster::units::Place;
use uuid::Uuid;

use super::{CSV, PAGE, filter, query};
use crate::admin::administrator;
use crate::caller::Caller;
use crate::error::AppError;
use crate::export::Fields;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, Column, DataTable, Details, EmptyState, fmt};

struct Shown {
    caller: Caller,
    filter: Filter,
    lines: Vec<Line>,
    /// Where this page begins, if not at the newest line.
    after: Option<Place>,
    more: bool,
}

/// `/admin/audit`
#[component]
pub fn AuditPage() -> impl IntoView {
    let asked = use_context::<Parts>().and_then(|parts| parts.uri.query().map(str::to_owned)).unwrap_or_default();
    let page = Suspend::new(async move {
        match load(&asked).await {
            Ok(shown) => Either::Left(view(&shown)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(asked: &str) -> Result<Shown, AppError> {
    let caller = administrator()?;
    let fields = Fields::read(asked)?;
    let filter = filter(&fields)?;
    let after = fields.once("before")?.map(place).transpose()?;
    let user = caller.user();
    let mut tx = caller.db().org(user.org.id).await?;
    let mut lines = log::lines(&mut tx, (user.role, user.org.zone), &filter, after, LINES + 1).await?;
    let more = lines.len() as i64 > LINES;
    lines.truncate(LINES as usize);
    Ok(Shown { filter, lines, after, more, caller })
}

/// Where a page begins, as it stands in the address: microseconds and an id.
fn place(text: &str) -> Result<Place, AppError> {
    let read = || {
        let (at, id) = text.split_once('_')?;
        Some(Place { at: DateTime::from_timestamp_micros(at.parse().ok()?)?, id: Uuid::try_parse(id).ok()? })
    };
    let place = read().filter(|place| (1970..3000).contains(&chrono::Datelike::year(&place.at)));
    place.ok_or_else(|| AppError::Invalid("That is no page of the log. Begin with the newest lines.".into()))
}

fn view(shown: &Shown) -> impl IntoView + use<> {
    let zone = shown.caller.user().org.zone;
    let lead =
        format!("Newest first; times are {zone}. Looks at named scores are in it too. Nobody can change a line.");
    let (filters, lines) = (filters(&shown.filter), lines(shown, zone));
    view! {
        <PageFrame title="Audit log" lead=lead>
            <div class="stack">
                {filters}
                {lines}
                <p><a href=crate::admin::PAGE>"Back to Admin"</a></p>
            </div>
        </PageFrame>
    }
}

fn filters(filter: &Filter) -> impl IntoView + use<> {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let (who, what, from, to) = (filter.who.clone(), filter.what.clone(), day(filter.from), day(filter.to));
    let any = *filter != Filter::default();
    view! {
        <Card id="filter" title="Find">
            <form class="admin-filter" method="get" action=PAGE role="search">
                <label class="field">"Who (name or e-mail)"<input type="search" name="who" value=who maxlength="200"/></label>
                <label class="field">"What (action or record)"<input type="search" name="what" value=what maxlength="200"/></label>
                <label class="field">"From"<input type="date" name="from" value=from/></label>
                <label class="field">"To"<input type="date" name="to" value=to/></label>
                <button class="button" type="submit">"Show"</button>
                {any.then(|| view! { <a href=PAGE>"Show everything"</a> })}
            </form>
        </Card>
    }
}

fn lines(shown: &Shown, zone: Tz) -> impl IntoView + use<> {
    let said = query(&shown.filter);
    let with = |path: &str, more: String| {
        let all = [said.clone(), more].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("&");
        if all.is_empty() { path.to_owned() } else { format!("{path}?{all}") }
    };
    let older = shown.lines.last().filter(|_| shown.more).map(|last| {
        let place = last.place();
        with(PAGE, format!("before={}_{}", place.at.timestamp_micros(), place.id))
    });
    let newest = shown.after.is_some().then(|| with(PAGE, String::new()));
    let csv = with(CSV, String::new());
    let columns = vec![
        Column::text("at", "When"),
        Column::text("who", "Who"),
        Column::text("action", "What"),
        Column::text("record", "Record"),
        Column::text("changes", "Before and after"),
        Column::text("subnet", "From where"),
    ];
    let rows: Vec<_> = shown.lines.iter().map(|line| row(line, zone)).collect();
    let body = if rows.is_empty() {
        view! { <EmptyState title="No line is found"><p>"Ask for a longer period, or for less of a name."</p></EmptyState> }.into_any()
    } else {
        view! { <DataTable caption="Lines of the audit log" hide_caption=true columns rows/> }.into_any()
    };
    view! {
        <Card id="log" title="Lines" lead=format!("{LINES} a page.")>
            {body}
            <nav class="pager" aria-label="Pages of the log">
                {newest.map(|href| view! { <a class="button quiet" href=href>"Newest"</a> })}
                {older.map(|href| view! { <a class="button quiet" href=href>"Older"</a> })}
            </nav>
            <p><a class="button quiet" href=csv download="">"All these lines as CSV"</a></p>
        </Card>
    }
}

fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    let at = at.with_timezone(&zone);
    format!("{} {}", fmt::day_and_year(at.date_naive()), at.format("%H:%M:%S"))
}

fn row(line: &Line, zone: Tz) -> Vec<AnyView> {
    let who = line.who.as_ref().map_or_else(|| "Muster".to_owned(), |(_, name)| name.clone());
    let id = line.record_id.map(|id| id.simple().to_string()[24..].to_owned());
    let record = match (&line.name, id) {
        (Some(name), _) => format!("{} {name}", line.record),
        (None, Some(id)) => format!("{} …{id}", line.record),
        (None, None) => line.record.clone(),
    };
    let from = line.subnet.clone().unwrap_or_else(|| "–".into());
    let request = line.request.clone().map(|id| view! { <span class="admin-request">"request "{id}</span> });
    vec![
        moment(line.at, zone).into_any(),
        who.into_any(),
        line.action.clone().into_any(),
        record.into_any(),
        changes(line),
        view! { <span>{from}</span>{request} }.into_any(),
    ]
}

fn changes(line: &Line) -> AnyView {
    let Some(changes) = &line.changes else {
        return view! { <span class="muted">"not shown to your role"</span> }.into_any();
    };
    if changes.is_empty() {
        return "–".into_any();
    }
    let fields = changes.iter().map(field).collect_view();
    let list = view! { <ul class="admin-changes">{fields}</ul> };
    if changes.len() <= 3 {
        return list.into_any();
    }
    view! { <Details summary=fmt::count(changes.len() as i64, "field", "fields")>{list}</Details> }.into_any()
}

fn field((name, before, after): &(String, String, String)) -> impl IntoView + use<> {
    let (name, before, after) = (name.clone(), before.clone(), after.clone());
    let was = (!before.is_empty()).then(|| view! { <del>{before}</del>" → " });
    let is = if after.is_empty() { "nothing".to_owned() } else { after };
    view! { <li>{name}": "{was}<ins>{is}</ins></li> }
}
