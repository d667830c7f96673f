import { describe, expect, it } from 'vitest';

import { parseName } from '../../src/new/name-forms.ts';
import { NewError } from '../../src/new/new-error.ts';
import { replaceName, SAMPLE_MODULE } from '../../src/new/replace-names.ts';

describe('a name', () => {
  it('has a form for each language', () => {
    expect(parseName('order-lines2')).toEqual({
      kebab: 'order-lines2',
      camel: 'orderLines2',
      pascal: 'OrderLines2',
      snake: 'order_lines2',
      constant: 'ORDER_LINES2',
      joined: 'ORDERLINES2',
    });
  });

  const bad = [
    '',
    'Orders',
    'order_lines',
    '-orders',
    'orders-',
    'a--b',
    '2orders',
    'a-2',
    'ördner',
    '../x',
    'a b',
    'a\n',
  ];
  for (const text of [...bad, 'a'.repeat(25)]) {
    it(`is none: ${JSON.stringify(text)}`, () => {
      expect(() => parseName(text)).toThrow(NewError);
    });
  }

  for (const text of ['postgres', 'edge', 'users', 'select', 'class', 'settings', 'well-known', 'sample-items']) {
    it(`has another meaning: ${text}`, () => {
      expect(() => parseName(text)).toThrow('another meaning');
    });
  }

  it('is replaced in all its forms', () => {
    const text = "sampleItems SampleItemsStore sample_items '/api/sample-items'";
    expect(replaceName(text, SAMPLE_MODULE, parseName('order-lines'))).toBe(
      "orderLines OrderLinesStore order_lines '/api/order-lines'",
    );
  });
});
