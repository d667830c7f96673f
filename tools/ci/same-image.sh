#!/usr/bin/env bash
# Fails unless two builds of the image have one digest: then what is published is what the sources make, and no build machine
# has put something in (SR-68).
#
#   tools/ci/same-image.sh sha256:<first> sha256:<second>
set -euo pipefail

first=${1:?usage: tools/ci/same-image.sh digest digest}
second=${2:?usage: tools/ci/same-image.sh digest digest}
if [[ ! "$first" =~ ^sha256:[0-9a-f]{64}$ || "$first" != "$second" ]]; then
  printf 'same-image: two builds of this commit differ: %s and %s\n' "$first" "$second" >&2
  exit 1
fi
printf 'same-image: two builds, one digest: %s\n' "$first"
