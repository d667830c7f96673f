#!/usr/bin/env bash
# Installs what tests need beyond the lockfile, from Debian's or Ubuntu's packages: only what is not there yet.
#
#   tools/ci/install-packages.sh servers browser alerts tls python bench
#
# servers: PostgreSQL and Valkey or Redis. browser: Chromium. alerts: promtool. tls: what looks at TLS from outside.
# python: virtual environments. bench: what makes load, and what stands before a service. Exits with 64 for any other name.
set -euo pipefail

readonly USAGE=64 # EX_USAGE of sysexits.h
missing=()

need() {
  local package=$1
  shift
  if ! "$@" >/dev/null 2>&1; then missing+=("$package"); fi
}

has_store() {
  command -v valkey-server || command -v redis-server
}

for purpose in "$@"; do
  case $purpose in
    servers)
      need postgresql compgen -G '/usr/lib/postgresql/*/bin/initdb'
      need redis-server has_store
      ;;
    browser) need chromium command -v chromium ;;
    alerts) need prometheus command -v promtool ;;
    tls)
      need sslscan command -v sslscan
      need testssl.sh command -v testssl
      ;;
    bench)
      need wrk command -v wrk
      need nginx-light test -x /usr/sbin/nginx
      need util-linux command -v taskset
      ;;
    python) need python3-venv python3 -c 'import venv, ensurepip' ;;
    *)
      printf 'install-packages: %s is none of servers, browser, alerts, tls, python, bench\n' "$purpose" >&2
      exit "$USAGE"
      ;;
  esac
done
if [[ ${#missing[@]} -eq 0 ]]; then exit 0; fi

# Root installs as it is; a runner has sudo.
as_root=()
if [[ $(id -u) -ne 0 ]]; then as_root=(sudo); fi
"${as_root[@]}" apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends "${missing[@]}"
