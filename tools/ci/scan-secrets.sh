#!/usr/bin/env bash
# Looks for secrets in all commits, by gitleaks and .gitleaks.toml. A finding is a failure; what was found is not printed.
# What only looks like a secret is left out there, with a reason and an end, or in .gitleaksignore by its fingerprint.
#
#   tools/ci/scan-secrets.sh
#
# gitleaks is installed into .local/gitleaks by its exact version, which Go holds against its public log of checksums.
# Exits with 69 without Go, and when the clone has a part of the history only.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly UNAVAILABLE=69 # EX_UNAVAILABLE of sysexits.h
# renovate: datasource=go depName=github.com/zricethezav/gitleaks/v8
readonly GITLEAKS_VERSION=v8.30.1
readonly directory=$PWD/.local/gitleaks/$GITLEAKS_VERSION

if [[ $(git rev-parse --is-shallow-repository) != false ]]; then
  printf 'scan-secrets: the clone is shallow; the commits that are not in it would not be looked at\n' >&2
  exit "$UNAVAILABLE"
fi
if [[ ! -x "$directory/gitleaks" ]]; then
  go=$(command -v go || printf /usr/local/go/bin/go)
  if [[ ! -x "$go" ]]; then
    printf 'scan-secrets: Go is missing\n' >&2
    exit "$UNAVAILABLE"
  fi
  # The module has the name of its first owner.
  GOBIN=$directory "$go" install "github.com/zricethezav/gitleaks/v8@$GITLEAKS_VERSION"
fi
"$directory/gitleaks" git --no-banner --redact --config .gitleaks.toml .
