#!/usr/bin/env node
// Turns the City of Boston's service requests into files that `muster import` takes; see city-requests.md.
//
//     node docs/city-requests.mjs city_service_requests_2015_h1.csv.gz city/
//
// Department → site, queue → worker (a crew), request → work order. Times stay local: the sites' zone is
// America/New_York, and `muster import` reads times without an offset on the clock of their site.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const ZONE = "America/New_York";

/** The records of a CSV text, each by the names in its first row. */
function* records(text) {
    let names;
    for (const row of rows(text)) {
        if (names) yield Object.fromEntries(names.map((name, i) => [name, (row[i] ?? "").trim()]));
        else names = row;
    }
}

function* rows(text) {
    const field = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/gy;
    let row = [];
    for (let match; field.lastIndex < text.length && (match = field.exec(text)); ) {
        const [, value, end] = match;
        row.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
        if (end !== ",") {
            yield row;
            row = [];
        }
    }
}

function csv(names, lines) {
    const quoted = (value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
    return [names, ...lines].map((line) => line.map(quoted).join(",") + "\n").join("");
}

/** The key with the highest count; the first of them in the alphabet. */
function mostFrequent(counts) {
    return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0][0];
}

const [source, folder] = process.argv.slice(2);
if (!source || !folder) {
    console.error("usage: node docs/city-requests.mjs city_service_requests_2015_h1.csv.gz FOLDER");
    process.exit(2);
}

const bytes = readFileSync(source);
const text = (source.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
const departments = new Set();
const queues = new Map();
const orders = [];
for (const request of records(text)) {
    const { department, queue } = request;
    departments.add(department);
    if (!queues.has(queue)) queues.set(queue, new Map());
    queues.get(queue).set(department, (queues.get(queue).get(department) ?? 0) + 1);
    const { request_id, opened_at, closed_at, target_at, type, neighborhood } = request;
    orders.push([request_id, department, queue, opened_at, closed_at, target_at, type, neighborhood]);
}

mkdirSync(folder, { recursive: true });
const write = (name, names, lines) => {
    writeFileSync(join(folder, name), csv(names, lines));
    console.log(`${name}: ${lines.length} rows`);
};
write(
    "sites.csv",
    ["code", "name", "vertical", "time_zone"],
    [...departments].sort().map((code) => [code, `Department ${code}`, "municipal services", ZONE]),
);
write(
    "workers.csv",
    ["employee_number", "name", "job_role", "home_site"],
    [...queues].sort().map(([queue, counts]) => [queue, queue, "crew", mostFrequent(counts)]),
);
write(
    "work_orders.csv",
    ["ref", "site", "worker", "opened_at", "resolved_at", "sla_due_at", "category", "area"],
    orders,
);
