import type { Page } from 'playwright-core';

/** A rectangle on the page, in CSS pixels. */
interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface MeasuredText {
  readonly text: string;
  readonly fontPx: number;
  readonly colour: string;
  readonly area: Area;
  /** The topmost shape behind the middle of the text. */
  readonly behind?: { readonly colour: string; readonly area: Area };
}

/** The least that a person reads without effort. */
export interface Readability {
  readonly minFontPx: number;
  readonly minContrast: number;
}

/** Shadows of letters above and below them, in which two lines may meet. */
const LINE_SLACK_PX = 2;

/** What keeps a person from reading a picture that is shown at a width; a picture that is no XML is one fault. */
export async function pictureFaults(
  page: Page,
  xml: string,
  { widthPx, minFontPx, minContrast }: Readability & { readonly widthPx: number },
): Promise<readonly string[]> {
  const measured = await measure(page, xml, widthPx);
  if (typeof measured === 'string') return [measured];
  if (measured.length === 0) return ['no text'];
  const single = measured.flatMap((one) => textFaults(one, { minFontPx, minContrast }));
  const pairs = measured.flatMap((one, index) => measured.slice(index + 1).map((other) => ({ one, other })));
  const overlapping = pairs.filter(({ one, other }) => overlap(one.area, other.area));
  return single.concat(overlapping.map(({ one, other }) => `${one.text} on ${other.text}`));
}

function measure(page: Page, xml: string, widthPx: number): Promise<readonly MeasuredText[] | string> {
  return page.evaluate<readonly MeasuredText[] | string>(`(() => {
    const parsed = new DOMParser().parseFromString(${JSON.stringify(xml)}, 'image/svg+xml');
    const broken = parsed.querySelector('parsererror');
    if (broken !== null) return broken.textContent;
    const svg = document.importNode(parsed.documentElement, true);
    svg.setAttribute('width', '${widthPx}');
    document.body.replaceChildren(svg);
    const areaOf = (element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { left, right, top, bottom };
    };
    const shapes = [...svg.querySelectorAll('rect, path.own')].map((shape) => ({ colour: getComputedStyle(shape).fill, area: areaOf(shape) }));
    return [...svg.querySelectorAll('text')].map((element) => {
      const area = areaOf(element);
      const middle = (area.left + area.right) / 2;
      const behind = shapes.findLast((shape) => shape.area.left <= middle && middle <= shape.area.right && shape.area.top <= area.top && area.bottom <= shape.area.bottom);
      const { fontSize, fill } = getComputedStyle(element);
      return { text: element.textContent, fontPx: parseFloat(fontSize), colour: fill, area, behind };
    });
  })()`);
}

function textFaults({ text, fontPx, colour, area, behind }: MeasuredText, least: Readability): readonly string[] {
  if (behind === undefined) return [`${text}: outside of the picture`];
  const faults: string[] = [];
  if (fontPx < least.minFontPx) faults.push(`${text}: ${fontPx} px`);
  if (area.left < behind.area.left || area.right > behind.area.right) faults.push(`${text}: wider than its box`);
  if (contrast(colour, behind.colour) < least.minContrast) faults.push(`${text}: hard to read`);
  return faults;
}

function overlap(one: Area, other: Area): boolean {
  const beside = one.right <= other.left || other.right <= one.left;
  return !beside && one.top + LINE_SLACK_PX < other.bottom && other.top + LINE_SLACK_PX < one.bottom;
}

/** WCAG 2.2, contrast ratio. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((first, second) => first - second);
  return (light + 0.05) / (dark + 0.05);
}

/** WCAG 2.2, relative luminance of `rgb(…)`. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
