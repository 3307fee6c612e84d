/** The files that cl writes: "/Fo", "/FA, /Fa", "/FR, /Fr", "/doc" and "/sourceDependencies". */
import { absoluteFile, hasTrailingSeparator, pathRules } from '../../util/paths.ts';
import type { OutputRole } from '../compile-call.ts';
import { baseName, hasSuffix } from '../file-name.ts';
import type { OptionItem } from '../read/items.ts';
import { databaseOfObject, databaseOption, namedDatabase } from './databases.ts';
import {
  lastValue,
  type Named,
  nameFile,
  type OutputOptions,
  objectName,
  outputsOf,
  ownFile,
} from './output-names.ts';

/** The role and name of each file for one source, the object first. */
export function clOutputs(source: string, request: OutputOptions): [OutputRole, Named][] {
  const { options } = request;
  const named: [OutputRole, Named][] = [['object', objectName(source, request)]];
  if (request.precompiled !== undefined)
    named.push(['precompiledHeader', ownFile(request.precompiled, request)]);
  if (databaseOption(options)) named.push(['database', databaseName(named[0]?.[1], request)]);
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

function databaseName(object: Named | undefined, { options, host, sourceCount }: OutputOptions): Named {
  if (host.databases === 'perObject') {
    return object && 'spelled' in object ? { spelled: databaseOfObject(object.spelled) } : NO_NAME;
  }
  const name = namedDatabase(options, host);
  return name === undefined || sourceCount > 1 ? NO_NAME : { spelled: name };
}
const NO_NAME: Named = { because: 'a program database whose name is not certain' };

function sourceDependenciesName(source: string, value: string, request: OutputOptions): Named {
  const { style } = request.host;
  if (value === '-') return { because: 'source dependencies on stdout' };
  if (hasTrailingSeparator(style, value)) return { spelled: `${value}${baseName(source, style)}.json` };
  const { folderExists, workingDirectory } = request.host;
  if (folderExists(absoluteFile(style, workingDirectory, value))) {
    return { spelled: pathRules(style).join(value, `${baseName(source, style)}.json`) };
  }
  // A name without a suffix means a folder, if the folder exists when the compiler looks.
  if (!hasSuffix(value, style)) return { because: `/sourceDependencies may name a folder: ${value}` };
  return ownFile(value, request);
}

function isListingForm(item: OptionItem): boolean {
  return item.row.name.startsWith('FA');
}
