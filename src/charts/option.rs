//! The figure as an ECharts option, of the same size and scale as the SVG.
//!
//! No colour, font or symbol comes from here: the browser sets them from the style sheet by the ids of the series
//! (`main:0`, `context:1`, `band:1`, …). ECharts does not escape those three, so no text of a user may reach them.

use charming::Chart;
use charming::component::{Axis as ChartAxis, Grid};
use charming::datatype::CompositeValue;
use charming::element::{
    AxisLabel, AxisLine, AxisPointer, AxisPointerType, AxisTick, AxisType, Label, LabelPosition, MarkLine,
    MarkLineData, MarkLineVariant, SplitLine, Symbol, Tooltip, Trigger,
};
use charming::series::{Bar, Line, Scatter};
use chrono::NaiveTime;
use serde_json::{Value, json};

use super::figure::{Axis, Emphasis, Figure, Form, Mark, Series};
use super::rows::{self, Shape};
use super::scale::{Places, Values, place_labels, tick_number};
use super::sentence::sentence;

/// The option for `echarts.setOption`, and under `muster` what the browser needs besides.
#[must_use]
pub fn option(figure: &Figure) -> Value {
    let (chart, extra) = if matches!(figure.form, Form::Plot | Form::Histogram | Form::Funnel) {
        plot(figure)
    } else {
        horizontal(figure)
    };
    let mut option = serde_json::to_value(&chart).unwrap_or_default();
    prune(&mut option);
    let description = format!("{}. {}", figure.title, sentence(figure));
    let aria = json!({ "enabled": true, "label": { "enabled": true, "description": description } });
    let patches = [("aria", aria), ("useUTC", json!(true)), ("animation", json!(false)), ("muster", extra)];
    patches.into_iter().for_each(|(key, value)| set(&mut option, key, value));
    for (key, value) in [("confine", json!(true)), ("renderMode", json!("richText"))] {
        set(&mut option["tooltip"], key, value);
    }
    set(&mut option["grid"], "outerBoundsMode", json!("none"));
    if let Some(series) = option["series"].as_array_mut() {
        for series in series.iter_mut().filter(|series| series["type"] == "bar") {
            set(series, "barCategoryGap", json!("28%"));
            set(series, "barGap", json!("0%"));
        }
        if let Some(first) = series.first_mut()
            && !figure.references.is_empty()
        {
            set(first, "markLine", serde_json::to_value(references(figure)).unwrap_or_default());
        }
    }
    prune(&mut option);
    option
}

/// Sets a field of a component; charming writes some as arrays of one.
fn set(component: &mut Value, key: &str, value: Value) {
    match component {
        Value::Object(fields) => {
            fields.insert(key.into(), value);
        }
        Value::Array(items) => {
            if let Some(first) = items.first_mut() {
                set(first, key, value);
            }
        }
        _ => {}
    }
}

/// Nulls and empty arrays in objects, which ECharts takes for values; a null within an array is a gap and stays.
fn prune(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null() && !field.as_array().is_some_and(Vec::is_empty));
            fields.values_mut().for_each(prune);
        }
        Value::Array(items) => items.iter_mut().for_each(prune),
        _ => {}
    }
}

fn tooltip(figure: &Figure) -> Tooltip {
    let bars = figure.form != Form::Plot || figure.series.iter().any(|series| series.mark == Mark::Bar);
    let pointer = if bars { AxisPointerType::Shadow } else { AxisPointerType::Line };
    Tooltip::new().trigger(Trigger::Axis).axis_pointer(AxisPointer::new().type_(pointer))
}

fn references(figure: &Figure) -> MarkLine {
    let lines = figure.references.iter().filter(|reference| reference.value.is_finite());
    MarkLine::new()
        .silent(true)
        .symbol(vec![Symbol::None, Symbol::None])
        .label(Label::new().position(LabelPosition::InsideEndTop).formatter("{b} {c}"))
        .data(
            lines
                .map(|line| MarkLineVariant::Simple(MarkLineData::new().name(line.label.as_str()).y_axis(line.value)))
                .collect(),
        )
}

/// Where each place lies on the axis, as ECharts wants it.
fn place_values(figure: &Figure, banded: bool) -> Vec<CompositeValue> {
    match &figure.x {
        Axis::Days(days) if !banded => {
            days.iter().map(|day| day.and_time(NaiveTime::MIN).and_utc().timestamp_millis().into()).collect()
        }
        Axis::Numbers(numbers) if !banded => numbers.iter().map(|number| (*number).into()).collect(),
        _ => (0..figure.x.len()).map(|place| (place as i64).into()).collect(),
    }
}

fn plot(figure: &Figure) -> (Chart, Value) {
    let (values, places) = (Values::of(figure), Places::of(figure));
    let banded = places.width > 0.0 || matches!(figure.x, Axis::Categories(_));
    let at = place_values(figure, banded);
    let quiet = |axis: ChartAxis| axis.axis_line(AxisLine::new().show(false)).axis_tick(AxisTick::new().show(false));
    let mut x = quiet(ChartAxis::new()).split_line(SplitLine::new().show(false));
    x = if banded {
        x.type_(AxisType::Category).data((0..figure.x.len()).map(|place| figure.x.label(place)).collect())
    } else {
        let type_ = if matches!(figure.x, Axis::Days(_)) { AxisType::Time } else { AxisType::Value };
        let mut x = x.type_(type_);
        if let (Some(first), Some(last)) = (at.first(), at.last()) {
            x = x.min(first.clone()).max(last.clone());
        }
        x
    };
    let y = quiet(ChartAxis::new()).type_(AxisType::Value).min(values.low).max(values.high);
    let mut chart = Chart::new().grid(Grid::new()).tooltip(tooltip(figure)).x_axis(x).y_axis(y);
    for (nth, series) in figure.series.iter().enumerate() {
        chart = add(chart, figure, series, nth, &at);
    }
    let labels: Vec<Value> =
        place_labels(&figure.x).into_iter().map(|(place, label)| json!([at[place], label])).collect();
    let ticks: Vec<Value> = values.ticks.iter().map(|tick| json!([tick, tick_number(*tick)])).collect();
    (
        chart,
        json!({ "kind": "plot", "x": labels, "y": ticks, "zones": figure.zones, "open": figure.open_from, "unit": figure.unit.name(), "decimals": figure.unit.decimals() }),
    )
}

fn role(series: &Series) -> &'static str {
    match series.emphasis {
        Emphasis::Main => "main",
        Emphasis::Context => "context",
    }
}

fn add(chart: Chart, figure: &Figure, series: &Series, nth: usize, at: &[CompositeValue]) -> Chart {
    let points = |value: &dyn Fn(usize) -> Option<f64>| -> Vec<CompositeValue> {
        (0..figure.x.len())
            .map(|place| CompositeValue::Array(vec![at[place].clone(), CompositeValue::from(value(place))]))
            .collect()
    };
    let line = |id: String, data: Vec<CompositeValue>| {
        Line::new().id(id).name(series.name.as_str()).show_symbol(false).connect_nulls(false).data(data)
    };
    match series.mark {
        Mark::Point => chart.series(
            Scatter::new()
                .id(format!("{}:{nth}", role(series)))
                .name(series.name.as_str())
                .data(points(&|place| series.at(place))),
        ),
        Mark::Bar => chart.series(
            Bar::new()
                .id(format!("{}:{nth}", role(series)))
                .name(series.name.as_str())
                .data(points(&|place| series.at(place))),
        ),
        Mark::Band => {
            let both = |place: usize| Some((series.low_at(place)?, series.at(place)?));
            let stack = format!("band{nth}");
            let low = points(&|place| both(place).map(|(low, _)| low));
            let height = points(&|place| both(place).map(|(low, high)| high - low));
            chart
                .series(line(format!("low:{nth}"), low).stack(stack.as_str()).silent(true))
                .series(line(format!("band:{nth}"), height).stack(stack.as_str()).silent(true))
        }
        Mark::Line | Mark::Step | Mark::Area => {
            let kind = if series.mark == Mark::Area { "area" } else { role(series) };
            let closed = points(&|place| series.at(place).filter(|_| !figure.is_open(place)));
            let mut drawn = line(format!("{kind}:{nth}"), closed);
            let open = figure.open_from.map(|first| {
                let data = points(&|place| series.at(place).filter(|_| place + 1 >= first));
                line(format!("open-{}:{nth}", role(series)), data)
            });
            if series.mark == Mark::Step {
                drawn = drawn.step(charming::element::Step::End);
            }
            let chart = chart.series(drawn);
            match open {
                Some(open) => chart.series(open),
                None => chart,
            }
        }
    }
}

fn horizontal(figure: &Figure) -> (Chart, Value) {
    let (rows, (low, high)) = rows::rows(figure);
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    let shown: Vec<String> = rows.iter().map(|row| row.value.clone()).collect();
    let axis = |data: Vec<String>, position: &str| {
        ChartAxis::new()
            .type_(AxisType::Category)
            .inverse(true)
            .position(position)
            .axis_line(AxisLine::new().show(false))
            .axis_tick(AxisTick::new().show(false))
            .data(data)
    };
    let x = ChartAxis::new()
        .type_(AxisType::Value)
        .min(low)
        .max(high)
        .axis_label(AxisLabel::new().show(false))
        .axis_line(AxisLine::new().show(false))
        .split_line(SplitLine::new().show(false));
    let mut chart = Chart::new()
        .grid(Grid::new().left(0).right(0).top(0).bottom(0))
        .tooltip(tooltip(figure))
        .x_axis(x)
        .y_axis(axis(names, "left"))
        .y_axis(axis(shown, "right"));
    let column = |value: &dyn Fn(&Shape) -> Option<f64>| -> Vec<CompositeValue> {
        rows.iter().map(|row| CompositeValue::from(value(&row.shape))).collect()
    };
    let bar = |id: &str, data: Vec<CompositeValue>| Bar::new().id(id).stack("rows").bar_width(8).data(data);
    let base = column(&|shape| match shape {
        Shape::Change { from, to } => Some(from.min(*to)),
        _ => None,
    });
    let up = column(&|shape| match shape {
        Shape::Change { from, to } if to >= from => Some(to - from),
        _ => None,
    });
    let down = column(&|shape| match shape {
        Shape::Change { from, to } if to < from => Some(from - to),
        _ => None,
    });
    let main = column(&|shape| match shape {
        Shape::Bar { value, .. } => Some(*value),
        _ => None,
    });
    if figure.form == Form::Waterfall {
        chart = chart.series(bar("base:0", base)).series(bar("up:0", up)).series(bar("down:0", down));
    } else {
        chart = chart.series(bar("main:0", main));
    }
    let marks = |value: &dyn Fn(&Shape) -> Option<f64>| -> Vec<CompositeValue> {
        rows.iter()
            .enumerate()
            .filter_map(|(place, row)| {
                Some(CompositeValue::Array(vec![value(&row.shape)?.into(), (place as i64).into()]))
            })
            .collect()
    };
    let levels = marks(&|shape| if let Shape::Level(level) = shape { Some(*level) } else { None });
    let compared = marks(&|shape| if let Shape::Bar { compared, .. } = shape { *compared } else { None });
    for (id, data) in [("level:0", levels), ("compared:0", compared)] {
        if !data.is_empty() {
            chart = chart.series(Scatter::new().id(id).data(data));
        }
    }
    // The level each row leaves behind, for the lines from row to row.
    let left: Vec<Option<f64>> = rows
        .iter()
        .map(|row| match row.shape {
            Shape::Change { to, .. } => Some(to),
            Shape::Level(level) => Some(level),
            _ => None,
        })
        .collect();
    let limits: Vec<Option<(f64, f64)>> =
        rows.iter().map(|row| if let Shape::Bar { limits, .. } = row.shape { limits } else { None }).collect();
    let limits = if limits.iter().all(Option::is_none) { Vec::new() } else { limits };
    (
        chart,
        json!({ "kind": "rows", "left": left, "limits": limits, "unit": figure.unit.name(), "decimals": figure.unit.decimals() }),
    )
}
