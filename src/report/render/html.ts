/** Markup in which no text can be taken for markup: what stands in a template is markup, what is put into it is text. */

export interface Markup {
  /** Complete markup. */
  readonly markup: string;
}

type Value = string | number | Markup | readonly Markup[];

/** Markup with values put in. Text is escaped, markup stays as it is. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const markup = parts.map((part, index) => part + markupOf(values[index] ?? '')).join('');
  return { markup };
}

function markupOf(value: Value): string {
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return 'markup' in value ? value.markup : value.map(markupOf).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for an element or for a value in quotes. */
export function escapeHtml(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

/**
 * One line without what changes the order of the letters around it. A file name may hold line feeds, and signs that turn
 * the direction of writing.
 */
export function visible(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Cs}/gu, '\ufffd');
}
