/** The files that clang-cl 14 writes (each was tried). */

import { hasTrailingSeparator } from '../../util/paths.ts';
import type { OutputRole } from '../compile-call.ts';
import { factsOf } from '../family.ts';
import { baseName, suffixOf, withSuffix } from '../file-name.ts';
import { languageOfSuffix } from '../languages.ts';
import type { EffectOf } from '../options/row.ts';
import type { OptionItem } from '../read/items.ts';
import {
  lastValue,
  type Named,
  nameFile,
  type OutputOptions,
  objectName,
  outputsOf,
  ownFile,
} from './output-names.ts';

/** The assembler writes nothing else, whatever the line asks of the compiler. */
const OF_ASSEMBLER: ReadonlySet<OutputRole> = new Set(['object', 'splitDebug']);

/** The role and name of each file for one source, the object first. */
export function clangClOutputs(source: string, request: OutputOptions): [OutputRole, Named][] {
  const { options, host } = request;
  const object = objectName(source, request);
  const named: [OutputRole, Named][] = [['object', object]];
  const inFolder = (suffix: string): Named => ({
    spelled: withSuffix(baseName(source, host.style), suffix, host.style),
  });
  if (request.precompiled !== undefined)
    named.push(['precompiledHeader', ownFile(request.precompiled, request)]);
  const has = (role: OutputRole): boolean => outputsOf(options, role).length > 0;

  if (has('listing') || leavesAssembly(source, request)) {
    const value = lastValue(outputsOf(options, 'listing').filter((item) => item.row.name === 'Fa'));
    const isBitcode = options.special.some((item) => /^flto(?:=|$)/.test(item.row.name));
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
  const record = outputsOf(options, 'optimizationRecord');
  if (record.length > 0) {
    const file = record.findLast((item) => !isSwitch(item));
    named.push(['optimizationRecord', file ? ownFile(file.value, request) : inFolder('opt.yaml')]);
  }
  return isForAssembler(source, request) ? named.filter(([role]) => OF_ASSEMBLER.has(role)) : named;
}

function isForAssembler(source: string, { options, host }: OutputOptions): boolean {
  const language = languageOfSuffix(factsOf(host), suffixOf(source, host.style));
  return language === 'assembler' && !options.has('language');
}

/**
 * True if the assembler's input stays as a listing of its default name: with `/Fo`, files between two steps of a compile
 * are not temporary (`GetNamedOutputPath` in clang's `Driver.cpp`).
 */
function leavesAssembly(source: string, { options, host }: OutputOptions): boolean {
  const language = languageOfSuffix(factsOf(host), suffixOf(source, host.style));
  const isBetween =
    language === 'assembler with preprocessor' ||
    (language !== 'assembler' && options.special.some(({ row }) => /^-?via-file-asm$/.test(row.name)));
  return isBetween && options.special.some(({ row }) => /^Fo:?$/.test(row.name));
}

/** `-MD` alone names the file after the source, in the current folder. `-MF` counts only together with it. */
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

/** clang 14 puts the notes beside an object that /Fo names, but gets the name wrong for a folder. */
function coverageName(object: Named, byDefault: Named, { options, host }: OutputOptions): Named {
  const last = options.last('object');
  if (!last || last.value === '') return byDefault;
  if (last.row.name === 'o' || hasTrailingSeparator(host.style, last.value) || !('spelled' in object)) {
    return { because: 'coverage notes whose name is not certain' };
  }
  return { spelled: withSuffix(object.spelled, 'gcno', host.style) };
}

function isSwitch({ row }: OptionItem<EffectOf<'output'>>): boolean {
  return row.effect.isSwitch;
}
