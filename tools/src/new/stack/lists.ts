import type { Place } from './place.ts';

// Files without a format that an editor of their own would keep: a line after the last one of its kind. A text that has no
// such line is given back as it is.

/** `docker/src/services.ts`. */
export function addToServices(text: string, { name, project }: Place): string {
  const line = `  { name: '${name.kebab}', prefix: '${name.kebab}-', storeUser: '${project}-${name.kebab}', issuesTokens: false, callsServices: true },\n`;
  return text.replace(/(services: readonly StackService\[\] = \[\n[^\]]*)\];/, `$1${line}];`);
}

/** The manifest that decides about the layer of dependencies. */
export function addToBuild(text: string, { name }: Place): string {
  return afterLast(
    text,
    /^COPY apps\/[\w-]+\/package\.json .*$/gm,
    `COPY apps/${name.kebab}/package.json apps/${name.kebab}/`,
  );
}

/** Who shows a certificate, and is asked for it. */
export function addToRenewal(text: string, { name }: Place): string {
  return text.replace(/^(readonly SERVERS=\(.*)\)$/m, `$1 ${name.kebab} ${name.kebab}-postgres)`);
}

/** What decides who may call the service and what its tables are, to those who look at it in others. */
export function addToOwners(text: string, { name }: Place): string {
  const owned = /^\/apps\/[\w-]+\/(?:migrations\/|src\/\S+|test\/access\.snapshot\.md) +(?<owner>@\S+)$/gm;
  const owner = [...text.matchAll(owned)].at(-1)?.groups?.['owner'];
  if (owner === undefined) return text;
  const column = Math.max(...[...text.matchAll(/^\S+ +(?=@)/gm)].map(([start]) => start.length));
  const lines = ['migrations/', 'src/access.ts', 'test/access.snapshot.md'].map(
    (path) => `${`/apps/${name.kebab}/${path} `.padEnd(column)}${owner}`,
  );
  return afterLast(text, owned, lines.join('\n'));
}

/** A pull request about what this service alone uses says so. */
export function addToRenovate(text: string, { name }: Place): string {
  const rule = {
    description: `What ${name.kebab} alone depends on has its label, so that its team finds it.`,
    matchFileNames: [`apps/${name.kebab}/**`],
    addLabels: [name.kebab],
  };
  return text.replace(/(\n {4}\})(\n {2}\],\n {2}"customManagers")/, `$1,\n    ${JSON.stringify(rule)}$2`);
}

/** No service imports another one. */
export function addToRules(text: string, { name, scope }: Place & { readonly scope: string }): string {
  return text.replace(new RegExp(`("${scope}/api"[^\\]]*)\\]`, 'g'), `$1, "${scope}/${name.kebab}"]`);
}

function afterLast(text: string, pattern: RegExp, line: string): string {
  const last = [...text.matchAll(pattern)].at(-1);
  if (last === undefined) return text;
  const end = last.index + last[0].length;
  return `${text.slice(0, end)}\n${line}${text.slice(end)}`;
}
