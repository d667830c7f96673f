import type { NameForms } from './name-forms.ts';

/** `export const modules: … = [a, b];` */
const MODULES = /^(?<head>export const modules\b[^=]*= \[)(?<list>[^\]]*)(?<end>\];)$/m;

/** Adds a module to the list of those that a service has; a text without a list is given back as it is. */
export function registerModule(text: string, { kebab, camel }: NameForms): string {
  if (!MODULES.test(text)) return text;
  const listed = text.replace(MODULES, (_whole, head: string, list: string, end: string) => {
    const names = [...list.split(',').map((each) => each.trim()), camel].filter((each) => each !== '');
    return `${head}${names.join(', ')}${end}`;
  });
  return withImport(listed, `import { ${camel} } from './${kebab}/${kebab}-routes.ts';`);
}

/** Adds the tables of a module to those of a service: to a type that joins several, or an interface that extends several. */
export function registerTables(text: string, { kebab, pascal }: NameForms, schema: string): string {
  const tables = `${pascal}Tables`;
  const type = new RegExp(`^(export type ${schema} = [^;]*);$`, 'm');
  const extended = new RegExp(`^(export interface ${schema} extends [^{]*?) \\{$`, 'm');
  const joined = type.test(text) ? text.replace(type, `$1 & ${tables};`) : text.replace(extended, `$1, ${tables} {`);
  if (joined === text) return text;
  return withImport(joined, `import type { ${tables} } from './${kebab}/${kebab}-tables.ts';`);
}

/** After the imports that are there. */
function withImport(text: string, line: string): string {
  const last = [...text.matchAll(/^(?:import|\} from) [^\n]*;$/gm)].at(-1);
  if (last === undefined) return `${line}\n\n${text}`;
  const end = last.index + last[0].length;
  return `${text.slice(0, end)}\n${line}${text.slice(end)}`;
}
