import type { CliContext } from '../context.ts';
import { isScript, shippedFile } from '../shipped-files.ts';

/** `clcache --msbuild`: prints the path of the MSBuild settings, and the lines that make a project use them. */
export function showMSBuild(context: CliContext): number {
  const props = shippedFile(context, 'msbuild/clcache.props');
  const path = props.replaceAll('&', '&amp;').replaceAll("'", '%27');
  context.stdout(`${props}

To compile all projects of a folder through clcache, its Directory.Build.props takes this line:
  <Import Project="${path}" Condition="Exists('${path}')" />
For one build, without a change to any file:
  msbuild "/p:ForceImportBeforeCppTargets=${props}" ...
`);
  if (isScript(context.self)) {
    context.stdout(`
MSBuild can only start clcache.exe, and Node.js runs this clcache: name one with the property ClcachePath.
`);
  }
  return 0;
}
