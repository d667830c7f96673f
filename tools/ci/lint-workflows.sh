#!/usr/bin/env bash
# Looks at all workflows, scripts and YAML files with four linters, tells of each whether it found something, and fails if one
# did. Those that are missing are installed first (tools/ci/install-linters.sh).
#
#   tools/ci/lint-workflows.sh
#
# With GH_TOKEN, zizmor also asks GitHub whether a commit belongs to its action and whether an action has advisories;
# without one it says that it did not. Exits with 69 when the linters cannot be installed.
set -euo pipefail
cd "$(dirname "$0")/../.."

tools/ci/install-linters.sh
PATH=$PWD/.local/linters/bin:$PATH
failed=0

check() {
  local name=$1
  shift
  if "$@"; then
    printf 'passed: %s\n' "$name"
  else
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$name"
  fi
}

# What git knows of, and what it would with the next `git add`.
files() {
  git ls-files --cached --others --exclude-standard -- "$@"
}

mapfile -t scripts < <(files '*.sh' .ci/run)
mapfile -t yaml_files < <(files '*.yaml' '*.yml' ':!*pnpm-lock.yaml')

network=(--offline)
if [[ -n "${GH_TOKEN:-}" ]]; then
  network=()
else
  printf 'zizmor: no GH_TOKEN, so that GitHub is not asked about the commits and advisories of actions\n'
fi

# Actionlint calls shellcheck for the code in workflows; scripts of their own are looked at below.
# Named, since actionlint finds no project in a working tree of `git worktree`.
check 'actionlint' actionlint .github/workflows/*.yml
check 'zizmor' zizmor --quiet --persona pedantic --config zizmor.yml "${network[@]}" .github
check 'yamllint' yamllint --strict "${yaml_files[@]}"
check 'shellcheck' shellcheck --external-sources "${scripts[@]}"
[[ $failed -eq 0 ]]
