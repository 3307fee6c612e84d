const LONGEST = 80;

/** What a compiler says of its version, in a few words. */
export function versionWords(versionText: string): string {
  const [line = ''] = versionText.split('\n', 1);
  const name = line.replace(/^Microsoft \(R\) (?:C\/C\+\+ )?Optimizing Compiler Version /, 'cl ');
  return name.trim().slice(0, LONGEST);
}
