/** The name under which this program was started. It decides what the program does. */
import { fileNameOf, isCompilerName, stemOf } from '../util/program-name.ts';

export type StartedAs =
  | { readonly kind: 'clcache' }
  | { readonly kind: 'hashServer' }
  /** The program behaves as the compiler of this name, and no word of the line is clcache's own. */
  | { readonly kind: 'compiler'; readonly name: string };

/** The part of `process` that is read. Tests pass their own. */
export interface StartView {
  readonly argv: readonly string[];
  readonly argv0: string;
  readonly execPath: string;
}

const HASH_SERVER = /^(?:clcache-server|clcachesrv)$/i;
const OWN = /clcache/i;
/** The paths that Bun gives to files inside an executable. */
const COMPILED_IN = /^(?:\/\$bunfs\/|[A-Z]:[\\/]~BUN[\\/])/;

/** What the name means. A script has its own name, not that of Node.js. */
export function startedAs(process: StartView): StartedAs {
  // `argv0` keeps the name of a link where the system resolves links. But a caller may put any word there, so the name
  // of the executable counts as well.
  const names = [scriptOf(process) ?? process.argv0, process.execPath];
  for (const name of scriptOf(process) === undefined ? names : names.slice(0, 1)) {
    if (HASH_SERVER.test(stemOf(name))) return { kind: 'hashServer' };
    if (OWN.test(fileNameOf(name))) return { kind: 'clcache' };
    if (isCompilerName(name)) return { kind: 'compiler', name: fileNameOf(name).replace(/\.[cm]?js$/i, '') };
  }
  return { kind: 'clcache' };
}

/** The script that Node.js runs. Undefined for an executable. */
export function scriptOf({ argv }: Pick<StartView, 'argv'>): string | undefined {
  const script = argv[1];
  return script === undefined || COMPILED_IN.test(script) ? undefined : script;
}
