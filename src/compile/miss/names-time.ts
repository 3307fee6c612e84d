import { scanSource } from '../../source/scan.ts';
import { together } from '../../source/together.ts';
import type { Session } from '../session.ts';
import { definitionsOf, scanOptions } from './scan-options.ts';

/** Whether the text of a source, or a macro of the command line, names a time macro. */
export function namesTime(session: Pick<Session, 'request' | 'compiler'>, text: Buffer): boolean {
  return together([scanSource(text, scanOptions(session)), definitionsOf(session)]).hasTimeMacro;
}
