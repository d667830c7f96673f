#!/usr/bin/env bash
# Tells the name that the image of this repository has in the registry of GitHub: in small letters, as registries want it.
#
#   GITHUB_REPOSITORY=owner/name tools/ci/image-name.sh
#
# Writes `image=ghcr.io/owner/name` into GITHUB_OUTPUT where there is one.
set -euo pipefail

repository=${GITHUB_REPOSITORY:?GITHUB_REPOSITORY is owner/name}
printf 'image=ghcr.io/%s\n' "${repository,,}" | tee -a "${GITHUB_OUTPUT:-/dev/null}"
