/** Says under CLCACHE_LOG what was decided and why. A function, so that text is only built when someone reads it. */
export type Trace = (line: () => string) => void;

export const silent: Trace = () => {};
