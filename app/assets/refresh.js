// Keeps a page up to date while somebody looks: the same page is asked for again, and of it only the parts marked with
// data-refresh are exchanged, where they have changed. Without it, or where it fails, the page is as old as it says.

/** So often. */
const EVERY = 30_000;
/** An answer that takes longer is given up. */
const LONGEST = 15_000;
/** After so many failures in a row it is left alone until somebody looks again. */
const MOST = 5;
/** What a person types into or moves along: a part that holds the focus there is left as it is. */
const TYPED = 'input:not([type=hidden]), textarea, select';
const FOCUSABLE = 'a[href], button, summary, input, textarea, select';

const root = document.getElementById('refresh');
const said = root.querySelector('.live-said');
const reload = root.querySelector('.live-reload');
const heard = root.querySelector('[role=status]');

let timer;
let asking;
let failed = 0;
let updated;

/** @param {'live' | 'waiting' | 'off'} state */
function state(state, text) {
    root.dataset.state = state;
    if (said.textContent !== text) said.textContent = text;
    reload.hidden = state === 'live';
}

function ago() {
    if (!updated || root.dataset.state !== 'live') return;
    const seconds = Math.max(0, Math.round((Date.now() - updated) / 1000));
    state('live', `Refreshes by itself · updated ${seconds} s ago`);
}

/** Somebody is typing there, or has typed. */
function isBusy(part) {
    const fields = [...part.querySelectorAll(TYPED)];
    const isTyped = (field) =>
        field.value !== undefined && field.defaultValue !== undefined && field.value !== field.defaultValue;
    return fields.some((field) => field === document.activeElement || isTyped(field));
}

/** Puts the new content in the place of the old; what was unfolded stays so, and the focus stays where it was. */
function exchange(part, fresh) {
    const open = [...part.querySelectorAll('details')].map((it) => it.open);
    const focused = [...part.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
    part.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
    part.querySelectorAll('details').forEach((it, nth) => {
        if (nth in open) it.open = open[nth];
    });
    if (focused >= 0) part.querySelectorAll(FOCUSABLE)[focused]?.focus({ preventScroll: true });
}

/** What those who hear the page are told: the words marked with data-say that are not what they were. */
function words(within) {
    return new Map([...within.querySelectorAll('[data-say]')].map((it) => [it.dataset.say, it.textContent.trim()]));
}

function show(page) {
    const before = words(document);
    for (const part of document.querySelectorAll('[data-refresh]')) {
        const fresh = page.getElementById(part.id);
        if (!fresh || isBusy(part)) continue;
        const old = part.cloneNode(true);
        old.querySelectorAll('details').forEach((it, nth) => {
            it.open = fresh.querySelectorAll('details')[nth]?.open ?? it.open;
        });
        if (old.innerHTML !== fresh.innerHTML) exchange(part, fresh);
    }
    const changed = [...words(document)].filter(([name, text]) => before.has(name) && before.get(name) !== text);
    if (changed.length) heard.textContent = changed.map(([name, text]) => `${name}: ${text}`).join(', ');
}

async function ask() {
    if (asking) return;
    asking = true;
    try {
        const answer = await fetch(location.pathname + location.search, {
            headers: { accept: 'text/html' },
            cache: 'no-store',
            signal: AbortSignal.timeout(LONGEST),
        });
        // Sent elsewhere: nobody is signed in any more.
        if (answer.redirected || answer.status === 403) return stop('Not up to date any more.');
        if (!answer.ok) throw new Error(String(answer.status));
        show(new DOMParser().parseFromString(await answer.text(), 'text/html'));
        failed = 0;
        updated = Date.now();
        state('live', 'Refreshes by itself · updated 0 s ago');
    } catch {
        failed += 1;
        if (failed >= MOST) stop('Not up to date any more.');
        else state('waiting', 'Reconnecting…');
    } finally {
        asking = false;
    }
}

function stop(text) {
    clearInterval(timer);
    timer = undefined;
    if (text) state('off', text);
}

/** Nobody looks at a hidden page; who comes back sees at once how things stand now. */
function follow(isFirst) {
    if (document.hidden) {
        stop();
    } else if (!timer) {
        failed = 0;
        timer = setInterval(ask, EVERY);
        if (isFirst === true) {
            updated = Date.now();
            state('live', 'Refreshes by itself · updated 0 s ago');
        } else {
            ask();
        }
    }
}

setInterval(ago, 1000);
document.addEventListener('visibilitychange', follow);
addEventListener('pagehide', () => stop());
addEventListener('pageshow', (event) => {
    if (event.persisted) follow();
});
follow(true);
