/** Put in by the bundler from package.json. Missing when clcache runs from the sources. */
declare const __CLCACHE_VERSION__: string | undefined;

export const VERSION: string = typeof __CLCACHE_VERSION__ === 'string' ? __CLCACHE_VERSION__ : '0.0.0-dev';
