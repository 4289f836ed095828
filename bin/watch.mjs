// Builds, serves, and does both again when a source file changes. What does not build leaves the old server running.
import { spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const given = process.argv.slice(2);
const scale = given.some((argument) => argument.startsWith('--scale')) ? [] : ['--scale', 'small'];
let server = null;
let building = false;
let changed = false;

const ended = (child) => new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
const run = (command, args) => spawn(command, args, { cwd: root, stdio: 'inherit' });

async function stop() {
    const running = server;
    server = null;
    if (!running || running.exitCode !== null) return;
    running.kill('SIGTERM');
    await ended(running);
}

async function rebuild() {
    if (building) {
        changed = true;
        return;
    }
    building = true;
    do {
        changed = false;
        if ((await ended(run('bin/build', ['--debug']))) === 0 && !changed) {
            await stop();
            server = run('target/debug/muster', ['demo', ...scale, '--serve', ...given]);
        }
    } while (changed);
    building = false;
}

let timer;
const soon = (_, name) => {
    if (name && /(^|\/)(node_modules|target)(\/|$)|~$|\.sw.$/.test(name)) return;
    clearTimeout(timer);
    timer = setTimeout(rebuild, 200);
};
for (const path of ['src', 'app', 'style', 'public', 'migrations', '.sqlx', 'Cargo.toml']) {
    if (existsSync(join(root, path))) watch(join(root, path), { recursive: true }, soon);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop().then(() => process.exit(0)));
await rebuild();
