#!/usr/bin/env bash
# Puts an image into a registry under its digest and no tag, so that nobody pulls it by name before it is signed and
# verified. The registry refuses bytes that are not those of the digest, and so does skopeo.
#
#   tools/ci/push-image.sh .local/image ghcr.io/owner/name sha256:<digest>
#
# Asks the registry with what `docker login` has left. Needs skopeo. Nothing is built here: the job that may publish runs no
# code of a dependency (SR-68).
set -euo pipefail

folder=${1:?usage: tools/ci/push-image.sh folder image digest}
image=${2:?usage: tools/ci/push-image.sh folder image digest}
digest=${3:?usage: tools/ci/push-image.sh folder image digest}

# Names of a registry have small letters; those of repositories need not.
skopeo copy --preserve-digests "oci:$folder/oci" "docker://${image,,}@$digest"
printf 'push-image: %s@%s\n' "${image,,}" "$digest"
