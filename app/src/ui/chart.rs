//! Charts on a page: drawn by the server, and brought to life in the browser when somebody looks at them.

use leptos::prelude::*;

#[cfg(feature = "hydrate")]
mod browser {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen(module = "/assets/when-seen.js")]
    extern "C" {
        /// Loads the module once the element is visible and the browser idle, and hands it the element.
        #[wasm_bindgen(js_name = mountWhenSeen)]
        pub(super) fn mount_when_seen(root: &web_sys::HtmlElement, module: &str);
    }
}

/// Holds a chart the server has drawn and the option that makes it interactive. The drawing stays until the interactive
/// one stands in its place, and for good where that fails.
#[island]
pub fn ChartIsland(
    /// Address of the chart module, with its content hash.
    module: String,
    children: Children,
) -> impl IntoView {
    let root = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        if let Some(root) = root.get() {
            browser::mount_when_seen(&root, &module);
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = module;
    view! { <div class="chart-mount" node_ref=root>{children()}</div> }
}

#[cfg(feature = "ssr")]
pub use server::*;

#[cfg(feature = "ssr")]
mod server {
    use leptos::prelude::*;
    use muster::charts::{Figure, Form, Mark, Size, option, sentence, sparkline, svg, table};

    use super::ChartIsland;
    use crate::ui::EmptyState;

    /// Where the browser finds the chart module (`/pkg/<hash>/charts.js`). Provide it as context; without it charts are
    /// drawings and nothing more.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ChartModule(pub String);

    /// A chart with everything that belongs to it: title, what it says, legend, drawing, numbers.
    #[component]
    pub fn ChartFigure(
        figure: Figure,
        /// Stands by itself under the page's heading, not in a part that has one.
        #[prop(optional)]
        alone: bool,
    ) -> impl IntoView {
        let id = figure.slug();
        let heading = format!("{id}-h");
        // These say everything as they are drawn.
        let with_limits = figure.form == Form::Bars && figure.series.iter().any(|series| series.mark == Mark::Band);
        let drawn_only = with_limits || matches!(figure.form, Form::Histogram | Form::Funnel);
        let module = use_context::<ChartModule>().filter(|_| !drawn_only);
        let body = if figure.is_empty() {
            view! { <EmptyState title="Nothing to show for this period"/> }.into_any()
        } else {
            let drawing = svg(&figure, Size::Fluid);
            let drawn = view! { <div class="chart-drawing" inner_html=drawing></div> };
            let shown = match module {
                Some(ChartModule(module)) => {
                    // In a script element only "<" could end it early.
                    let option = option(&figure).to_string().replace('<', "\\u003c");
                    view! {
                        <ChartIsland module>
                            {drawn}
                            <script type="application/json" class="chart-option" inner_html=option></script>
                        </ChartIsland>
                    }
                    .into_any()
                }
                None => view! { <div class="chart-mount">{drawn}</div> }.into_any(),
            };
            view! { {legend(&figure)} {shown} {numbers(&figure)} }.into_any()
        };
        // "Orders orders" says nothing twice.
        let unit = Some(figure.unit.name().to_owned()).filter(|unit| !names(&figure.title, unit));
        let title = view! {
            {figure.title.clone()} {unit.map(|unit| view! { <span class="figure-unit">{unit}</span> })}
        };
        let title = if alone {
            view! { <h2 class="figure-title" id=heading.clone()>{title}</h2> }.into_any()
        } else {
            view! { <h3 class="figure-title" id=heading.clone()>{title}</h3> }.into_any()
        };
        view! {
            <figure class=format!("figure figure-{}", kind(&figure)) id=id aria-labelledby=heading.clone()>
                <figcaption>
                    {title}
                    {(!figure.is_empty()).then(|| view! { <p class="figure-sentence">{sentence(&figure)}</p> })}
                    {figure.note.clone().map(|note| view! { <p class="figure-note">{note}</p> })}
                </figcaption>
                {body}
            </figure>
        }
    }

    /// Whether a title has the unit among its words.
    fn names(title: &str, unit: &str) -> bool {
        title.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case(unit))
    }

    fn kind(figure: &Figure) -> &'static str {
        match figure.form {
            Form::Plot => "plot",
            Form::Bars => "bars",
            Form::Waterfall => "waterfall",
            Form::Histogram => "histogram",
            Form::Funnel => "plot figure-funnel",
        }
    }

    /// What each shape means; shapes differ in more than colour.
    fn legend(figure: &Figure) -> Option<AnyView> {
        let entries: Vec<_> = muster::charts::legend(figure)
            .into_iter()
            .map(|(swatch, name)| view! { <li><span class="swatch" inner_html=swatch></span>{name}</li> })
            .collect();
        (!entries.is_empty()).then(|| view! { <ul class="legend">{entries}</ul> }.into_any())
    }

    fn numbers(figure: &Figure) -> impl IntoView + use<> {
        let table = table(figure);
        let rows = table.body();
        let heads = table.columns.into_iter().map(|column| view! { <th scope="col">{column}</th> }).collect_view();
        view! {
            <details class="numbers">
                <summary>"Show the numbers"</summary>
                <div class="numbers-box" tabindex="0" role="region" aria-label=format!("Numbers: {}", figure.title)>
                    <table>
                        <caption class="sr-only">{figure.title.clone()}</caption>
                        <thead><tr>{heads}</tr></thead>
                        <tbody inner_html=rows></tbody>
                    </table>
                </div>
            </details>
        }
    }

    /// A trend the size of a word; `label` says it.
    #[component]
    pub fn Spark(points: Vec<Option<f64>>, #[prop(into)] label: String) -> impl IntoView {
        view! { <span class="spark-box" inner_html=sparkline(&points, &label)></span> }
    }
}
