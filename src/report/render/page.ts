/** A report as one page of HTML that needs nothing else: no network, no script, no font. */
import type { Bars, Columns, Figure, Part, ReportDocument, Section, Table } from '../document/document.ts';
import { html, type Markup } from './html.ts';
import { STYLE } from './page-style.ts';

/** The policy keeps a browser from loading or running anything, even if text were taken for markup. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The whole page, with a line feed at its end. */
export function pageOf({ title, about, sections }: ReportDocument): string {
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
${STYLE}
</head>
<body>
<main>
<header>
<h1>${title}</h1>
${about.map((text) => html`<p class="about">${text}</p>\n`)}</header>
${sections.map(sectionOf)}</main>
</body>
</html>
`;
  return markup;
}

function sectionOf({ title, parts }: Section): Markup {
  return html`<section>
<h2>${title}</h2>
${parts.map(partOf)}</section>
`;
}

function partOf(part: Part): Markup {
  switch (part.kind) {
    case 'text':
      return html`<p>${part.text}</p>\n`;
    case 'figures':
      return html`<dl class="figures">\n${part.figures.map(figureOf)}</dl>\n`;
    case 'columns':
      return columnsOf(part);
    case 'bars':
      return barsOf(part);
    case 'table':
      return tableOf(part);
  }
}

function figureOf({ label, value, note }: Figure): Markup {
  const below = note === undefined ? html`` : html`<dd class="note">${note}</dd>`;
  return html`<div><dt>${label}</dt><dd class="value">${value}</dd>${below}</div>\n`;
}

const COLUMN_WIDTH = 10;
const GAP = 2;

function columnsOf({ label, shares, ends }: Columns): Markup {
  const width = shares.length * COLUMN_WIDTH - GAP;
  const column = (share: number, index: number) => {
    const height = rounded(100 * share);
    const place = html`x="${index * COLUMN_WIDTH}" width="${COLUMN_WIDTH - GAP}"`;
    return html`<rect class="rest" ${place} y="0" height="100"/><rect class="part" ${place} y="${rounded(100 - height)}" height="${height}"/>`;
  };
  return html`<figure>
<svg class="columns" role="img" aria-label="${label}" viewBox="0 0 ${width} 100" preserveAspectRatio="none">${shares.map(column)}</svg>
<figcaption><span>${ends[0]}</span><span>${ends[1]}</span></figcaption>
</figure>
`;
}

function barsOf({ caption, heads, rows }: Bars): Markup {
  const longest = Math.max(1, ...rows.map(({ amount }) => amount));
  const row = ({ label, note, amount, shown }: Bars['rows'][number]) => {
    const below = note === undefined ? html`` : html`<span class="note">${note}</span>`;
    const bar = html`<svg class="bar" aria-hidden="true" viewBox="0 0 100 1" preserveAspectRatio="none"><rect class="rest" width="100" height="1"/><rect class="part" width="${rounded((100 * amount) / longest)}" height="1"/></svg>`;
    return html`<tr><th scope="row">${label}${bar}${below}</th><td>${shown}</td></tr>\n`;
  };
  return framed(caption, heads, rows.map(row));
}

function tableOf({ caption, heads, rows }: Table): Markup {
  const row = ([first = '', ...rest]: readonly string[]) =>
    html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>\n`;
  return framed(caption, heads, rows.map(row));
}

function framed(caption: string, heads: readonly string[], rows: readonly Markup[]): Markup {
  return html`<table>
<caption>${caption}</caption>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>
</table>
`;
}

function rounded(value: number): number {
  return Math.round(10 * value) / 10;
}
