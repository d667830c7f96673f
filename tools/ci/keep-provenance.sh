#!/usr/bin/env bash
# Puts the provenance that GitHub has signed beside the other signatures of a release, under a name by which verifiers and the
# OpenSSF Scorecard know it.
#
#   tools/ci/keep-provenance.sh bundle.json FOLDER
set -euo pipefail

bundle=${1:?usage: tools/ci/keep-provenance.sh bundle folder}
folder=${2:?usage: tools/ci/keep-provenance.sh bundle folder}

mkdir -p "$folder"
cp "$bundle" "$folder/image.intoto.jsonl"
