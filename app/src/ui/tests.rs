use std::sync::Arc;

use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use muster::charts::{Axis, Emphasis, Figure, Mark, Unit};

use super::*;

fn html<V: IntoView + 'static>(view: impl FnOnce() -> V) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    owner.with(|| view().into_view().to_html())
}

fn figure(name: &str) -> Figure {
    let names = Axis::Categories(vec!["Harbour Gate".into(), "North Depot".into()]);
    Figure::new("fill", "Fill rate", "Where are shifts unfilled?", Unit::Percent, names).with(
        name,
        Mark::Bar,
        Emphasis::Main,
        vec![Some(96.2), None],
    )
}

#[test]
fn a_chart_reads_without_javascript() {
    let page = html(|| view! { <ChartFigure figure=figure("Filled")/> });
    assert!(
        page.contains("<svg") && page.contains("Harbour Gate: 96.2") && page.contains("Show the numbers"),
        "{page}"
    );
    assert!(page.contains(">n/a<"), "a gap is named in the table: {page}");
    assert!(!page.contains("leptos-island") && !page.contains("style="), "{page}");
}

#[test]
fn a_chart_with_its_module_carries_an_option_that_no_name_can_break_out_of() {
    let page = html(|| {
        provide_context(ChartModule("/pkg/abc/charts.js".into()));
        view! { <ChartFigure figure=figure("</script><script>alert(1)</script>")/> }
    });
    assert!(page.contains("<leptos-island") && page.contains("/pkg/abc/charts.js"), "{page}");
    assert_eq!(page.matches("</script").count(), 1, "{page}");
    assert!(!page.contains("<script>"), "{page}");
}

#[test]
fn a_chart_without_numbers_says_so() {
    let mut empty = figure("Filled");
    empty.series[0].points.clear();
    let page = html(|| view! { <ChartFigure figure=empty/> });
    assert!(page.contains("Nothing to show") && !page.contains("<svg"), "{page}");
}

#[test]
fn a_change_says_by_shape_and_word_whether_it_is_good() {
    #[track_caller]
    fn check(value: f64, lower_is_better: bool, arrow: &str, word: &str) {
        let page = html(move || view! { <Delta value unit=Unit::Hours lower_is_better/> });
        assert!(page.contains(arrow) && page.contains(word), "{page}");
    }
    check(2.0, false, "▲", "better");
    check(2.0, true, "▲", "worse");
    check(-2.0, true, "▼", "better");
    check(0.01, false, "■", "unchanged");
}

#[test]
fn a_heading_turns_the_order_of_its_own_column_and_starts_another_with_the_largest_number() {
    let columns = vec![Column::text("site", "Site").sortable(), Column::number("fill", "Fill rate").sortable()];
    let sort = Some(Sort { by: "site".into(), descending: false });
    let rows: Vec<Vec<Cell>> = Vec::new();
    let page = html(|| view! { <DataTable caption="Sites" columns rows sort href="/sites?days=7&"/> });
    assert!(page.contains("/sites?days=7&amp;sort=site&amp;order=desc"), "{page}");
    assert!(page.contains("/sites?days=7&amp;sort=fill&amp;order=desc"), "{page}");
    assert!(page.contains(r#"aria-sort="ascending""#), "{page}");
}

#[test]
fn a_name_in_a_table_or_a_list_is_text_whatever_it_holds() {
    let name = "<b>&\"'</b>";
    let rows = vec![vec![Cell::from(name), Cell::of(view! { <em>{name}</em> }), name.into_any().into()]];
    let columns = vec![Column::text("a", name), Column::number("b", name).sortable(), Column::short("c", name)];
    let page = html(|| view! { <DataTable caption=name columns rows/> });
    assert!(!page.contains("<b>") && !page.contains(r#"data-label="<"#), "{page}");
    assert_eq!(page.matches("&lt;b&gt;").count(), 9, "caption, three headings, three cells, two labels: {page}");
    assert!(page.contains(r#"<td class="num" data-label="&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;"><em>"#), "{page}");
    let list = choices([(name, name, true), ("2", "two", false)]);
    let escaped = "&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;";
    assert_eq!(list, format!(r#"<option value="{escaped}" selected>{escaped}</option><option value="2">two</option>"#));
}

#[test]
fn a_number_too_long_for_a_tile_is_smaller_and_whole() {
    let tile = |value: &'static str| html(move || view! { <Tile label="Pay" value=value period="1 Nov"/> });
    assert!(tile("20,394,843.82").contains(r#"<p class="tile-value tile-value-long">20,394,843.82<"#));
    assert!(tile("637,033.99").contains(r#"<p class="tile-value">637,033.99<"#));
}

#[test]
fn a_share_changes_by_points_and_an_amount_grows_by_per_cent() {
    let change = html(|| view! { <Delta value=8.3 unit=Unit::Percent/> }).replace('\u{a0}', " ");
    assert!(change.contains("+8.3 points") && change.contains("better"), "{change}");
    let growth = html(|| view! { <Growth percent=8.3 lower_is_better=true/> }).replace('\u{a0}', " ");
    assert!(growth.contains("+8.3 %") && growth.contains("worse"), "{growth}");
}
