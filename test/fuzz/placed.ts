import type { Scenario } from './scenario.ts';

/** Fills in what stands for folders, when all trees lie in `above`. */
export function placed({ place }: Scenario, text: string, above: string): string {
  return text.replaceAll('$TREE', `${above}/${place}`).replaceAll('$NAME', place).replaceAll('$ABOVE', above);
}

/** Where the compiler is started. */
export function workingFolderOf(scenario: Scenario, above: string): string {
  const folder = placed(scenario, scenario.workingFolder, above);
  return folder.startsWith('/') ? folder : `${above}/${scenario.place}/${folder}`.replace(/\/$/, '');
}

/** The time of a file with this text, in seconds: the same each time, and long ago. */
export function dateOf(what: string): number {
  let digest = 0;
  for (const letter of what) digest = (Math.imul(digest, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
  return 1_400_000_000 + (digest % 100_000_000);
}

/** What every file is to be: `f` and its text, `l` and the target of a link, or `h` and the file that it is a hard link to. */
export function contentsOf(scenario: Scenario, above: string): Map<string, string> {
  const { files, links } = scenario.tree;
  const place = (text: string) => placed(scenario, text, above);
  return new Map([
    ...[...files].map(([path, text]) => [place(path), `f${place(text)}`] as const),
    ...[...links].map(
      ([path, target]) =>
        [place(path), target.startsWith('=') ? `h${target.slice(1)}` : `l${target}`] as const,
    ),
  ]);
}
