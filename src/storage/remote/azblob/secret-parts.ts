import { percentDecoded } from '../url-options.ts';

/** The secrets within a connection string or a SAS token, as they are written and as they are meant. */
export function secretParts(text: string): string[] {
  const found = text.matchAll(/(?:AccountKey|SharedAccessSignature|\bsig)=([^;&\s]+)/gi);
  return [...found].flatMap(([, secret = '']) => [secret, percentDecoded(secret)]);
}
