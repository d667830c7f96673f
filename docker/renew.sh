#!/usr/bin/env bash
# Renews the certificates of the running stack that have fewer than 30 days left, has every server take its new one without
# losing a request, and looks whether it is shown. Running it again does no harm, and ends what an earlier run began: what
# has to be done is told from what the servers show, not from what this run has changed.
#
#   docker/renew.sh          what is due
#   docker/renew.sh --now    all of them, as after a key may have been seen
#
# COMPOSE names the command for the stack (default: docker compose). The stack's variables have to be as at its start.
set -euo pipefail

read -ra compose <<<"${COMPOSE:-docker compose}"
# Every server of the stack that shows a certificate; `pnpm new service` adds two.
readonly SERVERS=(edge api postgres valkey mail)
# The API, the mail sink and Valkey look at their files every 5 to 10 s.
readonly ATTEMPTS=${RENEW_ATTEMPTS:-30} # a second apart, and the time that looking takes

fail() {
  printf 'renew: %s\n' "$*" >&2
  exit 1
}

renewal='when due'
case "${1:-}" in
  '') ;;
  --now) renewal=now ;;
  *) fail 'usage: docker/renew.sh [--now]' ;;
esac

is_running() { [[ -n $("${compose[@]}" ps --quiet --status running "$1") ]]; }

# With another name than at the start, the edge's certificate would be made anew for a name that nobody asks it for.
check_name() {
  local running configured
  # shellcheck disable=SC2016 # the container's own variable
  running=$("${compose[@]}" exec -T edge sh -c 'printf %s "$EDGE_SERVER_NAME"')
  configured=$("${compose[@]}" config edge | sed -n 's/^ *EDGE_SERVER_NAME: *//p' | tr -d "\"'")
  [[ "$running" == "$configured" ]] ||
    fail "the edge serves $running, and EDGE_SERVER_NAME says ${configured:-nothing}: set the variables that the stack was started with"
}

# "edge: 0A1B…" for each server, by what is in its volume, and by what it shows.
wanted() { sed -n 's/^certificate of \([a-z0-9-]*\): serial \([0-9A-F]*\),.*/\1: \2/p' <<<"$report"; }
served() { "${compose[@]}" --progress quiet run --rm --no-deps -T served-certificates; }

# The lines of what is shown that are not in what is wanted: of every replica.
stale() { grep --invert-match --line-regexp --fixed-strings --file=<(wanted) <<<"$1" || true; }

# nginx reads its files once; the client certificate is shown to nobody but the API. Its pid file is as old as its start, or,
# by the last line, as the last reload. A reload that nginx would refuse is told here, and the old workers serve on.
reload_edge() {
  # shellcheck disable=SC2016 # the container's own variables
  "${compose[@]}" exec -T edge sh -c '
    set -e
    [ -n "$(find /run/secrets/ -type f -newer /tmp/nginx.pid)" ] || exit 0
    touch /tmp/renewal
    nginx -t -q
    kill -HUP "$(cat /tmp/nginx.pid)"
    touch -r /tmp/renewal /tmp/nginx.pid
    echo "renew: edge reads its files again"
  ' || fail 'nginx does not take its new files; it serves on with the old ones'
}

reload_postgres() {
  "${compose[@]}" exec -T "$1" psql --no-psqlrc --quiet --username=postgres --dbname=postgres \
    --command='select pg_reload_conf()' >/dev/null || fail "$1 was not told; it serves on with the old certificate"
  printf 'renew: %s reads its files again\n' "$1"
}

stopped=()
for service in "${SERVERS[@]}"; do is_running "$service" || stopped+=("$service"); done
[[ ${#stopped[@]} -lt ${#SERVERS[@]} ]] || fail 'the stack does not run: docker compose up renews what is due'
[[ ${#stopped[@]} -eq 0 ]] || fail "not running: ${stopped[*]}. Start the whole stack first: docker compose up --wait"
check_name

report=$("${compose[@]}" --progress quiet run --rm --no-deps -T --env "RENEW=$renewal" bootstrap) || fail 'the bootstrap has failed; nothing was reloaded'
printf '%s\n' "$report"
[[ $(wanted | wc -l) -ge ${#SERVERS[@]} ]] || fail 'the bootstrap does not say which certificate is whose: its image is older than this script'

reload_edge
for server in $(stale "$(served)" | sed -n 's/^\([a-z0-9-]*postgres\):.*/\1/p' | sort --unique); do reload_postgres "$server"; done

for ((attempt = 0; ; attempt++)); do
  left=$(stale "$(served)")
  if [[ -z "$left" ]]; then break; fi
  if [[ $attempt -ge $ATTEMPTS ]]; then
    printf '%s\n' "$left" >&2
    fail 'these do not show the certificate of their volume: look into their logs, then restart them'
  fi
  sleep 1
done
printf 'renew: every server shows the certificate of its volume\n'
