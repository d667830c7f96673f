#!/usr/bin/env bash
# Runs a command with a throwaway OpenBao and the PostgreSQL of compose.servers.yaml, both in containers, and the variables
# by which the tests of the provider of vault:// references find them. OpenBao is gone when the command ends.
#
#   tools/with-openbao.sh npx -y pnpm@12.21.0 exec vitest run --project unit packages/secrets/test/providers/vault
#
# The image is that of .github/workflows/ci.yml, unless OPENBAO_IMAGE names another. Needs Docker on Linux: the
# container is on the host's network, so that it reaches the PostgreSQL in which it makes users, and the cluster that the
# test of service accounts starts. Exits with the command's own code, or with 69 when a server does not start.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly UNAVAILABLE=69 # EX_UNAVAILABLE of sysexits.h
readonly address=http://127.0.0.1:8200

fail() {
  printf 'with-openbao: %s\n' "$1" >&2
  exit "$UNAVAILABLE"
}

# One place for the digest, which Renovate moves.
pinned_image() {
  sed -n 's/^ *OPENBAO_IMAGE: *//p' .github/workflows/ci.yml
}

# shellcheck disable=SC2317,SC2329 # called by the trap below
stop() {
  local code=$?
  trap - EXIT INT TERM
  if [[ $code -ne 0 && -n "${container:-}" ]]; then
    # What it wrote, without the keys that a development server prints.
    docker logs "$container" 2>&1 | grep -v -e '^Unseal Key' -e '^Root Token' | tail -n 200 >&2 || true
  fi
  if [[ -n "${container:-}" ]]; then docker rm --force "$container" >/dev/null || true; fi
  rm -rf "$directory"
  exit "$code"
}

if (($# == 0)); then fail 'usage: tools/with-openbao.sh command [argument…]'; fi

image=${OPENBAO_IMAGE:-$(pinned_image)}
directory=$(mktemp -d "${TMPDIR:-/tmp}/with-openbao.XXXXXX")
umask 077
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

docker compose --file compose.servers.yaml up --wait postgres &
postgres=$!
# The token lives as long as the container. By a file, since arguments are seen by every user of the machine.
head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$directory/root-token"
printf 'BAO_DEV_ROOT_TOKEN_ID=%s\nBAO_DEV_LISTEN_ADDRESS=127.0.0.1:8200\n' \
  "$(<"$directory/root-token")" >"$directory/environment"
container=$(docker run --detach --network host --env-file "$directory/environment" \
  --cap-drop ALL --security-opt no-new-privileges --pids-limit 200 --memory 512m "$image") || fail 'OpenBao did not start'
curl --silent --show-error --fail --output /dev/null --max-time 5 \
  --retry 30 --retry-delay 1 --retry-connrefused "$address/v1/sys/health" || fail 'OpenBao does not answer'
wait "$postgres" || fail 'PostgreSQL did not start'

export TEST_VAULT_URL=$address TEST_VAULT_ROOT_TOKEN_FILE=$directory/root-token
TEST_POSTGRES_URL=$(<.local/servers/postgres-url)
export TEST_POSTGRES_URL
(umask 022 && "$@")
