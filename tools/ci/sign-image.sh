#!/usr/bin/env bash
# Signs an image by its digest, and its SBOM as an attestation about it, with the identity of the workflow that runs: there
# is no key to keep, or to lose. Both are told by a public log, with the name of the repository (SR-68).
#
#   tools/ci/sign-image.sh ghcr.io/owner/name sha256:<digest> sbom.cdx.json FOLDER
#
# Writes the signature of the SBOM's file into the folder, for a release. Needs cosign 3 and a job with `id-token: write`.
set -euo pipefail

image=${1:?usage: tools/ci/sign-image.sh image digest sbom folder}
digest=${2:?usage: tools/ci/sign-image.sh image digest sbom folder}
sbom=${3:?usage: tools/ci/sign-image.sh image digest sbom folder}
folder=${4:?usage: tools/ci/sign-image.sh image digest sbom folder}
readonly reference=${image,,}@$digest

cosign sign --yes "$reference"
cosign attest --yes --type cyclonedx --predicate "$sbom" "$reference"
mkdir -p "$folder"
cosign sign-blob --yes --bundle "$folder/$(basename "$sbom").sigstore.json" "$sbom"
