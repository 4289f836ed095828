// How quick is a page, and how heavy? Signs in at a running Muster and asks for a page over and over, eight at a time.
//   node benches/pages.mjs http://127.0.0.1:3000 worker@demo.muster.test PASSWORD [/me] [requests]
// A page that is kept for some minutes is asked for anew with {day} in its path, which stands for another day each time:
//   … '/financial/revenue?from={day}&to=2026-10-31'
// Prints milliseconds (p50, p95, p99) as the client sees them, and the bytes of a first load as they come over the wire.
import http from 'node:http';

const [base, email, password, path = '/me', requests = '2000'] = process.argv.slice(2);
if (!password) {
    console.error('usage: node benches/pages.mjs ADDRESS EMAIL PASSWORD [PATH] [REQUESTS]');
    process.exit(2);
}
const { hostname, port } = new URL(base);
const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });

function ask(method, where, headers = {}, body = '') {
    return new Promise((resolve, reject) => {
        const request = http.request({ agent, hostname, port, method, path: where, headers }, (response) => {
            const chunks = [];
            response.on('data', (chunk) => chunks.push(chunk));
            response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
        });
        request.on('error', reject);
        request.end(body);
    });
}

const form = new URLSearchParams({ email, password }).toString();
const entered = await ask('POST', '/sign-in', { 'content-type': 'application/x-www-form-urlencoded', 'content-length': form.length }, form);
const cookie = (entered.headers['set-cookie'] ?? []).map((it) => it.split(';')[0]).join('; ');
if (entered.status !== 303 || !cookie) {
    console.error(`sign-in was answered with ${entered.status}`);
    process.exit(1);
}

let asked = 0;
const day = () => new Date(Date.now() - (++asked % 700 + 30) * 86_400_000).toISOString().slice(0, 10);
const where = () => path.replace('{day}', day);

const times = [];
let left = Number(requests);
async function client() {
    while (left-- > 0) {
        const begun = performance.now();
        const { status } = await ask('GET', where(), { cookie });
        if (status !== 200) throw new Error(`${path} was answered with ${status}`);
        times.push(performance.now() - begun);
    }
}
for (let warm = 0; warm < 50; warm++) await ask('GET', where(), { cookie });
const begun = performance.now();
await Promise.all(Array.from({ length: 8 }, client));
const seconds = (performance.now() - begun) / 1000;
times.sort((a, b) => a - b);
const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))].toFixed(1);
console.log(`${path}: ${times.length} requests, 8 at a time: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, ${(times.length / seconds).toFixed(0)} a second`);

const squeezed = { cookie, 'accept-encoding': 'br' };
const page = await ask('GET', where(), squeezed);
const plain = (await ask('GET', where(), { cookie })).body.toString();
const pkg = plain.match(/\/(pkg\/[0-9a-f]+)\//)?.[1];
const weight = async (file) => (await ask('GET', `/${pkg}/${file}`, squeezed)).body.length;
const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
const [style, glue, wasm, charts] = await Promise.all(['main.css', 'muster.js', 'muster_bg.wasm', 'charts.js'].map(weight));
console.log(`first load, brotli: page ${kb(page.body.length)} + style ${kb(style)} = ${kb(page.body.length + style)}; then islands ${kb(glue + wasm)} (wasm ${kb(wasm)}), charts ${kb(charts)} when seen`);
agent.destroy();
