#!/usr/bin/env bash
# Fails unless a tag is one to release: its name is the version of package.json, and its commit is on the main branch, where
# somebody has reviewed it.
#
#   tools/ci/check-tag.sh v1.2.3 [origin/main]
#
# Needs a clone with its history, and any Node.
set -euo pipefail
cd "$(dirname "$0")/../.."

tag=${1:?usage: tools/ci/check-tag.sh tag [branch]}
branch=${2:-origin/main}
version=$(node --print "require('./package.json').version")

if [[ "$tag" != "v$version" ]]; then
  printf 'check-tag: the tag is %s, package.json has %s\n' "$tag" "$version" >&2
  exit 1
fi
if ! git merge-base --is-ancestor "refs/tags/$tag" "$branch"; then
  printf 'check-tag: %s is not on %s\n' "$tag" "$branch" >&2
  exit 1
fi
printf 'check-tag: %s is on %s\n' "$tag" "$branch"
