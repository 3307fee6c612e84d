import { factsOf } from '../../commandline/family.ts';
import { type ScanOptions, type SourceScan, scanDefinitions } from '../../source/scan.ts';
import type { Session } from '../session.ts';

/** How the compiler of a call reads sources. */
export function scanOptions({ compiler }: Pick<Session, 'compiler'>): ScanOptions {
  return factsOf(compiler.record);
}

/** The findings in the macros of the command line. */
export function definitionsOf(session: Pick<Session, 'request' | 'compiler'>): SourceScan {
  return scanDefinitions(session.request.call.definitions, scanOptions(session));
}
