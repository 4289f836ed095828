// Bundles style/main.css, app/assets/charts.js, live.js and refresh.js, puts them beside the islands into target/site/pkg/<hash of it all>,
// and a .br and a .gz beside every file that gains by it. Does nothing when the same was made before.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const site = join(root, 'target/site');
const making = join(root, 'target/site.making');
const compressible = new Set(['.css', '.html', '.js', '.json', '.svg', '.txt', '.wasm', '.webmanifest']);

const esbuild = createRequire(join(root, 'app/assets/'))('esbuild');

function files(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)],
    );
}

function hashOf(folder) {
    const hash = createHash('sha256');
    for (const file of files(folder).sort()) hash.update(relative(folder, file)).update('\0').update(readFileSync(file));
    return hash.digest('hex').slice(0, 12);
}

async function compress(file) {
    const plain = readFileSync(file);
    if (!compressible.has(extname(file)) || plain.length < 512) return;
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
    const [br, gz] = await Promise.all([promisify(brotliCompress)(plain, { params }), promisify(gzip)(plain, { level: 9 })]);
    writeFileSync(`${file}.br`, br);
    writeFileSync(`${file}.gz`, gz);
}

// The public files, and everything bundled, uncompressed: what the hash is made of.
rmSync(making, { recursive: true, force: true });
const pkg = join(making, 'pkg');
mkdirSync(pkg, { recursive: true });
const isOutput = (path) => !path.endsWith('app.wasm');
cpSync(join(root, 'target/islands'), pkg, { recursive: true, filter: isOutput });
const entryPoints = ['style/main.css', 'app/assets/charts.js', 'app/assets/live.js', 'app/assets/refresh.js'].filter((file) => existsSync(join(root, file)));
await esbuild.build({
    absWorkingDir: root,
    entryPoints: entryPoints.map((file) => ({ in: file, out: file.replace(/.*\/|\.\w+$/g, '') })),
    outdir: pkg,
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['es2022', 'chrome111', 'firefox114', 'safari16.4'],
    legalComments: 'none',
    logLevel: 'warning',
});
// The islands' glue comes as wasm-bindgen wrote it, with its comments.
for (const glue of files(pkg).filter((file) => file.endsWith('.js') && !file.endsWith('charts.js'))) {
    const { code } = await esbuild.transform(readFileSync(glue, 'utf8'), { minify: true, format: 'esm', legalComments: 'none' });
    writeFileSync(glue, code);
}
if (existsSync(join(root, 'public'))) cpSync(join(root, 'public'), making, { recursive: true });

const hash = hashOf(making);
const manifestPath = join(site, 'manifest.json');
const old = existsSync(manifestPath) ? JSON.parse(readFileSync(manifestPath, 'utf8')) : {};
if (old.hash === hash) {
    rmSync(making, { recursive: true });
    console.error(`  unchanged: target/site/${old.pkg}`);
    process.exit(0);
}

renameSync(pkg, join(making, hash));
mkdirSync(pkg);
renameSync(join(making, hash), join(pkg, hash));
await Promise.all(files(making).map(compress));
const names = files(join(pkg, hash)).map((file) => relative(join(pkg, hash), file)).filter((name) => !/\.(br|gz)$/.test(name));
const manifest = { hash, pkg: `pkg/${hash}`, files: names.sort() };
writeFileSync(join(making, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
// Pages that are open still ask for the files of the build before this one.
if (old.pkg && existsSync(join(site, old.pkg))) cpSync(join(site, old.pkg), join(making, old.pkg), { recursive: true });
rmSync(site, { recursive: true, force: true });
renameSync(making, site);

const size = (name) => {
    const file = join(site, manifest.pkg, name);
    const compressed = existsSync(`${file}.br`) ? statSync(`${file}.br`).size : statSync(file).size;
    return `${name} ${(compressed / 1024).toFixed(1)} KB`;
};
console.error(`  target/site/${manifest.pkg} (brotli): ${manifest.files.map(size).join(', ')}`);
