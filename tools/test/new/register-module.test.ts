import { describe, expect, it } from 'vitest';

import { parseName } from '../../src/new/name-forms.ts';
import { registerModule, registerTables } from '../../src/new/register-module.ts';

const name = parseName('order-lines');

describe('a module in the lists of its service', () => {
  it('stands last among the modules, whatever their type is', () => {
    const text = "import { a } from './a/a-routes.ts';\n\nexport const modules: readonly X<Y, Z>[] = [a];\n";
    expect(registerModule(text, name)).toBe(
      "import { a } from './a/a-routes.ts';\nimport { orderLines } from './order-lines/order-lines-routes.ts';\n\nexport const modules: readonly X<Y, Z>[] = [a, orderLines];\n",
    );
  });

  it('is the first one of an empty list, and follows a list of many lines', () => {
    expect(registerModule('export const modules: readonly X[] = [];\n', name)).toContain('= [orderLines];');
    expect(registerModule('export const modules = [\n  a,\n  b,\n];\n', name)).toContain('= [a, b, orderLines];');
  });

  it('adds its tables to a type that joins several, and to an interface that extends several', () => {
    const type = "import { x } from 'x';\n\nexport type Schema = ServiceSchema & A;\n";
    expect(registerTables(type, name, 'Schema')).toContain(
      'export type Schema = ServiceSchema & A & OrderLinesTables;',
    );
    const extended = "import { x } from 'x';\n\nexport interface Schema extends ServiceSchema {\n  a: A;\n}\n";
    const registered = registerTables(extended, name, 'Schema');
    expect(registered).toContain('export interface Schema extends ServiceSchema, OrderLinesTables {');
    expect(registered).toContain("import type { OrderLinesTables } from './order-lines/order-lines-tables.ts';");
  });

  it('changes nothing where there is no such list', () => {
    for (const text of ['', 'export const routes = [a];\n', 'export interface Other extends ServiceSchema {}\n']) {
      expect(registerModule(text, name)).toBe(text);
      expect(registerTables(text, name, 'Schema')).toBe(text);
    }
  });
});
