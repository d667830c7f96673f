import { PATCHED, type TemplateDiff } from './diff-template.ts';
import type { TemplateChange } from './template-change.ts';

/** Enough of a commit's id to find it. */
const SHORT = 12;

/**
 * What was changed, for people: security first. It stands at the head of a patch, where git passes over it: no line of it
 * begins as one of a patch does.
 */
export function changeList({ since, to, security, others }: TemplateDiff): string {
  return [
    `Changes of the template up to ${to}`,
    `since ${since}`,
    '',
    `Security: ${security.length}`,
    ...security.map(line),
    `Others: ${others.length}`,
    ...others.map(line),
    '',
  ].join('\n');
}

function line(change: TemplateChange): string {
  const { commit, subject, security, paths } = change;
  const outside = paths.filter((path) => !PATCHED.some((folder) => path.startsWith(`${folder}/`)));
  const notes = [
    ...(security === '' ? [] : [security.replaceAll('\n', ' ')]),
    ...(outside.length === 0 ? [] : [`not in the patch: ${outside.join(', ')}`]),
  ];
  return [`  ${commit.slice(0, SHORT)} ${subject}`, ...notes.map((note) => `    ${note}`)].join('\n');
}
