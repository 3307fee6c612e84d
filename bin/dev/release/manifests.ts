/** The manifests by which Scoop and winget install the Windows archive, from one table of facts. */
import { stringify } from 'yaml';
import { type Facts, folderOf, pageOf, urlOf } from './facts.ts';

/** The archive as both package managers want to know it. */
export interface Archive {
  /** Its file name. */
  readonly file: string;
  readonly sha256: string;
  /** The script in it that gives the executable its other names. */
  readonly namesScript: string;
}

/** The newest format of winget that its public repository takes for sure. It brought nothing that is used here. */
const WINGET_FORMAT = '1.12.0';

/** Their text by their file names. The formats are those of Scoop's wiki ("App Manifests") and of winget's schemas. */
export function manifestsOf(facts: Facts, archive: Archive): Record<string, string> {
  return { [`${facts.name}.json`]: scoopManifest(facts, archive), ...wingetManifests(facts, archive) };
}

/**
 * The folder of the program itself comes to PATH. A shim of Scoop's, one more process before each call, would take longer
 * than a hit, and under its own name clcache would not know for what it is called.
 */
function scoopManifest(facts: Facts, { file, sha256, namesScript }: Archive): string {
  const folder = folderOf(facts, 'windows');
  const next = (text: string) => text.replaceAll(facts.version, '$version');
  const manifest = {
    version: facts.version,
    description: facts.description,
    homepage: facts.address,
    license: facts.license,
    notes: ['Set-up for CMake: clcache --cmake. For MSBuild and Visual Studio: clcache --msbuild.'],
    architecture: { '64bit': { url: urlOf(facts, file), hash: sha256, extract_dir: folder } },
    post_install: `& "$dir\\${namesScript}" | Out-Null`,
    env_add_path: '.',
    checkver: { github: facts.address },
    autoupdate: {
      architecture: { '64bit': { url: next(urlOf(facts, file)), extract_dir: next(folder) } },
      hash: { url: '$baseurl/SHA256SUMS' },
    },
  };
  return `${JSON.stringify(manifest, undefined, 4)}\n`;
}

function wingetManifests(facts: Facts, { file, sha256 }: Archive): Record<string, string> {
  const [owner = '', repository = ''] = facts.address.split('/').slice(-2);
  const identifier = `${owner}.${repository}`;
  const kinds = {
    version: { name: identifier, fields: { DefaultLocale: 'en-US' } },
    installer: { name: `${identifier}.installer`, fields: installerFields(facts, file, sha256) },
    defaultLocale: { name: `${identifier}.locale.en-US`, fields: localeFields(facts) },
  };
  const texts = Object.entries(kinds).map(([kind, { name, fields }]) => {
    const head = { PackageIdentifier: identifier, PackageVersion: facts.version };
    const end = { ManifestType: kind, ManifestVersion: WINGET_FORMAT };
    const schema = `https://aka.ms/winget-manifest.${kind}.${WINGET_FORMAT}.schema.json`;
    const text = stringify({ ...head, ...fields, ...end }, { lineWidth: 0 });
    return [`${name}.yaml`, `# yaml-language-server: $schema=${schema}\n\n${text}`] as const;
  });
  return Object.fromEntries(texts);
}

/** The program's folder comes to PATH, as with Scoop: through a link the files beside the program would not be found. */
const installerFields = (facts: Facts, file: string, sha256: string) => ({
  Platform: ['Windows.Desktop'],
  MinimumOSVersion: '10.0.17763.0',
  InstallerType: 'zip',
  NestedInstallerType: 'portable',
  NestedInstallerFiles: [
    {
      RelativeFilePath: `${folderOf(facts, 'windows')}\\${facts.name}.exe`,
      PortableCommandAlias: facts.name,
    },
  ],
  ArchiveBinariesDependOnPath: true,
  Commands: [facts.name],
  ReleaseDate: facts.date,
  Installers: [
    { Architecture: 'x64', InstallerUrl: urlOf(facts, file), InstallerSha256: sha256.toUpperCase() },
  ],
});

const localeFields = (facts: Facts) => ({
  PackageLocale: 'en-US',
  Publisher: facts.publisher,
  PublisherUrl: facts.address,
  PublisherSupportUrl: `${facts.address}/issues`,
  PackageName: facts.name,
  PackageUrl: facts.address,
  License: facts.license,
  LicenseUrl: `${facts.address}/blob/v${facts.version}/LICENSE`,
  ShortDescription: facts.description,
  Moniker: facts.name,
  Tags: facts.keywords.filter((word) => word !== facts.name),
  ReleaseNotesUrl: pageOf(facts),
});
