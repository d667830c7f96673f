#!/usr/bin/env bash
# Makes the release of a tag on GitHub, with the files that say what the image is made of and by whom. The notes name the
# digest and the command that verifies it.
#
#   tools/ci/create-release.sh v1.2.3 ghcr.io/owner/name sha256:<digest> FOLDER
#
# Needs gh, with GH_TOKEN. A tag that is not there is not made.
set -euo pipefail

tag=${1:?usage: tools/ci/create-release.sh tag image digest folder}
image=${2:?usage: tools/ci/create-release.sh tag image digest folder}
digest=${3:?usage: tools/ci/create-release.sh tag image digest folder}
folder=${4:?usage: tools/ci/create-release.sh tag image digest folder}
repository=${GITHUB_REPOSITORY:?GITHUB_REPOSITORY is owner/name}
mapfile -t files < <(find "$folder" -type f | sort)

notes="Image: \`${image,,}@$digest\`

Before a deployment: \`tools/verify-image.sh ${image,,}@$digest $repository $tag\`"
gh release create "$tag" --repo "$repository" --verify-tag --title "$tag" --generate-notes --notes "$notes" "${files[@]}"
