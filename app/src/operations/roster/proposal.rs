//! `/operations/roster/{proposal}`: how good is it, what does it cost, who works when and why?

use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use muster::database::OrgTx;
use muster::operations::may_change;
use muster::operations::proposal::{self, Choices, Line, Proposal, State, figures};
use muster::people::Permission;
use muster::people::audit::{self, Viewer};
use muster::units::{ShiftId, WorkerId};

use super::address::{line, week_word};
use super::choose::week_said;
use super::fns::{CHANGE, GENERATE, SETTLE};
use super::{change, lines, money, said};
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, ChartFigure, Column, DataTable, Notice, NoticeKind, Tile, fmt};

/// Everything the page shows.
pub(super) struct Shown {
    pub caller: Caller,
    pub it: Proposal,
    /// Whether the caller may change it, and it can still be changed.
    pub open: bool,
    /// Whether the caller may see what each person is paid: a line has one person and a cost.
    pub pay: bool,
    /// Whether something it rests on has changed since.
    pub stale: bool,
    /// The line that is to be changed, with whom it could be given to.
    pub choices: Option<Choices>,
    pub flash: Option<Flash>,
}

/// `/operations/roster/{proposal}`
#[component]
pub fn ProposalPage() -> impl IntoView {
    let id = use_params_map().get_untracked().get("proposal").unwrap_or_default();
    let line = line(&use_query_map().get_untracked());
    let page = Suspend::new(async move {
        match async { load(&id, line?).await }.await {
            Ok(shown) => Either::Left(view(&shown)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(id: &str, line: Option<ShiftId>) -> Result<Shown, AppError> {
    let caller = Caller::with(Permission::Operations)?;
    let scope = caller.scope(Permission::Operations)?;
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let it = proposal::proposal(&mut tx, &scope, id).await?;
    let open = it.state == State::Draft && may_change(caller.user().role);
    // Who sees other people than the one who asked would be told of a change that is none.
    let stale = match open && it.made_by == caller.user().id {
        true => proposal::is_stale(&mut tx, &scope, &it, caller.now()).await?,
        false => false,
    };
    let choices = match line.filter(|_| open) {
        Some(line) => Some(proposal::choices(&mut tx, &scope, &it, line).await?),
        None => None,
    };
    let pay = shows_pay(&mut tx, &caller, &it).await?;
    tx.commit().await?;
    Ok(Shown { flash: Flash::take().await, caller, it, open, pay, stale, choices })
}

/// Whether the caller sees pay by name; then each person of the lines is noted as looked at.
async fn shows_pay(tx: &mut OrgTx, caller: &Caller, it: &Proposal) -> Result<bool, AppError> {
    let Ok(scope) = caller.user().scope(Permission::Financial) else { return Ok(false) };
    if !scope.names {
        return Ok(false);
    }
    let viewer = Viewer { user: caller.user().id, worker: caller.user().worker, scope, now: caller.now() };
    let workers: Vec<WorkerId> = it.lines.iter().filter_map(Line::worker).collect();
    audit::looked_at_pay(tx, &viewer, &workers).await?;
    Ok(true)
}

fn view(shown: &Shown) -> impl IntoView + use<> {
    let it = &shown.it;
    let zone = shown.caller.user().org.zone;
    let moment = |at: chrono::DateTime<chrono::Utc>| fmt::moment(at.with_timezone(&zone).fixed_offset());
    let lead = match (&it.settled, it.state) {
        (Some((who, when)), State::Confirmed) => {
            format!("Confirmed by {who} on {}. Times are those of the site.", moment(*when))
        }
        (Some((who, when)), _) => format!("Discarded by {who} on {}. Nobody was told of anything.", moment(*when)),
        (None, _) => format!(
            "A draft, asked for by {} on {}. Nobody has been told. Times are those of the site.",
            it.made_by_name,
            moment(it.made_at)
        ),
    };
    let title = format!("{} · {}", it.site_name, week_said(it.first));
    let stale = shown.stale.then(|| {
        view! {
            <Notice kind=NoticeKind::Warning><p>"Something has changed since this was proposed: a shift, a leave, somebody's hours. Lines that do not hold any more are left as they are when you confirm. You can ask anew instead."</p></Notice>
        }
    });
    let back = format!("/operations/roster?site={}&week={}", it.site, week_word(it.first));
    let said = said(shown.flash.as_ref(), &[GENERATE, CHANGE, SETTLE]);
    let (tiles, settle, change) = (tiles(shown), settle(shown), change::card(shown));
    let (quality, fairness) = (quality(shown), fairness(shown));
    let (open, all) = (lines::open(shown), lines::all(shown));
    view! {
        <PageFrame title=title lead=lead>
            <div class="operations">
                <p class="way-back"><a href=back>"Another site or week"</a></p>
                {said}
                {stale}
                {tiles}
                {settle}
                {change}
                <div class="columns">{quality}{fairness}</div>
                {open}
                {all}
            </div>
        </PageFrame>
    }
}

fn tiles(shown: &Shown) -> impl IntoView + use<> {
    let it = &shown.it;
    let (currency, period) = (&shown.caller.user().org.currency, week_said(it.first));
    let score = it.quality.score.map_or_else(|| "–".to_owned(), fmt::points);
    let filled = it.assigned().len();
    let total = it.figures.committed_cents + it.cost_cents;
    let budget = match it.figures.budget_cents {
        Some(budget) if total > budget => format!(
            "with what is planned already {}: {} above the week's budget",
            money(currency, total),
            money(currency, total - budget)
        ),
        Some(budget) => {
            format!("with what is planned already {} of {}", money(currency, total), money(currency, budget))
        }
        None => "no budget is on record for this week".into(),
    };
    let proven = match (it.figures.optimal, it.figures.most_filled) {
        (true, _) => "no better roster is possible, proven",
        (_, true) => "more cannot be filled, proven",
        _ => "the best that was found",
    };
    let changes = fmt::count(i64::try_from(it.changes()).unwrap_or(0), "line changed by hand", "lines changed by hand");
    let (given, all) = (filled.to_string(), format!("of {}", it.lines.len()));
    view! {
        <section class="tiles roster-tiles" id="figures" aria-label="The roster in numbers">
            <Tile label="Quality" value=score unit="of 100" period=period.clone() note="what it is made of stands below"/>
            <Tile label="Shifts filled" value=given unit=all period=period.clone() note=proven/>
            <Tile label="Cost of these shifts" value=money(currency, it.cost_cents) period=period.clone() note=budget/>
            <Tile label="Changed by hand" value=it.changes().to_string() period=period note=changes/>
        </section>
    }
}

/// The buttons, while it is a draft.
fn settle(shown: &Shown) -> Option<AnyView> {
    if !shown.open {
        return None;
    }
    let it = &shown.it;
    let (id, site, week) = (it.id.to_string(), it.site.to_string(), week_word(it.first));
    let copy = it.figures.copied_from.map(week_word).unwrap_or_default();
    let n = i64::try_from(it.assigned().len()).unwrap_or(0);
    let confirm = format!("Confirm and tell everybody: {}", fmt::count(n, "shift", "shifts"));
    let creates = it.lines.iter().filter(|line| line.creates).count();
    let adds = it.figures.copied_from.filter(|_| creates > 0).map(|from| {
        let said = format!(
            "Confirming adds {creates} shifts to the week, copied from {}, also those that nobody can take yet.",
            week_said(from)
        );
        view! { <p>{said}</p> }
    });
    let changes = it.changes();
    let lost = (changes > 0).then(|| format!("Asking anew drops the {changes} made by hand."));
    Some(
        view! {
            <Card id="decide" title="Decide" lead="Nothing is given before you confirm.">
                {adds}
                <div class="roster-actions">
                    <form method="post" action="/fn/confirm_roster">
                        <input type="hidden" name="proposal" value=id.clone()/>
                        <button class="button" type="submit">{confirm}</button>
                    </form>
                    <form method="post" action="/fn/generate_roster">
                        <input type="hidden" name="site" value=site/>
                        <input type="hidden" name="week" value=week/>
                        <input type="hidden" name="copy" value=copy/>
                        <input type="hidden" name="instead" value=id.clone()/>
                        <button class="button quiet" type="submit">"Ask anew"</button>
                    </form>
                    <form method="post" action="/fn/discard_roster">
                        <input type="hidden" name="proposal" value=id/>
                        <button class="button quiet" type="submit">"Discard"</button>
                    </form>
                </div>
                {lost.map(|lost| view! { <p class="field-help">{lost}</p> })}
            </Card>
        }
        .into_any(),
    )
}

fn quality(shown: &Shown) -> impl IntoView + use<> {
    let judged = &shown.it.quality;
    let columns = vec![
        Column::text("part", "Part"),
        Column::number("score", "Score, 0–100"),
        Column::number("weight", "Weighs, %"),
    ];
    let rows = judged
        .lines
        .iter()
        .map(|line| {
            vec![
                line.part.label().into_any(),
                fmt::points(line.score).into_any(),
                fmt::number(100.0 * line.share, 0).into_any(),
            ]
        })
        .collect();
    let better: Vec<_> = judged
        .improvements
        .iter()
        .map(|it| {
            let said = format!("{}: up to {} points", capital(&it.text), fmt::change(it.gain));
            view! { <li>{said}</li> }
        })
        .collect();
    let better = if better.is_empty() {
        view! { <p>"Nothing would raise it: every known part is at 100."</p> }.into_any()
    } else {
        view! { <h3>"What would raise it most"</h3><ul class="reasons">{better}</ul> }.into_any()
    };
    view! {
        <Card id="quality" title="What the quality is made of" lead="Of the whole week of the site, with the shifts that were filled before. A part without data drops out.">
            <DataTable caption="Parts of the quality" columns=columns rows=rows hide_caption=true/>
            {better}
        </Card>
    }
}

fn fairness(shown: &Shown) -> impl IntoView + use<> {
    let figures = &shown.it.figures;
    let said = match figures.unevenness() {
        (Some(before), Some(after)) => {
            let way = match (fmt::number(before, 2), fmt::number(after, 2)) {
                (before, after) if before == after => format!("Hours lie as evenly as before: Gini {after}"),
                (before_said, after_said) if after < before => {
                    format!("Hours lie more evenly than before: Gini {before_said} → {after_said}")
                }
                (before_said, after_said) => {
                    format!("Hours lie less evenly than before: Gini {before_said} → {after_said}")
                }
            };
            format!("{way}, where 0 is even.")
        }
        (None, Some(after)) => format!("Gini {}, where 0 is even. Nobody had hours before.", fmt::number(after, 2)),
        _ => "Nobody has hours in this week.".into(),
    };
    let people = i64::try_from(figures.facts.minutes.len()).unwrap_or(0);
    let lead =
        format!("{} of this site, employed all week; shifts elsewhere count.", fmt::count(people, "person", "people"));
    let figure = figures::hours(figures);
    view! {
        <Card id="fairness" title="How the hours are shared" lead=lead>
            <p>{said}</p>
            <ChartFigure figure/>
        </Card>
    }
}

/// With a capital letter in front.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
