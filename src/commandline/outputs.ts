/** Which files a compile writes, and under which names. */
import { absolutePath, hasTrailingSeparator } from '../util/paths.ts';
import type { CommandLineHost, JobOutput, OutputRole } from './compile-call.ts';
import { baseName, hasSuffix, isDevice, withSuffix } from './file-name.ts';
import type { OptionItem } from './items.ts';

/** A file that will be written, as spelled and where it is. */
export interface PlannedOutput extends JobOutput {
  /** What the compiler calls it: relative where the line is. */
  readonly spelled: string;
}

export type OutputPlan =
  | { readonly kind: 'planned'; readonly outputs: readonly PlannedOutput[] }
  | { readonly kind: 'refused'; readonly because: string };

/** What decides the names, found once for all sources. */
export interface OutputOptions {
  readonly options: readonly OptionItem[];
  readonly host: CommandLineHost;
  readonly sourceCount: number;
  /** True when the last debug option of the GCC spelling asks for DWARF. */
  readonly hasDwarf: boolean;
}

/** How the name of a file is found from an option's value. */
interface Naming {
  /** The value; '' for the default name. */
  readonly value: string;
  /** For a value that names a folder, or for none: the suffix behind the source's stem. */
  readonly suffix: string;
  /** The suffix for a value without one; undefined when it is not known what the compiler does then. */
  readonly addedSuffix: string | undefined;
}

type Named = { readonly spelled: string } | { readonly because: string };

/**
 * Every file that compiling `source` writes, the object first. cl by "/Fo", "/FA, /Fa", "/FR, /Fr", "/doc" and
 * "/sourceDependencies"; clang-cl as version 14 does it. Only a trailing separator makes a folder of a value.
 */
export function planOutputs(source: string, request: OutputOptions): OutputPlan {
  const plans = request.host.family === 'cl' ? clOutputs(source, request) : clangOutputs(source, request);
  const outputs: PlannedOutput[] = [];
  for (const [role, named] of plans) {
    if ('because' in named) return { kind: 'refused', because: named.because };
    const because = unusableName(named.spelled, request.host);
    if (because !== undefined) return { kind: 'refused', because };
    const { style, workingDirectory } = request.host;
    outputs.push({
      role,
      spelled: named.spelled,
      path: absolutePath(style, workingDirectory, named.spelled),
    });
  }
  return { kind: 'planned', outputs };
}

function clOutputs(source: string, request: OutputOptions): [OutputRole, Named][] {
  const { options } = request;
  const named: [OutputRole, Named][] = [['object', objectName(source, request)]];
  const listings = outputsOf(options, 'listing');
  if (listings.length > 0) {
    const forms = new Set(listings.filter(isListingForm).map((item) => item.row.name));
    const withCode = [...forms].some((form) => form.includes('c'));
    const value = lastValue(listings.filter((item) => !isListingForm(item)));
    named.push([
      'listing',
      forms.size > 1
        ? { because: 'several forms of /FA' }
        : nameFile(
            source,
            { value, suffix: withCode ? 'cod' : 'asm', addedSuffix: withCode ? undefined : 'asm' },
            request,
          ),
    ]);
  }
  const browse = outputsOf(options, 'browse');
  if (browse.length > 0) {
    named.push([
      'browse',
      nameFile(source, { value: lastValue(browse), suffix: 'sbr', addedSuffix: 'sbr' }, request),
    ]);
  }
  const documentation = outputsOf(options, 'documentation');
  if (documentation.length > 0) {
    const value = lastValue(documentation);
    named.push([
      'documentation',
      nameFile(source, { value, suffix: 'xdc', addedSuffix: undefined }, request),
    ]);
  }
  const dependencies = outputsOf(options, 'sourceDependencies').at(-1);
  if (dependencies)
    named.push(['sourceDependencies', sourceDependenciesName(source, dependencies.value, request)]);
  return named;
}

function clangOutputs(source: string, request: OutputOptions): [OutputRole, Named][] {
  const { options, host } = request;
  const object = objectName(source, request);
  const named: [OutputRole, Named][] = [['object', object]];
  const inFolder = (suffix: string): Named => ({
    spelled: withSuffix(baseName(source, host.style), suffix, host.style),
  });
  const has = (role: OutputRole): boolean => outputsOf(options, role).length > 0;

  if (has('listing')) {
    const value = lastValue(outputsOf(options, 'listing').filter((item) => item.row.name === 'Fa'));
    const isBitcode = options.some((item) => /^flto(?:=|$)/.test(item.row.name));
    named.push([
      'listing',
      isBitcode
        ? { because: 'a listing of bitcode' }
        : nameFile(source, { value, suffix: 'asm', addedSuffix: 'asm' }, request),
    ]);
  }
  const dependencies = dependenciesName(inFolder('d'), request);
  if (dependencies) named.push(['dependencies', dependencies]);
  if (has('splitDebug') && request.hasDwarf) named.push(['splitDebug', inFolder('dwo')]);
  const diagnostics = outputsOf(options, 'serializedDiagnostics').at(-1);
  if (diagnostics) named.push(['serializedDiagnostics', ownFile(diagnostics.value, request)]);
  if (has('timeTrace')) {
    named.push([
      'timeTrace',
      'spelled' in object ? { spelled: withSuffix(object.spelled, 'json', host.style) } : object,
    ]);
  }
  if (has('coverageNotes')) named.push(['coverageNotes', coverageName(object, inFolder('gcno'), request)]);
  if (has('stackUsage')) named.push(['stackUsage', inFolder('su')]);
  if (has('optimizationRecord')) named.push(['optimizationRecord', inFolder('opt.yaml')]);
  return named;
}

function objectName(source: string, request: OutputOptions): Named {
  const last = request.options.findLast((item) => item.row.effect.kind === 'object');
  return nameFile(source, { value: last?.value ?? '', suffix: 'obj', addedSuffix: 'obj' }, request);
}

function nameFile(
  source: string,
  { value, suffix, addedSuffix }: Naming,
  { host, sourceCount }: OutputOptions,
): Named {
  const { style } = host;
  const ownName = withSuffix(baseName(source, style), suffix, style);
  if (value === '') return { spelled: ownName };
  if (hasTrailingSeparator(style, value)) return { spelled: value + ownName };
  if (sourceCount > 1) return { because: `several sources and one output file: ${value}` };
  if (hasSuffix(value, style)) return { spelled: value };
  if (addedSuffix === undefined) return { because: `an output without a suffix: ${value}` };
  return { spelled: `${value}.${addedSuffix}` };
}

/** A file named outright, which several sources would overwrite. */
function ownFile(value: string, { sourceCount }: OutputOptions): Named {
  if (sourceCount > 1) return { because: `several sources and one output file: ${value}` };
  return { spelled: value };
}

/** `-MD` alone names the file after the source, in the current folder; `-MF` counts only together with it. */
function dependenciesName(byDefault: Named, request: OutputOptions): Named | undefined {
  const items = outputsOf(request.options, 'dependencies');
  const files = items.filter((item) => item.level === 'frontend');
  const isAsked = items.some((item) => item.level === 'driver' && isSwitch(item));
  if (files.length > 0) {
    const [file] = files;
    if (isAsked || files.length > 1 || !file) return { because: 'two dependency files' };
    return namedDependencies(file.value, request);
  }
  if (!isAsked) return undefined;
  const file = items.findLast((item) => !isSwitch(item));
  return file ? namedDependencies(file.value, request) : byDefault;
}

function namedDependencies(value: string, request: OutputOptions): Named {
  return value === '-' ? { because: 'dependencies on stdout' } : ownFile(value, request);
}

function sourceDependenciesName(source: string, value: string, request: OutputOptions): Named {
  const { style } = request.host;
  if (value === '-') return { because: 'source dependencies on stdout' };
  if (hasTrailingSeparator(style, value)) return { spelled: `${value}${baseName(source, style)}.json` };
  // A name without a suffix may be that of a folder.
  if (!hasSuffix(value, style)) return { because: `/sourceDependencies may name a folder: ${value}` };
  return ownFile(value, request);
}

/** clang 14 puts the notes beside an object that /Fo names, but gets the name wrong for a folder. */
function coverageName(object: Named, byDefault: Named, { options, host }: OutputOptions): Named {
  const last = options.findLast((item) => item.row.effect.kind === 'object');
  if (!last || last.value === '') return byDefault;
  if (last.row.name === 'o' || hasTrailingSeparator(host.style, last.value) || !('spelled' in object)) {
    return { because: 'coverage notes whose name is not certain' };
  }
  return { spelled: withSuffix(object.spelled, 'gcno', host.style) };
}

function outputsOf(options: readonly OptionItem[], role: OutputRole): OptionItem[] {
  return options.filter(({ row: { effect } }) => effect.kind === 'output' && effect.role === role);
}

function isSwitch({ row: { effect } }: OptionItem): boolean {
  return effect.kind === 'output' && effect.isSwitch;
}

function isListingForm(item: OptionItem): boolean {
  return item.row.name.startsWith('FA');
}

function lastValue(items: readonly OptionItem[]): string {
  return items.at(-1)?.value ?? '';
}

function unusableName(spelled: string, { style }: CommandLineHost): string | undefined {
  if (isDevice(spelled, style)) return `output to a device: ${spelled}`;
  if (style !== 'win32') return undefined;
  if (/["<>|*?]/.test(spelled)) return `not a file name: ${spelled}`;
  if (/^[a-z]:(?![\\/])/i.test(spelled)) return `relative to the current folder of a drive: ${spelled}`;
  if (/:/.test(spelled.slice(2)) || spelled.startsWith(':')) return `not an ordinary file: ${spelled}`;
  return /[. ]$/.test(spelled) ? `Windows drops the end of the name: ${spelled}` : undefined;
}
