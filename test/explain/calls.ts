import { manifestKeyParts } from '../../src/cache/key.ts';
import { type KeptCall, keptParts, type Verdict } from '../../src/explain/kept-call.ts';
import { digestOfParts } from '../../src/hash/digest.ts';

/** A call of a test: what differs from the usual one. */
export interface CallWords {
  readonly options?: readonly string[];
  /** Options with a path in a word of its own. */
  readonly paths?: readonly (readonly [text: string, path: string])[];
  readonly variables?: Readonly<Record<string, string>>;
  /** `CL` and `_CL_`. */
  readonly line?: Readonly<Record<string, string>>;
  readonly compiler?: string;
  readonly source?: string;
  readonly contents?: string;
  readonly folder?: string;
  readonly bases?: readonly string[];
  readonly inputs?: Readonly<Record<string, string>>;
  readonly showIncludes?: string;
  readonly verdict?: Verdict;
  readonly at?: number;
  readonly object?: string;
  /** Which of the calls it is, when several sources have it. */
  readonly call?: string;
}

const STORED: Verdict = { kind: 'miss', causes: [{ kind: 'first' }], result: 'stored' };

/** A call that was looked up, as it is kept. */
export function keptCall(words: CallWords = {}): KeptCall & { readonly lookup: object } {
  const {
    folder = '/p',
    source = 'a.c',
    bases = [],
    options = [],
    paths = [],
    compiler = 'cl 19.43',
  } = words;
  const object = words.object ?? `${folder}/a.obj`;
  const parts = manifestKeyParts(
    {
      roots: { style: 'posix', workingDirectory: folder, baseDirectories: bases },
      compilerIdentity: digestOfParts([compiler]),
      language: 'c',
      source,
      options: [
        ...options.map((text) => ({ text })),
        ...paths.map(([text, path]) => ({ text, path })),
        { text: 'output object' },
      ],
      showIncludes: words.showIncludes ?? 'no',
      environment: Object.entries(words.variables ?? {}).map(([name, value]) => ({
        name,
        value,
        isFolderList: name === 'INCLUDE',
      })),
      inputFiles: Object.entries(words.inputs ?? {}).map(([path, digest]) => ({ path, digest })),
    },
    digestOfParts([words.contents ?? 'int a;']),
  );
  return {
    at: words.at ?? 1000,
    ms: 10,
    folder,
    baseDirectories: bases,
    source,
    object,
    compiler: { path: '/bin/cl', version: compiler.replace(/ \(.*/, '') },
    verdict: words.verdict ?? STORED,
    ...(words.call !== undefined && { call: words.call }),
    lookup: {
      parts: keptParts(parts),
      manifest: digestOfParts(parts),
      artifact: digestOfParts(['artifact', ...parts]),
      view: '',
      variables: words.line ?? {},
    },
  };
}
