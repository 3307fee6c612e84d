/** The command line's part of a key: everything that can change an output, in canonical order. */

import type { CommandLineHost, KeyPart } from '../compile-call.ts';
import { factsOf } from '../family.ts';
import type { OptionItem } from '../read/items.ts';
import type { LineOptions } from './line-options.ts';
import type { PlannedOutput } from './outputs.ts';

/**
 * The parts that all sources of a call share. First the macros, sorted by name, with the order kept within a name,
 * because nothing else depends on the order of two names. Then the search directories in their order. Then the rest in
 * its order, because the later of two options may win.
 */
export function callKeyParts(options: LineOptions, host: CommandLineHost, hasDebugInfo: boolean): KeyPart[] {
  const macros: { name: string; part: KeyPart }[] = [];
  const facts = factsOf(host);
  const search: KeyPart[] = [];
  const others: KeyPart[] = [];
  const lastObject = options.last('object');
  for (const item of options.all) {
    const { effect } = item.row;
    const { value } = item;
    const name = facts.repeatsOptionsAsWritten ? nameAsWritten(item) : item.name;
    switch (effect.kind) {
      case 'macro':
        macros.push({ name: macroName(value), part: { text: name + value, preprocessorOnly: true } });
        break;
      case 'searchDirectory':
        // For a target that is not Windows, clang-cl warns that it does not use -imsvc or /external:env.
        search.push({
          text: name,
          path: value,
          ...(item.row.name === 'imsvc' ? {} : { preprocessorOnly: true }),
        });
        break;
      case 'searchVariable':
        search.push(
          facts.warnsOfSearchVariables
            ? { text: name + value }
            : { text: name + value, preprocessorOnly: true },
        );
        break;
      case 'noSearchVariables':
        search.push({ text: name + value, preprocessorOnly: true });
        break;
      case 'forcedInclude':
        others.push({ text: name, path: value, preprocessorOnly: true });
        break;
      case 'inputFile':
      case 'usesPrecompiled':
        others.push({ text: name, path: value });
        break;
      case 'pathText':
        others.push(...pathParts(name, value));
        break;
      case 'databaseName':
        if (facts.writesDatabaseName && hasDebugInfo) others.push({ text: '/Fd', path: value });
        break;
      case 'hash':
        others.push({
          text: spelled(item, name),
          ...(effect.preprocessorOnly && { preprocessorOnly: true }),
          ...(effect.isUnknown && { isUnknown: true }),
        });
        break;
      case 'output':
        // The outputs say which files are written. The form of a listing depends on its option alone.
        others.push({ text: effect.isSwitch ? name : `${name}=` });
        break;
      case 'debugInfo':
      case 'embedsPaths':
      case 'dependencyText':
      case 'language':
      case 'precompiledHeader':
      case 'noPrecompiledHeader':
      case 'makesPrecompiled':
      case 'backendWord':
        others.push({ text: spelled(item, name) });
        break;
      case 'parallel':
        if (facts.warnsOfParallel) others.push({ text: spelled(item, name) });
        break;
      case 'object':
        // The outputs hold the last one.
        if (facts.warnsOfOverriddenObjects && item !== lastObject) others.push({ text: name, path: value });
        break;
      case 'ignore':
      case 'compileOnly':
      case 'showIncludes':
      case 'refuse':
      case 'source':
      case 'driverWord':
      case 'frontendWord':
        break;
    }
  }
  // Debug information may hold the command line unchanged.
  if (!hasDebugInfo) {
    macros.sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
  }
  return [...macros.map(({ part }) => part), ...search, ...others];
}

/** The files that a job writes. Their names are in the key if the compiler may write them into a file. */
export function jobKeyParts(
  outputs: readonly PlannedOutput[],
  host: CommandLineHost,
  namesObject: boolean,
): KeyPart[] {
  const { mayWriteNamesOfOutputs } = factsOf(host);
  return outputs.map(({ role, spelled: path }) => {
    const isNamed = role === 'object' ? namesObject : mayWriteNamesOfOutputs || role === 'splitDebug';
    return isNamed ? { text: `output ${role}`, path } : { text: `output ${role}` };
  });
}

/** Names of outputs that no file of a job gets. clang warns of each, and says the name. */
export function unusedNames(outputs: readonly PlannedOutput[], options: LineOptions): KeyPart[] {
  return options.of('output').flatMap(({ name, value, row: { effect } }) => {
    const isUsed = effect.isSwitch || outputs.some(({ role }) => role === effect.role);
    return isUsed ? [] : { text: `unused ${name}`, path: value };
  });
}

/** An option with a separate value differs from one word. */
function spelled({ value, row: { form } }: OptionItem, name: string): string {
  return form === 'separate' ? `${name} ${value}` : name + value;
}

/** The option as it was written: `/x` or `-x`, its value attached or not. */
function nameAsWritten({ name, value, row, level, tokens }: OptionItem): string {
  const [word = ''] = tokens;
  if (level !== 'line' || word === '') return name;
  if (tokens.length > 1) return row.form === 'separate' ? word : `${word} `;
  return word.endsWith(value) ? word.slice(0, word.length - value.length) : word;
}

/** The name ends at `=`, at `#` (which cl takes for it), or at the parameters of a macro. */
function macroName(definition: string): string {
  const end = definition.search(/[=#(]/);
  return end < 0 ? definition : definition.slice(0, end);
}

/** `from=to`: `from` is a path of this machine, `to` is text. */
function pathParts(name: string, value: string): KeyPart[] {
  const equals = /(?:pathmap:|-map=)$/.test(name) ? value.indexOf('=') : -1;
  if (equals < 0) return [{ text: name, path: value }];
  return [{ text: name, path: value.slice(0, equals) }, { text: `${name} to ${value.slice(equals + 1)}` }];
}
