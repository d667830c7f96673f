#!/usr/bin/env bash
# Says whether an image is one that this repository has released: signed by its workflow, run for the tag, with a signed SBOM
# and a provenance. For a release, and for whoever deploys (SR-68). Exits with 1 when one of them is not there or not right.
#
#   tools/verify-image.sh ghcr.io/owner/name@sha256:<digest> owner/name v1.2.3
#
# PROVENANCE=unavailable leaves out the provenance of GitHub, which a private repository without a paid feature has not, and
# says so. Needs cosign 3; for the provenance also gh, signed in. Exits with 64 when the image is named by a tag: what a tag
# means now is not what it means when it is pulled.
set -euo pipefail

readonly USAGE=64 # EX_USAGE of sysexits.h
usage='usage: tools/verify-image.sh image@sha256:… owner/name tag'
reference=${1:?$usage}
repository=${2:?$usage}
tag=${3:?$usage}

if [[ ! "$reference" =~ ^[a-z0-9./_-]+(:[0-9]+)?[a-z0-9./_-]*@sha256:[0-9a-f]{64}$ ]]; then
  printf 'verify-image: %s is not named by a digest\n' "$reference" >&2
  exit "$USAGE"
fi

# The certificate names the workflow that signed. Another repository may call it, and would get the same name: the repository
# that the run belongs to is a claim of its own.
identity=(
  --certificate-oidc-issuer https://token.actions.githubusercontent.com
  --certificate-identity "https://github.com/$repository/.github/workflows/image.yml@refs/tags/$tag"
  --certificate-github-workflow-repository "$repository"
  --certificate-github-workflow-ref "refs/tags/$tag"
)
cosign verify "${identity[@]}" --output text "$reference" >/dev/null
printf 'verify-image: signed by image.yml of %s for %s\n' "$repository" "$tag"
cosign verify-attestation "${identity[@]}" --type cyclonedx "$reference" >/dev/null
printf 'verify-image: its SBOM is signed by the same\n'

if [[ "${PROVENANCE:-required}" == unavailable ]]; then
  printf 'verify-image: SKIPPED: the provenance, which GitHub does not make for this repository\n'
  exit 0
fi
gh attestation verify "oci://$reference" --repo "$repository" --source-ref "refs/tags/$tag" \
  --signer-workflow "$repository/.github/workflows/image.yml" --deny-self-hosted-runners >/dev/null
printf 'verify-image: built by image.yml of %s for %s, on a runner of GitHub\n' "$repository" "$tag"
