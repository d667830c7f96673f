import type { Results } from '../results.ts';
import { variants } from '../variants.ts';

const WORKS = ['public GET', 'signed-in GET', 'validated POST'] as const;

const WIDTH = 720;
const LABEL_WIDTH = 200;
const BAR_HEIGHT = 14;
const BAR_STEP = 20;
const GROUP_GAP = 34;
const TOP = 46;
/** Room behind the longest bar for its figure. */
const FIGURE_WIDTH = 60;

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; font-size: 14px; }
  .bar { fill: #8c959f; } .hardened { fill: #0969da; } .base { fill: #57606a; }
  .whisker { stroke: #1f2328; stroke-width: 1; } .line { stroke: #d0d7de; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .bar { fill: #6e7681; } .hardened { fill: #4493f8; } .base { fill: #8b949e; }
    .whisker { stroke: #e6edf3; } .line { stroke: #3d444d; }
  }`;

/** Draws the ratios of the three main works to bare Fastify as an SVG that follows the reader's light or dark. */
export function drawChart({ works }: Results): string {
  const highest = Math.max(
    1,
    ...WORKS.flatMap((work) => Object.values(works[work] ?? {}).map(({ ratio }) => ratio.upper)),
  );
  const scale = (WIDTH - LABEL_WIDTH - FIGURE_WIDTH) / highest;
  let y = TOP;
  const parts: string[] = [];
  for (const work of WORKS) {
    parts.push(`<text class="title" x="0" y="${y}">${work}</text>`);
    y += 10;
    for (const { id, title, kind } of variants) {
      const ratio = works[work]?.[id]?.ratio;
      if (ratio === undefined) continue;
      const style = id === 'hardened' ? 'hardened' : kind === 'base' ? 'base' : 'bar';
      const end = LABEL_WIDTH + ratio.median * scale;
      const middle = y + BAR_HEIGHT / 2;
      parts.push(
        `<text x="${LABEL_WIDTH - 8}" y="${y + 11}" text-anchor="end">${title}</text>`,
        `<rect class="${style}" x="${LABEL_WIDTH}" y="${y}" width="${(ratio.median * scale).toFixed(1)}" height="${BAR_HEIGHT}"/>`,
        `<line class="whisker" x1="${(LABEL_WIDTH + ratio.lower * scale).toFixed(1)}" x2="${(LABEL_WIDTH + ratio.upper * scale).toFixed(1)}" y1="${middle}" y2="${middle}"/>`,
        `<text x="${(Math.max(end, LABEL_WIDTH + ratio.upper * scale) + 6).toFixed(1)}" y="${y + 11}">${ratio.median.toFixed(2)}</text>`,
      );
      y += BAR_STEP;
    }
    y += GROUP_GAP - 10;
  }
  const height = y - GROUP_GAP + 20;
  const one = (LABEL_WIDTH + scale).toFixed(1);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Requests a second as ratios to bare Fastify">
<style>${STYLE}
</style>
<text class="title" x="0" y="16">Requests a second, as ratios to bare Fastify: medians, and quartiles as lines</text>
<line class="line" x1="${one}" x2="${one}" y1="${TOP}" y2="${height}"/>
${parts.join('\n')}
</svg>
`;
}
