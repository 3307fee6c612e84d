import { type Environment, environmentValue } from '../util/environment.ts';
import type { PathStyle } from '../util/paths.ts';

/** MSBuild's Tracker sets it, and some others that begin with `TRACKER_`, for every process of a build that it watches. */
export const TRACKER_VARIABLE = 'TRACKER_ENABLED';

/** Whether MSBuild's Tracker watches which files this process opens. */
export function isTracked(environment: Environment, style: PathStyle): boolean {
  return environmentValue(environment, style, TRACKER_VARIABLE) !== undefined;
}
