import type { PolicyRule } from '../policy-rule.ts';
import { usesOf, workflowsOf } from '../read/workflow.ts';

const BY_COMMIT = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/;
const BY_DIGEST = /^docker:\/\/\S+@sha256:[0-9a-f]{64}$/;
const VERSION = /^v\d+\.\d+\.\d+\b/;

/** A workflow of this repository, called as a whole: it is judged where it stands. */
const OWN_WORKFLOW = /^\.\/\.github\/workflows\/[\w-]+\.ya?ml$/;

/** Rules about whose code a workflow runs. */
export const pinningRules: readonly PolicyRule[] = [
  {
    id: 'P-101',
    title: 'Every action is named by its commit, with its version behind it',
    requirement: 'SR-69',
    reason: 'A tag is moved by whoever takes the repository over: 76 of 77 tags of one action were, in CVE-2026-33634.',
    fix: 'write `owner/name@<40 hex> # v1.2.3`, or `docker://name@sha256:<digest>`',
    check: ({ files }) =>
      workflowsOf(files).flatMap((workflow) =>
        usesOf(workflow)
          .filter(({ text }) => !text.startsWith('./'))
          .filter(({ text, trailingComment }) =>
            text.startsWith('docker://')
              ? !BY_DIGEST.test(text)
              : !BY_COMMIT.test(text) || !VERSION.test(trailingComment),
          )
          .map(({ line, text }) => ({ file: workflow.file, line, message: `${text} can change` })),
      ),
  },
  {
    id: 'P-102',
    title: 'No action of this repository is used as one',
    requirement: 'SR-69',
    reason:
      'A local action is read from the checkout: a pull request changes what a job with rights runs, out of sight of every scanner of workflows.',
    fix: 'make it a script under tools/, which a person can run as well',
    check: ({ files }) => [
      ...workflowsOf(files).flatMap((workflow) =>
        usesOf(workflow)
          .filter(({ text }) => text.startsWith('./') && !OWN_WORKFLOW.test(text))
          .map(({ line, text }) => ({ file: workflow.file, line, message: `${text} is a local action` })),
      ),
      ...files.matching(/(?:^|\/)action\.ya?ml$/).map((file) => ({ file, line: 1, message: 'it is a local action' })),
    ],
  },
];
