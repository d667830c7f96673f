#!/usr/bin/env bash
# Fails unless every job that another one needs has passed: a job that was skipped or cancelled has not. GitHub counts a
# required check that was skipped as passed, so that this is the one to require.
#
#   NEEDS='{"check":{"result":"success"}}' tools/ci/all-passed.sh
#
# NEEDS is the context `needs` as JSON; OPTIONAL names jobs that may be skipped, with spaces between. Exits with 64 when it names no job. Needs jq.
set -euo pipefail

readonly USAGE=64 # EX_USAGE of sysexits.h
needs=${NEEDS:?NEEDS is the context of the jobs before, as JSON}

if ! jq --exit-status 'type == "object" and length > 0' <<<"$needs" >/dev/null; then
  printf 'all-passed: no job is named, so that none has passed\n' >&2
  exit "$USAGE"
fi
# shellcheck disable=SC2016 # variables of jq, not of the shell
bad=$(jq --raw-output --arg optional "${OPTIONAL:-}" '
  ($optional | split(" ")) as $optional
  | to_entries[]
  | select(.value.result != "success")
  | select((.value.result == "skipped" and (.key as $job | $optional | index($job) != null)) | not)
  | "\(.key): \(.value.result)"' <<<"$needs")
jq --raw-output 'to_entries[] | "\(.key): \(.value.result)"' <<<"$needs"
if [[ -n "$bad" ]]; then
  printf 'all-passed: not passed:\n%s\n' "$bad" >&2
  exit 1
fi
