#!/usr/bin/env bash
# Builds the image of the service from nothing, without a cache, and puts it into a folder in two forms: image.tar for
# scanners, and the folder oci, an OCI layout, for a registry. Prints the digest under which a registry has it.
#
#   tools/ci/build-image.sh .local/image
#
# Two builds of one commit have one digest (SR-67). Writes `digest=sha256:…` into GITHUB_OUTPUT where there is one. STACK_BUILD
# names another program than `docker build`, where no registry of images can be reached. Needs Docker, skopeo and any Node.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=${1:?usage: tools/ci/build-image.sh folder}
read -ra build <<<"${STACK_BUILD:-docker build}"
readonly name=redoubt-api:release
version=$(node --print "require('./package.json').version")
revision=$(git rev-parse HEAD)
# The image is as old as its commit, whenever it is built.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH

"${build[@]}" --file docker/Dockerfile --no-cache --tag "$name" --build-arg SOURCE_DATE_EPOCH \
  --build-arg "VERSION=$version" --build-arg "REVISION=$revision" .
rm -rf "$folder"
mkdir -p "$folder"
docker save --output "$folder/image.tar" "$name"
skopeo copy --quiet "docker-archive:$folder/image.tar" "oci:$folder/oci"
digest=$(node --print 'JSON.parse(fs.readFileSync(process.argv[1])).manifests[0].digest' "$folder/oci/index.json")
printf 'digest=%s\n' "$digest" | tee -a "${GITHUB_OUTPUT:-/dev/null}"
