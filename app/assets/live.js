// Keeps the tiles of the board up to date while somebody looks: numbers arrive as server-sent events, and only they are
// exchanged. Without it, or where it fails, the page is as old as it says and can be reloaded.

/** Says to those who listen at most so often what has changed. */
const HEARD_EVERY = 10_000;
/** A stream that was refused is asked for again after these pauses, then left alone until somebody looks again. */
const PAUSES = [5_000, 15_000, 30_000, 60_000];
/** A number stands out for so long after it has changed. */
const MARKED = 2_000;

const root = document.getElementById('live');
const said = root.querySelector('.live-said');
const reload = root.querySelector('.live-reload');
const stale = root.querySelector('.live-stale');
const heard = root.querySelector('[role=status]');
const places = [...document.querySelectorAll('[data-live]')];
const shown = new URLSearchParams(location.search).get('show') || 'open';

let stream;
let updated;
let refused = 0;
let waiting;
let toSay = new Map();
let speaking;

/** @param {'live' | 'waiting' | 'off'} state */
function state(state, text) {
    root.dataset.state = state;
    if (said.textContent !== text) said.textContent = text;
    reload.hidden = state === 'live';
}

function ago() {
    if (!updated || root.dataset.state !== 'live') return;
    const seconds = Math.max(0, Math.round((Date.now() - updated) / 1000));
    state('live', seconds < 60 ? `Live · updated ${seconds} s ago` : `Live · updated ${Math.floor(seconds / 60)} min ago`);
}

/** One sentence for all that changed meanwhile, and never one while another is being read out. */
function speak() {
    heard.textContent = [...toSay].map(([name, number]) => `${name}: ${number}`).join(', ');
    toSay = new Map();
    speaking = setTimeout(() => {
        speaking = undefined;
        if (toSay.size) speak();
    }, HEARD_EVERY);
}

function exchange(place, number) {
    if (place.textContent === number) return;
    place.textContent = number;
    place.classList.add('live-changed');
    setTimeout(() => place.classList.remove('live-changed'), MARKED);
    const label = place.closest('.tile')?.querySelector('.tile-label')?.textContent;
    if (label) toSay.set(label, number);
}

function show(numbers) {
    for (const place of places) {
        const list = place.dataset.live;
        if (!(list in numbers)) continue;
        if (place.textContent !== numbers[list] && shown !== 'certifications') stale.hidden = false;
        exchange(place, numbers[list]);
    }
    updated = Date.now();
    state('live', 'Live · updated 0 s ago');
    if (toSay.size && !speaking) speak();
}

function stop() {
    clearTimeout(waiting);
    stream?.close();
    stream = undefined;
}

function start() {
    stop();
    stream = new EventSource(root.dataset.stream);
    stream.addEventListener('tiles', (event) => {
        refused = 0;
        show(JSON.parse(event.data));
    });
    stream.addEventListener('error', () => {
        if (stream.readyState !== EventSource.CLOSED) {
            state('waiting', 'Reconnecting…');
            return;
        }
        // Refused: too many windows, or nobody is signed in any more.
        const pause = PAUSES[refused++];
        stop();
        if (pause) {
            state('waiting', 'Reconnecting…');
            waiting = setTimeout(start, pause);
        } else {
            state('off', 'Not live any more.');
        }
    });
}

/** Nobody looks at a hidden page; who comes back sees at once how things stand now. */
function follow() {
    if (document.hidden) {
        stop();
    } else if (!stream) {
        refused = 0;
        start();
    }
}

setInterval(ago, 1000);
document.addEventListener('visibilitychange', follow);
addEventListener('pagehide', stop);
addEventListener('pageshow', follow);
follow();
