/** Under which name this program was started: that decides what it is. */
import { fileNameOf, isCompilerName, stemOf } from '../util/program-name.ts';

export type StartedAs =
  | { readonly kind: 'clcache' }
  | { readonly kind: 'hashServer' }
  /** We pass for a compiler of this name, and no word of the line is ours. */
  | { readonly kind: 'compiler'; readonly name: string };

/** The slice of `process` that is read; tests give their own. */
export interface StartView {
  readonly argv: readonly string[];
  readonly argv0: string;
  readonly execPath: string;
}

const HASH_SERVER = /^(?:clcache-server|clcachesrv)$/i;
const OWN = /clcache/i;
/** Where Bun keeps the program inside an executable. */
const COMPILED_IN = /^(?:\/\$bunfs\/|[A-Z]:[\\/]~BUN[\\/])/;

/** What the name says. A script goes by its own name, not by that of Node.js. */
export function startedAs(process: StartView): StartedAs {
  // The word of the caller has the name of a link, where the system tells the name of the file behind it; but a caller
  // may put any word there.
  const names = [scriptOf(process) ?? process.argv0, process.execPath];
  for (const name of scriptOf(process) === undefined ? names : names.slice(0, 1)) {
    if (HASH_SERVER.test(stemOf(name))) return { kind: 'hashServer' };
    if (OWN.test(fileNameOf(name))) return { kind: 'clcache' };
    if (isCompilerName(name)) return { kind: 'compiler', name: fileNameOf(name).replace(/\.[cm]?js$/i, '') };
  }
  return { kind: 'clcache' };
}

/** The script that Node.js runs; undefined for an executable. */
export function scriptOf({ argv }: Pick<StartView, 'argv'>): string | undefined {
  const script = argv[1];
  return script === undefined || COMPILED_IN.test(script) ? undefined : script;
}
