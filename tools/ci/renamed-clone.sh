#!/usr/bin/env bash
# Gives a clone of this working tree other names, as a team does on its first day, and runs on the result what it would run: all
# static checks, and the tests that know names: of the tools, the stack and the settings. Once with the example and once
# without; the second time those tests that know the example. With --all, every test that needs no installed server runs in the
# first one: it takes as long again as the suite itself.
#
#   tools/ci/renamed-clone.sh [--all]
#
# A clone that has its names has nothing to try: there it says so and ends well.
set -euo pipefail
cd "$(dirname "$0")/../.."

if grep --quiet '"template":' template.json; then
  printf 'renamed-clone: this project has its own names already\n'
  exit 0
fi

pnpm=(npx -y pnpm@12.21.0)
# Put together: a name that stands in a file before it is given could not be told from that file's own words afterwards.
slug=granite
slug+=-harbor
names=(--name "$slug" --scope "@$slug" --domain "$slug.example" --owner "@$slug/platform")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# What git tracks and would track, committed as one: changes that are not committed yet are tried as well.
clone() {
  mkdir "$1"
  # Git lists as well what was removed and is not committed.
  git ls-files -z --cached --others --exclude-standard |
    while IFS= read -r -d '' path; do if [[ -f "$path" ]]; then printf '%s\0' "$path"; fi; done |
    xargs -0 cp --parents --no-dereference --target-directory="$1"
  git -C "$1" init --quiet --initial-branch=main
  git -C "$1" add --all
  git -C "$1" -c user.name=clone -c user.email=clone@clone.example -c commit.gpgsign=false \
    commit --quiet --message='a clone'
}

# No name of the template is left, but where the licence and the origin have it.
assert_renamed() {
  local name
  name=$(node --print "require('./template.json').names.name")
  if git -C "$1" grep --line-number --ignore-case --untracked "$name" -- . ':!LICENSE' ':!NOTICE' ':!template.json'; then
    printf 'renamed-clone: the name of the template is left\n' >&2
    return 1
  fi
}

for example in keep remove; do
  printf '\n-- a clone with other names, example: %s\n' "$example"
  clone "$folder/$example"
  (
    cd "$folder/$example"
    "${pnpm[@]}" install --frozen-lockfile --prefer-offline
    "${pnpm[@]}" setup:project "${names[@]}" --example "$example" --template-url https://git.example/owner/template
  )
  assert_renamed "$folder/$example"
  (
    cd "$folder/$example"
    "${pnpm[@]}" check
    # A second run has nothing to do.
    "${pnpm[@]}" setup:project --dry-run | grep 'nothing to change'
  )
done

cd "$folder/keep"
if [[ ${1:-} == --all ]]; then
  "${pnpm[@]}" test
else
  "${pnpm[@]}" exec vitest run --project unit tools/test docker/test packages/config packages/service apps/api/test/main.test.ts
fi
cd "$folder/remove"
"${pnpm[@]}" exec vitest run --project unit tools/test/claims apps/api/test/missing-access.test.ts apps/api/test/access.test.ts
