//! How does it look? Writes pages with every component and made-up numbers, among them `/me` as it is meant to be marked
//! up: `cargo run -p app --features ssr --example gallery -- target/gallery`, after `node bin/site.mjs`; then open the
//! pages through any file server that also serves `target/site`.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use app::ui::{
    Ago, BandBadge, Card, ChartFigure, ChartModule, Column, DataTable, Delta, Details, EmptyState, FilterBar, Meter,
    Notice, NoticeKind, Progress, ScoreScale, Sort, Spark, Tile,
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use muster::charts::{Axis, Emphasis, Figure, Mark, Scale, Unit};
use muster::scoring::Band;

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target/gallery".into());
    fs::create_dir_all(&folder)?;
    for (name, page) in
        [("me", Page::Me), ("components", Page::Components), ("sign-in", Page::SignIn), ("error", Page::Error)]
    {
        for theme in ["light", "dark"] {
            let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
            let html = owner.with(|| {
                provide_context(ChartModule("/charts.js".into()));
                document(theme, page).to_html()
            });
            fs::write(Path::new(&folder).join(format!("{name}-{theme}.html")), format!("<!doctype html>{html}"))?;
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Page {
    Me,
    Components,
    SignIn,
    Error,
}

/// Mounts all charts at once; on a real page the island does it when one is seen.
const MOUNT: &str = "import { mount } from '/charts.js'; if (location.hash === '#live') \
                     for (const root of document.querySelectorAll('.chart-mount')) mount(root);";

fn document(theme: &'static str, page: Page) -> impl IntoView {
    let main = match page {
        Page::Me => me().into_any(),
        Page::Components => components().into_any(),
        Page::SignIn => sign_in().into_any(),
        Page::Error => error().into_any(),
    };
    view! {
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <title>"Gallery"</title>
                <link rel="stylesheet" href="/main.css"/>
                <script type="module" inner_html=MOUNT></script>
            </head>
            <body>
                <a class="skip-link" href="#main">"Skip to the content"</a>
                <header class="frame">
                    <a class="brand" href="/" aria-label="Muster, start page">"Muster"</a>
                    <nav class="views" aria-label="Views">
                        <ul>
                            <li><a href="/me" aria-current="page">"My performance"</a></li>
                            <li><a href="/team">"Team"</a></li>
                            <li><a href="/coaching">"Coaching"</a></li>
                        </ul>
                    </nav>
                    <div class="account">
                        <details class="menu">
                            <summary><span class="who">"Dana Okoye"</span></summary>
                            <div class="menu-body"><p class="muted">"Acme Guarding · worker"</p></div>
                        </details>
                        <form method="post" action="/sign-out"><button class="button quiet">"Sign out"</button></form>
                    </div>
                </header>
                {main}
            </body>
        </html>
    }
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day")
}

fn now() -> DateTime<Utc> {
    "2026-11-21T06:00:00Z".parse().expect("a moment")
}

fn hours_ago(hours: i64) -> DateTime<chrono::FixedOffset> {
    (now() - chrono::TimeDelta::hours(hours)).fixed_offset()
}

fn trend(id: &str, days: u64) -> Figure {
    let dates: Vec<NaiveDate> = (0..days).map(|nth| today() - Days::new(days - 1 - nth)).collect();
    let wave = |nth: u64, slow: f64, size: f64| (nth as f64 / slow).sin() * size;
    let own = (0..days)
        .map(|n| (!(20..24).contains(&n)).then(|| 66.0 + 0.07 * n as f64 + wave(n, 7.0, 2.2) + wave(n, 2.3, 0.5)))
        .collect();
    let week = |n: u64| n / 7 * 7;
    let median = (0..days).map(|n| Some(67.5 + wave(week(n), 30.0, 1.0))).collect();
    let low = (0..days).map(|n| Some(61.5 + wave(week(n), 30.0, 1.0))).collect();
    let high = (0..days).map(|n| Some(74.0 + wave(week(n), 20.0, 1.2))).collect();
    let zones: Vec<(&str, f64)> = Band::ALL.iter().map(|band| (band.label(), band.floor())).collect();
    Figure::new(id, "Your BPI, last 90 days", "How has my score moved?", Unit::Points, Axis::Days(dates))
        .with("You", Mark::Line, Emphasis::Main, own)
        .with("Cohort median", Mark::Line, Emphasis::Context, median)
        .with_band("Middle half of the cohort", low, high)
        .with_zones(&zones, 100.0)
}

fn why() -> Figure {
    let steps = [
        ("Attendance & reliability", 2.4),
        ("Tasks & jobs", 1.1),
        ("Tours & patrol", -1.6),
        ("Work orders & service", 0.3),
        ("Compliance & safety", 0.0),
    ];
    Figure::waterfall(
        "why-chart",
        "What moved your BPI",
        "Which components moved it?",
        Unit::Points,
        ("26 Sep – 23 Oct".into(), 70.2),
        steps.into_iter().map(|(name, delta)| (name.to_owned(), delta)).collect(),
        ("24 Oct – 20 Nov".into(), 72.4),
    )
}

fn component(
    name: &'static str,
    score: f64,
    weight: f64,
    median: f64,
    parts: &[(&'static str, &'static str, &'static str)],
) -> impl IntoView + use<> {
    let parts = parts
        .iter()
        .map(|(name, score, raw)| {
            view! {
                <li>
                    <span>{*name}</span>
                    <span class="part-score">{*score}</span>
                    <span class="part-raw">{*raw}</span>
                </li>
            }
        })
        .collect_view();
    let worth = format!("{:.1} of {weight:.0} points · cohort median {median:.1}", score * weight / 100.0);
    view! {
        <li>
            <details class="component">
                <summary>
                    <span class="component-name">{name}</span>
                    <span class="component-score">{format!("{score:.1}")}</span>
                    <Meter share=score / 100.0 tick=Some(median / 100.0)/>
                    <span class="component-worth">{worth}</span>
                </summary>
                <div class="component-body"><ul class="parts">{parts}</ul></div>
            </details>
        </li>
    }
}

fn hero() -> impl IntoView {
    view! {
        <section class="card hero" aria-labelledby="bpi">
            <div class="hero-score">
                <h2 class="hero-label" id="bpi">"BPI, 24 Oct – 20 Nov 2026"</h2>
                <p class="hero-number">"72.4"<span class="hero-of">"of 100"</span></p>
                <div class="hero-facts">
                    <BandBadge band=Band::Solid/>
                    <p class="hero-compared"><Delta value=2.2 unit=Unit::Points/>" than the 28 days before"</p>
                </div>
            </div>
            <div class="hero-way">
                <ScoreScale score=72.4 median=Some(67.9)/>
                <p class="hero-words"><strong>"2.6 points to strong."</strong>" You score higher than 64 of 100 people who do the same work on the same kind of site; the line marks their middle (67.9)."</p>
                <p class="hero-rests">"Rests on 19 shifts and all five components."</p>
            </div>
        </section>
    }
}

fn left() -> impl IntoView {
    let attendance = [
        ("Shifts attended", "94.7", "18 of 19 shifts"),
        ("Clocked in on time", "88.9", "16 of 18 shifts"),
        ("No absence without a call", "100.0", "0 no-shows"),
        ("Few late minutes", "93.3", "2.0 minutes late per shift"),
        ("Overtime accepted", "50.0", "1 of 2 offers · not counted: declining is your right"),
    ];
    let other =
        [("Checkpoints visited", "81.2", "302 of 372 checkpoints"), ("Tours completed", "88.9", "16 of 18 tours")];
    view! {
        <div class="stack">
            <Card id="trend" title="Trend"><ChartFigure figure=trend("trend-chart", 90)/></Card>
            <Card id="components" title="What it is made of" lead="Open a line to see what was counted. The mark on each bar is the cohort's median.">
                <ul class="components">
                    {component("Attendance & reliability", 91.3, 30.0, 88.0, &attendance)}
                    {component("Tasks & jobs", 74.0, 25.0, 70.2, &other)}
                    {component("Tours & patrol", 52.6, 20.0, 68.9, &other)}
                    {component("Work orders & service", 61.0, 15.0, 55.0, &other)}
                    {component("Compliance & safety", 78.0, 10.0, 81.0, &other)}
                </ul>
            </Card>
            <Card id="why" title="Why it moved" lead="24 Oct – 20 Nov against 26 Sep – 23 Oct. The lines add up to the change.">
                <ChartFigure figure=why()/>
                <Details summary="Every line">
                    <ul class="lines">
                        <li><span>"Clocked in on time: 81.0 → 88.9"</span><span class="line-value"><Delta value=1.9 unit=Unit::Points/></span></li>
                        <li><span>"Checkpoints visited: 89.4 → 81.2"</span><span class="line-value"><Delta value=-1.6 unit=Unit::Points/></span></li>
                        <li class="sum"><span>"Together"</span><span class="line-value"><Delta value=2.2 unit=Unit::Points/></span></li>
                    </ul>
                </Details>
            </Card>
            <Card id="facts" title="What was counted" lead="Late clock-ins, no-shows and failed tasks of these 28 days. Wrong? Say so: your supervisor rules, and an upheld dispute is taken out the same minute.">
                <ul class="entries">
                    <li>
                        <div class="entry-head"><span class="entry-name">"Late by 14 minutes"</span><span class="entry-when">"Thu 12 Nov, Harbour Gate"</span></div>
                        <Details summary="Dispute this">
                            <form class="form" method="post">
                                <label class="field">"What is wrong about it?"<textarea name="note" rows="3" required maxlength="1000"></textarea><span class="field-help">"Your supervisor and you both see this."</span></label>
                                <button class="button" type="submit">"Send the dispute"</button>
                            </form>
                        </Details>
                    </li>
                    <li>
                        <div class="entry-head"><span class="entry-name">"Task failed: lock-up check"</span><span class="tag warning">"Disputed, open"</span></div>
                        <p class="entry-text quote">"The door had been replaced that day."</p>
                    </li>
                </ul>
            </Card>
        </div>
    }
}

fn right() -> impl IntoView {
    view! {
        <div class="stack">
            <Card id="moves" title="What would move it" lead="Worth most, if you reached what the best quarter of your cohort reaches.">
                <ul class="moves">
                    <li class="move"><span class="move-gain">"+2.9"<small>"points"</small></span><h3>"Checkpoints visited"</h3><p>"81 of 100 now; 94 would do. That is about 2 more checkpoints per tour."</p></li>
                    <li class="move"><span class="move-gain">"+1.3"<small>"points"</small></span><h3>"Clocked in on time"</h3><p>"16 of 18 shifts now. One late clock-in less is enough."</p></li>
                </ul>
            </Card>
            <Card id="streaks" title="Streaks">
                <ul class="streaks">
                    <li class="streak"><p class="streak-days">"12 "<small>"days"</small></p><p class="streak-name">"on time"</p><p class="streak-record">"Record 31, ended 4 Mar"</p></li>
                    <li class="streak"><p class="streak-days">"43 "<small>"days"</small></p><p class="streak-name">"no absence without a call"</p><p class="streak-record">"This is your record"</p></li>
                    <li class="streak"><p class="streak-days">"0 "<small>"days"</small></p><p class="streak-name">"every checkpoint"</p><p class="streak-record">"Record 6"</p></li>
                    <li class="streak"><p class="streak-days">"3 "<small>"days"</small></p><p class="streak-name">"every deadline"</p><p class="streak-record">"Record 17"</p></li>
                </ul>
            </Card>
            <Card id="achievements" title="Achievements" lead="7 of 25 earned">
                <ul class="awards">
                    <li><span class="award-sign earned" aria-hidden="true">"✓"</span><div><p class="award-name">"Perfect week "<span class="tag">"bronze"</span></p><p class="award-why">"5 of 5 shifts attended, 9 – 15 Nov"</p></div></li>
                    <li><span class="award-sign" aria-hidden="true">"%"</span><div><p class="award-name">"Century of shifts "<span class="tag">"silver"</span></p><Progress value=83 of=100 what="shifts"/></div></li>
                    <li><span class="award-sign" aria-hidden="true">"%"</span><div><p class="award-name">"Perfect month "<span class="tag">"silver"</span></p><Progress value=14 of=19 what="shifts attended without a gap"/></div></li>
                </ul>
            </Card>
            <Card id="kudos" title="Kudos">
                <ul class="entries">
                    <li><div class="entry-head"><span class="entry-name">"Sam Lindqvist "<span class="tag">"teamwork"</span></span><span class="entry-when"><Ago at=hours_ago(50) now=now()/></span></div><p class="entry-text quote">"Stayed an hour so that I could reach the hospital. Thank you."</p></li>
                </ul>
                <Details summary="Give kudos">
                    <form class="form" method="post">
                        <label class="field">"To"<select name="to"><option>"Sam Lindqvist"</option></select></label>
                        <label class="field">"What for"<select name="category"><option>"Teamwork"</option></select></label>
                        <label class="field">"Message"<textarea name="message" rows="2"></textarea></label>
                        <button class="button" type="submit">"Give kudos"</button>
                    </form>
                </Details>
            </Card>
            <Card id="shifts" title="Your next shifts">
                <ul class="entries">
                    <li>
                        <div class="entry-head"><span class="entry-name">"Sat 21 Nov, 22:00 – 06:00"</span><span class="entry-when">"Harbour Gate"</span></div>
                        <Details summary="Why you"><ul class="reasons"><li>"It is your home site."</li><li>"You have the skill it asks for: fire panel."</li><li>"You have 16 hours of rest before it."</li></ul></Details>
                    </li>
                </ul>
            </Card>
            <Card id="certifications" title="Certifications">
                <ul class="entries">
                    <li><div class="entry-head"><span class="entry-name">"First aid at work"</span><span class="tag warning">"Expires in 12 days"</span></div><p class="entry-when">"3 Dec 2026"</p></li>
                    <li><div class="entry-head"><span class="entry-name">"Fire warden"</span><span class="tag failed">"Missing"</span></div><p class="entry-when">"Asked for at Harbour Gate"</p></li>
                </ul>
            </Card>
        </div>
    }
}

fn me() -> impl IntoView {
    view! {
        <main id="main" tabindex="-1">
            <header class="page-head">
                <div><h1>"My performance"</h1><p class="page-lead">"Dana Okoye · Security officer · Harbour Gate"</p></div>
                <FilterBar action="/me" from=today() - Days::new(27) to=today() days=90 choices=vec![28, 90, 180, 365]/>
            </header>
            <Notice kind=NoticeKind::Done>"Your dispute was sent. Your supervisor will rule on it."</Notice>
            {hero()}
            <div class="columns">{left()}{right()}</div>
        </main>
    }
}

fn more_figures() -> Vec<Figure> {
    let days: Vec<NaiveDate> = (0..28).map(|nth| today() - Days::new(27 - nth)).collect();
    let shifts = (0..28_u32).map(|nth| Some(f64::from(40 + nth * 7 % 19))).collect();
    let per_day = Figure::new(
        "per-day",
        "Shifts worked per day",
        "How many shifts were worked?",
        Unit::Count("shifts".into()),
        Axis::Days(days.clone()),
    )
    .with("Worked", Mark::Bar, Emphasis::Main, shifts)
    .with_reference("Planned", 52.0)
    .open_from(27)
    .with_note("Today is not over.");
    let line = |start: f64, slope: f64| {
        (0..28).map(|nth| Some(start + slope * f64::from(nth) + f64::from(nth * 5 % 7) * 0.4)).collect::<Vec<_>>()
    };
    let several =
        Figure::new("several", "Patrol coverage by site", "Which site slips?", Unit::Percent, Axis::Days(days))
            .with("Harbour Gate", Mark::Line, Emphasis::Main, line(80.0, 0.3))
            .with("North Depot", Mark::Line, Emphasis::Main, line(88.0, -0.2))
            .with("Airport, Terminal 2", Mark::Line, Emphasis::Main, line(86.0, 0.0))
            .with_scale(Scale::Fixed(60.0, 100.0))
            .open_from(26);
    let histogram = Figure::new(
        "histogram",
        "How scores are spread",
        "How are scores spread?",
        Unit::Count("workers".into()),
        Axis::Categories(["0–20", "20–40", "40–60", "60–75", "75–90", "90–100"].map(String::from).into()),
    )
    .with("Workers", Mark::Bar, Emphasis::Main, [3.0, 8.0, 31.0, 54.0, 22.0, 5.0].map(Some).into());
    let bars = Figure::bars(
        "bars",
        "Fill rate by site",
        "Where are shifts unfilled?",
        Unit::Percent,
        [("Harbour Gate", 96.2), ("North Depot", 91.0), ("Airport, Terminal 2", 74.5)]
            .map(|(name, value)| (name.to_owned(), Some(value)))
            .into(),
    )
    .with("Month before", Mark::Bar, Emphasis::Context, vec![Some(93.0), Some(94.0), Some(80.0)]);
    let empty = Figure::new("nothing", "Overtime", "How much overtime?", Unit::Hours, Axis::Days(Vec::new()));
    vec![per_day, several, histogram, bars, trend("year", 365), empty]
}

fn components() -> impl IntoView {
    let cards =
        more_figures().into_iter().map(|figure| view! { <div class="card"><ChartFigure figure/></div> }).collect_view();
    let rows = [("Harbour Gate", "96.2", "19"), ("North Depot", "91.0", "7")]
        .map(|(name, rate, shifts)| {
            let points = (0..20_u32).map(|nth| (nth != 7).then(|| f64::from(nth * nth % 23))).collect::<Vec<_>>();
            vec![
                name.into_any(),
                rate.into_any(),
                shifts.into_any(),
                view! { <Spark points label="rose from 0 to 16"/> }.into_any(),
            ]
        })
        .into();
    let columns = vec![
        Column::text("site", "Site").sortable(),
        Column::number("fill", "Fill rate (%)").sortable(),
        Column::number("shifts", "Shifts").sortable(),
        Column::text("trend", "Trend"),
    ];
    view! {
        <main id="main" tabindex="-1">
            <div class="page-head"><h1>"Components"</h1></div>
            <Notice kind=NoticeKind::Info>"Scores of 3 Nov were restated: a dispute was upheld."</Notice>
            <Notice kind=NoticeKind::Warning>"2 of your work orders are open past their deadline."</Notice>
            <Notice kind=NoticeKind::Failed>"The kudos was not sent: one per week for the same person."</Notice>
            <div class="stack">
                <div class="tiles">
                    <Tile label="Fill rate" value="94.1" unit="%" period="14 – 20 Nov 2026"><Delta value=-1.2 unit=Unit::Percent/>" than the week before"</Tile>
                    <Tile label="Active workers" value="3,871" period="this week, 16 – 20 Nov"><Delta value=0.0 unit=Unit::Count("workers".into())/>" than last week"</Tile>
                    <Tile label="Overtime" value="212.5" unit="hours" period="1 – 20 Nov 2026" note="Only 4 of 6 sites have reported."><Delta value=-14.0 unit=Unit::Hours lower_is_better=true/>" than October to date"</Tile>
                    <Tile label="Customer satisfaction" value="n/a" period="14 – 20 Nov 2026" note="No answers in these 7 days."/>
                </div>
                <p>{Band::ALL.iter().map(|band| view! { <BandBadge band=*band/>" " }).collect_view()}</p>
                <div class="columns">{cards}</div>
                <Card id="table" title="Sites">
                    <DataTable caption="Sites by fill rate" hide_caption=true columns rows sort=Some(Sort { by: "fill".into(), descending: true }) href="/sites?"/>
                </Card>
                <EmptyState title="No incidents in this period"><p>"Nothing was reported from 24 Oct to 20 Nov. Reports come in with the next import."</p></EmptyState>
            </div>
        </main>
    }
}

fn sign_in() -> impl IntoView {
    view! {
        <main class="plain" id="main" tabindex="-1">
            <div class="card plain-card">
                <h1>"Sign in"</h1>
                <Notice kind=NoticeKind::Failed>"E-mail and password do not go together. Check both and try again."</Notice>
                <form class="form" method="post" action="/sign-in">
                    <label class="field">"E-mail"<input name="email" type="email" autocomplete="username" required=true/></label>
                    <label class="field">"Password"<input name="password" type="password" autocomplete="current-password" required=true/></label>
                    <button class="button" type="submit">"Sign in"</button>
                </form>
            </div>
        </main>
    }
}

fn error() -> impl IntoView {
    view! {
        <main class="plain" id="main" tabindex="-1">
            <div class="card plain-card">
                <p class="plain-code">"403"</p>
                <h1>"This view is not yours"</h1>
                <p>"Your role does not include it. If you need it for your work, ask your administrator."</p>
                <p><a class="button" href="/">"Go to my start page"</a></p>
            </div>
        </main>
    }
}
