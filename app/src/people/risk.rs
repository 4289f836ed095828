//! The churn risk list of `/people`: by name with reasons and a step for hr, as counts without names for others, and in
//! any case how far the model behind it can be trusted.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use muster::charts::{Unit, pips};
use muster::database::OrgTx;
use muster::models::churn::{AtRisk, HORIZON_DAYS, Model, ModelCard, PAGE, RiskBand, RiskFilter, RiskRow, at_risk};
use muster::people::Permission;
use muster::people::audit::Viewer;

use crate::api::TWICE;
use crate::caller::Caller;
use crate::error::AppError;
use crate::ui::{Ago, Card, Column, DataTable, Details, EmptyState, Notice, NoticeKind, Pager, fmt};

/// The list with what is needed to show it.
#[derive(Debug, Clone)]
pub struct ShownRisk {
    risk: AtRisk,
    filter: RiskFilter,
    zone: Tz,
    now: DateTime<Utc>,
}

impl ShownRisk {
    /// The list for the address fields `risk_band`, `risk_site` and `risk_page`. Each name on it is written into the
    /// audit log: commit the transaction.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Invalid`] for fields that make no sense.
    pub async fn load(tx: &mut OrgTx, caller: &Caller, query: &ParamsMap) -> Result<Self, AppError> {
        let once = |field| match query.get_all(field).unwrap_or_default().as_slice() {
            [] => Ok(None),
            [value] => Ok(Some(value.clone())),
            _ => Err(AppError::Invalid(TWICE.into())),
        };
        let filter = RiskFilter { band: once("risk_band")?, site: once("risk_site")?, page: once("risk_page")? };
        let user = caller.user();
        let viewer =
            Viewer { user: user.id, worker: user.worker, scope: caller.scope(Permission::People)?, now: caller.now() };
        let risk = at_risk(tx, &viewer, &filter).await?;
        Ok(Self { risk, filter, zone: user.org.zone, now: viewer.now })
    }
}

/// Who may leave, as a card of a page.
#[component]
pub fn ChurnRisk(
    shown: ShownRisk,
    /// The page's own address, without fields.
    #[prop(into)]
    action: String,
    /// The page's other fields, kept by the list's filter and pages.
    #[prop(optional)]
    kept: Vec<(String, String)>,
) -> impl IntoView {
    let risk = &shown.risk;
    let lead = match risk.as_of {
        Some(day) => format!(
            "Who may leave within {HORIZON_DAYS} days, seen from {} by the facts before it. An estimate, not a verdict: it starts a conversation.",
            fmt::day_and_year(day)
        ),
        None => format!("Who may leave within {HORIZON_DAYS} days."),
    };
    let body = match (&risk.model, risk.as_of) {
        (Model::Trusted(_), Some(_)) if risk.names => named(&shown, &action, &kept).into_any(),
        (Model::Trusted(_), Some(_)) => counted(risk).into_any(),
        (Model::Trusted(_), None) => view! {
            <EmptyState title="Nothing estimated yet">
                <p>"There is a model. The estimates are written every morning at six."</p>
            </EmptyState>
        }
        .into_any(),
        (model, _) => {
            let why = model.why_not();
            view! { <EmptyState title="No estimate is shown"><p>{why}</p></EmptyState> }.into_any()
        }
    };
    let model = risk.model.card().map(about);
    view! { <Card id="churn-risk" title="Who may leave" lead=lead>{body}{model}</Card> }
}

fn named(shown: &ShownRisk, action: &str, kept: &[(String, String)]) -> impl IntoView + use<> {
    let risk = &shown.risk;
    let rows: Vec<_> = risk.rows.iter().map(|row| entry(row, shown)).collect();
    let body = if rows.is_empty() {
        view! {
            <EmptyState title="Nobody like that on the list">
                <p>"Choose another band or site."</p>
            </EmptyState>
        }
        .into_any()
    } else {
        view! { <ul class="risks">{rows}</ul> }.into_any()
    };
    let found = fmt::count(risk.total, "person", "people");
    let own = [("risk_band", &shown.filter.band), ("risk_site", &shown.filter.site)];
    let own = own.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)));
    let fields: Vec<(String, String)> = kept.iter().cloned().chain(own).collect();
    let turned = match serde_urlencoded::to_string(&fields) {
        Ok(address) if !address.is_empty() => format!("{action}?{address}&risk_page="),
        _ => format!("{action}?risk_page="),
    };
    let page = u32::try_from(risk.page).unwrap_or(1);
    let of_page = (risk.total > PAGE as i64).then(|| format!(", {PAGE} on a page"));
    view! {
        {filter(shown, action, kept)}
        <p class="risk-said">{found}{of_page}", the likeliest first. Each of them can see on their own page that you looked."</p>
        {body}
        <Pager label="Pages of who may leave" page=page older=risk.more() href=turned anchor="#churn-risk"/>
    }
}

fn filter(shown: &ShownRisk, action: &str, kept: &[(String, String)]) -> impl IntoView + use<> {
    let option = |chosen: &Option<String>, value: String, label: String| {
        let selected = chosen.as_deref().unwrap_or_default() == value;
        view! { <option value=value selected=selected>{label}</option> }
    };
    let counts = &shown.risk.counts;
    let bands: Vec<_> = RiskBand::ALL
        .iter()
        .rev()
        .zip(counts.bands.iter().rev())
        .map(|(band, n)| {
            let n = n.map(|n| format!(" ({})", fmt::number(n as f64, 0))).unwrap_or_default();
            option(&shown.filter.band, band.word().into(), format!("{}{n}", capital(band.word())))
        })
        .collect();
    let sites: Vec<_> =
        counts.sites.iter().map(|site| option(&shown.filter.site, site.site.to_string(), site.name.clone())).collect();
    let kept = kept.iter().cloned().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    let kept: Vec<_> = kept.collect();
    view! {
        <form class="filter-form" method="get" action=format!("{action}#churn-risk") aria-label="Filter who may leave">
            {kept}
            <label class="field">"Risk"<select name="risk_band"><option value="">"High and medium"</option>{bands}</select></label>
            <label class="field">"Site"<select name="risk_site"><option value="">"All sites"</option>{sites}</select></label>
            <button class="button" type="submit">"Show"</button>
        </form>
    }
}

fn entry(row: &RiskRow, shown: &ShownRisk) -> impl IntoView + use<> {
    let href = format!("/team/{}/{}", row.site, row.worker);
    let reasons: Vec<_> = row.reasons.iter().map(|reason| view! { <li>{reason.clone()}</li> }).collect();
    let looks: Vec<_> = row
        .looked_at_by
        .iter()
        .take(3)
        .enumerate()
        .map(|(nth, look)| {
            let at = look.at.with_timezone(&shown.zone).fixed_offset();
            view! { {if nth > 0 { ", " } else { "" }}{look.who.clone()}" "<Ago at=at now=shown.now/> }
        })
        .collect();
    let more = row.looked_at_by.len().saturating_sub(3);
    let more = (more > 0).then(|| format!(" and {more} more"));
    let looked = if looks.is_empty() {
        view! { "Nobody has looked at this before you." }.into_any()
    } else {
        view! { "Looked before: "{looks}{more}"." }.into_any()
    };
    let chance = Unit::Percent.value(100.0 * row.probability);
    let reasons = if reasons.is_empty() {
        view! { <p class="risk-said">"Nothing speaks for leaving in particular."</p> }.into_any()
    } else {
        view! { <ul class="risk-reasons">{reasons}</ul> }.into_any()
    };
    view! {
        <li class="risk">
            <div class="risk-head">
                <a class="risk-name" href=href>{row.name.clone()}</a>
                {badge(row.band)}
                <span class="risk-chance">{chance}" within "{HORIZON_DAYS}" days"</span>
            </div>
            <p class="risk-said">{row.job_role.clone()}" · "{row.site_name.clone()}</p>
            {reasons}
            <p class="risk-step"><strong>"What could help: "</strong>{row.step.clone()}</p>
            <p class="risk-looked">{looked}</p>
        </li>
    }
}

/// A band: its word, and as many filled bars as it has rungs.
fn badge(band: RiskBand) -> impl IntoView + use<> {
    let rung = RiskBand::ALL.iter().position(|other| *other == band).unwrap_or(0) + 1;
    view! {
        <span class=format!("band-badge risk-{}", band.word())>
            <span class="pips-box" inner_html=pips(rung, RiskBand::ALL.len())></span>
            {capital(band.word())}
        </span>
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Counts without names.
fn counted(risk: &AtRisk) -> impl IntoView + use<> {
    let cell = |n: Option<i64>| match n {
        Some(n) => fmt::number(n as f64, 0).into_any(),
        None => view! { <span class="risk-hidden">"not told"</span> }.into_any(),
    };
    let columns = vec![
        Column::text("site", "Site"),
        Column::number("high", "High"),
        Column::number("medium", "Medium"),
        Column::number("low", "Low"),
        Column::number("people", "People"),
    ];
    let line = |name: String, [low, medium, high]: [Option<i64>; 3], people: Option<i64>| {
        vec![name.into_any(), cell(high), cell(medium), cell(low), cell(people)]
    };
    let counts = &risk.counts;
    let mut rows = vec![line("All sites".into(), counts.bands, counts.people)];
    rows.extend(counts.sites.iter().map(|site| line(site.name.clone(), site.bands, site.people)));
    view! {
        <DataTable caption="People by risk and site" hide_caption=true columns=columns rows=rows/>
        <p class="risk-said">"You see counts without names. Groups of fewer than five people are not told, nor what they could be reckoned from."</p>
    }
}

/// How far it can be trusted.
fn about(card: &ModelCard) -> impl IntoView + use<> {
    let percent = |share: f64| Unit::Percent.value(100.0 * share);
    let auc = |it: muster::models::figures::Interval| {
        let places = |value| fmt::number(value, 2);
        format!("{} (95 % interval {}–{})", places(it.value), places(it.low), places(it.high))
    };
    let bands: Vec<_> = card
        .bands
        .iter()
        .map(|(name, rows, left)| {
            let of = fmt::number(*rows as f64, 0);
            vec![
                capital(name).into_any(),
                of.into_any(),
                fmt::number(*left as f64, 0).into_any(),
                fmt::percent(*left, *rows).into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text("band", "Risk"),
        Column::number("people", "Person-months"),
        Column::number("left", "Left"),
        Column::number("share", "Share (%)"),
    ];
    let verdict = capital(&card.verdict);
    let tenure = card.tenure_auc.map(|it| format!(" Tenure alone: {}.", auc(it))).unwrap_or_default();
    let summary = format!("How good is this? Model version {}", card.version);
    let trained = format!(
        "Trained {} on {} at people, from {} on; judged on the last months, which it had not seen. There, {} left within {HORIZON_DAYS} days; of the tenth it thought likeliest, {}.",
        fmt::day_and_year(card.trained_at.date_naive()),
        fmt::count(card.snapshots, "monthly look", "monthly looks"),
        fmt::day_and_year(card.first_day),
        percent(card.base_rate),
        percent(card.top_tenth)
    );
    let told = format!(
        "Chance that somebody who left was rated likelier than somebody who stayed (0.5 is guessing): {}.{tenure}",
        auc(card.auc)
    );
    view! {
        <Details summary=summary>
            <Notice kind=NoticeKind::Info><p>{verdict}"."</p></Notice>
            <p>{trained}</p>
            <p>{told}</p>
            <DataTable caption="What became of each band in the months it had not seen" columns=columns rows=bands/>
            <p>"It looks at hours, nights and weekends, pay, offers, certificates, the way to work, attendance, scores, thanks, refused leave and tenure. "
                "Not at age, sex, origin, health or family. The reasons are what weighs in the model, not proof of a cause."</p>
        </Details>
    }
}
