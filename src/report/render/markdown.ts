/** A report as GitHub's Markdown, short, to be appended to a job summary. It has no HTML in it. */
import type { Part, ReportDocument } from '../document/document.ts';
import { visible } from './html.ts';

/** The most rows of a table. */
const MOST_ROWS = 10;
/** The heading of the column of words. */
const NOTE = 'note';

/** The whole text. It begins with a heading of the second level, as a part of a summary of more. */
export function markdownOf({ title, about, sections }: ReportDocument): string {
  const blocks = [
    `## ${escapeMarkdown(title)}`,
    ...about.map(escapeMarkdown),
    ...sections.flatMap((section) => [
      `### ${escapeMarkdown(section.title)}`,
      ...section.parts.flatMap(blocksOf),
    ]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function blocksOf(part: Part): readonly string[] {
  switch (part.kind) {
    case 'text':
      return [escapeMarkdown(part.text)];
    case 'columns':
      return [];
    case 'figures': {
      const rows = part.figures.map(({ label, value, note }) => [
        label,
        note === undefined ? value : `${value} (${note})`,
      ]);
      return [table(['figure', 'value'], rows)];
    }
    case 'bars': {
      const { rows, heads } = part;
      const hasNotes = rows.some(({ note }) => note !== undefined);
      const shown = rows.map((row) => [row.label, row.shown, ...(hasNotes ? [row.note ?? ''] : [])]);
      return titled(part.caption, [...heads, ...(hasNotes ? [NOTE] : [])], shown);
    }
    case 'table':
      return titled(part.caption, part.heads, part.rows);
  }
}

function titled(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const left = rows.length - MOST_ROWS;
  return [
    `**${escapeMarkdown(caption)}**`,
    table(heads, rows.slice(0, MOST_ROWS)),
    ...(left > 0 ? [`and ${left} more`] : []),
  ];
}

/** Amounts stand in the second column and those behind it, notes in a column of words. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const ruler = `| ${heads.map((head, index) => (index === 0 || head === NOTE ? '---' : '---:')).join(' | ')} |`;
  return [line(heads), ruler, ...rows.map(line)].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text that Markdown shows as it is, in one line: not a link, a table's border, code, emphasis, mathematics or markup. */
export function escapeMarkdown(text: string): string {
  return visible(text)
    .replaceAll(/[\\`*_[\]|~$]/g, '\\$&')
    .replaceAll(/[&<>]/g, (sign) => ENTITIES[sign] ?? sign)
    .replace(/^(\s*\d*)([#=+\-.)])(?=[\s#=-]|$)/, '$1\\$2');
}
