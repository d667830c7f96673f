#!/usr/bin/env bash
# A team's first day with a clone of this working tree: other names, a service of its own, two modules in it and one in api; then,
# with no hand at any file, what the team would run: all static checks, the tests that know names or loop over services, and
# the build of the new service. Once with the example, and once without it, where those tests run that know the example. With
# --all, every test that needs no installed server runs in the first one: it takes as long again as the suite itself.
#
#   tools/ci/new-project.sh [--all]
#
# A clone that has its names keeps them, and is extended all the same.
set -euo pipefail
cd "$(dirname "$0")/../.."

pnpm=(npx -y pnpm@12.21.0)
folder=$(mktemp -d "${TMPDIR:-/tmp}/new-project.XXXXXX")
trap 'rm -rf "$folder"' EXIT
# Put together: a name that stands in a file before it is given could not be told from that file's own words afterwards.
slug=granite
slug+=-harbor
names=(--name "$slug" --scope "@$slug" --domain "$slug.example" --owner "@$slug/platform")
is_template=true
grep --quiet '"template":' template.json && is_template=false

commit() {
  git add --all
  git -c user.name=clone -c user.email=clone@clone.example -c commit.gpgsign=false commit --quiet --no-verify --message="$1"
}

# What git tracks and would track, committed as one: changes that are not committed yet are tried as well.
clone() {
  mkdir "$1"
  # Git lists as well what was removed and is not committed.
  git ls-files -z --cached --others --exclude-standard |
    while IFS= read -r -d '' path; do if [[ -f "$path" ]]; then printf '%s\0' "$path"; fi; done |
    xargs -0 cp --parents --no-dereference --target-directory="$1"
  git -C "$1" init --quiet --initial-branch=main
  (cd "$1" && commit 'a clone')
}

# No name of the template is left, but where the licence and the origin have it.
assert_renamed() {
  local name
  name=$(node --print "require('./template.json').names.name")
  if git -C "$1" grep --line-number --ignore-case --untracked "$name" -- . ':!LICENSE' ':!NOTICE' ':!template.json'; then
    printf 'new-project: the name of the template is left\n' >&2
    return 1
  fi
}

# Renames the clone and extends it.
begin() {
  local example=$1
  clone "$folder/$example"
  (cd "$folder/$example" && "${pnpm[@]}" install --frozen-lockfile --prefer-offline --reporter=silent)
  if $is_template; then
    (
      cd "$folder/$example"
      "${pnpm[@]}" setup:project "${names[@]}" --example "$example" --template-url https://git.example/owner/template
    )
    assert_renamed "$folder/$example"
  fi
  (
    cd "$folder/$example"
    commit 'names of its own'
    "${pnpm[@]}" new service order-desk
    "${pnpm[@]}" new module order-desk orders
    "${pnpm[@]}" new module order-desk order-lines
    "${pnpm[@]}" new module api bookmarks
    commit 'a service and three modules'
    "${pnpm[@]}" check
    # A second run has nothing to do.
    if $is_template; then "${pnpm[@]}" setup:project --dry-run | grep 'nothing to change'; fi
  )
}

printf '\n-- other names, with the example\n'
begin keep
cd "$folder/keep"
if [[ ${1:-} == --all ]]; then
  "${pnpm[@]}" test
else
  "${pnpm[@]}" exec vitest run --project unit tools/test docker/test packages/config packages/service apps/order-desk \
    apps/api/test/{main,access,bookmarks,reader}.test.ts
fi
"${pnpm[@]}" --filter ./apps/order-desk run build
printf '\n-- %d s after the clone was begun\n' "$SECONDS"
cd "$OLDPWD"

if ! $is_template; then exit 0; fi
printf '\n-- other names, without the example\n'
begin remove
cd "$folder/remove"
"${pnpm[@]}" exec vitest run --project unit tools/test/claims tools/test/new apps/order-desk \
  apps/api/test/{missing-access,access,bookmarks}.test.ts
