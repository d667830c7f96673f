#!/usr/bin/env bash
# Gives a published image its tag, the last step of a release: a tag leads to what was verified, or to nothing. A tag that
# leads to another image stays as it is, and is a failure.
#
#   tools/ci/tag-image.sh ghcr.io/owner/name sha256:<digest> v1.2.3
#
# Needs skopeo and jq, and what `docker login` has left.
set -euo pipefail

image=${1:?usage: tools/ci/tag-image.sh image digest tag}
digest=${2:?usage: tools/ci/tag-image.sh image digest tag}
tag=${3:?usage: tools/ci/tag-image.sh image digest tag}
readonly name=docker://${image,,} version=${tag#v}

# Listed, not asked for by its name: a registry that does not answer must not look like one that has no such tag.
tags=$(skopeo list-tags "$name" | jq --raw-output '.Tags // [] | .[]')
if grep --quiet --line-regexp --fixed-strings -- "$version" <<<"$tags"; then
  existing=$(skopeo inspect --format '{{.Digest}}' "$name:$version")
  if [[ "$existing" != "$digest" ]]; then
    printf 'tag-image: %s is %s already, and stays it\n' "$version" "$existing" >&2
    exit 1
  fi
fi
skopeo copy --preserve-digests "$name@$digest" "$name:$version"
printf 'tag-image: %s:%s is %s\n' "${image,,}" "$version" "$digest"
