import { findingCatalogue, reportSchema } from '@redoubt/config';
import { describe, expect, it } from 'vitest';

import { findingIndex, findingPages } from '../src/finding-pages.ts';

const pages = findingPages();

describe('the pages of findings', () => {
  it('are one for each finding, with its risk, its remedy, its source and its test', () => {
    for (const [id, { title, source }] of findingCatalogue) {
      const page = pages.get(`docs/findings/${id}.md`) ?? '';
      expect(page.replaceAll('\\', '')).toContain(`# ${id}: ${title}`);
      for (const heading of ['## Risk', '## Remedy', '## Silence', '## Source and test'])
        expect(page).toContain(heading);
      expect(page).toContain(source);
      expect(page).toContain(`pnpm test -t ${id}`);
    }
    expect(findingIndex().match(/^\| \[RD-/gm)).toHaveLength(findingCatalogue.size);
  });

  it('offer a silence only where one is allowed', () => {
    for (const [id, { silencing }] of findingCatalogue) {
      const page = pages.get(`docs/findings/${id}.md`) ?? '';
      expect(page.includes('README.md#silences')).toBe(silencing === 'allowed');
      expect(page.includes('cannot be silenced')).toBe(silencing === 'refused');
    }
  });

  it('keep the marks of Markdown out of their texts', () => {
    const page = pages.get('docs/findings/RD-011.md') ?? '';
    expect(page).toContain('NODE\\_TLS\\_REJECT\\_UNAUTHORIZED=0');
  });

  it('come with the form of the report', () => {
    expect(JSON.parse(pages.get('docs/findings/report.schema.json') ?? '')).toEqual(
      JSON.parse(JSON.stringify(reportSchema)),
    );
  });
});
