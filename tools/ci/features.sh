#!/usr/bin/env bash
# Tells which features of GitHub the repository has that are free in a public one only: code scanning, the review of
# dependencies, attestations. What is missing is said aloud, since the jobs that need it are skipped.
#
#   GITHUB_REPOSITORY=owner/name tools/ci/features.sh
#
# PAID_FEATURES=on says that a private repository has paid for them (a variable of the repository). Writes `available=true`
# or `available=false`, into GITHUB_OUTPUT where there is one. Needs gh, with GH_TOKEN.
set -euo pipefail

repository=${GITHUB_REPOSITORY:?GITHUB_REPOSITORY is owner/name}
# Asked, since the event of a schedule does not tell it.
visibility=$(gh api "repos/$repository" --jq .visibility)

available=false
if [[ "$visibility" == public || "${PAID_FEATURES:-off}" == on ]]; then available=true; fi
if [[ "$available" == false ]]; then
  printf '::notice title=Skipped in a %s repository::no upload to code scanning, no CodeQL, no review of dependencies, no attestation by GitHub; all other gates run. docs/ci.md says what stands in.\n' \
    "$visibility"
fi
printf 'available=%s\n' "$available" | tee -a "${GITHUB_OUTPUT:-/dev/null}"
