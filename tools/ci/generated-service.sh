#!/usr/bin/env bash
# Generates a service with two modules, and a module of api, in a clone of the working tree, and holds the clone to all that a
# person would hold it to: `pnpm check`, the tests of both services, and those that loop over services. Leaves nothing behind.
#
#   tools/ci/generated-service.sh
set -euo pipefail
cd "$(dirname "$0")/../.."

pnpm=(npx -y pnpm@12.21.0)
clone=$(mktemp -d "${TMPDIR:-/tmp}/generated-service.XXXXXX")
trap 'rm -rf "$clone"' EXIT

# What git knows or would know, as it is now. The policy reads what is tracked, so that the clone is a repository, too.
git ls-files --cached --others --exclude-standard -z | while IFS= read -r -d '' file; do
  if [[ -e $file ]]; then printf '%s\0' "$file"; fi
done | tar --create --null --files-from=- | tar --extract --directory="$clone"
cd "$clone"
track() { git add --all && git -c user.name=generated -c user.email=generated@localhost commit --quiet --no-verify --message="$1"; }
git init --quiet
track 'the working tree'
"${pnpm[@]}" install --frozen-lockfile --prefer-offline --reporter=silent

"${pnpm[@]}" new service order-desk
"${pnpm[@]}" new module order-desk orders
"${pnpm[@]}" new module order-desk order-lines
"${pnpm[@]}" new module api bookmarks
track 'what was generated'

"${pnpm[@]}" check
"${pnpm[@]}" exec vitest run --project unit apps/order-desk apps/api/test/access.test.ts apps/api/test/bookmarks.test.ts \
  apps/api/test/reader.test.ts docker/test/bootstrap docker/test/edge docker/test/renew.test.ts tools/test/policy \
  tools/test/new tools/test/layers.test.ts
"${pnpm[@]}" --filter ./apps/order-desk run build
