// Brings a chart to life: reads the option the server wrote, gives it the style sheet's colours, and stands in the place
// of the drawing, at the same size and scale.
import { BarChart, LineChart, ScatterChart } from 'echarts/charts';
import { AriaComponent, DataZoomInsideComponent, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([AriaComponent, BarChart, DataZoomInsideComponent, GridComponent, LineChart, MarkAreaComponent, MarkLineComponent, ScatterChart, SVGRenderer, TooltipComponent]);

const charts = new Set();

/** Colours and font of the place where the chart stands. */
function tokens(root) {
    const style = getComputedStyle(root);
    const token = (name) => style.getPropertyValue(`--${name}`).trim();
    return {
        ink: token('ink'),
        ink2: token('ink-2'),
        ink3: token('ink-3'),
        surface: token('surface'),
        line: token('line-strong'),
        grid: token('data-grid'),
        track: token('data-track'),
        sunken: token('sunken'),
        zone: token('data-zone'),
        band: token('data-band'),
        context: token('data-context'),
        up: token('better'),
        down: token('worse'),
        series: [token('data-main'), ...[1, 2, 3, 4, 5].map((nth) => token(`data-${nth}`))],
        font: style.fontFamily,
    };
}

const DASHES = ['solid', [9, 4], [2, 4], [12, 3, 2, 3], [5, 3], 'solid'];
const OPEN = [3, 5];

const role = (series) => String(series.id).split(':')[0];
const number = (series) => Number(String(series.id).split(':')[1]);

/** A line's dots: its last point, and those between two gaps, which have no line. */
function dots(series, extra) {
    if (series.type !== 'line') return {};
    const at = (place) => series.data[place]?.[1] ?? null;
    // Where a period is open, the dashed line after this one has the last point.
    const goesOn = extra.open !== undefined && !role(series).startsWith('open-');
    const last = goesOn ? -1 : series.data.findLastIndex(([, value]) => value !== null);
    const shown = (place) => place === last || (at(place - 1) === null && at(place + 1) === null);
    return { showSymbol: true, symbolSize: (_, { dataIndex }) => (shown(dataIndex) ? 7 : 0) };
}

/** How a series looks, by the role and number its id carries. */
function dress(series, look, extra) {
    const nth = number(series) % 6;
    const invisible = { lineStyle: { opacity: 0 }, itemStyle: { opacity: 0 } };
    const main = (dash) => ({ lineStyle: { width: 2.5, color: look.series[nth], type: dash }, itemStyle: { color: look.series[nth] } });
    const context = (dash) => ({ lineStyle: { width: 1.5, color: look.context, type: dash }, itemStyle: { color: look.context } });
    const looks = {
        main: series.type === 'bar' ? { itemStyle: { color: look.series[nth] } } : { ...main(DASHES[nth]), ...dots(series, extra) },
        area: { ...main(DASHES[nth]), ...dots(series, extra), areaStyle: { color: look.series[nth], opacity: 0.12 } },
        context: context('solid'),
        'open-main': { ...main(OPEN), ...dots(series, extra) },
        'open-context': context(OPEN),
        low: invisible,
        band: { ...invisible, areaStyle: { color: look.band, opacity: 1 } },
        base: { itemStyle: { color: 'transparent' } },
        up: { itemStyle: { color: look.up, borderRadius: 2 } },
        down: { itemStyle: { color: look.down, borderRadius: 2 } },
        level: { symbol: 'circle', symbolSize: 12, z: 4, itemStyle: { color: look.ink, borderColor: look.surface, borderWidth: 2, opacity: 1 } },
        compared: { symbol: 'rect', symbolSize: [2, 16], z: 4, itemStyle: { color: look.ink, opacity: 1 } },
    };
    const kind = role(series);
    const z = kind.endsWith('main') ? 5 : kind === 'band' || kind === 'low' ? 2 : 3;
    const dressed = { z, emphasis: { disabled: true }, symbol: 'circle', symbolSize: 7, ...series, ...looks[kind] };
    if (extra.kind === 'rows' && (kind === 'main' || kind === 'base')) {
        Object.assign(dressed, { showBackground: true, backgroundStyle: { color: kind === 'base' ? look.sunken : look.track, borderRadius: 2 } });
    }
    if (kind === 'base') dressed.markLine = connectors(extra.left, look);
    if (kind === 'main' && extra.limits?.length) dressed.markLine = within(extra.limits, look);
    if (series.type === 'bar' && extra.open !== undefined) {
        const open = { color: look.surface, borderColor: look.series[nth], borderType: [3, 2] };
        dressed.data = series.data.map((value, place) => (place < extra.open ? value : { value, itemStyle: open }));
    }
    return dressed;
}

/** From the level each row leaves to the next row. */
function connectors(left, look) {
    const data = left.slice(0, -1).flatMap((level, row) => (level === null ? [] : [[{ coord: [level, row] }, { coord: [level, row + 1] }]]));
    return { silent: true, symbol: 'none', z: 1, label: { show: false }, lineStyle: { color: look.line, opacity: 0.35, width: 1, type: [2, 3] }, data };
}

/** Within which limits each row would lie by chance: as high as in the drawing, over the bar. */
function within(limits, look) {
    const data = limits.flatMap((both, row) => (both === null ? [] : [[{ coord: [both[0], row] }, { coord: [both[1], row] }]]));
    return { silent: true, symbol: 'none', z: 6, label: { show: false }, lineStyle: { color: look.context, opacity: 0.35, width: 14, type: 'solid' }, data };
}

/** Characters of a value with its name at the right edge, as in the drawing. */
const LONGEST_END = 24;

const shortened = (text, most) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);

/** Whether a series has a label at its end: a line, and of one whose period is open the dashed part. */
function ends(series, open) {
    const kind = role(series);
    return series.type === 'line' && (kind.startsWith('open-') || (['main', 'context', 'area'].includes(kind) && !open.has(number(series))));
}

/** How far each label at the right edge is pushed down, pixels, so that none lies on another. */
function apart(root, look, lasts) {
    const [low, high] = look.range;
    const up = look.height / (high - low || 1);
    const wanted = lasts.map(([id, [, value]]) => [id, (high - value) * up]).sort((a, b) => a[1] - b[1]);
    const placed = wanted.map(([, y]) => y);
    for (let nth = 1; nth < placed.length; nth++) placed[nth] = Math.max(placed[nth], placed[nth - 1] + 16);
    let most = look.height;
    for (let nth = placed.length - 1; nth >= 0; nth--) {
        placed[nth] = Math.min(placed[nth], most);
        most = placed[nth] - 16;
    }
    return new Map(wanted.map(([id, y], nth) => [id, placed[nth] - y]));
}

/** The value a line ends with, and its name where there is room, as in the drawing. */
function endLabels(root, look, all) {
    const wide = root.clientWidth >= 576;
    const open = new Set(all.filter((series) => role(series).startsWith('open-')).map(number));
    const lasts = all.filter((series) => ends(series, open)).map((series) => [series.id, series.data.findLast(([, value]) => value !== null)]);
    const moved = apart(root, look, lasts.filter(([, last]) => last));
    return (series) => {
        const kind = role(series);
        if (!ends(series, open)) return series;
        const last = series.data.findLast(([, value]) => value !== null);
        if (!last) return series;
        const said = root.muster.number(last[1]);
        const push = moved.get(series.id) ?? 0;
        const name = shortened(series.name, Math.max(LONGEST_END - said.length - 1, 8));
        const bold = !kind.endsWith('context');
        return {
            ...series,
            endLabel: {
                show: true,
                distance: 8,
                formatter: () => `${bold ? '{b|' : ''}${said}${bold ? '}' : ''}${wide ? ` ${name}` : ''}`,
                color: bold ? look.ink : look.ink2,
                fontSize: 12,
                verticalAlign: 'middle',
                // The label is set by its middle: padding on one side moves it by half of it.
                padding: [Math.max(2 * push, 0), 0, Math.max(-2 * push, 0), 0],
                rich: { b: { fontWeight: 600, color: look.ink, fontSize: 12 } },
            },
        };
    };
}

/** What is under the finger, in the words of the table beside the chart; a band's two columns on one line. */
function tooltip(root) {
    const table = root.closest('figure')?.querySelector('.numbers table');
    const texts = (row) => [...row.cells].map((cell) => plain(cell.textContent));
    return (points) => {
        const place = [points].flat()[0]?.dataIndex;
        const row = table?.tBodies[0]?.rows[place];
        if (!row) return '';
        const values = texts(row);
        const names = texts(table.tHead.rows[0]).map((name) => name.replace(/ \([^()]*\)$/, ''));
        const lines = names.slice(1).flatMap((name, nth) => {
            if (name.endsWith(', high')) return [];
            const value = values[nth + 1];
            return name.endsWith(', low') ? [`${name.slice(0, -5)}: ${value} – ${values[nth + 2]}`] : [`${name}: ${value}`];
        });
        return [values[0], ...lines].join('\n');
    };
}

/** At the top, on the side where the finger is not, so that it covers neither the finger nor the lines beside it. */
const beside = ([x], _points, _dom, _box, { contentSize: [width], viewSize: [whole] }) => [x < whole / 2 ? whole - width : 0, 0];

// Braces and bars are ECharts' markup in texts.
const plain = (text) => text.replace(/[{}|]/g, ' ');

function axes(option, look, extra) {
    const text = { color: look.ink2, fontSize: 12, fontFamily: look.font };
    if (extra.kind === 'rows') {
        const label = { ...text, inside: true, fontSize: 13, color: look.ink, verticalAlign: 'bottom', padding: [0, 0, 12, 0], margin: 0, interval: 0 };
        const [names, values] = option.yAxis;
        return {
            yAxis: [
                { ...names, axisLabel: { ...label, align: 'left' } },
                { ...values, axisLabel: { ...label, align: 'right', fontWeight: 600 } },
            ],
            xAxis: option.xAxis,
        };
    }
    const { xAxis: x, yAxis: y } = option;
    const named = (pairs) => {
        const names = new Map(pairs.map(([value, name]) => [value, name]));
        return (value, nth) => names.get(x.type === 'category' && pairs === extra.x ? nth : value) ?? '';
    };
    const places = (extra.x ?? []).map(([value]) => value);
    const inside = x.type === 'category' ? { interval: (nth) => places.includes(nth) } : { customValues: places };
    const ticks = (extra.y ?? []).map(([value]) => value);
    return {
        xAxis: [{ ...x, axisLabel: { ...text, ...inside, hideOverlap: false, margin: 12, formatter: named(extra.x ?? []) } }],
        yAxis: [
            {
                ...y,
                axisLabel: { ...text, customValues: ticks, margin: 8, formatter: named(extra.y ?? []) },
                axisTick: { show: false, customValues: ticks },
                splitLine: { lineStyle: { color: look.grid } },
            },
        ],
    };
}

/** The score bands behind the lines. */
function zones(extra, look) {
    if (!extra.zones?.length) return [];
    const [low, high] = [extra.y.at(0)[0], extra.y.at(-1)[0]];
    const data = extra.zones.flatMap((zone, nth) => {
        const [from, to] = [Math.max(zone.from, low), Math.min(zone.to, high)];
        if (from >= to) return [];
        const style = { color: nth % 2 ? look.zone : 'transparent' };
        return [[{ name: plain(zone.label), yAxis: from, itemStyle: style }, { yAxis: to }]];
    });
    const label = { position: 'insideTopLeft', color: look.ink3, fontSize: 11, offset: [1, 0] };
    return [{ id: 'zones:0', type: 'line', data: [], silent: true, z: 0, markArea: { silent: true, data, label } }];
}

function themed(root, option) {
    const look = tokens(root);
    const extra = option.muster;
    const grid = [option.grid].flat()[0];
    const drawing = root.querySelector('.chart');
    const margins = getComputedStyle(drawing);
    const text = { fontFamily: look.font, color: look.ink, fontSize: 12 };
    const y = [option.yAxis].flat()[0];
    look.range = [y?.min ?? 0, y?.max ?? 1];
    look.height = root.clientHeight - parseFloat(margins.paddingTop) - parseFloat(margins.paddingBottom);
    const references = (series) => (series.markLine && extra.kind === 'plot' ? { ...series, markLine: { ...series.markLine, lineStyle: { color: look.ink2, type: [6, 4] }, label: { ...series.markLine.label, color: look.ink2 } } } : series);
    const drawn = option.series.filter((series) => !root.muster.hidden.has(number(series)));
    const { muster: _, ...plainOption } = option;
    return {
        ...plainOption,
        ...axes(option, look, extra),
        textStyle: text,
        grid: { ...grid, left: margins.paddingLeft, right: margins.paddingRight, top: margins.paddingTop, bottom: margins.paddingBottom },
        series: [...zones(extra, look), ...drawn.map((series) => dress(series, look, extra)).map(endLabels(root, look, drawn)).map(references)],
        tooltip: {
            ...option.tooltip,
            formatter: tooltip(root),
            ...(extra.kind === 'plot' && { position: beside }),
            backgroundColor: look.surface,
            borderColor: look.line,
            borderWidth: 1,
            padding: [6, 10],
            textStyle: text,
            axisPointer: { ...option.tooltip?.axisPointer, animation: false, lineStyle: { color: look.line }, shadowStyle: { color: look.zone } },
        },
        // Two fingers or a held key zoom, so that a page still scrolls over a chart.
        dataZoom: extra.kind === 'plot' ? [{ type: 'inside', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false, moveOnMouseMove: 'shift', preventDefaultMouseMove: false, minSpan: 5 }] : [],
    };
}

/** Each entry of the legend shows and hides its series. */
function toggles(root, option, again) {
    const entries = root.closest('figure')?.querySelectorAll('.legend li') ?? [];
    const numbers = [...new Set(option.series.map(number))];
    if (numbers.length < 2) return;
    numbers.forEach((nth) => {
        const entry = entries[nth];
        if (!entry) return;
        const button = document.createElement('button');
        button.type = 'button';
        button.className = 'legend-toggle';
        button.setAttribute('aria-pressed', 'true');
        button.append(...entry.childNodes);
        button.addEventListener('click', () => {
            const shown = root.muster.hidden.delete(nth);
            if (!shown) root.muster.hidden.add(nth);
            button.setAttribute('aria-pressed', String(shown));
            again();
        });
        entry.append(button);
    });
}

/** The sparse labels of the whole make room for ECharts' own while only a part is shown; two clicks show the whole. */
function zoom(chart, root, option) {
    const whole = () => axes(option, tokens(root), option.muster).xAxis[0].axisLabel;
    const part = option.xAxis.type === 'time' ? { customValues: null, formatter: '{d} {MMM}', hideOverlap: true } : { interval: 'auto', customValues: null, formatter: null };
    chart.on('datazoom', () => {
        const { start, end } = chart.getOption().dataZoom[0];
        chart.setOption({ xAxis: [{ axisLabel: start > 0 || end < 100 ? part : whole() }] });
    });
    chart.getZr().on('dblclick', () => chart.dispatchAction({ type: 'dataZoom', start: 0, end: 100 }));
}

/**
 * Mounts the chart whose drawing and option `root` holds. Throws where it cannot; the drawing then stays.
 * @param {HTMLElement} root
 */
export function mount(root) {
    if (root.classList.contains('is-live')) return;
    const option = JSON.parse(root.querySelector('.chart-option').textContent);
    const decimals = option.muster.decimals ?? 1;
    const format = new Intl.NumberFormat('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    const unit = option.muster.unit === '%' ? '\u00a0%' : '';
    root.muster = { number: (value) => format.format(value).replace('-', '\u2212') + unit, hidden: new Set() };
    const { clientWidth: width, clientHeight: height } = root;
    const look = themed(root, option);
    const place = document.createElement('div');
    place.className = 'chart-live';
    root.append(place);
    const chart = init(place, null, { renderer: 'svg', width, height });
    try {
        chart.setOption(look);
    } catch (error) {
        chart.dispose();
        place.remove();
        throw error;
    }
    chart.getZr().flush();
    root.classList.add('is-live');
    const again = () => {
        chart.resize({ width: root.clientWidth, height: root.clientHeight });
        chart.setOption(themed(root, option), { notMerge: true });
    };
    charts.add(again);
    if (option.muster.kind === 'plot') {
        toggles(root, option, again);
        zoom(chart, root, option);
    }
    let known = width;
    new ResizeObserver(() => {
        if (!root.clientWidth || root.clientWidth === known) return;
        known = root.clientWidth;
        again();
    }).observe(root);
}

// The theme changes by the page's attribute or by the system.
const redress = () => charts.forEach((again) => again());
new MutationObserver(redress).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redress);
