/**
 * What Scoop and winget ask of the fields that our manifests have: a part of their schemas, in our words. A field that is
 * not here is a mistake. The whole schemas are the projects' own; the workflow of a release fetches them.
 */
import { Ajv } from 'ajv';

/** Checks a manifest. Gives what is wrong with it. */
export type Check = (manifest: unknown) => readonly string[];

const text = (more: object = {}) => ({ type: 'string', minLength: 1, ...more });
const match = (pattern: string) => ({ type: 'string', pattern });
const listOf = (items: object, more: object = {}) => ({ type: 'array', items, minItems: 1, ...more });
const oneOf = (...words: string[]) => ({ enum: words });

/** An object with these fields and no other. All are there, unless they are named as optional. */
const fields = (properties: Readonly<Record<string, object>>, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

const VERSION = match('^\\d+(\\.\\d+){2}$');
const URL = match('^https://[^\\s]+$');
const SHA256 = match('^[a-fA-F0-9]{64}$');

/** Scoop's wiki, "App Manifests" and "App Manifest Autoupdate". */
const SCOOP = fields({
  version: VERSION,
  description: text(),
  homepage: URL,
  // An SPDX identifier.
  license: match('^[\\w.+-]+$'),
  notes: listOf(text()),
  architecture: fields({ '64bit': fields({ url: URL, hash: SHA256, extract_dir: text() }) }),
  post_install: text(),
  env_add_path: text(),
  checkver: fields({ github: URL }),
  autoupdate: fields({
    architecture: fields({ '64bit': fields({ url: match('\\$version'), extract_dir: match('\\$version') }) }),
    hash: fields({ url: match('^\\$baseurl/') }),
  }),
});

/** winget's page "Create your package manifest", and the limits that it names. */
const WINGET_HEAD = {
  PackageIdentifier: match('^[^.\\s\\\\/:*?"<>|]{1,32}(\\.[^.\\s\\\\/:*?"<>|]{1,32}){1,7}$'),
  PackageVersion: VERSION,
  ManifestVersion: oneOf('1.12.0'),
};

const WINGET = {
  version: fields({ ...WINGET_HEAD, DefaultLocale: oneOf('en-US'), ManifestType: oneOf('version') }),
  installer: fields({
    ...WINGET_HEAD,
    Platform: listOf(oneOf('Windows.Desktop', 'Windows.Universal')),
    MinimumOSVersion: match('^\\d+(\\.\\d+){0,3}$'),
    InstallerType: oneOf('zip'),
    NestedInstallerType: oneOf('portable'),
    NestedInstallerFiles: listOf(
      fields({
        RelativeFilePath: text({ maxLength: 512, pattern: '^[^/:]+$' }),
        PortableCommandAlias: text({ maxLength: 40 }),
      }),
    ),
    ArchiveBinariesDependOnPath: { type: 'boolean' },
    Commands: listOf(text({ maxLength: 40 }), { maxItems: 16, uniqueItems: true }),
    ReleaseDate: match('^\\d{4}-\\d{2}-\\d{2}$'),
    Installers: listOf(
      fields({
        Architecture: oneOf('x86', 'x64', 'arm', 'arm64', 'neutral'),
        InstallerUrl: URL,
        InstallerSha256: SHA256,
      }),
    ),
    ManifestType: oneOf('installer'),
  }),
  defaultLocale: fields({
    ...WINGET_HEAD,
    PackageLocale: oneOf('en-US'),
    Publisher: text({ minLength: 2, maxLength: 256 }),
    PublisherUrl: URL,
    PublisherSupportUrl: URL,
    PackageName: text({ minLength: 2, maxLength: 256 }),
    PackageUrl: URL,
    License: text({ minLength: 3, maxLength: 512 }),
    LicenseUrl: URL,
    ShortDescription: text({ minLength: 3, maxLength: 256 }),
    Moniker: text({ maxLength: 40 }),
    Tags: listOf(text({ maxLength: 40 }), { maxItems: 16, uniqueItems: true }),
    ReleaseNotesUrl: URL,
    ManifestType: oneOf('defaultLocale'),
  }),
};

/** The rules by the name of a manifest's kind: `scoop`, or winget's `ManifestType`. */
export const RULES: Readonly<Record<string, object>> = { scoop: SCOOP, ...WINGET };

/** A check by a JSON schema, ours or a project's own. */
export function checkBy(schema: object): Check {
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addFormat('uri', (word: string) => globalThis.URL.canParse(word));
  ajv.addFormat('regex', true);
  ajv.addFormat('long', { type: 'number', validate: Number.isInteger });
  ajv.addFormat('date', (word: string) => !Number.isNaN(Date.parse(word)));
  const validate = ajv.compile(schema);
  return (manifest) =>
    validate(manifest) ? [] : (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message}`);
}
