// How long does an export of all orders take, and how much memory does the server take for it? Signs in at a running Muster on
// this machine and fetches the list of orders of growing periods as CSV and as XLSX. Memory is the highest that the process stood
// at (VmHWM of /proc, reset before each file), so it must run as the user who runs the server, or as root.
//   node benches/exports.mjs http://127.0.0.1:3000 finance@demo.muster.test PASSWORD PID [LAST DAY] [ROWS,ROWS,…]
// Prints rows, seconds, bytes and memory. Flat is when the last line needs little more memory than the first.
import fs from 'node:fs';
import http from 'node:http';

const [base, email, password, pid, last = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10), wanted = '10000,100000,1000000'] = process.argv.slice(2);
if (!pid) {
    console.error('usage: node benches/exports.mjs ADDRESS EMAIL PASSWORD PID [LAST_DAY] [ROWS,…]');
    process.exit(2);
}
const { hostname, port } = new URL(base);
/** The most days that a page takes. */
const LONGEST = 1_100;

/** Asks, and tells each piece of the answer as it comes. */
function ask(method, path, headers = {}, body = '', told = () => {}) {
    return new Promise((resolve, reject) => {
        const request = http.request({ hostname, port, method, path, headers }, (response) => {
            response.on('data', told);
            response.on('end', () => resolve(response));
            response.on('error', reject);
        });
        request.on('error', reject);
        request.end(body);
    });
}

const form = new URLSearchParams({ email, password }).toString();
const entered = await ask('POST', '/sign-in', { 'content-type': 'application/x-www-form-urlencoded', 'content-length': form.length }, form);
const cookie = (entered.headers['set-cookie'] ?? []).map((it) => it.split(';')[0]).join('; ');
if (entered.statusCode !== 303 || !cookie) {
    console.error(`sign-in was answered with ${entered.statusCode}`);
    process.exit(1);
}

const memory = (what) => Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`${what}:\\s+(\\d+)`))[1]) / 1024;
const day = (back) => new Date(Date.parse(last) - back * 86_400_000).toISOString().slice(0, 10);
const query = (days) => `from=${day(days - 1)}&to=${last}&table=list`;

/** Fetches a file; tells its rows (of CSV), bytes, seconds and the memory of the server. */
async function fetched(kind, days) {
    fs.writeFileSync(`/proc/${pid}/clear_refs`, '5');
    const began = performance.now();
    let [rows, bytes, first] = [-1, 0, 0];
    const response = await ask('GET', `/financial/orders/export.${kind}?${query(days)}`, { cookie }, '', (piece) => {
        first ||= performance.now();
        bytes += piece.length;
        for (const byte of kind === 'csv' ? piece : []) rows += Number(byte === 10);
    });
    if (response.statusCode !== 200 || !response.complete) throw new Error(`${kind} of ${days} days: ${response.statusCode}, whole: ${response.complete}`);
    const seconds = (performance.now() - began) / 1000;
    return { rows, bytes, seconds, first: (first - began) / 1000, peak: memory('VmHWM') };
}

const month = (await fetched('csv', 30)).rows;
for (const rows of wanted.split(',').map(Number)) {
    // About so many: by what a month holds, and by what those days held; all there are where that is not enough.
    let days = Math.min(LONGEST, Math.ceil((30 * rows) / Math.max(month, 1)));
    const idle = memory('VmRSS');
    let csv = await fetched('csv', days);
    while (csv.rows < 0.97 * rows && days < LONGEST) {
        days = Math.min(LONGEST, Math.ceil((1.01 * days * rows) / Math.max(csv.rows, 1)));
        csv = await fetched('csv', days);
    }
    const xlsx = await fetched('xlsx', days);
    for (const [kind, it] of Object.entries({ csv, xlsx })) {
        const size = `${(it.bytes / 1048576).toFixed(1)} MB`;
        console.log(`${kind}: ${csv.rows} rows, ${size}: ${it.seconds.toFixed(2)} s (first byte after ${it.first.toFixed(2)}), memory ${it.peak.toFixed(0)} MB at most, ${idle.toFixed(0)} before`);
    }
}
