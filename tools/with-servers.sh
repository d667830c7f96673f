#!/usr/bin/env bash
# Runs a command with throwaway servers: PostgreSQL, and Valkey or Redis, on free ports of the loopback address, with
# random passwords, in a temporary directory; and Moto, an AWS for tests, where tools/install-moto.sh has installed it.
# They are gone when the command ends.
#
#   tools/with-servers.sh pnpm test:servers
#
# Installs nothing. Exits with the command's own code, or with 69 when a server's programs are missing or do not start.
set -euo pipefail

readonly UNAVAILABLE=69 # EX_UNAVAILABLE of sysexits.h
readonly START_ATTEMPTS=200 # of 0.1 s each: 20 s

fail() {
  printf 'with-servers: %s\n' "$1" >&2
  exit "$UNAVAILABLE"
}

# The newest PostgreSQL that Debian's packages left, or the one on the PATH.
find_postgres() {
  local newest
  newest=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)
  if [[ -x "$newest" ]]; then
    dirname "$newest"
  elif command -v initdb >/dev/null; then
    dirname "$(command -v initdb)"
  else
    fail 'PostgreSQL is missing: install the Debian package postgresql'
  fi
}

find_store() {
  command -v valkey-server || command -v redis-server ||
    fail 'Valkey and Redis are missing: install the Debian package valkey-server or redis-server'
}

# A port that nobody uses now; the server fails loudly if somebody takes it in between.
free_port() {
  node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

random_password() {
  head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n'
}

# PostgreSQL refuses to run as root.
as_owner() {
  if [[ "$(id -u)" == 0 ]]; then
    runuser -u postgres -- "$@"
  else
    "$@"
  fi
}

wait_for() {
  local name=$1 log=$2
  shift 2
  for ((attempt = 0; attempt < START_ATTEMPTS; attempt++)); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.1
  done
  cat "$log" >&2
  fail "$name did not start; its log is above"
}

start_postgres() {
  local bin=$1 port=$2 password_file=$directory/postgres-password log=$directory/postgres.log
  printf '%s' "$postgres_password" >"$password_file"
  touch "$log"
  mkdir "$directory/postgres"
  if [[ "$(id -u)" == 0 ]]; then chown postgres "$directory/postgres" "$password_file" "$log"; fi
  as_owner "$bin/initdb" --pgdata="$directory/postgres" --username=superuser --pwfile="$password_file" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync >"$directory/initdb.log" 2>&1 ||
    { cat "$directory/initdb.log" >&2; fail 'initdb failed; its output is above'; }
  # Nothing in it outlives the run: it need not reach the disk.
  as_owner "$bin/postgres" -D "$directory/postgres" -p "$port" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories= -c fsync=off -c full_page_writes=off >"$log" 2>&1 &
  wait_for PostgreSQL "$log" "$bin/pg_isready" --host=127.0.0.1 --port="$port"
}

start_store() {
  local server=$1 port=$2 log=$directory/store.log
  # By its configuration, not its arguments: those are seen by every user of the machine.
  printf 'bind 127.0.0.1\nport %s\nrequirepass %s\nsave ""\nappendonly no\ndir %s\n' \
    "$port" "$store_password" "$directory" >"$directory/store.conf"
  "$server" "$directory/store.conf" >"$log" 2>&1 &
  store_pid=$!
  wait_for "$(basename "$server")" "$log" grep -q 'eady to accept connections' "$log"
}

# Keeps everything in memory, and knows no key until a test makes one.
start_moto() {
  local python=$1 port=$2 log=$directory/moto.log
  PYTHONUNBUFFERED=1 "$python" -m moto.server -H 127.0.0.1 -p "$port" >"$log" 2>&1 &
  moto_pid=$!
  wait_for Moto "$log" grep -q 'Running on' "$log"
}

# shellcheck disable=SC2317,SC2329 # called by the traps below
stop() {
  trap - EXIT INT TERM
  # The postmaster's own id: the shell's child may be runuser.
  if [[ -s "$directory/postgres/postmaster.pid" ]]; then
    # 'fast': ends connections, and then itself.
    as_owner "$postgres_bin/pg_ctl" stop --pgdata="$directory/postgres" --mode=fast >/dev/null 2>&1 || true
  fi
  if [[ -n "${store_pid:-}" ]]; then kill "$store_pid" 2>/dev/null || true; fi
  if [[ -n "${moto_pid:-}" ]]; then kill "$moto_pid" 2>/dev/null || true; fi
  stop_lowkey_vault
  wait 2>/dev/null || true
  rm -rf "$directory"
}

# shellcheck source=tools/with-lowkey-vault.sh
source "$(dirname "${BASH_SOURCE[0]}")/with-lowkey-vault.sh"

if (($# == 0)); then fail 'usage: tools/with-servers.sh command [argument…]'; fi

postgres_bin=$(find_postgres)
store_server=$(find_store)
directory=$(mktemp -d "${TMPDIR:-/tmp}/with-servers.XXXXXX")
# The user postgres has to pass through it; the files inside are their owners' only.
chmod 711 "$directory"
umask 077
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

postgres_password=$(random_password)
store_password=$(random_password)
postgres_port=$(free_port)
store_port=$(free_port)
start_postgres "$postgres_bin" "$postgres_port"
start_store "$store_server" "$store_port"
start_lowkey_vault

export TEST_POSTGRES_URL="postgres://superuser:$postgres_password@127.0.0.1:$postgres_port/postgres"
export TEST_VALKEY_URL="redis://:$store_password@127.0.0.1:$store_port"
# For tests that kill their servers: those start their own.
export TEST_POSTGRES_BIN=$postgres_bin
export TEST_STORE_SERVER=$store_server

moto_python=$(dirname "$0")/../.local/moto/bin/python
if [[ -x "$moto_python" ]]; then
  moto_port=$(free_port)
  start_moto "$moto_python" "$moto_port"
  export TEST_AWS_URL="http://127.0.0.1:$moto_port"
elif [[ -n "${TEST_SERVERS_REQUIRED:-}" ]]; then
  fail 'Moto is missing: run tools/install-moto.sh'
else
  printf 'with-servers: Moto is missing, and the tests against AWS are skipped: run tools/install-moto.sh\n' >&2
fi
code=0
(umask 022 && "$@") || code=$?
exit "$code"
