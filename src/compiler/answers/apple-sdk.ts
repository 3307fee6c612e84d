import type { EnvironmentPart } from '../../commandline/compile-call.ts';
import { type Environment, environmentValue } from '../../util/environment.ts';

/** Where clang reads the version of an SDK (`DarwinSDKInfo.cpp` of LLVM). */
const SETTINGS = 'SDKSettings.json';

/**
 * The settings of Apple's SDK that `SDKROOT` names, as a part of a key: for Apple's targets clang takes the version in
 * them into the object. An update of the SDK may keep the folder's name. `digestOf` gives undefined if there is no file.
 */
export function appleSdk(
  environment: Environment,
  style: 'win32' | 'posix',
  digestOf: (path: string) => string | undefined,
): EnvironmentPart[] {
  const root = environmentValue(environment, style, 'SDKROOT');
  const value = root ? digestOf(`${root}/${SETTINGS}`) : undefined;
  return value === undefined ? [] : [{ name: `${SETTINGS} of SDKROOT`, value, isFolderList: false }];
}
