#!/usr/bin/env bash
# Restarts a service of the stack one replica after the other, so that no request is lost: the next one goes only when the
# last one is healthy again and the edge has found it.
#
#   docker/rolling-restart.sh api
#
# COMPOSE names the command for the stack (default: docker compose).
set -euo pipefail

service=${1:?usage: docker/rolling-restart.sh service}
read -ra compose <<<"${COMPOSE:-docker compose}"
readonly HEALTH_ATTEMPTS=300 # of 0.2 s each: a minute
# The edge asks for addresses every 2 s (nginx/templates/conf.d/upstream.conf.template).
readonly EDGE_SECONDS=5

containers=()
# Not by mapfile, which the bash of macOS does not have.
while IFS= read -r container; do containers+=("$container"); done < <("${compose[@]}" ps --quiet "$service")
if [[ ${#containers[@]} -lt 2 ]]; then
  printf 'rolling-restart: %s has %d replica(s); with fewer than two, requests would be lost\n' "$service" "${#containers[@]}" >&2
  exit 1
fi

for container in "${containers[@]}"; do
  docker restart "$container" >/dev/null
  for ((attempt = 0; ; attempt++)); do
    if [[ $(docker inspect --format '{{.State.Health.Status}}' "$container") == healthy ]]; then break; fi
    if [[ $attempt -ge $HEALTH_ATTEMPTS ]]; then
      printf 'rolling-restart: %s is not healthy again; the others were left alone\n' "$container" >&2
      exit 1
    fi
    sleep 0.2
  done
  sleep "$EDGE_SECONDS"
  printf 'rolling-restart: %s\n' "$container"
done
