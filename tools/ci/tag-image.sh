#!/usr/bin/env bash
# Gives a published image its tag, the last step of a release: a tag leads to what was verified, or to nothing. A tag that
# leads to another image stays as it is, and is a failure.
#
#   tools/ci/tag-image.sh ghcr.io/owner/name sha256:<digest> v1.2.3
#
# Needs skopeo, and what `docker login` has left.
set -euo pipefail

image=${1:?usage: tools/ci/tag-image.sh image digest tag}
digest=${2:?usage: tools/ci/tag-image.sh image digest tag}
tag=${3:?usage: tools/ci/tag-image.sh image digest tag}
readonly name=docker://${image,,} version=${tag#v}

# Only the registry's own word for it says that there is no such tag: one that does not answer may have it.
if existing=$(skopeo inspect --format '{{.Digest}}' "$name:$version" 2>&1); then
  if [[ "$existing" != "$digest" ]]; then
    printf 'tag-image: %s is %s already, and stays it\n' "$version" "$existing" >&2
    exit 1
  fi
elif [[ "$existing" != *'manifest unknown'* ]]; then
  printf 'tag-image: the registry does not say what %s is: %s\n' "$version" "$existing" >&2
  exit 1
fi
skopeo copy --preserve-digests "$name@$digest" "$name:$version"
printf 'tag-image: %s:%s is %s\n' "${image,,}" "$version" "$digest"
