#!/usr/bin/env bash
# Puts the two SBOMs of the image into a folder, as its build has made them: application.cdx.json and image.cdx.json. They
# are the files that the image itself carries, byte for byte.
#
#   tools/ci/export-sbom.sh .local/sbom
#
# STACK_BUILD names another program than `docker build`, where no registry of images can be reached. Needs Docker.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=${1:?usage: tools/ci/export-sbom.sh folder}
read -ra build <<<"${STACK_BUILD:-docker build}"

"${build[@]}" --file docker/Dockerfile --target sbom --output "type=local,dest=$folder" .
