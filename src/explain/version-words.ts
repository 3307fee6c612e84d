const LONGEST = 80;

/** What a compiler says of its version, in a few words. cl may complain of the question first. */
export function versionWords(versionText: string): string {
  const [line = versionText] = /^.*\bversion \d.*$/im.exec(versionText) ?? [];
  const name = line.replace(/^Microsoft \(R\) (?:C\/C\+\+ )?Optimizing Compiler Version /, 'cl ');
  return name.trim().slice(0, LONGEST);
}
