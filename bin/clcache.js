#!/usr/bin/env node
// Starts the bundle. Node keeps the compiled code of it (22 and later), which a process that lives milliseconds notices.
import module, { createRequire } from 'node:module';

module.enableCompileCache?.();
createRequire(import.meta.url)('../dist/clcache.cjs');
