/** Put in by the bundler from package.json; not there when run from the sources. */
declare const __CLCACHE_VERSION__: string | undefined;

export const VERSION: string = typeof __CLCACHE_VERSION__ === 'string' ? __CLCACHE_VERSION__ : '0.0.0-dev';
