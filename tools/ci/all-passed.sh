#!/usr/bin/env bash
# Fails unless every job that another one needs has passed: a job that was skipped or cancelled has not. GitHub counts a
# required check that was skipped as passed, so that this is the one to require.
#
#   NEEDS='{"check":{"result":"success"}}' tools/ci/all-passed.sh
#
# NEEDS is the context `needs` as JSON; OPTIONAL names jobs that may be skipped, with spaces between. Exits with 64 when it
# names no job. Needs any Node.
set -euo pipefail

readonly USAGE=64 # EX_USAGE of sysexits.h
: "${NEEDS:?NEEDS is the context of the jobs before, as JSON}"

# Lines of `job result`; nothing where NEEDS is no object with jobs in it.
jobs=$(node --eval '
  const needs = JSON.parse(process.env.NEEDS);
  for (const [job, { result }] of Object.entries(needs)) console.log(job, result);')
if [[ -z "$jobs" ]]; then
  printf 'all-passed: no job is named, so that none has passed\n' >&2
  exit "$USAGE"
fi

failed=0
while read -r job result; do
  printf '%s: %s\n' "$job" "$result"
  if [[ "$result" == success ]]; then continue; fi
  if [[ "$result" == skipped && " ${OPTIONAL:-} " == *" $job "* ]]; then continue; fi
  failed=$((failed + 1))
done <<<"$jobs"
if [[ $failed -ne 0 ]]; then
  printf 'all-passed: %d have not passed\n' "$failed" >&2
  exit 1
fi
